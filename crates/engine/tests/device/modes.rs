//! docs/device.md §7: what each operating mode approves, for every published algorithm, and what changing it does.

use crate::common::*;
use bancada_crypto::hash::HashAlg;
use bancada_crypto::random::SeededRandom;
use bancada_crypto::{envelope, rsa};
use bancada_engine::MASTER;
use bancada_wire::acl;
use bancada_wire::algorithm::{attribute, hash, key, mode, padding};
use bancada_wire::codec::{SecretTail, ShortTail, Tail};
use bancada_wire::frame::OperatingMode::{self, Nrm, Rm1, Rm2};
use bancada_wire::op::*;
use bancada_wire::status::Status;
use bancada_wire::text::{FixedSecret, FixedText};

const NOT_APPROVED: Status = Status::ERR_NON_APPROVED_OPERATION;
const EXISTS: Status = Status::ERR_OBJ_ALREADY_EXISTS;

/// Bits of the curves 18 to 51, as the vendor header names them.
const CURVES: [u32; 34] = [
    112, 112, 128, 128, 160, 160, 160, 192, 192, 224, 224, 256, 256, 384, 521, 192, 192, 239, 239, 239, 160,
    160, 192, 192, 224, 224, 256, 256, 320, 320, 384, 384, 512, 512,
];
/// The curves the simulator has.
const SIMULATED_CURVES: [u32; 5] = [28, 29, 30, 31, 32];

/// The table of §7 and the list of §5, written down again.
fn expected(algorithm: u32, mode: OperatingMode) -> Status {
    let named = key::ALL.iter().find(|(_, number)| *number == algorithm).map_or("", |(name, _)| *name);
    let rsa_bits = named.strip_prefix("RSA_").and_then(|bits| bits.parse::<u32>().ok());
    let (approved, simulated) = match (algorithm, rsa_bits) {
        (_, Some(bits)) => {
            let approved = match mode {
                Nrm => true,
                Rm1 => bits >= 2048,
                Rm2 => bits == 2048 || bits == 3072,
            };
            (approved, ![512, 1976, 1984].contains(&bits))
        }
        (key::DES | key::DES3_112, _) => (mode != Rm2, true),
        (key::DES3_168 | key::AES_128 | key::AES_192 | key::AES_256, _) => (true, true),
        (18..=51, _) => {
            (mode == Nrm || CURVES[algorithm as usize - 18] >= 224, SIMULATED_CURVES.contains(&algorithm))
        }
        (key::ECX_ED25519 | key::ECX_ED448, _) => (mode != Rm2, algorithm == key::ECX_ED25519),
        (key::ECX_X25519 | key::ECX_X448, _) => (true, algorithm == key::ECX_X25519),
        (key::HMAC_MD5, _) => (mode == Nrm, true),
        (key::HMAC_SHA1, _) => (mode != Rm2, true),
        (94..=101, _) => (true, true),
        (key::ARC4 | key::ARC5 | key::DESX, _) => (mode == Nrm, false),
        _ => return Status::ERR_CANNOT_CREATE_UNKNOWN_OBJ,
    };
    match (approved, simulated) {
        (false, _) => NOT_APPROVED,
        (true, false) => Status::ERR_NOT_IMPLEMENTED,
        (true, true) => Status::SUCCESS,
    }
}

fn alice_in(mode: OperatingMode) -> (Device, Peer) {
    let device = Device::in_mode(mode);
    device.user("alice", 0).key("alice", "taken", (key::AES_128, &AES), attribute::EXPORTABLE_KEY);
    let alice = device.login("alice");
    (device, alice)
}

/// Every number from 0 to 400: a name that is taken shows that the algorithm was approved, without making the key.
#[test]
fn every_algorithm_in_every_mode() {
    for mode in OperatingMode::ALL {
        let (_device, mut alice) = alice_in(mode);
        for algorithm in (0..400).chain([1 << 31, u32::MAX]) {
            let request = CreateKey { algorithm, attributes: 0, name: object("taken") };
            let expected = match expected(algorithm, mode) {
                Status::SUCCESS => EXISTS,
                status => status,
            };
            assert_eq!(alice.call(&request), Err(expected), "{algorithm} in {}", mode.name());
        }
    }
}

