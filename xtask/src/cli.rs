//! The command line of `cargo xtask`; `docs/xtask.md` is generated from these definitions.

use clap::{Args, Parser, Subcommand};

/// The commands of the Bancada project.
///
/// Each command builds what it needs, shows what it is doing, and ends with one line that says how it went. The exit code is
/// 0 only when everything that ran passed; what was skipped is named together with its reason. With CI=true in the
/// environment a missing tool is an error (or is installed) instead of a reason to skip.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, propagate_version = false)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// One project command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run every test: unit, integration, documentation and tidy tests, and the seeds of the fuzz targets.
    Test(TestArgs),
    /// Check formatting, clippy, documentation, dependencies, project rules and generated files.
    Lint,
    /// Write the generated files of the repository, or check that they are fresh.
    Codegen(CodegenArgs),
    /// Start simulated HSMs and hold every client to the same verdict.
    Conformance(ConformanceArgs),
    /// Write the files of a new protocol operation and print the lines to add by hand.
    NewOperation(NewOperationArgs),
    /// Measure the whole system through the network, or with --micro the single functions.
    Bench(BenchArgs),
    /// Fuzz the decoders for a while.
    Fuzz(FuzzArgs),
}

/// Arguments of `cargo xtask test`.
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Given to the test runner as they are; then only the test runner runs (no documentation tests, no fuzz targets).
    ///
    /// The runner is cargo-nextest where it is installed and `cargo test` elsewhere. Example: `cargo xtask test -- -p bancada-wire ping`.
    #[arg(last = true)]
    pub(crate) args: Vec<String>,
}

/// Arguments of `cargo xtask codegen`.
#[derive(Debug, Args)]
pub(crate) struct CodegenArgs {
    /// Change nothing; fail and name the files that differ from what would be written.
    #[arg(long)]
    pub(crate) check: bool,
}

/// Arguments of `cargo xtask conformance`.
#[derive(Debug, Args)]
pub(crate) struct ConformanceArgs {
    /// Given to the conformance runner as they are; `cargo xtask conformance -- --help` lists what it understands.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) args: Vec<String>,
}

/// Arguments of `cargo xtask new-operation`.
#[derive(Debug, Args)]
pub(crate) struct NewOperationArgs {
    /// Name of the operation in snake_case, for example `create_key`.
    pub(crate) name: String,
    /// Operation code, decimal or hexadecimal with 0x.
    pub(crate) code: String,
}

/// Arguments of `cargo xtask bench`.
#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// Run the criterion benchmarks of the crates (`cargo bench`) instead of the whole-system measurement.
    #[arg(long)]
    pub(crate) micro: bool,
    /// Given to the benchmark program as they are.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) args: Vec<String>,
}

/// Arguments of `cargo xtask fuzz`.
#[derive(Debug, Args)]
pub(crate) struct FuzzArgs {
    /// How long to fuzz, in minutes.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1440))]
    pub(crate) minutes: u32,
    /// The fuzz target to run; `all` feeds every decoder.
    #[arg(long, default_value = "all")]
    pub(crate) target: String,
}
