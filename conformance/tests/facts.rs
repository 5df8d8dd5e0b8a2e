//! The code and the public documents agree, and nothing the documents say is overlooked.

use bancada_conformance::facts;

#[test]
fn the_code_says_what_the_documents_say() {
    let report = facts::check();
    let differences: Vec<_> = report.differences.iter().map(ToString::to_string).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