/// The same for imports, private and public; RSA sizes that are not made can be imported.
#[test]
fn imports_in_every_mode() {
    for mode in OperatingMode::ALL {
        let (_device, mut alice) = alice_in(mode);
        for algorithm in 0..400 {
            let mut import = |algorithm| {
                let (name, material) = (object("taken"), SecretTail::default());
                alice.call(&KeyImp { algorithm, attributes: 0, name, material }).unwrap_err()
            };
            let made = match expected(algorithm, mode) {
                Status::SUCCESS => EXISTS,
                Status::ERR_NOT_IMPLEMENTED if [key::RSA_1976, key::RSA_1984].contains(&algorithm) => EXISTS,
                status => status,
            };
            // Restricted modes take RSA private keys in PKCS#8 envelopes only, and say so where the algorithm is named.
            let is_rsa = matches!(algorithm, 4..=6 | 11 | 121..=124 | 126..=131);
            let private = if is_rsa && mode != Nrm { NOT_APPROVED } else { made };
            assert_eq!(import(algorithm), private, "{algorithm} in {}", mode.name());
            let is_pair = matches!(algorithm, 4..=6 | 11 | 18..=51 | 121..=124 | 126..=131 | 201..=204);
            let public = if is_pair || made == NOT_APPROVED || made == Status::ERR_NOT_IMPLEMENTED {
                made
            } else {
                Status::ERR_CANNOT_CREATE_UNKNOWN_OBJ
            };
            assert_eq!(import(algorithm | key::PUBLIC), public, "{algorithm} public in {}", mode.name());
        }
    }
}

/// Keys whose size only their bytes tell are looked at when they are read.
#[test]
fn families_are_approved_by_what_they_hold() {
    let small = RSA_1024.to_pkcs8().unwrap();
    let sealed = envelope::encrypt_pkcs8(&small, b"12345678", &mut SeededRandom::from_u64(1)).unwrap();
    for mode in OperatingMode::ALL {
        let (_device, mut alice) = alice_in(mode);
        let request = P8Import {
            algorithm: key::IMPORT_P8,
            attributes: 0,
            name: object("small"),
            password: FixedSecret::new("12345678").unwrap(),
            envelope: Tail(sealed.clone()),
        };
        let outcome = if mode == Nrm { Ok(()) } else { Err(NOT_APPROVED) };
        assert_eq!(alice.call(&request), outcome, "{}", mode.name());
        let edwards = ed25519().1;
        let (name, material) = (object("ed"), SecretTail::from(edwards));
        let request = KeyImp { algorithm: key::IMPORT_ECX, attributes: 0, name, material };
        assert_eq!(alice.call(&request), if mode == Rm2 { Err(NOT_APPROVED) } else { Ok(()) });
    }
}

/// Sizes nobody can make here, but import.
#[test]
fn rsa_of_an_odd_size_can_be_imported() {
    let (_device, mut alice) = alice_in(Nrm);
    let unusual = rsa::RsaPrivateKey::generate(1536, 65_537).unwrap();
    let material = SecretTail::from(unusual.to_pkcs8().unwrap().to_vec());
    let request = KeyImp { algorithm: key::IMPORT_RSA, attributes: 0, name: object("unusual"), material };
    assert_eq!(alice.call(&request), Ok(()));
    let info = alice.call(&ObjectInfo { name: object("unusual") }).unwrap();
    assert_eq!((info.algorithm, info.key_bits), (key::RSA_1536, 1536));
}

/// RSA private keys travel in PKCS#8 envelopes only; public halves and other keys as ever.
#[test]
fn restricted_modes_take_and_give_rsa_in_envelopes_only() {
    for mode in OperatingMode::ALL {
        let (device, mut alice) = alice_in(mode);
        for (name, (algorithm, material)) in [("rsa", rsa()), ("ec", p256())] {
            device.key("alice", name, (algorithm, &material), attribute::EXPORTABLE_KEY);
        }
        let outcome = if mode == Nrm { Ok(()) } else { Err(NOT_APPROVED) };
        let import = |algorithm, name: &str, material: Vec<u8>| KeyImp {
            algorithm,
            attributes: 0,
            name: object(name),
            material: material.into(),
        };
        for (number, algorithm) in [key::RSA_2048, key::IMPORT_RSA, key::IMPORT_P8].into_iter().enumerate() {
            assert_eq!(alice.call(&import(algorithm, &format!("in{number}"), rsa().1)), outcome);
        }
        let spki = RSA.public_key().unwrap().to_spki();
        assert_eq!(alice.call(&import(key::RSA_2048 | key::PUBLIC, "pub", spki)), Ok(()));
        assert_eq!(alice.call(&import(key::ECC_SECP256R1, "ec_in", p256().1)), Ok(()));
        let export = |name| ObjExp { name: object(name), flags: 0 };
        assert_eq!(alice.call(&export("rsa")).map(drop), outcome);
        assert!(alice.call(&export("pub")).is_ok() && alice.call(&export("ec")).is_ok());
        assert!(alice.call(&AsymExp { name: object("rsa"), x509: false }).is_ok());
        assert!(alice.call(&P8Export { name: object("rsa"), password: password(PASSWORD) }).is_ok());
        let wrap = |operation, name, algorithm, data: Tail| KekWrapObj {
            operation,
            mode: mode::CBC,
            padding: padding::PKCS5,
            iv: [0; 32],
            kek: object("taken"),
            name: object(name),
            algorithm,
            attributes: 0,
            data,
        };
        assert_eq!(alice.call(&wrap(KEK_EXPORT, "rsa", 0, Tail::default())).map(drop), outcome);
        let wrapped = alice.call(&wrap(KEK_EXPORT, "ec", 0, Tail::default())).unwrap();
        assert_eq!(alice.call(&wrap(KEK_IMPORT, "ec_back", key::IMPORT_P8, wrapped)).map(drop), Ok(()));
        let aes = bancada_crypto::cipher::SymKey::new(bancada_crypto::cipher::SymAlg::Aes128, &AES).unwrap();
        let mut wrapped = Vec::new();
        let (cbc, pkcs5) = (bancada_crypto::cipher::Mode::Cbc, bancada_crypto::cipher::Padding::Pkcs5);
        aes.encrypt(cbc, pkcs5, &[0; 16], &rsa().1, &mut wrapped).unwrap();
        let back = wrap(KEK_IMPORT, "rsa_back", key::IMPORT_P8, Tail(wrapped));
        assert_eq!(alice.call(&back).map(drop), outcome);
    }
}

