//! Cases of LIST_GRANTS: who trusts whom.

use bancada_wire::status::Status;

use super::Case;
use super::say::{create_user, delete_user, grant};
use crate::scenario::Call;
use crate::scenario::number::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("trusters and trustees are listed", "vendor header dinamo.h, DListUserTrusts")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .ok(0, create_user("bob2", "Passw0rd", 0))
            .ok(0, grant("alice", ACL_OBJ_READ | ACL_OBJ_CREATE))
            .ok(0, grant("bob2", ACL_OBJ_READ))
            .master()
            .ok(1, trusts("", TRUSTEES))
            .ok(1, trusts("", TRUSTERS))
            .open(2, "alice", "Passw0rd")
            .ok(2, trusts("", TRUSTERS))
            .ok(2, trusts("", TRUSTEES))
            .ok(0, grant("alice", 0))
            .ok(2, trusts("", TRUSTERS))
            .ok(0, delete_user("bob2"))
            .ok(1, trusts("", TRUSTEES)),
        Case::new("about others it takes the permission to list users", "docs/device.md §4")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .open(1, "alice", "Passw0rd")
            .fails(1, trusts("master", TRUSTERS), Status::ERR_ACCESS_DENIED)
            .ok(0, trusts("alice", TRUSTERS))
            .fails(0, trusts("nobody", TRUSTERS), Status::ERR_USR_NOT_FOUND),
        Case::new("there are two directions", "vendor header dinamo.h, OP_LST_USR_TRUSTERS").master().fails(
            1,
            trusts("", 3),
            Status::ERR_INVALID_PAYLOAD,
        ),
    ]
}

fn trusts(user: &str, direction: u8) -> Call {
    Call::ListGrants { user: user.to_owned(), direction }
}
