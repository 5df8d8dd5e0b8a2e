use super::*;
use crate::authenticator::Prompt;
use crate::blob::DataField;
use crate::blob::Kind::{self, *};
use crate::testing::{self, Bench, CR, NOW, RO, SG};
use crate::{Definition, Owner};

const PHONE: &[u8] = b"fingerprint of the first phone";

/// A host with several applications of one authenticator.
struct Licence {
    bench: Bench,
    blobs: Vec<Option<Blob>>,
}

fn licence(kinds: &[(Kind, &str)], change: impl Fn(usize, &mut Definition)) -> Licence {
    let mut definitions = Vec::new();
    for (place, (kind, suite)) in kinds.iter().enumerate() {
        let mut definition = testing::definition(*kind, suite, &format!("APP{place}"));
        definition.profile.derivation = true;
        change(place, &mut definition);
        definitions.push(definition);
    }
    let mut bench = Bench::of(&definitions[0]);
    bench.device = crate::authenticator::Authenticator::new(&definitions).unwrap();
    let blobs = definitions.iter().map(|definition| Some(definition.blob(&bench.cx()).unwrap())).collect();
    Licence { bench, blobs }
}

fn one(kind: Kind, suite: &str) -> Licence {
    licence(&[(kind, suite)], |_, _| {})
}

impl Licence {
    fn derive(&mut self, code: &str, challenge: Option<&str>, format: u32) -> i32 {
        let count = self.blobs.len() as i32;
        self.call(&Derivation {
            count,
            challenge: challenge.map(str::as_bytes),
            code: Some(code.as_bytes()),
            format,
        })
    }

    fn call(&mut self, request: &Derivation<'_>) -> i32 {
        let result = derive_token_blobs(&self.bench.cx(), &mut self.blobs, request);
        result.map_or_else(|code| code, |verified| verified.code()).0
    }

    fn code(&mut self, format: DerivationFormat) -> String {
        let prompt = self.bench.prompt();
        self.bench.device.derivation_code(&prompt, PHONE, None, format).unwrap()
    }

    fn verify(&mut self, place: usize, otp: &str) -> i32 {
        self.bench.blob = self.blobs[place].clone().unwrap();
        let code = self.bench.code(otp);
        self.blobs[place] = Some(self.bench.blob.clone());
        code
    }

    fn edit(&mut self, place: usize, change: impl FnOnce(&mut Application)) {
        self.bench.blob = self.blobs[place].clone().unwrap();
        self.bench.edit(change);
        self.blobs[place] = Some(self.bench.blob.clone());
    }
}

#[test]
fn a_binding_replaces_the_one_before_and_the_old_device_stops_working() {
    let mut licence =
        licence(&[(ResponseOnly, RO), (Signature, SG), (ResponseOnly, "HOTP-SHA1-6")], |_, _| {});
    let mut unbound = licence.bench.device.clone();
    let otp = licence.bench.otp();
    assert_eq!(licence.verify(0, &otp), 0, "before derivation a normal password verifies");
    licence.bench.now += 36;
    let code = licence.code(DerivationFormat::Decimal);
    assert_eq!((code.len(), licence.derive(&code, None, 0)), (18, 0));
    let mut first = licence.bench.device.clone();
    for place in 0..3 {
        licence.edit(place, |app| assert!(app.state.derived && app.secrets.diversifier != 0));
    }
    licence.bench.now += 36;
    let mut prompt = licence.bench.prompt();
    let (old, new) =
        (unbound.password(&prompt, None).unwrap().text, first.password(&prompt, None).unwrap().text);
    assert_eq!((licence.verify(0, &old), licence.verify(0, &new)), (1, 0));
    prompt.application = Some("APP2");
    let (old, new) =
        (unbound.password(&prompt, None).unwrap().text, first.password(&prompt, None).unwrap().text);
    assert_eq!((licence.verify(2, &old), licence.verify(2, &new)), (1, 0));

    // The same licence activated on a second phone.
    licence.bench.now += 36;
    let prompt = Prompt { application: None, now: licence.bench.now, score: 0 };
    let mut second = unbound;
    let code = second.derivation_code(&prompt, b"another phone", None, DerivationFormat::Hex).unwrap();
    assert_eq!(licence.derive(&code, None, 1), 0);
    licence.bench.now += 36;
    let prompt = Prompt { now: licence.bench.now, ..prompt };
    let (old, new) =
        (first.password(&prompt, None).unwrap().text, second.password(&prompt, None).unwrap().text);
    assert_eq!((licence.verify(0, &old), licence.verify(0, &new)), (1, 0));
}

