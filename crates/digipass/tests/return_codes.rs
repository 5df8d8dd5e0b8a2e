//! Every return code of AAL2VerifyMessageSignatureICSF and AAL2DeriveTokenBlobs, and a call that provokes it.
//!
//! The two lists are those of the vendor docs' pages. The table in docs/digipass-return-codes.md is written from the calls made here; run this
//! test with BANCADA_BLESS=1 to bring it up to date.

use bancada_crypto::cipher::SymAlg;
use bancada_crypto::random::SeededRandom;
use bancada_digipass::authenticator::{Authenticator, Prompt};
use bancada_digipass::blob::{DataField, Kind, Profile};
use bancada_digipass::derive::{Derivation, DerivationFormat, derive_token_blobs};
use bancada_digipass::keys::{InProcessKeys, InitialVector};
use bancada_digipass::manage::{id, migrate_blob, set_property};
use bancada_digipass::message::channel::gen_message_request;
use bancada_digipass::message::{
    MessageSignature, Protection, gen_payload_key_blob, verify_message_signature,
};
use bancada_digipass::vector::MessageVector;
use bancada_digipass::{Blob, Context, Definition, KernelParams, Owner, ReturnCode, Sealing};

const NOW: u64 = 1_700_000_000;
const RO: &str = "TOTP-SHA256-8-T36S";
const CR: &str = "OCRA-1:HOTP-SHA256-8:QN08-T36S";
const SG: &str = "OCRA-1:HOTP-SHA256-8:QH64-T36S";

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

/// What nothing public can provoke, and why.
const UNREACHABLE: &[(i32, &str)] = &[
    (600, "no public document describes the Gordian scheme, so no application can have it"),
    (601, "as 600"),
    (602, "as 600"),
    (603, "as 600"),
    (-1501, "no input decides how much is allocated; a process without memory ends"),
];

/// Calls by code: what provokes it, and the code it really gave.
type Rows = Vec<(i32, &'static str, i32)>;

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

/// A host, a device and a request message to sign.
struct Signer {
    params: KernelParams,
    now: u64,
    blob: Blob,
    device: Authenticator,
    message: String,
    deferred: u32,
    expiration_s: i32,
}

impl Signer {
    fn new(change: impl FnOnce(&mut Definition)) -> Self {
        let mut definition = definition(Kind::Signature, SG, "SIGN");
        definition.profile.secure_channel = true;
        change(&mut definition);
        let params = KernelParams { s_time_window: 10, ..KernelParams::default() };
        let cx = Context { now: NOW, params: &params, sealing: Sealing::Software };
        let licence =
            self::definition(Kind::MasterActivation, "OCRA-1:HOTP-SHA256-8:QH16", "MA").blob(&cx).unwrap();
        let vector = MessageVector { protection: Protection::Encrypted, customer: [0; 10] }.to_hex();
        let vector = Some(vector.as_bytes());
        let key = gen_payload_key_blob(&cx, &licence, vector, &mut SeededRandom::from_u64(9)).unwrap();
        let message = gen_message_request(&cx, &key, vector, Some(b"0101")).unwrap();
        let blob = definition.blob(&cx).unwrap();
        let device = Authenticator::new(&[definition]).unwrap();
        Self { now: NOW, blob, device, message, deferred: 0, expiration_s: 0, params }
    }

    fn cx(&self) -> Context<'_> {
        Context { now: self.now, params: &self.params, sealing: Sealing::Software }
    }

    fn sign(&mut self, seconds: i64, score: u8) -> String {
        let prompt = Prompt { application: None, now: self.now.saturating_add_signed(seconds), score };
        self.device.sign_message(&prompt, &self.message).unwrap().text
    }

    fn verify(&mut self, signature: &str) -> i32 {
        let params = self.params.clone();
        self.verify_in(
            &Context { now: self.now, params: &params, sealing: Sealing::Software },
            Some(signature),
            true,
        )
    }

    fn verify_in(&mut self, cx: &Context<'_>, signature: Option<&str>, with_message: bool) -> i32 {
        let message = self.message.clone();
        let request = MessageSignature {
            expiration_s: self.expiration_s,
            signature: signature.map(str::as_bytes),
            message: with_message.then_some(message.as_bytes()),
            deferred: self.deferred,
        };
        code(verify_message_signature(cx, &mut self.blob, &request), |verified| verified.code())
    }

    fn set(&mut self, property: i32, value: i64) {
        let params = self.params.clone();
        let cx = Context { now: self.now, params: &params, sealing: Sealing::Software };
        set_property(&cx, &mut self.blob, property, value).unwrap();
    }
}

