//! Cases of HASH_END: ending a running hash.

use bancada_wire::status::Status;

use super::Case;
use super::say::hex;
use crate::scenario::number::*;
use crate::scenario::{Call, Data};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("the hash of nothing is that of the standard", "FIPS 180-4, SHA-256 of the empty message")
            .master()
            .keep(1, Call::HashStart { algorithm: SHA256, key: String::new() }, 1)
            .gives(1, end(), &hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")),
        Case::new("a stream ends once", "docs/device.md §6")
            .master()
            .keep(1, Call::HashStart { algorithm: SHA256, key: String::new() }, 1)
            .ok(1, end())
            .fails(1, end(), Status::ERR_INVALID_CTX),
        Case::new("a ticket belongs to its session", "docs/device.md §6")
            .master()
            .open(2, "master", "12345678")
            .keep(1, Call::HashStart { algorithm: SHA256, key: String::new() }, 1)
            .fails(2, end(), Status::ERR_INVALID_CTX),
    ]
}

fn end() -> Call {
    Call::HashEnd { ticket: Data::slot(1) }
}
