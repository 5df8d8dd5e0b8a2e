//! `cargo xtask lint`: everything that can be said about the code without running it.

use std::process::Command;

use anyhow::bail;

use crate::report::{Outcome, Report};
use crate::workspace::{Workspace, capture, run};
use crate::{codegen, deny};

/// Runs every check, even after one failed, and ends with a table.
///
/// # Errors
/// When a check failed.
pub(crate) fn run_all(workspace: &Workspace) -> anyhow::Result<()> {
    let mut report = Report::new("lint", 8);
    report.step("format", || passes(&mut workspace.cargo(["fmt", "--all", "--check"])));
    report.step("clippy", || {
        let mut clippy = workspace.cargo(["clippy", "--workspace", "--all-targets", "--locked"]);
        passes(clippy.args(["--", "-D", "warnings"]))
    });
    report.step("documentation", || {
        let mut doc = workspace.cargo(["doc", "--workspace", "--no-deps", "--locked"]);
        passes(doc.env("RUSTDOCFLAGS", "-D warnings"))
    });
    report.step("dependencies, shipped", || deny::check(workspace, deny::Scope::Shipped));
    report.step("dependencies, all", || deny::check(workspace, deny::Scope::All));
    report.step("rsa stays a test oracle", || rsa_is_not_shipped(workspace));
    report.step("tidy", || {
        passes(&mut workspace.cargo(["test", "-p", "xtask", "--test", "tidy", "--locked", "--quiet"]))
    });
    report.step("generated files", || codegen::check(workspace).map(|()| Outcome::Passed));
    report.finish()
}

fn passes(command: &mut Command) -> anyhow::Result<Outcome> {
    run(command)?;
    Ok(Outcome::Passed)
}

/// The `rsa` crate has an unfixed timing advisory (RUSTSEC-2023-0071), so it may check answers in tests but never compute one
/// that is served: no normal dependency may lead to it.
fn rsa_is_not_shipped(workspace: &Workspace) -> anyhow::Result<Outcome> {
    let tree = capture(&mut workspace.cargo([
        "tree",
        "--workspace",
        "--locked",
        "--edges",
        "normal",
        "--prefix",
        "none",
    ]))?;
    let Some(line) = tree.lines().find(|line| line.starts_with("rsa v")) else {
        return Ok(Outcome::Passed);
    };
    bail!(
        "`{line}` is a normal dependency; make it a dev-dependency (`cargo tree --workspace --edges normal --invert rsa` shows \
         who asks for it)"
    );
}
