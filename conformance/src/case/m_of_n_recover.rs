//! Cases of M_OF_N_RECOVER: recovering a secret.

use bancada_wire::status::Status;

use super::Case;
use crate::scenario::{Call, Data};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("fewer parts than needed recover nothing", "docs/device.md §6")
            .master()
            .keep(1, Call::Split { secret: b"twenty-four-bytes-secret".to_vec(), m: 3, n: 5 }, 1)
            .fails(1, Call::Recover { parts: Data::slot(1), pick: vec![0, 4] }, Status::ERR_INVALID_SECRET)
            .gives(
                1,
                Call::Recover { parts: Data::slot(1), pick: vec![4, 2, 0] },
                b"twenty-four-bytes-secret",
            ),
    ]
}
