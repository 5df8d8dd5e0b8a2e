//! Cases of EdDSA_SIGN: Ed25519.

use bancada_wire::status::Status;

use super::Case;
use super::say::{create_key, eddsa_sign, hex, import, public};
use crate::scenario::Call;
use crate::scenario::number::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "the signature is that of RFC 8032",
            "RFC 8032, section 7.1, test 2; npm hsm-dinamo 4.9.1, Cryptography.eddsaSign",
        )
        .harmless()
        .master()
        .ok(1, import("ed", ED25519, test_2()))
        .gives(
            1,
            eddsa_sign("ed", vec![0x72]),
            &hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                     085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
        ),
        Case::new("long data is signed whole", "vendor header dinamo.h, DN_SIG_EDDSA_MAX_DATA_LEN")
            .master()
            .ok(1, create_key("ed", ED25519, 0))
            .keep(1, public("ed"), 1)
            .ok(1, eddsa_sign("ed", vec![7; 100_000])),
        Case::new("another kind of key is refused", "docs/device.md §5")
            .master()
            .ok(1, create_key("x", X25519, 0))
            .fails(1, eddsa_sign("x", vec![1]), Status::ERR_INVALID_KEY),
        Case::new("the second restricted mode has no EdDSA", "vendor docs, Operating modes")
            .aide()
            .ok(0, Call::SetMode { mode: RM2 })
            .master()
            .fails(1, create_key("ed", ED25519, 0), Status::ERR_NON_APPROVED_OPERATION)
            .ok(1, create_key("x", X25519, 0)),
    ]
}

/// The private key of test 2 as RFC 8410 writes it.
fn test_2() -> Vec<u8> {
    let head = "302e020100300506032b657004220420";
    hex(&format!("{head}4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
}
