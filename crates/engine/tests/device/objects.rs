//! docs/device.md §5: names, partitions, temporary and blocked objects, and the order they are looked at.

use crate::common::*;
use bancada_wire::acl;
use bancada_wire::algorithm::{attribute, hash, key};
use bancada_wire::codec::{SecretTail, ShortTail};
use bancada_wire::op::*;
use bancada_wire::status::Status;
use bancada_wire::text::{FixedText, ObjectName};

const DENIED: Status = Status::ERR_ACCESS_DENIED;
const MISSING: Status = Status::ERR_CANNOT_OPEN_OBJ;
const BAD_NAME: Status = Status::ERR_INVALID_OBJ_NAME;
const EXISTS: Status = Status::ERR_OBJ_ALREADY_EXISTS;
const MALFORMED: Status = Status::ERR_INVALID_PAYLOAD;
const BLOCKED: Status = Status::ERR_ACCESS_DENIED_OBJ_BLOCKED;
const TEMPORARY: u32 = attribute::TEMPORARY_KEY;

fn create(name: &str, attributes: u32) -> CreateKey {
    CreateKey { algorithm: key::AES_128, attributes, name: object(name) }
}

fn info(name: &str) -> ObjectInfo {
    ObjectInfo { name: object(name) }
}

fn remove(name: &str) -> RemoveObject {
    RemoveObject { name: object(name) }
}

fn block(name: &str, blocked: u8) -> BlockObject {
    BlockObject { name: object(name), blocked }
}

fn two_users() -> (Device, Peer, Peer) {
    let device = Device::new();
    device.user("alice", 0).user("bob", 0);
    let (alice, bob) = (device.login("alice"), device.login("bob"));
    (device, alice, bob)
}

fn names(peer: &mut Peer, partition: &str, after: &str, max: u32) -> Result<Vec<String>, Status> {
    let list = peer.call(&ListObjects { partition: user(partition), after: object(after), max })?;
    Ok(list.0.iter().map(|entry| entry.name.as_str().unwrap().to_owned()).collect())
}

/// 1 to 32 letters, digits and `_`; `partition/name`.
#[test]
fn names_have_a_form() {
    let (_device, mut alice, _) = two_users();
    let longest = "a".repeat(32);
    for good in ["a", "A_1", "_", &longest, "alice/x", "0"] {
        assert_eq!(alice.call(&create(good, 0)), Ok(()), "{good}");
        let partition = alice.call(&info(good)).unwrap().partition;
        assert_eq!(partition.as_str(), Some("alice"));
    }
    let too_long = "a".repeat(33);
    for bad in ["a-b", "a b", "a.b", "/a", "a/", "al/a", "alice/a/b", "ali_e/a", "alice/", &too_long] {
        assert_eq!(alice.call(&create(bad, 0)), Err(BAD_NAME), "{bad}");
        assert_eq!(alice.call(&info(bad)), Err(BAD_NAME), "{bad}");
        assert_eq!(alice.call(&remove(bad)), Err(BAD_NAME), "{bad}");
        assert_eq!(alice.call(&block(bad, 9)), Err(BAD_NAME), "{bad}");
    }
    let no_text: ObjectName = FixedText::from([0xC3; 50]);
    assert_eq!(alice.call(&ObjectInfo { name: no_text }), Err(BAD_NAME));
    let full = format!("sixteenLetters16/{longest}");
    assert_eq!(alice.call(&info(&full)), Err(MISSING), "the longest name a field holds");
}

