//! Cases of KEY_IMP: importing keys in clear.

use bancada_wire::status::Status;

use super::Case;
use super::say::{create_key, export, import, import_key, info};
use crate::scenario::material::{Known, symmetric};
use crate::scenario::number::*;
use crate::scenario::{Call, Data};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "an imported symmetric key comes out as it went in",
            "npm hsm-dinamo 4.9.1, Key.import and Key.exportSymmetric",
        )
        .harmless()
        .master()
        .ok(1, import("aes", AES_256, symmetric(32, 1)))
        .gives(1, export("aes"), &symmetric(32, 1))
        .ok(1, import("hmac", HMAC_SHA256, symmetric(32, 2)))
        .gives(1, export("hmac"), &symmetric(32, 2)),
        Case::new(
            "an imported private key comes out as it went in",
            "npm hsm-dinamo 4.9.1, Key.exportAsymmetricPriv",
        )
        .master()
        .ok(1, import("rsa", RSA_2048, Known::Rsa2048.material()))
        .gives(1, export("rsa"), &Known::Rsa2048.material()),
        Case::new(
            "private keys are imported under their own algorithm or the pseudo-algorithm of their kind",
            "vendor header dinamo.h, D_IMPORT_ALG_PRIV_KEY_*",
        )
        .aide()
        .master()
        .ok(1, import("rsa", IMPORT_RSA, Known::Rsa2048Other.material()))
        .ok(1, import("p256", IMPORT_ECC, Known::P256.material()))
        .ok(1, import("p521", SECP521R1, Known::P521.material()))
        .ok(1, import("ed", IMPORT_ECX, Known::Ed25519.material()))
        .ok(1, import("x", X25519, Known::X25519.material()))
        .ok(0, info("rsa"))
        .ok(0, info("p256"))
        .ok(0, info("ed")),
        Case::new("material that is no key is refused", "docs/device.md §6")
            .master()
            .fails(1, import("aes", AES_256, symmetric(31, 1)), Status::ERR_INVALID_KEY)
            .fails(
                1,
                import("rsa", RSA_2048, vec![0x30, 0x03, 0x02, 0x01, 0x00]),
                Status::ERR_CANNOT_PARSE_DER_PRIV_KEY,
            )
            .ok(1, import("aes", AES_256, symmetric(32, 1))),
        Case::new("a key exported and imported again is the same key", "docs/device.md §5")
            .master()
            .ok(1, create_key("first", AES_192, EXPORTABLE))
            .keep(1, export("first"), 1)
            .ok(1, import("second", AES_192, Data::slot(1)))
            .keep(1, export("second"), 2),
        Case::new("a key may be imported for one use only", "vendor header dinamo.h, AUP_*")
            .aide()
            .master()
            .ok(1, import_key("mac", AES_128, EXPORTABLE | TEMPORARY, symmetric(16, 1)))
            .ok(0, import_key("kek", AES_128, AUP_KEK, symmetric(16, 1)))
            .fails(
                0,
                Call::Mac { name: "kek".into(), algorithm: CMAC_AES, data: Data::Bytes(vec![1]) },
                Status::ERR_INVALID_KEY,
            ),
        Case::new(
            "in the restricted modes an RSA key comes in no other way than an envelope",
            "vendor docs, Operating modes",
        )
        .aide()
        .ok(0, Call::SetMode { mode: RM1 })
        .master()
        .fails(1, import("rsa", RSA_2048, Known::Rsa2048.material()), Status::ERR_NON_APPROVED_OPERATION)
        .ok(1, import("p256", SECP256R1, Known::P256.material())),
    ]
}
