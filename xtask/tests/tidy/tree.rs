//! The files of the repository and the packages cargo sees in it, read once per rule.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use serde::Deserialize;

/// Text files by their path below the root (with `/`), and the packages.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) packages: Vec<Package>,
}

/// One cargo package.
#[derive(Debug, Default, Clone)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// Its folder below the root.
    pub(crate) folder: String,
    /// The root files of its targets: libraries, binaries, tests, examples, benchmarks, build scripts.
    pub(crate) roots: Vec<String>,
    /// Names of the packages its manifest names, dev- and build-dependencies included.
    pub(crate) direct: Vec<String>,
    /// Whether it belongs to the workspace (the fuzz targets do not).
    pub(crate) member: bool,
}

impl Tree {
    /// Reads what git tracks or would track. Binary files and links are left out.
    ///
    /// # Errors
    /// When git or cargo cannot list the repository.
    pub(crate) fn of_the_repository() -> anyhow::Result<Self> {
        let root = root();
        let mut git = Command::new("git");
        git.current_dir(&root).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        let listed = output(&mut git)?;
        let mut files = BTreeMap::new();
        for path in listed.split('\0').filter(|path| !path.is_empty()) {
            // A file that was deleted but not yet committed is still listed.
            let Ok(bytes) = fs::read(root.join(path)) else { continue };
            if let Ok(text) = String::from_utf8(bytes) {
                files.insert(path.to_owned(), text);
            }
        }
        let mut packages = packages(&root, "Cargo.toml", true)?;
        if files.contains_key("fuzz/Cargo.toml") {
            packages.extend(packages_of_fuzz(&root)?);
        }
        Ok(Self { files, packages })
    }

    /// A tree for testing a rule.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Self { files, packages: Vec::new() }
    }

    /// The Rust files, with their path.
    pub(crate) fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.with_extension(".rs")
    }

    /// The files whose name ends like this, with their path.
    pub(crate) fn with_extension(&self, extension: &str) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .filter(move |(path, _)| path.ends_with(extension))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

/// The workspace root on disk.
///
/// Asked for when the test runs: with one target folder for two clones, the binary may have been compiled in the other one.
pub(crate) fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    here.parent().map(Path::to_path_buf).unwrap_or(here)
}

/// Runs a command and returns its standard output.
///
/// # Errors
/// When it cannot be started or fails; the error carries what it said.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).with_context(|| format!("{command:?} wrote something that is not UTF-8"))
}

/// The cargo that runs these tests.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

fn packages_of_fuzz(root: &Path) -> anyhow::Result<Vec<Package>> {
    packages(root, "fuzz/Cargo.toml", false)
}

fn packages(root: &Path, manifest: &str, member: bool) -> anyhow::Result<Vec<Package>> {
    let mut command = cargo();
    command.args(["metadata", "--no-deps", "--format-version=1", "--manifest-path", manifest]);
    let metadata: Metadata =
        serde_json::from_str(&output(&mut command)?).context("reading cargo metadata")?;
    let below = |path: &Path| {
        let path = path
            .strip_prefix(root)
            .with_context(|| format!("{} is outside the repository", path.display()))?;
        anyhow::Ok(path.to_string_lossy().replace('\\', "/"))
    };
    let package = |package: RawPackage| {
        anyhow::Ok(Package {
            folder: below(package.manifest_path.parent().unwrap_or(root))?,
            roots: package
                .targets
                .iter()
                .map(|target| below(&target.src_path))
                .collect::<anyhow::Result<_>>()?,
            direct: package.dependencies.into_iter().map(|dependency| dependency.name).collect(),
            name: package.name,
            member,
        })
    };
    metadata.packages.into_iter().map(package).collect()
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<RawPackage>,
}

#[derive(Deserialize)]
struct RawPackage {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<RawTarget>,
    dependencies: Vec<RawDependency>,
}

#[derive(Deserialize)]
struct RawTarget {
    src_path: PathBuf,
}

#[derive(Deserialize)]
struct RawDependency {
    name: String,
}

#[test]
fn the_repository_is_seen() {
    let tree = Tree::of_the_repository().unwrap();
    assert!(tree.files.contains_key("xtask/tests/tidy/tree.rs"));
    let xtask = tree.packages.iter().find(|package| package.name == "xtask").unwrap();
    assert_eq!(xtask.folder, "xtask");
    assert!(xtask.member);
    assert!(xtask.roots.iter().any(|root| root == "xtask/src/main.rs"), "{:?}", xtask.roots);
    assert!(xtask.direct.iter().any(|name| name == "anyhow"), "{:?}", xtask.direct);
}
