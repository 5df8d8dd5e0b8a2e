//! The values of the requests the vendor's client was seen to write.

use bancada_conformance::golden::Capture;
use bancada_wire::codec::{Items, SecretTail, ShortTail, Tail};
use bancada_wire::frame::Header;
use bancada_wire::op::*;
use bancada_wire::text::{FixedSecret, FixedText, ObjectName, Password, UserNameZ};

use crate::hold::asks;
use crate::session::name;

/// Holds a capture to our encoder and decoder; `false` when it is of an operation we do not have.
pub(crate) fn capture(capture: &Capture) -> bool {
    let header = Header::from_bytes(*capture.request.first_chunk().unwrap());
    let Some(spec) = spec(header.id) else { return false };
    assert_eq!(spec.name, capture.operation, "{}", capture.call);
    match capture.call.split_once('.').unwrap() {
        ("key", _) => key(capture),
        ("user", _) => user(capture),
        ("cryptography", _) => cryptography(capture),
        _ => hash(capture),
    }
    true
}

fn is<O: Operation + PartialEq + std::fmt::Debug>(capture: &Capture, request: &O) {
    asks(&capture.call, &capture.request, request);
}

/// `bytes(n)` of a call.
fn z(count: usize) -> Vec<u8> {
    vec![0x5A; count]
}

/// `bytes(n)` in a field of fixed width.
fn z_in<const N: usize>(count: usize) -> [u8; N] {
    let mut field = [0; N];
    field[..count].fill(0x5A);
    field
}

fn key(capture: &Capture) {
    let key1 = || name("key1");
    match capture.call.as_str() {
        r#"key.create("key1",9,true,true)"# => {
            is(capture, &CreateKey { algorithm: 9, attributes: 5, name: key1() });
        }
        r#"key.exportAsymmetricPub("key1")"# => is(capture, &AsymExp { name: key1(), x509: false }),
        r#"key.exportAsymmetricPub("key1",true)"# => is(capture, &AsymExp { name: key1(), x509: true }),
        r#"key.import("key1",9,bytes(32),true,false)"# => {
            let material = SecretTail::from(z(32));
            is(capture, &KeyImp { algorithm: 9, attributes: 1, name: key1(), material });
        }
        r#"key.exportSymmetric("key1")"# => is(capture, &ObjExp { name: key1(), flags: 0 }),
        r#"key.importCertificate("c1",bytes(10))"# => {
            is(capture, &CreateBlob { name: name("c1"), length: 10, data: Tail(z(10)) });
        }
        r#"key.exportPKCS8("key1","12345678")"# => {
            is(capture, &P8Export { name: key1(), password: Password::new("12345678").unwrap() });
        }
        call if call.starts_with("key.importPKCS8") => {
            // 30 bytes of DER, then 10 zeros: the client counts the 40 characters of their Base64.
            let envelope = Tail([z(30), vec![0; 10]].concat());
            let password = FixedSecret::new("12345678").unwrap();
            is(capture, &P8Import { algorithm: 6, attributes: 0, name: key1(), password, envelope });
        }
        call if call.starts_with("key.generatePKCS10") => csr(capture),
        _ => wrap(capture),
    }
}

fn csr(capture: &Capture) {
    let (subject, hash): (&str, &[u8]) = match capture.call.as_str() {
        r#"key.generatePKCS10("key1",{CN:"a/b",OU:"x"})"# => (r"/CN=a\/b/OU=x", &[]),
        r#"key.generatePKCS10("key1",{CN:"a"},3)"# => ("/CN=a", &[3]),
        call => panic!("no values for {call}"),
    };
    let (subject, hash) = (FixedText::new(subject).unwrap(), ShortTail::new(hash).unwrap());
    is(capture, &P10Csr { name: name("key1"), version: 0, subject, hash });
}

