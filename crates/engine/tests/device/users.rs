//! docs/device.md §4: users, permissions, the password policy and grants.

use crate::common::*;
use bancada_engine::{MASTER, UserChange};
use bancada_wire::acl;
use bancada_wire::op::*;
use bancada_wire::status::Status;
use bancada_wire::text::{FixedSecret, FixedText};

const DENIED: Status = Status::ERR_ACCESS_DENIED;
const MALFORMED: Status = Status::ERR_INVALID_PAYLOAD;
const UNKNOWN: Status = Status::ERR_USR_NOT_FOUND;
const BY_POLICY: Status = Status::ERR_PWD_BLOCKED_BY_POLICY;

fn create(name: &str, text: &str, acl: u32) -> CreateUsr {
    CreateUsr { user: user_z(name), password: FixedSecret::new(text).unwrap(), acl }
}

fn delete(name: &str) -> DeleteUsr {
    DeleteUsr { commit: DELETE_COMMIT, user: user_z(name) }
}

fn set_policy(device: &Device, change: impl FnOnce(&mut PwdPolicy)) -> Result<(), Status> {
    let mut policy = device.master().call(&GetPwdPolicy).unwrap();
    change(&mut policy);
    device.master().call(&SetPwdPolicy { policy })
}

/// Names: 3 to 16 letters and digits; the same twice; and a new user can log in.
#[test]
fn users_are_created_under_good_names() {
    let device = Device::new();
    let mut master = device.master();
    for bad in ["", "ab", "a_b", "a-b", "a b", "seventeenletters1", "caf\u{e9}"] {
        assert_eq!(master.call(&create(bad, PASSWORD, 0)), Err(Status::ERR_INVALID_USR_NAME), "{bad}");
    }
    let no_text = CreateUsr { user: FixedText::from([0xFF; 17]), ..create("abc", PASSWORD, 0) };
    assert_eq!(master.call(&no_text), Err(Status::ERR_INVALID_USR_NAME));
    for good in ["abc", "Sixteen16Letters", "123"] {
        assert_eq!(master.call(&create(good, PASSWORD, 0)), Ok(()), "{good}");
        assert_eq!(device.login(good).call(&Ping), Ok(()));
    }
    assert_eq!(master.call(&create("abc", PASSWORD, 0)), Err(Status::ERR_USR_ALREADY_EXISTS));
    assert_eq!(master.call(&create("ABC", PASSWORD, 0)), Ok(()), "names are told apart by case");
    assert_eq!(master.call(&create(MASTER, PASSWORD, 0)), Err(Status::ERR_USR_ALREADY_EXISTS));
}

/// The order inside CREATE_USR: name, mask, 5002, exists, password.
#[test]
fn create_usr_looks_at_one_thing_after_the_other() {
    let device = Device::new();
    device.user("alice", acl::USR_CREATE).user("taken", 0);
    let mut alice = device.login("alice");
    let (unknown_bit, unheld) = (1 << 12, acl::SYS_BACKUP);
    assert_eq!(alice.call(&create("a_b", "short", unknown_bit)), Err(Status::ERR_INVALID_USR_NAME));
    assert_eq!(alice.call(&create("taken", "short", unknown_bit | unheld)), Err(MALFORMED));
    assert_eq!(alice.call(&create("taken", "short", unheld)), Err(DENIED));
    assert_eq!(alice.call(&create("taken", "short", 0)), Err(Status::ERR_USR_ALREADY_EXISTS));
    assert_eq!(alice.call(&create("fresh", "short", 0)), Err(BY_POLICY));
    assert_eq!(
        alice.call(&create("fresh", "seventeen-letters", 0)),
        Err(BY_POLICY),
        "longer than the login's field"
    );
}

