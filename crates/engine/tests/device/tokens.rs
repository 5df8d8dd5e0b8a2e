//! docs/device.md §3: access tokens.

use crate::common::*;
use bancada_engine::UserChange;
use bancada_wire::op::*;
use bancada_wire::status::Status;
use bancada_wire::text::FixedSecret;

const DENIED: Status = Status::ERR_ACCESS_DENIED;

fn revoke(peer: &mut Peer, key: &[u8; 16]) -> Result<(), Status> {
    peer.call(&AToken { operation: A_TOKEN_REVOKE, key: (*key).into(), expiration: 0 }).map(drop)
}

fn list(peer: &mut Peer) -> Vec<AccessToken> {
    peer.call(&AToken { operation: A_TOKEN_LIST, key: [0; 16].into(), expiration: 0 }).unwrap().0
}

fn try_token(device: &Device, name: &str, key: &[u8; 16]) -> (Status, bool) {
    let mut peer = device.connect_for(true);
    let status = peer.login_token(name, key).err().unwrap_or(Status::SUCCESS);
    (status, peer.is_connected())
}

#[test]
fn a_token_logs_its_user_in_until_it_is_revoked() {
    let device = Device::new();
    device.user("alice", 0).user("bob", 0);
    let mut alice = device.login("alice");
    let key = issue(&mut alice, A_TOKEN_INFINITE);
    assert_eq!(try_token(&device, "alice", &key), (Status::SUCCESS, true));
    assert_eq!(try_token(&device, "bob", &key), (DENIED, false), "it is alice's");
    assert_eq!(try_token(&device, "nobody", &key), (DENIED, false));
    assert_eq!(try_token(&device, "alice", &[0; 16]), (DENIED, false));
    assert_eq!(device.attempts("alice"), 0, "wrong tokens are not counted");
    let mut other = device.connect();
    assert_eq!(other.login_token("alice", &key), Err(DENIED), "the hello must announce it");
    assert_eq!(revoke(&mut device.login("bob"), &key), Err(Status::ERR_CANNOT_OPEN_OBJ));
    let mut by_token = device.connect_for(true);
    by_token.login_token("alice", &key).unwrap();
    assert_eq!(revoke(&mut by_token, &key), Ok(()), "a token session may manage tokens");
    assert_eq!(revoke(&mut alice, &key), Err(Status::ERR_CANNOT_OPEN_OBJ), "it is gone");
    assert_eq!(try_token(&device, "alice", &key), (DENIED, false));
    assert_eq!(by_token.call(&Ping), Ok(()), "the session goes on");
    assert_eq!(by_token.call(&ChangePwd { password: password("another-1") }), Ok(()));
}

#[test]
fn tokens_expire_in_seconds_or_milliseconds() {
    let device = Device::new();
    device.user("alice", 0);
    let mut alice = device.login("alice");
    let later = device.now_ms() + 10_000;
    let seconds = issue(&mut alice, later / 1000);
    let milliseconds = issue(&mut alice, later + 1);
    let never = issue(&mut alice, A_TOKEN_INFINITE);
    assert_eq!(list(&mut alice).len(), 3);
    assert_eq!(list(&mut alice)[1].expiration, later + 1, "shown in the unit it came in");
    device.advance(9_999);
    assert_eq!(try_token(&device, "alice", &seconds), (Status::SUCCESS, true));
    device.advance(1);
    assert_eq!(try_token(&device, "alice", &seconds), (DENIED, false));
    assert_eq!(try_token(&device, "alice", &milliseconds), (Status::SUCCESS, true));
    device.advance(1);
    assert_eq!(list(&mut alice).len(), 1, "expired ones are not listed");
    assert_eq!(try_token(&device, "alice", &milliseconds), (DENIED, false));
    assert_eq!(revoke(&mut alice, &seconds), Err(Status::ERR_CANNOT_OPEN_OBJ), "purged by the login");
    assert_eq!(try_token(&device, "alice", &never), (Status::SUCCESS, true));
    let at_the_border = issue(&mut alice, 100_000_000_000);
    assert_eq!(try_token(&device, "alice", &at_the_border), (Status::SUCCESS, true), "10^11 is seconds");
    let long_ago = issue(&mut alice, 100_000_000_001);
    assert_eq!(try_token(&device, "alice", &long_ago), (DENIED, false), "above it are milliseconds");
}

