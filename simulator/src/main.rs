//! The `simulator` command: starts simulated HSM clusters and drives those that run.

mod cli;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    cli::run(cli::Cli::parse())
}
