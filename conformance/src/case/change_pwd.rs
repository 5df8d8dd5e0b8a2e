//! Cases of CHANGE_PWD: changing the own password.

use bancada_wire::status::Status;

use super::say::{change_password, create_user};
use super::{Case, password_login};
use crate::scenario::{Call, Policy};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "the new password counts at once, the old no longer",
            "npm hsm-dinamo 4.9.1, User.changePassword",
        )
        .aide()
        .ok(0, create_user("alice", "Passw0rd", 0))
        .open(1, "alice", "Passw0rd")
        .ok(1, change_password("n3w-Password"))
        .close(1)
        .refused(2, password_login("alice", "Passw0rd"), Status::ERR_ACCESS_DENIED)
        .open(2, "alice", "n3w-Password"),
        Case::new("the current password is no new one", "docs/device.md §4")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .open(1, "alice", "Passw0rd")
            .fails(1, change_password("Passw0rd"), Status::ERR_PWD_BLOCKED_BY_POLICY)
            .ok(1, change_password("n3w-Password")),
        Case::new(
            "earlier passwords are refused as far as the policy looks back",
            "vendor header dinamo.h, PWD_SEC_POLICY",
        )
        .aide()
        .ok(0, Call::SetPolicy { policy: Policy { history: 2, ..Policy::default() } })
        .ok(0, create_user("alice", "Passw0rd1", 0))
        .open(1, "alice", "Passw0rd1")
        .ok(1, change_password("Passw0rd2"))
        .ok(1, change_password("Passw0rd3"))
        .fails(1, change_password("Passw0rd1"), Status::ERR_PWD_BLOCKED_BY_POLICY)
        .ok(1, change_password("Passw0rd4"))
        .ok(1, change_password("Passw0rd1")),
        Case::new(
            "the policy's classes of characters are asked for",
            "vendor header dinamo.h, PWD_SEC_POLICY",
        )
        .aide()
        .ok(
            0,
            Call::SetPolicy {
                policy: Policy {
                    min_length: 10,
                    min_special: 1,
                    min_upper: 2,
                    min_lower: 2,
                    ..Policy::default()
                },
            },
        )
        .ok(0, create_user("alice", "Long-ENough", 0))
        .open(1, "alice", "Long-ENough")
        .fails(1, change_password("Sh-ORt-one"[..9].as_ref()), Status::ERR_PWD_BLOCKED_BY_POLICY)
        .fails(1, change_password("LONGENoughh"), Status::ERR_PWD_BLOCKED_BY_POLICY)
        .fails(1, change_password("long-Enough"), Status::ERR_PWD_BLOCKED_BY_POLICY)
        .fails(1, change_password("LONG-ENOUGh"), Status::ERR_PWD_BLOCKED_BY_POLICY)
        .ok(1, change_password("Quite-LONG1")),
    ]
}
