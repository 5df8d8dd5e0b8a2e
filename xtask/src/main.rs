//! `cargo xtask`: the project's own commands, each one a list of programs to run and a report of how they ended.
//!
//! It depends on none of the other crates of this workspace: whatever it needs from them it builds and spawns.
#![allow(clippy::print_stdout, reason = "a command line tool talks to its user on standard output")]

mod bench;
mod cli;
mod codegen;
mod conformance;
mod deny;
mod fuzz;
mod lint;
mod new_operation;
mod npm;
mod report;
mod test;
mod workspace;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    match run(cli::Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: cli::Command) -> anyhow::Result<()> {
    let workspace = workspace::Workspace::locate()?;
    match command {
        cli::Command::Test(args) => test::run_all(&workspace, &args),
        cli::Command::Lint => lint::run_all(&workspace),
        cli::Command::Codegen(args) => codegen::run(&workspace, &args),
        cli::Command::Conformance(args) => conformance::run_all(&workspace, &args),
        cli::Command::NewOperation(args) => new_operation::run(&workspace, &args),
        cli::Command::Bench(args) => bench::run_all(&workspace, &args),
        cli::Command::Fuzz(args) => fuzz::run_target(&workspace, &args),
    }
}
