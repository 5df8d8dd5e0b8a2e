//! What the source of a layer must not name, and where unsafe code may be.

use std::collections::BTreeMap;

use crate::source::{self, line_of, occurrences};
use crate::tree::Tree;

/// Paths below which some words may not stand in code outside tests.
struct Boundary {
    below: &'static str,
    words: &'static [&'static str],
    because: &'static str,
}

/// What a crate without a world of its own must not name: clocks, sources of randomness, files, sockets, threads, and maps in random
/// order.
const PURE: &[&str] = &[
    "HashMap",
    "HashSet",
    "Instant",
    "SystemTime",
    "tokio",
    "std::net",
    "std::fs",
    "std::thread",
    "std::process",
    "std::env",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "OsRng",
    "SystemRandom",
    "getrandom",
    "RandomState",
];

const BOUNDARIES: &[Boundary] = &[
    Boundary {
        below: "crates/engine/src/",
        words: PURE,
        because: "the engine is pure: time and randomness come in through Env, and nothing in it has an order that differs between runs",
    },
    Boundary {
        below: "crates/wire/src/",
        words: &[
            "std::net",
            "std::fs",
            "std::thread",
            "std::process",
            "std::env",
            "tokio",
            "Instant",
            "SystemTime",
            "TcpStream",
            "getrandom",
        ],
        because: "wire turns bytes into values and back, and does nothing else",
    },
    Boundary {
        below: "crates/link/src/",
        words: &[
            "std::fs",
            "std::thread",
            "tokio",
            "TcpStream",
            "TcpListener",
            "UdpSocket",
            "Instant::now",
            "SystemTime",
        ],
        because: "link decides without doing IO; the time is an argument",
    },
    Boundary {
        below: "crates/digipass/src/",
        words: PURE,
        because: "the Digipass kernel is pure: time, randomness and keys are arguments, and the same call always answers the same",
    },
    Boundary {
        below: "crates/dinamo-blocking/src/",
        words: &["thread::spawn", "thread::Builder", "thread::scope", "tokio"],
        because: "the blocking client has no threads: it must work inside any process, before and after fork",
    },
];

/// A module that may have unsafe code.
struct UnsafeModule {
    /// The crate that lifts the lint for it, once.
    package: &'static str,
    /// Paths of its files.
    below: &'static [&'static str],
    because: &'static str,
}

const UNSAFE_MODULES: &[UnsafeModule] = &[
    UnsafeModule {
        package: "crates/crypto/",
        below: &["crates/crypto/src/aws.rs", "crates/crypto/src/aws/"],
        because: "the calls into AWS-LC that its safe interface lacks",
    },
    UnsafeModule {
        package: "crates/digipass-capi/benches/",
        below: &["crates/digipass-capi/benches/"],
        because: "the C interface, called as a C caller does, is what is measured",
    },
    UnsafeModule {
        package: "crates/digipass-capi/",
        below: &["crates/digipass-capi/src/api/"],
        because: "a C caller's memory: pointers become values there and nowhere else",
    },
];

/// Complains about words beyond a boundary, and about the TLS library's cryptography outside TLS configuration.
pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text) in tree.rust().filter(|(path, _)| !is_test(path)) {
        let code = source::without_tests(&source::split(text).code);
        for boundary in BOUNDARIES.iter().filter(|boundary| path.starts_with(boundary.below)) {
            for word in boundary.words {
                let grouped = grouped_import(word);
                let found =
                    occurrences(&code, word).next().or_else(|| grouped.and_then(|w| import_of(&code, w)));
                complaints.extend(
                    found.map(|at| format!("{path}:{}: `{word}`: {}", line_of(&code, at), boundary.because)),
                );
            }
        }
        if !path.starts_with("crates/crypto/") && !is_tls(path) && !path.starts_with("fuzz/") {
            for word in ["aws_lc_rs", "aws_lc_sys", "sha2::"] {
                let found = occurrences(&code, word).next();
                complaints.extend(found.map(|at| {
                    format!(
                        "{path}:{}: `{word}` is named in bancada-crypto and in TLS configuration only",
                        line_of(&code, at)
                    )
                }));
            }
        }
    }
    complaints
}

/// Complains about unsafe code outside the modules that may have it, and about lifting the lint more than once in a crate.
pub(crate) fn unsafe_code(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut lifted: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (path, text) in tree.rust() {
        let code = source::split(text).code;
        let allowed = |module: &UnsafeModule| module.below.iter().any(|below| path.starts_with(below));
        let mut words = occurrences(&code, "unsafe");
        if let Some(at) = words.next().filter(|_| !UNSAFE_MODULES.iter().any(allowed)) {
            let modules: Vec<String> = UNSAFE_MODULES.iter().map(UnsafeModule::describe).collect();
            complaints.push(format!(
                "{path}:{}: unsafe code; only these modules may have it: {}",
                line_of(&code, at),
                modules.join("; ")
            ));
        }
        let package = UNSAFE_MODULES.iter().map(|module| module.package).find(|p| path.starts_with(p));
        let lifts = ["allow(unsafe_code", "expect(unsafe_code"].map(|lift| occurrences(&code, lift));
        let places = lifts.into_iter().flatten().map(|at| format!("{path}:{}", line_of(&code, at)));
        lifted.entry(package.unwrap_or_default()).or_default().extend(places);
    }
    for (package, places) in lifted {
        if package.is_empty() && !places.is_empty() {
            complaints.push(format!("unsafe_code is lifted in a crate that may not: {}", places.join(", ")));
        } else if places.len() > 1 {
            complaints.push(format!("unsafe_code is lifted more than once: {}", places.join(", ")));
        }
    }
    complaints
}

