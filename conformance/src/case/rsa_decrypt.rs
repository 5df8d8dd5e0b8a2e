//! Cases of RSA_DECRYPT: decryption with RSA keys.

use bancada_wire::status::Status;

use super::Case;
use super::say::{create_key, import, import_key, public};
use crate::scenario::material::Known;
use crate::scenario::number::*;
use crate::scenario::{Call, Data};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("PKCS#1 and OAEP are decrypted", "vendor header dinamo.h, DDecrypt")
            .harmless()
            .master()
            .ok(1, import("rsa", RSA_2048, Known::Rsa2048.material()))
            .keep(1, public("rsa"), 1)
            .gives(1, decrypt(PKCS1, sealed(PKCS1)), b"a secret")
            .gives(1, decrypt(OAEP, sealed(OAEP)), b"a secret"),
        Case::new("a block that was padded otherwise is refused", "docs/device.md §6")
            .master()
            .ok(1, import("rsa", RSA_2048, Known::Rsa2048.material()))
            .keep(1, public("rsa"), 1)
            .fails(1, decrypt(OAEP, sealed(PKCS1)), Status::ERR_PADDING_CHECK_FAILED),
        Case::new("an unknown padding is refused", "docs/device.md §6")
            .master()
            .ok(1, import("rsa", RSA_2048, Known::Rsa2048.material()))
            .keep(1, public("rsa"), 1)
            .fails(1, decrypt(77, sealed(PKCS1)), Status::ERR_INVALID_PAYLOAD),
        Case::new(
            "a key for another use, or of another kind, does not decrypt",
            "vendor header dinamo.h, AUP_*",
        )
        .master()
        .ok(1, import_key("rsa", RSA_2048, AUP_DIG_SIG, Known::Rsa2048.material()))
        .keep(1, public("rsa"), 1)
        .fails(1, decrypt(PKCS1, sealed(PKCS1)), Status::ERR_INVALID_KEY)
        .ok(1, create_key("p256", SECP256R1, 0))
        .fails(
            1,
            Call::RsaDecrypt {
                name: "p256".into(),
                padding: PKCS1,
                hash: 0,
                block: Data::Bytes(vec![1; 256]),
            },
            Status::ERR_INVALID_KEY,
        ),
        Case::new("only in the non-restricted mode", "vendor docs, Operating modes")
            .aide()
            .ok(0, Call::SetMode { mode: RM1 })
            .master()
            .ok(1, create_key("rsa", RSA_2048, 0))
            .fails(1, decrypt(PKCS1, Data::Bytes(vec![1; 256])), Status::ERR_NON_APPROVED_OPERATION),
    ]
}

fn sealed(padding: u8) -> Data {
    Data::Sealed { public: 1, padding, message: b"a secret".to_vec() }
}

fn decrypt(padding: u8, block: Data) -> Call {
    Call::RsaDecrypt { name: "rsa".into(), padding, hash: 0, block }
}
