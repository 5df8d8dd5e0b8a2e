//! Passwords, and what provokes each of their codes.

use bancada_digipass::authenticator::{Authenticator, Prompt};
use bancada_digipass::blob::{DataField, Kind};
use bancada_digipass::manage::{id, set_property};
use bancada_digipass::verify::{Password, verify_password};
use bancada_digipass::{Blob, Context, Definition, KernelParams, Sealing};

use crate::{NOW, RO, Rows, SCORES, code, definition, sealed, suite};

const CR: &str = "OCRA-1:HOTP-SHA256-8:QN08-T36S";

/// The codes of AAL2VerifyPassword(Ex), and those that its ICSF edition adds. What is wrong with a new PIN (802 to 804) is not among them.
pub(crate) const CODES: &[i32] = &[
    0, 10001, 10002, 10003, 10004, 10005, 10006, 10007, 1, 2, 130, 131, 132, 140, 201, 202, 205, 208, 412,
    413, 414, 510, 900, 908, 951, 1039, 1040, 1103, 1116, 1117, 1118, -101, -102, -103, -105, -106, -107,
    -108, -201, -202, -203, -204, -205, -206, -207, -1501,
];

/// Every row.
pub(crate) fn rows() -> Rows {
    let mut host = Host::new(Kind::ResponseOnly, RO, |_| {});
    let right = host.otp(0, 0);
    let call = |cx: &Context<'_>, mut blob: Blob| {
        let request = Password { password: Some(right.as_bytes()), challenge: None };
        code(verify_password(cx, &mut blob, &request), |verified| verified.code())
    };
    let sealing = sealed::rows(&host.params, &host.blob, call);
    [state_rows(), form_rows(), challenge_rows(), configuration_rows(), sealing].concat()
}

/// A host with one application, and its device.
struct Host {
    params: KernelParams,
    now: u64,
    blob: Blob,
    device: Authenticator,
    challenge: Option<&'static str>,
}

impl Host {
    fn new(kind: Kind, suite: &str, change: impl FnOnce(&mut Definition)) -> Self {
        let mut definition = definition(kind, suite, "OTP");
        change(&mut definition);
        let params = KernelParams { check_challenge: 0, ..KernelParams::default() };
        let cx = Context { now: NOW, params: &params, sealing: Sealing::Software };
        let blob = definition.blob(&cx).unwrap();
        let device = Authenticator::new(&[definition]).unwrap();
        Self { params, now: NOW, blob, device, challenge: None }
    }

    fn otp(&mut self, seconds: i64, score: u8) -> String {
        let prompt = Prompt { application: None, now: self.now.saturating_add_signed(seconds), score };
        self.device.password(&prompt, self.challenge).unwrap().text
    }

    fn verify(&mut self, text: &str) -> i32 {
        self.verify_any(Some(text))
    }

    fn verify_any(&mut self, text: Option<&str>) -> i32 {
        let cx = Context { now: self.now, params: &self.params, sealing: Sealing::Software };
        let request =
            Password { password: text.map(str::as_bytes), challenge: self.challenge.map(str::as_bytes) };
        code(verify_password(&cx, &mut self.blob, &request), |verified| verified.code())
    }
}

/// The code of 8 digits with a challenge, after a change of a challenge/response application.
fn verified(change: impl FnOnce(&mut Definition)) -> i32 {
    let mut host = Host::new(Kind::ChallengeResponse, CR, change);
    host.challenge = Some("12345678");
    host.verify("12345678")
}

fn state_rows() -> Rows {
    let mut rows = Rows::new();
    let mut host = Host::new(Kind::ResponseOnly, RO, |_| {});
    let right = host.otp(0, 0);
    let wrong = format!("{}{}", if right.starts_with('0') { 1 } else { 0 }, &right[1..]);
    rows.push((1, "the right response with its first digit changed", host.verify(&wrong)));
    host.params.i_threshold = 1;
    rows.push((202, "IThreshold 1, after one wrong response", host.verify(&right)));
    host.params.i_threshold = 0;
    rows.push((0, "the right response", host.verify(&right)));
    rows.push((201, "the same response again", host.verify(&right)));
    host.params.chk_inact_days = 1;
    host.now += 100_000;
    rows.push((205, "ChkInactDays 1, 100 000 seconds later", host.verify(&right)));
    let cx = Context { now: NOW, params: &host.params, sealing: Sealing::Software };
    set_property(&cx, &mut host.blob, id::TOKEN_STATUS, 0).unwrap();
    rows.push((208, "TOKEN_STATUS set to 0", host.verify(&right)));
    for (score, how) in (1..8).zip(SCORES) {
        let mut scored = Host::new(Kind::ResponseOnly, RO, |d| d.profile.score = true);
        let text = scored.otp(0, score);
        rows.push((10_000 + i32::from(score), how, scored.verify(&text)));
    }
    let mut pin = Host::new(Kind::ResponseOnly, RO, |d| {
        d.profile.pin = true;
        "1234".clone_into(&mut d.pin);
    });
    let text = format!("4321{}", pin.otp(0, 0));
    rows.push((2, "another PIN before the right response", pin.verify(&text)));
    rows
}

