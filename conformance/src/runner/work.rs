//! Work: the cases and scenarios one client plays at its own target.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::exceptions::Exceptions;
use super::options::{Client, Options};
use super::play::{Bench, Played, Stated, Step};
use super::progress::Progress;
use super::shrink::{Budget, shrink};
use super::verdict::{Failure, GENERATED, Outcome, Verdict};
use crate::case::{AREAS, Case};
use crate::driver::Driver;
use crate::driver::blocking::Blocking;
use crate::driver::npm::{Methods, NpmDriver};
use crate::driver::raw::RawDriver;
use crate::driver::rust::Connecting;
use crate::driver::session::RustDriver;
use crate::driver::tokio::Tokio;
use crate::scenario::generate::scenario;
use crate::scenario::{Action, Scenario};
use crate::target::Target;

/// Failures of one client after which its generated scenarios stop: more would say the same.
const ENOUGH_FAILURES: usize = 5;

/// Everything one client has to play.
#[derive(Debug, Clone)]
pub struct Work {
    /// Hand-written cases.
    pub cases: Vec<Case>,
    /// Numbers of generated scenarios.
    pub numbers: Vec<u64>,
    /// A stored scenario, with its name.
    pub replay: Option<(String, Scenario)>,
}

/// One client at its target.
pub struct Station<'a> {
    /// The client.
    pub client: Client,
    /// What the run was asked to do.
    pub options: &'a Options,
    /// Known differences and skips.
    pub exceptions: &'a Exceptions,
    /// Its progress.
    pub progress: Progress,
    /// What it plays at.
    pub target: &'a Target,
}

/// A driver, with what only one of them can tell.
enum Driven {
    Any(Box<dyn Driver>),
    Npm(Box<NpmDriver>),
}

impl Driven {
    fn start(client: Client, target: &Target, options: &Options) -> anyhow::Result<Self> {
        let address = target.address.to_string();
        let connecting = || Connecting::new(&address, target.certificate.as_deref());
        Ok(match client {
            Client::Raw => Self::Any(Box::new(RawDriver::new(target.address))),
            Client::Blocking => Self::Any(Box::new(RustDriver::new(Blocking, connecting()?))),
            Client::Tokio => Self::Any(Box::new(RustDriver::new(Tokio::new()?, connecting()?))),
            Client::Npm => {
                let log = options.out.join("npm.log");
                Self::Npm(Box::new(NpmDriver::new(&npm_folder(options), target.address, &log)?))
            }
        })
    }

    fn driver(&mut self) -> &mut dyn Driver {
        match self {
            Self::Any(driver) => driver.as_mut(),
            Self::Npm(driver) => driver.as_mut(),
        }
    }
}

impl Work {
    /// How many pieces of work there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cases.len() + self.numbers.len() + usize::from(self.replay.is_some())
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Station<'_> {
    /// Plays everything and returns the verdicts, with the npm client's methods if it is that one.
    ///
    /// # Errors
    /// When the client or the target cannot be used at all.
    pub fn play(&self, work: &Work) -> anyhow::Result<(Vec<Verdict>, Option<Methods>)> {
        let mut driven = Driven::start(self.client, self.target, self.options)?;
        let mut verdicts = Vec::new();
        let mut bench = Bench::new(self.target, driven.driver());
        for case in &work.cases {
            verdicts.push(self.case(&mut bench, case)?);
            self.progress.step(verdicts.last());
        }
        if let Some((name, scenario)) = &work.replay {
            verdicts.push(self.scenario(&mut bench, scenario, ("replayed".to_owned(), name.clone()))?);
            self.progress.step(verdicts.last());
        }
        let mut failures = 0;
        for number in &work.numbers {
            let made = scenario(self.options.seed, *number).map_err(anyhow::Error::msg)?;
            let name = (format!("seed={}", self.options.seed), format!("scenario {number}"));
            let verdict = self.scenario(&mut bench, &made, name)?;
            failures += usize::from(matches!(verdict.result, Outcome::Failed(_)));
            verdicts.push(verdict);
            self.progress.step(verdicts.last());
            if failures >= ENOUGH_FAILURES {
                break;
            }
        }
        self.progress.finish();
        drop(bench);
        let methods = match &mut driven {
            Driven::Npm(driver) => Some(driver.methods()?),
            Driven::Any(_) => None,
        };
        Ok((verdicts, methods))
    }

