//! docs/device.md §9: a store that fails, at every call of every operation: one answer, the whole effect or none.

use crate::common::*;
use crate::faulty_store::{FaultyStore, How};
use crate::matrix::{ROWS, Row};
use crate::samples::bench_on;
use bancada_engine::store::{Batch, Change, Condition, Store};
use bancada_engine::{HsmConfig, MASTER, OpenError};
use bancada_store::MemoryStore;
use bancada_wire::algorithm::key;
use bancada_wire::frame::OperatingMode;
use bancada_wire::op::*;
use bancada_wire::status::Status;
use std::sync::Arc;

const BUSY: Status = Status::ERR_SL_BE_BUSY;
const DAMAGED: Status = Status::ERR_CANNOT_LOAD_CORRUPTED_OBJ;
const CONFLICTS: Status = Status::ERR_SERVER_BUSY;

/// The samples' device on a store that can fail, its caches cold, and a session of the operator.
fn faulty_bench() -> (Device, Arc<FaultyStore>, Peer) {
    let store = Arc::new(FaultyStore::new());
    let device = Device::on(Arc::<FaultyStore>::clone(&store), Arc::new(MemoryStore::new())).unwrap();
    bench_on(&device, OperatingMode::Nrm, 0);
    let cold = device.reopened();
    let peer = cold.login("opera");
    // A write of another node, so that the session looks again at everything.
    device.user("other", 0);
    (cold, store, peer)
}

/// Operations that need a session: what a login does with a failing store has a test of its own.
fn rows() -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(|row| row.spec.auth != Auth::Login)
}

/// Whether a sample writes to the durable store: the list of tokens, the truncated log, the mode that stays and the key that
/// goes out under another do not.
fn writes(row: &Row) -> bool {
    row.spec.effect == Effect::Write
        && !["A_TOKEN", "LOG_TRUNCATE", "SET_OP_MODE", "KEK_WRAP_OBJ"].contains(&row.spec.name)
}

/// Runs one operation again and again, its store failing at the first call, the second, and so on, until it no longer
/// makes so many calls.
fn fail_everywhere(row: &Row, how: How) {
    for calls in 0.. {
        let (_device, store, mut peer) = faulty_bench();
        (row.prepare)(&mut peer);
        // The session has looked again, except for operations without preparation: both ways are walked.
        let before = store.revision();
        store.fail_after(calls, how);
        let status = (row.call)(&mut peer, OperatingMode::Nrm);
        let (failed, _) = store.mend();
        let written = store.revision() - before;
        let what = (row.spec.name, how, calls, written);
        assert!(written <= 1, "{what:?}: one commit, or none");
        if !failed {
            assert_eq!(status, Status::SUCCESS, "{what:?}: it made fewer calls");
            return;
        }
        let expected = if how == How::Corrupt { [BUSY, DAMAGED] } else { [BUSY, BUSY] };
        // What may fail without harm has succeeded.
        assert!(expected.contains(&status) || status == Status::SUCCESS, "{what:?}: {status:?}");
        let is_done = status == Status::SUCCESS || (how == How::Lost && written == 1);
        assert_eq!(written == 1, is_done && writes(row), "{what:?}: {status:?}");
        assert_eq!(peer.call(&Ping), Ok(()), "{what:?}: the session goes on");
        if !is_done {
            (row.prepare)(&mut peer);
            assert_eq!(
                (row.call)(&mut peer, OperatingMode::Nrm),
                Status::SUCCESS,
                "{what:?}: it works the next time"
            );
        }
    }
}

#[test]
fn every_operation_survives_a_store_that_does_not_answer() {
    rows().for_each(|row| fail_everywhere(row, How::Unavailable));
}

#[test]
fn every_operation_survives_a_store_that_loses_its_answer() {
    rows().for_each(|row| fail_everywhere(row, How::Lost));
}

#[test]
fn every_operation_survives_a_damaged_record() {
    rows().for_each(|row| fail_everywhere(row, How::Corrupt));
}

