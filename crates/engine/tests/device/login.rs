//! docs/device.md §§2–3: sessions, logins, wrong tries, one-time passwords, expiry and access tokens.

use crate::common::*;
use bancada_crypto::Zeroizing;
use bancada_engine::seed::{Seed, SeedOtp, SeedUser};
use bancada_engine::{Kind, MASTER};
use bancada_wire::acl;
use bancada_wire::frame::OperatingMode;
use bancada_wire::op::*;
use bancada_wire::status::Status;
use bancada_wire::text::FixedSecret;

const DENIED: Status = Status::ERR_ACCESS_DENIED;
const BLOCKED: Status = Status::ERR_ACCESS_DENIED_USR_BLOCKED;
const SEED: [u8; 20] = *b"12345678901234567890";

/// A login on a connection of its own: the status, and whether the connection is still open.
fn try_login(device: &Device, user: &str, password: &str) -> (Status, bool) {
    let mut peer = device.connect();
    let status = peer.login(user, password).err().unwrap_or(Status::SUCCESS);
    (status, peer.is_connected())
}

fn try_otp(device: &Device, user: &str, given: &str) -> (Status, bool) {
    let mut peer = device.connect();
    let status = peer.login_otp(user, PASSWORD, given).err().unwrap_or(Status::SUCCESS);
    (status, peer.is_connected())
}

fn policy(device: &Device, change: impl FnOnce(&mut PwdPolicy)) {
    let mut policy = device.master().call(&GetPwdPolicy).unwrap();
    change(&mut policy);
    device.master().call(&SetPwdPolicy { policy }).unwrap();
}

/// §3.1, §3.3: an unknown user and a wrong password look the same, and end the connection.
#[test]
fn unknown_users_and_wrong_passwords_are_denied() {
    let device = Device::new();
    device.user("alice", 0);
    for (user, password) in
        [("nobody", PASSWORD), ("alice", "secret-2"), ("alice", ""), ("", ""), ("a_b", PASSWORD)]
    {
        assert_eq!(try_login(&device, user, password), (DENIED, false), "{user} {password}");
    }
    assert_eq!(try_login(&device, "alice", PASSWORD), (Status::SUCCESS, true));
}

/// §3.3, §3.6: the seventh wrong login blocks, and is still answered 5002; a good one starts the count again.
#[test]
fn seven_wrong_logins_block() {
    let device = Device::new();
    device.user("alice", 0);
    for attempt in 1..=6 {
        assert_eq!(try_login(&device, "alice", "secret-2"), (DENIED, false));
        assert_eq!(device.attempts("alice"), attempt);
    }
    device.login("alice");
    assert_eq!(device.attempts("alice"), 0, "a good login forgets the wrong ones");
    for _ in 1..=6 {
        try_login(&device, "alice", "secret-2");
    }
    assert!(!device.is_blocked("alice"));
    assert_eq!(try_login(&device, "alice", "secret-2"), (DENIED, false), "the one that blocks");
    assert!(device.is_blocked("alice"));
    assert_eq!(try_login(&device, "alice", "secret-2"), (BLOCKED, false));
    assert_eq!(try_login(&device, "alice", PASSWORD), (BLOCKED, false), "whatever the password");
    assert_eq!(device.attempts("alice"), 7, "a blocked user's logins are not counted");
}

/// §3.3: `master` is blocked like anyone; and the policy says after how many.
#[test]
fn master_is_blocked_too_after_as_many_as_the_policy_says() {
    let device = Device::new();
    policy(&device, |policy| policy.max_invalid_logins = 2);
    assert_eq!(try_login(&device, MASTER, "wrong-one"), (DENIED, false));
    assert_eq!(try_login(&device, MASTER, "wrong-one"), (DENIED, false));
    assert_eq!(try_login(&device, MASTER, FACTORY), (BLOCKED, false));
}

