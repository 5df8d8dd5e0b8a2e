//! Cases of P8_EXPORT: private keys in envelopes.

use bancada_wire::status::Status;

use super::Case;
use super::say::{create_key, import};
use crate::scenario::Call;
use crate::scenario::material::Known;
use crate::scenario::number::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "a private key leaves in an envelope by PBES2",
            "npm hsm-dinamo 4.9.1, Key.exportPKCS8; RFC 8018",
        )
        .harmless()
        .master()
        .ok(1, import("rsa", RSA_2048, Known::Rsa2048.material()))
        .ok(1, p8("rsa", "12345678"))
        .ok(1, p8("rsa", "0123456789abcdef")),
        Case::new("in the restricted modes too", "vendor docs, Operating modes")
            .aide()
            .ok(0, Call::SetMode { mode: RM1 })
            .master()
            .ok(1, create_key("rsa", RSA_2048, EXPORTABLE))
            .ok(1, p8("rsa", "12345678")),
        Case::new("only an exportable private key", "docs/device.md §5")
            .master()
            .ok(1, create_key("closed", SECP256R1, 0))
            .fails(1, p8("closed", "12345678"), Status::ERR_OBJ_NOT_EXPORTABLE)
            .ok(1, create_key("aes", AES_128, EXPORTABLE))
            .fails(1, p8("aes", "12345678"), Status::ERR_INVALID_KEY),
        Case::new(
            "the envelope's password has 8 to 16 characters",
            "vendor header dinamo.h, ND_MIN_P8_PWD_LEN",
        )
        .aide()
        .ok(0, import("rsa", RSA_2048, Known::Rsa2048.material()))
        .fails(0, p8("rsa", "1234567"), Status::ERR_INVALID_SECRET),
    ]
}

fn p8(name: &str, password: &str) -> Call {
    Call::P8Export { name: name.to_owned(), password: password.to_owned() }
}
