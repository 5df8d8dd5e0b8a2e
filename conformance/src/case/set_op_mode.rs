//! Cases of SET_OP_MODE: changing the operating mode.

use bancada_wire::status::Status;

use super::say::{create_key, create_user};
use super::{Case, password_login};
use crate::scenario::number::*;
use crate::scenario::{Call, Policy};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("changing the mode wipes the database", "vendor docs, Operating modes")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", ACL_SYS_OPERATOR))
            .ok(0, Call::SetPolicy { policy: Policy { history: 3, ..Policy::default() } })
            .ok(0, create_key("key", AES_128, 0))
            .open(1, "alice", "Passw0rd")
            .ok(1, Call::SetMode { mode: RM1 })
            .gone(1, Call::Ping)
            .refused(2, password_login("alice", "Passw0rd"), Status::ERR_ACCESS_DENIED)
            .open(3, "master", "12345678")
            .ok(3, Call::GetPolicy)
            .ok(3, super::say::list())
            .ok(3, Call::ServerInfo),
        Case::new("other sessions find their user gone", "docs/device.md §7")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .open(1, "alice", "Passw0rd")
            .ok(0, Call::SetMode { mode: RM2 })
            .fails(1, create_key("key", AES_128, 0), Status::ERR_USR_NOT_FOUND)
            .gone(1, create_key("key", AES_128, 0)),
        Case::new("changing to the same mode changes nothing", "docs/device.md §7")
            .master()
            .ok(1, create_key("key", AES_128, 0))
            .ok(1, Call::SetMode { mode: NRM })
            .fails(1, create_key("key", AES_128, 0), Status::ERR_OBJ_ALREADY_EXISTS),
        Case::new("only an operator, and only to a mode there is", "docs/device.md §7")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", ACL_SYS_BACKUP | ACL_USR_CREATE))
            .open(1, "alice", "Passw0rd")
            .fails(1, Call::SetMode { mode: RM1 }, Status::ERR_ACCESS_DENIED)
            .open(2, "master", "12345678")
            .fails(2, Call::SetMode { mode: 3 }, Status::ERR_INVALID_PAYLOAD),
        Case::new("what each mode approves", "vendor docs, Operating modes")
            .aide()
            .ok(0, Call::SetMode { mode: RM1 })
            .master()
            .ok(1, create_key("des2", DES3_112, 0))
            .ok(1, create_key("ed", ED25519, 0))
            .ok(1, create_key("hmac", HMAC_SHA1, 0))
            .fails(1, create_key("md5", HMAC_MD5, 0), Status::ERR_NON_APPROVED_OPERATION)
            .fails(1, create_key("rsa", RSA_1024, 0), Status::ERR_NON_APPROVED_OPERATION)
            .ok(1, Call::SetMode { mode: RM2 })
            .open(2, "master", "12345678")
            .fails(2, create_key("des2", DES3_112, 0), Status::ERR_NON_APPROVED_OPERATION)
            .fails(2, create_key("des", DES, 0), Status::ERR_NON_APPROVED_OPERATION)
            .fails(2, create_key("ed", ED25519, 0), Status::ERR_NON_APPROVED_OPERATION)
            .ok(2, create_key("des3", DES3_168, 0))
            .ok(2, create_key("k256", SECP256K1, 0)),
    ]
}
