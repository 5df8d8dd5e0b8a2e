//! Nodes that share a store: each sees the others' writes at once, and writers that meet lose nothing.
#![expect(clippy::disallowed_methods, reason = "writers that meet need threads; the device itself has none")]

use crate::common::*;
use bancada_engine::MASTER;
use bancada_engine::seed::{Seed, SeedOtp, SeedUser};
use bancada_wire::acl;
use bancada_wire::algorithm::{attribute, hash, key};
use bancada_wire::frame::OperatingMode;
use bancada_wire::op::*;
use bancada_wire::status::Status;
use bancada_wire::text::FixedSecret;

const DENIED: Status = Status::ERR_ACCESS_DENIED;
const MISSING: Status = Status::ERR_CANNOT_OPEN_OBJ;
const BLOCKED: Status = Status::ERR_ACCESS_DENIED_USR_BLOCKED;
const WRITERS: usize = 6;

fn info(name: &str) -> ObjectInfo {
    ObjectInfo { name: object(name) }
}

fn remove(name: &str) -> RemoveObject {
    RemoveObject { name: object(name) }
}

fn blob(name: &str) -> CreateBlob {
    CreateBlob { name: object(name), length: 1, data: vec![1].into() }
}

fn names(peer: &mut Peer) -> Vec<String> {
    let list = ListObjects { partition: user(""), after: object(""), max: 1024 };
    let entries = peer.call(&list).unwrap().0;
    entries.iter().map(|entry| entry.name.as_str().unwrap().to_owned()).collect()
}

/// Runs the same thing on as many threads as there are writers, half of them on each node, and gives what each gave.
fn at_once<T: Send>(device: &Device, run: impl Fn(usize, &Device) -> T + Sync) -> Vec<T> {
    let nodes = [device.clone(), device.another_node()];
    let barrier = std::sync::Barrier::new(WRITERS);
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (node, barrier, run) = (&nodes[writer % 2], &barrier, &run);
                scope.spawn(move || {
                    barrier.wait();
                    run(writer, node)
                })
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    })
}

/// How many of the answers are this one.
fn count<T: PartialEq>(answers: &[T], wanted: &T) -> usize {
    answers.iter().filter(|answer| *answer == wanted).count()
}

#[test]
fn objects_of_one_node_are_the_others_at_once() {
    let one = Device::new();
    one.user("alice", 0);
    let two = one.another_node();
    let (mut here, mut there) = (one.login("alice"), two.login("alice"));
    let hmac = |peer: &mut Peer| {
        let request = Mac { name: object("key"), algorithm: hash::HMAC_SHA2_256, data: vec![1].into() };
        peer.call(&request).map(|mac| mac.0)
    };
    assert_eq!(hmac(&mut there), Err(MISSING));
    for value in [1, 2] {
        let material = vec![value; 32].into();
        let (algorithm, name) = (key::HMAC_SHA2_256, object("key"));
        here.call(&KeyImp { algorithm, attributes: 0, name, material }).unwrap();
        let expected =
            bancada_crypto::mac::hmac(bancada_crypto::hash::HashAlg::Sha256, &[value; 32], &[1]).to_vec();
        assert_eq!(hmac(&mut there), Ok(expected.clone()), "the new value, not one kept from before");
        here.call(&BlockObject { name, blocked: 1 }).unwrap();
        assert_eq!(hmac(&mut there), Err(Status::ERR_ACCESS_DENIED_OBJ_BLOCKED));
        there.call(&BlockObject { name, blocked: 0 }).unwrap();
        assert_eq!(hmac(&mut here), Ok(expected));
        there.call(&remove("key")).unwrap();
        assert_eq!((hmac(&mut here), hmac(&mut there)), (Err(MISSING), Err(MISSING)));
    }
}

#[test]
fn users_of_one_node_are_the_others_at_once() {
    let one = Device::new();
    let two = one.another_node();
    let mut master = one.master();
    let create = CreateUsr { user: user_z("alice"), password: FixedSecret::new(PASSWORD).unwrap(), acl: 0 };
    master.call(&create).unwrap();
    let mut alice = two.login("alice");
    master.call(&ResetPassword { user: user("alice"), password: password("another-1") }).unwrap();
    assert_eq!(two.connect().login("alice", PASSWORD), Err(DENIED));
    assert_eq!(one.attempts("alice"), 1, "counted for all nodes");
    master.call(&SetUserAcl { user: user("alice"), acl: acl::USR_LIST }).unwrap();
    assert!(alice.call(&ListUsers { after: user(""), max: 9 }).is_ok());
    let token = issue(&mut alice, A_TOKEN_INFINITE);
    assert_eq!(one.connect_for(true).login_token("alice", &token), Ok(()));
    one.user("bob", 0).key("bob", "key", (key::AES_128, &AES), 0);
    assert_eq!(alice.call(&info("bob/key")), Err(MISSING));
    let mut bob = one.login("bob");
    bob.call(&Grant { user: user("alice"), acl: acl::OBJ_READ }).unwrap();
    assert!(alice.call(&info("bob/key")).is_ok());
    bob.call(&Grant { user: user("alice"), acl: 0 }).unwrap();
    assert_eq!(alice.call(&info("bob/key")), Err(MISSING));
    master.call(&BlockUser { user: user("alice"), blocked: 1 }).unwrap();
    assert_eq!(alice.verdict(&Ping), (BLOCKED, true));
}

