//! Rules of behaviour: their numbers against the code where it has them, their return codes, the operating modes.

use bancada_link::DEFAULT_PORT;
use bancada_wire::frame::OperatingMode;
use bancada_wire::status::Status;
use bancada_wire::text::{PASSWORD_LEN, USER_LEN};

use super::code::{EDDSA_DATA_LEN, OBJECT_NAME_LEN};
use super::file::{Rule, Rules};
use super::ledger::Ledger;

/// Rule, key and number of the code.
type Row = (&'static str, &'static str, i64);

pub(super) fn compare(facts: &Rules, ledger: &mut Ledger) {
    let rows = rows();
    for rule in &facts.rule {
        compare_rule(rule, &rows, ledger);
    }
    for (id, key, value) in &rows {
        if !facts.rule.iter().any(|rule| rule.id == *id && rule.values.contains_key(*key)) {
            ledger.differs(&format!("rules/{id}/{key}"), "nothing", value);
        }
    }
    let names: Vec<_> = OperatingMode::ALL.iter().map(|mode| mode.name()).collect();
    for mode in &facts.mode {
        let fact = format!("rules/mode/{}", mode.name);
        match names.iter().find(|name| **name == mode.name) {
            Some(name) => ledger.same(&fact, mode.name.as_str(), *name),
            None => ledger.leave(&fact),
        }
        if mode.allows.is_some() {
            ledger.leave(&format!("{fact}/allows"));
        }
    }
    for name in names.iter().filter(|name| facts.mode.iter().all(|mode| mode.name != **name)) {
        ledger.differs(&format!("rules/mode/{name}"), "nothing", name);
    }
}

fn compare_rule(rule: &Rule, rows: &[Row], ledger: &mut Ledger) {
    let fact = format!("rules/{}/{}", rule.clause, rule.id);
    if let Some(status) = &rule.status {
        let known = Status::from_name(status).and_then(Status::name).unwrap_or("no such status");
        ledger.same(&format!("{fact}/status"), status.as_str(), known);
    }
    let mut numbers = false;
    for (key, value) in &rule.values {
        let Some(value) = value.as_integer() else { continue };
        let fact = format!("{fact}/{key}");
        numbers = true;
        match rows.iter().find(|(id, name, _)| *id == rule.id && name == key) {
            Some((_, _, code)) => ledger.same(&fact, value, *code),
            None => ledger.leave(&fact),
        }
    }
    if !numbers {
        ledger.leave(&fact);
    }
}

fn rows() -> Vec<Row> {
    let busy = |code: &i64| Status::from_code(*code as i32).is_replication_busy();
    let none = -1;
    vec![
        ("user-name-length", "max", USER_LEN as i64),
        ("password-length", "max", PASSWORD_LEN as i64),
        ("object-name-length", "max", OBJECT_NAME_LEN as i64),
        ("api-port", "port", DEFAULT_PORT.into()),
        ("eddsa-pure", "max_bytes", EDDSA_DATA_LEN as i64),
        ("replication-busy-range", "min", (0..50_000).find(busy).unwrap_or(none)),
        ("replication-busy-range", "max", (0..50_000).rfind(busy).unwrap_or(none)),
    ]
}
