//! The report as JUnit XML, for continuous integration.

use std::path::Path;

use anyhow::Context as _;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::verdict::{Outcome, Verdict, Verdicts};

/// Writes the file.
///
/// # Errors
/// When it cannot be written.
pub fn write(verdicts: &Verdicts, file: &Path) -> anyhow::Result<()> {
    let text = report(verdicts).to_string().context("the report is no XML")?;
    std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}

fn report(verdicts: &Verdicts) -> Report {
    let mut report = Report::new("conformance");
    let mut clients: Vec<&'static str> = Vec::new();
    for verdict in &verdicts.all {
        if !clients.contains(&verdict.client) {
            clients.push(verdict.client);
        }
    }
    for client in clients {
        let mut suite = TestSuite::new(client);
        for verdict in verdicts.all.iter().filter(|verdict| verdict.client == client) {
            suite.add_test_case(test_case(verdict));
        }
        report.add_test_suite(suite);
    }
    report
}

fn test_case(verdict: &Verdict) -> TestCase {
    let status = match &verdict.result {
        Outcome::Passed => TestCaseStatus::success(),
        Outcome::Failed(failure) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let scenario = serde_json::to_string_pretty(&failure.steps).unwrap_or_default();
            status
                .set_message(failure.difference.text.clone())
                .set_description(format!("{}\n{scenario}", failure.replay.join("\n")));
            status
        }
        Outcome::CannotExpress(reason) => skipped(&format!("cannot be expressed: {reason}")),
        Outcome::Known(reason) => skipped(&format!("known to differ: {reason}")),
    };
    let mut case = TestCase::new(format!("{} / {}", verdict.about, verdict.name), status);
    case.set_classname(format!("{}.{}", verdict.client, verdict.area)).set_time(verdict.time);
    case
}

fn skipped(reason: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(reason.to_owned());
    status
}
