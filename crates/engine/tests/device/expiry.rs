//! docs/device.md §§2–3: passwords whose time has run out, and the session that can only change them.

use crate::common::*;
use bancada_crypto::Zeroizing;
use bancada_engine::UserChange;
use bancada_engine::seed::{Seed, SeedUser};
use bancada_wire::acl;
use bancada_wire::op::*;
use bancada_wire::status::Status;

const EXPIRED: Status = Status::ERR_PWD_EXPIRED;

fn set_policy(device: &Device, expiration_days: u8, history: u8) {
    let mut policy = device.master().call(&GetPwdPolicy).unwrap();
    (policy.expiration_days, policy.history) = (expiration_days, history);
    device.master().call(&SetPwdPolicy { policy }).unwrap();
}

/// §3.7: the policy's days, to the millisecond; the login says so and leaves a session.
#[test]
fn a_password_expires_by_the_clock() {
    let device = Device::new();
    device.user("alice", 0);
    set_policy(&device, 30, 0);
    device.advance(30 * DAY_MS - 1);
    device.login("alice");
    device.advance(1);
    let mut peer = device.connect();
    assert_eq!(peer.login("alice", PASSWORD), Err(EXPIRED));
    assert!(peer.is_connected());
    peer.call(&ChangePwd { password: password("another-1") }).unwrap();
    assert_eq!(peer.call(&Ping), Ok(()), "the session is a full one now");
    device.login_with("alice", "another-1");
    device.advance(30 * DAY_MS);
    assert_eq!(device.connect().login("alice", "another-1"), Err(EXPIRED), "30 days from the change");
}

/// §3.7: a forced change, which the change ends.
#[test]
fn a_forced_change_is_an_expired_password() {
    let device = Device::new();
    device.user("alice", acl::USR_LIST);
    let mask = acl::USR_LIST | acl::CHANGE_PWD_NEXT_TIME;
    device.master().call(&SetUserAcl { user: user("alice"), acl: mask }).unwrap();
    let mut peer = device.connect();
    assert_eq!(peer.login("alice", PASSWORD), Err(EXPIRED));
    peer.call(&ChangePwd { password: password("another-1") }).unwrap();
    let info = peer.call(&UserInfo { user: user("") }).unwrap();
    assert_eq!(info.acl, acl::USR_LIST);
    device.login_with("alice", "another-1");
}

/// §2: anything but CHANGE_PWD ends it, and so does a change that fails, with its own error.
#[test]
fn an_expired_session_can_do_one_thing_and_once() {
    let device = Device::new();
    device.user("alice", 0);
    for operation in
        [Ping::SPEC.code, SessionInfo::SPEC.code, GetPwdPolicy::SPEC.code, Authenticate::SPEC.code]
    {
        let mut peer = device.expired("alice");
        assert_eq!(peer.frame(operation, false, &[]).verdict(), (EXPIRED, true));
    }
    let change = |text| ChangePwd { password: password(text) };
    let blocked = (Status::ERR_PWD_BLOCKED_BY_POLICY, true);
    assert_eq!(device.expired("alice").verdict(&change("short")), blocked);
    assert_eq!(device.expired("alice").verdict(&change(PASSWORD)), blocked, "the current one");
    let malformed = device.expired("alice").frame(ChangePwd::SPEC.code, false, &[0; 15]);
    assert_eq!(malformed.verdict(), (Status::ERR_INVALID_PAYLOAD, true));
    assert_eq!(device.expired("alice").frame(1, false, &[]).verdict(), (Status::ERR_INVALID_OPERATION, true));
    assert_eq!(device.expired("alice").verdict(&change("another-1")), (Status::SUCCESS, false));
}