#[test]
fn codes_are_bound_to_their_diversifier_and_used_once() {
    let mut licence = one(ResponseOnly, RO);
    let code = licence.code(DerivationFormat::Decimal);
    let mut other = code.clone().into_bytes();
    other[9] = (other[9] - b'0' + 1) % 10 + b'0';
    other[17] = encoding::check_digit(&other[..17], 10).unwrap();
    assert_eq!(licence.derive(&String::from_utf8(other).unwrap(), None, 0), 1);
    licence.edit(0, |app| assert!(app.state.error_count == 1 && !app.state.derived));
    assert_eq!(licence.derive(&code, None, 0), 0);
    assert_eq!(licence.derive(&code, None, 0), 201);
}

#[test]
fn all_or_nothing() {
    let mut licence =
        licence(&[(ResponseOnly, RO), (Signature, SG)], |place, d| d.profile.derivation = place == 0);
    let before = licence.blobs.clone();
    let code = licence.code(DerivationFormat::Decimal);
    assert_eq!(licence.derive(&code, None, 0), 1118);
    assert_eq!(licence.blobs, before);
    licence.blobs.pop();
    assert_eq!(licence.derive(&code, None, 0), 0);
}

#[test]
fn counts_and_places() {
    let mut licence = one(ResponseOnly, RO);
    let code = licence.code(DerivationFormat::Decimal);
    for count in [0, -1, 9] {
        assert_eq!(
            licence.call(&Derivation { count, code: Some(code.as_bytes()), ..Derivation::default() }),
            808
        );
    }
    assert_eq!(licence.call(&Derivation { count: 1, ..Derivation::default() }), 1110);
    licence.blobs.resize(8, None);
    let blob = licence.blobs[0].take();
    assert_eq!(licence.derive(&code, None, 0), 510);
    licence.blobs[1].clone_from(&blob);
    assert_eq!(licence.derive(&code, None, 0), 510);
    licence.blobs[0] = blob;
    licence.blobs[1] =
        Some(testing::definition(ResponseOnly, RO, "OTHER").blob(&licence.bench.cx()).unwrap());
    assert_eq!(licence.derive(&code, None, 0), 1118);
    let mut stranger = testing::definition(ResponseOnly, RO, "OTHER");
    stranger.owner = Owner::new("VDS0000002", "OTHER").unwrap();
    licence.blobs[1] = Some(stranger.blob(&licence.bench.cx()).unwrap());
    assert_eq!(licence.derive(&code, None, 0), 807);
    licence.blobs[1] = None;
    assert_eq!(licence.derive(&code, None, 0), 0, "eight places, one BLOB");
}

#[test]
fn malformed_codes_are_named_and_count_for_the_response_in_them() {
    let mut licence = one(ResponseOnly, RO);
    let code = licence.code(DerivationFormat::Decimal);
    let change = |place: usize, by: &str| format!("{}{by}{}", &code[..place], &code[place + 1..]);
    for (code, format, expected) in [
        (code.clone(), 2, 1114),
        (code[..10].to_owned(), 0, 1111),
        ("1".repeat(27), 0, 1111),
        ("1".repeat(26), 0, -203),
        (code[1..].to_owned(), 0, -202),
        (format!("1{code}"), 0, -203),
        (change(9, "A"), 0, 1112),
        (change(17, "A"), 0, 1112),
        (change(9, "G"), 1, 1112),
        (change(0, "A"), 0, -205),
        (change(0, if code.starts_with('0') { "1" } else { "0" }), 0, 1113),
    ] {
        assert_eq!(licence.derive(&code, None, format), expected, "{code}");
    }
    let zero = "12345678000000000";
    let check = encoding::check_digit(zero.as_bytes(), 10).unwrap();
    assert_eq!(licence.derive(&format!("{zero}{}", char::from(check)), None, 0), 1109);
    licence.edit(0, |app| assert_eq!(app.state.error_count, 4));
    let mut hex = one(ResponseOnly, "BANCADA-1:TOTP-SHA256-16H-T36S");
    let code = hex.code(DerivationFormat::Decimal);
    assert_eq!(code.len(), MAX_CODE);
    assert_eq!(hex.derive(&format!("G{}", &code[1..]), None, 0), -206);
    assert_eq!(hex.derive(&code, None, 0), 0);
}

