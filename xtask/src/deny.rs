//! `cargo deny` in two forms, with the advisory database from the network or from a snapshot on disk.
//!
//! `deny.toml` states the policy for everything this repository builds. The form for what ships leaves out dev-dependencies and also
//! the exceptions that exist for their sake: those whose reason begins with `dev-only:`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::report::Outcome;
use crate::workspace::{Workspace, capture, run, works};

/// Which dependencies are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// What a user of the crates or binaries gets: no dev-dependencies, no exceptions made for them.
    Shipped,
    /// Everything the repository builds, tests and their oracles included.
    All,
}

/// Checks advisories, bans, licences and sources.
///
/// # Errors
/// When a dependency breaks the policy in `deny.toml`, or in CI when cargo-deny cannot be installed.
pub(crate) fn check(workspace: &Workspace, scope: Scope) -> anyhow::Result<Outcome> {
    if let Some(reason) = missing_tool(workspace)? {
        return Ok(Outcome::Skipped(reason));
    }
    let folder = workspace.metadata()?.target_directory.join("deny");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let policy = fs::read_to_string(workspace.root().join("deny.toml")).context("cannot read deny.toml")?;
    let snapshot = match snapshot_source(workspace)? {
        Some(source) => Some(unpack_snapshot(workspace, &source, &folder)?),
        None => None,
    };
    let config = folder.join(scope.file_name());
    fs::write(&config, derive(&policy, scope, snapshot.as_ref().map(|s| s.databases.as_path()))?)
        .with_context(|| format!("cannot write {}", config.display()))?;
    match snapshot {
        Some(snapshot) => {
            // Offline, cargo needs the sources of every platform's dependencies, not only those the build fetched.
            run(&mut workspace.cargo(["fetch", "--locked", "--quiet"]))?;
            println!("advisories: snapshot of {} (newer ones are not known here)", snapshot.date);
            deny(workspace, scope, &config, &["--offline"], &[])?;
            Ok(Outcome::PassedWith(format!("advisories as of the snapshot of {}", snapshot.date)))
        }
        None if run(workspace.cargo(["deny", "--config"]).arg(&config).args(["fetch", "db"])).is_ok() => {
            deny(workspace, scope, &config, &[], &[])?;
            Ok(Outcome::Passed)
        }
        None => {
            let note = "advisories NOT checked: the database could not be fetched (BANCADA_ADVISORY_DB may name a git copy)";
            println!("{note}");
            deny(workspace, scope, &config, &[], &["bans", "licenses", "sources"])?;
            Ok(Outcome::PassedWith(note.to_owned()))
        }
    }
}

impl Scope {
    fn file_name(self) -> &'static str {
        match self {
            Self::Shipped => "shipped.toml",
            Self::All => "all.toml",
        }
    }
}

/// A copy of the advisory database on disk.
#[derive(Debug)]
struct Snapshot {
    /// The folder that holds the database's folder, as `db-path` wants it.
    databases: PathBuf,
    /// The day of its newest commit, ISO 8601.
    date: String,
}

/// The folder name cargo-deny 0.20 gives to the database of its default address.
const DATABASE_FOLDER: &str = "advisory-db-3157b0e258782691";

/// Why cargo-deny cannot be used, after trying to install it in CI.
fn missing_tool(workspace: &Workspace) -> anyhow::Result<Option<String>> {
    if works(&mut workspace.cargo(["deny", "--version"])) {
        return Ok(None);
    }
    if workspace.ci() {
        println!("cargo-deny is missing; installing it (some minutes)");
        run(&mut workspace.cargo(["install", "cargo-deny", "--locked"]))?;
        return Ok(None);
    }
    Ok(Some("cargo-deny is not installed; `cargo install cargo-deny --locked` gets it".to_owned()))
}

/// The snapshot to use instead of the network: what `BANCADA_ADVISORY_DB` names, else a bundle beside the repository.
fn snapshot_source(workspace: &Workspace) -> anyhow::Result<Option<PathBuf>> {
    if let Some(path) = env::var_os("BANCADA_ADVISORY_DB").filter(|value| !value.is_empty()) {
        let path = workspace.root().join(path);
        if !path.exists() {
            bail!("BANCADA_ADVISORY_DB names {}, which does not exist", path.display());
        }
        return Ok(Some(path));
    }
    let beside = workspace.root().join("../shared/advisory-db.bundle");
    Ok(beside.is_file().then_some(beside))
}

