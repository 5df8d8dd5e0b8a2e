//! Cases of P10_CSR: certification requests.

use bancada_wire::status::Status;

use super::Case;
use super::say::{create_key, import, public};
use crate::scenario::Call;
use crate::scenario::material::Known;
use crate::scenario::number::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "a request names its key and is signed by it",
            "npm hsm-dinamo 4.9.1, Key.generatePKCS10; RFC 2986",
        )
        .harmless()
        .master()
        .ok(1, import("rsa", RSA_2048, Known::Rsa2048.material()))
        .ok(1, csr("rsa", Some(CSR_SHA256)))
        .ok(1, csr("rsa", None))
        .ok(1, create_key("p256", SECP256R1, 0))
        .keep(1, public("p256"), 1)
        .ok(1, csr("p256", Some(CSR_SHA256)))
        .ok(1, csr("p256", Some(CSR_SHA512))),
        Case::new("an Ed25519 key signs its request too", "RFC 8410")
            .master()
            .ok(1, import("ed", ED25519, Known::Ed25519.material()))
            .ok(1, csr("ed", None)),
        Case::new("a key that does not sign makes no request", "docs/device.md §5")
            .master()
            .ok(1, create_key("aes", AES_128, 0))
            .ok(1, create_key("x", X25519, 0))
            .fails(1, csr("aes", None), Status::ERR_INVALID_KEY)
            .fails(1, csr("x", None), Status::ERR_INVALID_KEY),
        Case::new("an unknown hash is refused", "docs/device.md §6")
            .master()
            .ok(1, import("rsa", RSA_2048, Known::Rsa2048.material()))
            .fails(1, csr("rsa", Some(77)), Status::ERR_INVALID_HASH),
    ]
}

fn csr(name: &str, hash: Option<u8>) -> Call {
    Call::Csr { name: name.to_owned(), subject: "/CN=bench/O=Acme/C=BR".to_owned(), hash }
}
