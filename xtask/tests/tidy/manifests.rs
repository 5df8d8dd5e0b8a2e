//! Every package takes the workspace's lints, so that a rule relaxed in one place is relaxed on purpose.

use anyhow::Context as _;
use toml::Table;

use crate::tree::Tree;

/// The packages that cannot inherit: `forbid(unsafe_code)` cannot be lifted for a single module, so they state `deny` and repeat
/// the rest. Which module it is lifted for is checked with the boundaries.
const OWN_LINTS: [&str; 2] = ["crates/crypto", "crates/digipass-capi"];

/// Complains about packages without the workspace's lints.
///
/// # Errors
/// When a manifest is not TOML.
pub(crate) fn check(tree: &Tree) -> anyhow::Result<Vec<String>> {
    let workspace = manifest(tree, "Cargo.toml")?;
    let workspace = table(&workspace, &["workspace", "lints"]);
    let mut complaints = Vec::new();
    for package in tree.packages.iter().filter(|package| package.member) {
        let path = format!("{}/Cargo.toml", package.folder);
        let manifest = manifest(tree, &path)?;
        let lints = table(&manifest, &["lints"]);
        if lints.get("workspace").and_then(toml::Value::as_bool) == Some(true) {
            continue;
        }
        if OWN_LINTS.contains(&package.folder.as_str()) {
            complaints
                .extend(differences(&workspace, &lints).into_iter().map(|text| format!("{path}: {text}")));
        } else {
            complaints.push(format!("{path}: `[lints] workspace = true` is missing"));
        }
    }
    Ok(complaints)
}

/// Where the lints of the crate with unsafe code differ from the workspace's in more than `unsafe_code`.
fn differences(workspace: &Table, own: &Table) -> Vec<String> {
    let mut complaints = Vec::new();
    for (tool, lints) in workspace {
        for (lint, level) in lints.as_table().into_iter().flatten() {
            let stated = own.get(tool).and_then(|lints| lints.get(lint));
            if lint == "unsafe_code" {
                if stated.and_then(toml::Value::as_str) != Some("deny") {
                    complaints
                        .push("unsafe_code must be `deny`, lifted in one module with a reason".to_owned());
                }
            } else if stated != Some(level) {
                complaints.push(format!("{tool}.{lint} must be {level}, as in the workspace"));
            }
        }
    }
    complaints
}

fn manifest(tree: &Tree, path: &str) -> anyhow::Result<Table> {
    let text = tree.files.get(path).with_context(|| format!("{path} is missing"))?;
    toml::from_str(text).with_context(|| format!("{path} is not TOML"))
}

/// The table at a path of keys, empty when there is none.
fn table(root: &Table, keys: &[&str]) -> Table {
    let mut at = root.clone();
    for key in keys {
        at = at.get(*key).and_then(toml::Value::as_table).cloned().unwrap_or_default();
    }
    at
}

#[test]
fn missing_and_weakened_lints_are_found() {
    const ROOT: &str = "[workspace.lints.rust]\nunsafe_code = \"forbid\"\nmissing_docs = \"warn\"\n";
    let judge = |folder: &str, text: &str| {
        let path = format!("{folder}/Cargo.toml");
        let mut tree = Tree::of(&[("Cargo.toml", ROOT), (&path, text)]);
        tree.packages =
            vec![crate::tree::Package { folder: folder.to_owned(), member: true, ..Default::default() }];
        check(&tree).unwrap()
    };
    assert!(judge("crates/wire", "[lints]\nworkspace = true\n").is_empty());
    assert_eq!(judge("crates/wire", "[package]\nname = \"x\"\n").len(), 1);
    for own in OWN_LINTS {
        assert!(judge(own, "[lints.rust]\nunsafe_code = \"deny\"\nmissing_docs = \"warn\"\n").is_empty());
        let weak = judge(own, "[lints.rust]\nunsafe_code = \"allow\"\n");
        assert_eq!(weak.len(), 2, "{weak:?}");
    }
}
