//! Tests of the model: what it says of the clauses of `docs/device.md` that cases cannot reach or state less exactly.

use super::*;
use crate::check::{PublicRef, Scheme};
use crate::outcome::UserRow;
use crate::scenario::material::Known;
use crate::scenario::number::*;
use crate::scenario::{Change, Crypt, Expiry};

const OK: Expect = Expect::Ok(Check::Any);

fn open(model: &mut Model, handle: Handle, user: &str, password: &str) -> Expect {
    let login = Login::Password { user: user.into(), password: password.into() };
    model.step(&Action::Open { handle, login, tls: None, aide: false })
}

fn call(model: &mut Model, handle: Handle, call: Call) -> Expect {
    model.step(&Action::Call { handle, call, into: None })
}

fn keep(model: &mut Model, handle: Handle, call: Call, slot: Slot) -> Expect {
    model.step(&Action::Call { handle, call, into: Some(slot) })
}

fn master() -> Model {
    let mut model = Model::default();
    assert_eq!(open(&mut model, 1, MASTER, MASTER_PASSWORD), Expect::Ok(Check::Opened { mode: NRM }));
    model
}

fn create_user(user: &str, acl: u32) -> Call {
    Call::CreateUser { user: user.into(), password: "Passw0rd".into(), acl }
}

fn create_key(name: &str, algorithm: u32, attributes: u32) -> Call {
    Call::CreateKey { name: name.into(), algorithm, attributes }
}

#[test]
fn what_is_not_there_is_not_played() {
    let mut model = Model::default();
    assert_eq!(call(&mut model, 1, Call::Ping), Expect::Skip);
    assert_eq!(model.step(&Action::Close { handle: 1 }), Expect::Skip);
    let mut model = master();
    assert_eq!(open(&mut model, 1, MASTER, MASTER_PASSWORD), Expect::Skip, "the handle is taken");
    assert_eq!(
        call(&mut model, 1, Call::RevokeToken { key: Data::slot(9) }),
        Expect::Skip,
        "the slot is empty"
    );
}

#[test]
fn a_failure_ends_a_session_with_an_expired_password_and_no_other() {
    let mut model = master();
    call(&mut model, 1, create_user("alice", ACL_CHANGE_PWD_NEXT_TIME));
    assert_eq!(open(&mut model, 2, "alice", "Passw0rd"), Expect::Status(Status::ERR_PWD_EXPIRED));
    let short = Call::ChangePassword { password: "short".into() };
    assert_eq!(call(&mut model, 2, short.clone()), Expect::Status(Status::ERR_PWD_BLOCKED_BY_POLICY));
    assert_eq!(call(&mut model, 2, Call::Ping), Expect::Disconnected);
    assert_eq!(call(&mut model, 1, short), Expect::Status(Status::ERR_PWD_BLOCKED_BY_POLICY));
    assert_eq!(call(&mut model, 1, Call::Ping), OK);
}

#[test]
fn sessions_idle_out_each_by_itself() {
    let mut model = master();
    open(&mut model, 2, MASTER, MASTER_PASSWORD);
    model.step(&Action::AdvanceClock { seconds: IDLE_SECONDS - 1 });
    assert_eq!(call(&mut model, 1, Call::Ping), OK);
    model.step(&Action::AdvanceClock { seconds: 1 });
    assert_eq!(call(&mut model, 1, Call::Ping), OK);
    assert_eq!(call(&mut model, 2, Call::Ping), Expect::Disconnected);
}

#[test]
fn passwords_expire_by_the_policy_for_the_operator_too() {
    let mut model = master();
    let policy = Policy { expiration_days: 1, ..Policy::default() };
    call(&mut model, 1, Call::SetPolicy { policy });
    model.step(&Action::AdvanceClock { seconds: 86_399 });
    assert_eq!(open(&mut model, 2, MASTER, MASTER_PASSWORD), Expect::Ok(Check::Opened { mode: NRM }));
    model.step(&Action::AdvanceClock { seconds: 1 });
    assert_eq!(open(&mut model, 3, MASTER, MASTER_PASSWORD), Expect::Status(Status::ERR_PWD_EXPIRED));
    assert_eq!(call(&mut model, 3, Call::ChangePassword { password: "n3w-Password".into() }), OK);
    assert!(model.is_full(3));
}