#[test]
fn a_token_asks_for_nothing_but_an_unblocked_user() {
    let device = Device::new();
    device.user("alice", 0);
    let key = issue(&mut device.login("alice"), A_TOKEN_INFINITE);
    device.expired("alice");
    assert_eq!(try_token(&device, "alice", &key), (Status::SUCCESS, true), "not for the password's age");
    let otp = AssignOtp {
        user: user("alice"),
        kind: 2,
        hmac: 1,
        truncation_offset: 16,
        time_step: 0,
        t0: 0,
        seed: vec![1; 20].into(),
    };
    device.master().call(&otp).unwrap();
    assert_eq!(try_token(&device, "alice", &key), (Status::SUCCESS, true), "not for a one-time password");
    let change = UserChange { blocked: Some(true), ..UserChange::default() };
    device.within(|hsm, env| hsm.set_user("alice", &change, env)).unwrap();
    assert_eq!(try_token(&device, "alice", &key), (Status::ERR_ACCESS_DENIED_USR_BLOCKED, false));
    assert_eq!(
        try_token(&device, "alice", &[0; 16]),
        (Status::ERR_ACCESS_DENIED_USR_BLOCKED, false),
        "whatever the token"
    );
}

#[test]
fn tokens_die_with_their_user_and_with_the_cluster() {
    let device = Device::new();
    device.user("alice", 0).user("bob", 0);
    let (alices, bobs) = (
        issue(&mut device.login("alice"), A_TOKEN_INFINITE),
        issue(&mut device.login("bob"), A_TOKEN_INFINITE),
    );
    let mut master = device.master();
    master.call(&DeleteUsr { commit: DELETE_COMMIT, user: user_z("alice") }).unwrap();
    let again = CreateUsr { user: user_z("alice"), password: FixedSecret::new(PASSWORD).unwrap(), acl: 0 };
    master.call(&again).unwrap();
    assert_eq!(
        try_token(&device, "alice", &alices),
        (DENIED, false),
        "not for a later user of the same name"
    );
    assert_eq!(list(&mut device.login("alice")), []);
    assert_eq!(try_token(&device, "bob", &bobs), (Status::SUCCESS, true));
    let device = device.restarted();
    assert_eq!(try_token(&device, "bob", &bobs), (DENIED, false));
    assert_eq!(device.login("bob").call(&Ping), Ok(()), "users do not");
}

#[test]
fn a_user_has_1024_tokens_at_most() {
    let device = Device::new();
    device.user("alice", 0);
    let mut alice = device.login("alice");
    let soon = device.now_ms() / 1000 + 60;
    let first = issue(&mut alice, soon);
    for _ in 1..1024 {
        issue(&mut alice, A_TOKEN_INFINITE);
    }
    let one_more = AToken { operation: A_TOKEN_ISSUE, key: [0; 16].into(), expiration: A_TOKEN_INFINITE };
    assert_eq!(alice.call(&one_more).map(drop), Err(Status::ERR_CANNOT_ALLOC_RES));
    assert_eq!(list(&mut alice).len(), 1024);
    device.advance(60_000);
    assert!(alice.call(&one_more).is_ok(), "an expired one makes room");
    assert_eq!(try_token(&device, "alice", &first), (DENIED, false));
}

#[test]
fn only_three_operations_are_known() {
    let device = Device::new();
    device.user("alice", 0);
    for operation in [0, 4, 255] {
        let unknown = AToken { operation, key: [0; 16].into(), expiration: 0 };
        assert_eq!(device.login("alice").call(&unknown).map(drop), Err(Status::ERR_INVALID_PAYLOAD));
    }
}
