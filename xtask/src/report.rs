//! A list of steps: a line when one starts, a table when all have ended.

use std::time::{Duration, Instant};

use anyhow::bail;

/// How a step ended when nothing went wrong in it.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It did all it is there for.
    Passed,
    /// It did all it could, and the text says what a reader should know (for example how old its data is).
    PassedWith(String),
    /// It did nothing; the text says why, and what to do so that it can.
    Skipped(String),
}

/// Steps of one command and how they ended.
#[derive(Debug)]
pub(crate) struct Report {
    command: &'static str,
    planned: usize,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    name: &'static str,
    verdict: Verdict,
    note: String,
    elapsed: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Passed,
    Failed,
    Skipped,
}

impl Report {
    /// A report for `cargo xtask <command>` that will have `planned` steps.
    pub(crate) fn new(command: &'static str, planned: usize) -> Self {
        Self { command, planned, rows: Vec::new() }
    }

    /// Runs one step and keeps its result; a failed step does not stop the ones after it.
    pub(crate) fn step(&mut self, name: &'static str, step: impl FnOnce() -> anyhow::Result<Outcome>) {
        println!("\n[{}/{}] {name}", self.rows.len() + 1, self.planned);
        let start = Instant::now();
        let (verdict, note) = match step() {
            Ok(Outcome::Passed) => (Verdict::Passed, String::new()),
            Ok(Outcome::PassedWith(note)) => (Verdict::Passed, note),
            Ok(Outcome::Skipped(reason)) => (Verdict::Skipped, reason),
            Err(error) => (Verdict::Failed, format!("{error:#}")),
        };
        if verdict != Verdict::Passed {
            println!("{}: {note}", verdict.word());
        }
        self.rows.push(Row { name, verdict, note, elapsed: start.elapsed() });
    }

    /// Prints the table and the closing line.
    ///
    /// # Errors
    /// When a step failed.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        println!("\n{}", self.table());
        let failed: Vec<&str> =
            self.rows.iter().filter(|row| row.verdict == Verdict::Failed).map(|row| row.name).collect();
        let skipped = self.rows.iter().filter(|row| row.verdict == Verdict::Skipped).count();
        let passed = self.rows.len() - failed.len() - skipped;
        println!("xtask {}: {passed} steps passed, {} failed, {skipped} skipped", self.command, failed.len());
        if !failed.is_empty() {
            bail!("cargo xtask {} failed in: {}", self.command, failed.join(", "));
        }
        Ok(())
    }

    fn table(&self) -> String {
        let width = self.rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
        let lines: Vec<String> = self
            .rows
            .iter()
            .map(|row| {
                let first_line = row.note.lines().next().unwrap_or_default();
                let seconds = row.elapsed.as_secs_f64();
                format!("  {:width$}  {:7}  {seconds:6.1} s  {first_line}", row.name, row.verdict.word())
                    .trim_end()
                    .to_owned()
            })
            .collect();
        lines.join("\n")
    }
}

impl Verdict {
    fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "FAILED",
            Self::Skipped => "skipped",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_fails_the_command_but_not_the_steps_after_it() {
        let mut report = Report::new("lint", 3);
        report.step("one", || Ok(Outcome::Passed));
        report.step("two", || bail!("it broke"));
        report.step("three", || Ok(Outcome::Skipped("no tool".to_owned())));
        let table = report.table();
        assert!(table.contains("two    FAILED"), "{table}");
        assert!(table.contains("it broke"), "{table}");
        assert!(table.contains("three  skipped"), "{table}");
        let error = report.finish().unwrap_err().to_string();
        assert_eq!(error, "cargo xtask lint failed in: two");
    }

    #[test]
    fn skipped_steps_do_not_fail_the_command() {
        let mut report = Report::new("test", 1);
        report.step("one", || Ok(Outcome::Skipped("no tool".to_owned())));
        report.finish().unwrap();
    }
}