/// The code of a signature of the right form, after a change of the application.
fn signed(change: impl FnOnce(&mut Definition)) -> i32 {
    Signer::new(change).verify("12345678")
}

fn of_message(message: &str) -> i32 {
    let mut signer = Signer::new(|_| {});
    signer.message = message.to_owned();
    signer.verify("12345678")
}

fn suite(definition: &mut Definition, name: &str) {
    definition.profile.suite = name.parse().unwrap();
}

fn signature_configuration_rows() -> Rows {
    let field = |check_digit| vec![DataField { min: 1, max: 16, check_digit }; 8];
    vec![
        (132, "the application has passwords only", signed(|d| d.profile.kind = Kind::ResponseOnly)),
        (1103, "a BLOB of kind UL", signed(|d| d.profile.kind = Kind::UnlockV2)),
        (1309, "the application may not sign messages", signed(|d| d.profile.secure_channel = false)),
        (
            141,
            "the application takes three data fields; a message is four",
            signed(|d| d.profile.fields.truncate(3)),
        ),
        (
            -102,
            "its second field takes 15 characters; a message's have 16",
            signed(|d| d.profile.fields[1].max = 15),
        ),
        (
            -103,
            "its fields end with check digits; a message's do not",
            signed(|d| d.profile.fields = field(true)),
        ),
        (
            -105,
            "a field's least length is above its greatest",
            signed(|d| {
                d.profile.fields[0] = DataField { min: 5, max: 4, check_digit: false };
            }),
        ),
        (
            -106,
            "a field is longer than the suite's challenge",
            signed(|d| suite(d, "OCRA-1:HOTP-SHA256-8:QH08-T36S")),
        ),
        (-107, "it claims nine fields", signed(|d| d.profile.fields.extend_from_within(..1))),
        (
            -108,
            "its fields are decimal; a message's are hexadecimal",
            signed(|d| suite(d, "OCRA-1:HOTP-SHA256-8:QN64-T36S")),
        ),
        (-201, "its responses have 17 digits", signed(|d| suite(d, "BANCADA-1:HOTP-SHA256-17:QH64-T36S"))),
        (
            -207,
            "it does not say whether responses are decimal",
            signed(|d| suite(d, "BANCADA-1:HOTP-SHA256-8U:QH64-T36S")),
        ),
        (
            1116,
            "hexadecimal responses with a check digit",
            signed(|d| {
                suite(d, "BANCADA-1:HOTP-SHA256-8H:QH64-T36S");
                d.profile.response_check_digit = true;
            }),
        ),
        (
            1117,
            "alphanumeric fields with a check digit",
            signed(|d| {
                suite(d, "OCRA-1:HOTP-SHA256-8:QA64-T36S");
                d.profile.fields = field(true);
            }),
        ),
        (1118, "a suite that takes no challenge", signed(|d| suite(d, RO))),
    ]
}