fn form_rows() -> Rows {
    let mut host = Host::new(Kind::ResponseOnly, RO, |_| {});
    let mut rows = vec![
        (130, "no password", host.verify_any(None)),
        (-202, "a digit too few", host.verify("1234567")),
        (-203, "a digit too many", host.verify("123456789")),
        (-205, "a letter in a decimal response", host.verify("1234567A")),
    ];
    let mut hex = Host::new(Kind::ResponseOnly, "BANCADA-1:TOTP-SHA256-8H-T36S", |_| {});
    rows.push((-206, "a letter above F in a hexadecimal response", hex.verify("1234567G")));
    let mut checked = Host::new(Kind::ResponseOnly, RO, |d| d.profile.response_check_digit = true);
    let right = checked.otp(0, 0);
    let last = if right.ends_with('0') { "1" } else { "0" };
    rows.push((-204, "a wrong check digit", checked.verify(&format!("{}{last}", &right[..8]))));
    rows
}

fn challenge_rows() -> Rows {
    let mut host = Host::new(Kind::ChallengeResponse, CR, |d| {
        d.profile.fields = vec![DataField { min: 4, max: 8, check_digit: true }];
    });
    let mut with = |challenge| {
        host.challenge = challenge;
        host.verify("12345678")
    };
    let mut rows = vec![
        (131, "no challenge", with(None)),
        (-101, "a challenge of 3 characters", with(Some("123"))),
        (-102, "a challenge of 9 characters", with(Some("123456789"))),
        (-103, "a challenge with a wrong check digit", with(Some("12345678"))),
        (-108, "a letter in a decimal challenge", with(Some("1234567A"))),
    ];
    host.params.check_challenge = 1;
    host.challenge = Some("12345674");
    rows.push((140, "CheckChallenge 1, and the BLOB holds none", host.verify("12345678")));
    rows
}

fn configuration_rows() -> Rows {
    vec![
        (132, "the application signs", verified(|d| d.profile.kind = Kind::Signature)),
        (132, "a BLOB of kind EM", verified(|d| d.profile.kind = Kind::EmvCap)),
        (1103, "a BLOB of kind UL", verified(|d| d.profile.kind = Kind::UnlockV2)),
        (1118, "a suite without challenge", verified(|d| suite(d, RO))),
        (
            1039,
            "scores with 6 digits",
            verified(|d| {
                suite(d, "OCRA-1:HOTP-SHA256-6:QN08-T36S");
                d.profile.score = true;
            }),
        ),
        (1040, "a host code of 11 digits", verified(|d| d.profile.host_code_len = 11)),
        (
            1116,
            "hexadecimal responses with a check digit",
            verified(|d| {
                suite(d, "BANCADA-1:HOTP-SHA256-8H:QN08-T36S");
                d.profile.response_check_digit = true;
            }),
        ),
        (
            1117,
            "an alphanumeric challenge with a check digit",
            verified(|d| {
                suite(d, "OCRA-1:HOTP-SHA256-8:QA08-T36S");
                d.profile.fields[0].check_digit = true;
            }),
        ),
        (
            -105,
            "the challenge's least length is above its greatest",
            verified(|d| d.profile.fields[0].min = 9),
        ),
        (-106, "the challenge is longer than the suite's", verified(|d| d.profile.fields[0].max = 9)),
        (-107, "two challenges", verified(|d| d.profile.fields.extend_from_within(..))),
        (-201, "responses of 17 digits", verified(|d| suite(d, "BANCADA-1:HOTP-SHA256-17:QN08-T36S"))),
        (
            -207,
            "it does not say whether responses are decimal",
            verified(|d| suite(d, "BANCADA-1:HOTP-SHA256-8U:QN08-T36S")),
        ),
    ]
}
