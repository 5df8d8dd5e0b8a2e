//! Cases of RSA_VERIFY: checking RSA signatures.

use bancada_wire::status::Status;

use super::say::{DIGEST_256, import, rsa_sign, rsa_verify};
use super::{Case, tampered};
use crate::scenario::material::Known;
use crate::scenario::number::*;
use crate::scenario::{Change, Data};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "a tampered signature and another message do not verify",
            "npm hsm-dinamo 4.9.1, Cryptography.rsaVerify",
        )
        .harmless()
        .master()
        .ok(1, import("rsa", RSA_2048, Known::Rsa2048.material()))
        .keep(1, rsa_sign("rsa", RSA_PKCS1, SHA256, DIGEST_256.as_slice()), 1)
        .ok(1, rsa_verify("rsa", RSA_PKCS1, SHA256, DIGEST_256.as_slice(), Data::slot(1)))
        .fails(
            1,
            rsa_verify("rsa", RSA_PKCS1, SHA256, DIGEST_256.as_slice(), tampered(1)),
            Status::ERR_INVALID_SIGNATURE,
        )
        .fails(
            1,
            rsa_verify("rsa", RSA_PKCS1, SHA256, vec![1; 32], Data::slot(1)),
            Status::ERR_INVALID_SIGNATURE,
        ),
        Case::new("a signature of another key, padding or length does not verify", "docs/device.md §6")
            .master()
            .ok(1, import("rsa", RSA_2048, Known::Rsa2048.material()))
            .ok(1, import("other", RSA_2048, Known::Rsa2048Other.material()))
            .keep(1, rsa_sign("other", RSA_PSS, SHA256, DIGEST_256.as_slice()), 1)
            .fails(
                1,
                rsa_verify("rsa", RSA_PSS, SHA256, DIGEST_256.as_slice(), Data::slot(1)),
                Status::ERR_INVALID_SIGNATURE,
            )
            .fails(
                1,
                rsa_verify("other", RSA_PKCS1, SHA256, DIGEST_256.as_slice(), Data::slot(1)),
                Status::ERR_INVALID_SIGNATURE,
            )
            .fails(
                1,
                rsa_verify(
                    "other",
                    RSA_PSS,
                    SHA256,
                    DIGEST_256.as_slice(),
                    Data::Slot { slot: 1, change: Change::Cut(1) },
                ),
                Status::ERR_INVALID_SIGNATURE,
            ),
    ]
}
