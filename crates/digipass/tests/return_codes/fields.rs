//! Signatures over data fields, and what provokes each of their codes.

use bancada_digipass::authenticator::{Authenticator, Prompt};
use bancada_digipass::blob::{DataField, Kind};
use bancada_digipass::manage::{id, set_property};
use bancada_digipass::verify::{SignatureRequest, verify_signature};
use bancada_digipass::{Blob, Context, Definition, KernelParams, Sealing};

use crate::{NOW, RO, Rows, SCORES, code, definition, sealed, suite};

const SG: &str = "OCRA-1:HOTP-SHA256-8:QH64-T36S";
const DATA: &[&str] = &["PAY", "100.00"];

/// The codes of AAL2VerifySignature(Ex), and those that its ICSF edition adds.
pub(crate) const CODES: &[i32] = &[
    0, 10001, 10002, 10003, 10004, 10005, 10006, 10007, 1, 132, 139, 141, 148, 203, 204, 205, 206, 207, 208,
    412, 413, 414, 510, 900, 908, 951, 1103, 1116, 1117, 1118, -101, -102, -103, -105, -106, -107, -108,
    -201, -202, -203, -204, -205, -206, -207, -1501,
];

/// Every row.
pub(crate) fn rows() -> Rows {
    let mut host = Host::new(|_| {});
    let right = host.sign(0, 0);
    let fields: Vec<&[u8]> = DATA.iter().map(|field| field.as_bytes()).collect();
    let call = |cx: &Context<'_>, mut blob: Blob| {
        let request =
            SignatureRequest { signature: Some(right.as_bytes()), fields: Some(&fields), deferred: 0 };
        code(verify_signature(cx, &mut blob, &request), |verified| verified.code())
    };
    let sealing = sealed::rows(&host.params, &host.blob, call);
    [state_rows(), input_rows(), configuration_rows(), sealing].concat()
}

/// A host with one application, and its device.
struct Host {
    params: KernelParams,
    now: u64,
    blob: Blob,
    device: Authenticator,
    deferred: u32,
}

impl Host {
    fn new(change: impl FnOnce(&mut Definition)) -> Self {
        let mut definition = definition(Kind::Signature, SG, "SIGN");
        change(&mut definition);
        let params = KernelParams::default();
        let cx = Context { now: NOW, params: &params, sealing: Sealing::Software };
        let blob = definition.blob(&cx).unwrap();
        let device = Authenticator::new(&[definition]).unwrap();
        Self { params, now: NOW, blob, device, deferred: 0 }
    }

    fn sign(&mut self, seconds: i64, score: u8) -> String {
        let prompt = Prompt { application: None, now: self.now.saturating_add_signed(seconds), score };
        self.device.sign(&prompt, DATA).unwrap().text
    }

    fn verify(&mut self, signature: &str) -> i32 {
        self.verify_any(Some(signature), Some(DATA))
    }

    fn verify_any(&mut self, signature: Option<&str>, data: Option<&[&str]>) -> i32 {
        let cx = Context { now: self.now, params: &self.params, sealing: Sealing::Software };
        let fields: Option<Vec<&[u8]>> = data.map(|data| data.iter().map(|field| field.as_bytes()).collect());
        let request = SignatureRequest {
            signature: signature.map(str::as_bytes),
            fields: fields.as_deref(),
            deferred: self.deferred,
        };
        code(verify_signature(&cx, &mut self.blob, &request), |verified| verified.code())
    }
}

/// The code of a signature of the right form, after a change of the application.
fn signed(change: impl FnOnce(&mut Definition)) -> i32 {
    Host::new(change).verify("12345678")
}

fn state_rows() -> Rows {
    let mut rows = Rows::new();
    let mut host = Host::new(|_| {});
    let right = host.sign(0, 0);
    let wrong = format!("{}{}", if right.starts_with('0') { 1 } else { 0 }, &right[1..]);
    rows.push((1, "the right signature with its first digit changed", host.verify(&wrong)));
    host.params.s_threshold = 1;
    rows.push((203, "SThreshold 1, after one wrong signature", host.verify(&right)));
    host.params.s_threshold = 0;
    rows.push((0, "the right signature", host.verify(&right)));
    host.params.online_sg = 1;
    assert_eq!(host.verify(&right), 0, "OnLineSG 0 remembers nothing");
    rows.push((204, "OnLineSG 1, the same signature again", host.verify(&right)));
    let earlier = host.sign(-36, 0);
    rows.push((206, "OnLineSG 1, a signature of the step before", host.verify(&earlier)));
    host.deferred = NOW as u32;
    rows.push((207, "OnLineSG 1 with deferred data", host.verify(&right)));
    host.deferred = 0;
    host.params.chk_inact_days = 1;
    host.now += 100_000;
    rows.push((205, "ChkInactDays 1, 100 000 seconds later", host.verify(&right)));
    let cx = Context { now: NOW, params: &host.params, sealing: Sealing::Software };
    set_property(&cx, &mut host.blob, id::TOKEN_STATUS, 0).unwrap();
    rows.push((208, "TOKEN_STATUS set to 0", host.verify(&right)));
    for (score, how) in (1..8).zip(SCORES) {
        let mut scored = Host::new(|d| d.profile.score = true);
        let signature = scored.sign(0, score);
        rows.push((10_000 + i32::from(score), how, scored.verify(&signature)));
    }
    rows
}

