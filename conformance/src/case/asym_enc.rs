//! Cases of ASYM_ENC: opening RSA envelopes.

use bancada_wire::status::Status;

use super::Case;
use super::say::{create_key, import, public};
use crate::scenario::material::Known;
use crate::scenario::number::*;
use crate::scenario::{Call, Data};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "an envelope sealed with the public key is opened",
            "npm hsm-dinamo 4.9.1, Cryptography.dataUnenvelop",
        )
        .harmless()
        .master()
        .ok(1, import("rsa", RSA_2048, Known::Rsa2048.material()))
        .keep(1, public("rsa"), 1)
        .gives(
            1,
            open_envelope(Data::Sealed { public: 1, padding: PKCS1, message: b"a secret".to_vec() }),
            b"a secret",
        ),
        Case::new("an envelope sealed with another key is not", "docs/device.md §6")
            .master()
            .ok(1, import("rsa", RSA_2048, Known::Rsa2048.material()))
            .step(
                crate::scenario::Action::Call {
                    handle: 1,
                    call: open_envelope(Data::Bytes(vec![2; 256])),
                    into: None,
                },
                crate::runner::play::Stated::Status(Status::ERR_PADDING_CHECK_FAILED),
            ),
        Case::new("only an RSA key opens envelopes", "docs/device.md §5")
            .master()
            .ok(1, create_key("rsa", AES_256, 0))
            .fails(1, open_envelope(Data::Bytes(vec![1; 256])), Status::ERR_INVALID_KEY),
        Case::new("in the restricted modes RSA does not decrypt", "vendor docs, Operating modes")
            .aide()
            .ok(0, Call::SetMode { mode: RM1 })
            .master()
            .fails(1, open_envelope(Data::Bytes(vec![1; 256])), Status::ERR_NON_APPROVED_OPERATION),
    ]
}

fn open_envelope(block: Data) -> Call {
    Call::OpenEnvelope { name: "rsa".to_owned(), block }
}
