//! Cases of RESET_PASSWORD: giving another user a password.

use bancada_wire::status::Status;

use super::say::{block_user, create_user, user_info};
use super::{Case, password_login};
use crate::scenario::Call;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("the new password counts, the old no longer", "vendor header dinamo.h, UP_USR_PASSWORD")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .ok(0, reset("alice", "n3w-Password"))
            .refused(1, password_login("alice", "Passw0rd"), Status::ERR_ACCESS_DENIED)
            .open(1, "alice", "n3w-Password"),
        Case::new("it does not unblock, but sets the count back", "docs/device.md §4")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .refused(1, password_login("alice", "wrong-word"), Status::ERR_ACCESS_DENIED)
            .ok(0, block_user("alice", true))
            .ok(0, reset("alice", "n3w-Password"))
            .ok(0, user_info("alice"))
            .refused(1, password_login("alice", "n3w-Password"), Status::ERR_ACCESS_DENIED_USR_BLOCKED),
        Case::new("the policy counts here too", "docs/device.md §4")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .fails(0, reset("alice", "short"), Status::ERR_PWD_BLOCKED_BY_POLICY)
            .fails(0, reset("alice", "Passw0rd"), Status::ERR_PWD_BLOCKED_BY_POLICY)
            .fails(0, reset("nobody", "n3w-Password"), Status::ERR_USR_NOT_FOUND),
        Case::new("only an operator", "docs/device.md §1")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .open(1, "alice", "Passw0rd")
            .fails(1, reset("master", "n3w-Password"), Status::ERR_ACCESS_DENIED),
    ]
}

fn reset(user: &str, password: &str) -> Call {
    Call::ResetPassword { user: user.to_owned(), password: password.to_owned() }
}
