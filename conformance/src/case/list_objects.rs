//! Cases of LIST_OBJECTS: listing a partition.

use bancada_wire::status::Status;

use super::Case;
use super::say::{blob, create_key, create_user, grant, list};
use crate::scenario::Call;
use crate::scenario::number::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("objects come in order of name, page by page", "vendor header dinamo.h, DListObjs")
            .master()
            .ok(1, list())
            .ok(1, create_key("b", AES_128, 0))
            .ok(1, create_key("a", ED25519, EXPORTABLE))
            .ok(1, blob("C", vec![1, 2, 3]))
            .ok(1, create_key("t", AES_256, TEMPORARY))
            .ok(1, list())
            .ok(1, page("", 2))
            .ok(1, page("a", 2))
            .ok(1, page("zzz", 2)),
        Case::new("one to 1024 at a time", "docs/device.md §6")
            .master()
            .fails(1, page("", 0), Status::ERR_INVALID_PAYLOAD)
            .fails(1, page("", 1025), Status::ERR_INVALID_PAYLOAD),
        Case::new("another partition is listed by who may read there", "vendor docs, Partition permissions")
            .aide()
            .ok(0, create_key("key", AES_128, 0))
            .ok(0, create_user("alice", "Passw0rd", 0))
            .open(1, "alice", "Passw0rd")
            .fails(1, of("master"), Status::ERR_CANNOT_OPEN_OBJ)
            .fails(1, of("nobody"), Status::ERR_CANNOT_OPEN_OBJ)
            .ok(0, grant("alice", ACL_OBJ_READ))
            .ok(1, of("master")),
    ]
}

fn page(after: &str, max: u32) -> Call {
    Call::ListObjects { partition: String::new(), after: after.to_owned(), max }
}

fn of(partition: &str) -> Call {
    Call::ListObjects { partition: partition.to_owned(), after: String::new(), max: 1024 }
}