fn input_rows() -> Rows {
    let mut host = Host::new(|_| {});
    let mut with = |fields: &[&str]| host.verify_any(Some("12345678"), Some(fields));
    let mut rows = vec![
        (141, "no data fields", with(&[])),
        (141, "nine data fields", with(&["1"; 9])),
        (-101, "an empty data field where one character is the least", with(&[""])),
        (-102, "a data field of 17 characters", with(&["12345678901234567"])),
        (-108, "a number sign in a data field", with(&["1#"])),
        (139, "no signature", host.verify_any(None, Some(DATA))),
        (148, "no array of data fields", host.verify_any(Some("12345678"), None)),
        (-202, "a digit too few", host.verify("1234567")),
        (-203, "a digit too many", host.verify("123456789")),
        (-205, "a letter in a decimal signature", host.verify("1234567A")),
    ];
    let mut hex = Host::new(|d| suite(d, "BANCADA-1:HOTP-SHA256-8H:QH64-T36S"));
    rows.push((-206, "a letter above F in a hexadecimal signature", hex.verify("1234567G")));
    let mut checked = Host::new(|d| d.profile.response_check_digit = true);
    let right = checked.sign(0, 0);
    let last = if right.ends_with('0') { "1" } else { "0" };
    rows.push((-204, "a wrong check digit", checked.verify(&format!("{}{last}", &right[..8]))));
    rows
}

fn configuration_rows() -> Rows {
    let checked = |d: &mut Definition| {
        d.profile.fields = vec![DataField { min: 1, max: 16, check_digit: true }; 2];
    };
    let mut rows = configurations(|change| signed(change));
    rows.extend([
        (132, "the application has passwords only", signed(|d| d.profile.kind = Kind::ResponseOnly)),
        (132, "a BLOB of kind EM", signed(|d| d.profile.kind = Kind::EmvCap)),
        (1103, "a BLOB of kind UL", signed(|d| d.profile.kind = Kind::UnlockV2)),
        (1118, "a suite that takes no challenge", signed(|d| suite(d, RO))),
        (-103, "data fields without the check digits they must have", signed(checked)),
        (
            1117,
            "alphanumeric fields with a check digit",
            signed(|d| {
                suite(d, "OCRA-1:HOTP-SHA256-8:QA64-T36S");
                checked(d);
            }),
        ),
    ]);
    rows
}

/// What no application that signs can be, fields or messages; `signed` tries a signature with one that was changed so.
pub(crate) fn configurations(signed: impl Fn(&dyn Fn(&mut Definition)) -> i32) -> Rows {
    vec![
        (
            -105,
            "a field's least length is above its greatest",
            signed(&|d| d.profile.fields[0] = DataField { min: 5, max: 4, check_digit: false }),
        ),
        (
            -106,
            "a field is longer than the suite's challenge",
            signed(&|d| suite(d, "OCRA-1:HOTP-SHA256-8:QH08-T36S")),
        ),
        (-107, "it claims nine fields", signed(&|d| d.profile.fields.extend_from_within(..1))),
        (-201, "its responses have 17 digits", signed(&|d| suite(d, "BANCADA-1:HOTP-SHA256-17:QH64-T36S"))),
        (
            -207,
            "it does not say whether responses are decimal",
            signed(&|d| suite(d, "BANCADA-1:HOTP-SHA256-8U:QH64-T36S")),
        ),
        (
            1116,
            "hexadecimal responses with a check digit",
            signed(&|d| {
                suite(d, "BANCADA-1:HOTP-SHA256-8H:QH64-T36S");
                d.profile.response_check_digit = true;
            }),
        ),
    ]
}
