//! Holds the code against the facts: what the public documents say, in `facts/*.toml`, against `bancada-wire` and `bancada-link`.
//!
//! The files were written from the documents alone, one claim per entry. [`check`] compares every claim it can
//! with the code, and has a reason for every other; a claim that nothing looks at is itself a difference. It
//! goes the other way too: a constant, an operation or a status in the code that no document knows is one.

mod capture;
mod code;
mod constant;
mod environment;
mod excuse;
mod file;
mod frame;
mod ledger;
mod opening;
mod operation;
mod probe;
mod rule;
mod status;

#[cfg(test)]
mod tests;

use std::fmt;

use file::Files;
use ledger::Ledger;

use crate::golden::Capture;

pub use opening::{Opened, opened};

/// What the comparison found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FactsReport {
    /// Facts that were compared with the code, the differing ones included.
    pub checked: usize,
    /// Where documents and code part, in order of fact.
    pub differences: Vec<Difference>,
    /// Facts that nothing here compares, in order of fact.
    pub unchecked: Vec<Unchecked>,
}

/// One fact the code does not share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// File, group and name of the fact.
    pub fact: String,
    /// What the documents say.
    pub documented: String,
    /// What the code does.
    pub code: String,
}

/// One fact that is not compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unchecked {
    /// File, group and name of the fact.
    pub fact: String,
    /// Why not.
    pub reason: &'static str,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { fact, documented, code } = self;
        write!(f, "{fact}: the documents say {documented}, the code {code}; correct one of them")
    }
}

/// Compares the fact files with the code. Touches neither network nor disk; takes a second where nothing is
/// optimised, as the largest requests are encoded too.
#[must_use]
pub fn check() -> FactsReport {
    let files = match Files::read() {
        Ok(files) => files,
        Err((name, error)) => {
            let fact = format!("facts/{name}");
            let difference = Difference { fact, documented: "nothing readable".to_owned(), code: error };
            return FactsReport { differences: vec![difference], ..FactsReport::default() };
        }
    };
    let mut ledger = Ledger::default();
    status::compare(&files.statuses, &mut ledger);
    constant::compare(&files.constants, &mut ledger);
    operation::compare(&files.operations, &mut ledger);
    frame::compare(&files.wire, &mut ledger);
    environment::compare(&files.environment, &mut ledger);
    rule::compare(&files.rules, &mut ledger);
    capture::compare(&files.captures, &files.operations, &mut ledger);
    ledger.close(excuse::REASONS)
}

/// The captured requests as golden bytes, `None` when the file cannot be read.
pub(crate) fn captured() -> Option<Vec<Capture>> {
    let captures = Files::read().ok()?.captures.capture;
    let capture = |capture: file::Capture| {
        let file::Capture { call, operation, request, .. } = capture;
        hex::decode(request).ok().map(|request| Capture { call, operation, request })
    };
    captures.into_iter().map(capture).collect()
}