#[test]
fn settings_of_one_node_are_the_others_at_once() {
    let one = Device::new();
    let two = one.another_node();
    let (mut here, mut there) = (one.master(), two.master());
    let mut policy = here.call(&GetPwdPolicy).unwrap();
    policy.min_length = 12;
    here.call(&SetPwdPolicy { policy: policy.clone() }).unwrap();
    assert_eq!(there.call(&GetPwdPolicy).unwrap(), policy);
    assert_eq!(here.verdict(&SetOpMode { mode: 1 }), (Status::SUCCESS, true));
    assert_eq!(there.verdict(&Ping), (Status::ERR_USR_NOT_FOUND, true));
    let mut peer = two.connect();
    assert_eq!(peer.challenge().0, OperatingMode::Rm1);
    assert_eq!(two.hsm.mode().unwrap(), OperatingMode::Rm1);
}

/// Sessions and logs are a node's own.
#[test]
fn sessions_and_logs_are_each_nodes_own() {
    let one = Device::new();
    let two = one.another_node();
    let mut here = one.master();
    let _sessions = [one.anonymous(), one.anonymous()];
    assert_eq!(here.call(&ServerInfo).unwrap().sessions, 3);
    let mut there = two.master();
    assert_eq!(there.call(&ServerInfo).unwrap().sessions, 1);
    let told = there.call(&LogRead { start: 0, max_lines: 1024 }).unwrap();
    let told = String::from_utf8(told.text.0).unwrap();
    assert!(told.lines().all(|line| line[20..28] == *"00000002") && told.contains("login"), "{told}");
}

/// The count of wrong logins is exact, whoever counts.
#[test]
fn no_wrong_login_is_lost() {
    let device = Device::new();
    device.user("alice", 0);
    let mut policy = device.master().call(&GetPwdPolicy).unwrap();
    policy.max_invalid_logins = 255;
    device.master().call(&SetPwdPolicy { policy }).unwrap();
    let answers = at_once(&device, |_, node| {
        let wrong = |_| node.connect().login("alice", "wrong-one").unwrap_err();
        (0..30).map(wrong).collect::<Vec<_>>()
    });
    let answers = answers.concat();
    assert_eq!(count(&answers, &DENIED), answers.len(), "{answers:?}");
    assert_eq!(device.attempts("alice") as usize, answers.len());
}

/// Exactly as many as the policy allows are tried before the block.
#[test]
fn a_guesser_on_many_connections_has_no_more_tries() {
    for _ in 0..5 {
        let device = Device::new();
        device.user("alice", 0);
        let answers = at_once(&device, |_, node| {
            let wrong = |_| node.connect().login("alice", "wrong-one").unwrap_err();
            (0..5).map(wrong).collect::<Vec<_>>()
        });
        let answers = answers.concat();
        assert_eq!(count(&answers, &DENIED), 7);
        assert_eq!(count(&answers, &BLOCKED), answers.len() - 7);
        assert_eq!(device.attempts("alice"), 7);
    }
}

/// A one-time password is good once, even when it comes twice at the same time.
#[test]
fn a_one_time_password_is_good_once() {
    const SEED: [u8; 20] = [0x0F; 20];
    for time_step in [0, 30] {
        let device = Device::new();
        let otto = SeedUser {
            name: "otto".to_owned(),
            password: PASSWORD.to_owned().into(),
            otp: Some(SeedOtp { seed: SEED.to_vec().into(), time_step, t0: 0, truncation_offset: 16 }),
            ..SeedUser::default()
        };
        device.apply(&Seed { users: vec![otto], ..Seed::default() }).unwrap();
        let counter = (device.now_ms() / 1000).checked_div(time_step.into()).unwrap_or(0);
        let given = one_time(&SEED, counter);
        let answers = at_once(&device, |_, node| node.connect().login_otp("otto", PASSWORD, &given));
        assert_eq!(count(&answers, &Ok(())), 1, "{answers:?}");
        assert_eq!(count(&answers, &Err(Status::ERR_REPLAY_DETECTED)), WRITERS - 1, "{answers:?}");
    }
}

/// One name, one maker; one object, one remover.
#[test]
fn a_name_is_taken_once_and_freed_once() {
    let device = Device::new();
    device.user("alice", 0);
    for round in 0..20 {
        let name = format!("n{round}");
        let made = at_once(&device, |_, node| node.login("alice").call(&blob(&name)));
        assert_eq!(count(&made, &Ok(())), 1, "{made:?}");
        assert_eq!(count(&made, &Err(Status::ERR_OBJ_ALREADY_EXISTS)), WRITERS - 1, "{made:?}");
        let removed = at_once(&device, |_, node| node.login("alice").call(&remove(&name)));
        assert_eq!(count(&removed, &Ok(())), 1, "{removed:?}");
        assert_eq!(count(&removed, &Err(MISSING)), WRITERS - 1, "{removed:?}");
    }
}

