//! The whole system under load: clients and a simulated HSM on the same machine, beside the bare primitives.
//!
//! `cargo xtask bench` runs it. Client and server share the processor's cores, so a ratio of 1 would mean that the
//! network, the protocol and the client cost nothing. Peers and limits the ratios are held against stand in the README.
#![allow(missing_docs, reason = "a benchmark has no interface")]
#![allow(clippy::print_stdout, reason = "its output is what it is for")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot run says so and stops"
)]

mod load;
mod loopback;
mod primitive;
mod target;

use load::{Client, Work};
use std::time::Duration;
use target::Target;

/// What the operator asks for.
struct Plan {
    /// How long each figure is measured.
    time: Duration,
    sessions: Vec<usize>,
    idle_sessions: usize,
    client: Option<Client>,
    only: Option<String>,
}

impl Plan {
    fn from_args() -> Self {
        let mut plan = Self {
            time: Duration::from_secs(3),
            sessions: vec![1, 16, 64],
            idle_sessions: 10_000,
            client: None,
            only: None,
        };
        let mut args = std::env::args().skip(1);
        while let Some(arg) = args.next() {
            let mut value = || args.next().unwrap_or_else(|| panic!("{arg} needs a value"));
            match arg.as_str() {
                "--seconds" => {
                    plan.time = Duration::from_secs_f64(value().parse().expect("a number of seconds"));
                }
                "--sessions" => {
                    plan.sessions =
                        value().split(',').map(|n| n.parse().expect("numbers of sessions")).collect();
                }
                "--idle-sessions" => plan.idle_sessions = value().parse().expect("a number of sessions"),
                "--only" => plan.only = Some(value()),
                "--client" => {
                    plan.client = Some(match value().as_str() {
                        "blocking" => Client::Threads,
                        "tokio" => Client::Tasks,
                        other => panic!("--client takes blocking or tokio, not {other}"),
                    });
                }
                "--bench" => {}
                other => panic!(
                    "unknown option {other}; known: --seconds S --sessions A,B,C --idle-sessions N --client blocking|tokio \
                     --only WORD"
                ),
            }
        }
        plan
    }

    fn wants(&self, word: &str) -> bool {
        self.only.as_ref().is_none_or(|only| word.contains(only.as_str()))
    }
}

fn main() {
    // `cargo bench` says `--bench`; test runners that build every target do not, and are given nothing to run.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let plan = Plan::from_args();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!(
        "{cores} cores, client and server on the same; {:?} per figure; ratios are to the bare primitive on all cores",
        plan.time
    );
    let target = Target::start();
    target.prepare();
    if plan.wants("ping") {
        ping(&plan, &target);
    }
    let works: Vec<Work> = Work::ALL.into_iter().filter(|work| plan.wants(work.name())).collect();
    if !works.is_empty() {
        let exchange = |&sessions: &usize| match sessions {
            1 => loopback::blocking_rate(plan.time),
            _ => loopback::tasks_rate(sessions, plan.time),
        };
        let bare: Vec<f64> = plan.sessions.iter().map(exchange).collect();
        for (sessions, rate) in plan.sessions.iter().zip(&bare) {
            println!("bare TCP exchange, {sessions} connections: {rate:.0} per second");
        }
        println!(
            "\n| operation | primitive/s | transport | sessions | client | per second | ratio | ratio to possible |"
        );
        println!("|---|---|---|---|---|---|---|---|");
        for work in works {
            operation(&plan, &target, work, cores, &bare);
        }
    }
    if plan.wants("open") {
        opening(&plan, &target, cores);
    }
    if plan.wants("idle") {
        idle(&plan, &target);
    }
}

fn ping(plan: &Plan, target: &Target) {
    let bare = loopback::blocking_rate(plan.time);
    println!("bare TCP exchange, 1 connection: {bare:.0} per second, {:.1} µs each", 1e6 / bare);
    for tls in [false, true] {
        let rate = load::rate(target, Work::Ping, 1, tls, Client::Threads, plan.time);
        println!(
            "ping, 1 session, {}: {rate:.0} per second, {:.1} µs each, {:.2} of the bare exchange, {:.2} of 30 000 per second",
            load::transport(tls),
            1e6 / rate,
            rate / bare,
            rate / 30_000.0
        );
    }
}

/// Rates of one kind of operation. The last column is the ratio to what is possible: the primitive and a bare TCP exchange one
/// after the other on the same cores.
fn operation(plan: &Plan, target: &Target, work: Work, cores: usize, bare: &[f64]) {
    let primitive = primitive::rate(work, cores, plan.time);
    for tls in [false, true] {
        for (&sessions, exchange) in plan.sessions.iter().zip(bare) {
            let client = plan.client.unwrap_or(if sessions == 1 { Client::Threads } else { Client::Tasks });
            let rate = load::rate(target, work, sessions, tls, client, plan.time);
            let possible = match sessions {
                1 => 1.0 / (cores as f64 / primitive + 1.0 / exchange),
                _ => 1.0 / (1.0 / primitive + 1.0 / exchange),
            };
            println!(
                "| {} | {primitive:.0} | {} | {sessions} | {} | {rate:.0} | {:.2} | {:.2} |",
                work.name(),
                load::transport(tls),
                client.name(),
                rate / primitive,
                rate / possible
            );
        }
    }
}

fn opening(plan: &Plan, target: &Target, cores: usize) {
    println!();
    for tls in [false, true] {
        let rate = load::opening_rate(target, tls, cores, plan.time);
        println!(
            "sessions opened and closed, {} at a time, {}: {rate:.0} per second",
            cores,
            load::transport(tls)
        );
    }
}

fn idle(plan: &Plan, target: &Target) {
    let before = target.resident_bytes();
    let sessions = load::open_idle(target, plan.idle_sessions);
    // What was needed to open them and is given back counts for nobody.
    std::thread::sleep(Duration::from_secs(2));
    let each = target.resident_bytes().saturating_sub(before) / sessions.len().max(1);
    println!(
        "{} idle clear sessions: {each} bytes of the server's memory each, {:.2} of the 16 KiB allowed",
        sessions.len(),
        each as f64 / 16_384.0
    );
}
