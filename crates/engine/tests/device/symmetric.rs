//! docs/device.md §6: block ciphers, MACs, and hashes over a stream, checked with the library directly.

use crate::common::*;
use bancada_crypto::cipher::{Mode, Padding, SymAlg, SymKey};
use bancada_crypto::hash::{HashAlg, digest};
use bancada_crypto::mac;
use bancada_wire::algorithm::{attribute, hash, key, mode, padding};
use bancada_wire::codec::{SecretTail, ShortTail};
use bancada_wire::op::*;
use bancada_wire::status::Status;

const BAD_KEY: Status = Status::ERR_INVALID_KEY;
const BAD_HASH: Status = Status::ERR_INVALID_HASH;
const MALFORMED: Status = Status::ERR_INVALID_PAYLOAD;
const FAILED: Status = Status::ERR_OPERATION_FAILED;
const MISSING: Status = Status::ERR_CANNOT_OPEN_OBJ;

/// Every cipher, its number and its block length.
const CIPHERS: [(u32, SymAlg, usize); 6] = [
    (key::DES, SymAlg::Des, 8),
    (key::DES3_112, SymAlg::Des3_112, 8),
    (key::DES3_168, SymAlg::Des3_168, 8),
    (key::AES_128, SymAlg::Aes128, 16),
    (key::AES_192, SymAlg::Aes192, 16),
    (key::AES_256, SymAlg::Aes256, 16),
];

/// Key bytes with three different DES keys in them.
const BYTES: [u8; 32] = *b"\x01\x23\x45\x67\x89\xAB\xCD\xEF another key and one mor";

/// A session of a user with a key of every cipher, `k` and its number, and an HMAC key.
fn alice() -> Peer {
    let device = Device::new();
    device.user("alice", 0);
    for (algorithm, alg, _) in CIPHERS {
        device.key("alice", &format!("k{algorithm}"), (algorithm, &BYTES[..alg.key_len()]), 0);
    }
    device.key("alice", "hmac", (key::HMAC_SHA2_256, &HMAC), 0);
    device.key("alice", "rsa", (rsa().0, &rsa().1), 0);
    device.login("alice")
}

fn crypt(name: &str, mode: u8) -> SymCrypt {
    SymCrypt {
        name: object(name),
        direction: mode::ENCRYPT,
        mode,
        padding: padding::NONE,
        tag_length: 0,
        iv_length: 0,
        iv: [0x1F; 32],
        aad_length: 0,
        data: SecretTail::from(&[0x42; 32][..]),
    }
}

/// Encrypts, compares with the library, and decrypts again.
fn round_trip(peer: &mut Peer, request: &SymCrypt, expected: &[u8], back: &[u8]) {
    let sealed = peer.call(request).unwrap();
    assert_eq!(sealed.expose(), expected, "{request:?}");
    let mut data = request.data.expose()[..request.aad_length as usize].to_vec();
    data.extend_from_slice(sealed.expose());
    let opened = SymCrypt { direction: mode::DECRYPT, data: data.into(), ..request.clone() };
    assert_eq!(peer.call(&opened).unwrap().expose(), back, "{request:?}");
}

#[test]
fn ciphers_do_what_the_library_does() {
    let mut alice = alice();
    for (algorithm, alg, block) in CIPHERS {
        let key = SymKey::new(alg, &BYTES[..alg.key_len()]).unwrap();
        let name = format!("k{algorithm}");
        let iv = [0x1F; 16];
        for (number, cipher, iv_length) in [(mode::ECB, Mode::Ecb, 0), (mode::CBC, Mode::Cbc, block)] {
            for (pad, padding, length) in [
                (padding::NONE, Padding::None, 32),
                (padding::PKCS5, Padding::Pkcs5, 32),
                (padding::PKCS5, Padding::Pkcs5, 29),
                (padding::PKCS5, Padding::Pkcs5, 0),
                (padding::ZERO, Padding::Zero, 29),
            ] {
                let data = vec![0x42; length];
                let mut expected = Vec::new();
                key.encrypt(cipher, padding, &iv[..iv_length], &data, &mut expected).unwrap();
                let request = SymCrypt {
                    padding: pad,
                    iv_length: iv_length as u8,
                    data: data.clone().into(),
                    ..crypt(&name, number)
                };
                let mut back = data;
                if padding == Padding::Zero {
                    back.resize(expected.len(), 0);
                }
                round_trip(&mut alice, &request, &expected, &back);
            }
        }
    }
}

