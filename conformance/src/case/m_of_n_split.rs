//! Cases of M_OF_N_SPLIT: splitting a secret.

use bancada_wire::status::Status;

use super::Case;
use crate::scenario::{Call, Data};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "a secret is split, and M parts in any order recover it",
            "npm hsm-dinamo 4.9.1, Cryptography.mOfnSplit and mOfNRecover",
        )
        .harmless()
        .master()
        .keep(1, split(SECRET, 2, 3), 1)
        .gives(1, recover(&[2, 0]), SECRET)
        .gives(1, recover(&[0, 1]), SECRET)
        .gives(1, recover(&[1, 2, 0]), SECRET),
        Case::new("without a secret the device draws one", "npm hsm-dinamo 4.9.1, Cryptography.mOfnSplit")
            .master()
            .keep(1, split(&[0; 24], 3, 5), 1)
            .ok(1, recover(&[4, 1, 3])),
        Case::new(
            "two to 250 parts, as many needed as there are at most",
            "npm hsm-dinamo 4.9.1, M_OF_N_SECRET_MIN_N",
        )
        .master()
        .ok(1, split(SECRET, 2, 2))
        .ok(1, split(SECRET, 250, 250))
        .fails(1, split(SECRET, 1, 3), Status::ERR_INVALID_PAYLOAD)
        .fails(1, split(SECRET, 2, 251), Status::ERR_INVALID_PAYLOAD),
    ]
}

const SECRET: &[u8] = b"twenty-four-bytes-secret";

fn split(secret: &[u8], m: u8, n: u8) -> Call {
    Call::Split { secret: secret.to_vec(), m, n }
}

fn recover(pick: &[u8]) -> Call {
    Call::Recover { parts: Data::slot(1), pick: pick.to_vec() }
}
