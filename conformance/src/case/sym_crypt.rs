//! Cases of SYM_CRYPT: encryption with symmetric keys.

use bancada_wire::status::Status;

use super::say::{create_key, decrypt, encrypt, hex, import, import_key, with};
use super::{Case, tampered};
use crate::scenario::material::symmetric;
use crate::scenario::number::*;
use crate::scenario::{Call, Crypt, Data};

pub(super) fn cases() -> Vec<Case> {
    [standard(), there_and_back(), refused()].concat()
}

/// Values of the standards.
fn standard() -> Vec<Case> {
    vec![        Case::new("AES is that of the standard", "FIPS 197, appendix C.1; NIST SP 800-38A, F.2.1 and F.5.1; RFC 3394, 4.1")
            .harmless()
            .master()
            .ok(1, import("c1", AES_128, (0..16).collect::<Vec<u8>>()))
            .gives(
                1,
                encrypt("c1", with(ECB, &[]), hex("00112233445566778899aabbccddeeff")),
                &hex("69c4e0d86a7b0430d8cdb78070b4c55a"),
            )
            .gives(
                1,
                encrypt("c1", with(KW, &[]), hex("00112233445566778899aabbccddeeff")),
                &hex("1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"),
            )
            .ok(1, import("f", AES_128, hex("2b7e151628aed2a6abf7158809cf4f3c")))
            .gives(
                1,
                encrypt("f", with(CBC, &(0..16).collect::<Vec<u8>>()), hex("6bc1bee22e409f96e93d7e117393172a")),
                &hex("7649abac8119b246cee98e9b12e9197d"),
            )
            .gives(
                1,
                encrypt(
                    "f",
                    with(CTR, &hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")),
                    hex("6bc1bee22e409f96e93d7e117393172a"),
                ),
                &hex("874d6191b620e3261bef6864990db6ce"),
            ),
        Case::new("GCM is that of the standard", "McGrew and Viega, GCM specification, test case 4")
            .master()
            .ok(1, import("key", AES_128, hex("feffe9928665731c6d6a8f9467308308")))
            .gives(
                1,
                encrypt(
                    "key",
                    Crypt {
                        aad: hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
                        ..with(GCM, &hex("cafebabefacedbaddecaf888"))
                    },
                    hex(
                        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
                         1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
                    ),
                ),
                &hex(
                    "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e\
                     21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47",
                ),
            ),
    ]
}

/// What is encrypted is decrypted.
fn there_and_back() -> Vec<Case> {
    vec![
        Case::new(
            "what is encrypted is decrypted, with every mode and padding",
            "vendor header dinamo.h, DEncrypt and DDecrypt",
        )
        .master()
        .ok(1, create_key("aes", AES_256, 0))
        .keep(1, encrypt("aes", Crypt { padding: PKCS5, ..with(CBC, &[7; 16]) }, vec![1; 5]), 1)
        .gives(1, decrypt("aes", Crypt { padding: PKCS5, ..with(CBC, &[7; 16]) }, Data::slot(1)), &[1; 5])
        .keep(1, encrypt("aes", with(GCM, &[9; 12]), vec![2; 33]), 2)
        .gives(1, decrypt("aes", with(GCM, &[9; 12]), Data::slot(2)), &[2; 33])
        .fails(1, decrypt("aes", with(GCM, &[9; 12]), tampered(2)), Status::ERR_OPERATION_FAILED)
        .keep(1, encrypt("aes", with(CTR, &[5; 16]), vec![3; 21]), 3)
        .gives(1, decrypt("aes", with(CTR, &[5; 16]), Data::slot(3)), &[3; 21])
        .ok(1, create_key("des3", DES3_168, 0))
        .keep(1, encrypt("des3", Crypt { padding: PKCS5, ..with(CBC, &[7; 8]) }, vec![4; 9]), 4)
        .gives(
            1,
            decrypt("des3", Crypt { padding: PKCS5, ..with(CBC, &[7; 8]) }, Data::slot(4)),
            &[4; 9],
        ),
    ]
}

/// What is refused.
fn refused() -> Vec<Case> {
    vec![
        Case::new("lengths, vectors and modes that do not fit are refused", "docs/device.md §6")
            .master()
            .ok(1, create_key("aes", AES_128, 0))
            .fails(1, encrypt("aes", with(ECB, &[]), vec![1; 15]), Status::ERR_INVALID_PAYLOAD)
            .fails(1, encrypt("aes", with(CBC, &[1; 15]), vec![1; 16]), Status::ERR_INVALID_PAYLOAD)
            .fails(1, encrypt("aes", with(3, &[]), vec![1; 16]), Status::ERR_INVALID_PAYLOAD),
        Case::new("in the restricted modes AES has no GCM", "vendor docs, Operating modes")
            .aide()
            .ok(0, Call::SetMode { mode: RM1 })
            .master()
            .ok(1, create_key("aes", AES_128, 0))
            .fails(1, encrypt("aes", with(GCM, &[9; 12]), vec![1; 16]), Status::ERR_NON_APPROVED_OPERATION)
            .ok(1, encrypt("aes", with(CTR, &[9; 16]), vec![1; 16])),
        Case::new(
            "a key for another use, or of another kind, does not encrypt",
            "vendor header dinamo.h, AUP_*",
        )
        .master()
        .ok(1, import_key("kek", AES_128, AUP_KEK, symmetric(16, 1)))
        .ok(1, create_key("hmac", HMAC_SHA256, 0))
        .fails(1, encrypt("kek", with(ECB, &[]), vec![1; 16]), Status::ERR_INVALID_KEY)
        .fails(1, encrypt("hmac", with(ECB, &[]), vec![1; 16]), Status::ERR_INVALID_KEY),
    ]
}