/// Masks: no unknown and no virtual bits; and who is no operator gives only what it holds.
#[test]
fn permissions_are_given_by_who_holds_them() {
    let device = Device::new();
    device.user("alice", acl::USR_CREATE | acl::USR_LIST);
    let (mut master, mut alice) = (device.master(), device.login("alice"));
    for bit in [1 << 12, 1 << 31, acl::VIRTUAL_OTP_AUTH, acl::VIRTUAL_X509_AUTH] {
        assert_eq!(master.call(&create("fresh", PASSWORD, bit)), Err(MALFORMED), "{bit:#x}");
        assert_eq!(master.call(&SetUserAcl { user: user("alice"), acl: bit }), Err(MALFORMED), "{bit:#x}");
    }
    for bit in [acl::SYS_OPERATOR, acl::USR_REMOTE_LOG, acl::SYS_BACKUP, acl::SYS_UPDATE_HSM, 0x800] {
        assert_eq!(alice.call(&create("fresh", PASSWORD, bit)), Err(DENIED), "{bit:#x}");
    }
    let held = acl::USR_CREATE | acl::USR_LIST | acl::DEFAULT_OWNER | acl::CHANGE_PWD_NEXT_TIME;
    assert_eq!(
        alice.call(&create("fresh", PASSWORD, held)),
        Ok(()),
        "object rights and a forced change are anyone's"
    );
    assert_eq!(device.connect().login("fresh", PASSWORD), Err(Status::ERR_PWD_EXPIRED));
    let everything = 0xFFF | acl::CHANGE_PWD_NEXT_TIME;
    assert_eq!(master.call(&create("another", PASSWORD, everything)), Ok(()));
    assert_eq!(master.call(&UserInfo { user: user("another") }).unwrap().acl, everything);
}

/// An operator holds every system permission.
#[test]
fn an_operator_may_do_what_any_system_permission_allows() {
    let device = Device::new();
    device.user("opera", acl::SYS_OPERATOR);
    let mut opera = device.login("opera");
    assert!(opera.call(&ListUsers { after: user(""), max: 1 }).is_ok());
    assert!(opera.call(&LogRead { start: 0, max_lines: 1 }).is_ok());
    assert_eq!(opera.call(&create("fresh", PASSWORD, acl::SYS_BACKUP)), Ok(()));
    assert_eq!(opera.call(&delete("fresh")), Ok(()));
}

/// In its own partition a user may do everything, whatever its mask.
#[test]
fn a_user_without_permissions_owns_its_partition() {
    let device = Device::new();
    device.user("alice", 0);
    let mut alice = device.login("alice");
    let blob = CreateBlob { name: object("mine"), length: 1, data: vec![7].into() };
    assert_eq!(alice.call(&blob), Ok(()));
    assert_eq!(alice.call(&BlockObject { name: object("mine"), blocked: 1 }), Ok(()));
    assert_eq!(alice.call(&BlockObject { name: object("alice/mine"), blocked: 0 }), Ok(()));
    assert_eq!(alice.call(&ObjExp { name: object("mine"), flags: 0 }).unwrap().expose(), [7]);
    assert_eq!(alice.call(&RemoveObject { name: object("mine") }), Ok(()));
}

/// Who may be removed, and in which order that is looked at.
#[test]
fn users_are_removed_by_those_who_may() {
    let device = Device::new();
    device.user("opera", acl::SYS_OPERATOR).user("clerk", acl::USR_DELETE).user("alice", 0);
    let (mut clerk, mut opera) = (device.login("clerk"), device.login("opera"));
    let uncommitted = DeleteUsr { commit: 0, user: user_z("nobody") };
    assert_eq!(clerk.call(&uncommitted), Err(MALFORMED), "commit comes first");
    assert_eq!(clerk.call(&delete("nobody")), Err(UNKNOWN));
    assert_eq!(clerk.call(&delete("a_b")), Err(UNKNOWN));
    assert_eq!(clerk.call(&delete(MASTER)), Err(Status::ERR_CANNOT_DELETE_MASTER));
    assert_eq!(clerk.call(&delete("clerk")), Err(Status::ERR_CANNOT_DELETE_USR));
    assert_eq!(clerk.call(&delete("opera")), Err(DENIED), "no operator by who is none");
    assert_eq!(clerk.call(&delete("alice")), Ok(()));
    assert_eq!(clerk.call(&delete("alice")), Err(UNKNOWN));
    assert_eq!(device.master().call(&delete(MASTER)), Err(Status::ERR_CANNOT_DELETE_MASTER));
    assert_eq!(opera.call(&delete("opera")), Err(Status::ERR_CANNOT_DELETE_USR));
    assert_eq!(device.master().call(&delete("opera")), Ok(()));
}

