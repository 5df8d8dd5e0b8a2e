//! Published values and refusals. The comparison with other implementations is in `tests/`.

use super::*;

fn run(key: &str, alg: SymAlg, mode: Mode<'_>, iv: &str, plain: &str) -> String {
    let key = SymKey::new(alg, &hex::decode(key).unwrap()).unwrap();
    let (iv, plain) = (hex::decode(iv).unwrap(), hex::decode(plain).unwrap());
    let mut out = vec![0xaa];
    key.encrypt(mode, Padding::None, &iv, &plain, &mut out).unwrap();
    let mut back = vec![0xbb];
    key.decrypt(mode, Padding::None, &iv, &out[1..], &mut back).unwrap();
    assert_eq!(&back[1..], plain);
    assert_eq!((out[0], back[0]), (0xaa, 0xbb), "earlier content is kept");
    hex::encode(&out[1..])
}

/// NIST SP 800-38A appendix F (AES-128 ECB, CBC, CTR, first block).
#[test]
fn published_aes_modes() {
    let key = "2b7e151628aed2a6abf7158809cf4f3c";
    let plain = "6bc1bee22e409f96e93d7e117393172a";
    assert_eq!(run(key, SymAlg::Aes128, Mode::Ecb, "", plain), "3ad77bb40d7a3660a89ecaf32466ef97");
    let iv = "000102030405060708090a0b0c0d0e0f";
    assert_eq!(run(key, SymAlg::Aes128, Mode::Cbc, iv, plain), "7649abac8119b246cee98e9b12e9197d");
    let counter = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
    assert_eq!(run(key, SymAlg::Aes128, Mode::Ctr, counter, plain), "874d6191b620e3261bef6864990db6ce");
}

/// The classic DES example of FIPS 46 teaching texts, and the same value through degenerate triple-DES keys.
#[test]
fn published_des() {
    let (key, plain, expected) = ("133457799bbcdff1", "0123456789abcdef", "85e813540f0ab405");
    assert_eq!(run(key, SymAlg::Des, Mode::Ecb, "", plain), expected);
    assert_eq!(run(&key.repeat(2), SymAlg::Des3_112, Mode::Ecb, "", plain), expected);
    assert_eq!(run(&key.repeat(3), SymAlg::Des3_168, Mode::Ecb, "", plain), expected);
}

/// RFC 3394 section 4.1 and 4.2.
#[test]
fn published_key_wrap() {
    let plain = "00112233445566778899aabbccddeeff";
    assert_eq!(
        run("000102030405060708090a0b0c0d0e0f", SymAlg::Aes128, Mode::Kw, "", plain),
        "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"
    );
    assert_eq!(
        run("000102030405060708090a0b0c0d0e0f1011121314151617", SymAlg::Aes192, Mode::Kw, "", plain),
        "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d"
    );
}

/// The GCM specification of McGrew and Viega, test cases 4 (usual nonce), 5 (8-byte nonce) and 6 (60-byte nonce).
#[test]
fn published_gcm() {
    let key = "feffe9928665731c6d6a8f9467308308";
    let plain = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525\
                 b16aedf5aa0de657ba637b39";
    let aad = hex::decode("feedfacedeadbeeffeedfacedeadbeefabaddad2").unwrap();
    let long = "9313225df88406e555909c5aff5269aa6a7a9538534f7da1e4c303d2a318a728c3c0c95156809539fcf0e2429a6b525416\
                aedbf5a0de6a57a637b39b";
    for (nonce, tag) in [
        ("cafebabefacedbaddecaf888", "5bc94fbc3221a5db94fae95ae7121a47"),
        ("cafebabefacedbad", "3612d2e79e3b0785561be14aaca2fccb"),
        (long, "619cc5aefffe0bfa462af43c1699d050"),
    ] {
        for tag_len in [4, 8, 12, 13, 16] {
            let sealed = run(key, SymAlg::Aes128, Mode::Gcm { tag_len, aad: &aad }, nonce, plain);
            assert_eq!(&sealed[2 * 60..], &tag[..2 * tag_len], "{nonce}");
        }
    }
}

#[test]
fn pkcs5_padding_round_trips_and_every_damage_is_one_error() {
    let key = SymKey::new(SymAlg::Aes256, &[3; 32]).unwrap();
    for len in 0..40 {
        let data = vec![9; len];
        let mut out = Vec::new();
        key.encrypt(Mode::Cbc, Padding::Pkcs5, &[1; 16], &data, &mut out).unwrap();
        assert_eq!(out.len(), (len / 16 + 1) * 16);
        let mut back = Vec::new();
        key.decrypt(Mode::Cbc, Padding::Pkcs5, &[1; 16], &out, &mut back).unwrap();
        assert_eq!(back, data);
    }
    let mut bad_tails = vec![[1u8; 16], [2; 16], [16; 16], [17; 16], [0; 16], [255; 16]];
    bad_tails[0][15] = 17;
    bad_tails[1][14] = 3;
    bad_tails[2][0] = 15;
    for tail in bad_tails {
        let mut out = Vec::new();
        key.encrypt(Mode::Ecb, Padding::None, &[], &tail, &mut out).unwrap();
        let mut back = vec![5];
        let result = key.decrypt(Mode::Ecb, Padding::Pkcs5, &[], &out, &mut back);
        assert_eq!((result, back), (Err(CryptoError::BadPadding), vec![5]), "{tail:?}");
    }
    assert_eq!(
        key.decrypt(Mode::Ecb, Padding::Pkcs5, &[], &[], &mut Vec::new()),
        Err(CryptoError::BadPadding)
    );
}

