//! Return codes: every name and number of the vendor header dinamo.h (2021-03-31), both ways.

use std::collections::BTreeSet;

use bancada_wire::status::Status;

use super::file::Statuses;
use super::ledger::Ledger;

pub(super) fn compare(facts: &Statuses, ledger: &mut Ledger) {
    let mut numbers = BTreeSet::new();
    for status in &facts.status {
        let fact = format!("status/{}", status.name);
        match Status::from_name(&status.name) {
            Some(known) => ledger.same(&fact, status.code, known.code()),
            None => ledger.differs(&fact, status.code, "has no such name"),
        }
        let first_name = status.alias_of.as_ref().unwrap_or(&status.name);
        ledger.same(&fact, first_name.as_str(), Status::from_code(status.code).name().unwrap_or("no name"));
        numbers.insert(status.code);
    }
    for status in Status::all().filter(|status| !numbers.contains(&status.code())) {
        let fact = format!("status/{}", status.name().unwrap_or("without a name"));
        ledger.differs(&fact, "nothing", status.code());
    }
}
