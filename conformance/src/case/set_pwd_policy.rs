//! Cases of SET_PWD_POLICY: setting the password policy.

use bancada_wire::status::Status;

use super::say::{change_password, create_user};
use super::{Case, password_login};
use crate::scenario::{Call, Policy};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "the number of wrong logins that block can be set",
            "vendor header dinamo.h, PWD_SEC_POLICY.bMaxInvalidLogins",
        )
        .aide()
        .ok(0, set(Policy { max_invalid_logins: 2, ..Policy::default() }))
        .ok(0, Call::GetPolicy)
        .ok(0, create_user("alice", "Passw0rd", 0))
        .refused(1, password_login("alice", "wrong-word"), Status::ERR_ACCESS_DENIED)
        .refused(1, password_login("alice", "wrong-word"), Status::ERR_ACCESS_DENIED)
        .refused(1, password_login("alice", "Passw0rd"), Status::ERR_ACCESS_DENIED_USR_BLOCKED),
        Case::new("passwords can be made to expire", "vendor header dinamo.h, PWD_SEC_POLICY.bExpiration")
            .aide()
            .ok(0, set(Policy { expiration_days: 30, ..Policy::default() }))
            .ok(0, create_user("alice", "Passw0rd", 0))
            .open(1, "alice", "Passw0rd")
            .advance(29 * 86_400)
            .open(2, "alice", "Passw0rd")
            .advance(2 * 86_400)
            .refused(3, password_login("alice", "Passw0rd"), Status::ERR_PWD_EXPIRED)
            .ok(3, change_password("n3w-Password"))
            .ok(3, Call::UserInfo { user: String::new() })
            .open(4, "alice", "n3w-Password"),
        Case::new("a policy no password can keep is refused", "docs/device.md §4")
            .master()
            .fails(1, set(Policy { min_length: 17, ..Policy::default() }), Status::ERR_INVALID_PAYLOAD)
            .fails(
                1,
                set(Policy { min_special: 6, min_upper: 6, min_lower: 5, ..Policy::default() }),
                Status::ERR_INVALID_PAYLOAD,
            )
            .ok(1, Call::GetPolicy),
        Case::new("only an operator", "docs/device.md §1")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .open(1, "alice", "Passw0rd")
            .fails(1, set(Policy::default()), Status::ERR_ACCESS_DENIED),
    ]
}

fn set(policy: Policy) -> Call {
    Call::SetPolicy { policy }
}
