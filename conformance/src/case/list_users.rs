//! Cases of LIST_USERS: listing users.

use bancada_wire::status::Status;

use super::Case;
use super::say::{block_user, create_user};
use crate::scenario::Call;
use crate::scenario::number::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("users come in order of name with their state", "vendor header dinamo.h, DListUsers")
            .aide()
            .master()
            .ok(1, users("", 1024))
            .ok(0, create_user("zoe", "Passw0rd", ACL_USR_LIST))
            .ok(0, create_user("Alice", "Passw0rd", ACL_CHANGE_PWD_NEXT_TIME))
            .ok(0, block_user("zoe", true))
            .ok(1, users("", 1024))
            .ok(1, users("", 1))
            .ok(1, users("Alice", 1)),
        Case::new("it takes the permission", "vendor header dinamo.h, ACL_USR_LIST")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", ACL_USR_CREATE))
            .open(1, "alice", "Passw0rd")
            .fails(1, users("", 10), Status::ERR_ACCESS_DENIED),
        Case::new("one to 1024 at a time", "docs/device.md §6").master().fails(
            1,
            users("", 0),
            Status::ERR_INVALID_PAYLOAD,
        ),
    ]
}

fn users(after: &str, max: u32) -> Call {
    Call::ListUsers { after: after.to_owned(), max }
}
