//! Tests of the status list against the published names and numbers (`conformance/facts/status.toml`).

use std::collections::BTreeSet;

use super::*;

/// `(name, code, alias of)` of every published status.
fn facts() -> Vec<(String, i32, Option<String>)> {
    let text = include_str!("../../../../conformance/facts/status.toml");
    let table: toml::Table = text.parse().expect("the fact file is valid TOML");
    let text_of = |fact: &toml::Value, key: &str| fact.get(key).and_then(|v| v.as_str()).map(str::to_owned);
    let list = table["status"].as_array().expect("a list of statuses");
    list.iter()
        .map(|fact| {
            let code = i32::try_from(fact["code"].as_integer().expect("a number")).expect("32 bits");
            (text_of(fact, "name").expect("a name"), code, text_of(fact, "alias_of"))
        })
        .collect()
}

#[test]
fn every_published_name_gives_its_number() {
    let facts = facts();
    assert_eq!(facts.len(), 420);
    for (name, code, _) in facts {
        assert_eq!(Status::from_name(&name).map(Status::code), Some(code), "{name}");
    }
}

#[test]
fn every_published_number_gives_its_first_name() {
    for (name, code, alias_of) in facts() {
        assert_eq!(Status::from_code(code).name(), Some(alias_of.as_deref().unwrap_or(&name)), "{code}");
    }
}

#[test]
fn nothing_is_listed_that_is_not_published() {
    let published: BTreeSet<i32> = facts().into_iter().map(|(_, code, _)| code).collect();
    let listed: BTreeSet<i32> = Status::all().map(Status::code).collect();
    assert_eq!(listed, published);
}

#[test]
fn the_list_is_in_strictly_ascending_order() {
    let codes: Vec<i32> = Status::all().map(Status::code).collect();
    assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "out of order or listed twice");
    assert!(TABLES.iter().all(|table| !table.is_empty()));
}

#[test]
fn every_description_is_its_own_and_a_sentence() {
    let mut seen = BTreeSet::new();
    for status in Status::all() {
        let text = status.description();
        assert!(seen.insert(text), "{status:?} repeats a description");
        assert!(text.len() > 20 && text.ends_with('.') && !text.contains("  "), "{status:?}: {text}");
        assert!(text.starts_with(|c: char| c.is_uppercase()), "{status:?}: {text}");
    }
}

#[test]
fn every_published_status_has_a_family() {
    for status in Status::all() {
        assert!(status.family().is_some(), "{status:?}");
    }
    assert_eq!(Status::ALL_LOAD_BALANCE_HSM_FAILED.family(), Some(Family::ClientNetwork));
    assert_eq!(Status::CRL_GENERAL_ERROR.family(), Some(Family::Http));
    assert_eq!(Status::INVALID_CONTEXT.family(), Some(Family::ClientLibrary));
    assert_eq!(Status::ERROR_NOTIFY.family(), Some(Family::ServerNotice));
    assert_eq!(Status::ERR_UNAPPROVED_TSP_OPERATION.family(), Some(Family::Device));
    assert_eq!(Status::ERR_CANNOT_ALLOC_JSON.family(), Some(Family::Throttling));
    assert_eq!(Status::ERR_REPLICATION_BUSY.family(), Some(Family::Replication));
    assert_eq!(Status::ERR_LICENSE_BLOCKED.family(), Some(Family::Licence));
    assert_eq!(Status::from_code(100).family(), None);
    assert_eq!(Status::from_code(-1).family(), None);
    assert_eq!(Status::from_code(i32::MAX).family(), None);
}

#[test]
fn the_wire_form_of_object_already_exists() {
    assert_eq!(Status::ERR_OBJ_ALREADY_EXISTS.to_wire(), 0x8000_139E);
    assert_eq!(Status::from_wire(0x8000_139E), Status::ERR_OBJ_ALREADY_EXISTS);
    assert_eq!(Status::from_wire(0x0000_139E), Status::ERR_OBJ_ALREADY_EXISTS);
}

#[test]
fn the_wire_keeps_every_status_a_device_can_send() {
    for status in Status::all().filter(|status| status.code() >= 0) {
        assert_eq!(Status::from_wire(status.to_wire()), status);
    }
    for code in [4_999, 5_999, i32::MAX] {
        let status = Status::from_code(code);
        assert_eq!(Status::from_wire(status.to_wire()), status);
    }
}

#[test]
fn a_client_side_code_does_not_reach_the_wire() {
    assert_eq!(Status::from_wire(Status::RECV_FAILED.to_wire()), Status::ERR_UNKNOWN);
    assert_eq!(Status::from_wire(Status::from_code(i32::MIN).to_wire()), Status::ERR_UNKNOWN);
}

#[test]
fn display_names_the_code_and_tells_what_to_do() {
    let text = Status::ERR_PWD_EXPIRED.to_string();
    assert!(text.starts_with("D_ERR_PWD_EXPIRED (5178): The password has expired."), "{text}");
    assert!(text.contains("changing your own password"), "{text}");
    assert_eq!(format!("{:?}", Status::ERR_PWD_EXPIRED), "Status(D_ERR_PWD_EXPIRED = 5178)");
}

#[test]
fn a_number_that_is_not_published_is_kept_and_shown() {
    for code in [i32::MIN, -19, -9, 5, 1_024, 5_081, 5_704, 40_000, 47_004, i32::MAX] {
        let status = Status::from_code(code);
        assert_eq!((status.code(), status.name()), (code, None));
        assert!(status.to_string().starts_with(&format!("status {code}: The code is not in")), "{status}");
        assert_eq!(format!("{status:?}"), format!("Status({code})"));
    }
}

#[test]
fn other_texts_are_not_names() {
    for text in ["", "D_", "ERR_PWD_EXPIRED", "d_err_pwd_expired", "D_ERR_PWD_EXPIRED "] {
        assert_eq!(Status::from_name(text), None, "{text:?}");
    }
}

#[test]
fn replication_busy_is_the_header_s_range() {
    let busy: Vec<i32> = Status::all().filter(|s| s.is_replication_busy()).map(Status::code).collect();
    assert_eq!(busy, [36_000, 36_001, 36_002, 36_003, 36_004]);
    assert!(!Status::from_code(36_005).is_replication_busy());
}
