//! `cargo xtask bench`: what the whole system does per second, beside what its primitives do.

use crate::cli::BenchArgs;
use crate::workspace::{Workspace, run};

/// The package of the whole-system benchmark, and its name there.
const WHOLE_SYSTEM: (&str, &str) = ("bancada-simulator", "whole_system");

/// Runs the whole-system benchmark, or the criterion benchmarks of the crates.
///
/// # Errors
/// When something does not build or the benchmark fails.
pub(crate) fn run_all(workspace: &Workspace, args: &BenchArgs) -> anyhow::Result<()> {
    if args.micro {
        let benches = ["bench", "--workspace", "--exclude", WHOLE_SYSTEM.0, "--locked", "--benches"];
        return run(workspace.cargo(benches).args(&args.args));
    }
    let (package, bench) = WHOLE_SYSTEM;
    run(workspace.cargo(["bench", "--package", package, "--bench", bench, "--locked", "--"]).args(&args.args))
}
