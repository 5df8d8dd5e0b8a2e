//! Cases of GRANT: letting others into the own partition.

use bancada_wire::status::Status;

use super::Case;
use super::say::{create_key, create_user, ecc_sign, export, grant, import, list, public};
use crate::scenario::material::Known;
use crate::scenario::number::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("permission to read lets another user use a key", "vendor docs, Partition permissions")
            .aide()
            .ok(0, import("p256", SECP256R1, Known::P256.material()))
            .ok(0, create_user("alice", "Passw0rd", 0))
            .open(1, "alice", "Passw0rd")
            .fails(1, ecc_sign("master/p256", SHA256, vec![1; 32]), Status::ERR_CANNOT_OPEN_OBJ)
            .ok(0, grant("alice", ACL_OBJ_READ))
            .ok(1, ecc_sign("master/p256", SHA256, vec![1; 32]))
            .ok(1, public("master/p256"))
            .ok(1, export("master/p256"))
            .ok(0, grant("alice", 0))
            .fails(1, ecc_sign("master/p256", SHA256, vec![1; 32]), Status::ERR_CANNOT_OPEN_OBJ),
        Case::new(
            "permission to create lets it make objects there",
            "vendor docs, Partition permissions: create includes read",
        )
        .aide()
        .ok(0, create_user("alice", "Passw0rd", 0))
        .open(1, "alice", "Passw0rd")
        .fails(1, create_key("master/key", AES_128, 0), Status::ERR_ACCESS_DENIED)
        .ok(0, grant("alice", ACL_OBJ_CREATE))
        .ok(1, create_key("master/key", AES_128, EXPORTABLE))
        .ok(1, export("master/key"))
        .ok(0, list()),
        Case::new("a temporary key stays in its user's own partition", "docs/device.md §5")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .ok(0, grant("alice", 0xF))
            .open(1, "alice", "Passw0rd")
            .fails(1, create_key("master/key", AES_128, TEMPORARY), Status::ERR_INVALID_OBJ_NAME),
        Case::new(
            "permissions do not pass on and not back",
            "vendor docs, Partition permissions: not transitive, not symmetric",
        )
        .aide()
        .ok(0, create_user("alice", "Passw0rd", 0))
        .ok(0, create_user("bob2", "Passw0rd", 0))
        .ok(0, grant("alice", ACL_OBJ_READ))
        .ok(0, create_key("key", AES_128, EXPORTABLE))
        .open(1, "alice", "Passw0rd")
        .ok(1, create_key("mine", AES_128, EXPORTABLE))
        .ok(1, grant("bob2", ACL_OBJ_READ))
        .open(2, "bob2", "Passw0rd")
        .ok(2, export("alice/mine"))
        .fails(2, export("master/key"), Status::ERR_CANNOT_OPEN_OBJ)
        .fails(0, export("alice/mine"), Status::ERR_CANNOT_OPEN_OBJ),
        Case::new("only object permissions, only to others there are", "docs/device.md §4")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .fails(0, grant("alice", ACL_USR_LIST), Status::ERR_INVALID_PAYLOAD)
            .fails(0, grant("master", ACL_OBJ_READ), Status::ERR_INVALID_PAYLOAD)
            .fails(0, grant("nobody", ACL_OBJ_READ), Status::ERR_USR_NOT_FOUND),
    ]
}