#[test]
fn aes_modes_do_what_the_library_does() {
    let mut alice = alice();
    for (algorithm, alg, _) in &CIPHERS[3..] {
        let key = SymKey::new(*alg, &BYTES[..alg.key_len()]).unwrap();
        let name = format!("k{algorithm}");
        let mut expected = Vec::new();
        key.encrypt(Mode::Ctr, Padding::None, &[0x1F; 16], &[0x42; 21], &mut expected).unwrap();
        let request = SymCrypt { iv_length: 16, data: vec![0x42; 21].into(), ..crypt(&name, mode::CTR) };
        round_trip(&mut alice, &request, &expected, &[0x42; 21]);
        expected.clear();
        key.encrypt(Mode::Kw, Padding::None, &[], &[0x42; 32], &mut expected).unwrap();
        round_trip(&mut alice, &crypt(&name, mode::KW), &expected, &[0x42; 32]);
        for (tag_length, tag_len, iv_length) in
            [(0, 16, 12), (16, 16, 12), (12, 12, 12), (16, 16, 7), (16, 16, 32)]
        {
            expected.clear();
            let (aad, iv) = ([0x42; 5], [0x1F; 32]);
            let gcm = Mode::Gcm { tag_len, aad: &aad };
            key.encrypt(gcm, Padding::None, &iv[..iv_length], &[0x42; 27], &mut expected).unwrap();
            let iv_length = iv_length as u8;
            let request = SymCrypt { tag_length, iv_length, aad_length: 5, ..crypt(&name, mode::GCM) };
            round_trip(&mut alice, &request, &expected, &[0x42; 27]);
        }
    }
}

#[test]
fn requests_that_do_not_fit_the_cipher() {
    let mut alice = alice();
    let aes = |mode| crypt("k7", mode);
    let data = |length: usize| SecretTail::from(vec![1; length]);
    let malformed = [
        SymCrypt { direction: 1, ..aes(mode::ECB) },
        SymCrypt { mode: 0, ..aes(0) },
        SymCrypt { mode: 4, ..aes(0) },
        SymCrypt { padding: 3, ..aes(mode::ECB) },
        SymCrypt { iv_length: 16, ..aes(mode::ECB) },
        SymCrypt { iv_length: 8, ..aes(mode::CBC) },
        SymCrypt { iv_length: 33, ..aes(mode::GCM) },
        SymCrypt { iv_length: 255, ..aes(mode::CBC) },
        SymCrypt { iv_length: 0, ..aes(mode::GCM) },
        SymCrypt { iv_length: 12, tag_length: 5, ..aes(mode::GCM) },
        SymCrypt { iv_length: 12, tag_length: 17, ..aes(mode::GCM) },
        SymCrypt { iv_length: 12, aad_length: 33, ..aes(mode::GCM) },
        SymCrypt { iv_length: 12, aad_length: u32::MAX, ..aes(mode::GCM) },
        SymCrypt { aad_length: 1, ..aes(mode::ECB) },
        SymCrypt { tag_length: 16, ..aes(mode::ECB) },
        SymCrypt { data: data(31), ..aes(mode::ECB) },
        SymCrypt { data: data(31), ..aes(mode::KW) },
        SymCrypt { data: data(8), ..aes(mode::KW) },
        SymCrypt { padding: padding::PKCS5, iv_length: 16, ..aes(mode::CTR) },
        SymCrypt { iv_length: 8, ..crypt("k1", mode::CTR) },
        SymCrypt { iv_length: 12, ..crypt("k3", mode::GCM) },
        crypt("k3", mode::KW),
    ];
    for request in malformed {
        assert_eq!(alice.call(&request).map(drop), Err(MALFORMED), "{request:?}");
    }
    for name in ["hmac", "rsa"] {
        assert_eq!(alice.call(&crypt(name, 0)).map(drop), Err(BAD_KEY), "the key comes first");
    }
}

