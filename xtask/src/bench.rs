//! `cargo xtask bench`: what the whole system does per second, beside what its primitives do.

use crate::cli::BenchArgs;
use crate::conformance;
use crate::workspace::{Workspace, run};

/// The whole-system benchmark, a binary of the conformance package.
const PROGRAM: &str = "bench";

/// Runs the whole-system benchmark, or the criterion benchmarks of the crates.
///
/// # Errors
/// When something does not build or the benchmark fails.
pub(crate) fn run_all(workspace: &Workspace, args: &BenchArgs) -> anyhow::Result<()> {
    if args.micro {
        return run(workspace.cargo(["bench", "--workspace", "--locked", "--benches"]).args(&args.args));
    }
    let programs = conformance::build(workspace, PROGRAM)?;
    conformance::start(workspace, &programs, &args.args)
}
