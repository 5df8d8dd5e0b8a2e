//! Cases of HASH_START: hashes and MACs over streams.

use bancada_wire::status::Status;

use super::Case;
use super::say::{create_key, hash, hex, import};
use crate::scenario::Call;
use crate::scenario::number::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "hashes of abc are the published ones",
            "FIPS 180-4 and FIPS 202, examples; RFC 1321, appendix A.5",
        )
        .harmless()
        .master()
        .gives(1, hash(SHA1, "", b"abc".as_slice()), &hex("a9993e364706816aba3e25717850c26c9cd0d89d"))
        .gives(
            1,
            hash(SHA256, "", b"abc".as_slice()),
            &hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        )
        .gives(
            1,
            hash(SHA3_256, "", b"abc".as_slice()),
            &hex("3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
        )
        .gives(1, hash(MD5, "", b"abc".as_slice()), &hex("900150983cd24fb0d6963f7d28e17f72")),
        Case::new("a MAC over a stream is that of RFC 2202", "RFC 2202, section 3, test case 1")
            .master()
            .ok(1, import("mac", HMAC_SHA1, vec![0x0B; 20]))
            .gives(
                1,
                hash(HMAC_SHA1 as u8, "mac", b"Hi There".as_slice()),
                &hex("b617318655057264e28bc0b6fb378c8ef146be00"),
            ),
        Case::new("an unknown hash is refused, and a plain hash takes no key", "docs/device.md §6")
            .master()
            .fails(1, start(SHA256, "key"), Status::ERR_INVALID_PAYLOAD)
            .fails(1, start(NO_HASH, ""), Status::ERR_INVALID_HASH),
        Case::new(
            "the restricted modes do without MD5, the second without SHA-1",
            "vendor docs, Operating modes",
        )
        .aide()
        .ok(0, Call::SetMode { mode: RM2 })
        .master()
        .fails(1, start(MD5, ""), Status::ERR_NON_APPROVED_OPERATION)
        .fails(1, start(SHA1, ""), Status::ERR_NON_APPROVED_OPERATION)
        .ok(1, start(SHA256, "")),
        Case::new("a MAC needs a key that is there and of its kind", "docs/device.md §5")
            .master()
            .fails(1, start(HMAC_SHA256 as u8, "nothing"), Status::ERR_CANNOT_OPEN_OBJ)
            .ok(1, create_key("aes", AES_128, 0))
            .fails(1, start(HMAC_SHA256 as u8, "aes"), Status::ERR_INVALID_KEY)
            .ok(1, start(CMAC_AES, "aes")),
        sixteen_streams(),
    ]
}

fn start(algorithm: u8, key: &str) -> Call {
    Call::HashStart { algorithm, key: key.to_owned() }
}

fn sixteen_streams() -> Case {
    let case = Case::new("sixteen streams run in a session, not seventeen", "docs/device.md §6").master();
    (1..=16).fold(case, |case, slot| case.keep(1, start(SHA256, ""), slot)).fails(
        1,
        start(SHA256, ""),
        Status::ERR_CANNOT_ALLOC_RES,
    )
}
