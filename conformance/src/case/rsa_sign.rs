//! Cases of RSA_SIGN: RSA signatures.

use bancada_wire::status::Status;

use super::Case;
use super::say::{DIGEST_256, create_key, import, import_key, public, rsa_sign, rsa_verify};
use crate::scenario::material::Known;
use crate::scenario::number::*;
use crate::scenario::{Call, Data};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "signatures by both paddings verify under the exported public key",
            "npm hsm-dinamo 4.9.1, Cryptography.rsaSign",
        )
        .harmless()
        .master()
        .ok(1, create_key("rsa", RSA_2048, 0))
        .keep(1, public("rsa"), 1)
        .keep(1, rsa_sign("rsa", RSA_PKCS1, SHA256, DIGEST_256.as_slice()), 2)
        .ok(1, rsa_verify("rsa", RSA_PKCS1, SHA256, DIGEST_256.as_slice(), Data::slot(2)))
        .keep(1, rsa_sign("rsa", RSA_PSS, SHA256, DIGEST_256.as_slice()), 3)
        .ok(1, rsa_verify("rsa", RSA_PSS, SHA256, DIGEST_256.as_slice(), Data::slot(3))),
        Case::new("every hash is signed", "npm hsm-dinamo 4.9.1, enums.HASH_ALGORITHMS")
            .master()
            .ok(1, import("rsa", RSA_2048, Known::Rsa2048.material()))
            .ok(1, rsa_sign("rsa", RSA_PKCS1, MD5, vec![1; 16]))
            .ok(1, rsa_sign("rsa", RSA_PKCS1, SHA1, vec![2; 20]))
            .ok(1, rsa_sign("rsa", RSA_PKCS1, SHA224, vec![3; 28]))
            .ok(1, rsa_sign("rsa", RSA_PKCS1, SHA384, vec![4; 48]))
            .ok(1, rsa_sign("rsa", RSA_PSS, SHA512, vec![5; 64]))
            .ok(1, rsa_sign("rsa", RSA_PKCS1, SHA3_256, vec![6; 32])),
        Case::new("ANSI X9.31 signs SHA-2", "npm hsm-dinamo 4.9.1, enums.PAD_TYPE")
            .master()
            .ok(1, import("rsa", RSA_2048, Known::Rsa2048.material()))
            .keep(1, rsa_sign("rsa", RSA_X931, SHA256, DIGEST_256.as_slice()), 1)
            .ok(1, rsa_verify("rsa", RSA_X931, SHA256, DIGEST_256.as_slice(), Data::slot(1))),
        Case::new("an unknown hash and an unknown padding are refused", "docs/device.md §6")
            .aide()
            .ok(0, import("rsa", RSA_2048, Known::Rsa2048.material()))
            .fails(0, rsa_sign("rsa", RSA_PKCS1, NO_HASH, DIGEST_256.as_slice()), Status::ERR_INVALID_HASH)
            .fails(0, rsa_sign("rsa", 9, SHA256, DIGEST_256.as_slice()), Status::ERR_INVALID_PAYLOAD),
        Case::new("a key for another use does not sign", "vendor header dinamo.h, AUP_*")
            .aide()
            .master()
            .ok(0, import_key("rsa", RSA_2048, AUP_KEK, Known::Rsa2048.material()))
            .fails(1, rsa_sign("rsa", RSA_PKCS1, SHA256, DIGEST_256.as_slice()), Status::ERR_INVALID_KEY),
        Case::new("the sizes of RSA keys in the operating modes", "vendor docs, Operating modes")
            .aide()
            .ok(0, Call::SetMode { mode: RM2 })
            .master()
            .fails(1, create_key("small", RSA_1024, 0), Status::ERR_NON_APPROVED_OPERATION)
            .fails(1, create_key("large", RSA_4096, 0), Status::ERR_NON_APPROVED_OPERATION)
            .ok(1, create_key("right", RSA_2048, 0))
            .fails(1, rsa_sign("right", RSA_PKCS1, SHA1, vec![2; 20]), Status::ERR_NON_APPROVED_OPERATION)
            .ok(1, rsa_sign("right", RSA_PKCS1, SHA256, DIGEST_256.as_slice())),
    ]
}
