//! Cases of HASH_CONT: feeding a running hash.

use bancada_wire::status::Status;

use super::Case;
use super::say::hex;
use crate::scenario::number::*;
use crate::scenario::{Call, Data};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("a stream may come in pieces", "FIPS 180-4, example of two pieces of abc")
            .master()
            .keep(1, Call::HashStart { algorithm: SHA256, key: String::new() }, 1)
            .ok(1, more(b"a"))
            .ok(1, more(b"bc"))
            .gives(
                1,
                Call::HashEnd { ticket: Data::slot(1) },
                &hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            ),
        Case::new("a piece has at most 2048 bytes", "npm hsm-dinamo 4.9.1, MAX_SYM_OP_SEG")
            .master()
            .keep(1, Call::HashStart { algorithm: SHA256, key: String::new() }, 1)
            .ok(1, more(&[1; 2048])),
        Case::new("a ticket nobody gave is refused", "docs/device.md §6").master().fails(
            1,
            Call::HashCont { ticket: Data::Bytes(vec![0xFF, 0xFF]), data: Data::Bytes(vec![1]) },
            Status::ERR_INVALID_CTX,
        ),
    ]
}

fn more(data: &[u8]) -> Call {
    Call::HashCont { ticket: Data::slot(1), data: data.into() }
}