/// Grants of one partition, tokens of one user, users and objects: what was acknowledged is there.
#[test]
fn nothing_that_was_acknowledged_is_lost() {
    let device = Device::new();
    device.user("alice", acl::USR_CREATE);
    for writer in 0..WRITERS {
        device.user(&format!("friend{writer}"), 0);
    }
    let tokens = at_once(&device, |writer, node| {
        let mut alice = node.login("alice");
        let friend = format!("friend{writer}");
        (0..10)
            .map(|round| {
                alice.call(&Grant { user: user(&friend), acl: acl::OBJ_READ }).unwrap();
                alice.call(&blob(&format!("{friend}_{round}"))).unwrap();
                let name = format!("new{writer}x{round}");
                let password = FixedSecret::new(PASSWORD).unwrap();
                alice.call(&CreateUsr { user: user_z(&name), password, acl: 0 }).unwrap();
                issue(&mut alice, A_TOKEN_INFINITE)
            })
            .collect::<Vec<_>>()
    });
    let mut alice = device.login("alice");
    let grants = alice.call(&ListGrants { user: user(""), direction: 2 }).unwrap().0;
    assert_eq!(grants.len(), WRITERS);
    assert_eq!(names(&mut alice).len(), WRITERS * 10);
    assert_eq!(device.hsm.users().unwrap().len(), 2 + WRITERS + WRITERS * 10);
    for token in tokens.concat() {
        assert_eq!(device.connect_for(true).login_token("alice", &token), Ok(()));
    }
}

/// A user that goes takes with it what others were making in its partition.
#[test]
fn a_removed_partition_stays_empty() {
    for _ in 0..10 {
        let device = Device::new();
        device
            .user("alice", 0)
            .user("bob", 0)
            .grant("alice", "bob", acl::DEFAULT_OWNER)
            .grant("bob", "alice", 2);
        at_once(&device, |writer, node| {
            if writer == 0 {
                let mut master = node.master();
                master.call(&DeleteUsr { commit: DELETE_COMMIT, user: user_z("alice") }).unwrap();
                return;
            }
            let mut bob = node.login("bob");
            for round in 0..20 {
                let status = bob.call(&blob(&format!("alice/b{writer}_{round}")));
                assert!([Ok(()), Err(DENIED)].contains(&status), "{status:?}");
                let status = bob.call(&Grant { user: user("alice"), acl: acl::OBJ_READ });
                assert!([Ok(()), Err(Status::ERR_USR_NOT_FOUND)].contains(&status), "{status:?}");
            }
        });
        assert_eq!(device.master().call(&ServerInfo).unwrap().objects, 0);
        device.user("alice", 0);
        assert_eq!(device.login("bob").call(&ListGrants { user: user(""), direction: 2 }).unwrap().0, []);
        assert_eq!(device.login("bob").call(&blob("alice/x")), Err(DENIED), "nor does it trust as it did");
    }
}

/// What was granted when a write began, but no longer when it ends, allows nothing.
#[test]
fn a_grant_that_is_taken_back_allows_no_late_write() {
    let device = Device::new();
    device.user("alice", 0).user("bob", 0);
    for round in 0..20 {
        device.grant("alice", "bob", acl::OBJ_CREATE);
        let seen = at_once(&device, |writer, node| {
            if writer == 0 {
                let mut alice = node.login("alice");
                alice.call(&Grant { user: user("bob"), acl: 0 }).unwrap();
                return names(&mut alice).len();
            }
            let mut bob = node.login("bob");
            for number in 0..10 {
                let status = bob.call(&blob(&format!("alice/r{round}_{writer}_{number}")));
                assert!([Ok(()), Err(DENIED)].contains(&status), "{status:?}");
            }
            0
        });
        assert_eq!(
            names(&mut device.login("alice")).len(),
            seen[0],
            "nothing came after the acknowledgement"
        );
    }
}

/// Wrong logins of the owner meet key generation: the key is made once and stored.
#[test]
fn a_key_that_meets_other_writes_is_still_made() {
    let device = Device::new();
    device.user("alice", 0);
    let answers = at_once(&device, |writer, node| {
        if writer % 2 == 0 {
            let name = object(&format!("rsa{writer}"));
            let attributes = attribute::EXPORTABLE_KEY;
            return node.login("alice").call(&CreateKey { algorithm: key::RSA_1024, attributes, name });
        }
        for _ in 0..20 {
            node.connect().login("alice", "wrong-one").unwrap_err();
            let unblocked = BlockUser { user: user("alice"), blocked: 0 };
            node.login_with(MASTER, FACTORY).call(&unblocked).unwrap();
        }
        Ok(())
    });
    assert!(answers.iter().all(|answer| [Ok(()), Err(BLOCKED)].contains(answer)), "{answers:?}");
    let made = answers.iter().step_by(2).filter(|answer| answer.is_ok()).count();
    device.master().call(&BlockUser { user: user("alice"), blocked: 0 }).unwrap();
    assert_eq!(names(&mut device.login("alice")).len(), made);
}