/// Modes of operation of block ciphers; the operating mode comes before lengths and values.
#[test]
fn cipher_modes_in_every_mode() {
    for operating in OperatingMode::ALL {
        let (device, mut alice) = alice_in(operating);
        device.key("alice", "des3", (key::DES3_168, &[7; 24]), 0);
        let mut crypt = |name: &str, mode, iv_length, aad_length| {
            let request = SymCrypt {
                name: object(name),
                direction: mode::ENCRYPT,
                mode,
                padding: padding::NONE,
                tag_length: 0,
                iv_length,
                iv: [1; 32],
                aad_length,
                data: SecretTail::from(&[0; 16][..]),
            };
            alice.call(&request).map(drop)
        };
        for (name, block) in [("taken", 16), ("des3", 8)] {
            assert_eq!(crypt(name, mode::ECB, 0, 0), Ok(()));
            assert_eq!(crypt(name, mode::CBC, block, 0), Ok(()));
        }
        assert_eq!(crypt("taken", mode::CTR, 16, 0), Ok(()));
        let restricted = if operating == Nrm { Ok(()) } else { Err(NOT_APPROVED) };
        assert_eq!(crypt("taken", mode::GCM, 12, 0), restricted);
        assert_eq!(crypt("taken", mode::KW, 0, 0), restricted);
        let malformed = Err(Status::ERR_INVALID_PAYLOAD);
        let first = if operating == Nrm { malformed } else { Err(NOT_APPROVED) };
        assert_eq!(crypt("taken", mode::GCM, 12, 99), first);
        assert_eq!(crypt("des3", mode::CTR, 8, 0), first);
        assert_eq!(crypt("taken", 0, 0, 0), malformed, "an unknown number is a value");
    }
}

/// Hashes that are signed, streamed or named in requests; an unknown one is 5537 in every mode.
#[test]
fn hashes_in_every_mode() {
    for mode in OperatingMode::ALL {
        let (device, mut alice) = alice_in(mode);
        for (name, (algorithm, material)) in [("rsa", rsa()), ("ec", p256())] {
            device.key("alice", name, (algorithm, &material), 0);
        }
        let allowed = |number: u8| match number {
            hash::MD5 | hash::SSL_SHA1_MD5 if mode != Nrm => Err(NOT_APPROVED),
            hash::SHA1 if mode == Rm2 => Err(NOT_APPROVED),
            1..=11 => Ok(()),
            _ => Err(Status::ERR_INVALID_HASH),
        };
        let lengths = [16, 20, 36, 32, 48, 64, 28, 28, 32, 48, 64];
        for number in 0..=13 {
            let hash_algorithm = number;
            let length =
                usize::from(number).checked_sub(1).and_then(|row| lengths.get(row)).copied().unwrap_or(20);
            let hash = ShortTail::new(&vec![1; length]).unwrap();
            let signed = alice.call(&EccSign { name: object("ec"), hash_algorithm, hash }).map(drop);
            assert_eq!(signed, allowed(number), "ECDSA {number} in {}", mode.name());
            let request =
                RsaSign { name: object("rsa"), padding: RSA_PAD_PKCS1, hash_algorithm, hash: [1; 64] };
            assert_eq!(alice.call(&request).map(drop), allowed(number), "RSA {number} in {}", mode.name());
            let verify = RsaVerify {
                name: object("rsa"),
                padding: RSA_PAD_PKCS1,
                hash_algorithm,
                hash: [1; 64],
                signature: ShortTail::new(&[1; 256]).unwrap(),
            };
            let verified = allowed(number).and(Err(Status::ERR_INVALID_SIGNATURE));
            assert_eq!(alice.call(&verify), verified, "RSA {number} in {}", mode.name());
            if number != hash::SSL_SHA1_MD5 {
                let stream = alice.call(&HashStart { algorithm: number, key: object("") });
                if let Ok(HashStartResponse { ticket }) = stream {
                    alice.call(&HashEnd { ticket }).unwrap();
                }
                assert_eq!(stream.map(drop), allowed(number), "stream {number} in {}", mode.name());
            }
        }
        let csr = P10Csr {
            name: object("ec"),
            version: 0,
            subject: FixedText::new("/CN=a").unwrap(),
            hash: ShortTail::new(&[1]).unwrap(),
        };
        assert_eq!(alice.call(&csr).map(drop), allowed(hash::SHA1), "a request signed with SHA-1");
    }
}