#[test]
fn zero_padding_fills_and_stays() {
    let key = SymKey::new(SymAlg::Des3_168, &[3; 24]).unwrap();
    let (mut out, mut back) = (Vec::new(), Vec::new());
    key.encrypt(Mode::Cbc, Padding::Zero, &[0; 8], b"abc", &mut out).unwrap();
    key.decrypt(Mode::Cbc, Padding::Zero, &[0; 8], &out, &mut back).unwrap();
    assert_eq!(back, b"abc\0\0\0\0\0");
    out.clear();
    key.encrypt(Mode::Cbc, Padding::Zero, &[0; 8], b"12345678", &mut out).unwrap();
    assert_eq!(out.len(), 8);
}

#[test]
fn wrong_lengths_and_combinations_are_refused_and_leave_the_output_alone() {
    let aes = SymKey::new(SymAlg::Aes128, &[1; 16]).unwrap();
    let des = SymKey::new(SymAlg::Des, &[1; 8]).unwrap();
    let gcm = |tag_len| Mode::Gcm { tag_len, aad: b"" };
    type Case<'a> = (&'a SymKey, Mode<'a>, Padding, &'a [u8], &'a [u8]);
    let cases: [Case<'_>; 12] = [
        (&aes, Mode::Cbc, Padding::None, &[0; 16], &[0; 15]),
        (&aes, Mode::Cbc, Padding::Pkcs5, &[0; 15], &[0; 16]),
        (&aes, Mode::Ecb, Padding::Pkcs5, &[0; 16], &[0; 16]),
        (&aes, Mode::Ctr, Padding::Pkcs5, &[0; 16], &[0; 16]),
        (&aes, Mode::Ctr, Padding::None, &[0; 8], &[0; 16]),
        (&aes, gcm(16), Padding::None, &[], &[0; 16]),
        (&aes, gcm(5), Padding::None, &[0; 12], &[0; 16]),
        (&aes, gcm(17), Padding::None, &[0; 12], &[0; 16]),
        (&aes, Mode::Kw, Padding::None, &[], &[0; 8]),
        (&aes, Mode::Kw, Padding::None, &[], &[0; 25]),
        (&des, Mode::Ctr, Padding::None, &[0; 8], &[0; 8]),
        (&des, gcm(16), Padding::None, &[0; 12], &[0; 8]),
    ];
    for (key, mode, padding, iv, data) in cases {
        let mut out = vec![1, 2, 3];
        assert!(key.encrypt(mode, padding, iv, data, &mut out).is_err(), "{mode:?}");
        assert!(key.decrypt(mode, padding, iv, data, &mut out).is_err(), "{mode:?}");
        assert_eq!(out, [1, 2, 3]);
    }
    assert!(matches!(
        SymKey::new(SymAlg::Aes192, &[0; 16]),
        Err(CryptoError::BadLength { expected: 24, got: 16, .. })
    ));
}

#[test]
fn altered_gcm_and_key_wrap_are_refused() {
    let key = SymKey::new(SymAlg::Aes192, &[1; 24]).unwrap();
    for (mode, iv) in [
        (Mode::Gcm { tag_len: 16, aad: b"x" }, &[1u8; 12][..]),
        (Mode::Gcm { tag_len: 12, aad: b"x" }, &[1u8; 12][..]),
        (Mode::Gcm { tag_len: 16, aad: b"x" }, &[1u8; 13][..]),
        (Mode::Kw, &[][..]),
    ] {
        let mut sealed = Vec::new();
        key.encrypt(mode, Padding::None, iv, &[7; 24], &mut sealed).unwrap();
        for at in 0..sealed.len() {
            sealed[at] ^= 0x40;
            let mut out = Vec::new();
            let result = key.decrypt(mode, Padding::None, iv, &sealed, &mut out);
            assert_eq!((result, out.len()), (Err(CryptoError::BadSignature), 0), "{mode:?} {at}");
            sealed[at] ^= 0x40;
        }
    }
}

#[test]
fn debug_shows_no_key() {
    let key = SymKey::new(SymAlg::Aes128, &[0xab; 16]).unwrap();
    assert_eq!(format!("{key:?}"), "SymKey { alg: Aes128, .. }");
}
