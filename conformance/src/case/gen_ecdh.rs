//! Cases of GEN_ECDH: agreeing on a secret.

use bancada_wire::status::Status;

use super::Case;
use super::say::{create_key, public};
use crate::scenario::number::*;
use crate::scenario::{Call, Data};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("both sides agree, on every curve", "vendor header dinamo.h, DGenEcdhKey")
            .harmless()
            .master()
            .ok(1, create_key("a", SECP256R1, 0))
            .ok(1, create_key("b", SECP256R1, 0))
            .keep(1, public("a"), 1)
            .keep(1, public("b"), 2)
            .keep(1, agree("a", KDF_RAW, 0, &[], 2), 3)
            .ok(1, agree("b", KDF_RAW, 0, &[], 1))
            .keep(1, agree("a", KDF_X963_SHA256, 48, b"info", 2), 4)
            .ok(1, agree("b", KDF_X963_SHA256, 48, b"info", 1))
            .ok(1, create_key("c", X25519, 0))
            .ok(1, create_key("d", X25519, 0))
            .keep(1, public("c"), 5)
            .keep(1, public("d"), 6)
            .keep(1, agree("c", KDF_RAW, 0, &[], 6), 7)
            .ok(1, agree("d", KDF_RAW, 0, &[], 5)),
        Case::new("an unknown derivation is refused", "docs/device.md §6")
            .master()
            .ok(1, create_key("a", SECP256R1, 0))
            .keep(1, public("a"), 1)
            .fails(1, agree("a", 9, 0, &[], 1), Status::ERR_INVALID_PAYLOAD),
        Case::new("a key that only signs agrees on nothing", "docs/device.md §5")
            .master()
            .ok(1, create_key("ed", ED25519, 0))
            .keep(1, public("ed"), 1)
            .fails(1, agree("ed", KDF_RAW, 0, &[], 1), Status::ERR_INVALID_KEY),
    ]
}

fn agree(name: &str, derivation: u8, length: u16, info: &[u8], peer: u16) -> Call {
    Call::GenEcdh { name: name.to_owned(), derivation, length, info: info.to_vec(), peer: Data::slot(peer) }
}