/// Clones the snapshot where cargo-deny looks for it, unless the clone there is already of the same commit.
fn unpack_snapshot(workspace: &Workspace, source: &Path, folder: &Path) -> anyhow::Result<Snapshot> {
    let databases = folder.join("advisory-db");
    let clone = databases.join(DATABASE_FOLDER);
    let git = |args: &[&str]| {
        let mut command = workspace.program("git");
        command.args(args);
        command
    };
    let wanted = capture(git(&["ls-remote"]).arg(source).arg("refs/heads/main"))?;
    let wanted = wanted
        .split_whitespace()
        .next()
        .with_context(|| format!("{} has no branch main", source.display()))?;
    let clone_text = clone.to_string_lossy();
    let present =
        clone.is_dir() && capture(&mut git(&["-C", &clone_text, "rev-parse", "HEAD"]))?.trim() == wanted;
    if !present {
        if clone.exists() {
            fs::remove_dir_all(&clone).with_context(|| format!("cannot replace {}", clone.display()))?;
        }
        run(git(&["clone", "--quiet", "--branch", "main"]).arg(source).arg(&clone))?;
    }
    let date = capture(&mut git(&["-C", &clone_text, "log", "-1", "--format=%cs"]))?.trim().to_owned();
    Ok(Snapshot { databases, date })
}

/// The configuration for one scope, made from the policy.
fn derive(policy: &str, scope: Scope, databases: Option<&Path>) -> anyhow::Result<String> {
    let mut config: toml::Table = toml::from_str(policy).context("deny.toml is not valid TOML")?;
    let advisories = config.entry("advisories").or_insert_with(|| toml::Table::new().into());
    let advisories = advisories.as_table_mut().context("`advisories` in deny.toml is not a table")?;
    if let Some(databases) = databases {
        advisories.insert("db-path".to_owned(), databases.to_string_lossy().into_owned().into());
        // The date of a snapshot is printed; refusing an old one would check less, not more.
        advisories.insert("maximum-db-staleness".to_owned(), "P10Y".into());
    }
    if scope == Scope::Shipped
        && let Some(ignored) = advisories.get_mut("ignore").and_then(toml::Value::as_array_mut)
    {
        ignored.retain(|entry| {
            let reason = entry.get("reason").and_then(toml::Value::as_str);
            !reason.is_some_and(|reason| reason.starts_with("dev-only:"))
        });
    }
    toml::to_string(&config).context("cannot write the derived configuration")
}

fn deny(
    workspace: &Workspace,
    scope: Scope,
    config: &Path,
    options: &[&str],
    checks: &[&str],
) -> anyhow::Result<()> {
    let mut command = workspace.cargo(["deny", "--all-features", "--locked", "--config"]);
    command.arg(config);
    command.args(options);
    match scope {
        // Exceptions and duplicates that only tests use are reported by the other scope.
        Scope::Shipped => command.args(["--exclude-dev", "check", "-A", "unused-wrapper", "-A", "duplicate"]),
        Scope::All => command.arg("check"),
    };
    command.arg("--hide-inclusion-graph").args(checks);
    run(&mut command)
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = r#"
        [advisories]
        ignore = [
            { id = "RUSTSEC-0000-0001", reason = "dev-only: an oracle" },
            { id = "RUSTSEC-0000-0002", reason = "pinned, one module" },
        ]
        [bans]
        multiple-versions = "warn"
    "#;

    #[test]
    fn what_ships_gets_no_exception_made_for_tests() {
        let shipped = derive(POLICY, Scope::Shipped, None).unwrap();
        assert!(!shipped.contains("RUSTSEC-0000-0001"), "{shipped}");
        assert!(shipped.contains("RUSTSEC-0000-0002"), "{shipped}");
        let all = derive(POLICY, Scope::All, None).unwrap();
        assert!(all.contains("RUSTSEC-0000-0001"), "{all}");
    }

    #[test]
    fn a_snapshot_becomes_the_database_path_and_the_rest_stays() {
        let config = derive(POLICY, Scope::All, Some(Path::new("/db"))).unwrap();
        let table: toml::Table = toml::from_str(&config).unwrap();
        assert_eq!(table["advisories"]["db-path"].as_str(), Some("/db"));
        assert_eq!(table["bans"]["multiple-versions"].as_str(), Some("warn"));
    }
}
