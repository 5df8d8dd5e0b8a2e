//! The runner: targets, drivers, cases and generated scenarios brought together, and the report of what they came to.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, bail};

pub mod documents;
pub mod exceptions;
mod guest;
pub mod html;
pub mod junit;
pub mod options;
pub mod play;
pub mod progress;
pub mod shrink;
pub mod table;
pub mod verdict;
pub mod work;

use crate::case::{self, Case};
use crate::scenario::Scenario;
use crate::target::Target;
use crate::token;
use crate::token::run::Lives;
use exceptions::Exceptions;
use options::{Client, Options};
use progress::Board;
use verdict::{GENERATED, Outcome, Verdict, Verdicts};
use work::{Station, Work};

/// Runs what the options ask for.
///
/// # Errors
/// When the run itself fails: no simulator, no folder for the report.
pub fn run(options: &Options) -> anyhow::Result<Verdicts> {
    let start = Instant::now();
    std::fs::create_dir_all(&options.out)
        .with_context(|| format!("cannot make the folder {}", options.out.display()))?;
    if options.is_whole() {
        // Of an earlier run; there may be none.
        let _ = std::fs::remove_dir_all(options.out.join("failures"));
    }
    let cases = case::all();
    let exceptions = Exceptions::read(&cases)?;
    let (work, lives) = work_of(options, cases)?;
    let mut verdicts = Verdicts { seed: options.seed, ..Verdicts::default() };
    if options.is_whole() {
        verdicts.all.extend(documents::facts());
    }
    if work.is_empty() && lives.is_none() {
        bail!("nothing has {:?} in its area, operation or name", options.only.as_deref().unwrap_or_default());
    }
    let clients = if work.is_empty() { Vec::new() } else { options.clients() };
    let board = Board::new();
    let played = std::thread::scope(|scope| {
        let mut threads: Vec<_> = clients
            .iter()
            .map(|client| {
                let (work, board, exceptions) = (&work, &board, &exceptions);
                (client.name(), scope.spawn(move || play(*client, options, exceptions, work, board)))
            })
            .collect();
        for (client, lives) in lives
            .iter()
            .flat_map(|lives| options.token_clients().into_iter().map(move |client| (client, lives)))
        {
            let board = &board;
            let run = move || {
                token::run::run(client, options, lives, || simulator(options), board).map(|all| (all, None))
            };
            threads.push((client.name(), scope.spawn(run)));
        }
        threads.into_iter().map(|(client, thread)| (client, thread.join())).collect::<Vec<_>>()
    });
    for (client, result) in played {
        match result {
            Ok(Ok((all, methods))) => {
                verdicts.all.extend(all);
                verdicts.methods = verdicts.methods.or(methods);
            }
            Ok(Err(error)) => verdicts.complaints.push(format!("{client}: {error:#}")),
            Err(_) => verdicts.complaints.push(format!("{client}: the driver panicked")),
        }
    }
    if options.is_whole() {
        verdicts.complaints.extend(exceptions.stale(&met(&verdicts.all), &clients));
    }
    verdicts.time = start.elapsed();
    Ok(verdicts)
}

/// Known differences that did differ.
fn met(verdicts: &[Verdict]) -> BTreeSet<(String, String, String)> {
    verdicts
        .iter()
        .filter(|verdict| matches!(verdict.result, Outcome::Known(_)))
        .map(|verdict| (verdict.client.to_owned(), verdict.about.clone(), verdict.name.clone()))
        .collect()
}

fn play(
    client: Client,
    options: &Options,
    exceptions: &Exceptions,
    work: &Work,
    board: &Board,
) -> anyhow::Result<(Vec<Verdict>, Option<crate::driver::npm::Methods>)> {
    let target = match &options.target {
        Some(address) => {
            let certificate = if options.tls_accept_any { None } else { options.tls_cert.clone() };
            Target::existing(address, &options.user, &options.password, certificate)?
        }
        None => {
            let log = options.out.join(format!("simulator-{}.log", client.name()));
            Target::spawn(&simulator(options)?, &log)?
        }
    };
    let progress = board.client(client.name(), work.len());
    let station = Station { client, options, exceptions, progress, target: &target };
    let (mut verdicts, methods) = station.play(work)?;
    if client == Client::Raw && options.is_whole() {
        verdicts.extend(documents::golden(&target)?);
    }
    Ok((verdicts, methods))
}

/// What is to be played.
fn work_of(options: &Options, cases: Vec<Case>) -> anyhow::Result<(Work, Option<Lives>)> {
    let nothing = Work { cases: Vec::new(), numbers: Vec::new(), replay: None };
    if let Some(file) = &options.replay {
        let text =
            std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        if let Ok(life) = serde_json::from_str(&text) {
            return Ok((nothing, Some(Lives::Stored(file.clone(), Box::new(life)))));
        }
        let scenario: Scenario =
            serde_json::from_str(&text).with_context(|| format!("{} is no scenario", file.display()))?;
        let replay = Some((file.display().to_string(), scenario));
        return Ok((Work { replay, ..nothing }, None));
    }
    if let Some(number) = options.token_case {
        return Ok((nothing, Some(Lives::Drawn(vec![number]))));
    }
    if let Some(number) = options.case {
        return Ok((Work { numbers: vec![number], ..nothing }, None));
    }
    let wanted = |area: &str, about: &str, name: &str| match &options.only {
        Some(text) => [area, about, name].iter().any(|place| place.contains(text.as_str())),
        None => true,
    };
    let owned = options.target.is_none();
    let mut cases: Vec<Case> = cases
        .into_iter()
        .filter(|case| wanted(work::area_of(case.about), case.about, case.name))
        .filter(|case| owned || case.harmless)
        .collect();
    if !owned {
        let mark = format!("{:x}", std::process::id());
        cases = cases.into_iter().filter_map(|case| guest::guest(case, options, &mark)).collect();
    }
    let generated = owned && wanted(GENERATED, "", "");
    let numbers = if generated { (0..options.cases).collect() } else { Vec::new() };
    let lives = owned && options.token_cases > 0 && wanted(token::run::TOKENS, "", "");
    let lives = lives.then(|| Lives::Drawn((0..options.token_cases).collect()));
    Ok((Work { cases, numbers, replay: None }, lives))
}

/// The simulator's program: told, or beside this one.
fn simulator(options: &Options) -> anyhow::Result<PathBuf> {
    if let Some(path) = &options.simulator {
        return Ok(path.clone());
    }
    let own = std::env::current_exe().context("this program does not know where it is")?;
    let name = format!("simulator{}", std::env::consts::EXE_SUFFIX);
    let beside = own.parent().map(|folder| folder.join(&name));
    match beside.filter(|path| path.is_file()) {
        Some(path) => Ok(path),
        None => bail!(
            "there is no simulator beside {}: build it with `cargo build -p bancada-simulator`, or give --simulator",
            own.display()
        ),
    }
}
