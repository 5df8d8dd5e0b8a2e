//! Cases of MAC: message authentication codes.

use bancada_wire::status::Status;

use super::Case;
use super::say::{create_key, hash, hex, import, mac};
use crate::scenario::Call;
use crate::scenario::number::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "HMAC is that of the standard",
            "RFC 2202, section 2 test case 1 and section 3 test case 1",
        )
        .harmless()
        .master()
        .ok(1, import("sha1", HMAC_SHA1, vec![0x0B; 20]))
        .gives(
            1,
            mac("sha1", HMAC_SHA1 as u8, b"Hi There".as_slice()),
            &hex("b617318655057264e28bc0b6fb378c8ef146be00"),
        )
        .ok(1, import("md5", HMAC_MD5, vec![0x0B; 16]))
        .gives(
            1,
            mac("md5", HMAC_MD5 as u8, b"Hi There".as_slice()),
            &hex("9294727a3638bb1c13f48ef8158bfc9d"),
        ),
        Case::new("CMAC is that of the standard", "RFC 4493, section 4, examples 1 and 2")
            .master()
            .ok(1, import("aes", AES_128, hex("2b7e151628aed2a6abf7158809cf4f3c")))
            .gives(1, mac("aes", CMAC_AES, vec![]), &hex("bb1d6929e95937287fa37d129b756746"))
            .gives(
                1,
                mac("aes", CMAC_AES, hex("6bc1bee22e409f96e93d7e117393172a")),
                &hex("070a16b46b4d4144f79bdd9dd04a287c"),
            ),
        Case::new("in one go or as a stream, the MAC is the same", "docs/device.md §6")
            .master()
            .ok(1, create_key("hmac", HMAC_SHA512, 0))
            .keep(1, mac("hmac", HMAC_SHA512 as u8, vec![3; 5000]), 1)
            .ok(1, hash(HMAC_SHA512 as u8, "hmac", vec![3; 5000])),
        Case::new("a key of another algorithm is refused", "docs/device.md §5")
            .master()
            .ok(1, create_key("hmac", HMAC_SHA256, 0))
            .ok(1, create_key("des3", DES3_168, 0))
            .fails(1, mac("hmac", CMAC_AES, vec![1]), Status::ERR_INVALID_KEY)
            .fails(1, mac("des3", HMAC_SHA256 as u8, vec![1]), Status::ERR_INVALID_KEY)
            .ok(1, mac("des3", CMAC_DES, vec![1])),
        Case::new("the restricted modes have no HMAC of MD5", "vendor docs, Operating modes")
            .aide()
            .ok(0, Call::SetMode { mode: RM1 })
            .master()
            .fails(1, create_key("md5", HMAC_MD5, 0), Status::ERR_NON_APPROVED_OPERATION)
            .ok(1, create_key("sha1", HMAC_SHA1, 0)),
    ]
}
