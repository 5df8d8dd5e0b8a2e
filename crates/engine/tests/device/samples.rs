//! One valid request for every operation: a missing one does not compile.

use crate::common::*;
use bancada_crypto::hash::HashAlg;
use bancada_crypto::random::SeededRandom;
use bancada_crypto::{Zeroizing, envelope, threshold};
use bancada_engine::seed::{Seed, SeedKey, SeedOtp, SeedUser};
use bancada_wire::acl;
use bancada_wire::algorithm::{attribute, hash, key, mode, padding};
use bancada_wire::codec::{Items, SecretTail, ShortTail, Tail};
use bancada_wire::frame::OperatingMode;
use bancada_wire::op::*;
use bancada_wire::status::Status;
use bancada_wire::text::{FixedSecret, FixedText};

/// The hash every sample signs.
pub(crate) const HASH: [u8; 32] = [0x48; 32];
/// Seed of the one-time passwords of `otto`.
pub(crate) const OTP_SEED: [u8; 20] = *b"12345678901234567890";

/// A request that the device of [`bench`] grants.
pub(crate) trait Sample: Operation {
    /// Objects it uses, each of which refuses it when it is blocked.
    const USES: &'static [&'static str];
    /// The request, in an operating mode.
    fn sample(mode: OperatingMode) -> Self;
    /// What the session must have done before.
    fn prepare(peer: &mut Peer);
    /// What the device answers when it comes as far as the operation itself.
    fn outcome(mode: OperatingMode) -> Status;
}

macro_rules! samples {
    ($($operation:ident $([$($used:literal),*])? $(after $prepare:expr)? $(, gives $outcome:expr)? => $sample:expr;)*) => {
        $(impl Sample for $operation {
            const USES: &'static [&'static str] = &[$($($used),*)?];
            fn sample(mode: OperatingMode) -> Self {
                let sample: fn(OperatingMode) -> Self = $sample;
                sample(mode)
            }
            fn prepare(peer: &mut Peer) {
                let steps: &[fn(&mut Peer)] = &[$($prepare)?];
                steps.iter().for_each(|step| step(peer));
            }
            fn outcome(mode: OperatingMode) -> Status {
                let outcomes: &[fn(OperatingMode) -> Status] = &[$($outcome)?];
                outcomes.first().map_or(Status::SUCCESS, |outcome| outcome(mode))
            }
        })*
    };
}

/// Padded to the field of an RSA or ECC hash.
fn hash_field() -> [u8; 64] {
    let mut field = [0; 64];
    field[..HASH.len()].copy_from_slice(&HASH);
    field
}

/// Ed25519 keys cannot be there in RM2.
fn no_eddsa_in_rm2(mode: OperatingMode) -> Status {
    if mode == OperatingMode::Rm2 { Status::ERR_CANNOT_OPEN_OBJ } else { Status::SUCCESS }
}

fn start_hash(peer: &mut Peer) {
    let start = HashStart { algorithm: hash::SHA2_256, key: object("") };
    assert_eq!(peer.call(&start).unwrap().ticket, 0);
}

fn policy() -> PwdPolicy {
    PwdPolicy {
        max_invalid_logins: 3,
        expiration_days: 30,
        history: 2,
        min_length: 9,
        min_special: 1,
        min_upper: 1,
        min_lower: 1,
    }
}