/// The empty name: the session's one unnamed temporary key.
#[test]
fn the_unnamed_key_is_temporary_and_replaced() {
    let (device, mut alice, _) = two_users();
    assert_eq!(alice.call(&create("", 0)), Err(BAD_NAME), "not permanent");
    assert_eq!(alice.call(&create("", attribute::PERMANENT_KEY)), Err(BAD_NAME));
    assert_eq!(alice.call(&info("")), Err(MISSING), "none is there");
    assert_eq!(alice.call(&create("", TEMPORARY)), Ok(()));
    let bigger = CreateKey { algorithm: key::AES_256, ..create("", TEMPORARY) };
    assert_eq!(alice.call(&bigger), Ok(()), "another replaces it");
    assert_eq!(alice.call(&info("")).unwrap().key_bits, 256);
    assert_eq!(names(&mut alice, "", "", 10).unwrap(), [""; 0], "it is not listed");
    assert_eq!(device.login("alice").call(&info("")), Err(MISSING), "it is this session's");
    assert_eq!(alice.call(&remove("")), Ok(()));
    assert_eq!(alice.call(&remove("")), Err(MISSING));
}

/// Temporary objects: this session's, in its own partition, beside the permanent ones.
#[test]
fn temporary_objects_are_the_sessions() {
    let (device, mut alice, _) = two_users();
    device.grant("bob", "alice", acl::DEFAULT_OWNER);
    assert_eq!(alice.call(&create("bob/t", TEMPORARY)), Err(BAD_NAME), "not in a foreign partition");
    assert_eq!(alice.call(&create("alice/t", TEMPORARY)), Ok(()));
    assert_eq!(alice.call(&create("t", TEMPORARY)), Err(EXISTS));
    assert_eq!(alice.call(&create("t", 0)), Err(EXISTS), "nor a permanent one beside it, in this session");
    let mut other = device.login("alice");
    assert_eq!(other.call(&info("t")), Err(MISSING));
    assert_eq!(names(&mut other, "", "", 9).unwrap(), [""; 0]);
    assert_eq!(other.call(&create("p", 0)), Ok(()));
    assert_eq!(alice.call(&create("p", TEMPORARY)), Err(EXISTS));
    assert_eq!(alice.call(&block("t", 1)), Err(Status::ERR_INVALID_OPERATION), "it cannot be blocked");
    assert_eq!(alice.call(&block("t", 9)), Err(Status::ERR_INVALID_OPERATION));
    assert_eq!(alice.call(&info("t")).unwrap().temporary, 1);
    assert_eq!(alice.call(&ServerInfo).unwrap().objects, 1, "only the permanent one is stored");
    assert_eq!(alice.call(&remove("alice/t")), Ok(()));
    assert_eq!(alice.call(&info("t")), Err(MISSING));
    assert_eq!(alice.call(&create("t", TEMPORARY)), Ok(()));
    drop(alice);
    assert_eq!(device.login("alice").call(&info("t")), Err(MISSING), "it died with the session");
}

/// A session has at most 1024 temporary objects.
#[test]
fn temporary_objects_have_a_limit() {
    let (_device, mut alice, _) = two_users();
    for number in 0..1024 {
        assert_eq!(alice.call(&create(&format!("t{number}"), TEMPORARY)), Ok(()));
    }
    assert_eq!(alice.call(&create("t1024", TEMPORARY)), Err(Status::ERR_CANNOT_ALLOC_RES));
    assert_eq!(alice.call(&create("", TEMPORARY)), Err(Status::ERR_CANNOT_ALLOC_RES));
    assert_eq!(alice.call(&create("t5", TEMPORARY)), Err(EXISTS), "that comes first");
    assert_eq!(alice.call(&create("p", 0)), Ok(()), "permanent ones do not count");
    assert_eq!(alice.call(&remove("t7")), Ok(()));
    assert_eq!(alice.call(&create("", TEMPORARY)), Ok(()));
    assert_eq!(alice.call(&create("", TEMPORARY)), Ok(()), "replacing needs no room");
}

