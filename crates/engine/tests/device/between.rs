//! What happens between the moment an operation is allowed and the moment it takes effect.

use crate::common::*;
use crate::faulty_store::FaultyStore;
use bancada_engine::MASTER;
use bancada_store::MemoryStore;
use bancada_wire::acl;
use bancada_wire::algorithm::{hash, key};
use bancada_wire::op::*;
use bancada_wire::status::Status;
use bancada_wire::text::FixedSecret;
use std::sync::Arc;

const DENIED: Status = Status::ERR_ACCESS_DENIED;
const GONE: Status = Status::ERR_USR_NOT_FOUND;

fn device() -> (Device, Arc<FaultyStore>) {
    let store = Arc::new(FaultyStore::new());
    let device = Device::on(Arc::<FaultyStore>::clone(&store), Arc::new(MemoryStore::new())).unwrap();
    device.user("alice", acl::USR_CREATE).user("bob", 0);
    (device, store)
}

fn blob(name: &str) -> CreateBlob {
    CreateBlob { name: object(name), length: 1, data: vec![1].into() }
}

/// Lets `meanwhile` happen on another node just before the next commit of `peer`, which sends `request`.
fn race<O: Operation>(
    (device, store): &(Device, Arc<FaultyStore>),
    peer: &mut Peer,
    request: &O,
    meanwhile: impl FnOnce(&Device) + Send + 'static,
) -> (Status, bool) {
    let node = device.another_node();
    store.before_commit(move || meanwhile(&node));
    let verdict = peer.verdict(request);
    assert!(!store.is_waiting(), "the write was tried");
    verdict
}

fn objects(device: &Device) -> u64 {
    device.master().call(&ServerInfo).unwrap().objects
}

/// A user that is removed, blocked or made over while its write is under way has not written.
#[test]
fn a_users_write_needs_the_user() {
    let setup = device();
    let mut alice = setup.0.login("alice");
    let removed = race(&setup, &mut alice, &blob("x"), |node| {
        node.master().call(&DeleteUsr { commit: DELETE_COMMIT, user: user_z("alice") }).unwrap();
    });
    assert_eq!((removed, objects(&setup.0)), ((GONE, true), 0));
    setup.0.user("alice", 0);
    let mut alice = setup.0.login("alice");
    let blocked = race(&setup, &mut alice, &blob("x"), |node| {
        node.master().call(&BlockUser { user: user("alice"), blocked: 1 }).unwrap();
    });
    assert_eq!((blocked, objects(&setup.0)), ((Status::ERR_ACCESS_DENIED_USR_BLOCKED, true), 0));
    let mut bob = setup.0.login("bob");
    let made_over = race(&setup, &mut bob, &Grant { user: user(MASTER), acl: acl::OBJ_READ }, |node| {
        node.user("bob", 0);
    });
    assert_eq!(made_over, (GONE, true));
    let trustees = setup.0.login("bob").call(&ListGrants { user: user(""), direction: 2 }).unwrap();
    assert_eq!(trustees.0, []);
}

/// A permission that is taken while it is used allows nothing.
#[test]
fn a_write_needs_its_permission_to_the_end() {
    let setup = device();
    let mut alice = setup.0.login("alice");
    let create = CreateUsr { user: user_z("fresh"), password: FixedSecret::new(PASSWORD).unwrap(), acl: 0 };
    let verdict = race(&setup, &mut alice, &create, |node| {
        node.master().call(&SetUserAcl { user: user("alice"), acl: 0 }).unwrap();
    });
    assert_eq!(verdict, (DENIED, false));
    assert_eq!(setup.0.hsm.users().unwrap().len(), 3);
}

/// So is a grant, for making, removing and blocking.
#[test]
fn a_foreign_write_needs_its_grant_to_the_end() {
    let setup = device();
    setup.0.key("alice", "key", (key::AES_128, &AES), 0);
    let take_back = |node: &Device| {
        node.login("alice").call(&Grant { user: user("bob"), acl: acl::OBJ_READ }).unwrap();
    };
    let mut bob = setup.0.login("bob");
    setup.0.grant("alice", "bob", acl::DEFAULT_OWNER);
    assert_eq!(race(&setup, &mut bob, &blob("alice/x"), take_back), (DENIED, false));
    setup.0.grant("alice", "bob", acl::DEFAULT_OWNER);
    assert_eq!(
        race(&setup, &mut bob, &RemoveObject { name: object("alice/key") }, take_back),
        (DENIED, false)
    );
    setup.0.grant("alice", "bob", acl::DEFAULT_OWNER);
    let block = BlockObject { name: object("alice/key"), blocked: 1 };
    assert_eq!(race(&setup, &mut bob, &block, take_back), (DENIED, false));
    assert_eq!(objects(&setup.0), 1);
    setup.0.grant("alice", "bob", acl::DEFAULT_OWNER);
    let removed = race(&setup, &mut bob, &blob("alice/x"), |node| {
        node.master().call(&DeleteUsr { commit: DELETE_COMMIT, user: user_z("alice") }).unwrap();
    });
    assert_eq!((removed, objects(&setup.0)), ((DENIED, false), 0));
}

/// A key that was allowed in one mode does not appear in another.
#[test]
fn a_key_does_not_outlive_its_mode() {
    let setup = device();
    let mut alice = setup.0.login("alice");
    let create = CreateKey { algorithm: key::ECX_ED25519, attributes: 0, name: object("ed") };
    let verdict = race(&setup, &mut alice, &create, |node| {
        node.master().call(&SetOpMode { mode: 2 }).unwrap();
    });
    assert_eq!((verdict, objects(&setup.0)), ((GONE, true), 0));
}

/// Writes that meet harmlessly both happen: the second is looked at again.
#[test]
fn writes_that_meet_both_happen() {
    let setup = device();
    let mut alice = setup.0.login("alice");
    let create = CreateKey { algorithm: key::RSA_1024, attributes: 0, name: object("rsa") };
    let verdict = race(&setup, &mut alice, &create, |node| {
        node.connect().login("alice", "wrong-one").unwrap_err();
    });
    assert_eq!((verdict, objects(&setup.0)), ((Status::SUCCESS, false), 1));
    let mut other = setup.0.connect();
    let node = setup.0.another_node();
    setup.1.before_commit(move || {
        node.connect().login("alice", "wrong-one").unwrap_err();
    });
    other.login("alice", "wrong-two").unwrap_err();
    assert_eq!(setup.0.attempts("alice"), 3, "each wrong login is counted");
}

/// A record that another node replaces while this one reads it is not kept.
#[test]
fn a_stale_record_is_not_kept() {
    let (device, store) = device();
    device.key("alice", "key", (key::HMAC_SHA2_256, &[1; 32]), 0);
    let cold = device.reopened();
    let mut alice = cold.login("alice");
    let (mut bystander, there) = (cold.login("bob"), device.clone());
    let mac = |peer: &mut Peer| {
        let request = Mac { name: object("key"), algorithm: hash::HMAC_SHA2_256, data: vec![7].into() };
        peer.call(&request).unwrap().0
    };
    store.after_get(move || {
        there.key("alice", "key", (key::HMAC_SHA2_256, &[2; 32]), 0);
        // Brings the node's cache up to date while the old record is in the reader's hands.
        bystander.call(&Ping).unwrap();
    });
    let of = |value: u8| {
        bancada_crypto::mac::hmac(bancada_crypto::hash::HashAlg::Sha256, &[value; 32], &[7]).to_vec()
    };
    assert_eq!(mac(&mut alice), of(1), "read before the write");
    assert_eq!(mac(&mut alice), of(2), "and after it");
}