impl UnsafeModule {
    fn describe(&self) -> String {
        format!("{} ({})", self.below[self.below.len() - 1], self.because)
    }
}

fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

fn is_tls(path: &str) -> bool {
    path.split('/').any(|part| part == "tls" || part == "tls.rs")
}

/// The module of a word such as `std::net`, which an import can also name as `use std::{io, net}`.
fn grouped_import(word: &str) -> Option<&str> {
    word.strip_prefix("std::")
}

/// Where `module` stands in a grouped import of `std`.
fn import_of(code: &str, module: &str) -> Option<usize> {
    occurrences(code, "use std::{").find_map(|at| {
        let end = at + code[at..].find(';')?;
        occurrences(&code[at..end], module).next().map(|inside| at + inside)
    })
}

#[test]
fn words_beyond_a_boundary_are_found() {
    let engine = |text: &str| check(&Tree::of(&[("crates/engine/src/users.rs", text)]));
    assert!(
        engine(
            "//! Users: no HashMap here.\nuse std::collections::BTreeMap;\nconst A: &str = \"HashMap\";\n"
        )
        .is_empty()
    );
    assert!(engine("#[cfg(test)]\nmod tests {\n    use std::thread;\n}\n").is_empty());
    assert_eq!(engine("use std::collections::HashMap;\n").len(), 1);
    let grouped = engine("use std::{fmt, net};\n");
    assert!(
        grouped.len() == 1 && grouped[0].starts_with("crates/engine/src/users.rs:1: `std::net`"),
        "{grouped:?}"
    );
    let kernel = |text: &str| check(&Tree::of(&[("crates/digipass/src/verify/password.rs", text)])).len();
    assert_eq!(kernel("//! The time is an argument, no Instant.\npub fn check(now: u64) {}\n"), 0);
    for impure in [
        "use std::time::{Duration, Instant};\n",
        "let now = std::time::SystemTime::now();\n",
        "use bancada_crypto::random::SystemRandom;\n",
        "let key = std::env::var(\"KEY\");\n",
        "use std::{env, fmt};\n",
        "std::fs::read(path)?;\n",
    ] {
        assert_eq!(kernel(impure), 1, "{impure}");
    }
    let elsewhere =
        check(&Tree::of(&[("simulator/src/node.rs", "use std::collections::HashMap;\nuse tokio::net;\n")]));
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
}

#[test]
fn cryptography_outside_its_crate_is_found() {
    let text = "use aws_lc_rs::digest;\n";
    assert!(
        check(&Tree::of(&[("crates/crypto/src/hash.rs", text), ("simulator/src/tls/mod.rs", text)]))
            .is_empty()
    );
    assert_eq!(check(&Tree::of(&[("simulator/src/node.rs", text)])).len(), 1);
}

#[test]
fn unsafe_code_elsewhere_is_found() {
    let judge = |files: &[(&str, &str)]| unsafe_code(&Tree::of(files)).len();
    let with = "pub(crate) fn f() { unsafe { g() } }\n";
    let lift = "#[allow(unsafe_code, reason = \"x\")]\nmod aws;\n";
    assert_eq!(judge(&[("crates/wire/src/lib.rs", "//! Not unsafe.\n#![deny(unsafe_code)]\n")]), 0);
    assert_eq!(judge(&[("crates/crypto/src/lib.rs", lift), ("crates/crypto/src/aws/rsa.rs", with)]), 0);
    assert_eq!(judge(&[("crates/wire/src/lib.rs", with)]), 1);
    assert_eq!(judge(&[("crates/crypto/src/ec.rs", with)]), 1);
    assert_eq!(judge(&[("crates/crypto/src/lib.rs", lift), ("crates/crypto/src/ec.rs", lift)]), 1);
    let capi = ("crates/digipass-capi/src/lib.rs", lift);
    assert_eq!(judge(&[("crates/crypto/src/lib.rs", lift), capi]), 0);
    assert_eq!(judge(&[capi, ("crates/digipass-capi/src/api/arg.rs", with)]), 0);
    assert_eq!(judge(&[capi, ("crates/digipass-capi/src/backend/clock.rs", with)]), 1);
    assert_eq!(judge(&[("crates/wire/src/lib.rs", lift)]), 1);
}
