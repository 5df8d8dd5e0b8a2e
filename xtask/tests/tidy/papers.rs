//! The documents: the README names the two commands, and every link to a file of the repository leads somewhere.

use crate::dead_files::join;
use crate::tree::Tree;

/// The two commands a stranger types.
const COMMANDS: [&str; 2] = ["cargo xtask conformance", "cargo xtask test"];

/// Complains about missing commands and dead links.
pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let readme = tree.files.get("README.md").map(String::as_str).unwrap_or_default();
    let unnamed = COMMANDS.into_iter().filter(|command| !readme.contains(command));
    let mut complaints: Vec<String> =
        unnamed.map(|command| format!("README.md does not name `{command}`")).collect();
    for (path, text) in tree.with_extension(".md") {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (line, target) in links(text) {
            let file = target.split(['#', '?']).next().unwrap_or_default();
            let from_root = file.strip_prefix('/').map(|file| join("", file));
            let resolved = from_root.unwrap_or_else(|| join(folder, file));
            if !file.is_empty() && !exists(tree, &resolved) {
                complaints.push(format!("{path}:{line}: the link to `{target}` leads nowhere"));
            }
        }
    }
    complaints
}

/// Whether the path is a tracked file, or a folder with one.
fn exists(tree: &Tree, path: &str) -> bool {
    let folder = format!("{path}/");
    path.is_empty()
        || tree.files.contains_key(path)
        || tree.files.keys().any(|file| file.starts_with(&folder))
}

/// The targets of links that are not addresses, outside code blocks and code spans, with their line.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            continue;
        }
        if fenced {
            continue;
        }
        // Every second piece between backticks is code.
        let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        for piece in prose.split("](").skip(1) {
            let target = piece.split([')', ' ']).next().unwrap_or_default();
            if !target.contains("://") && !target.starts_with("mailto:") {
                found.push((index + 1, target.to_owned()));
            }
        }
    }
    found
}

#[test]
fn dead_links_and_missing_commands_are_found() {
    let readme = "Type `cargo xtask conformance`.\n[a](docs/a.md#top) [b](docs) [c](docs/c.md) [d](https://example.org/x) [e](#here)\n\
                  ```\n[f](nowhere)\n```\n`[g](nowhere)`\n";
    let a = "[up](../README.md) [root](/docs/a.md) [gone](b.md)\n";
    let complaints = check(&Tree::of(&[("README.md", readme), ("docs/a.md", a)]));
    assert_eq!(complaints.len(), 3, "{complaints:?}");
    assert!(complaints[0].contains("cargo xtask test"), "{complaints:?}");
    assert!(complaints[1].starts_with("README.md:2: the link to `docs/c.md`"), "{complaints:?}");
    assert!(complaints[2].starts_with("docs/a.md:1: the link to `b.md`"), "{complaints:?}");
}
