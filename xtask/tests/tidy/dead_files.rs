//! Every Rust file is reached by a `mod` line from a target of its package: a file nobody compiles is worse than no file.

use std::collections::BTreeSet;

use crate::source::{self, block_end, is_word, occurrences};
use crate::tree::Tree;

/// Complains about Rust files that no target includes.
pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let mut reached = BTreeSet::new();
    for root in tree.packages.iter().flat_map(|package| &package.roots) {
        visit(tree, root, true, &mut reached);
    }
    let dead = tree.rust().filter(|(path, _)| !reached.contains(*path));
    dead.map(|(path, _)| {
        format!("{path}: no `mod` line leads here, so it is never compiled: add the line or remove the file")
    })
    .collect()
}

fn visit(tree: &Tree, path: &str, is_root: bool, reached: &mut BTreeSet<String>) {
    let Some(text) = tree.files.get(path) else { return };
    if !reached.insert(path.to_owned()) {
        return;
    }
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.trim_end_matches(".rs");
    let children = if is_root || stem == "mod" { folder.to_owned() } else { join(folder, stem) };
    for declaration in declarations(text) {
        match declaration {
            Declaration::Module { nesting, name } => {
                let inside = nesting.iter().fold(children.clone(), |folder, module| join(&folder, module));
                visit(tree, &join(&inside, &format!("{name}.rs")), false, reached);
                visit(tree, &join(&inside, &format!("{name}/mod.rs")), false, reached);
            }
            Declaration::Path(relative) => visit(tree, &join(folder, &relative), true, reached),
        }
    }
}

/// A line that pulls in another file.
#[derive(Debug, PartialEq, Eq)]
enum Declaration {
    /// `mod name;`, possibly inside blocks of other modules.
    Module { nesting: Vec<String>, name: String },
    /// `#[path = "…"] mod name;` or `include!("…")`.
    Path(String),
}

fn declarations(text: &str) -> Vec<Declaration> {
    let code = source::split(text).code;
    let mut found = Vec::new();
    // Inline modules as (end of their block, name).
    let mut open: Vec<(usize, String)> = Vec::new();
    for at in occurrences(&code, "mod") {
        open.retain(|(end, _)| at < *end);
        let after = code[at + 3..].trim_start();
        let name: String = after.bytes().take_while(|byte| is_word(*byte)).map(char::from).collect();
        let next = after[name.len()..].trim_start().bytes().next();
        if name.is_empty() {
            continue;
        }
        match next {
            Some(b'{') => {
                let brace = at + code[at..].find('{').unwrap_or_default();
                open.push((block_end(&code, brace), name));
            }
            Some(b';') => found.push(match path_attribute(text, &code, at) {
                Some(path) => Declaration::Path(path),
                None => {
                    Declaration::Module { nesting: open.iter().map(|(_, name)| name.clone()).collect(), name }
                }
            }),
            _ => {}
        }
    }
    found.extend(occurrences(&code, "include!").filter_map(|at| quoted(&text[at..])).map(Declaration::Path));
    found
}

/// The value of a `#[path]` attribute between the previous item and the `mod` at `at`.
fn path_attribute(text: &str, code: &str, at: usize) -> Option<String> {
    let start = code[..at].rfind([';', '}', '{']).map_or(0, |i| i + 1);
    let attribute = occurrences(&code[start..at], "path").next()?;
    quoted(&text[start + attribute..at])
}

/// The first text in quotes.
fn quoted(text: &str) -> Option<String> {
    let start = text.find('"')? + 1;
    let length = text[start..].find('"')?;
    Some(text[start..start + length].to_owned())
}

/// A path below a folder, with `..` resolved.
pub(crate) fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn orphans_are_found_and_every_way_to_include_is_followed() {
    let mut tree = Tree::of(&[
        (
            "a/src/lib.rs",
            "mod one;\npub mod two;\n// mod comment;\n#[path = \"odd/place.rs\"]\nmod placed;\nmod inline { mod deep; }\n",
        ),
        ("a/src/one.rs", "mod child;\n"),
        ("a/src/one/child.rs", ""),
        ("a/src/two/mod.rs", "mod inner; #[cfg(test)] mod tests;\n"),
        ("a/src/two/inner.rs", "include!(\"../table.rs\");\n"),
        ("a/src/two/tests.rs", ""),
        ("a/src/table.rs", ""),
        ("a/src/odd/place.rs", ""),
        ("a/src/inline/deep.rs", ""),
        ("a/src/comment.rs", ""),
        ("a/src/one/orphan.rs", ""),
    ]);
    let package = crate::tree::Package { roots: vec!["a/src/lib.rs".to_owned()], ..Default::default() };
    tree.packages = vec![package];
    let complaints = check(&tree);
    assert_eq!(complaints.len(), 2, "{complaints:?}");
    assert!(complaints[0].starts_with("a/src/comment.rs"), "{complaints:?}");
    assert!(complaints[1].starts_with("a/src/one/orphan.rs"), "{complaints:?}");
}