/// Objects and grants in either direction go with their user.
#[test]
fn nothing_of_a_removed_user_is_left_for_a_later_one() {
    let device = Device::new();
    device.user("alice", 0).user("bob", 0).user("alices", 0);
    for owner in ["alice", "alices"] {
        device.key(owner, "key", (7, &AES), 0);
    }
    device.grant("alice", "bob", acl::OBJ_READ).grant("bob", "alice", acl::OBJ_READ);
    device.grant("bob", "alices", acl::OBJ_READ);
    let mut master = device.master();
    master.call(&delete("alice")).unwrap();
    assert_eq!(master.call(&ServerInfo).unwrap().objects, 1);
    master.call(&create("alice", PASSWORD, 0)).unwrap();
    let (mut alice, mut bob) = (device.login("alice"), device.login("bob"));
    let all = ListObjects { partition: user(""), after: object(""), max: 10 };
    assert_eq!(alice.call(&all).unwrap().0, []);
    assert_eq!(alice.call(&ObjectInfo { name: object("bob/x") }), Err(Status::ERR_CANNOT_OPEN_OBJ));
    assert_eq!(
        bob.call(&ListObjects { partition: user("alice"), ..all }).map(drop),
        Err(Status::ERR_CANNOT_OPEN_OBJ)
    );
    let grants = |direction, peer: &mut Peer| {
        let list = peer.call(&ListGrants { user: user(""), direction }).unwrap().0;
        list.iter().map(|entry| entry.user.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((grants(1, &mut bob), grants(2, &mut bob)), (vec![], vec!["alices".to_owned()]));
    assert_eq!((grants(1, &mut alice), grants(2, &mut alice)), (vec![], vec![]));
    assert!(
        device.login("alices").call(&ObjectInfo { name: object("key") }).is_ok(),
        "a name that starts the same"
    );
}

/// BLOCK_USER, RESET_PASSWORD and SET_USER_ACL: whom, and what becomes of the count of wrong logins.
#[test]
fn users_are_managed_by_operators() {
    let device = Device::new();
    device.user("alice", 0).user("opera", acl::SYS_OPERATOR);
    let (mut master, mut opera) = (device.master(), device.login("opera"));
    let block = |name, blocked| BlockUser { user: user(name), blocked };
    let mask = |name, acl| SetUserAcl { user: user(name), acl };
    let reset = |name, text| ResetPassword { user: user(name), password: password(text) };
    assert_eq!(opera.call(&block("nobody", 2)), Err(UNKNOWN), "unknown comes first");
    assert_eq!(opera.call(&block(MASTER, 2)), Err(MALFORMED), "then the value");
    assert_eq!(opera.call(&mask("nobody", 1 << 12)), Err(UNKNOWN));
    assert_eq!(opera.call(&mask(MASTER, 1 << 12)), Err(MALFORMED));
    assert_eq!(opera.call(&reset("nobody", "x")), Err(UNKNOWN));
    for name in [MASTER, "opera"] {
        assert_eq!(opera.call(&block(name, 1)), Err(DENIED), "{name}");
        assert_eq!(opera.call(&mask(name, 0)), Err(DENIED), "{name}");
    }
    assert_eq!(opera.call(&block(MASTER, 0)), Ok(()), "unblocking is allowed");
    let wrong = |times| {
        (0..times).for_each(|_| assert!(device.connect().login("alice", "wrong-one").is_err()));
    };
    wrong(7);
    assert_eq!(opera.call(&reset("alice", "another-1")), Ok(()));
    assert_eq!((device.is_blocked("alice"), device.attempts("alice")), (true, 0), "a reset does not unblock");
    assert_eq!(opera.call(&block("alice", 0)), Ok(()));
    device.login_with("alice", "another-1");
    wrong(3);
    assert_eq!(opera.call(&block("alice", 0)), Ok(()));
    assert_eq!(device.attempts("alice"), 0, "unblocking forgets wrong logins");
    assert_eq!(master.call(&mask("opera", 0)), Ok(()));
    assert_eq!(opera.call(&block("alice", 1)), Err(DENIED), "an operator no longer");
    assert_eq!(master.call(&reset(MASTER, "another-1")), Ok(()), "one's own and master's password, too");
    device.login_with(MASTER, "another-1");
}

/// RESET_PASSWORD leaves a forced change to the user.
#[test]
fn a_reset_keeps_a_forced_change() {
    let device = Device::new();
    device.user("alice", 0);
    let mut master = device.master();
    master.call(&SetUserAcl { user: user("alice"), acl: acl::CHANGE_PWD_NEXT_TIME }).unwrap();
    master.call(&ResetPassword { user: user("alice"), password: password("another-1") }).unwrap();
    assert_eq!(device.connect().login("alice", "another-1"), Err(Status::ERR_PWD_EXPIRED));
}

/// USER_INFO and LIST_GRANTS about others need the permission to list.
#[test]
fn others_are_shown_to_those_who_may_list() {
    let device = Device::new();
    device.user("alice", acl::USR_LIST).user("bob", 0);
    let (mut alice, mut bob) = (device.login("alice"), device.login("bob"));
    let info = |name| UserInfo { user: user(name) };
    let grants = |name, direction| ListGrants { user: user(name), direction };
    for name in ["", "bob"] {
        assert_eq!(bob.call(&info(name)).unwrap().user.as_str(), Some("bob"));
        assert!(bob.call(&grants(name, 1)).is_ok());
    }
    for name in ["alice", "nobody", "a_b"] {
        assert_eq!(bob.call(&info(name)), Err(DENIED), "{name}");
        assert_eq!(bob.call(&grants(name, 9)).map(drop), Err(DENIED), "{name}");
    }
    assert_eq!(alice.call(&info("bob")).unwrap().user.as_str(), Some("bob"));
    assert_eq!(alice.call(&info("nobody")), Err(UNKNOWN));
    assert_eq!(alice.call(&grants("nobody", 9)).map(drop), Err(UNKNOWN));
    assert_eq!(alice.call(&grants("bob", 9)).map(drop), Err(MALFORMED));
    assert_eq!(alice.call(&grants("bob", 0)).map(drop), Err(MALFORMED));
}

/// What USER_INFO tells.
#[test]
fn user_info_tells_the_state() {
    let device = Device::new();
    device.user("alice", acl::USR_LIST);
    set_policy(&device, |policy| policy.expiration_days = 10).unwrap();
    device.connect().login("alice", "wrong-one").unwrap_err();
    let info = device.master().call(&UserInfo { user: user("alice") }).unwrap();
    let expected = UserEntry {
        user: user("alice"),
        acl: acl::USR_LIST,
        blocked: 0,
        attempts: 1,
        expires_ms: START_MS + 10 * DAY_MS,
    };
    assert_eq!(info, expected);
}

/// LIST_USERS: order, paging and limits.
#[test]
fn users_are_listed_in_order_and_in_pages() {
    let device = Device::new();
    for name in ["carol", "alice", "Bob", "dave"] {
        device.user(name, 0);
    }
    let mut master = device.master();
    let mut page = |after: &str, max| {
        let list = master.call(&ListUsers { after: user(after), max })?.0;
        Ok(list.iter().map(|entry| entry.user.as_str().unwrap().to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(page("", 1024).unwrap(), ["Bob", "alice", "carol", "dave", "master"]);
    assert_eq!(page("", 2).unwrap(), ["Bob", "alice"]);
    assert_eq!(page("alice", 2).unwrap(), ["carol", "dave"]);
    assert_eq!(page("b", 1).unwrap(), ["carol"], "after a name that is not there");
    assert_eq!(page("zzz", 1).unwrap(), [""; 0]);
    assert_eq!((page("", 0), page("", 1025)), (Err(MALFORMED), Err(MALFORMED)));
    let no_text = ListUsers { after: FixedText::from([0xFF; 16]), max: 0 };
    assert_eq!(master.call(&no_text).map(drop), Err(Status::ERR_INVALID_USR_NAME));
}

/// The policy: lengths, classes, and where it is asked.
#[test]
fn the_policy_rules_every_new_password() {
    let device = Device::new();
    device.user("alice", 0);
    let (mut master, mut alice) = (device.master(), device.login("alice"));
    let default = PwdPolicy {
        max_invalid_logins: 0,
        expiration_days: 0,
        history: 0,
        min_length: 0,
        min_special: 0,
        min_upper: 0,
        min_lower: 0,
    };
    assert_eq!(alice.call(&GetPwdPolicy), Ok(default));
    set_policy(&device, |policy| {
        (policy.min_length, policy.min_special, policy.min_upper, policy.min_lower) = (10, 1, 2, 3);
    })
    .unwrap();
    device.user("bob", 0);
    let mut everywhere = |text: &str| {
        let changed = alice.call(&ChangePwd { password: password(text) });
        let reset = master.call(&ResetPassword { user: user("bob"), password: password(text) });
        let created = master.call(&create("fresh", text, 0));
        [changed, reset, created]
    };
    let bad = ["ABcde#123", "ABcde12345", "Abcde#1234", "ABcd#12345", "ABcde#\u{7f}1234"];
    for bad in bad {
        assert_eq!(everywhere(bad), [Err(BY_POLICY); 3], "{bad}");
    }
    assert_eq!(everywhere("ABcde#1234"), [Ok(()); 3]);
    assert_eq!(set_policy(&device, |policy| policy.min_length = 3), Ok(()));
    let short = ChangePwd { password: password("ABcde#1") };
    assert_eq!(device.login_with("alice", "ABcde#1234").call(&short), Err(BY_POLICY), "never below 8");
}

/// A policy nobody can satisfy is refused.
#[test]
fn an_impossible_policy_is_malformed() {
    let device = Device::new();
    assert_eq!(set_policy(&device, |policy| policy.min_length = 17), Err(MALFORMED));
    let classes = |policy: &mut PwdPolicy| {
        (policy.min_special, policy.min_upper, policy.min_lower) = (6, 6, 5);
    };
    assert_eq!(set_policy(&device, classes), Err(MALFORMED));
    assert_eq!(set_policy(&device, |policy| policy.min_length = 16), Ok(()));
}

/// GRANT and LIST_GRANTS: only one's own partition, the object rights, and 0 to take them back.
#[test]
fn grants_are_given_listed_and_taken_back() {
    let device = Device::new();
    device.user("alice", 0).user("bob", 0).user("carol", 0);
    let (mut alice, mut bob) = (device.login("alice"), device.login("bob"));
    let grant = |name, acl| Grant { user: user(name), acl };
    assert_eq!(alice.call(&grant("nobody", 1 << 4)), Err(UNKNOWN), "unknown comes first");
    for bad in [1 << 4, acl::SYS_OPERATOR, 1 << 31] {
        assert_eq!(alice.call(&grant("bob", bad)), Err(MALFORMED), "{bad:#x}");
    }
    assert_eq!(alice.call(&grant("alice", acl::OBJ_READ)), Err(MALFORMED), "oneself");
    assert_eq!(alice.call(&grant("bob", acl::DEFAULT_OWNER)), Ok(()));
    assert_eq!(alice.call(&grant("carol", acl::OBJ_READ)), Ok(()));
    assert_eq!(alice.call(&grant("bob", acl::OBJ_UPDATE)), Ok(()), "the later one counts");
    let entry = |name, acl| GrantEntry { user: user(name), acl };
    let list = |peer: &mut Peer, direction| peer.call(&ListGrants { user: user(""), direction }).unwrap().0;
    assert_eq!(list(&mut alice, 2), [entry("bob", acl::OBJ_UPDATE), entry("carol", acl::OBJ_READ)]);
    assert_eq!(list(&mut bob, 1), [entry("alice", acl::OBJ_UPDATE)]);
    assert_eq!(alice.call(&grant("bob", 0)), Ok(()));
    assert_eq!((list(&mut alice, 2).len(), list(&mut bob, 1).len()), (1, 0));
}

/// What the host may do to users, and what not.
#[test]
fn the_host_sets_passwords_a_client_can_send() {
    let device = Device::new();
    device.user("alice", 0);
    let set = |name: &str, text: &str| {
        let password = Some(bancada_crypto::Zeroizing::new(text.to_owned()));
        let change = UserChange { password, ..UserChange::default() };
        device.within(|hsm, env| hsm.set_user(name, &change, env))
    };
    for bad in ["", "seventeen-letters", "nul\0"] {
        assert_eq!(set("alice", bad), Err(BY_POLICY), "{bad:?}");
    }
    let shown = UserChange { password: Some("hide-me".to_owned().into()), ..UserChange::default() };
    assert!(!format!("{shown:?}").contains("hide-me"));
    assert_eq!(set("nobody", "x"), Err(UNKNOWN));
    assert_eq!(set("alice", "x"), Ok(()), "whatever the policy says");
    device.login_with("alice", "x");
}
