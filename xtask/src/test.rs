//! `cargo xtask test`: every test of the repository.

use crate::cli::TestArgs;
use crate::report::{Outcome, Report};
use crate::workspace::{Workspace, run, works};
use crate::{fuzz, npm};

/// Runs the tests; with arguments only the test runner, which gets them.
///
/// # Errors
/// When a step failed.
pub(crate) fn run_all(workspace: &Workspace, args: &TestArgs) -> anyhow::Result<()> {
    let whole = args.args.is_empty();
    let mut report = Report::new("test", if whole { 4 } else { 2 });
    report.step("npm packages", || npm::install(workspace));
    if whole {
        report.step("fuzz targets and their seeds", || fuzz::replay(workspace));
        report.step("documentation tests", || {
            run(&mut workspace.cargo(["test", "--workspace", "--doc", "--locked"]))?;
            Ok(Outcome::Passed)
        });
    }
    report.step("unit, integration and tidy tests", || tests(workspace, &args.args));
    report.finish()
}

/// Runs the tests with cargo-nextest where it is installed, else with `cargo test`.
fn tests(workspace: &Workspace, args: &[String]) -> anyhow::Result<Outcome> {
    let nextest = works(&mut workspace.cargo(["nextest", "--version"]));
    let mut command = if nextest {
        workspace.cargo(["nextest", "run", "--no-fail-fast"])
    } else {
        workspace.cargo(["test", "--no-fail-fast"])
    };
    command.args(["--locked", "--all-targets"]);
    if !names_packages(args) {
        command.arg("--workspace");
    }
    run(command.args(args))?;
    Ok(Outcome::Passed)
}

/// Whether the arguments choose packages themselves; cargo lets `--workspace` win over `--package`.
fn names_packages(args: &[String]) -> bool {
    args.iter().any(|arg| arg.starts_with("-p") || arg.starts_with("--package"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_package_replaces_the_whole_workspace() {
        let args = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert!(names_packages(&args("-p bancada-wire ping")));
        assert!(names_packages(&args("--package=bancada-wire")));
        assert!(!names_packages(&args("ping --no-capture")));
    }
}
