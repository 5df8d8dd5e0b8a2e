//! The command line: what there is to say, and who does it.

mod ctl;
mod logs;
mod seed;
mod settings;
mod up;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Exit code of a command that failed. 2 is a command line that makes no sense.
const FAILED: u8 = 1;

/// Simulated Dinamo HSMs for tests: the real protocol, in clear and over TLS, with expired passwords, dead nodes and
/// operating modes on demand.
#[derive(Parser)]
#[command(
    version,
    max_term_width = 110,
    after_help = "\
Examples:
  simulator up                                     one HSM on 127.0.0.1:4433, in memory
  simulator up --nodes 3 --store file:hsm.redb     three nodes that share a file
  simulator up --json --port 0                     for scripts: one line of JSON when it is ready
  simulator seed check start.toml                  is this seed file right?
  simulator ctl clock advance 31d                  let passwords expire, now
  simulator ctl fault set hsm-1 --latency-ms 200   a slow node

Exit codes: 0 done, 1 failed (the reason is on standard error), 2 the command line makes no sense."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start a cluster and run it until SIGTERM, Ctrl-C or `simulator ctl stop`.
    Up(Box<settings::UpArgs>),
    /// Look at and change a running cluster through its admin API.
    Ctl(ctl::CtlArgs),
    /// Work with seed files.
    Seed(seed::SeedArgs),
}

/// Carries the command out.
pub(crate) fn run(cli: Cli) -> ExitCode {
    let done = match cli.command {
        Command::Up(args) => up::run(*args),
        Command::Ctl(args) => ctl::run(args),
        Command::Seed(args) => seed::run(args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(FAILED)
        }
    }
}
