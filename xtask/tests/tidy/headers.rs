//! Every Rust file opens with a sentence that says what it is.

use crate::tree::Tree;

/// Complains about files whose first line is not a `//!` sentence. Sibling test files (`tests.rs`) are named by what they test.
pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let lacking = tree.rust().filter(|(path, text)| !path.ends_with("/tests.rs") && !has_header(text));
    lacking
        .map(|(path, _)| format!("{path}: line 1 must be a `//!` sentence that says what the file is"))
        .collect()
}

fn has_header(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    first.strip_prefix("//! ").is_some_and(|sentence| sentence.split_whitespace().count() >= 2)
}

#[test]
fn a_missing_or_empty_header_is_found() {
    let tree = Tree::of(&[
        ("a/good.rs", "//! Frames of the protocol.\n"),
        ("a/bare.rs", "use std::fs;\n"),
        ("a/late.rs", "use std::fs;\n//! Frames of the protocol.\n"),
        ("a/empty.rs", ""),
        ("a/word.rs", "//! Frames\n"),
        ("a/tests.rs", "use super::*;\n"),
    ]);
    let complaints = check(&tree);
    assert_eq!(complaints.len(), 4, "{complaints:?}");
    assert!(
        complaints.iter().all(|complaint| !complaint.contains("good") && !complaint.contains("tests.rs"))
    );
}
