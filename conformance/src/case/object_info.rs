//! Cases of OBJECT_INFO: what an object is.

use bancada_wire::status::Status;

use super::Case;
use super::say::{block, create_key, info};
use crate::scenario::number::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("algorithm, size, profile and state are told", "vendor header dinamo.h, DGetKeyParam")
            .master()
            .ok(1, create_key("rsa", RSA_2048, EXPORTABLE | AUP_DIG_SIG))
            .ok(1, info("rsa"))
            .ok(1, create_key("p521", SECP521R1, 0))
            .ok(1, info("p521"))
            .ok(1, block("p521", true))
            .ok(1, info("p521"))
            .ok(1, create_key("brief", AES_192, TEMPORARY))
            .ok(1, info("brief"))
            .ok(1, info("master/rsa")),
        Case::new("what is not there tells nothing", "docs/device.md §5")
            .master()
            .fails(1, info("nothing"), Status::ERR_CANNOT_OPEN_OBJ)
            .fails(1, info("nobody/nothing"), Status::ERR_CANNOT_OPEN_OBJ)
            .fails(1, info("not a name"), Status::ERR_INVALID_OBJ_NAME)
            .fails(1, info(""), Status::ERR_CANNOT_OPEN_OBJ),
    ]
}