samples! {
    CreateKey => |_| CreateKey { algorithm: key::AES_256, attributes: 0, name: object("made") };
    AsymEnc ["rsa"] => |_| AsymEnc {
        name: object("rsa"),
        block: Tail(RSA.public_key().unwrap().encrypt_pkcs1(b"enveloped").unwrap()),
    };
    AsymExp ["rsa"] => |_| AsymExp { name: object("rsa"), x509: true };
    HashStart => |_| HashStart { algorithm: hash::SHA2_256, key: object("") };
    HashCont after start_hash => |_| HashCont { ticket: 0, length: 3, data: ShortTail::new(b"abc").unwrap() };
    HashEnd after start_hash => |_| HashEnd { ticket: 0 };
    Authenticate => |_| Authenticate;
    ChangePwd => |_| ChangePwd { password: password("another-1") };
    KeyImp => |_| KeyImp {
        algorithm: key::AES_128,
        attributes: 0,
        name: object("imported"),
        material: SecretTail::from(&AES[..]),
    };
    ObjExp ["aes"] => |_| ObjExp { name: object("aes"), flags: 0 };
    CreateUsr => |_| CreateUsr { user: user_z("newbie"), password: FixedSecret::new(PASSWORD).unwrap(), acl: 0 };
    DeleteUsr => |_| DeleteUsr { commit: DELETE_COMMIT, user: user_z("victim") };
    CreateBlob => |_| CreateBlob { name: object("blob"), length: 4, data: Tail(b"blob".to_vec()) };
    EccSign ["ec"] => |_| EccSign {
        name: object("ec"),
        hash_algorithm: hash::SHA2_256,
        hash: ShortTail::new(&HASH).unwrap(),
    };
    KekWrapObj ["aes", "kek"] => |_| KekWrapObj {
        operation: KEK_EXPORT,
        mode: mode::CBC,
        padding: padding::PKCS5,
        iv: [1; 32],
        kek: object("kek"),
        name: object("aes"),
        algorithm: 0,
        attributes: 0,
        data: Tail::default(),
    };
    P10Csr ["ec"] => |_| P10Csr {
        name: object("ec"),
        version: 0,
        subject: FixedText::new("/CN=bench").unwrap(),
        hash: ShortTail::new(&[3]).unwrap(),
    };
    P8Export ["ec"] => |_| P8Export { name: object("ec"), password: password(PASSWORD) };
    P8Import => |_| P8Import {
        algorithm: key::IMPORT_P8,
        attributes: attribute::EXPORTABLE_KEY,
        name: object("opened"),
        password: FixedSecret::new(PASSWORD).unwrap(),
        envelope: Tail(
            envelope::encrypt_pkcs8(&rsa().1, PASSWORD.as_bytes(), &mut SeededRandom::from_u64(8)).unwrap(),
        ),
    };
    AToken => |_| AToken { operation: A_TOKEN_LIST, key: [0; 16].into(), expiration: 0 };
    RsaSign ["rsa"] => |_| RsaSign {
        name: object("rsa"),
        padding: RSA_PAD_PSS,
        hash_algorithm: hash::SHA2_256,
        hash: hash_field(),
    };
    RsaVerify ["rsa"] => |_| RsaVerify {
        name: object("rsa"),
        padding: RSA_PAD_PKCS1,
        hash_algorithm: hash::SHA2_256,
        hash: hash_field(),
        signature: ShortTail::new(&RSA.sign_pkcs1(Some(HashAlg::Sha256), &HASH).unwrap()).unwrap(),
    };
    EccVerify2 ["ec"] => |_| EccVerify2 {
        name: object("ec"),
        padding: 0,
        hash_algorithm: hash::SHA2_256,
        hash: hash_field(),
        signature: ShortTail::new(&P256.sign_prehash(&HASH).unwrap()).unwrap(),
    };
    EddsaSign ["ed"], gives no_eddsa_in_rm2 => |_| EddsaSign {
        name: object("ed"),
        mode: 0,
        data: Tail(b"signed".to_vec()),
    };
    EddsaVerify ["ed"], gives no_eddsa_in_rm2 => |_| {
        let mut signature = [0; 256];
        signature[..64].copy_from_slice(&ED25519.sign(b"signed"));
        EddsaVerify { name: object("ed"), mode: 0, signature, data: Tail(b"signed".to_vec()) }
    };
    MOfNSplit => |_| MOfNSplit { secret: [0; 24].into(), m: 2, n: 3 };
    MOfNRecover => |_| {
        let parts = threshold::split(&[7; 24], 2, 3, &mut SeededRandom::from_u64(3)).unwrap();
        MOfNRecover { parts: Items(parts.into_iter().take(2).map(FixedSecret::from).collect()) }
    };
    Ping => |_| Ping;
    LoginAnonymous => |_| LoginAnonymous;
    LoginChallenge => |_| LoginChallenge;
    LoginOtp, gives |_| Status::ERR_INVALID_OPERATION => |_| LoginOtp {
        proof: [0; 16],
        user: user("otto"),
        otp: FixedSecret::new("000000").unwrap(),
    };
    SessionInfo => |_| SessionInfo;
    ServerInfo => |_| ServerInfo;
    SetOpMode => |mode| SetOpMode { mode: mode.number() };
    LogRead => |_| LogRead { start: 0, max_lines: 10 };
    LogTruncate => |_| LogTruncate;
    GetRandom => |_| GetRandom { length: 16 };
    ListObjects => |_| ListObjects { partition: user(""), after: object(""), max: 10 };
    ObjectInfo => |_| ObjectInfo { name: object("aes") };
    RemoveObject ["doomed"] => |_| RemoveObject { name: object("doomed") };
    BlockObject => |_| BlockObject { name: object("aes"), blocked: 1 };
    ListUsers => |_| ListUsers { after: user(""), max: 10 };
    UserInfo => |_| UserInfo { user: user("") };
    BlockUser => |_| BlockUser { user: user("victim"), blocked: 1 };
    ResetPassword => |_| ResetPassword { user: user("victim"), password: password("another-1") };
    SetUserAcl => |_| SetUserAcl { user: user("victim"), acl: acl::USR_LIST };
    AssignOtp => |_| AssignOtp {
        user: user("victim"),
        kind: 2,
        hmac: 1,
        truncation_offset: 16,
        time_step: 0,
        t0: 0,
        seed: SecretTail::from(&OTP_SEED[..]),
    };
    UnassignOtp => |_| UnassignOtp { user: user("otto") };
    ResyncOtp => |_| ResyncOtp {
        user: user("otto"),
        first: FixedSecret::new(&one_time(&OTP_SEED, 500)).unwrap(),
        second: FixedSecret::new(&one_time(&OTP_SEED, 501)).unwrap(),
    };
    Grant => |_| Grant { user: user("victim"), acl: acl::OBJ_READ };
    ListGrants => |_| ListGrants { user: user(""), direction: 1 };
    GetPwdPolicy => |_| GetPwdPolicy;
    SetPwdPolicy => |_| SetPwdPolicy { policy: policy() };
    SymCrypt ["aes"] => |_| SymCrypt {
        name: object("aes"),
        direction: mode::ENCRYPT,
        mode: mode::CBC,
        padding: padding::PKCS5,
        tag_length: 0,
        iv_length: 16,
        iv: [9; 32],
        aad_length: 0,
        data: SecretTail::from(&b"secret text"[..]),
    };
    Mac ["hmac"] => |_| Mac {
        name: object("hmac"),
        algorithm: hash::HMAC_SHA2_256,
        data: Tail(b"authentic".to_vec()),
    };
    RsaDecrypt ["rsa"] => |_| RsaDecrypt {
        name: object("rsa"),
        padding: padding::RSA_OAEP,
        hash_algorithm: 0,
        block: Tail(RSA.public_key().unwrap().encrypt_oaep(HashAlg::Sha1, &[], b"hidden").unwrap()),
    };
    GenEcdh ["x25"] => |_| GenEcdh {
        name: object("x25"),
        derivation: 1,
        length: 0,
        info_length: 0,
        data: Tail(X25519.public().unwrap().to_spki()),
    };
}