/// Missing object, missing partition, no permission to read: the three cannot be told apart.
#[test]
fn a_foreign_partition_shows_nothing_to_strangers() {
    let (device, mut alice, _) = two_users();
    device.key("bob", "key", (key::AES_128, &AES), attribute::EXPORTABLE_KEY);
    for right in [0, acl::OBJ_UPDATE] {
        device.grant("bob", "alice", right);
        for name in ["bob/key", "bob/none", "nobody/key"] {
            assert_eq!(alice.call(&info(name)), Err(MISSING), "{name}");
            assert_eq!(alice.call(&remove(name)), Err(MISSING), "{name}");
            assert_eq!(alice.call(&block(name, 9)), Err(MISSING), "{name}");
            assert_eq!(
                alice.call(&ObjExp { name: object(name), flags: 9 }).map(drop),
                Err(MISSING),
                "{name}"
            );
        }
        for partition in ["bob", "nobody", "b/o", "x"] {
            assert_eq!(names(&mut alice, partition, "", 9), Err(MISSING), "{partition}");
        }
        for name in ["bob/new", "nobody/new", "bob/key"] {
            assert_eq!(alice.call(&create(name, 0)), Err(DENIED), "{name}");
        }
    }
}

/// Create and delete permission include read; each right gives what it says and no more.
#[test]
fn each_right_opens_its_door() {
    let rights = [acl::OBJ_READ, acl::OBJ_CREATE, acl::OBJ_DEL, acl::OBJ_READ | acl::OBJ_UPDATE];
    for right in rights {
        let (device, mut alice, mut bob) = two_users();
        device.key("bob", "key", (key::AES_128, &AES), attribute::EXPORTABLE_KEY);
        bob.call(&Grant { user: user("alice"), acl: right }).unwrap();
        let allowed = |bit: u32| if right & bit == 0 { Err(DENIED) } else { Ok(()) };
        assert!(alice.call(&info("bob/key")).is_ok(), "{right:#x}");
        assert!(alice.call(&ObjExp { name: object("bob/key"), flags: 0 }).is_ok());
        assert_eq!(names(&mut alice, "bob", "", 9).unwrap(), ["key"]);
        assert_eq!(alice.call(&create("bob/new", 0)), allowed(acl::OBJ_CREATE), "{right:#x}");
        assert_eq!(alice.call(&block("bob/key", 1)), allowed(acl::OBJ_UPDATE), "{right:#x}");
        assert_eq!(alice.call(&block("bob/key", 0)), allowed(acl::OBJ_UPDATE), "{right:#x}");
        assert_eq!(alice.call(&remove("bob/key")), allowed(acl::OBJ_DEL), "{right:#x}");
        bob.call(&Grant { user: user("alice"), acl: 0 }).unwrap();
        assert_eq!(alice.call(&info("bob/key")), Err(MISSING), "taken back at once");
    }
}

/// An operator has no more rights in a foreign partition than anyone.
#[test]
fn an_operator_has_no_foreign_objects() {
    let (device, ..) = two_users();
    device.key("bob", "key", (key::AES_128, &AES), 0);
    assert_eq!(device.master().call(&info("bob/key")), Err(MISSING));
    assert_eq!(device.master().call(&create("bob/new", 0)), Err(DENIED));
}

/// Blocked: listed and asked about, nothing else; readable but not removable is said first.
#[test]
fn blocked_objects_stand_still() {
    let (device, mut alice, mut bob) = two_users();
    device.key("alice", "key", (key::AES_128, &AES), attribute::EXPORTABLE_KEY);
    device.grant("alice", "bob", acl::OBJ_READ);
    assert_eq!(alice.call(&block("key", 2)), Err(MALFORMED));
    assert_eq!(alice.call(&block("none", 2)), Err(MISSING), "its being there comes first");
    assert_eq!(alice.call(&block("key", 1)), Ok(()));
    assert_eq!(alice.call(&block("key", 1)), Ok(()), "again");
    assert_eq!(alice.call(&info("key")).unwrap().blocked, 1);
    let list = ListObjects { partition: user(""), after: object(""), max: 9 };
    assert_eq!(alice.call(&list).unwrap().0[0].blocked, 1);
    assert_eq!(alice.call(&remove("key")), Err(BLOCKED));
    assert_eq!(alice.call(&ObjExp { name: object("key"), flags: 9 }).map(drop), Err(BLOCKED));
    assert_eq!(alice.call(&create("key", 0)), Err(EXISTS));
    assert_eq!(bob.call(&remove("alice/key")), Err(DENIED), "the right comes before");
    assert_eq!(alice.call(&block("key", 0)), Ok(()));
    assert_eq!(alice.call(&ObjExp { name: object("key"), flags: 0 }).unwrap().expose(), AES, "as it was");
    assert_eq!(alice.call(&remove("key")), Ok(()));
}

