//! Runs lives through every driver of the kernel, shrinks what differs, and reports as the runner does.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::action::Life;
use super::driver::TokenDriver;
use super::driver::c::{Adapter, CDriver};
use super::driver::rust::RustDriver;
use super::generate::life;
use super::play::{Played, play, with_actions};
use crate::runner::options::{Options, TokenClient};
use crate::runner::play::Difference;
use crate::runner::progress::Board;
use crate::runner::shrink::{Budget, shrink};
use crate::runner::verdict::{Failure, Outcome, Verdict};
use crate::target::Target;

/// Area of the report.
pub const TOKENS: &str = "digipass";

/// Failures of one driver after which its lives stop: more would say the same.
const ENOUGH_FAILURES: usize = 5;

/// The lives of a run.
#[derive(Debug, Clone)]
pub enum Lives {
    /// Drawn, with these numbers.
    Drawn(Vec<u64>),
    /// One that was stored, with its file.
    Stored(PathBuf, Box<Life>),
}

impl Lives {
    fn len(&self) -> usize {
        match self {
            Self::Drawn(numbers) => numbers.len(),
            Self::Stored(..) => 1,
        }
    }
}

/// Plays lives through one driver.
///
/// # Errors
/// When the driver cannot be started, or does not answer.
pub fn run(
    client: TokenClient,
    options: &Options,
    lives: &Lives,
    simulator: impl FnOnce() -> anyhow::Result<PathBuf>,
    board: &Board,
) -> anyhow::Result<Vec<Verdict>> {
    if lives.len() == 0 {
        return Ok(Vec::new());
    }
    let log = |name: &str| options.out.join(format!("{name}-{}.log", client.name()));
    let target = match client {
        TokenClient::CHsm => Some(Target::spawn(&simulator()?, &log("simulator"))?),
        TokenClient::Rust | TokenClient::C => None,
    };
    let mut driver: Box<dyn TokenDriver> = match client {
        TokenClient::Rust => Box::new(RustDriver::default()),
        TokenClient::C | TokenClient::CHsm => {
            let folder = options.out.join(client.name());
            std::fs::create_dir_all(&folder)
                .with_context(|| format!("cannot make the folder {}", folder.display()))?;
            let adapter = Adapter::compile(&library(options)?, &folder)?;
            Box::new(CDriver::new(&adapter, target.as_ref(), &log("adapter"))?)
        }
    };
    let progress = board.client(client.name(), lives.len());
    let mut verdicts = Vec::new();
    match lives {
        Lives::Stored(file, life) => {
            let name = ("replayed".to_owned(), file.display().to_string());
            verdicts.push(verdict(client, options, driver.as_mut(), (0, life), name)?);
            progress.step(verdicts.last());
        }
        Lives::Drawn(numbers) => {
            let mut failures = 0;
            for number in numbers {
                let drawn = life(options.seed, *number).map_err(anyhow::Error::msg)?;
                let name = (format!("seed={}", options.seed), format!("life {number}"));
                let verdict = verdict(client, options, driver.as_mut(), (*number, &drawn), name)?;
                failures += usize::from(matches!(verdict.result, Outcome::Failed(_)));
                verdicts.push(verdict);
                progress.step(verdicts.last());
                if failures >= ENOUGH_FAILURES {
                    break;
                }
            }
        }
    }
    progress.finish();
    Ok(verdicts)
}

fn verdict(
    client: TokenClient,
    options: &Options,
    driver: &mut dyn TokenDriver,
    (number, life): (u64, &Life),
    (about, name): (String, String),
) -> anyhow::Result<Verdict> {
    let start = Instant::now();
    let played = play(driver, number, life).with_context(|| format!("{about} {name}"))?;
    let Played { compared, unexpressed, difference } = played;
    let result = match difference {
        None => Outcome::Passed,
        Some(found) => Outcome::Failed(shrunk(client, options, driver, (number, life), found, &name)?),
    };
    Ok(Verdict {
        client: client.name(),
        area: TOKENS,
        about,
        name,
        clause: String::new(),
        result,
        time: start.elapsed(),
        compared,
        unexpressed,
    })
}

/// Shrinks a difference, stores what is left, and says how to see it again.
fn shrunk(
    client: TokenClient,
    options: &Options,
    driver: &mut dyn TokenDriver,
    (number, life): (u64, &Life),
    found: Difference,
    name: &str,
) -> anyhow::Result<Failure> {
    let budget = Budget { runs: 400, time: Duration::from_secs(30) };
    let (least, difference) = if life.actions.is_empty() {
        (Vec::new(), found)
    } else {
        shrink(&life.actions, found, budget, |actions| {
            Ok(play(driver, number, &with_actions(life, actions))?.difference)
        })?
    };
    let least = with_actions(life, &least);
    let file = store(options, &least, &format!("{}-{}-{name}", client.name(), options.seed))?;
    let mut replay = vec![format!(
        "cargo xtask conformance -- --token-driver {} --replay {}",
        client.name(),
        file.display()
    )];
    if name.starts_with("life ") {
        replay.push(format!(
            "cargo xtask conformance -- --seed {} --token-driver {} --token-case {number}",
            options.seed,
            client.name()
        ));
    }
    let issued = serde_json::json!({
        "applications": least.applications, "instances": least.instances, "parms": least.parms,
    });
    let mut steps = vec![issued];
    for action in &least.actions {
        steps.push(serde_json::to_value(action)?);
    }
    Ok(Failure { difference, steps, replay })
}

fn store(options: &Options, life: &Life, name: &str) -> anyhow::Result<PathBuf> {
    let folder = options.out.join("failures");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let name: String =
        name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    let file = folder.join(format!("{name}.json"));
    std::fs::write(&file, serde_json::to_string_pretty(life)?)
        .with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file)
}

/// The library: told, or beside this program.
fn library(options: &Options) -> anyhow::Result<PathBuf> {
    if let Some(path) = &options.aal2sdk {
        return Ok(path.clone());
    }
    let own = std::env::current_exe().context("this program does not know where it is")?;
    let beside = own.parent().unwrap_or(Path::new(".")).join("libaal2sdk.so");
    if !beside.is_file() {
        bail!(
            "there is no libaal2sdk.so beside {}: build it with `cargo build -p bancada-digipass-capi`, or give --aal2sdk",
            own.display()
        );
    }
    Ok(beside)
}
