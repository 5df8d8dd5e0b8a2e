//! docs/device.md §8: what the audit log tells, and what it must not.

use crate::common::*;
use bancada_engine::MASTER;
use bancada_wire::acl;
use bancada_wire::algorithm::{hash, key};
use bancada_wire::codec::SecretTail;
use bancada_wire::op::*;
use bancada_wire::status::Status;
use bancada_wire::text::FixedSecret;

/// Every line from the beginning, of a session that reads it.
pub(crate) fn lines(peer: &mut Peer) -> Vec<String> {
    let (mut start, mut lines) = (0, Vec::new());
    loop {
        let answer = peer.call(&LogRead { start, max_lines: 1024 }).unwrap();
        if answer.text.is_empty() {
            return lines;
        }
        assert!(answer.text.len() <= 64 << 10);
        let text = String::from_utf8(answer.text.0.clone()).unwrap();
        assert!(text.ends_with('\n'));
        lines.extend(text.lines().map(str::to_owned));
        start = answer.next;
    }
}

/// The texts behind the bars.
fn texts(peer: &mut Peer) -> Vec<String> {
    lines(peer).iter().map(|line| line.split_once('|').unwrap().1.to_owned()).collect()
}

/// Date, thread, counter, correlation, bar, text.
#[test]
fn a_line_has_its_form_and_counters_count() {
    let device = Device::new();
    device.advance(1_234);
    let mut master = device.master();
    for (number, line) in lines(&mut master).iter().enumerate() {
        let (head, text) = line.split_once('|').unwrap();
        let fields: Vec<_> = head.split(' ').collect();
        assert_eq!(fields[0], "2024/01/01");
        assert!(["00:00:00", "00:00:01"].contains(&fields[1]), "{line}");
        assert_eq!(fields[2], "00000001", "the node");
        assert_eq!(fields[3], format!("{number:08x}"));
        assert_eq!(fields[4].len(), 8);
        assert_eq!((fields.len(), text.is_empty()), (5, false), "{line}");
    }
    let correlation = |line: &String| line[38..46].to_owned();
    let (mut alice, mut bob) = (device.master(), device.master());
    alice.call(&BlockUser { user: user("nobody"), blocked: 1 }).unwrap_err();
    bob.call(&BlockUser { user: user("nobody"), blocked: 1 }).unwrap_err();
    let all = lines(&mut master);
    let [.., first, second, third, fourth] = &all[..] else { panic!() };
    assert_eq!((correlation(first), correlation(second)), (correlation(third), correlation(fourth)));
    assert_ne!(correlation(first), correlation(second), "each session has its own");
}

/// Logins, log-outs, writes and refusals are told; uses of a key are not.
#[test]
fn the_log_tells_what_was_done_and_refused() {
    let device = Device::new();
    device.user("alice", 0).key("alice", "hmac", (key::HMAC_SHA2_256, &HMAC), 0);
    let mut master = device.master();
    master.call(&LogTruncate).unwrap();
    let mut alice = device.login("alice");
    alice.call(&CreateBlob { name: object("note"), length: 1, data: vec![1].into() }).unwrap();
    alice.call(&Mac { name: object("hmac"), algorithm: hash::HMAC_SHA2_256, data: vec![].into() }).unwrap();
    alice.call(&RemoveObject { name: object("none") }).unwrap_err();
    alice.call(&LogTruncate).unwrap_err();
    drop(alice);
    device.connect().login("alice", "wrong-one").unwrap_err();
    drop(device.anonymous());
    let told = texts(&mut master);
    let expected = [
        "log truncated by master, ",
        "login with password (alice)",
        "CREATE_BLOB alice/note by alice",
        "REMOVE_OBJECT by alice refused: D_ERR_CANNOT_OPEN_OBJ",
        "LOG_TRUNCATE by alice refused: D_ERR_ACCESS_DENIED",
        "logout of alice",
        "wrong login of alice, attempt 1 (nobody)",
        "login by nobody refused: D_ERR_ACCESS_DENIED",
        "anonymous login (nobody)",
        "logout of nobody",
    ];
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (told, expected) in told.iter().zip(expected) {
        assert!(told.starts_with(expected), "{told} is not {expected}");
    }
}

/// What a line says of a write. (That every write has one is seen by the matrix.)
#[test]
fn a_write_is_told_with_what_it_was_about() {
    let device = Device::new();
    device.user("alice", acl::SYS_OPERATOR).user("bob", 0);
    let mut alice = device.login("alice");
    let aes = SecretTail::from(&AES[..]);
    let one_time = |user_name, seed: &[u8]| AssignOtp {
        user: user(user_name),
        kind: 2,
        hmac: 1,
        truncation_offset: 16,
        time_step: 0,
        t0: 0,
        seed: seed.to_vec().into(),
    };
    alice.call(&CreateKey { algorithm: key::AES_128, attributes: 1, name: object("aes") }).unwrap();
    alice
        .call(&KeyImp { algorithm: key::AES_128, attributes: 0, name: object("in"), material: aes })
        .unwrap();
    alice.call(&BlockObject { name: object("in"), blocked: 1 }).unwrap();
    alice.call(&ChangePwd { password: password("another-1") }).unwrap();
    issue(&mut alice, A_TOKEN_INFINITE);
    alice.call(&BlockUser { user: user("bob"), blocked: 1 }).unwrap();
    alice.call(&ResetPassword { user: user("bob"), password: password("another-2") }).unwrap();
    alice.call(&SetUserAcl { user: user("bob"), acl: acl::USR_LIST }).unwrap();
    alice.call(&one_time("bob", &[1; 20])).unwrap();
    alice.call(&UnassignOtp { user: user("bob") }).unwrap();
    alice.call(&Grant { user: user("bob"), acl: acl::OBJ_READ }).unwrap();
    alice.call(&DeleteUsr { commit: DELETE_COMMIT, user: user_z("bob") }).unwrap();
    let told = texts(&mut alice);
    let expected = [
        "CREATE_KEY alice/aes by alice",
        "KEY_IMP alice/in by alice",
        "BLOCK_OBJECT alice/in blocked by alice",
        "CHANGE_PWD by alice",
        "A_TOKEN issued by alice",
        "BLOCK_USER bob blocked by alice",
        "RESET_PASSWORD bob by alice",
        "SET_USER_ACL bob 0x40 by alice",
        "ASSIGN_OTP bob by alice",
        "UNASSIGN_OTP bob by alice",
        "GRANT bob 0x2 by alice",
        "DELETE_USR bob by alice",
    ];
    assert_eq!(told[told.len() - expected.len()..], expected);
    let token = AToken { operation: A_TOKEN_LIST, key: [0; 16].into(), expiration: 0 };
    alice.call(&token).unwrap();
    assert_eq!(texts(&mut alice).len(), told.len(), "listing tokens writes nothing");
}