#[test]
fn a_user_made_again_is_another_one() {
    let mut model = master();
    call(&mut model, 1, create_user("alice", 0));
    open(&mut model, 2, "alice", "Passw0rd");
    keep(&mut model, 2, Call::IssueToken { expires: Expiry::Never }, 1);
    call(&mut model, 1, Call::DeleteUser { user: "alice".into(), commit: 1 });
    call(&mut model, 1, create_user("alice", 0));
    assert_eq!(call(&mut model, 2, Call::Ping), Expect::Status(Status::ERR_USR_NOT_FOUND));
    let login = Login::Token { user: "alice".into(), key: Data::slot(1) };
    let action = Action::Open { handle: 3, login, tls: None, aide: false };
    assert_eq!(model.step(&action), Expect::Status(Status::ERR_ACCESS_DENIED));
}

#[test]
fn the_policy_and_the_count_of_wrong_logins_show_in_a_users_row() {
    let mut model = master();
    call(&mut model, 1, create_user("alice", ACL_USR_LIST));
    call(&mut model, 1, Call::SetPolicy { policy: Policy { expiration_days: 9, ..Policy::default() } });
    open(&mut model, 2, "alice", "wrong");
    let row = UserRow { user: "alice".into(), acl: ACL_USR_LIST, blocked: false, attempts: 1, expires: true };
    let info = Call::UserInfo { user: "alice".into() };
    assert_eq!(call(&mut model, 1, info), Expect::Ok(Check::User(row)));
}

#[test]
fn a_signature_verifies_with_its_own_key_message_and_way_only() {
    let mut model = master();
    call(&mut model, 1, create_key("a", SECP256R1, 0));
    call(&mut model, 1, create_key("b", SECP256R1, 0));
    let sign =
        |name: &str| Call::EccSign { name: name.into(), hash: SHA256, digest: Data::Bytes(vec![1; 32]) };
    keep(&mut model, 1, sign("a"), 1);
    let verify = |name: &str, byte: u8, change: Change| Call::EccVerify {
        name: name.into(),
        hash: SHA256,
        digest: Data::Bytes(vec![byte; 32]),
        signature: Data::Slot { slot: 1, change },
    };
    let wrong = Expect::Status(Status::ERR_INVALID_SIGNATURE);
    assert_eq!(call(&mut model, 1, verify("a", 1, Change::None)), OK);
    assert_eq!(call(&mut model, 1, verify("a", 1, Change::Flip(3))), wrong);
    assert_eq!(call(&mut model, 1, verify("a", 2, Change::None)), wrong);
    assert_eq!(call(&mut model, 1, verify("b", 1, Change::None)), wrong);
}

#[test]
fn signatures_are_checked_under_the_public_key_once_it_is_known() {
    let mut model = master();
    call(&mut model, 1, create_key("a", ED25519, 0));
    let sign = Call::EddsaSign { name: "a".into(), data: Data::Bytes(vec![7]) };
    assert_eq!(call(&mut model, 1, sign.clone()), OK);
    keep(&mut model, 1, Call::ExportPublic { name: "a".into(), x509: true }, 4);
    let check = Check::Signature { public: PublicRef::Slot(4), scheme: Scheme::Eddsa, message: vec![7] };
    assert_eq!(call(&mut model, 1, sign), Expect::Ok(check));
}

#[test]
fn a_known_key_makes_known_values() {
    let mut model = master();
    let material = Data::Bytes(vec![0x0B; 20]);
    call(
        &mut model,
        1,
        Call::ImportKey { name: "mac".into(), algorithm: HMAC_SHA1, attributes: 0, material },
    );
    let mac =
        Call::Mac { name: "mac".into(), algorithm: HMAC_SHA1 as u8, data: Data::Bytes(b"Hi There".to_vec()) };
    let value = hex::decode("b617318655057264e28bc0b6fb378c8ef146be00").unwrap();
    assert_eq!(call(&mut model, 1, mac), Expect::Ok(Check::Bytes(value)));
}