/// §2: what a session is was decided at its login.
#[test]
fn open_sessions_stay_what_they_were_at_login() {
    let device = Device::new();
    device.user("alice", 0);
    let mut open = device.login("alice");
    let mut late = device.expired("alice");
    assert_eq!(open.call(&Ping), Ok(()), "a change is forced meanwhile");
    let free = UserChange { must_change: Some(false), ..UserChange::default() };
    device.within(|hsm, env| hsm.set_user("alice", &free, env)).unwrap();
    assert_eq!(late.verdict(&Ping), (EXPIRED, true), "and no longer forced");
    set_policy(&device, 1, 0);
    device.advance(DAY_MS);
    assert_eq!(open.call(&Ping), Ok(()), "its time runs out meanwhile");
}

/// §2: a user that is blocked or gone is that, whatever its password.
#[test]
fn an_expired_session_of_a_blocked_user_is_told_so() {
    let device = Device::new();
    device.user("alice", 0);
    let change = ChangePwd { password: password("another-1") };
    let mut peer = device.expired("alice");
    device.master().call(&BlockUser { user: user("alice"), blocked: 1 }).unwrap();
    assert_eq!(peer.verdict(&change), (Status::ERR_ACCESS_DENIED_USR_BLOCKED, true));
    device.master().call(&BlockUser { user: user("alice"), blocked: 0 }).unwrap();
    let mut peer = device.expired("alice");
    device.master().call(&DeleteUsr { commit: DELETE_COMMIT, user: user_z("alice") }).unwrap();
    assert_eq!(peer.verdict(&change), (Status::ERR_USR_NOT_FOUND, true));
}

/// §3.6 before §3.7: the login was right, so wrong ones before it are forgotten.
#[test]
fn an_expired_login_is_a_good_login() {
    let device = Device::new();
    device.user("alice", 0);
    device.connect().login("alice", "secret-2").unwrap_err();
    assert_eq!(device.attempts("alice"), 1);
    device.expired("alice");
    assert_eq!(device.attempts("alice"), 0);
    assert_eq!(
        device.connect().login("alice", "secret-2"),
        Err(Status::ERR_ACCESS_DENIED),
        "and not a free pass"
    );
}

/// Seeds and the operator of the bench can start from there.
#[test]
fn a_seed_can_start_with_an_expired_password() {
    for days in [0, 30] {
        let device = Device::new();
        set_policy(&device, days, 0);
        let alice = SeedUser {
            name: "alice".to_owned(),
            password: Zeroizing::new(PASSWORD.to_owned()),
            expired: true,
            ..SeedUser::default()
        };
        device.apply(&Seed { users: vec![alice], ..Seed::default() }).unwrap();
        let mut peer = device.connect();
        assert_eq!(peer.login("alice", PASSWORD), Err(EXPIRED), "{days} days");
        assert_eq!(peer.call(&ChangePwd { password: password("another-1") }), Ok(()));
        let change = UserChange { expired: Some(true), ..UserChange::default() };
        device.within(|hsm, env| hsm.set_user("alice", &change, env)).unwrap();
        assert_eq!(device.connect().login("alice", "another-1"), Err(EXPIRED), "{days} days");
    }
}

/// §4: the current password and the last `history` ones are refused.
#[test]
fn earlier_passwords_are_refused_as_far_as_the_policy_looks_back() {
    let device = Device::new();
    device.user("alice", 0);
    set_policy(&device, 0, 2);
    let mut alice = device.login("alice");
    let mut change = |text| alice.call(&ChangePwd { password: password(text) });
    let refused = Err(Status::ERR_PWD_BLOCKED_BY_POLICY);
    assert_eq!(change(PASSWORD), refused, "the current one");
    assert_eq!((change("password-1"), change("password-2")), (Ok(()), Ok(())));
    assert_eq!((change(PASSWORD), change("password-1")), (refused, refused), "the last two");
    assert_eq!(change("password-3"), Ok(()));
    assert_eq!(change(PASSWORD), Ok(()), "three back");
    set_policy(&device, 0, 3);
    assert_eq!(change("password-1"), refused, "a stricter policy finds what was kept before it");
    let mut master = device.master();
    let reset = ResetPassword { user: user("alice"), password: password("password-2") };
    assert_eq!(master.call(&reset), refused, "a reset looks back, too");
}