/// §2: a blocked user's open sessions end at their next operation, and so do those of a removed one.
#[test]
fn open_sessions_of_blocked_and_removed_users_end() {
    let device = Device::new();
    device.user("alice", 0).user("bob", 0);
    let (mut alice, mut bob) = (device.login("alice"), device.login("bob"));
    let mut master = device.master();
    master.call(&BlockUser { user: user("alice"), blocked: 1 }).unwrap();
    master.call(&DeleteUsr { commit: DELETE_COMMIT, user: user_z("bob") }).unwrap();
    assert_eq!(alice.verdict(&Ping), (BLOCKED, true));
    assert_eq!(bob.verdict(&Ping), (Status::ERR_USR_NOT_FOUND, true));
}

/// §2: a user made again under the same name, at the same instant, is another user.
#[test]
fn a_user_made_again_does_not_get_the_old_ones_sessions() {
    let device = Device::new();
    device.user("alice", 0);
    let mut old = device.login("alice");
    let mut master = device.master();
    master.call(&DeleteUsr { commit: DELETE_COMMIT, user: user_z("alice") }).unwrap();
    let again = CreateUsr { user: user_z("alice"), password: FixedSecret::new(PASSWORD).unwrap(), acl: 0 };
    master.call(&again).unwrap();
    assert_eq!(old.verdict(&Ping), (Status::ERR_USR_NOT_FOUND, true));
    assert_eq!(device.login("alice").call(&Ping), Ok(()));
}

/// §1, §2: the mode is looked at before the user, the user before the operation's own state.
#[test]
fn a_removed_user_learns_of_the_mode_first() {
    let device = Device::in_mode(OperatingMode::Rm1);
    device.user("alice", 0);
    let mut alice = device.login("alice");
    device.master().call(&DeleteUsr { commit: DELETE_COMMIT, user: user_z("alice") }).unwrap();
    let nrm_only = AsymEnc { name: object("rsa"), block: vec![0; 256].into() };
    assert_eq!(alice.verdict(&nrm_only), (Status::ERR_NON_APPROVED_OPERATION, false));
    assert_eq!(alice.frame(1, false, &[]).verdict(), (Status::ERR_INVALID_OPERATION, false));
    assert_eq!(alice.verdict(&Authenticate), (Status::ERR_USR_NOT_FOUND, true));
}

/// §2: permissions count from the next operation on.
#[test]
fn permissions_that_change_count_at_once() {
    let device = Device::new();
    device.user("alice", 0);
    let (mut alice, mut master) = (device.login("alice"), device.master());
    let list = ListUsers { after: user(""), max: 1 };
    assert_eq!(alice.call(&list), Err(DENIED));
    master.call(&SetUserAcl { user: user("alice"), acl: acl::USR_LIST }).unwrap();
    assert!(alice.call(&list).is_ok());
    master.call(&SetUserAcl { user: user("alice"), acl: 0 }).unwrap();
    assert_eq!(alice.call(&list), Err(DENIED));
}

/// §2: five minutes without a request.
#[test]
fn an_idle_session_is_to_be_closed_after_five_minutes() {
    let device = Device::new();
    let mut peer = device.master();
    device.advance(299_999);
    assert!(!device.hsm.idle_expired(&peer.session, device.now_ms()));
    peer.call(&Ping).unwrap();
    device.advance(299_999);
    assert!(!device.hsm.idle_expired(&peer.session, device.now_ms()), "a request starts it again");
    device.advance(1);
    assert!(device.hsm.idle_expired(&peer.session, device.now_ms()));
}

/// §2: what belongs to a login, before, during and after it.
#[test]
fn login_operations_have_their_place() {
    let device = Device::new();
    device.user("alice", 0);
    let otp = LoginOtp { proof: [0; 16], user: user("alice"), otp: [0; 16].into() };
    assert_eq!(device.connect().verdict(&otp), (Status::ERR_INVALID_OPERATION, true), "no challenge");
    let mut peer = device.connect();
    peer.call(&LoginChallenge).unwrap();
    let malformed = peer.frame(LoginOtp::SPEC.code, false, &[0; 5]);
    assert_eq!(malformed.verdict(), (Status::ERR_INVALID_PAYLOAD, true), "a malformed login has failed");
    let mut peer = device.connect();
    for code in [Authenticate::SPEC.code, LoginChallenge::SPEC.code, LoginAnonymous::SPEC.code] {
        assert_eq!(peer.frame(code, false, &[1]).verdict(), (Status::ERR_INVALID_PAYLOAD, false));
    }
    assert_eq!(peer.verdict(&Ping), (DENIED, false));
    assert_eq!(peer.login("alice", PASSWORD), Ok(()), "the connection was left open");
    assert_eq!(peer.verdict(&otp), (Status::ERR_INVALID_OPERATION, false));
}

