//! `cargo xtask conformance`: build the simulator, the runner and libaal2sdk.so, install the vendor's client, and start the run.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

use crate::cli::ConformanceArgs;
use crate::npm;
use crate::report::Outcome;
use crate::workspace::{Workspace, run};

/// The runner's package; its main binary has the same name.
pub(crate) const RUNNER: &str = "bancada-conformance";

/// The simulator's package and its binary.
const SIMULATOR: (&str, &str) = ("bancada-simulator", "simulator");

/// The package of the C interface of the Digipass kernel, and its library.
const LIBRARY: (&str, &str) = ("bancada-digipass-capi", "aal2sdk");

/// The optimised programs a run needs.
#[derive(Debug)]
pub(crate) struct Programs {
    simulator: PathBuf,
    runner: PathBuf,
    library: PathBuf,
}

/// Builds what is needed and runs the conformance runner with the given arguments.
///
/// # Errors
/// When something does not build, or the runner reports a difference.
pub(crate) fn run_all(workspace: &Workspace, args: &ConformanceArgs) -> anyhow::Result<()> {
    let programs = build(workspace, RUNNER)?;
    println!("building {}", LIBRARY.0);
    run(&mut workspace.cargo(["build", "--release", "--locked", "--package", LIBRARY.0]))?;
    match npm::install(workspace)? {
        Outcome::Skipped(reason) => println!("the vendor's npm client is left out: {reason}"),
        Outcome::Passed | Outcome::PassedWith(_) => {}
    }
    start(workspace, &programs, &args.args)
}

/// Builds the simulator and one binary of the runner's package, optimised.
///
/// # Errors
/// When a binary does not exist or does not compile.
pub(crate) fn build(workspace: &Workspace, runner: &str) -> anyhow::Result<Programs> {
    let metadata = workspace.metadata()?;
    for (package, binary) in [SIMULATOR, (RUNNER, runner)] {
        if !metadata.has_binary(package, binary) {
            bail!("package {package} has no binary `{binary}`, so there is nothing to run");
        }
    }
    println!("building {} and {runner}", SIMULATOR.1);
    let packages = ["--package", SIMULATOR.0, "--package", RUNNER, "--bin", SIMULATOR.1, "--bin", runner];
    run(workspace.cargo(["build", "--release", "--locked"]).args(packages))?;
    let folder = metadata.target_directory.join("release");
    let program = |name: &str| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let library = format!("{}{}{}", std::env::consts::DLL_PREFIX, LIBRARY.1, std::env::consts::DLL_SUFFIX);
    let library = folder.join(library);
    Ok(Programs { simulator: program(SIMULATOR.1), runner: program(runner), library })
}

/// Starts what [`build`] has built; the runner finds the simulator through `BANCADA_SIMULATOR`, the C interface of the
/// Digipass kernel through `BANCADA_AAL2SDK`.
///
/// # Errors
/// When the runner ends with another code than 0.
pub(crate) fn start(workspace: &Workspace, programs: &Programs, args: &[String]) -> anyhow::Result<()> {
    let mut runner = workspace.program(&programs.runner);
    runner.args(args).env("BANCADA_SIMULATOR", &programs.simulator).env("BANCADA_AAL2SDK", &programs.library);
    run(&mut runner).context("the report above says what failed")
}