fn signature_input_rows() -> Rows {
    let mut signer = Signer::new(|_| {});
    let cx_params = signer.params.clone();
    let cx = Context { now: NOW, params: &cx_params, sealing: Sealing::Software };
    let mut rows = vec![
        (139, "no signature", signer.verify_in(&cx, None, true)),
        (1301, "no message", signer.verify_in(&cx, Some("12345678"), false)),
        (-202, "a digit too few", signer.verify("1234567")),
        (-203, "a digit too many", signer.verify("123456789")),
        (-205, "a letter in a decimal signature", signer.verify("1234567A")),
        (1299, "a letter above F in the message", of_message("03Z0")),
        (1300, "a message with an odd number of characters", of_message("030")),
        (1337, "protocol version 3", of_message("0303010000000000000000")),
        (1339, "a message that ends in its header", of_message("030201")),
        (510, "247 bytes of BLOB", code(Blob::from_bytes(&[0; 247]), |_| ReturnCode::SUCCESS)),
    ];
    let mut hex = Signer::new(|d| suite(d, "BANCADA-1:HOTP-SHA256-8H:QH64-T36S"));
    rows.push((-206, "a letter above F in a hexadecimal signature", hex.verify("1234567G")));
    let mut checked = Signer::new(|d| d.profile.response_check_digit = true);
    let right = checked.sign(0, 0);
    let last = if right.ends_with('0') { "1" } else { "0" };
    rows.push((-204, "a wrong check digit", checked.verify(&format!("{}{last}", &right[..8]))));
    signer.expiration_s = -1;
    rows.push((1363, "MessageExpirationTime -1", signer.verify("12345678")));
    signer.expiration_s = 60;
    signer.now += 61;
    rows.push((1364, "a message 61 seconds old, 60 allowed", signer.verify("12345678")));
    rows
}

fn signature_state_rows() -> Rows {
    let mut rows = Rows::new();
    let mut signer = Signer::new(|_| {});
    let right = signer.sign(0, 0);
    rows.push((1, "the right signature with its last digit changed", {
        let last = if right.ends_with('0') { "1" } else { "0" };
        signer.verify(&format!("{}{last}", &right[..7]))
    }));
    signer.params.s_threshold = 1;
    rows.push((203, "SThreshold 1, after one wrong signature", signer.verify(&right)));
    signer.params.s_threshold = 0;
    rows.push((0, "the right signature", signer.verify(&right)));
    signer.params.online_sg = 2;
    assert_eq!(signer.verify(&right), 0);
    rows.push((204, "OnLineSG 2, the same signature again", signer.verify(&right)));
    let earlier = signer.sign(-36, 0);
    rows.push((206, "OnLineSG 2, a signature of the step before", signer.verify(&earlier)));
    signer.deferred = NOW as u32;
    rows.push((207, "OnLineSG 2 with deferred data", signer.verify(&right)));
    signer.deferred = 0;
    signer.params.chk_inact_days = 1;
    signer.now += 100_000;
    rows.push((205, "ChkInactDays 1, 100 000 seconds later", signer.verify(&right)));
    signer.set(id::TOKEN_STATUS, 0);
    rows.push((208, "TOKEN_STATUS set to 0", signer.verify(&right)));
    for (score, how) in (1..8).zip(SCORES) {
        let mut scored = Signer::new(|d| d.profile.score = true);
        let signature = scored.sign(0, score);
        rows.push((10_000 + i32::from(score), how, scored.verify(&signature)));
    }
    rows
}

const SCORES: [&str; 7] = ["score 1", "score 2", "score 3", "score 4", "score 5", "score 6", "score 7"];

