//! Cases of CREATE_KEY: making keys.

use bancada_wire::status::Status;

use super::Case;
use super::say::{create_key, export, info, list};
use crate::scenario::number::*;

pub(super) fn cases() -> Vec<Case> {
    [making(), refused(), brief()].concat()
}

/// Keys that are made.
fn making() -> Vec<Case> {
    vec![
        Case::new("keys of every kind are made", "npm hsm-dinamo 4.9.1, Key.create")
            .harmless()
            .master()
            .ok(1, create_key("aes", AES_256, EXPORTABLE))
            .ok(1, create_key("des3", DES3_168, 0))
            .ok(1, create_key("hmac", HMAC_SHA256, 0))
            .ok(1, create_key("rsa", RSA_2048, 0))
            .ok(1, create_key("p256", SECP256R1, 0))
            .ok(1, create_key("k256", SECP256K1, 0))
            .ok(1, create_key("ed", ED25519, 0))
            .ok(1, create_key("x", X25519, 0))
            .close(1),
        Case::new(
            "a key that is made is listed with its algorithm and attributes",
            "vendor header dinamo.h, DListObjs",
        )
        .aide()
        .master()
        .ok(1, create_key("first", AES_128, EXPORTABLE))
        .ok(1, create_key("second", SECP521R1, 0))
        .ok(0, list())
        .ok(0, info("second")),
    ]
}

/// Keys that are refused.
fn refused() -> Vec<Case> {
    vec![
        Case::new("a name that is taken is refused", "vendor header dinamo.h, D_ERR_OBJ_ALREADY_EXISTS")
            .master()
            .ok(1, create_key("twice", AES_128, 0))
            .fails(1, create_key("twice", AES_256, 0), Status::ERR_OBJ_ALREADY_EXISTS),
        Case::new(
            "names have at most 32 letters, digits and underscores",
            "vendor docs, Partitions and objects",
        )
        .master()
        .ok(1, create_key("a_name_of_thirty_two_characters0", AES_128, 0))
        .fails(1, create_key("a_name_of_thirty_three_characters", AES_128, 0), Status::ERR_INVALID_OBJ_NAME)
        .fails(1, create_key("with-dash", AES_128, 0), Status::ERR_INVALID_OBJ_NAME)
        .fails(1, create_key("with space", AES_128, 0), Status::ERR_INVALID_OBJ_NAME)
        .fails(1, create_key("master/", AES_128, 0), Status::ERR_INVALID_OBJ_NAME),
        Case::new("names tell upper case from lower case", "vendor docs, Partitions and objects")
            .master()
            .ok(1, create_key("Name", AES_128, 0))
            .ok(1, create_key("name", AES_256, 0)),
        Case::new("an algorithm nobody published and one that is not simulated", "docs/device.md §5")
            .master()
            .fails(1, create_key("k", NO_ALGORITHM, 0), Status::ERR_CANNOT_CREATE_UNKNOWN_OBJ)
            .fails(1, create_key("k", ED448, 0), Status::ERR_NOT_IMPLEMENTED),
        Case::new("attributes beyond the published ones are refused", "docs/device.md §5").master().fails(
            1,
            create_key("k", AES_128, NO_ATTRIBUTE),
            Status::ERR_INVALID_PAYLOAD,
        ),
    ]
}

/// Keys that die with their session.
fn brief() -> Vec<Case> {
    vec![
        Case::new(
            "a temporary key may have a name and dies with its session",
            "npm hsm-dinamo 4.9.1, Key.create",
        )
        .aide()
        .master()
        .ok(1, create_key("brief", AES_128, TEMPORARY | EXPORTABLE))
        .ok(1, export("brief"))
        .fails(0, export("brief"), Status::ERR_CANNOT_OPEN_OBJ)
        .close(1)
        .open(2, "master", "12345678")
        .fails(2, export("brief"), Status::ERR_CANNOT_OPEN_OBJ),
        Case::new("the unnamed temporary key is replaced by the next", "docs/device.md §5")
            .master()
            .ok(1, create_key("", AES_128, TEMPORARY | EXPORTABLE))
            .ok(1, export(""))
            .ok(1, create_key("", AES_256, TEMPORARY))
            .fails(1, export(""), Status::ERR_OBJ_NOT_EXPORTABLE)
            .fails(1, create_key("", AES_128, 0), Status::ERR_INVALID_OBJ_NAME),
    ]
}
