//! The report on the terminal: failures with their replay commands, a table, and what is wrong with the run.

use comfy_table::{Cell, Color, ContentArrangement, Table, presets};

use super::verdict::{Count, Outcome, Verdicts};

/// The whole report as text; `list_methods` adds the npm client's methods one by one.
#[must_use]
pub fn text(verdicts: &Verdicts, list_methods: bool) -> String {
    let mut text = String::new();
    for verdict in &verdicts.all {
        if let Outcome::Failed(failure) = &verdict.result {
            text += &format!("\n{}: {} / {}\n", verdict.client, verdict.about, verdict.name);
            if !verdict.clause.is_empty() {
                text += &format!("  clause: {}\n", verdict.clause);
            }
            text += &format!(
                "  seed={} step {}: {}\n",
                verdicts.seed,
                failure.difference.index + 1,
                failure.difference.text
            );
            for step in &failure.steps {
                text += &format!("    {step}\n");
            }
            for command in &failure.replay {
                text += &format!("  replay: {command}\n");
            }
        }
    }
    text += &format!("\n{}\n", counts(verdicts));
    text += &expressed(verdicts);
    text += &methods(verdicts, list_methods);
    for complaint in &verdicts.complaints {
        text += &format!("error: {complaint}\n");
    }
    text
}

/// The last line: what a reader needs to know when nothing else is read.
#[must_use]
pub fn summary(verdicts: &Verdicts) -> String {
    let total = verdicts.counts().iter().fold(Count::default(), |mut total, (_, _, count)| {
        total.passed += count.passed;
        total.failed += count.failed;
        total.cannot += count.cannot;
        total.known += count.known;
        total
    });
    format!(
        "conformance: {}: {} passed, {} failed, {} known to differ, {} cannot be expressed; seed={}, {:.1} s",
        if verdicts.good() { "ok" } else { "FAILED" },
        total.passed,
        total.failed,
        total.known,
        total.cannot,
        verdicts.seed,
        verdicts.time.as_secs_f64(),
    )
}

fn counts(verdicts: &Verdicts) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["client", "area", "passed", "failed", "cannot express", "known"]);
    let mut last = "";
    for (client, area, count) in verdicts.counts() {
        let failed = match count.failed {
            0 => Cell::new(0),
            more => Cell::new(more).fg(Color::Red),
        };
        let shown = if client == last { "" } else { client };
        table.add_row([
            Cell::new(shown),
            Cell::new(area),
            Cell::new(count.passed),
            failed,
            Cell::new(count.cannot),
            Cell::new(count.known),
        ]);
        last = client;
    }
    table
}

/// How much of what was asked each client could say.
fn expressed(verdicts: &Verdicts) -> String {
    let mut clients: Vec<&str> = verdicts.all.iter().map(|verdict| verdict.client).collect();
    clients.dedup();
    clients.sort_unstable();
    clients.dedup();
    let mut text = String::new();
    for client in clients {
        let of = verdicts.all.iter().filter(|verdict| verdict.client == client);
        let (compared, not) = of.fold((0, 0), |(compared, not), verdict| {
            (compared + verdict.compared, not + verdict.unexpressed)
        });
        if compared + not > 0 {
            text += &format!("{client}: {compared} actions compared, {not} it cannot express\n");
        }
    }
    text
}

fn methods(verdicts: &Verdicts, list: bool) -> String {
    let Some(methods) = &verdicts.methods else { return String::new() };
    let (covered, not): (Vec<&String>, Vec<&String>) =
        methods.all.iter().partition(|method| methods.called.contains(*method));
    let mut text = format!("npm client: {} of {} public methods called\n", covered.len(), methods.all.len());
    let names = |list: &[&String]| list.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
    if list {
        text += &format!("  covered: {}\n", names(&covered));
    }
    if !not.is_empty() {
        text += &format!("  not covered: {}\n", names(&not));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use super::*;
    use crate::driver::npm::Methods;
    use crate::runner::play::Difference;
    use crate::runner::verdict::{Failure, Verdict};

    pub(crate) fn sample() -> Verdicts {
        let verdict = |client, result| Verdict {
            client,
            area: "objects",
            about: "create_key".into(),
            name: "a <name>".into(),
            clause: "a document".into(),
            result,
            time: Duration::from_millis(5),
            compared: 3,
            unexpressed: 1,
        };
        let failure = Failure {
            difference: Difference {
                index: 0,
                action: "close".into(),
                text: "it differs".into(),
                kind: "k".into(),
                by_case: false,
            },
            steps: vec![serde_json::json!({ "Close": { "handle": 1 } })],
            replay: vec!["cargo xtask conformance -- --replay x".into()],
        };
        Verdicts {
            all: vec![
                verdict("raw", Outcome::Passed),
                verdict("npm", Outcome::Failed(failure)),
                verdict("npm", Outcome::CannotExpress("why".into())),
            ],
            methods: Some(Methods {
                all: vec!["key.create".into(), "key.import".into()],
                called: BTreeSet::from(["key.create".to_owned()]),
            }),
            seed: 7,
            time: Duration::from_secs(1),
            complaints: vec!["something is stale".into()],
        }
    }

    #[test]
    fn the_report_tells_what_differs_and_how_to_see_it_again() {
        let text = text(&sample(), true);
        for part in
            ["it differs", "seed=7", "cargo xtask conformance", "error: something is stale", "1 of 2 public"]
        {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
        let summary = summary(&sample());
        assert!(summary.contains("FAILED") && summary.contains("1 passed, 1 failed"), "{summary}");
    }
}