/// Passwords, keys, seeds and tokens stay out of it.
#[test]
fn the_log_tells_no_secrets() {
    let device = Device::new();
    let mut master = device.master();
    let secret = "S3cret-Passw0rd";
    let create = CreateUsr { user: user_z("alice"), password: FixedSecret::new(secret).unwrap(), acl: 0 };
    master.call(&create).unwrap();
    master.call(&create).unwrap_err();
    device.connect().login("alice", "Wr0ng-Passw0rd").unwrap_err();
    let mut alice = device.login_with("alice", secret);
    let material = SecretTail::from(&b"S3cret-KeyBytes!"[..]);
    alice.call(&KeyImp { algorithm: key::AES_128, attributes: 0, name: object("k"), material }).unwrap();
    let token = issue(&mut alice, A_TOKEN_INFINITE);
    let told = texts(&mut master).join("\n");
    let hex: String = token.iter().map(|byte| format!("{byte:02x}")).collect();
    for secret in [secret, "Wr0ng", "S3cret", &hex] {
        assert!(!told.contains(secret), "{secret} in\n{told}");
    }
}

/// A peer's bytes never stand in the log as they came.
#[test]
fn names_a_peer_makes_up_do_not_forge_lines() {
    let device = Device::new();
    let mut master = device.master();
    let before = lines(&mut master).len();
    let mut peer = device.connect();
    let (_, challenge) = peer.challenge();
    peer.answer_challenge(proof(PASSWORD, &challenge), user("a\n2024/01/01"));
    master.call(&UserInfo { user: user("x\nforged|line") }).unwrap_err();
    master.call(&RemoveObject { name: object("x\nforged|line") }).unwrap_err();
    let after = lines(&mut master);
    assert_eq!(after.len(), before + 3);
    assert!(!after.concat().contains("forged"));
}

/// Truncation leaves one line that says so; the counters go on.
#[test]
fn truncation_leaves_one_line() {
    let device = Device::new();
    let mut master = device.master();
    for _ in 0..5 {
        master.call(&BlockUser { user: user("nobody"), blocked: 1 }).unwrap_err();
    }
    let before = lines(&mut master).len();
    master.call(&LogTruncate).unwrap();
    let left = lines(&mut master);
    assert_eq!(left.len(), 1);
    assert!(left[0].ends_with(&format!(
        "{before:08x} {}|log truncated by master, {before} lines removed",
        &left[0][38..46]
    )));
}

/// Reading goes on from the counter, in pages; limits of LOG_READ; and who may read.
#[test]
fn the_log_is_read_in_pages() {
    let device = Device::new();
    device.user("alice", acl::USR_REMOTE_LOG).user("bob", 0);
    let mut alice = device.login("alice");
    let read = |start, max_lines| LogRead { start, max_lines };
    for max_lines in [0, 1025, u32::MAX] {
        assert_eq!(
            alice.call(&read(0, max_lines)).map(drop),
            Err(Status::ERR_INVALID_PAYLOAD),
            "{max_lines}"
        );
    }
    assert_eq!(device.login("bob").call(&read(0, 1)).map(drop), Err(Status::ERR_ACCESS_DENIED));
    let all = lines(&mut alice);
    let first = alice.call(&read(0, 1)).unwrap();
    assert_eq!((first.next, &first.text[..]), (1, format!("{}\n", all[0]).as_bytes()));
    let second = alice.call(&read(first.next, 1)).unwrap();
    assert_eq!(&second.text[..], format!("{}\n", all[1]).as_bytes());
    let beyond = alice.call(&read(u32::MAX, 10)).unwrap();
    assert!(beyond.text.is_empty());
    assert_eq!(beyond.next, all.len() as u32);
}

/// The last 65 536 lines are kept, and a reply holds 64 KiB.
#[test]
fn the_log_forgets_its_oldest_lines() {
    let device = Device::new();
    let mut master = device.login_with(MASTER, FACTORY);
    for _ in 0..65_600 {
        master.call(&ObjectInfo { name: object("none") }).unwrap_err();
    }
    let first = master.call(&LogRead { start: 0, max_lines: 1024 }).unwrap();
    assert!(first.text.len() > 60 << 10 && first.text.len() <= 64 << 10);
    let all = lines(&mut master);
    assert_eq!(all.len(), 65_536);
    assert!(all.iter().all(|line| line.contains("OBJECT_INFO by master refused")));
}
