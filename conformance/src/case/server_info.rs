//! Cases of SERVER_INFO: what the device is.

use bancada_wire::status::Status;

use super::Case;
use super::say::{create_key, create_user};
use crate::scenario::number::{AES_128, RM2, TEMPORARY};
use crate::scenario::{Call, Malformed};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("users and permanent objects are counted", "vendor header dinamo.h, SYS_COUNTER_INFO")
            .aide()
            .master()
            .ok(1, Call::ServerInfo)
            .ok(0, create_user("alice", "Passw0rd", 0))
            .ok(0, create_key("stays", AES_128, 0))
            .ok(0, create_key("goes", AES_128, TEMPORARY))
            .ok(1, Call::ServerInfo),
        Case::new("the operating mode is told", "vendor header dinamo.h, MNG_HSM_INFO_OP_MODE")
            .aide()
            .ok(0, Call::SetMode { mode: RM2 })
            .master()
            .ok(1, Call::ServerInfo),
        Case::new("a byte too many is refused", "docs/device.md §1").master().malformed(
            1,
            Malformed::Trailing { call: Call::ServerInfo },
            Status::ERR_INVALID_PAYLOAD,
        ),
    ]
}
