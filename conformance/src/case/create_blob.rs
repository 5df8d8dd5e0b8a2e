//! Cases of CREATE_BLOB: storing bytes and certificates.

use bancada_wire::status::Status;

use super::Case;
use super::say::{blob, block, export, info};
use crate::scenario::material::certificate;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "a certificate is stored and comes back",
            "npm hsm-dinamo 4.9.1, Key.importCertificate and Key.exportCertClearText",
        )
        .harmless()
        .master()
        .ok(1, blob("cert", certificate()))
        .gives(1, export("cert"), &certificate()),
        Case::new("any bytes may be stored", "vendor header dinamo.h, DWriteFile")
            .master()
            .ok(1, blob("one", vec![0x5A]))
            .gives(1, export("one"), &[0x5A])
            .ok(1, blob("many", vec![0xA5; 9000]))
            .gives(1, export("many"), &[0xA5; 9000]),
        Case::new("a name that is taken is refused", "vendor header dinamo.h, D_ERR_OBJ_ALREADY_EXISTS")
            .master()
            .ok(1, blob("name", vec![1]))
            .fails(1, blob("name", vec![2]), Status::ERR_OBJ_ALREADY_EXISTS)
            .gives(1, export("name"), &[1]),
        Case::new("a blocked blob is listed but not read", "docs/device.md §5")
            .aide()
            .master()
            .ok(1, blob("name", vec![1]))
            .ok(0, block("name", true))
            .fails(1, export("name"), Status::ERR_ACCESS_DENIED_OBJ_BLOCKED)
            .ok(0, info("name")),
    ]
}
