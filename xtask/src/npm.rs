//! The npm packages the conformance run and some tests need: the vendor's own client, unmodified.

use std::fs;

use anyhow::{Context as _, bail};

use crate::report::Outcome;
use crate::workspace::{Workspace, run, works};

/// The folder with `package.json` and its lockfile, below the workspace root.
const FOLDER: &str = "conformance/npm";

/// The copy of the lockfile that says what is installed, inside `node_modules`.
const INSTALLED: &str = "node_modules/.installed-package-lock.json";

/// Installs exactly what the lockfile names, unless that is what is installed already.
///
/// # Errors
/// When the installation fails, and in CI when node or npm is missing.
pub(crate) fn install(workspace: &Workspace) -> anyhow::Result<Outcome> {
    let folder = workspace.root().join(FOLDER);
    if !folder.join("package.json").is_file() {
        return Ok(Outcome::Skipped(format!("there is no {FOLDER}/package.json")));
    }
    for tool in ["node", "npm"] {
        if !works(workspace.program(tool).arg("--version")) {
            let reason = format!("{tool} is not installed (Debian: `apt-get install nodejs npm`)");
            if workspace.ci() {
                bail!("{reason}, and CI runs every client");
            }
            return Ok(Outcome::Skipped(reason));
        }
    }
    let lock = fs::read(folder.join("package-lock.json")).with_context(|| {
        format!("{FOLDER}/package-lock.json is missing; `npm install` in that folder makes it")
    })?;
    let installed = folder.join(INSTALLED);
    if fs::read(&installed).is_ok_and(|present| present == lock) {
        return Ok(Outcome::PassedWith("already installed".to_owned()));
    }
    println!("npm ci in {FOLDER}");
    let mut npm = workspace.program("npm");
    run(npm.current_dir(&folder).args(["ci", "--no-audit", "--no-fund", "--loglevel=warn"]))?;
    fs::create_dir_all(folder.join("node_modules")).context("cannot create node_modules")?;
    fs::write(&installed, lock).with_context(|| format!("cannot write {}", installed.display()))?;
    Ok(Outcome::Passed)
}
