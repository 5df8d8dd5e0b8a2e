//! Cases of LOG_READ: reading the audit log.

use bancada_wire::status::Status;

use super::Case;
use super::say::create_user;
use crate::scenario::Call;
use crate::scenario::number::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("lines have the documented form and count up", "vendor docs, Log")
            .master()
            .ok(1, Call::LogRead { start: 0, max: 1024 })
            .ok(1, Call::LogRead { start: 0, max: 2 }),
        Case::new("who may read it has the permission", "vendor header dinamo.h, ACL_USR_REMOTE_LOG")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", ACL_USR_REMOTE_LOG))
            .ok(0, create_user("bob2", "Passw0rd", ACL_USR_LIST))
            .open(1, "alice", "Passw0rd")
            .ok(1, Call::LogRead { start: 0, max: 10 })
            .open(2, "bob2", "Passw0rd")
            .fails(2, Call::LogRead { start: 0, max: 10 }, Status::ERR_ACCESS_DENIED),
        Case::new("one to 1024 lines at a time", "docs/device.md §8")
            .master()
            .fails(1, Call::LogRead { start: 0, max: 0 }, Status::ERR_INVALID_PAYLOAD)
            .fails(1, Call::LogRead { start: 0, max: 1025 }, Status::ERR_INVALID_PAYLOAD),
    ]
}