/// §3: the challenge is another one each time, and good for one answer.
#[test]
fn a_proof_is_good_for_its_challenge_only() {
    let device = Device::new();
    device.user("alice", 0);
    let mut first = device.connect();
    let (_, challenge) = first.challenge();
    let old = proof(PASSWORD, &challenge);
    assert_eq!(first.answer_challenge(old, user("alice")).verdict(), (Status::SUCCESS, false));
    let mut second = device.connect();
    assert_ne!(second.challenge().1, challenge);
    assert_eq!(second.answer_challenge(old, user("alice")).verdict(), (DENIED, true));
    let mut third = device.connect();
    let stale = third.call(&LoginChallenge).unwrap().challenge;
    third.call(&LoginChallenge).unwrap();
    let otp = FixedSecret::new("000000").unwrap();
    let replayed = LoginOtp { proof: proof(PASSWORD, &stale), user: user("alice"), otp };
    assert_eq!(third.verdict(&replayed), (DENIED, true), "only the latest challenge counts");
}

/// §3: the login answer names the operating mode, whatever the way in.
#[test]
fn the_login_names_the_mode() {
    for mode in OperatingMode::ALL {
        let device = Device::in_mode(mode);
        let mut peer = device.connect();
        let (named, challenge) = peer.challenge();
        assert_eq!(named, mode);
        let answer = peer.answer_challenge(proof(FACTORY, &challenge), user(MASTER));
        assert_eq!(answer.verdict(), (Status::SUCCESS, false), "the MD5 form is accepted in every mode");
        assert_eq!(device.connect().call(&LoginAnonymous).unwrap().mode, mode.number());
        assert_eq!(device.connect().call(&LoginChallenge).unwrap().mode, mode.number());
    }
}

/// SESSION_INFO tells how the session was opened.
#[test]
fn a_session_knows_its_kind() {
    let device = Device::new();
    otp_user(&device, 0);
    device.user("alice", 0);
    let info = |peer: &mut Peer| {
        let info = peer.call(&SessionInfo).unwrap();
        (info.kind, info.user.as_str().unwrap().to_owned(), info.session_id)
    };
    let mut anonymous = device.anonymous();
    assert_eq!(info(&mut anonymous).0, Kind::Anonymous.number());
    assert_eq!(anonymous.session.kind(), Some(Kind::Anonymous));
    let mut alice = device.login("alice");
    let (kind, name, id) = info(&mut alice);
    assert_eq!((kind, name.as_str()), (1, "alice"));
    assert_ne!(id, info(&mut device.login("alice")).2);
    let mut otto = device.connect();
    otto.login_otp("otto", PASSWORD, &one_time(&SEED, 0)).unwrap();
    assert_eq!(info(&mut otto).0, 2);
    let token = issue(&mut alice, A_TOKEN_INFINITE);
    let mut by_token = device.connect_for(true);
    by_token.login_token("alice", &token).unwrap();
    assert_eq!(info(&mut by_token).0, 3);
}

fn otp_user(device: &Device, time_step: u16) {
    let otto = SeedUser {
        name: "otto".to_owned(),
        password: Zeroizing::new(PASSWORD.to_owned()),
        otp: Some(SeedOtp { seed: Zeroizing::new(SEED.to_vec()), time_step, t0: 0, truncation_offset: 16 }),
        ..SeedUser::default()
    };
    device.apply(&Seed { users: vec![otto], ..Seed::default() }).unwrap();
}