fn signature_sealing_rows() -> Rows {
    let mut signer = Signer::new(|_| {});
    let params = signer.params.clone();
    let keys = InProcessKeys::new(Box::new(SeededRandom::from_u64(1)));
    keys.add("STORAGE", SymAlg::Des3_168, &std::array::from_fn::<u8, 24, _>(|i| i as u8), true).unwrap();
    keys.add("OTHER", SymAlg::Des3_168, &[8; 24], true).unwrap();
    keys.add("SINGLE", SymAlg::Des, &[8; 8], true).unwrap();
    let with = |key| {
        let sealing = Sealing::Service { service: &keys, key, iv: InitialVector([1; 8]) };
        Context { now: NOW, params: &params, sealing }
    };
    let right = signer.sign(0, 0);
    let software = signer.blob.clone();
    let mut rows = Rows::new();
    signer.blob = damaged(&software, 150, b'A');
    rows.push((412, "one character of the BLOB changed", signer.verify(&right)));
    signer.blob = damaged(&software, 150, b'!');
    rows.push((413, "a character that is not Base64", signer.verify(&right)));
    signer.blob = software;
    let mut sealed = signer.blob.clone();
    migrate_blob(&signer.cx(), &with("STORAGE"), &mut sealed).unwrap();
    signer.blob = sealed;
    assert_eq!(signer.verify_in(&with("STORAGE"), Some(&right), true), 0);
    rows.push((
        414,
        "sealed under another key of the HSM",
        signer.verify_in(&with("OTHER"), Some(&right), true),
    ));
    rows.push((908, "a key name the HSM does not have", signer.verify_in(&with("NONE"), Some(&right), true)));
    rows.push((951, "a single-DES key", signer.verify_in(&with("SINGLE"), Some(&right), true)));
    keys.set_open(false);
    rows.push((900, "the HSM session is closed", signer.verify_in(&with("STORAGE"), Some(&right), true)));
    rows
}

/// A host with one application that can be derived, and its device.
struct Deriver {
    params: KernelParams,
    now: u64,
    blobs: Vec<Option<Blob>>,
    device: Authenticator,
    challenge: Option<&'static str>,
    format: u32,
}

impl Deriver {
    fn new(kind: Kind, suite: &str, change: impl FnOnce(&mut Definition)) -> Self {
        let mut definition = definition(kind, suite, "OTP");
        definition.profile.derivation = true;
        change(&mut definition);
        let params = KernelParams { check_challenge: 0, ..KernelParams::default() };
        let blob =
            definition.blob(&Context { now: NOW, params: &params, sealing: Sealing::Software }).unwrap();
        let device = Authenticator::new(&[definition]).unwrap();
        Self { params, now: NOW, blobs: vec![Some(blob)], device, challenge: None, format: 0 }
    }

    fn code(&mut self, score: u8) -> String {
        let prompt = Prompt { application: None, now: self.now, score };
        self.device.derivation_code(&prompt, b"phone", self.challenge, DerivationFormat::Decimal).unwrap()
    }

    fn derive(&mut self, text: &str) -> i32 {
        self.derive_count(Some(text), 1)
    }

    fn derive_count(&mut self, text: Option<&str>, count: i32) -> i32 {
        let cx = Context { now: self.now, params: &self.params, sealing: Sealing::Software };
        let (challenge, format) = (self.challenge.map(str::as_bytes), self.format);
        let request = Derivation { count, challenge, code: text.map(str::as_bytes), format };
        code(derive_token_blobs(&cx, &mut self.blobs, &request), |verified| verified.code())
    }
}

/// The code of a derivation code of the right form for 8 digits, after a change of a challenge/response application.
fn derived(change: impl FnOnce(&mut Definition)) -> i32 {
    let mut deriver = Deriver::new(Kind::ChallengeResponse, CR, change);
    deriver.challenge = Some("12345678");
    deriver.derive(&with_check("12345678000000001"))
}

fn with_check(digits: &str) -> String {
    let digit = bancada_digipass::encoding::check_digit(digits.as_bytes(), 10).unwrap();
    format!("{digits}{}", char::from(digit))
}