/// A write that always meets another one gives up, having changed nothing.
#[test]
fn a_write_that_never_gets_its_turn_gives_up() {
    for row in rows() {
        let (_device, store, mut peer) = faulty_bench();
        (row.prepare)(&mut peer);
        let before = store.revision();
        store.always_conflict();
        let status = (row.call)(&mut peer, OperatingMode::Nrm);
        let (_, commits) = store.mend();
        assert_eq!(store.revision(), before, "{}", row.spec.name);
        if commits == 0 {
            assert_eq!(status, Status::SUCCESS, "{}", row.spec.name);
        } else {
            assert_eq!((status, commits), (CONFLICTS, 65), "{}", row.spec.name);
        }
        assert_eq!(peer.call(&Ping), Ok(()));
    }
}

/// A failing store at any call of a login ends the connection with 5305, and the next login works.
#[test]
fn logins_fail_with_their_store() {
    for how in [How::Unavailable, How::Lost, How::Corrupt] {
        for password in [PASSWORD, "wrong-one"] {
            for calls in 0.. {
                let (device, store, _) = faulty_bench();
                device.user("alice", 0);
                device.connect().login("alice", "wrong-one").unwrap_err();
                let cold = device.reopened();
                let mut peer = cold.connect();
                let (_, challenge) = peer.challenge();
                store.fail_after(calls, how);
                let answer = peer.answer_challenge(proof(password, &challenge), user("alice"));
                let (failed, _) = store.mend();
                if !failed {
                    let expected =
                        if password == PASSWORD { Status::SUCCESS } else { Status::ERR_ACCESS_DENIED };
                    assert_eq!(answer.status, expected);
                    break;
                }
                assert!([BUSY, DAMAGED].contains(&answer.status), "{how:?} {calls}: {:?}", answer.status);
                assert!(answer.ends, "{how:?} {calls}: a login that fails disconnects");
                assert!(device.attempts("alice") <= 2);
                cold.login("alice");
            }
        }
    }
}

/// An expired session's change that meets a failing store ends the connection; the password is the old or the new one.
#[test]
fn a_forced_change_fails_with_its_store() {
    for how in [How::Unavailable, How::Lost] {
        let (device, store, _) = faulty_bench();
        device.user("alice", 0);
        let mut peer = device.expired("alice");
        store.fail_after(0, how);
        let change = ChangePwd { password: password("another-1") };
        assert_eq!(peer.verdict(&change), (BUSY, true), "{how:?}");
        assert!(store.mend().0);
        let (old, new) =
            (device.connect().login("alice", PASSWORD), device.connect().login("alice", "another-1"));
        let denied = Err(Status::ERR_ACCESS_DENIED);
        let expected = match how {
            How::Lost => (denied, Ok(())),
            _ => (Err(Status::ERR_PWD_EXPIRED), denied),
        };
        assert_eq!((old, new), expected, "{how:?}");
    }
}

/// The volatile store fails: tokens are not issued by halves, and users go although their tokens cannot.
#[test]
fn tokens_fail_with_their_store() {
    let volatile = Arc::new(FaultyStore::new());
    let device = Device::on(Arc::new(MemoryStore::new()), Arc::<FaultyStore>::clone(&volatile)).unwrap();
    device.user("alice", 0);
    let mut alice = device.login("alice");
    let token = issue(&mut alice, A_TOKEN_INFINITE);
    let issue_again = AToken { operation: A_TOKEN_ISSUE, key: [0; 16].into(), expiration: A_TOKEN_INFINITE };
    for calls in 0..2 {
        volatile.fail_after(calls, How::Unavailable);
        assert_eq!(alice.call(&issue_again).map(drop), Err(BUSY));
    }
    volatile.always_conflict();
    assert_eq!(alice.call(&issue_again).map(drop), Err(CONFLICTS));
    volatile.mend();
    let list = AToken { operation: A_TOKEN_LIST, ..issue_again.clone() };
    assert_eq!(alice.call(&list).unwrap().0.len(), 1);
    volatile.fail_after(0, How::Unavailable);
    let mut peer = device.connect_for(true);
    assert_eq!(peer.login_token("alice", &token), Err(BUSY));
    assert!(!peer.is_connected());
    volatile.fail_after(0, How::Unavailable);
    device.master().call(&DeleteUsr { commit: DELETE_COMMIT, user: user_z("alice") }).unwrap();
    assert!(volatile.mend().0, "the tokens could not be removed");
    device.user("alice", 0);
    let mut peer = device.connect_for(true);
    assert_eq!(peer.login_token("alice", &token), Err(Status::ERR_ACCESS_DENIED), "and are worth nothing");
}

