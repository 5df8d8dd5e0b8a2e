//! Starting from a known state: what a seed makes, makes over and refuses.

use crate::common::*;
use bancada_engine::MASTER;
use bancada_engine::seed::{Seed, SeedError, SeedGrant, SeedKey, SeedOtp, SeedUser};
use bancada_wire::acl;
use bancada_wire::algorithm::{attribute, key};
use bancada_wire::frame::OperatingMode;
use bancada_wire::op::*;
use bancada_wire::status::Status;

fn alice() -> SeedUser {
    SeedUser { name: "alice".to_owned(), password: PASSWORD.to_owned().into(), ..SeedUser::default() }
}

fn aes(owner: &str, name: &str) -> SeedKey {
    SeedKey {
        owner: owner.to_owned(),
        name: name.to_owned(),
        algorithm: key::AES_128,
        attributes: attribute::EXPORTABLE_KEY,
        material: Some(AES.to_vec().into()),
    }
}

fn refusal(result: Result<(), SeedError>) -> (String, Status) {
    match result {
        Err(SeedError::Entry { entry, status }) => (entry, status),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_seed_makes_everything_it_names() {
    let device = Device::new();
    let policy = PwdPolicy {
        max_invalid_logins: 3,
        expiration_days: 0,
        history: 0,
        min_length: 12,
        min_special: 0,
        min_upper: 0,
        min_lower: 0,
    };
    let bob = SeedUser { name: "bob".to_owned(), blocked: true, ..alice() };
    let carol =
        SeedUser { name: "carol".to_owned(), must_change: true, permissions: acl::USR_LIST, ..alice() };
    let seed = Seed {
        mode: Some(OperatingMode::Rm1),
        policy: Some(policy.clone()),
        users: vec![alice(), bob, carol],
        keys: vec![aes("alice", "key"), SeedKey { material: None, ..aes("alice", "made") }],
        grants: vec![SeedGrant { owner: "alice".to_owned(), user: "carol".to_owned(), acl: acl::OBJ_READ }],
    };
    device.apply(&seed).unwrap();
    let mut session = device.login("alice");
    assert_eq!(session.call(&SessionInfo).unwrap().mode, OperatingMode::Rm1.number());
    assert_eq!(session.call(&GetPwdPolicy).unwrap(), policy);
    assert_eq!(session.call(&ObjExp { name: object("key"), flags: 0 }).unwrap().expose(), AES);
    assert_eq!(session.call(&ObjectInfo { name: object("made") }).unwrap().key_bits, 128);
    assert_eq!(device.connect().login("bob", PASSWORD), Err(Status::ERR_ACCESS_DENIED_USR_BLOCKED));
    let mut carol = device.connect();
    assert_eq!(carol.login("carol", PASSWORD), Err(Status::ERR_PWD_EXPIRED));
    carol.call(&ChangePwd { password: password("long-enough-1") }).unwrap();
    assert!(carol.call(&ObjectInfo { name: object("alice/key") }).is_ok());
}

/// A seed applied again makes over what it names and leaves the rest; sessions of users it makes over end.
#[test]
fn a_seed_makes_over_and_leaves_the_rest() {
    let device = Device::new();
    let seed = Seed { users: vec![alice()], keys: vec![aes("alice", "key")], ..Seed::default() };
    device.apply(&seed).unwrap();
    let (mut session, mut master) = (device.login("alice"), device.master());
    session.call(&CreateBlob { name: object("mine"), length: 1, data: vec![1].into() }).unwrap();
    session.call(&BlockObject { name: object("key"), blocked: 1 }).unwrap();
    session.call(&ChangePwd { password: password("another-1") }).unwrap();
    device.apply(&seed).unwrap();
    assert_eq!(session.verdict(&Ping), (Status::ERR_USR_NOT_FOUND, true));
    assert_eq!(master.call(&Ping), Ok(()));
    let mut session = device.login("alice");
    assert_eq!(session.call(&ObjectInfo { name: object("key") }).unwrap().blocked, 0);
    assert!(session.call(&ObjectInfo { name: object("mine") }).is_ok());
    let same = Seed { mode: Some(OperatingMode::Nrm), ..Seed::default() };
    device.apply(&same).unwrap();
    assert_eq!(session.call(&Ping), Ok(()), "the mode it is in wipes nothing");
}

/// `master` can be seeded, and stays what it is.
#[test]
fn master_stays_an_operator() {
    let device = Device::new();
    let master = SeedUser { name: MASTER.to_owned(), ..alice() };
    device.apply(&Seed { users: vec![master], ..Seed::default() }).unwrap();
    let mut master = device.login(MASTER);
    assert!(master.call(&LogTruncate).is_ok());
    assert_eq!(master.call(&UserInfo { user: user("") }).unwrap().acl & acl::SYS_OPERATOR, acl::SYS_OPERATOR);
}

/// What the device would refuse, a seed is refused, by entry.
#[test]
fn entries_the_device_would_refuse() {
    let device = Device::new();
    let user = |user| refusal(device.apply(&Seed { users: vec![user], ..Seed::default() }));
    let named = |status| ("user alice".to_owned(), status);
    let otp = SeedOtp { seed: vec![1; 20].into(), time_step: 0, t0: 0, truncation_offset: 16 };
    let bad_name = SeedUser { name: "a_b".to_owned(), ..alice() };
    assert_eq!(user(bad_name), ("user a_b".to_owned(), Status::ERR_INVALID_USR_NAME));
    let short = SeedUser { password: "short".to_owned().into(), ..alice() };
    assert_eq!(user(short), named(Status::ERR_PWD_BLOCKED_BY_POLICY));
    let mask = SeedUser { permissions: 1 << 12, ..alice() };
    assert_eq!(user(mask), named(Status::ERR_INVALID_PAYLOAD));
    let bad_otps = [
        SeedOtp { seed: vec![1; 19].into(), ..otp.clone() },
        SeedOtp { truncation_offset: 17, ..otp.clone() },
        SeedOtp { t0: 1, ..otp },
    ];
    for otp in bad_otps {
        let otp = SeedUser { otp: Some(otp), ..alice() };
        assert_eq!(user(otp), named(Status::ERR_INVALID_PAYLOAD));
    }
    device.apply(&Seed { users: vec![alice()], ..Seed::default() }).unwrap();
    let key = |key| refusal(device.apply(&Seed { keys: vec![key], ..Seed::default() })).1;
    assert_eq!(key(aes("nobody", "key")), Status::ERR_USR_NOT_FOUND);
    assert_eq!(key(aes("alice", "a-b")), Status::ERR_INVALID_OBJ_NAME);
    assert_eq!(key(aes("alice", "")), Status::ERR_INVALID_OBJ_NAME);
    let temporary = SeedKey { attributes: attribute::TEMPORARY_KEY, ..aes("alice", "key") };
    assert_eq!(key(temporary), Status::ERR_INVALID_PAYLOAD);
    assert_eq!(key(SeedKey { algorithm: 0, ..aes("alice", "key") }), Status::ERR_CANNOT_CREATE_UNKNOWN_OBJ);
    assert_eq!(key(SeedKey { algorithm: key::AES_256, ..aes("alice", "key") }), Status::ERR_INVALID_KEY);
    let unmade = SeedKey { algorithm: key::RSA_1984, material: None, ..aes("alice", "key") };
    assert_eq!(key(unmade), Status::ERR_NOT_IMPLEMENTED);
    let public = SeedKey { algorithm: key::RSA_2048 | key::PUBLIC, material: None, ..aes("alice", "key") };
    assert_eq!(key(public), Status::ERR_INVALID_KEY);
    let grant = |owner: &str, user: &str, acl| {
        let grant = SeedGrant { owner: owner.to_owned(), user: user.to_owned(), acl };
        refusal(device.apply(&Seed { grants: vec![grant], ..Seed::default() }))
    };
    assert_eq!(grant("alice", "nobody", 2).1, Status::ERR_USR_NOT_FOUND);
    assert_eq!(grant("nobody", "alice", 2).1, Status::ERR_USR_NOT_FOUND);
    assert_eq!(
        grant("alice", "alice", 2),
        ("grant of alice to alice".to_owned(), Status::ERR_INVALID_PAYLOAD)
    );
    assert_eq!(grant("alice", MASTER, 1 << 4).1, Status::ERR_INVALID_PAYLOAD);
    let mut policy = device.master().call(&GetPwdPolicy).unwrap();
    policy.min_length = 17;
    let policy = Seed { policy: Some(policy), ..Seed::default() };
    assert_eq!(refusal(device.apply(&policy)), ("policy".to_owned(), Status::ERR_INVALID_PAYLOAD));
}

/// What is printed of a seed shows no secret.
#[test]
fn a_seed_hides_its_secrets() {
    let otp = SeedOtp {
        seed: b"0123456789-0123456789".to_vec().into(),
        time_step: 0,
        t0: 0,
        truncation_offset: 16,
    };
    let seed = Seed {
        users: vec![SeedUser { otp: Some(otp.clone()), ..alice() }],
        keys: vec![aes("alice", "key")],
        ..Seed::default()
    };
    let shown = format!("{seed:?} {otp:?}");
    assert!(shown.contains("alice") && shown.contains("key"), "{shown}");
    assert!(!shown.contains(PASSWORD) && !shown.contains("48, 49") && !shown.contains("115, 105"), "{shown}");
}

/// The factory state comes back, for users, keys, tokens and the mode.
#[test]
fn a_reset_is_the_factory_state() {
    let device = Device::in_mode(OperatingMode::Rm2);
    device.user("alice", 0).key("alice", "key", (key::AES_128, &AES), 0);
    let mut master = device.master();
    let token = issue(&mut master, A_TOKEN_INFINITE);
    device.within(bancada_engine::Hsm::reset).unwrap();
    assert_eq!(master.verdict(&Ping), (Status::ERR_USR_NOT_FOUND, true), "even master is another one");
    let info = device.master().call(&ServerInfo).unwrap();
    assert_eq!((info.mode, info.users, info.objects), (0, 1, 0));
    assert!(device.connect_for(true).login_token(MASTER, &token).is_err());
}
