//! Cases of KEK_WRAP_OBJ: keys under a key.

use bancada_wire::status::Status;

use super::Case;
use super::say::{create_key, export, import, rsa_sign};
use crate::scenario::material::{Known, symmetric};
use crate::scenario::number::*;
use crate::scenario::{Call, Data};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "a key wrapped under another comes back the same",
            "npm hsm-dinamo 4.9.1, Key.exportKekWrap and Key.importKekWrap",
        )
        .harmless()
        .master()
        .ok(1, create_key("kek", AES_256, 0))
        .ok(1, import("key", AES_128, symmetric(16, 3)))
        .keep(1, wrap(CBC, PKCS5, "key"), 1)
        .ok(1, unwrap(CBC, PKCS5, "copy", AES_128, EXPORTABLE))
        .gives(1, export("copy"), &symmetric(16, 3)),
        Case::new("ECB without padding is the block cipher itself", "FIPS 197, appendix C.3")
            .master()
            .ok(1, import("kek", AES_256, (0..32).collect::<Vec<u8>>()))
            .ok(1, import("key", AES_128, super::say::hex("00112233445566778899aabbccddeeff")))
            .gives(1, wrap(ECB, NO_PADDING, "key"), &super::say::hex("8ea2b7ca516745bfeafc49904b496089")),
        Case::new("a private key travels the same way", "npm hsm-dinamo 4.9.1, Key.exportKekWrap")
            .master()
            .ok(1, create_key("kek", AES_256, 0))
            .ok(1, import("key", RSA_2048, Known::Rsa2048.material()))
            .keep(1, wrap(CBC, PKCS5, "key"), 1)
            .ok(1, unwrap(CBC, PKCS5, "copy", RSA_2048, EXPORTABLE))
            .ok(1, rsa_sign("copy", RSA_PKCS1, SHA256, vec![1; 32])),
        Case::new("a key does not leave under a weaker one", "vendor docs, Export; docs/device.md §5")
            .master()
            .ok(1, create_key("kek", AES_128, 0))
            .ok(1, create_key("strong", AES_256, EXPORTABLE))
            .fails(1, wrap(CBC, PKCS5, "strong"), Status::ERR_INVALID_KEY)
            .ok(1, import("p521", SECP521R1, Known::P521.material()))
            .fails(1, wrap(CBC, PKCS5, "p521"), Status::ERR_INVALID_KEY)
            .ok(1, create_key("equal", AES_128, EXPORTABLE))
            .ok(1, wrap(CBC, PKCS5, "equal"))
            .ok(1, import("rsa", RSA_2048, Known::Rsa2048.material()))
            .ok(1, wrap(CBC, PKCS5, "rsa")),
        Case::new("nor does one come in under a weaker one", "vendor docs, Import; docs/device.md §5")
            .master()
            .ok(1, create_key("kek", AES_128, 0))
            .fails(1, unwrap_bytes("strong", AES_256, symmetric(32, 9)), Status::ERR_INVALID_KEY)
            .ok(1, unwrap_bytes("equal", AES_128, symmetric(16, 9))),
        Case::new(
            "a key that is not exportable stays, and another kind of key wraps nothing",
            "docs/device.md §5",
        )
        .master()
        .ok(1, create_key("kek", AES_256, 0))
        .ok(1, create_key("closed", AES_128, 0))
        .fails(1, wrap(ECB, PKCS5, "closed"), Status::ERR_OBJ_NOT_EXPORTABLE)
        .ok(1, create_key("key", AES_128, EXPORTABLE))
        .ok(1, create_key("hmac", HMAC_SHA256, 0))
        .fails(
            1,
            Call::KekExport {
                mode: ECB,
                padding: PKCS5,
                iv: Vec::new(),
                kek: "hmac".into(),
                name: "key".into(),
            },
            Status::ERR_INVALID_KEY,
        ),
    ]
}

fn vector(mode: u8) -> Vec<u8> {
    if mode == CBC { vec![0x42; 16] } else { Vec::new() }
}

fn wrap(mode: u8, padding: u8, name: &str) -> Call {
    Call::KekExport { mode, padding, iv: vector(mode), kek: "kek".into(), name: name.into() }
}

fn unwrap(mode: u8, padding: u8, name: &str, algorithm: u32, attributes: u32) -> Call {
    Call::KekImport {
        mode,
        padding,
        iv: vector(mode),
        kek: "kek".into(),
        name: name.into(),
        algorithm,
        attributes,
        data: Data::slot(1),
    }
}

/// Imports one or more blocks as if they had been wrapped: whatever they decrypt to is a symmetric key.
fn unwrap_bytes(name: &str, algorithm: u32, bytes: Vec<u8>) -> Call {
    Call::KekImport {
        mode: ECB,
        padding: NO_PADDING,
        iv: Vec::new(),
        kek: "kek".into(),
        name: name.into(),
        algorithm,
        attributes: EXPORTABLE,
        data: Data::Bytes(bytes),
    }
}
