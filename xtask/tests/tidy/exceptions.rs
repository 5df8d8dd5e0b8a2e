//! The named exceptions in `xtask/tidy-exceptions.toml`: each has a limit and a reason, and fails when it is no longer needed.

use anyhow::Context as _;
use serde::Deserialize;

use crate::tree::Tree;

/// Where the exceptions are.
pub(crate) const FILE: &str = "xtask/tidy-exceptions.toml";

/// A file or function that may be longer than the rule says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exception {
    /// The file below the root.
    pub(crate) file: String,
    /// The function in it; none when the exception is for the whole file.
    pub(crate) function: Option<String>,
    /// How many lines it may have.
    pub(crate) limit: usize,
    /// Why it has to be longer.
    reason: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exceptions {
    #[serde(default)]
    exception: Vec<Exception>,
}

/// The exceptions of the tree; none when there is no such file.
///
/// # Errors
/// When the file is not the TOML described above, or an entry gives no reason.
pub(crate) fn read(tree: &Tree) -> anyhow::Result<Vec<Exception>> {
    let Some(text) = tree.files.get(FILE) else { return Ok(Vec::new()) };
    let exceptions: Exceptions = toml::from_str(text).with_context(|| format!("{FILE} is not valid"))?;
    for exception in &exceptions.exception {
        anyhow::ensure!(
            exception.reason.trim().len() >= 10,
            "{FILE}: the entry for {} gives no reason",
            exception.file
        );
    }
    Ok(exceptions.exception)
}

#[test]
fn an_exception_needs_a_reason_and_known_fields() {
    let entry = |text: &str| read(&Tree::of(&[(FILE, text)]));
    let good = "[[exception]]\nfile = \"a.rs\"\nlimit = 600\nreason = \"one table of all codes\"\n";
    assert_eq!(entry(good).unwrap().len(), 1);
    assert!(entry(&good.replace("one table of all codes", "")).is_err());
    assert!(entry(&good.replace("limit", "lines")).is_err());
    assert!(read(&Tree::default()).unwrap().is_empty());
}