#[test]
fn challenges_take_part() {
    let mut licence = one(ChallengeResponse, CR);
    licence.edit(0, |app| app.profile.fields[0] = DataField { min: 6, max: 8, check_digit: true });
    licence.edit(0, |app| app.state.challenge = "12345674".to_owned());
    let prompt = licence.bench.prompt();
    let code =
        licence.bench.device.derivation_code(&prompt, PHONE, Some("12345674"), DerivationFormat::Decimal);
    let code = code.unwrap();
    for (challenge, expected) in [
        (None, 131),
        (Some("12345"), -101),
        (Some("123456789"), -102),
        (Some("12345675"), -103),
        (Some("1234567A"), -108),
        (Some("1234566"), 140),
        (Some("12345674"), 0),
    ] {
        assert_eq!(licence.derive(&code, challenge, 0), expected, "{challenge:?}");
    }
}

#[test]
fn scores_are_reported() {
    for score in 0..=7u8 {
        let mut licence = licence(&[(ResponseOnly, RO)], |_, d| d.profile.score = true);
        let prompt = Prompt { score, ..licence.bench.prompt() };
        let code =
            licence.bench.device.derivation_code(&prompt, PHONE, None, DerivationFormat::Decimal).unwrap();
        let expected = if score == 0 { 0 } else { 10_000 + i32::from(score) };
        assert_eq!(licence.derive(&code, None, 0), expected);
    }
}

#[test]
fn what_cannot_be_derived_is_named() {
    let suite = |name: &str| name.parse().unwrap();
    type Change<'a> = Box<dyn Fn(&mut Definition) + 'a>;
    let cases: Vec<(Change<'_>, i32)> = vec![
        (Box::new(|d| d.profile.kind = Signature), 132),
        (Box::new(|d| d.profile.kind = UnlockV2), 1103),
        (Box::new(|d| d.profile.kind = EmvCap), 1000),
        (Box::new(|d| d.profile.derivation = false), 1118),
        (Box::new(|d| d.profile.fields.extend_from_within(..)), -107),
        (Box::new(|d| d.profile.fields[0].min = 9), -105),
        (Box::new(|d| d.profile.fields[0].max = 9), -106),
        (Box::new(|d| d.profile.suite = suite("BANCADA-1:HOTP-SHA256-17:QN08-T36S")), -201),
        (Box::new(|d| d.profile.suite = suite("BANCADA-1:HOTP-SHA256-8U:QN08-T36S")), -207),
        (
            Box::new(|d| {
                d.profile.suite = suite("OCRA-1:HOTP-SHA256-8:QA08");
                d.profile.fields[0].check_digit = true;
            }),
            1118,
        ),
        (
            Box::new(|d| {
                d.profile.suite = suite("OCRA-1:HOTP-SHA256-6:QN08");
                d.profile.score = true;
            }),
            1039,
        ),
        (Box::new(|d| d.profile.host_code_len = 11), 1040),
    ];
    for (change, expected) in cases {
        let mut licence = licence(&[(ChallengeResponse, CR)], |_, d| change(d));
        assert_eq!(licence.derive("123456780000000016", Some("12345678"), 0), expected);
    }
}

#[test]
fn the_gates_of_passwords_apply() {
    let mut licence = one(ResponseOnly, RO);
    let code = licence.code(DerivationFormat::Decimal);
    licence.edit(0, |app| app.state.primary = false);
    assert_eq!(licence.derive(&code, None, 0), 208);
    licence.edit(0, |app| {
        app.state.primary = true;
        app.state.error_count = 3;
    });
    licence.bench.params.i_threshold = 3;
    assert_eq!(licence.derive(&code, None, 0), 202);
    licence.bench.params.i_threshold = 0;
    licence.bench.params.chk_inact_days = 1;
    licence.edit(0, |app| {
        app.state.unsynchronised = false;
        app.state.last_time_used = (NOW - 100_000) as u32;
    });
    assert_eq!(licence.derive(&code, None, 0), 205);
    licence.bench.params.chk_inact_days = 0;
    let mut bytes = *licence.blobs[0].as_ref().unwrap().as_bytes();
    bytes[100] ^= 1;
    licence.blobs[0] = Some(Blob::from_bytes(&bytes).unwrap());
    assert!([412, 413].contains(&licence.derive(&code, None, 0)));
    bytes[100] = b'!';
    licence.blobs[0] = Some(Blob::from_bytes(&bytes).unwrap());
    assert_eq!(licence.derive(&code, None, 0), 413);
}

