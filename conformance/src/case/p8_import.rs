//! Cases of P8_IMPORT: private keys out of envelopes.

use bancada_wire::status::Status;

use super::Case;
use super::say::{create_key, export, import, public};
use crate::scenario::material::Known;
use crate::scenario::number::*;
use crate::scenario::{Call, Data};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("a key comes back out of its envelope", "npm hsm-dinamo 4.9.1, Key.importPKCS8")
            .harmless()
            .master()
            .ok(1, import("rsa", RSA_2048, Known::Rsa2048.material()))
            .keep(1, p8_export("rsa"), 1)
            .ok(1, p8_import("copy", RSA_2048, "12345678"))
            .gives(1, export("copy"), &Known::Rsa2048.material()),
        Case::new("keys on curves too", "npm hsm-dinamo 4.9.1, Key.importPKCS8")
            .master()
            .ok(1, create_key("p256", SECP256R1, EXPORTABLE))
            .keep(1, public("p256"), 2)
            .keep(1, p8_export("p256"), 1)
            .ok(1, p8_import("copy", SECP256R1, "12345678"))
            .ok(1, public("copy")),
        Case::new("another password does not open it", "docs/device.md §6")
            .master()
            .ok(1, import("rsa", RSA_2048, Known::Rsa2048.material()))
            .keep(1, p8_export("rsa"), 1)
            .fails(1, p8_import("copy", RSA_2048, "87654321"), Status::ERR_INVALID_SECRET),
    ]
}

fn p8_export(name: &str) -> Call {
    Call::P8Export { name: name.to_owned(), password: "12345678".to_owned() }
}

fn p8_import(name: &str, algorithm: u32, password: &str) -> Call {
    Call::P8Import {
        name: name.to_owned(),
        algorithm,
        attributes: EXPORTABLE,
        password: password.to_owned(),
        envelope: Data::slot(1),
    }
}