/// LIST_OBJECTS: order, pages, temporary ones among them, limits, and the order of its checks.
#[test]
fn objects_are_listed_in_order_and_in_pages() {
    let (device, mut alice, _) = two_users();
    for name in ["b", "d", "f"] {
        device.key("alice", name, (key::AES_128, &AES), 0);
    }
    for name in ["a", "c", "g"] {
        alice.call(&create(name, TEMPORARY)).unwrap();
    }
    device.user("alic", 0).key("alic", "x", (key::AES_128, &AES), 0);
    assert_eq!(names(&mut alice, "", "", 1024).unwrap(), ["a", "b", "c", "d", "f", "g"]);
    assert_eq!(names(&mut alice, "alice", "", 2).unwrap(), ["a", "b"]);
    assert_eq!(names(&mut alice, "", "b", 3).unwrap(), ["c", "d", "f"]);
    assert_eq!(names(&mut alice, "", "e", 1).unwrap(), ["f"], "after a name that is not there");
    assert_eq!(names(&mut alice, "", "g", 1).unwrap(), [""; 0]);
    assert_eq!(names(&mut alice, "", "", 0), Err(MALFORMED));
    assert_eq!(names(&mut alice, "", "", 1025), Err(MALFORMED));
    assert_eq!(names(&mut alice, "bob", "", 0), Err(MISSING), "access comes before values");
    assert_eq!(names(&mut alice, "bob", "alice/b", 0), Err(BAD_NAME), "and names before access");
    assert_eq!(names(&mut alice, "", "a-b", 1), Err(BAD_NAME));
}

/// LIST_OBJECTS gives every object of a partition of thousands, each once.
#[test]
fn a_large_partition_is_listed_page_by_page() {
    let (_device, mut alice, _) = two_users();
    for number in 0..150 {
        let blob = CreateBlob { name: object(&format!("n{number:03}")), length: 1, data: vec![1].into() };
        alice.call(&blob).unwrap();
    }
    for max in [1, 63, 64, 65, 128, 150, 151] {
        let (mut all, mut after) = (Vec::new(), String::new());
        loop {
            let page = names(&mut alice, "", &after, max).unwrap();
            assert!(page.len() <= max as usize);
            let Some(last) = page.last() else { break };
            after.clone_from(last);
            all.extend(page);
        }
        let expected: Vec<_> = (0..150).map(|number| format!("n{number:03}")).collect();
        assert_eq!(all, expected, "pages of {max}");
    }
    assert_eq!(alice.call(&ServerInfo).unwrap().objects, 150);
}

/// Attributes: published flags and profiles, and not temporary and permanent at once.
#[test]
fn attributes_are_the_published_ones() {
    let (_device, mut alice, _) = two_users();
    for bad in [0x10, 0x20, 0x8000, 0x1A00_0000, 0xFF00_0000, TEMPORARY | attribute::PERMANENT_KEY] {
        assert_eq!(alice.call(&create("x", bad)), Err(MALFORMED), "{bad:#x}");
        let import = KeyImp {
            algorithm: key::AES_128,
            attributes: bad,
            name: object("x"),
            material: SecretTail::from(&AES[..]),
        };
        assert_eq!(alice.call(&import), Err(MALFORMED), "{bad:#x}");
    }
    let every = attribute::KNOWN & !TEMPORARY | attribute::AUP_LAST;
    assert_eq!(alice.call(&create("x", every)), Ok(()));
    let shown = alice.call(&info("x")).unwrap();
    assert_eq!((shown.attributes, shown.algorithm, shown.key_bits), (every, key::AES_128, 128));
    assert_eq!(shown.created_ms, START_MS);
}

