//! Every return code that the vendor's pages list for a function, and a call that provokes it.
//!
//! The lists are those of the vendor docs' pages. The table in docs/digipass-return-codes.md is written from the calls made here; run this
//! test with BANCADA_BLESS=1 to bring it up to date.
#![allow(clippy::unwrap_used, reason = "a failed test panics")]

mod channel;
mod derive;
mod fields;
mod manage;
mod password;
mod sealed;
mod signature;

use bancada_crypto::random::SeededRandom;
use bancada_digipass::blob::{Kind, Profile};
use bancada_digipass::{Blob, Definition, Owner, ReturnCode};

const NOW: u64 = 1_700_000_000;
const RO: &str = "TOTP-SHA256-8-T36S";

/// The codes of AAL2VerifyMessageSignatureICSF.
const SIGNATURE_CODES: &[i32] = &[
    0, 10001, 10002, 10003, 10004, 10005, 10006, 10007, 1, 132, 139, 141, 203, 204, 205, 206, 207, 208, 412,
    413, 414, 510, 900, 908, 951, 1103, 1116, 1117, 1118, 1299, 1300, 1301, 1309, 1337, 1339, 1363, 1364,
    -102, -103, -105, -106, -107, -108, -201, -202, -203, -204, -205, -206, -207, -1501,
];

/// The codes of AAL2DeriveTokenBlobs.
const DERIVE_CODES: &[i32] = &[
    0, 10001, 10002, 10003, 10004, 10005, 10006, 10007, 1, 131, 132, 140, 201, 202, 205, 208, 412, 413, 510,
    600, 601, 602, 603, 807, 808, 1000, 1039, 1040, 1103, 1109, 1110, 1111, 1112, 1113, 1114, 1118, -101,
    -102, -103, -105, -106, -107, -108, -201, -202, -203, -205, -206, -207, -1501,
];

/// What no call of the kernel can provoke in either of the two, and why.
const UNREACHABLE: &[(i32, &str)] = &[
    (600, "nothing: no public document describes the Gordian scheme, so no application can have it"),
    (601, "nothing: as 600"),
    (602, "nothing: as 600"),
    (603, "nothing: as 600"),
    (-1501, "nothing: no input decides how much is allocated; a process without memory ends"),
];

/// Calls by code: what provokes it, and the code it really gave.
type Rows = Vec<(i32, &'static str, i32)>;

/// One function: its codes, calls that provoke them, and for the others what does or why nothing can.
struct Section {
    title: &'static str,
    codes: &'static [i32],
    rows: Rows,
    explained: &'static [(i32, &'static str)],
}

fn sections() -> Vec<Section> {
    let section = |title, codes, rows| Section { title, codes, rows, explained: UNREACHABLE };
    let mut sections = vec![
        section("AAL2VerifyMessageSignature (verify_message_signature)", SIGNATURE_CODES, signature::rows()),
        section("AAL2DeriveTokenBlobs (derive_token_blobs)", DERIVE_CODES, derive::rows()),
        section("AAL2VerifyPassword, Ex and ICSF (verify_password)", password::CODES, password::rows()),
        section("AAL2VerifySignature, Ex and ICSF (verify_signature)", fields::CODES, fields::rows()),
    ];
    sections.extend(channel::sections());
    sections.extend(manage::sections());
    sections
}

fn code<T>(result: Result<T, ReturnCode>, success: impl Fn(T) -> ReturnCode) -> i32 {
    result.map_or_else(|code| code, success).0
}

fn definition(kind: Kind, suite: &str, name: &str) -> Definition {
    let owner = Owner::new("VDS0000001", name).unwrap();
    let profile = Profile::new(*b"MOB30", kind, suite.parse().unwrap());
    Definition::generate(owner, profile, &mut SeededRandom::from_u64(name.len() as u64))
}

fn damaged(blob: &Blob, place: usize, byte: u8) -> Blob {
    let mut bytes = *blob.as_bytes();
    bytes[place] = if bytes[place] == byte { b'Z' } else { byte };
    Blob::from_bytes(&bytes).unwrap()
}

const SCORES: [&str; 7] = ["score 1", "score 2", "score 3", "score 4", "score 5", "score 6", "score 7"];

fn suite(definition: &mut Definition, name: &str) {
    definition.profile.suite = name.parse().unwrap();
}

#[test]
fn every_documented_code_is_provoked_or_explained() {
    for Section { title, codes, rows, explained } in sections() {
        for (expected, how, got) in &rows {
            assert_eq!(expected, got, "{title}: {how}");
            assert!(codes.contains(expected), "{title}: {expected} is not documented");
        }
        for code in codes {
            let provoked = rows.iter().any(|(expected, ..)| expected == code);
            let explained = explained.iter().any(|(explained, _)| explained == code);
            assert!(provoked != explained, "{title}: {code}: provoked {provoked}, explained {explained}");
            assert_ne!(ReturnCode(*code).text(), ReturnCode(i32::MIN).text(), "{code} has no sentence");
        }
    }
}

#[test]
fn the_published_table_is_up_to_date() {
    let mut text = "# Return codes and what provokes them\n\nWritten by `crates/digipass/tests/return_codes` from the calls it makes; \
                    run it with `BANCADA_BLESS=1` to bring this page up to date.\nWhat stands in italics is not computed: it says why \
                    nothing can provoke the code, or where else it is tested.\n"
        .to_owned();
    for Section { title, codes, rows, explained } in sections() {
        text += &format!("\n## {title}\n\n| code | meaning | provoked by |\n|---:|---|---|\n");
        for number in codes {
            let row = rows.iter().find(|(_, _, got)| got == number).map(|(_, how, _)| (*how).to_owned());
            let reason = explained.iter().find(|(code, _)| code == number).map(|(_, why)| format!("*{why}*"));
            let how = row.or(reason).unwrap_or_default();
            text += &format!("| {number} | {} | {how} |\n", ReturnCode(*number).text());
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/digipass-return-codes.md");
    if std::env::var_os("BANCADA_BLESS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), text, "run this test with BANCADA_BLESS=1");
}