/// Users that own every key of the samples: an operator, one without permissions, one with those of the operation alone.
pub(crate) const OWNERS: [&str; 3] = ["opera", "plain", "exact"];

/// A device that grants every sample to its users, in an operating mode.
pub(crate) fn bench(mode: OperatingMode, permission: u32) -> Device {
    let device = Device::in_mode(mode);
    bench_on(&device, mode, permission);
    device
}

/// Gives a device what the samples need.
pub(crate) fn bench_on(device: &Device, mode: OperatingMode, permission: u32) {
    let masks = [acl::SYS_OPERATOR, 0, permission];
    let users = OWNERS.into_iter().zip(masks).chain([("victim", 0), ("otto", 0), ("late", 0)]);
    let users = users.map(|(name, permissions)| SeedUser {
        name: name.to_owned(),
        password: Zeroizing::new(PASSWORD.to_owned()),
        permissions,
        must_change: name == "late",
        otp: (name == "otto").then(|| SeedOtp {
            seed: Zeroizing::new(OTP_SEED.to_vec()),
            time_step: 0,
            t0: 0,
            truncation_offset: 16,
        }),
        ..SeedUser::default()
    });
    let keys = OWNERS.into_iter().flat_map(|owner| {
        let made = [
            ("rsa", rsa()),
            ("ec", p256()),
            ("ed", ed25519()),
            ("x25", x25519()),
            ("aes", (key::AES_128, AES.to_vec())),
            ("kek", (key::AES_128, AES.to_vec())),
            ("doomed", (key::AES_128, AES.to_vec())),
            ("hmac", (key::HMAC_SHA2_256, HMAC.to_vec())),
        ];
        made.into_iter().map(move |(name, (algorithm, material))| SeedKey {
            owner: owner.to_owned(),
            name: name.to_owned(),
            algorithm,
            attributes: attribute::EXPORTABLE_KEY,
            material: Some(Zeroizing::new(material)),
        })
    });
    let is_there = |key: &SeedKey| key.name != "ed" || mode != OperatingMode::Rm2;
    let seed = Seed { users: users.collect(), keys: keys.filter(is_there).collect(), ..Seed::default() };
    device.apply(&seed).unwrap();
}
