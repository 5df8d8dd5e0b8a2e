//! Cases of BLOCK_OBJECT: blocking objects.

use bancada_wire::status::Status;

use super::Case;
use super::say::{block, create_key, create_user, ecc_sign, grant, info, list};
use crate::scenario::number::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "a blocked key does nothing until it is unblocked",
            "vendor header dinamo.h, D_ERR_ACCESS_DENIED_OBJ_BLOCKED",
        )
        .aide()
        .master()
        .ok(1, create_key("p256", SECP256R1, 0))
        .ok(0, block("p256", true))
        .fails(1, ecc_sign("p256", SHA256, vec![1; 32]), Status::ERR_ACCESS_DENIED_OBJ_BLOCKED)
        .ok(0, list())
        .ok(0, info("p256"))
        .ok(0, block("p256", false))
        .ok(1, ecc_sign("p256", SHA256, vec![1; 32])),
        Case::new("a temporary key is not blocked", "docs/device.md §5")
            .master()
            .ok(1, create_key("brief", AES_128, TEMPORARY))
            .fails(1, block("brief", true), Status::ERR_INVALID_OPERATION),
        Case::new(
            "in another partition it takes the permission to update",
            "vendor docs, Partition permissions",
        )
        .aide()
        .ok(0, create_key("key", AES_128, 0))
        .ok(0, create_user("alice", "Passw0rd", 0))
        .ok(0, grant("alice", ACL_OBJ_READ))
        .open(1, "alice", "Passw0rd")
        .fails(1, block("master/key", true), Status::ERR_ACCESS_DENIED)
        .ok(0, grant("alice", ACL_OBJ_READ | ACL_OBJ_UPDATE))
        .ok(1, block("master/key", true))
        .ok(0, info("key")),
    ]
}
