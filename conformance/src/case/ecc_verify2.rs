//! Cases of ECC_VERIFY2: checking ECDSA signatures.

use bancada_wire::status::Status;

use super::say::{DIGEST_256, create_key, ecc_sign, ecc_verify, import};
use super::{Case, tampered};
use crate::scenario::Data;
use crate::scenario::material::Known;
use crate::scenario::number::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "a tampered signature and another message do not verify",
            "npm hsm-dinamo 4.9.1, Cryptography.eccVerify",
        )
        .harmless()
        .master()
        .ok(1, import("p256", SECP256R1, Known::P256.material()))
        .keep(1, ecc_sign("p256", SHA256, DIGEST_256.as_slice()), 1)
        .ok(1, ecc_verify("p256", SHA256, DIGEST_256.as_slice(), Data::slot(1)))
        .fails(
            1,
            ecc_verify("p256", SHA256, DIGEST_256.as_slice(), tampered(1)),
            Status::ERR_INVALID_SIGNATURE,
        )
        .fails(
            1,
            ecc_verify("p256", SHA256, vec![1; 32], Data::slot(1)),
            Status::ERR_INVALID_SIGNATURE,
        ),
        Case::new("a signature of another key does not verify", "docs/device.md §6")
            .master()
            .ok(1, import("p256", SECP256R1, Known::P256.material()))
            .ok(1, create_key("other", SECP256R1, 0))
            .keep(1, ecc_sign("other", SHA256, DIGEST_256.as_slice()), 1)
            .fails(
                1,
                ecc_verify("p256", SHA256, DIGEST_256.as_slice(), Data::slot(1)),
                Status::ERR_INVALID_SIGNATURE,
            ),
        Case::new("bytes that are no signature do not verify", "docs/device.md §6")
            .master()
            .ok(1, import("p256", SECP256R1, Known::P256.material()))
            .fails(
                1,
                ecc_verify("p256", SHA256, DIGEST_256.as_slice(), vec![0x30, 0x01]),
                Status::ERR_INVALID_SIGNATURE,
            ),
    ]
}
