//! Cases of ECC_SIGN: ECDSA.

use bancada_wire::status::Status;

use super::Case;
use super::say::{DIGEST_256, create_key, ecc_sign, ecc_verify, import, public};
use crate::scenario::material::Known;
use crate::scenario::number::*;
use crate::scenario::{Call, Data};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "a signature verifies under the exported public key",
            "npm hsm-dinamo 4.9.1, Cryptography.eccSign",
        )
        .harmless()
        .master()
        .ok(1, create_key("p256", SECP256R1, 0))
        .keep(1, public("p256"), 1)
        .keep(1, ecc_sign("p256", SHA256, DIGEST_256.as_slice()), 2)
        .ok(1, ecc_verify("p256", SHA256, DIGEST_256.as_slice(), Data::slot(2))),
        Case::new("every curve signs every hash", "vendor header dinamo.h, DSignHash")
            .master()
            .ok(1, import("p384", SECP384R1, Known::P384.material()))
            .ok(1, ecc_sign("p384", SHA384, vec![3; 48]))
            .ok(1, import("p521", SECP521R1, Known::P521.material()))
            .ok(1, ecc_sign("p521", SHA512, vec![5; 64]))
            .ok(1, import("k256", SECP256K1, Known::K256.material()))
            .ok(1, ecc_sign("k256", SHA3_256, DIGEST_256.as_slice()))
            .ok(1, ecc_sign("k256", SHA1, vec![1; 20])),
        Case::new("a hash of the wrong length or unknown is refused", "docs/device.md §6")
            .master()
            .ok(1, import("p256", SECP256R1, Known::P256.material()))
            .fails(1, ecc_sign("p256", SHA256, vec![1; 31]), Status::ERR_INVALID_HASH)
            .fails(1, ecc_sign("p256", NO_HASH, vec![1; 32]), Status::ERR_INVALID_HASH),
        Case::new("another kind of key is refused", "docs/device.md §5")
            .master()
            .ok(1, create_key("aes", AES_128, 0))
            .ok(1, create_key("ed", ED25519, 0))
            .fails(1, ecc_sign("aes", SHA256, DIGEST_256.as_slice()), Status::ERR_INVALID_KEY)
            .fails(1, ecc_sign("ed", SHA256, DIGEST_256.as_slice()), Status::ERR_INVALID_KEY)
            .fails(1, ecc_sign("nothing", SHA256, DIGEST_256.as_slice()), Status::ERR_CANNOT_OPEN_OBJ),
        Case::new("the second restricted mode signs no SHA-1", "vendor docs, Operating modes")
            .aide()
            .ok(0, Call::SetMode { mode: RM2 })
            .master()
            .ok(1, create_key("p256", SECP256R1, 0))
            .fails(1, ecc_sign("p256", SHA1, vec![1; 20]), Status::ERR_NON_APPROVED_OPERATION)
            .ok(1, ecc_sign("p256", SHA256, DIGEST_256.as_slice())),
    ]
}