/// Padding, GCM tags and key-wrap checks that are wrong.
#[test]
fn what_does_not_decrypt_says_so() {
    let mut alice = alice();
    let decrypt = |mode, padding, iv_length, data: Vec<u8>| SymCrypt {
        direction: mode::DECRYPT,
        padding,
        iv_length,
        data: data.into(),
        ..crypt("k7", mode)
    };
    let sealed = alice.call(&crypt("k7", mode::ECB)).unwrap().expose().to_vec();
    let padding_wrong = Err(Status::ERR_PADDING_CHECK_FAILED);
    assert_eq!(alice.call(&decrypt(mode::ECB, padding::PKCS5, 0, sealed)).map(drop), padding_wrong);
    assert_eq!(alice.call(&decrypt(mode::ECB, padding::PKCS5, 0, vec![])).map(drop), padding_wrong);
    assert_eq!(alice.call(&decrypt(mode::GCM, padding::NONE, 12, vec![7; 40])).map(drop), Err(FAILED));
    assert_eq!(alice.call(&decrypt(mode::GCM, padding::NONE, 12, vec![7; 15])).map(drop), Err(MALFORMED));
    assert_eq!(alice.call(&decrypt(mode::KW, padding::NONE, 0, vec![7; 40])).map(drop), Err(FAILED));
    let largest = vec![0; (1 << 20) + 3984];
    assert!(alice.call(&SymCrypt { data: largest.into(), ..crypt("k7", mode::ECB) }).is_ok(), "a mebibyte");
}

/// Every MAC, in one go and over a stream.
#[test]
fn macs_do_what_the_library_does() {
    let device = Device::new();
    device.user("alice", 0);
    let hmacs = [
        (hash::HMAC_MD5, HashAlg::Md5),
        (hash::HMAC_SHA1, HashAlg::Sha1),
        (hash::HMAC_SHA2_224, HashAlg::Sha224),
        (hash::HMAC_SHA2_256, HashAlg::Sha256),
        (hash::HMAC_SHA2_384, HashAlg::Sha384),
        (hash::HMAC_SHA2_512, HashAlg::Sha512),
        (hash::HMAC_SHA3_224, HashAlg::Sha3_224),
        (hash::HMAC_SHA3_256, HashAlg::Sha3_256),
        (hash::HMAC_SHA3_384, HashAlg::Sha3_384),
        (hash::HMAC_SHA3_512, HashAlg::Sha3_512),
    ];
    let message = vec![0x33; 3000];
    let mut cases = Vec::new();
    for (number, alg) in hmacs {
        let name = format!("h{number}");
        device.key("alice", &name, (number.into(), &HMAC), attribute::AUP_MAC);
        cases.push((name, number, mac::hmac(alg, &HMAC, &message).to_vec()));
    }
    for (algorithm, alg, block) in &CIPHERS[1..] {
        let (name, bytes) = (format!("k{algorithm}"), &BYTES[..alg.key_len()]);
        device.key("alice", &name, (*algorithm, bytes), 0);
        let number = if *block == 16 { hash::CMAC_AES } else { hash::CMAC_DES };
        let mut cmac = mac::Cmac::new(*alg, bytes).unwrap();
        cmac.update(&message).unwrap();
        cases.push((name, number, cmac.finish().unwrap().to_vec()));
    }
    let mut alice = device.login("alice");
    for (name, algorithm, expected) in cases {
        let whole = Mac { name: object(&name), algorithm, data: message.clone().into() };
        assert_eq!(alice.call(&whole).unwrap()[..], expected, "{name}");
        let ticket = alice.call(&HashStart { algorithm, key: object(&name) }).unwrap().ticket;
        for piece in message.chunks(2048) {
            let data = ShortTail::new(piece).unwrap();
            alice.call(&HashCont { ticket, length: piece.len() as u16, data }).unwrap();
        }
        assert_eq!(alice.call(&HashEnd { ticket }).unwrap()[..], expected, "{name}");
    }
}