fn derive_configuration_rows() -> Rows {
    vec![
        (132, "the first application signs", derived(|d| d.profile.kind = Kind::Signature)),
        (1000, "a BLOB of kind EM", derived(|d| d.profile.kind = Kind::EmvCap)),
        (1103, "a BLOB of kind UL", derived(|d| d.profile.kind = Kind::UnlockV2)),
        (1118, "DERIVATION_SUPPORTED is NO", derived(|d| d.profile.derivation = false)),
        (
            1039,
            "scores with 6 digits",
            derived(|d| {
                suite(d, "OCRA-1:HOTP-SHA256-6:QN08-T36S");
                d.profile.score = true;
            }),
        ),
        (1040, "a host code of 11 digits", derived(|d| d.profile.host_code_len = 11)),
        (
            -105,
            "the challenge's least length is above its greatest",
            derived(|d| d.profile.fields[0].min = 9),
        ),
        (-106, "the challenge is longer than the suite's", derived(|d| d.profile.fields[0].max = 9)),
        (-107, "two challenges", derived(|d| d.profile.fields.extend_from_within(..))),
        (-201, "responses of 17 digits", derived(|d| suite(d, "BANCADA-1:HOTP-SHA256-17:QN08-T36S"))),
        (
            -207,
            "it does not say whether responses are decimal",
            derived(|d| suite(d, "BANCADA-1:HOTP-SHA256-8U:QN08-T36S")),
        ),
    ]
}

fn derive_input_rows() -> Rows {
    let mut deriver = Deriver::new(Kind::ResponseOnly, RO, |_| {});
    let right = deriver.code(0);
    let mut rows = vec![
        (1110, "no code", deriver.derive_count(None, 1)),
        (808, "a count of 9", deriver.derive_count(Some(&right), 9)),
        (1111, "10 characters", deriver.derive("1234567890")),
        (1112, "a letter in the diversifier", deriver.derive(&format!("{}A{}", &right[..10], &right[11..]))),
        (
            1113,
            "a wrong check digit",
            deriver.derive(&format!("{}{}", &right[..17], if right.ends_with('0') { 1 } else { 0 })),
        ),
        (1109, "a diversifier of zeros", deriver.derive(&with_check("12345678000000000"))),
        (-202, "a response a digit too short", deriver.derive(&right[1..])),
        (-203, "a response a digit too long", deriver.derive(&format!("1{right}"))),
        (-205, "a letter in a decimal response", deriver.derive(&format!("A{}", &right[1..]))),
    ];
    deriver.format = 2;
    rows.push((1114, "format 2", deriver.derive(&right)));
    let mut hex = Deriver::new(Kind::ResponseOnly, "BANCADA-1:TOTP-SHA256-8H-T36S", |_| {});
    rows.push((-206, "a letter above F in a hexadecimal response", hex.derive("G23456780000000010")));
    let mut empty = Deriver::new(Kind::ResponseOnly, RO, |_| {});
    empty.blobs[0] = None;
    rows.push((510, "a null pointer in the first place", empty.derive(&right)));
    let mut stranger = definition(Kind::ResponseOnly, RO, "OTP");
    stranger.owner = Owner::new("VDS0000002", "OTP").unwrap();
    let cx_params = KernelParams::default();
    let cx = Context { now: NOW, params: &cx_params, sealing: Sealing::Software };
    let mut two = Deriver::new(Kind::ResponseOnly, RO, |_| {});
    two.blobs.push(Some(stranger.blob(&cx).unwrap()));
    rows.push((807, "BLOBs of two serial numbers", two.derive_count(Some(&right), 2)));
    let blob = two.blobs[0].clone().unwrap();
    two.blobs = vec![Some(damaged(&blob, 150, b'A'))];
    rows.push((412, "one character of the BLOB changed", two.derive(&right)));
    two.blobs = vec![Some(damaged(&blob, 150, b'!'))];
    rows.push((413, "a character that is not Base64", two.derive(&right)));
    rows
}

fn derive_challenge_rows() -> Rows {
    let mut deriver = Deriver::new(Kind::ChallengeResponse, CR, |d| {
        d.profile.fields = vec![DataField { min: 4, max: 8, check_digit: true }];
    });
    let text = with_check("12345678000000001");
    let mut with = |challenge| {
        deriver.challenge = challenge;
        deriver.derive(&text)
    };
    let mut rows = vec![
        (131, "no challenge", with(None)),
        (-101, "3 characters", with(Some("123"))),
        (-102, "9 characters", with(Some("123456789"))),
        (-103, "a challenge with a wrong check digit", with(Some("12345678"))),
        (-108, "a letter in a decimal challenge", with(Some("1234567A"))),
    ];
    deriver.params.check_challenge = 1;
    deriver.challenge = Some("12345674");
    rows.push((140, "CheckChallenge 1, and the BLOB holds none", deriver.derive(&text)));
    rows
}

