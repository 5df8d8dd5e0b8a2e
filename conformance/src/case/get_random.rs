//! Cases of GET_RANDOM: random bytes.

use bancada_wire::status::Status;

use super::Case;
use crate::scenario::{Call, Malformed};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("as many bytes as asked for", "vendor header dinamo.h, DGetRandom")
            .harmless()
            .master()
            .ok(1, Call::Random { length: 1 })
            .ok(1, Call::Random { length: 2048 }),
        Case::new("one to 2048", "docs/device.md §6")
            .master()
            .fails(1, Call::Random { length: 0 }, Status::ERR_INVALID_PAYLOAD)
            .fails(1, Call::Random { length: 2049 }, Status::ERR_INVALID_PAYLOAD)
            .fails(1, Call::Random { length: u32::MAX }, Status::ERR_INVALID_PAYLOAD),
        Case::new("a payload cut short or too long is refused", "docs/device.md §1")
            .master()
            .malformed(
                1,
                Malformed::Truncated { call: Call::Random { length: 8 } },
                Status::ERR_INVALID_PAYLOAD,
            )
            .malformed(
                1,
                Malformed::Trailing { call: Call::Random { length: 8 } },
                Status::ERR_INVALID_PAYLOAD,
            )
            .malformed(
                1,
                Malformed::WrongFlag { call: Call::Random { length: 8 } },
                Status::ERR_INVALID_PAYLOAD,
            )
            .ok(1, Call::Random { length: 8 })
            .malformed(
                1,
                Malformed::TooLarge { call: Call::Random { length: 8 } },
                Status::ERR_INVALID_PAYLOAD,
            )
            .gone(1, Call::Ping),
    ]
}