/// A MAC needs a key of its kind; unknown algorithms are said after the key's being there.
#[test]
fn macs_need_a_key_of_their_kind() {
    let mut alice = alice();
    let mut both = |name: &str, algorithm| {
        let start = alice.call(&HashStart { algorithm, key: object(name) }).map(drop);
        (alice.call(&Mac { name: object(name), algorithm, data: vec![].into() }).map(drop), start)
    };
    let wrong = [
        ("hmac", hash::HMAC_SHA1),
        ("hmac", hash::CMAC_AES),
        ("k7", hash::CMAC_DES),
        ("k7", hash::HMAC_SHA2_256),
        ("k3", hash::CMAC_AES),
        ("k1", hash::CMAC_DES),
        ("rsa", hash::CMAC_AES),
    ];
    for (name, algorithm) in wrong {
        assert_eq!(both(name, algorithm), (Err(BAD_KEY), Err(BAD_KEY)), "{name} {algorithm}");
    }
    assert_eq!(both("none", hash::CMAC_AES), (Err(MISSING), Err(MISSING)));
    for unknown in [0, 12, 91, 102, hash::IDENTITY_FUNC] {
        assert_eq!(both("hmac", unknown), (Err(BAD_HASH), Err(BAD_HASH)), "{unknown}");
        assert_eq!(both("none", unknown), (Err(MISSING), Err(BAD_HASH)), "{unknown}");
    }
    assert_eq!(both("hmac", hash::SHA2_256), (Err(BAD_HASH), Err(MALFORMED)), "a plain hash takes no key");
    assert_eq!(both("", hash::SSL_SHA1_MD5).1, Err(BAD_HASH), "two hashes are no stream");
}

/// Plain hashes over a stream, several at once.
#[test]
fn hashes_run_side_by_side() {
    let mut alice = alice();
    let hashes = [
        (hash::MD5, HashAlg::Md5),
        (hash::SHA1, HashAlg::Sha1),
        (hash::SHA2_224, HashAlg::Sha224),
        (hash::SHA2_256, HashAlg::Sha256),
        (hash::SHA2_384, HashAlg::Sha384),
        (hash::SHA2_512, HashAlg::Sha512),
        (hash::SHA3_224, HashAlg::Sha3_224),
        (hash::SHA3_256, HashAlg::Sha3_256),
        (hash::SHA3_384, HashAlg::Sha3_384),
        (hash::SHA3_512, HashAlg::Sha3_512),
    ];
    let start = |peer: &mut Peer, algorithm| peer.call(&HashStart { algorithm, key: object("") });
    let running: Vec<_> =
        hashes.map(|(number, alg)| (start(&mut alice, number).unwrap().ticket, alg)).into_iter().collect();
    for piece in [&[0x61; 2048][..], b"", b"bc"] {
        for (ticket, _) in &running {
            let data = ShortTail::new(piece).unwrap();
            alice.call(&HashCont { ticket: *ticket, length: piece.len() as u16, data }).unwrap();
        }
    }
    let mut message = vec![0x61; 2048];
    message.extend_from_slice(b"bc");
    for (ticket, alg) in running {
        assert_eq!(alice.call(&HashEnd { ticket }).unwrap()[..], *digest(alg, &message), "{alg:?}");
        assert_eq!(alice.call(&HashEnd { ticket }).map(drop), Err(Status::ERR_INVALID_CTX), "it has ended");
    }
}

/// Tickets, pieces, and sixteen at once.
#[test]
fn streams_have_limits() {
    let mut alice = alice();
    let piece =
        |ticket, length, data: &[u8]| HashCont { ticket, length, data: ShortTail::new(data).unwrap() };
    assert_eq!(alice.call(&piece(0, 3, b"abc")), Err(Status::ERR_INVALID_CTX));
    assert_eq!(alice.call(&piece(0, 4, b"abc")), Err(MALFORMED), "the piece comes before its ticket");
    let mut long = Vec::new();
    long.extend_from_slice(&0u16.to_le_bytes());
    long.extend_from_slice(&2049u16.to_le_bytes());
    long.resize(4 + 2049, 7);
    assert_eq!(alice.frame(HashCont::SPEC.code, false, &long).verdict(), (MALFORMED, false));
    let start = HashStart { algorithm: hash::SHA2_256, key: object("") };
    let tickets: Vec<_> = (0..16).map(|_| alice.call(&start).unwrap().ticket).collect();
    assert_eq!(alice.call(&start).map(drop), Err(Status::ERR_CANNOT_ALLOC_RES));
    assert_eq!(alice.call(&piece(tickets[3], 2, b"abc")), Err(MALFORMED), "and the stream goes on");
    assert_eq!(alice.call(&piece(tickets[3], 3, b"abc")), Ok(()));
    assert_eq!(alice.call(&HashEnd { ticket: tickets[3] }).unwrap()[..], *digest(HashAlg::Sha256, b"abc"));
    assert!(alice.call(&start).is_ok(), "one that ended makes room");
}