/// Making: name, attributes, algorithm, permission, exists, values, one after the other.
#[test]
fn making_an_object_looks_at_one_thing_after_the_other() {
    let (device, mut alice, _) = two_users();
    device.key("alice", "key", (key::AES_128, &AES), 0);
    let mut import = |name: &str, attributes, algorithm, material: &[u8]| {
        let material = SecretTail::from(material);
        alice.call(&KeyImp { algorithm, attributes, name: object(name), material }).unwrap_err()
    };
    assert_eq!(import("a-b", 0x10, 0, &[]), BAD_NAME);
    assert_eq!(import("bob/x", 0x10, 0, &[]), MALFORMED);
    assert_eq!(import("bob/x", 0, 0, &[]), Status::ERR_CANNOT_CREATE_UNKNOWN_OBJ);
    assert_eq!(import("bob/x", 0, key::DESX, &[]), Status::ERR_NOT_IMPLEMENTED);
    assert_eq!(import("bob/x", 0, key::AES_128, &[]), DENIED);
    assert_eq!(import("key", 0, key::AES_128, &[]), EXISTS);
    assert_eq!(import("new", 0, key::AES_128, &[]), Status::ERR_INVALID_KEY);
    assert_eq!(import("new", 0, key::AES_128, &[0; 4097]), MALFORMED);
    let blob = |name: &str, length, data: &[u8]| CreateBlob { name: object(name), length, data: data.into() };
    assert_eq!(alice.call(&blob("", 9, b"")), Err(BAD_NAME));
    assert_eq!(alice.call(&blob("bob/x", 9, b"")), Err(DENIED));
    assert_eq!(alice.call(&blob("key", 9, b"")), Err(EXISTS));
    assert_eq!(alice.call(&blob("new", 9, b"12345678")), Err(MALFORMED));
    assert_eq!(alice.call(&blob("new", 0, b"")), Err(MALFORMED));
}

/// Using: being there, blocked, profile and kind, then values.
#[test]
fn using_an_object_looks_at_one_thing_after_the_other() {
    let (device, mut alice, _) = two_users();
    let (algorithm, material) = p256();
    device.key("alice", "kek", (algorithm, &material), attribute::AUP_KEK);
    device.key("alice", "ec", (algorithm, &material), attribute::AUP_DIG_SIG);
    let mut sign = |name: &str| {
        let hash = ShortTail::new(&[1; 5]).unwrap();
        alice.call(&EccSign { name: object(name), hash_algorithm: hash::SHA2_256, hash }).unwrap_err()
    };
    assert_eq!(sign("a-b"), BAD_NAME);
    assert_eq!(sign("none"), MISSING);
    assert_eq!(sign("kek"), Status::ERR_INVALID_KEY);
    assert_eq!(sign("ec"), Status::ERR_INVALID_HASH);
    device.login("alice").call(&block("kek", 1)).unwrap();
    assert_eq!(sign("kek"), BLOCKED);
}

/// Blobs: typed by what they are, kept as they are, always exportable, up to the frame's size.
#[test]
fn blobs_are_kept_and_typed() {
    let (_device, mut alice, _) = two_users();
    let mut kept = |name: &str, data: &[u8]| {
        let length = data.len() as u32;
        alice.call(&CreateBlob { name: object(name), length, data: data.into() })?;
        let got = alice.call(&ObjExp { name: object(name), flags: OBJ_EXP_RAW })?;
        assert_eq!(got.expose(), data);
        let info = alice.call(&info(name))?;
        assert_eq!((info.length, info.key_bits), (length, 0));
        Ok::<_, Status>(info.algorithm)
    };
    assert_eq!(kept("text", b"hello"), Ok(key::OBJ_BLOB));
    let certificate = include_bytes!("certificate.der");
    assert_eq!(kept("certificate", certificate), Ok(key::OBJ_BLOB_X509));
    let largest = CreateBlob::SPEC.max_request - 54;
    assert_eq!(kept("large", &vec![0xAB; largest]), Ok(key::OBJ_BLOB));
    let too_large = CreateBlob { name: object("x"), length: 0, data: vec![1; largest + 1].into() };
    assert_eq!(alice.verdict(&too_large), (MALFORMED, true));
}
