//! The project's rules as tests: what a reader may rely on in every file of the repository.
//!
//! Each rule is a function from the [`tree::Tree`] to complaints. Every module also plants violations in a small tree of its own and
//! shows that its rule finds them, so that a rule cannot pass because it looks at nothing.

mod boundaries;
mod dead_files;
mod dependencies;
mod exceptions;
mod headers;
mod manifests;
mod papers;
mod sizes;
mod source;
mod tree;
mod words;

use tree::Tree;

/// Runs a rule on the repository and fails with everything it complains about.
fn hold(rule: impl FnOnce(&Tree) -> anyhow::Result<Vec<String>>) -> anyhow::Result<()> {
    let tree = Tree::of_the_repository()?;
    let complaints = rule(&tree)?;
    assert!(complaints.is_empty(), "{} complaints:\n  {}\n", complaints.len(), complaints.join("\n  "));
    Ok(())
}

#[test]
fn every_file_opens_with_what_it_is() -> anyhow::Result<()> {
    hold(|tree| Ok(headers::check(tree)))
}

#[test]
fn files_and_functions_fit_on_their_page() -> anyhow::Result<()> {
    hold(sizes::check)
}

#[test]
fn every_source_file_is_compiled() -> anyhow::Result<()> {
    hold(|tree| Ok(dead_files::check(tree)))
}

#[test]
fn crates_depend_only_downwards() -> anyhow::Result<()> {
    hold(dependencies::check)
}

#[test]
fn crates_do_not_reach_outside_their_layer() -> anyhow::Result<()> {
    hold(|tree| Ok(boundaries::check(tree)))
}

#[test]
fn unsafe_code_is_in_one_module() -> anyhow::Result<()> {
    hold(|tree| Ok(boundaries::unsafe_code(tree)))
}

#[test]
fn nothing_is_left_undone_and_no_machine_is_named() -> anyhow::Result<()> {
    hold(|tree| Ok(words::check(tree)))
}

#[test]
fn every_manifest_takes_the_workspace_lints() -> anyhow::Result<()> {
    hold(manifests::check)
}

#[test]
fn documents_name_the_two_commands_and_link_to_what_exists() -> anyhow::Result<()> {
    hold(|tree| Ok(papers::check(tree)))
}
