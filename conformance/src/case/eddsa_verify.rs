//! Cases of EdDSA_VERIFY: checking Ed25519 signatures.

use bancada_wire::status::Status;

use super::say::{create_key, eddsa_sign, eddsa_verify, import};
use super::{Case, tampered};
use crate::scenario::Data;
use crate::scenario::material::Known;
use crate::scenario::number::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "right, tampered and foreign signatures are told apart",
            "npm hsm-dinamo 4.9.1, Cryptography.eddsaVerify",
        )
        .harmless()
        .master()
        .ok(1, import("ed", ED25519, Known::Ed25519.material()))
        .ok(1, create_key("other", ED25519, 0))
        .keep(1, eddsa_sign("ed", b"message".as_slice()), 1)
        .keep(1, eddsa_sign("other", b"message".as_slice()), 2)
        .ok(1, eddsa_verify("ed", b"message".as_slice(), Data::slot(1)))
        .fails(1, eddsa_verify("ed", b"message".as_slice(), tampered(1)), Status::ERR_INVALID_SIGNATURE)
        .fails(1, eddsa_verify("ed", b"massage".as_slice(), Data::slot(1)), Status::ERR_INVALID_SIGNATURE)
        .fails(
            1,
            eddsa_verify("ed", b"message".as_slice(), Data::slot(2)),
            Status::ERR_INVALID_SIGNATURE,
        ),
    ]
}