/// Opening fails at any call and leaves nothing that the next opening does not make good.
#[test]
fn opening_fails_with_its_store() {
    for how in [How::Unavailable, How::Lost] {
        for calls in 0.. {
            let store = Arc::new(FaultyStore::new());
            store.fail_after(calls, how);
            let opened = Device::on(Arc::<FaultyStore>::clone(&store), Arc::new(MemoryStore::new()));
            let (failed, _) = store.mend();
            assert_eq!(opened.is_err(), failed, "{how:?} {calls}");
            let device = Device::on(store, Arc::new(MemoryStore::new())).unwrap();
            assert_eq!(device.master().call(&ServerInfo).unwrap().users, 1);
            if !failed {
                break;
            }
        }
    }
}

/// Opening a node does not touch what is there; a wrong master key is told from damage, and a bad password refused.
#[test]
fn opening_looks_before_it_writes() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let device = Device::on(Arc::clone(&store), Arc::new(MemoryStore::new())).unwrap();
    device.user("alice", 0);
    let before = store.revision();
    assert_eq!(device.reopened().hsm.users().unwrap().len(), 2);
    let other = Device::with(HsmConfig::default(), [1; 32], Arc::clone(&store));
    assert!(matches!(other, Err(OpenError::WrongMasterKey)));
    for password in ["", "short", "seventeen-letters", "caf\u{e9}-caf\u{e9}"] {
        let config = HsmConfig { master_password: password.to_owned().into(), ..HsmConfig::default() };
        let opened = Device::with(config, [0; 32], Arc::new(MemoryStore::new()));
        assert!(matches!(opened, Err(OpenError::MasterPassword)), "{password}");
    }
    assert_eq!(store.revision(), before);
    let config = HsmConfig { master_password: "another-1".to_owned().into(), ..HsmConfig::default() };
    let device = Device::with(config, [0; 32], Arc::new(MemoryStore::new())).unwrap();
    device.login_with(MASTER, "another-1");
}

/// Records that were exchanged, cut or overwritten do not open, and nothing else is harmed.
#[test]
fn meddled_records_are_damage() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let device = Device::on(Arc::clone(&store), Arc::new(MemoryStore::new())).unwrap();
    device.user("alice", 0);
    for name in ["one", "two", "three", "sound"] {
        device.key("alice", name, (key::AES_128, &AES), 1);
    }
    let get = |name: &str| store.get(format!("o/alice/{name}").as_bytes()).unwrap().unwrap();
    let put = |name: &str, value: &[u8]| {
        let key = format!("o/alice/{name}").into_bytes();
        let changes = vec![Change::Put { key: key.clone(), value: value.to_vec() }];
        let conditions = vec![Condition { key, revision: get(name).revision }];
        store.commit(&Batch { conditions, changes }).unwrap();
    };
    assert!(!get("one").value.windows(AES.len()).any(|window| window == AES), "what is stored is sealed");
    put("one", &get("two").value);
    put("two", &get("sound").value[..20]);
    put("three", &[]);
    let mut alice = device.login("alice");
    for name in ["one", "two", "three"] {
        assert_eq!(alice.call(&ObjExp { name: object(name), flags: 0 }).map(drop), Err(DAMAGED), "{name}");
    }
    assert!(alice.call(&ObjExp { name: object("sound"), flags: 0 }).is_ok());
}
