//! Cases of LOGIN_ANONYMOUS: sessions without a user.

use bancada_wire::status::Status;

use super::Case;
use super::say::{create_key, hash};
use crate::scenario::number::{AES_128, SHA256};
use crate::scenario::{Call, Login};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "an anonymous session may ask, not act",
            "vendor docs, Session page: SS_ANONYMOUS; docs/device.md §2",
        )
        .login(1, Login::Anonymous)
        .ok(1, Call::ServerInfo)
        .ok(1, Call::SessionInfo)
        .fails(1, create_key("k", AES_128, 0), Status::ERR_ACCESS_DENIED)
        .fails(1, Call::Random { length: 8 }, Status::ERR_ACCESS_DENIED)
        .fails(1, hash(SHA256, "", vec![1]), Status::ERR_ACCESS_DENIED)
        .ok(1, Call::Ping),
    ]
}
