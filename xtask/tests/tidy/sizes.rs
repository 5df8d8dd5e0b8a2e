//! Files have at most 500 lines and functions at most 70; what is longer is on the list of exceptions and may only shrink.

use crate::exceptions::{self, Exception, FILE};
use crate::source;
use crate::tree::Tree;

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 70;

/// How far below its limit an exception may be before the limit has to follow.
const SLACK: usize = 20;

/// Complains about what is too long, and about exceptions that are no longer needed.
///
/// # Errors
/// When the list of exceptions cannot be read.
pub(crate) fn check(tree: &Tree) -> anyhow::Result<Vec<String>> {
    let exceptions = exceptions::read(tree)?;
    let mut complaints = Vec::new();
    let mut used = vec![false; exceptions.len()];
    for (path, text) in tree.rust() {
        let mut judge = |function: Option<&str>, line: usize, lines: usize, normal: usize| {
            let matches = |e: &Exception| e.file == path && e.function.as_deref() == function;
            let index = exceptions.iter().position(matches);
            let what =
                function.map_or_else(|| path.to_owned(), |name| format!("{path}:{line}: function {name}"));
            match index {
                None if lines > normal => {
                    complaints
                        .push(format!("{what} has {lines} lines (limit {normal}): split it by meaning"));
                }
                Some(index) if lines > normal => {
                    used[index] = true;
                    complaints.extend(judge_exception(&what, lines, exceptions[index].limit));
                }
                _ => {}
            }
        };
        judge(None, 1, text.lines().count(), FILE_LINES);
        for function in source::functions(&source::split(text).code) {
            judge(Some(&function.name), function.line, function.lines, FUNCTION_LINES);
        }
    }
    let stale = exceptions.iter().zip(used).filter(|(_, used)| !used);
    complaints.extend(stale.map(|(e, _)| {
        let function = e.function.as_ref().map(|name| format!(" function {name}")).unwrap_or_default();
        format!("{FILE}: the entry for {}{function} is not needed (any more): remove it", e.file)
    }));
    Ok(complaints)
}

fn judge_exception(what: &str, lines: usize, limit: usize) -> Option<String> {
    if lines > limit {
        return Some(format!(
            "{what} has {lines} lines and its exception allows {limit}: an exception may only shrink"
        ));
    }
    (lines + SLACK < limit)
        .then(|| format!("{what} has {lines} lines: lower its limit in {FILE} from {limit} to {lines}"))
}

#[test]
fn long_files_and_functions_are_found() {
    let long_file = "//! Long one.\n".repeat(FILE_LINES + 1);
    let long_function = format!("fn long() {{\n{}}}\n", "    work();\n".repeat(FUNCTION_LINES));
    let fitting = format!("fn fits() {{\n{}}}\n", "    work();\n".repeat(FUNCTION_LINES - 2));
    let files = [("a.rs", long_file.as_str()), ("b.rs", &long_function), ("c.rs", &fitting)];
    let complaints = check(&Tree::of(&files)).unwrap();
    assert_eq!(complaints.len(), 2, "{complaints:?}");
    assert!(complaints[0].starts_with("a.rs has 501 lines"), "{complaints:?}");
    assert!(complaints[1].starts_with("b.rs:1: function long has 72 lines"), "{complaints:?}");
}

#[test]
fn exceptions_only_shrink_and_do_not_outlive_their_need() {
    let lines = |count: usize| "//! Long one.\n".repeat(count);
    let with = |count: usize, file: &str| {
        let entry =
            format!("[[exception]]\nfile = \"{file}\"\nlimit = 600\nreason = \"one table of all codes\"\n");
        check(&Tree::of(&[("a.rs", lines(count).as_str()), (FILE, entry.as_str())])).unwrap()
    };
    assert!(with(600, "a.rs").is_empty());
    assert!(with(601, "a.rs")[0].contains("may only shrink"));
    assert!(with(550, "a.rs")[0].contains("from 600 to 550"));
    assert!(with(400, "a.rs")[0].contains("not needed"));
    let wrong_file = with(600, "b.rs");
    assert!(wrong_file.len() == 2 && wrong_file[1].contains("not needed"), "{wrong_file:?}");
}
