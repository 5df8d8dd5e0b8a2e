//! Words that must not stand in the repository: unfinished work, and the machine somebody worked on.

use crate::source::{self, line_of, occurrences};
use crate::tree::Tree;

/// Macros and attributes that say something is not done. Each is written in pieces so that this file does not contain it.
const UNFINISHED_CODE: &[(&str, &str)] = &[
    (concat!("todo", "!"), "build it, or leave it out and say so"),
    (concat!("unimplemented", "!"), "build it, or leave it out and say so"),
    (
        concat!("#[", "ignore"),
        "a test that does not run is no test: make it pass, or assert what happens today",
    ),
];

const UNFINISHED_COMMENT: &[&str] = &[concat!("FIX", "ME"), concat!("XX", "X"), concat!("TO", "DO")];

/// Text that only makes sense where the project was written, and registry hosts, which are a matter of the user's configuration.
const PLACES: &[&str] = &[
    concat!("/", "work/"),
    concat!("/tmp/", "bash"),
    concat!("/root", "/"),
    concat!("crates", ".io"),
    concat!("npmjs", ".org"),
    concat!("pypi", ".org"),
    concat!("deb.debian", ".org"),
];

/// The one tracked file whose format contains a registry's address.
const LOCKFILES: &[&str] = &["Cargo.lock"];

/// Complains about unfinished work and machine paths.
pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text) in tree.rust() {
        let split = source::split(text);
        for (word, advice) in UNFINISHED_CODE {
            complaints.extend(occurrences(&split.code, word).map(|at| found(path, text, at, word, advice)));
        }
        for word in UNFINISHED_COMMENT {
            let advice = "do it, or write it where plans are kept";
            complaints
                .extend(occurrences(&split.comments, word).map(|at| found(path, text, at, word, advice)));
        }
    }
    for (path, text) in tree.files.iter().filter(|(path, _)| !LOCKFILES.contains(&path.as_str())) {
        for place in PLACES {
            let free = |at: &usize| {
                !place.starts_with('/')
                    || !text[..*at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-')
            };
            let places = text.match_indices(place).map(|(at, _)| at).filter(free);
            complaints.extend(places.map(|at| found(path, text, at, place, "a reader has no such place")));
        }
    }
    complaints
}

fn found(path: &str, text: &str, at: usize, word: &str, advice: &str) -> String {
    format!("{path}:{}: `{word}`: {advice}", line_of(text, at))
}

#[test]
fn unfinished_work_is_found() {
    let text = |body: &str| check(&Tree::of(&[("a.rs", body)]));
    for (word, _) in UNFINISHED_CODE {
        assert_eq!(text(&format!("//! A file.\n{word}(()) ]\n")).len(), 1, "{word}");
        assert!(text(&format!("const A: &str = \"{word}\";\n")).is_empty(), "{word}");
    }
    for word in UNFINISHED_COMMENT {
        assert_eq!(text(&format!("// {word}: later\n")).len(), 1, "{word}");
        assert!(text(&format!("const {word}: u8 = 0;\n")).is_empty(), "{word}");
    }
}

#[test]
fn places_are_found_in_every_kind_of_file() {
    for place in PLACES {
        let tree = Tree::of(&[("a.md", &format!("see {place}x\n")), ("Cargo.lock", place)]);
        assert_eq!(check(&tree).len(), 1, "{place}");
    }
    let nested = format!("crates{}x and https://example.org{0}x\n", concat!("/", "work/"));
    assert!(check(&Tree::of(&[("a.md", &nested)])).is_empty());
}