/// §3.4: needed or not needed, said only to who knows the password, and not counted.
#[test]
fn one_time_passwords_are_needed_or_not() {
    let device = Device::new();
    otp_user(&device, 0);
    device.user("alice", 0);
    assert_eq!(try_login(&device, "otto", PASSWORD), (Status::ERR_ACCESS_DENIED_TOKEN_NEEDED, false));
    assert_eq!(try_otp(&device, "alice", "123456"), (Status::ERR_ACCESS_DENIED_TOKEN_NOT_NEEDED, false));
    assert_eq!(try_otp(&device, "alice", ""), (Status::ERR_ACCESS_DENIED_TOKEN_NOT_NEEDED, false));
    assert_eq!((device.attempts("otto"), device.attempts("alice")), (0, 0));
    assert_eq!(try_login(&device, "otto", "secret-2"), (DENIED, false), "the password comes first");
    assert_eq!(device.attempts("otto"), 1);
}

/// §3.5: HOTP's window ahead, the counter moving on, and replay.
#[test]
fn hotp_looks_ten_ahead_and_never_back() {
    let device = Device::new();
    otp_user(&device, 0);
    let at = |counter| try_otp(&device, "otto", &one_time(&SEED, counter));
    let replayed = (Status::ERR_REPLAY_DETECTED, false);
    assert_eq!(at(10), (DENIED, false), "beyond the window");
    assert_eq!(device.attempts("otto"), 1);
    assert_eq!(at(9), (Status::SUCCESS, true), "the last of the window");
    assert_eq!(device.attempts("otto"), 0);
    assert_eq!(at(9), replayed);
    assert_eq!(at(0), replayed, "skipped ones are used up");
    assert_eq!(device.attempts("otto"), 2, "a replay counts");
    assert_eq!(at(10), (Status::SUCCESS, true));
    assert_eq!(at(0), (DENIED, false), "11 back is no replay any more, only wrong");
    for wrong in ["", "12345", "abcdef", "0123456789"] {
        assert_eq!(try_otp(&device, "otto", wrong), (DENIED, false), "{wrong}");
    }
}

/// §3.5: wrong one-time passwords block as wrong passwords do.
#[test]
fn wrong_one_time_passwords_block() {
    let device = Device::new();
    otp_user(&device, 0);
    let wrong = one_time(&SEED, 5000);
    for _ in 0..7 {
        assert_eq!(try_otp(&device, "otto", &wrong), (DENIED, false));
    }
    assert_eq!(try_otp(&device, "otto", &one_time(&SEED, 0)), (BLOCKED, false));
}

/// §3.5: TOTP's steps to either side, and replay.
#[test]
fn totp_takes_ten_steps_to_either_side_once_each() {
    let device = Device::new();
    otp_user(&device, 30);
    let now = device.now_ms() / 30_000;
    let at = |step| try_otp(&device, "otto", &one_time(&SEED, step));
    assert_eq!(at(now - 11), (DENIED, false));
    assert_eq!(at(now + 11), (DENIED, false));
    assert_eq!(at(now - 10), (Status::SUCCESS, true));
    assert_eq!(at(now - 10), (Status::ERR_REPLAY_DETECTED, false));
    assert_eq!(at(now + 10), (Status::SUCCESS, true));
    assert_eq!(at(now), (Status::ERR_REPLAY_DETECTED, false), "before the last accepted one");
    device.advance(30_000 * 11);
    assert_eq!(at(now + 11), (Status::SUCCESS, true));
    device.advance(30_000 * 25);
    assert_eq!(at(now + 11), (DENIED, false), "too old to be told from a wrong one");
}

