//! Where the workspace is, what packages it has, and how its programs are started.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use serde::Deserialize;

/// The workspace this program was built from.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    cargo: OsString,
    ci: bool,
}

impl Workspace {
    /// Finds the workspace: the folder above this crate.
    ///
    /// # Errors
    /// When the folder this program was compiled in is gone, for example because the repository was moved without a rebuild.
    pub(crate) fn locate() -> anyhow::Result<Self> {
        let manifest_dir = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = manifest_dir.parent().map(Path::to_path_buf).unwrap_or_default();
        if !root.join("Cargo.toml").is_file() {
            bail!("no workspace at {}: run this through `cargo xtask` inside the repository", root.display());
        }
        let ci = env::var("CI").is_ok_and(|value| matches!(value.as_str(), "true" | "1"));
        Ok(Self { root, cargo: env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), ci })
    }

    /// The folder that holds the workspace's `Cargo.toml`.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Whether this runs in continuous integration (`CI=true` or `CI=1`), where nothing may be skipped for want of a tool.
    pub(crate) fn ci(&self) -> bool {
        self.ci
    }

    /// A cargo command in the workspace root, with the environment as if the user had typed it.
    ///
    /// Variables that `cargo run` set for this program are removed: build scripts that watch them would otherwise run again
    /// whenever cargo is started from here instead of from a shell.
    pub(crate) fn cargo<I, S>(&self, args: I) -> Command
    where
        I: IntoIterator<Item = S>,
        S: AsRef<std::ffi::OsStr>,
    {
        let mut command = self.program(&self.cargo);
        command.args(args);
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_")
                || text.starts_with("CARGO_MANIFEST_")
                || text == "CARGO_BIN_NAME"
            {
                command.env_remove(&name);
            }
        }
        command
    }

    /// Any program, started in the workspace root.
    pub(crate) fn program(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// The packages of the workspace and its target folder, from `cargo metadata`.
    ///
    /// # Errors
    /// When cargo cannot read the manifests; its own message is shown above ours.
    pub(crate) fn metadata(&self) -> anyhow::Result<Metadata> {
        let text = capture(&mut self.cargo(["metadata", "--no-deps", "--format-version=1"]))?;
        serde_json::from_str(&text)
            .context("the answer of `cargo metadata` is not the JSON this program knows")
    }
}

/// The part of `cargo metadata` used here.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    /// The packages of the workspace.
    pub(crate) packages: Vec<Package>,
    /// Where cargo writes what it builds.
    pub(crate) target_directory: PathBuf,
}

impl Metadata {
    /// Whether the package exists and has a binary of that name.
    pub(crate) fn has_binary(&self, package: &str, binary: &str) -> bool {
        let targets = self.packages.iter().filter(|p| p.name == package).flat_map(|p| &p.targets);
        targets.into_iter().any(|t| t.name == binary && t.kind.iter().any(|kind| kind == "bin"))
    }
}

/// One package of the workspace.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    name: String,
    targets: Vec<Target>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// Runs a command, letting its output through.
///
/// # Errors
/// When it cannot be started or ends with another code than 0; the error names the command line.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("cannot start `{}`", line(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", line(command));
    }
    Ok(())
}

/// Runs a command and returns what it wrote to standard output; standard error is let through.
///
/// # Errors
/// As [`run`], and when the output is not UTF-8.
pub(crate) fn capture(command: &mut Command) -> anyhow::Result<String> {
    let shown = line(command);
    let output =
        command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start `{shown}`"))?;
    if !output.status.success() {
        bail!("`{shown}` failed ({})", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("the output of `{shown}` is not UTF-8"))
}

/// Whether a command can be started and ends with 0; its output is discarded.
pub(crate) fn works(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// The command as a user would type it: the program's file name and its arguments.
fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str()).to_string_lossy();
    let args = command.get_args().map(|arg| format!(" {}", arg.to_string_lossy()));
    std::iter::once(program.into_owned()).chain(args).collect()
}
