//! Cases of LOG_TRUNCATE: emptying the audit log.

use bancada_wire::status::Status;

use super::Case;
use super::say::create_user;
use crate::scenario::Call;
use crate::scenario::number::ACL_USR_REMOTE_LOG;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("an operator empties the log, and an entry tells of it", "vendor docs, Log: truncation")
            .master()
            .ok(1, Call::LogTruncate)
            .ok(1, Call::LogRead { start: 0, max: 1024 }),
        Case::new("reading the log is not emptying it", "docs/device.md §1")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", ACL_USR_REMOTE_LOG))
            .open(1, "alice", "Passw0rd")
            .fails(1, Call::LogTruncate, Status::ERR_ACCESS_DENIED),
    ]
}