/// §3: a generator is found again, and TOTP's clock with it.
#[test]
fn resynchronised_generators_go_on_where_they_were_found() {
    let device = Device::new();
    let mut master = device.master();
    let resync = |first, second| ResyncOtp {
        user: user("otto"),
        first: FixedSecret::new(&one_time(&SEED, first)).unwrap(),
        second: FixedSecret::new(&one_time(&SEED, second)).unwrap(),
    };
    let at = |counter| try_otp(&device, "otto", &one_time(&SEED, counter));
    otp_user(&device, 0);
    assert_eq!(master.call(&resync(1000, 1001)), Err(Status::ERR_INVALID_SECRET), "1000 ahead is too far");
    assert_eq!(
        master.call(&resync(500, 502)),
        Err(Status::ERR_INVALID_SECRET),
        "they must follow each other"
    );
    assert_eq!(master.call(&resync(999, 1000)), Ok(()));
    assert_eq!(master.call(&resync(997, 998)), Err(Status::ERR_INVALID_SECRET), "never back");
    assert_eq!(at(1000), (Status::ERR_REPLAY_DETECTED, false));
    assert_eq!(at(1001), (Status::SUCCESS, true));

    for drift in [-400_i64, 700] {
        otp_user(&device, 60);
        let fast = (device.now_ms() / 60_000).strict_add_signed(drift);
        assert_eq!(at(fast), (DENIED, false));
        assert_eq!(master.call(&resync(fast - 1, fast)), Ok(()));
        assert_eq!(at(fast), (Status::ERR_REPLAY_DETECTED, false), "used to be found");
        assert_eq!(at(fast + 1), (Status::SUCCESS, true), "the device remembers the drift of {drift}");
        device.advance(60_000 * 100);
        assert_eq!(at(fast + 100), (Status::SUCCESS, true));
    }
    let other = ResyncOtp { user: user(MASTER), ..resync(0, 1) };
    assert_eq!(master.call(&other), Err(Status::ERR_ACCESS_DENIED_TOKEN_NOT_NEEDED));
}

/// §3: which generators can be bound, and that they work as bound.
#[test]
fn generators_are_bound_and_taken_away() {
    let device = Device::new();
    device.user("alice", 0);
    let mut master = device.master();
    let good = AssignOtp {
        user: user("alice"),
        kind: 2,
        hmac: 1,
        truncation_offset: 16,
        time_step: 0,
        t0: 0,
        seed: SEED.to_vec().into(),
    };
    let bad = [
        AssignOtp { kind: 1, ..good.clone() },
        AssignOtp { hmac: 2, ..good.clone() },
        AssignOtp { truncation_offset: 17, ..good.clone() },
        AssignOtp { time_step: 30, ..good.clone() },
        AssignOtp { t0: 1, ..good.clone() },
        AssignOtp { kind: 3, ..good.clone() },
        AssignOtp { seed: vec![1; 21].into(), ..good.clone() },
    ];
    for bad in bad {
        assert_eq!(master.call(&bad), Err(Status::ERR_INVALID_PAYLOAD), "{bad:?}");
    }
    assert_eq!(
        master.call(&AssignOtp { user: user("nobody"), ..good.clone() }),
        Err(Status::ERR_USR_NOT_FOUND)
    );
    let unassign = UnassignOtp { user: user("alice") };
    assert_eq!(master.call(&unassign), Err(Status::ERR_ACCESS_DENIED_TOKEN_NOT_NEEDED));
    master.call(&good).unwrap();
    let mask = |master: &mut Peer| master.call(&UserInfo { user: user("alice") }).unwrap().acl;
    assert_eq!(mask(&mut master), acl::VIRTUAL_OTP_AUTH);
    assert_eq!(try_otp(&device, "alice", &one_time(&SEED, 0)), (Status::SUCCESS, true));
    // Another generator starts over: TOTP, and a truncation offset of its own.
    let totp =
        AssignOtp { kind: 3, time_step: 30, t0: 7, truncation_offset: 3, seed: vec![9; 64].into(), ..good };
    master.call(&totp).unwrap();
    let step = (device.now_ms() / 1000 - 7) / 30;
    let hash = bancada_crypto::hash::HashAlg::Sha1;
    let given = bancada_crypto::otp::hotp_truncated(hash, &[9; 64], step, 8, Some(3)).unwrap();
    assert_eq!(try_otp(&device, "alice", &given), (Status::SUCCESS, true), "eight digits are good, too");
    master.call(&unassign).unwrap();
    assert_eq!((mask(&mut master), try_login(&device, "alice", PASSWORD).0), (0, Status::SUCCESS));
}
