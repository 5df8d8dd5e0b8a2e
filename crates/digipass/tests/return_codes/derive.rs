//! The derivation code, and what provokes each of its codes.

use bancada_digipass::authenticator::{Authenticator, Prompt};
use bancada_digipass::blob::{DataField, Kind};
use bancada_digipass::derive::{Derivation, DerivationFormat, derive_token_blobs};
use bancada_digipass::manage::{id, set_property};
use bancada_digipass::{Blob, Context, Definition, KernelParams, Owner, Sealing};

use crate::{NOW, RO, Rows, SCORES, code, damaged, definition, suite};

const CR: &str = "OCRA-1:HOTP-SHA256-8:QN08-T36S";

/// Every row.
pub(crate) fn rows() -> Rows {
    [derive_state_rows(), derive_input_rows(), derive_challenge_rows(), derive_configuration_rows()].concat()
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
        (1111, "13 characters", deriver.derive("1234567890123")),
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
