//! The values of the exchanges of one session.

use bancada_conformance::golden::Exchange;
use bancada_wire::codec::{Items, SecretTail, ShortTail, Tail};
use bancada_wire::op::*;
use bancada_wire::status::Status;
use bancada_wire::text::{FixedSecret, ObjectName};

use crate::hold::{fails, holds};
use crate::login::close;

pub(crate) fn name(text: &str) -> ObjectName {
    ObjectName::new(text).unwrap()
}

/// Bytes written in hexadecimal.
pub(crate) fn bytes(text: &str) -> Vec<u8> {
    hex::decode(text).unwrap()
}

/// A field of fixed width that begins with these bytes.
fn field<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut field = [0; N];
    field[..bytes.len()].copy_from_slice(bytes);
    field
}

/// The payload of a record, from where a file holds it alone: keys and signatures are not written down twice.
fn payload(exchange: &Exchange) -> &[u8] {
    &exchange.server[0][8..]
}

const HASH: [u8; 32] = [0x5A; 32];
const RFC_8032_KEY: &str = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
const RFC_8032_SIGNATURE: &str = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                                  085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
const FIPS_197_KEY: &str = "000102030405060708090a0b0c0d0e0f";
const FIPS_197_TEXT: &str = "00112233445566778899aabbccddeeff";
const FIPS_197_CIPHER: &str = "69c4e0d86a7b0430d8cdb78070b4c55a";

pub(crate) fn session(exchange: &Exchange) {
    let key1 = CreateKey { algorithm: 9, attributes: 5, name: name("key1") };
    match exchange.name.as_str() {
        "create an AES key" => holds(exchange, key1, ()),
        "create it again" => fails(exchange, key1, Status::ERR_OBJ_ALREADY_EXISTS),
        "export it" => holds(exchange, ObjExp { name: name("key1"), flags: 0 }, SecretTail::from(&HASH[..])),
        "export what is not there" => {
            let export = ObjExp { name: name("missing"), flags: 0 };
            fails(exchange, export, Status::ERR_CANNOT_OPEN_OBJ);
        }
        "create a P-256 key" => {
            holds(exchange, CreateKey { algorithm: 30, attributes: 5, name: name("ec") }, ());
        }
        "ECC sign" => {
            let hash = ShortTail::new(&HASH).unwrap();
            let signature = Tail::from(payload(exchange));
            assert!(signature.starts_with(&[0x30]), "the sample is no DER signature");
            holds(exchange, EccSign { name: name("ec"), hash_algorithm: 4, hash }, signature);
        }
        "issue a token" => {
            let issue = AToken { operation: 1, key: [0; 16].into(), expiration: u64::MAX };
            holds(exchange, issue, Items(vec![AccessToken { key: [0x5A; 16].into(), expiration: u64::MAX }]));
        }
        "list tokens" => {
            let list = AToken { operation: 3, key: [0; 16].into(), expiration: u64::MAX };
            holds(exchange, list, Items(vec![AccessToken { key: [0x5A; 16].into(), expiration: u64::MAX }]));
        }
        "split a secret" => {
            let parts = [0xB1, 0xB2, 0xB3].map(|part| FixedSecret::from([part; 27]));
            let (secret, entropy) = ([0xA1; 24].into(), [0xA2; 32].into());
            let response = MOfNSplitResponse { secret, entropy, parts: Items(parts.to_vec()) };
            holds(exchange, MOfNSplit { secret: [0; 24].into(), m: 2, n: 3 }, response);
        }
        "close" => close(exchange),
        text if text.contains("EdDSA") || text.contains("Ed25519") => eddsa(exchange),
        text if text.contains("RSA") => rsa(exchange),
        _ => wrapped(exchange),
    }
}

fn wrapped(exchange: &Exchange) {
    let import = |attributes, text, material: &str| {
        let material = SecretTail::from(bytes(material));
        KeyImp { algorithm: 7, attributes, name: name(text), material }
    };
    let wrap = |operation, text, algorithm, attributes, data: &str| KekWrapObj {
        operation,
        mode: 1,
        padding: 0,
        iv: [0; 32],
        kek: name("outer"),
        name: name(text),
        algorithm,
        attributes,
        data: Tail(bytes(data)),
    };
    match exchange.name.as_str() {
        "import a key" => holds(exchange, import(5, "inner", FIPS_197_TEXT), ()),
        "import a wrapping key" => holds(exchange, import(4, "outer", FIPS_197_KEY), ()),
        "export under a key" => {
            holds(exchange, wrap(1, "inner", 0, 0, ""), Tail(bytes(FIPS_197_CIPHER)));
            assert_eq!(exchange.server.len(), 2, "the header comes in a record of its own");
        }
        "import under a key" => {
            holds(exchange, wrap(2, "again", 7, 5, FIPS_197_CIPHER), Tail(Vec::new()));
            assert_eq!(exchange.server.len(), 1);
        }
        "export what was imported" => {
            let export = ObjExp { name: name("again"), flags: 0 };
            holds(exchange, export, SecretTail::from(bytes(FIPS_197_TEXT)));
        }
        name => panic!("no values for {name}"),
    }
}

fn eddsa(exchange: &Exchange) {
    let verify = |message: u8| EddsaVerify {
        name: name("ed"),
        mode: 0,
        signature: field(&bytes(RFC_8032_SIGNATURE)),
        data: Tail(vec![message]),
    };
    match exchange.name.as_str() {
        "import an Ed25519 key" => {
            let material = bytes(&format!("302e020100300506032b657004220420{RFC_8032_KEY}"));
            let material = SecretTail::from(material);
            holds(exchange, KeyImp { algorithm: 201, attributes: 4, name: name("ed"), material }, ());
        }
        "EdDSA sign" => {
            let sign = EddsaSign { name: name("ed"), mode: 0, data: Tail(vec![0x72]) };
            holds(exchange, sign, Tail(bytes(RFC_8032_SIGNATURE)));
        }
        "EdDSA verify" => holds(exchange, verify(0x72), ()),
        "EdDSA verify another message" => fails(exchange, verify(0x73), Status::ERR_INVALID_SIGNATURE),
        name => panic!("no values for {name}"),
    }
}

fn rsa(exchange: &Exchange) {
    let (hash, padding, hash_algorithm) = (field(&HASH), 2, 4);
    match exchange.name.as_str() {
        "import an RSA key" => {
            let key = exchange.client.get(8 + 58..).unwrap();
            assert!(key.starts_with(&[0x30, 0x82]), "the sample is no PKCS#1 key");
            let material = SecretTail::from(key);
            holds(exchange, KeyImp { algorithm: 6, attributes: 5, name: name("rsa"), material }, ());
        }
        "RSA sign" => {
            let signature = Tail::from(payload(exchange));
            assert_eq!(signature.len(), 256);
            holds(exchange, RsaSign { name: name("rsa"), padding, hash_algorithm, hash }, signature);
        }
        "RSA verify" => {
            let signature = ShortTail::new(exchange.client.get(8 + 116..).unwrap()).unwrap();
            let verify = RsaVerify { name: name("rsa"), padding, hash_algorithm, hash, signature };
            holds(exchange, verify, ());
        }
        name => panic!("no values for {name}"),
    }
}
