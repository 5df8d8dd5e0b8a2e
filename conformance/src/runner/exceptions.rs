//! Skips and known differences: one file, a reason beside each, and an entry nobody needs any more is an error.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail};
use serde::Deserialize;

use crate::case::Case;

use super::options::Client;

/// The file's text, part of this program.
const TEXT: &str = include_str!("../../exceptions.toml");

/// What the file says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exceptions {
    /// Cases a client does not play.
    #[serde(default)]
    skip: Vec<Entry>,
    /// Cases known to differ for a client.
    #[serde(default)]
    known: Vec<Entry>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    client: String,
    about: String,
    case: String,
    reason: String,
}

impl Entry {
    fn is(&self, client: &str, case: &Case) -> bool {
        self.client == client && self.about == case.about && self.case == case.name
    }

    fn text(&self) -> String {
        format!("{} / {} / {}", self.client, self.about, self.case)
    }
}

impl Exceptions {
    /// Reads the file and checks that every entry names a client, a case and a reason.
    ///
    /// # Errors
    /// When an entry does not.
    pub fn read(cases: &[Case]) -> anyhow::Result<Self> {
        Self::parse(TEXT, cases)
    }

    fn parse(text: &str, cases: &[Case]) -> anyhow::Result<Self> {
        let read: Self =
            toml::from_str(text).context("conformance/exceptions.toml is not as it should be")?;
        for entry in read.skip.iter().chain(&read.known) {
            if !Client::ALL.iter().any(|client| client.name() == entry.client) {
                bail!("conformance/exceptions.toml: {}: there is no such client", entry.text());
            }
            if !cases.iter().any(|case| entry.is(&entry.client, case)) {
                bail!(
                    "conformance/exceptions.toml: {}: there is no such case; remove the entry",
                    entry.text()
                );
            }
            if entry.reason.trim().is_empty() {
                bail!("conformance/exceptions.toml: {}: give a reason", entry.text());
            }
        }
        Ok(read)
    }

    /// The reason why a client does not play a case.
    #[must_use]
    pub fn skipped(&self, client: &str, case: &Case) -> Option<&str> {
        self.skip.iter().find(|entry| entry.is(client, case)).map(|entry| entry.reason.as_str())
    }

    /// The reason why a case is known to differ for a client.
    #[must_use]
    pub fn known(&self, client: &str, case: &Case) -> Option<&str> {
        self.known.iter().find(|entry| entry.is(client, case)).map(|entry| entry.reason.as_str())
    }

    /// Known differences that did not happen: `met` holds client, operation and name of those that did.
    #[must_use]
    pub fn stale(&self, met: &BTreeSet<(String, String, String)>, clients: &[Client]) -> Vec<String> {
        self.known
            .iter()
            .filter(|entry| clients.iter().any(|client| client.name() == entry.client))
            .filter(|entry| !met.contains(&(entry.client.clone(), entry.about.clone(), entry.case.clone())))
            .map(|entry| {
                format!("conformance/exceptions.toml: {} no longer differs; remove the entry", entry.text())
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cases() -> Vec<Case> {
        vec![Case { about: "ping", ..Case::new("the device answers", "somewhere") }]
    }

    #[test]
    fn the_file_is_good() {
        Exceptions::read(&crate::case::all()).unwrap();
    }

    #[test]
    fn entries_must_name_what_there_is_and_why() {
        let entry = |client: &str, case: &str, reason: &str| {
            let text = format!(
                "[[known]]\nclient = \"{client}\"\nabout = \"ping\"\ncase = \"{case}\"\nreason = \"{reason}\""
            );
            Exceptions::parse(&text, &cases())
        };
        let good = entry("raw", "the device answers", "why").unwrap();
        assert_eq!(good.known("raw", &cases()[0]), Some("why"));
        assert_eq!(good.known("npm", &cases()[0]), None);
        assert!(entry("fax", "the device answers", "why").is_err());
        assert!(entry("raw", "the device sleeps", "why").is_err());
        assert!(entry("raw", "the device answers", " ").is_err());

        assert_eq!(good.stale(&BTreeSet::new(), &[Client::Raw]).len(), 1);
        assert_eq!(good.stale(&BTreeSet::new(), &[Client::Npm]).len(), 0);
        let met = BTreeSet::from([("raw".into(), "ping".into(), "the device answers".into())]);
        assert_eq!(good.stale(&met, &[Client::Raw]).len(), 0);
    }
}