    fn case(&self, bench: &mut Bench<'_>, case: &Case) -> anyhow::Result<Verdict> {
        let area = area_of(case.about);
        let name = (case.about.to_owned(), case.name.to_owned());
        let client = self.client.name();
        if let Some(reason) = self.exceptions.skipped(client, case) {
            let skipped = Outcome::CannotExpress(reason.to_owned());
            return Ok(self.verdict(area, name, case.clause, skipped, &Played::default(), Duration::ZERO));
        }
        let start = Instant::now();
        let played = bench.play(&case.steps).with_context(|| format!("{} / {}", case.about, case.name))?;
        let result = match (&played.difference, self.exceptions.known(client, case)) {
            (Some(_), Some(reason)) => Outcome::Known(reason.to_owned()),
            (Some(_), None) => Outcome::Failed(self.shrunk(bench, &case.steps, &played, &name)?),
            (None, _) => match essential(case, &played) {
                Some(reason) => Outcome::CannotExpress(reason),
                None => Outcome::Passed,
            },
        };
        Ok(self.verdict(area, name, case.clause, result, &played, start.elapsed()))
    }

    fn scenario(
        &self,
        bench: &mut Bench<'_>,
        scenario: &Scenario,
        name: (String, String),
    ) -> anyhow::Result<Verdict> {
        let steps = unstated(scenario);
        let start = Instant::now();
        let played = bench.play(&steps).with_context(|| format!("{} {}", name.0, name.1))?;
        let result = match &played.difference {
            Some(_) => Outcome::Failed(self.shrunk(bench, &steps, &played, &name)?),
            None => Outcome::Passed,
        };
        Ok(self.verdict(GENERATED, name, "", result, &played, start.elapsed()))
    }

    fn verdict(
        &self,
        area: &'static str,
        (about, name): (String, String),
        clause: &str,
        result: Outcome,
        played: &Played,
        time: Duration,
    ) -> Verdict {
        Verdict {
            client: self.client.name(),
            area,
            about,
            name,
            clause: clause.to_owned(),
            result,
            time,
            compared: played.compared,
            unexpressed: played.unexpressed.len(),
        }
    }

    /// Shrinks a difference, stores what is left, and says how to see it again.
    fn shrunk(
        &self,
        bench: &mut Bench<'_>,
        steps: &[Step],
        played: &Played,
        (about, name): &(String, String),
    ) -> anyhow::Result<Failure> {
        let found = played.difference.clone().context("nothing differs")?;
        // What a case states of a step holds for the whole case only, and a device someone owns cannot be reset.
        let (least, difference) = match self.target.is_owned() && !found.by_case {
            true => {
                let steps =
                    unstated(&Scenario { actions: steps.iter().map(|step| step.action.clone()).collect() });
                shrink(&steps, found, Budget::default(), |steps| Ok(bench.play(steps)?.difference))?
            }
            false => (steps.to_vec(), found),
        };
        let scenario = Scenario { actions: least.into_iter().map(|step| step.action).collect() };
        let client = self.client.name();
        let file = self.store(&scenario, &format!("{client}-{about}-{name}"))?;
        let mut replay =
            vec![format!("cargo xtask conformance -- --driver {client} --replay {}", file.display())];
        match name.strip_prefix("scenario ") {
            Some(number) => replay.push(format!(
                "cargo xtask conformance -- --seed {} --driver {client} --case {number}",
                self.options.seed
            )),
            None => replay.push(format!("cargo xtask conformance -- --driver {client} --only '{name}'")),
        }
        let steps = scenario.actions.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
        Ok(Failure { difference, steps, replay })
    }

    fn store(&self, scenario: &Scenario, name: &str) -> anyhow::Result<PathBuf> {
        let folder = self.options.out.join("failures");
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let name: String =
            name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
        let file = folder.join(format!("{}.json", name.trim_matches('-')));
        let text = serde_json::to_string_pretty(scenario)?;
        std::fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
        Ok(file)
    }
}

/// The steps of a scenario nobody states anything about.
#[must_use]
pub fn unstated(scenario: &Scenario) -> Vec<Step> {
    let step = |action: &Action| Step { action: action.clone(), stated: Stated::Nothing };
    scenario.actions.iter().map(step).collect()
}

/// Folder of the npm client's adapter: told, in the working folder, or where this program was built.
fn npm_folder(options: &Options) -> PathBuf {
    let here = Path::new("conformance/npm");
    match &options.npm {
        Some(folder) => folder.clone(),
        None if here.is_dir() => here.to_owned(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("npm"),
    }
}

/// A case is about what its client does: one step it cannot say, and the case is not held to have passed.
fn essential(case: &Case, played: &Played) -> Option<String> {
    let (index, reason) = played.unexpressed.first()?;
    let action = case.steps.get(*index)?.action.name();
    Some(format!("{action}: {reason}"))
}

/// The area of an operation.
pub(super) fn area_of(about: &str) -> &'static str {
    AREAS.iter().find(|(_, members)| members.contains(&about)).map_or("other", |(area, _)| area)
}
