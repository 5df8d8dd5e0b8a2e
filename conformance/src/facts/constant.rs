//! Constants by group: the vendor header dinamo.h (2021-03-31) and the npm client's enumerations, both ways.

use bancada_wire::algorithm::{attribute, key};

use super::code::{Known, constants};
use super::file::{Constant, Constants, Value};
use super::ledger::Ledger;

pub(super) fn compare(facts: &Constants, ledger: &mut Ledger) {
    let known = constants();
    for group in &facts.group {
        for constant in &group.constants {
            let fact = format!("constants/{}/{}", group.name, constant.name);
            let rows = || known.iter().filter(|row| row.group == group.name && row.name == constant.name);
            rows().for_each(|row| compare_one(&fact, &constant.value, row, ledger));
            if rows().next().is_none() && !in_range(&fact, &group.name, constant, ledger) {
                ledger.leave(&fact);
            }
        }
    }
    let documented = |row: &Known| {
        let groups = facts.group.iter().filter(|group| group.name == row.group);
        groups.flat_map(|group| &group.constants).any(|constant| constant.name == row.name)
    };
    for row in known.iter().filter(|row| !documented(row)) {
        ledger.differs(&format!("constants/{}/{}", row.group, row.name), "nothing", row.value);
    }
}

fn compare_one(fact: &str, documented: &Value, row: &Known, ledger: &mut Ledger) {
    match documented {
        Value::Number(number) => ledger.same(fact, *number, row.value),
        Value::Text(text) => ledger.differs(fact, text, row.value),
    }
}

/// Where the code knows a range and not every name in it: the number must stand in the range.
fn in_range(fact: &str, group: &str, constant: &Constant, ledger: &mut Ledger) -> bool {
    let Value::Number(value) = constant.value else { return false };
    let curves = i64::from(key::ECC_SECP112R1)..=i64::from(key::ECC_BRAINPOOL_P512T1);
    let public = i64::from(key::PUBLIC.cast_signed());
    let (range, number) = match group {
        "ecc" => (curves, value),
        "ecc-public" => (curves, value - public),
        "key-usage-profile" => {
            let first = i64::from(attribute::AUP_DIG_SIG);
            (first..=i64::from(attribute::AUP_LAST), value)
        }
        _ => return false,
    };
    if range.contains(&number) {
        ledger.same(fact, value, value);
    } else {
        ledger.differs(fact, value, format!("knows {} to {}", range.start(), range.end()));
    }
    true
}