/// CMAC and HMAC of what is approved; RSA decryption only where nothing is restricted.
#[test]
fn macs_and_decryption_in_every_mode() {
    for mode in OperatingMode::ALL {
        let (device, mut alice) = alice_in(mode);
        device.key("alice", "rsa", (rsa().0, &rsa().1), 0);
        device.key("alice", "hmac", (key::HMAC_SHA3_256, &HMAC), 0);
        let mac = |name, algorithm| Mac { name: object(name), algorithm, data: vec![1].into() };
        assert!(alice.call(&mac("taken", hash::CMAC_AES)).is_ok());
        assert!(alice.call(&mac("hmac", hash::HMAC_SHA3_256)).is_ok());
        let outcome = if mode == Nrm { Ok(()) } else { Err(NOT_APPROVED) };
        let public = RSA.public_key().unwrap();
        let block = public.encrypt_oaep(HashAlg::Sha256, &[], b"x").unwrap().into();
        let oaep = padding::RSA_OAEP;
        let decrypt =
            RsaDecrypt { name: object("rsa"), padding: oaep, hash_algorithm: hash::SHA2_256, block };
        assert_eq!(alice.call(&decrypt).map(drop), outcome);
        let open = AsymEnc { name: object("rsa"), block: public.encrypt_pkcs1(b"x").unwrap().into() };
        assert_eq!(alice.call(&open).map(drop), outcome);
    }
}

/// Changing the mode wipes users, objects, grants, policy and tokens; master has its factory password again.
#[test]
fn another_mode_is_an_empty_database() {
    let device = Device::new();
    device.user("alice", 0).user("bob", 0).key("alice", "key", (key::AES_128, &AES), 0);
    device.grant("alice", "bob", acl::OBJ_READ);
    let mut policy = device.master().call(&GetPwdPolicy).unwrap();
    policy.min_length = 10;
    let mut other = device.master();
    other.call(&SetPwdPolicy { policy }).unwrap();
    other.call(&ChangePwd { password: password("another-pwd") }).unwrap();
    let token = issue(&mut other, A_TOKEN_INFINITE);
    let (mut alice, mut master) = (device.login("alice"), device.login_with(MASTER, "another-pwd"));
    let mut anonymous = device.anonymous();
    let unknown = master.verdict(&SetOpMode { mode: 3 });
    assert_eq!(unknown, (Status::ERR_INVALID_PAYLOAD, false));
    assert_eq!(alice.verdict(&SetOpMode { mode: 1 }), (Status::ERR_ACCESS_DENIED, false));
    assert_eq!(
        master.verdict(&SetOpMode { mode: Nrm.number() }),
        (Status::SUCCESS, false),
        "the current mode"
    );
    assert_eq!(alice.call(&Ping), Ok(()), "changes nothing");
    assert_eq!(master.verdict(&SetOpMode { mode: Rm2.number() }), (Status::SUCCESS, true));
    for peer in [&mut alice, &mut other] {
        assert_eq!(peer.verdict(&Ping), (Status::ERR_USR_NOT_FOUND, true), "others find their user gone");
    }
    let info = anonymous.call(&ServerInfo).unwrap();
    assert_eq!((info.mode, info.users, info.objects), (2, 1, 0), "an anonymous session goes on");
    assert_eq!(device.connect().login(MASTER, "another-pwd"), Err(Status::ERR_ACCESS_DENIED));
    let mut by_token = device.connect_for(true);
    assert_eq!(by_token.login_token(MASTER, &token), Err(Status::ERR_ACCESS_DENIED));
    let mut master = device.master();
    assert_eq!(master.call(&GetPwdPolicy).unwrap().min_length, 0);
    assert_eq!(master.call(&UserInfo { user: user("alice") }), Err(Status::ERR_USR_NOT_FOUND));
    device.user("alice", 0).user("bob", 0);
    let grants = device.login("alice").call(&ListGrants { user: user(""), direction: 2 }).unwrap();
    assert_eq!(grants.0, []);
}
