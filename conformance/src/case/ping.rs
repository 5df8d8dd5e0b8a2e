//! Cases of PING: a sign of life.

use bancada_wire::status::Status;

use super::Case;
use crate::scenario::{Call, Login, Malformed};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("the device answers", "vendor header dinamo.h, AO_KEEPALIVE")
            .harmless()
            .master()
            .ok(1, Call::Ping)
            .ok(1, Call::Ping),
        Case::new("anyone may ask", "docs/device.md §2").login(1, Login::Anonymous).ok(1, Call::Ping),
        Case::new("it keeps a session from idling out", "vendor docs, Web console: idle timeout")
            .master()
            .advance(200)
            .ok(1, Call::Ping)
            .advance(200)
            .ok(1, Call::Ping)
            .advance(400)
            .gone(1, Call::Ping),
        Case::new("a byte too many is refused", "docs/device.md §1")
            .master()
            .malformed(1, Malformed::Trailing { call: Call::Ping }, Status::ERR_INVALID_PAYLOAD)
            .ok(1, Call::Ping),
    ]
}
