//! Cases of GET_PWD_POLICY: reading the password policy.

use super::Case;
use super::say::create_user;
use crate::scenario::Call;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "the factory policy",
            "vendor docs, Users: 7 wrong logins, 8 characters; docs/device.md §4",
        )
        .master()
        .ok(1, Call::GetPolicy),
        Case::new("every user may read it", "docs/device.md §1")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .open(1, "alice", "Passw0rd")
            .ok(1, Call::GetPolicy),
    ]
}
