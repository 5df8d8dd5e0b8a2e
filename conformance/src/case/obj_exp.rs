//! Cases of OBJ_EXP: exporting objects in clear.

use bancada_wire::status::Status;

use super::Case;
use super::say::{block, create_key, export, import};
use crate::scenario::Call;
use crate::scenario::material::symmetric;
use crate::scenario::number::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("only an exportable key is exported", "vendor header dinamo.h, EXPORTABLE_KEY")
            .harmless()
            .master()
            .ok(1, create_key("open", AES_128, EXPORTABLE))
            .ok(1, export("open"))
            .ok(1, create_key("closed", AES_128, 0))
            .fails(1, export("closed"), Status::ERR_OBJ_NOT_EXPORTABLE),
        Case::new("what is not there cannot be exported", "docs/device.md §5")
            .master()
            .fails(1, export("nothing"), Status::ERR_CANNOT_OPEN_OBJ)
            .fails(1, export("nobody/nothing"), Status::ERR_CANNOT_OPEN_OBJ),
        Case::new("a blocked key is not exported", "docs/device.md §5")
            .aide()
            .master()
            .ok(1, create_key("key", AES_128, EXPORTABLE))
            .ok(0, block("key", true))
            .fails(1, export("key"), Status::ERR_ACCESS_DENIED_OBJ_BLOCKED),
        Case::new("raw bytes are asked for by a flag", "npm hsm-dinamo 4.9.1, MOD_CORE_ATTR_RAW")
            .master()
            .ok(1, import("aes", AES_128, symmetric(16, 1)))
            .gives(1, Call::ExportObject { name: "aes".into(), raw: true }, &symmetric(16, 1)),
        Case::new(
            "keys of every kind leave in clear when they may",
            "vendor header dinamo.h, PRIVATEKEY_BLOB",
        )
        .master()
        .ok(1, create_key("p256", SECP256R1, EXPORTABLE))
        .ok(1, export("p256"))
        .ok(1, create_key("ed", ED25519, EXPORTABLE))
        .ok(1, export("ed"))
        .ok(1, create_key("hmac", HMAC_SHA512, EXPORTABLE))
        .ok(1, export("hmac")),
    ]
}
