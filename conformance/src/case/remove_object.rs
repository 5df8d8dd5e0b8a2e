//! Cases of REMOVE_OBJECT: removing objects.

use bancada_wire::status::Status;

use super::Case;
use super::say::{block, create_key, create_user, grant, info, list, remove};
use crate::scenario::number::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("a removed object is gone", "vendor header dinamo.h, DRemoveObj")
            .harmless()
            .master()
            .ok(1, create_key("key", AES_128, 0))
            .ok(1, remove("key"))
            .fails(1, remove("key"), Status::ERR_CANNOT_OPEN_OBJ)
            .fails(1, info("key"), Status::ERR_CANNOT_OPEN_OBJ)
            .ok(1, create_key("key", AES_256, 0)),
        Case::new("a blocked object is not removed", "docs/device.md §5")
            .master()
            .ok(1, create_key("key", AES_128, 0))
            .ok(1, block("key", true))
            .fails(1, remove("key"), Status::ERR_ACCESS_DENIED_OBJ_BLOCKED)
            .ok(1, block("key", false))
            .ok(1, remove("key"))
            .ok(1, list()),
        Case::new(
            "in another partition it takes the permission to remove",
            "vendor docs, Partition permissions",
        )
        .aide()
        .ok(0, create_key("key", AES_128, 0))
        .ok(0, create_user("alice", "Passw0rd", 0))
        .open(1, "alice", "Passw0rd")
        .fails(1, remove("master/key"), Status::ERR_CANNOT_OPEN_OBJ)
        .ok(0, grant("alice", ACL_OBJ_READ | ACL_OBJ_UPDATE))
        .fails(1, remove("master/key"), Status::ERR_ACCESS_DENIED)
        .ok(0, grant("alice", ACL_OBJ_DEL))
        .ok(1, info("master/key"))
        .ok(1, remove("master/key"))
        .ok(0, list()),
    ]
}