fn wrap(capture: &Capture) {
    let mut iv = [0; 32];
    let (operation, mode, algorithm, attributes, data) = match capture.call.as_str() {
        r#"key.exportKekWrap(2,1,"key1","kek1","00112233445566778899aabbccddeeff")"# => {
            (0..16).for_each(|at| iv[at] = at as u8 * 0x11);
            (1, 2, 0, 0, Vec::new())
        }
        r#"key.importKekWrap(1,1,"key1","kek1",9,bytes(32),undefined,true,true)"# => (2, 1, 9, 5, z(32)),
        call => panic!("no values for {call}"),
    };
    let (kek, name, data) = (name("kek1"), name("key1"), Tail(data));
    is(capture, &KekWrapObj { operation, mode, padding: 1, iv, kek, name, algorithm, attributes, data });
}

fn user(capture: &Capture) {
    let bob = || UserNameZ::new("bob").unwrap();
    let tokens = |operation, key: u8, expiration| AToken { operation, key: [key; 16].into(), expiration };
    match capture.call.as_str() {
        r#"user.create("bob","12345678",[1,4])"# => {
            is(capture, &CreateUsr { user: bob(), password: FixedSecret::new("12345678").unwrap(), acl: 5 });
        }
        r#"user.remove("bob")"# => is(capture, &DeleteUsr { commit: 1, user: bob() }),
        r#"user.changePassword("12345678")"# => {
            is(capture, &ChangePwd { password: Password::new("12345678").unwrap() });
        }
        "user.generateToken()" => is(capture, &tokens(1, 0, u64::MAX)),
        "user.generateToken(Date(1700000000000))" => is(capture, &tokens(1, 0, 1_700_000_000_000)),
        "user.listTokens()" => is(capture, &tokens(3, 0, u64::MAX)),
        "user.revokeToken(base64(bytes(32)))" => is(capture, &tokens(2, 0x5A, u64::MAX)),
        call => panic!("no values for {call}"),
    }
}

fn cryptography(capture: &Capture) {
    let name = name("key1");
    let (hash, hash_algorithm) = (z_in(32), 4);
    match capture.call.as_str() {
        r#"cryptography.dataUnenvelop("key1",bytes(256))"# => {
            is(capture, &AsymEnc { name, block: Tail(z(256)) });
        }
        r#"cryptography.eccSign("key1",4,bytes(32))"# => {
            is(capture, &EccSign { name, hash_algorithm, hash: ShortTail::new(&z(32)).unwrap() });
        }
        r#"cryptography.eccVerify("key1",4,bytes(32),bytes(70))"# => {
            let signature = ShortTail::new(&z(70)).unwrap();
            is(capture, &EccVerify2 { name, padding: 0, hash_algorithm, hash, signature });
        }
        r#"cryptography.rsaSign("key1",4,bytes(32),2)"# => {
            is(capture, &RsaSign { name, padding: 2, hash_algorithm, hash });
        }
        r#"cryptography.rsaVerify("key1",4,2,bytes(32),bytes(256))"# => {
            let signature = ShortTail::new(&z(256)).unwrap();
            is(capture, &RsaVerify { name, padding: 2, hash_algorithm, hash, signature });
        }
        r#"cryptography.eddsaSign("key1",bytes(5))"# => {
            is(capture, &EddsaSign { name, mode: 0, data: Tail(z(5)) });
        }
        r#"cryptography.eddsaVerify("key1",bytes(5),bytes(64))"# => {
            is(capture, &EddsaVerify { name, mode: 0, signature: z_in(64), data: Tail(z(5)) });
        }
        "cryptography.mOfnSplit(2,3)" => is(capture, &MOfNSplit { secret: [0; 24].into(), m: 2, n: 3 }),
        "cryptography.mOfNRecover([bytes(27),bytes(27)])" => {
            is(capture, &MOfNRecover { parts: Items(vec![[0x5A; 27].into(), [0x5A; 27].into()]) });
        }
        call => panic!("no values for {call}"),
    }
}

fn hash(capture: &Capture) {
    match capture.call.as_str() {
        "hash.create(4)" => is(capture, &HashStart { algorithm: 4, key: ObjectName::EMPTY }),
        "hash.hashData([1, 0],bytes(3))" => {
            is(capture, &HashCont { ticket: 1, length: 3, data: ShortTail::new(&z(3)).unwrap() });
        }
        "hash.get([1, 0])" => is(capture, &HashEnd { ticket: 1 }),
        call => panic!("no values for {call}"),
    }
}