fn derive_state_rows() -> Rows {
    let mut rows = Rows::new();
    let mut deriver = Deriver::new(Kind::ResponseOnly, RO, |_| {});
    let right = deriver.code(0);
    rows.push((
        1,
        "another diversifier than the response was made with",
        deriver.derive(&with_check(&format!("{}000000001", &right[..8]))),
    ));
    deriver.params.i_threshold = 1;
    rows.push((202, "IThreshold 1, after one wrong code", deriver.derive(&right)));
    deriver.params.i_threshold = 0;
    rows.push((0, "the right code", deriver.derive(&right)));
    rows.push((201, "the same code again", deriver.derive(&right)));
    deriver.params.chk_inact_days = 1;
    deriver.now += 100_000;
    rows.push((205, "ChkInactDays 1, 100 000 seconds later", deriver.derive(&right)));
    let cx = Context { now: NOW, params: &deriver.params, sealing: Sealing::Software };
    let mut blob = deriver.blobs[0].clone().unwrap();
    set_property(&cx, &mut blob, id::TOKEN_STATUS, 0).unwrap();
    deriver.blobs[0] = Some(blob);
    rows.push((208, "TOKEN_STATUS set to 0", deriver.derive(&right)));
    for (score, how) in (1..8).zip(SCORES) {
        let mut scored = Deriver::new(Kind::ResponseOnly, RO, |d| d.profile.score = true);
        let text = scored.code(score);
        rows.push((10_000 + i32::from(score), how, scored.derive(&text)));
    }
    rows
}

fn signature_rows() -> Rows {
    [signature_state_rows(), signature_input_rows(), signature_configuration_rows(), signature_sealing_rows()]
        .concat()
}

fn derive_rows() -> Rows {
    [derive_state_rows(), derive_input_rows(), derive_challenge_rows(), derive_configuration_rows()].concat()
}

#[test]
fn every_documented_code_is_provoked_or_explained() {
    for (function, codes, rows) in [
        ("verify_message_signature", SIGNATURE_CODES, signature_rows()),
        ("derive_token_blobs", DERIVE_CODES, derive_rows()),
    ] {
        for (expected, how, got) in &rows {
            assert_eq!(expected, got, "{function}: {how}");
            assert!(codes.contains(expected), "{function}: {expected} is not documented");
        }
        for code in codes {
            let provoked = rows.iter().any(|(expected, ..)| expected == code);
            let explained = UNREACHABLE.iter().any(|(unreachable, _)| unreachable == code);
            assert!(provoked != explained, "{function}: {code}: provoked {provoked}, explained {explained}");
            assert!(ReturnCode(*code).row().is_some(), "{code} has no row in the table of codes");
        }
    }
}

#[test]
fn the_published_table_is_up_to_date() {
    let mut text = "# Return codes and what provokes them\n\nWritten by `crates/digipass/tests/return_codes.rs` from the calls it makes; \
                    run it with `BANCADA_BLESS=1` to bring this page up to date.\n"
        .to_owned();
    for (function, codes, rows) in [
        ("AAL2VerifyMessageSignature (verify_message_signature)", SIGNATURE_CODES, signature_rows()),
        ("AAL2DeriveTokenBlobs (derive_token_blobs)", DERIVE_CODES, derive_rows()),
    ] {
        text += &format!("\n## {function}\n\n| code | meaning | provoked by |\n|---:|---|---|\n");
        for number in codes {
            let row = rows.iter().find(|(_, _, got)| got == number).map(|(_, how, _)| (*how).to_owned());
            let reason = UNREACHABLE
                .iter()
                .find(|(code, _)| code == number)
                .map(|(_, why)| format!("*nothing: {why}*"));
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