#[test]
fn a_tampered_gcm_text_is_refused_and_what_no_document_tells_is_left_open() {
    let mut model = master();
    call(&mut model, 1, create_key("aes", AES_128, 0));
    let gcm = Crypt { mode: GCM, padding: NO_PADDING, tag: 0, iv: vec![1; 12], aad: Vec::new() };
    let cbc = Crypt { mode: CBC, padding: PKCS5, iv: vec![1; 16], ..gcm.clone() };
    let encrypt = |crypt: &Crypt| Call::Encrypt {
        name: "aes".into(),
        crypt: crypt.clone(),
        data: Data::Bytes(vec![9; 5]),
    };
    let decrypt = |crypt: &Crypt, slot, change| Call::Decrypt {
        name: "aes".into(),
        crypt: crypt.clone(),
        data: Data::Slot { slot, change },
    };
    assert_eq!(keep(&mut model, 1, encrypt(&gcm), 1), Expect::Ok(Check::Length(21)));
    assert_eq!(keep(&mut model, 1, encrypt(&cbc), 2), Expect::Ok(Check::Length(16)));
    let refused = Expect::Status(Status::ERR_OPERATION_FAILED);
    assert_eq!(call(&mut model, 1, decrypt(&gcm, 1, Change::Flip(0))), refused);
    assert_eq!(call(&mut model, 1, decrypt(&cbc, 2, Change::Flip(0))), Expect::Any);
    assert_eq!(call(&mut model, 1, decrypt(&cbc, 2, Change::None)), Expect::Ok(Check::Bytes(vec![9; 5])));
}

#[test]
fn a_copy_of_a_key_is_the_same_key() {
    let mut model = master();
    let material = Data::Bytes(Known::P256.material());
    let import =
        Call::ImportKey { name: "a".into(), algorithm: IMPORT_ECC, attributes: EXPORTABLE, material };
    call(&mut model, 1, import);
    keep(&mut model, 1, Call::P8Export { name: "a".into(), password: "12345678".into() }, 1);
    let envelope = Data::slot(1);
    let opened = Call::P8Import {
        name: "b".into(),
        algorithm: SECP256R1,
        attributes: 0,
        password: "12345678".into(),
        envelope,
    };
    assert_eq!(call(&mut model, 1, opened), OK);
    let digest = || Data::Bytes(vec![1; 32]);
    keep(&mut model, 1, Call::EccSign { name: "a".into(), hash: SHA256, digest: digest() }, 2);
    let verify =
        Call::EccVerify { name: "b".into(), hash: SHA256, digest: digest(), signature: Data::slot(2) };
    assert_eq!(call(&mut model, 1, verify), OK);
}

#[test]
fn changing_the_mode_leaves_nothing_but_the_operator() {
    let mut model = master();
    call(&mut model, 1, create_user("alice", 0));
    call(&mut model, 1, create_key("key", AES_128, 0));
    assert_eq!(call(&mut model, 1, Call::SetMode { mode: RM2 }), OK);
    assert_eq!(call(&mut model, 1, Call::Ping), Expect::Disconnected);
    assert_eq!(open(&mut model, 2, MASTER, MASTER_PASSWORD), Expect::Ok(Check::Opened { mode: RM2 }));
    let server = Check::Server { mode: RM2, users: 1, objects: 0 };
    assert_eq!(call(&mut model, 2, Call::ServerInfo), Expect::Ok(server));
}

#[test]
fn malformed_frames_pass_the_checks_before_theirs() {
    let mut model = master();
    call(&mut model, 1, create_user("alice", 0));
    open(&mut model, 2, "alice", "Passw0rd");
    let frame = |call: Call| Malformed::Trailing { call };
    let malformed = |model: &mut Model, handle, frame| model.step(&Action::Malformed { handle, frame });
    let log = Call::LogTruncate;
    assert_eq!(malformed(&mut model, 2, frame(log.clone())), Expect::Status(Status::ERR_ACCESS_DENIED));
    assert_eq!(malformed(&mut model, 1, frame(log)), Expect::Status(Status::ERR_INVALID_PAYLOAD));
    let large = Malformed::TooLarge { call: Call::Ping };
    assert_eq!(malformed(&mut model, 2, large), Expect::Status(Status::ERR_INVALID_PAYLOAD));
    assert_eq!(call(&mut model, 2, Call::Ping), Expect::Disconnected);
    let empty = Malformed::Truncated { call: Call::Ping };
    assert_eq!(malformed(&mut model, 1, empty), Expect::Skip, "there is nothing to cut");
}
