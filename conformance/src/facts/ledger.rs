//! What was compared, what differed and what nothing looked at.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::{Difference, FactsReport, Unchecked};

/// Collects the outcome of every fact.
#[derive(Default)]
pub(super) struct Ledger {
    facts: BTreeMap<String, bool>,
    differences: Vec<Difference>,
}

impl Ledger {
    /// Compares a fact's value with the code's. A fact may be compared several times.
    pub(super) fn same<T: PartialEq<U> + Display, U: Display>(&mut self, fact: &str, documented: T, code: U) {
        self.facts.insert(fact.to_owned(), true);
        if documented != code {
            self.differs(fact, documented, code);
        }
    }

    /// Records a difference.
    pub(super) fn differs(&mut self, fact: &str, documented: impl Display, code: impl Display) {
        self.facts.insert(fact.to_owned(), true);
        let (documented, code) = (documented.to_string(), code.to_string());
        self.differences.push(Difference { fact: fact.to_owned(), documented, code });
    }

    /// Records a fact that is compared with nothing, unless it was compared elsewhere.
    pub(super) fn leave(&mut self, fact: &str) {
        self.facts.entry(fact.to_owned()).or_insert(false);
    }

    /// Ends the comparison: every fact that was left needs one of `reasons`, and every reason such a fact.
    ///
    /// A reason names a fact, or all facts under a prefix that ends in `*`. The first that fits counts.
    pub(super) fn close(self, reasons: &[(&str, &'static str)]) -> FactsReport {
        let Self { facts, mut differences } = self;
        let mut used = vec![false; reasons.len()];
        let mut unchecked = Vec::new();
        let fits = |pattern: &str, fact: &str| match pattern.strip_suffix('*') {
            Some(prefix) => fact.starts_with(prefix),
            None => fact == pattern,
        };
        for fact in facts.iter().filter(|(_, checked)| !**checked).map(|(fact, _)| fact) {
            match reasons.iter().position(|(pattern, _)| fits(pattern, fact)) {
                Some(row) => {
                    used[row] = true;
                    unchecked.push(Unchecked { fact: fact.clone(), reason: reasons[row].1 });
                }
                None => differences.push(Difference {
                    fact: fact.clone(),
                    documented: "something".to_owned(),
                    code: "does not look at it, and no reason is given".to_owned(),
                }),
            }
        }
        for ((pattern, _), _) in reasons.iter().zip(&used).filter(|(_, used)| !**used) {
            differences.push(Difference {
                fact: (*pattern).to_owned(),
                documented: "nothing that is left unchecked".to_owned(),
                code: "gives a reason for leaving it; remove the reason".to_owned(),
            });
        }
        differences.sort();
        FactsReport { checked: facts.values().filter(|checked| **checked).count(), differences, unchecked }
    }
}
