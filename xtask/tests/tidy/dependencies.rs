//! Who may depend on whom: the arrows of the architecture point down only.

use std::collections::BTreeSet;

use crate::tree::{self, Tree};

/// A package and what must not be anywhere below it in a build for users.
struct Absence {
    package: &'static str,
    absent: &'static [&'static str],
    because: &'static str,
}

const ASYNC: &[&str] = &["tokio", "mio", "hyper", "axum"];
const EDGES: &[&str] = &[
    "tokio",
    "mio",
    "hyper",
    "axum",
    "utoipa",
    "rustls",
    "cryptoki",
    "cryptoki-sys",
    "libloading",
    "aws-lc-rs",
    "redb",
];
const DEVICE: &[&str] = &["bancada-engine", "bancada-store", "bancada-simulator"];
const OURS: &[&str] =
    &["bancada-wire", "bancada-crypto", "bancada-link", "bancada-engine", "bancada-store", "bancada-dinamo"];

const ABSENCES: &[Absence] = &[
    Absence {
        package: "bancada-wire",
        absent: EDGES,
        because: "wire knows bytes and values: no IO, no HTTP, no cryptography",
    },
    Absence { package: "bancada-crypto", absent: ASYNC, because: "crypto computes; it does no IO" },
    Absence { package: "bancada-link", absent: ASYNC, because: "link decides and drivers move bytes" },
    Absence { package: "bancada-link", absent: DEVICE, because: "clients never depend on the device" },
    Absence {
        package: "bancada-engine",
        absent: ASYNC,
        because: "the engine is pure; the host brings sockets and threads",
    },
    Absence {
        package: "bancada-engine",
        absent: &["bancada-link", "rustls", "redb"],
        because: "the engine knows no transport and no file",
    },
    Absence { package: "bancada-store", absent: ASYNC, because: "stores are called from any host" },
    Absence { package: "bancada-dinamo", absent: DEVICE, because: "clients never depend on the device" },
    Absence {
        package: "bancada-dinamo-blocking",
        absent: DEVICE,
        because: "clients never depend on the device",
    },
    Absence {
        package: "bancada-dinamo-blocking",
        absent: ASYNC,
        because: "it runs inside other people's processes, before and after fork",
    },
    Absence {
        package: "bancada-digipass-capi",
        absent: ASYNC,
        because: "it runs inside other people's processes, before and after fork",
    },
    Absence {
        package: "bancada-digipass-capi",
        absent: DEVICE,
        because: "clients never depend on the device",
    },
    Absence {
        package: "bancada-digipass-cli",
        absent: ASYNC,
        because: "it computes and ends; it has no network",
    },
    Absence {
        package: "bancada-digipass-cli",
        absent: DEVICE,
        because: "clients never depend on the device",
    },
    Absence {
        package: "bancada-conformance",
        absent: DEVICE,
        because: "who judges the device must not share its code",
    },
    Absence { package: "xtask", absent: OURS, because: "xtask spawns our programs, it does not link them" },
];

/// Libraries that compute cryptography; `subtle`, `zeroize`, `x509-cert` and `der` do not.
const CRYPTOGRAPHY: &[&str] = &[
    "aes",
    "aes-gcm",
    "aes-kw",
    "argon2",
    "aws-lc-rs",
    "aws-lc-sys",
    "cbc",
    "chacha20",
    "chacha20poly1305",
    "cmac",
    "ctr",
    "curve25519-dalek",
    "des",
    "ecdsa",
    "ed25519-dalek",
    "hkdf",
    "hmac",
    "k256",
    "md-5",
    "openssl",
    "p224",
    "p256",
    "p384",
    "p521",
    "pbkdf2",
    "ring",
    "rsa",
    "sha1",
    "sha2",
    "sha3",
    "x25519-dalek",
];

/// Packages whose manifest may name a cryptographic library, and which. The simulator's are for its TLS configuration, see the rule
/// on source files in `boundaries`.
const MAY_NAME: &[(&str, &[&str])] =
    &[("bancada-crypto", CRYPTOGRAPHY), ("bancada-simulator", &["aws-lc-rs", "sha2"])];

/// Complains about dependencies against the arrows.
///
/// # Errors
/// When cargo cannot resolve the workspace.
pub(crate) fn check(tree: &Tree) -> anyhow::Result<Vec<String>> {
    let mut complaints = cryptography_is_named_in_one_place(tree);
    for absence in ABSENCES {
        if !tree.packages.iter().any(|package| package.name == absence.package) {
            complaints
                .push(format!("the rule for {} holds for no package: was it renamed?", absence.package));
            continue;
        }
        complaints.extend(judge(absence, &below(absence.package)?));
    }
    Ok(complaints)
}

fn judge(absence: &Absence, below: &BTreeSet<String>) -> Vec<String> {
    let present = absence.absent.iter().filter(|name| below.contains(**name) && **name != absence.package);
    present
        .map(|name| {
            let package = absence.package;
            let because = absence.because;
            format!("{package} depends on {name}, but {because} (`cargo tree -p {package} -e normal -i {name}` shows how)")
        })
        .collect()
}

/// The names of all packages a user's build of this one contains.
fn below(package: &str) -> anyhow::Result<BTreeSet<String>> {
    let mut command = tree::cargo();
    command.args([
        "tree",
        "--locked",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
        "--package",
        package,
    ]);
    let listing = tree::output(command.args(["--all-features", "--target", "all"]))?;
    Ok(listing.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect())
}

fn cryptography_is_named_in_one_place(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for package in tree.packages.iter().filter(|package| package.member) {
        let allowed = MAY_NAME
            .iter()
            .find(|(name, _)| *name == package.name)
            .map_or(&[] as &[_], |(_, libraries)| libraries);
        for library in &package.direct {
            if CRYPTOGRAPHY.contains(&library.as_str()) && !allowed.contains(&library.as_str()) {
                complaints.push(format!(
                    "{}/Cargo.toml names {library}: cryptography goes through bancada-crypto",
                    package.folder
                ));
            }
        }
    }
    complaints
}

#[test]
fn a_dependency_upwards_is_found() {
    let below = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let rule = Absence { package: "bancada-engine", absent: ASYNC, because: "it is pure" };
    assert!(judge(&rule, &below(&["bancada-engine", "bancada-wire"])).is_empty());
    let complaints = judge(&rule, &below(&["bancada-engine", "tokio"]));
    assert!(
        complaints.len() == 1 && complaints[0].starts_with("bancada-engine depends on tokio"),
        "{complaints:?}"
    );
}

#[test]
fn what_cargo_lists_is_understood() {
    let names = below("xtask").unwrap();
    assert!(names.contains("xtask") && names.contains("clap") && names.contains("toml"), "{names:?}");
}

#[test]
fn a_cryptographic_library_elsewhere_is_found() {
    let package = |name: &str, library: &str| tree::Package {
        name: name.to_owned(),
        folder: name.to_owned(),
        direct: vec![library.to_owned(), "serde".to_owned()],
        member: true,
        ..Default::default()
    };
    let judge = |name: &str, library: &str| {
        let tree = Tree { packages: vec![package(name, library)], ..Tree::default() };
        cryptography_is_named_in_one_place(&tree)
    };
    assert!(judge("bancada-crypto", "p256").is_empty());
    assert!(judge("bancada-simulator", "aws-lc-rs").is_empty());
    assert_eq!(judge("bancada-simulator", "p256").len(), 1);
    assert!(judge("bancada-simulator", "sha2").is_empty());
    assert_eq!(judge("bancada-engine", "sha2").len(), 1);
}
