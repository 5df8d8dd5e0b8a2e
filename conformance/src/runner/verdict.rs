//! Verdicts: what each piece of work came to for each client, counted by area.

use std::collections::BTreeMap;
use std::time::Duration;

use super::play::Difference;
use crate::driver::npm::Methods;

/// Area of the generated scenarios.
pub const GENERATED: &str = "generated";

/// What one piece of work came to.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The client; `facts` and `bytes` for what concerns no client.
    pub client: &'static str,
    /// Area of the report.
    pub area: &'static str,
    /// Operation, or the seed of a generated scenario.
    pub about: String,
    /// Name of the case, or number of the scenario.
    pub name: String,
    /// Document and place; empty for a generated scenario.
    pub clause: String,
    /// What it came to.
    pub result: Outcome,
    /// How long it took.
    pub time: Duration,
    /// Actions compared.
    pub compared: usize,
    /// Actions the client has no way to say.
    pub unexpressed: usize,
}

/// What it came to.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Nothing differs.
    Passed,
    /// Something differs.
    Failed(Failure),
    /// The client has no way to say what the case is about.
    CannotExpress(String),
    /// A known difference, with the reason from the exceptions.
    Known(String),
}

/// A difference, shrunk, and how to see it again.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The difference.
    pub difference: Difference,
    /// What is left of the scenario, step by step.
    pub steps: Vec<serde_json::Value>,
    /// Commands that show it again.
    pub replay: Vec<String>,
}

/// All verdicts of a run.
#[derive(Debug, Clone, Default)]
pub struct Verdicts {
    /// The verdicts, in the order they were found.
    pub all: Vec<Verdict>,
    /// The npm client's methods, when it was driven.
    pub methods: Option<Methods>,
    /// Seed of the generated scenarios.
    pub seed: u64,
    /// How long the run took.
    pub time: Duration,
    /// What is wrong with the run itself: stale exceptions, a client that could not be started.
    pub complaints: Vec<String>,
}

/// Counts of one client and area.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Passed.
    pub passed: usize,
    /// Failed.
    pub failed: usize,
    /// Cannot be expressed.
    pub cannot: usize,
    /// Known differences.
    pub known: usize,
}

impl Verdicts {
    /// Whether nothing failed.
    #[must_use]
    pub fn good(&self) -> bool {
        self.complaints.is_empty() && self.failed() == 0
    }

    /// How many failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.all.iter().filter(|verdict| matches!(verdict.result, Outcome::Failed(_))).count()
    }

    /// Counts by client and area, clients and areas in the order they appear.
    #[must_use]
    pub fn counts(&self) -> Vec<(&'static str, &'static str, Count)> {
        let mut order: Vec<(&'static str, &'static str)> = Vec::new();
        let mut counts: BTreeMap<(&str, &str), Count> = BTreeMap::new();
        for verdict in &self.all {
            let key = (verdict.client, verdict.area);
            if !order.contains(&key) {
                order.push(key);
            }
            counts.entry(key).or_default().add(&verdict.result);
        }
        order.into_iter().map(|key| (key.0, key.1, counts.get(&key).copied().unwrap_or_default())).collect()
    }
}

impl Count {
    fn add(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Passed => self.passed += 1,
            Outcome::Failed(_) => self.failed += 1,
            Outcome::CannotExpress(_) => self.cannot += 1,
            Outcome::Known(_) => self.known += 1,
        }
    }
}