#[test]
fn a_virtual_token_cannot_derive() {
    use crate::role::RoleKeys;
    use crate::suite::{Inputs, Responder};
    let mut licence = licence(&[(ResponseOnly, RO)], |_, d| d.profile.virtual_token = true);
    licence.edit(0, |app| app.state.backup = true);
    let mut code = String::new();
    licence.edit(0, |app| {
        let responder =
            Responder::new(&app.profile.suite, &RoleKeys::new(app.secrets.expose_key(), 1).virtual_token());
        let inputs = Inputs { counter: 0, question: &[0; 128], pin: &[], session: &[], step: NOW / 36 };
        let value = responder.value(&responder.open(&inputs), inputs.step);
        code = format!("{}000000001", app.profile.suite.write(value));
    });
    code.push(char::from(encoding::check_digit(code.as_bytes(), 10).unwrap()));
    assert_eq!(licence.derive(&code, None, 0), 1);
    let code = licence.code(DerivationFormat::Decimal);
    assert_eq!(licence.derive(&code, None, 0), 0);
    licence.edit(0, |app| assert!(app.state.backup, "the virtual token stays enabled"));
}

#[test]
fn a_key_service_that_fails_half_way_changes_nothing() {
    use crate::keys::{InitialVector, KeyAlgorithm, KeyError, KeyService, Sealing};
    struct ReadOnly;
    impl KeyService for ReadOnly {
        fn decrypt(&self, key: &str, _: &InitialVector, _: &mut [u8]) -> Result<(), KeyError> {
            if key == "missing" { Err(KeyError::NotFound) } else { Ok(()) }
        }
        fn encrypt(&self, key: &str, _: &InitialVector, _: &mut [u8]) -> Result<KeyAlgorithm, KeyError> {
            if key == "writable" { Ok(KeyAlgorithm::Aes) } else { Err(KeyError::Session) }
        }
        fn random(&self, _: &mut [u8]) -> Result<(), KeyError> {
            Err(KeyError::Session)
        }
    }
    let mut licence = licence(&[(ResponseOnly, RO), (ResponseOnly, RO)], |_, _| {});
    let code = licence.code(DerivationFormat::Decimal);
    let params = licence.bench.params.clone();
    let with = |key| {
        let sealing = Sealing::Service { service: &ReadOnly, key, iv: InitialVector::default() };
        Context { now: NOW, params: &params, sealing }
    };
    for blob in licence.blobs.iter_mut().flatten() {
        crate::manage::migrate_blob(&licence.bench.cx(), &with("writable"), blob).unwrap();
    }
    let before = licence.blobs.clone();
    let request = Derivation { count: 2, code: Some(code.as_bytes()), ..Derivation::default() };
    assert_eq!(
        derive_token_blobs(&with("other"), &mut licence.blobs, &request),
        Err(ReturnCode::HSM_SESSION)
    );
    assert_eq!(licence.blobs, before);
    // What is wrong with an earlier BLOB, or with the key, is said before that a later one cannot be read.
    let changed = |place: usize, at: usize, byte| {
        let mut bytes = *before[place].as_ref().unwrap().as_bytes();
        bytes[at] = byte;
        Some(Blob::from_bytes(&bytes).unwrap())
    };
    let (unreadable, foreign) = (changed(1, 100, b'!'), changed(0, 22, b'1'));
    for (key, first, expected) in [
        ("writable", &before[0], ReturnCode::BASE64),
        ("missing", &before[0], ReturnCode::HSM_KEY_NOT_FOUND),
        ("writable", &foreign, ReturnCode::CHECKSUM_HSM),
        ("missing", &unreadable, ReturnCode::BASE64),
    ] {
        let mut blobs = [first.clone(), unreadable.clone()];
        assert_eq!(derive_token_blobs(&with(key), &mut blobs, &request), Err(expected), "{key}");
    }
    assert_eq!(derive_token_blobs(&with("writable"), &mut licence.blobs, &request).unwrap().code().0, 0);
}

proptest::proptest! {
    #[test]
    fn any_code_is_verified_or_refused(code in proptest::collection::vec(proptest::num::u8::ANY, 0..30), format in 0u32..3) {
        let mut licence = one(ResponseOnly, RO);
        let result = licence.call(&Derivation { count: 1, challenge: None, code: Some(&code), format });
        proptest::prop_assert_ne!(result, 0);
    }

    #[test]
    fn digits_of_any_kind_are_refused(code in "[0-9A-F]{11,26}") {
        let mut licence = one(ResponseOnly, RO);
        proptest::prop_assert_ne!(licence.derive(&code, None, 0), 0);
        proptest::prop_assert_ne!(licence.derive(&code, None, 1), 0);
    }
}
