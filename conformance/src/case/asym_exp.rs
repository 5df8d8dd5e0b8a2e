//! Cases of ASYM_EXP: exporting public keys.

use bancada_wire::status::Status;

use super::Case;
use super::say::{create_key, import, public};
use crate::scenario::Call;
use crate::scenario::material::Known;
use crate::scenario::number::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "public keys come as SubjectPublicKeyInfo",
            "npm hsm-dinamo 4.9.1, Key.exportAsymmetricPub with x509",
        )
        .harmless()
        .master()
        .ok(1, import("rsa", RSA_2048, Known::Rsa2048.material()))
        .ok(1, public("rsa"))
        .ok(1, create_key("p384", SECP384R1, 0))
        .ok(1, public("p384"))
        .ok(1, create_key("ed", ED25519, 0))
        .ok(1, public("ed")),
        Case::new("without x509 an RSA key comes as PKCS#1", "vendor header dinamo.h, PUBLICKEY_BLOB")
            .master()
            .ok(1, import("rsa", RSA_2048, Known::Rsa2048.material()))
            .ok(1, Call::ExportPublic { name: "rsa".to_owned(), x509: false }),
        Case::new("a key that is not exportable has a public key all the same", "docs/device.md §5")
            .master()
            .ok(1, create_key("p256", SECP256R1, 0))
            .keep(1, public("p256"), 1)
            .ok(1, public("p256")),
        Case::new("a symmetric key has none", "docs/device.md §5")
            .master()
            .ok(1, create_key("aes", AES_128, EXPORTABLE))
            .fails(1, public("aes"), Status::ERR_INVALID_KEY)
            .fails(1, public("nothing"), Status::ERR_CANNOT_OPEN_OBJ),
    ]
}
