use super::*;
use crate::Definition;
use crate::blob::Kind::{self, *};
use crate::manage::{get_property, id, set_property};
use crate::testing::{Bench, CR, RO, SG};

const DATA: &[&str] = &["PAY", "7"];

fn backup(kind: Kind, suite: &str, change: impl FnOnce(&mut Definition)) -> Bench {
    let mut bench = Bench::with(kind, suite, |d| {
        d.profile.virtual_token = true;
        change(d);
    });
    set(&mut bench, id::TOKEN_STATUS, 3);
    bench
}

fn primary(kind: Kind, suite: &str) -> Bench {
    Bench::with(kind, suite, |d| d.profile.virtual_primary = true)
}

fn set(bench: &mut Bench, property: i32, value: i64) {
    let mut blob = bench.blob.clone();
    set_property(&bench.cx(), &mut blob, property, value).unwrap();
    bench.blob = blob;
}

fn make(bench: &mut Bench, challenge: Option<&str>) -> Result<Generated, ReturnCode> {
    let mut blob = bench.blob.clone();
    let made = gen_password(&bench.cx(), &mut blob, challenge.map(str::as_bytes));
    bench.blob = blob;
    made
}

fn text(bench: &mut Bench) -> String {
    make(bench, None).unwrap().text
}

fn sign(bench: &mut Bench, deferred: u32) -> Result<Generated, ReturnCode> {
    let data: Vec<&[u8]> = DATA.iter().map(|field| field.as_bytes()).collect();
    let mut blob = bench.blob.clone();
    let made = gen_signature(&bench.cx(), &mut blob, Some(&data), deferred);
    bench.blob = blob;
    made
}

#[test]
fn backups_have_uses_and_days() {
    let mut bench = backup(ResponseOnly, RO, |d| {
        d.virtual_uses = 3;
        d.virtual_days = 3;
    });
    let otp = text(&mut bench);
    assert_ne!(otp, bench.otp());
    let state = bench.app().clear.state;
    assert!(state.grace_started && state.virtual_uses == 2, "counted when it is made");
    assert_eq!(bench.code(&otp), 0);
    assert!(bench.app().state.last_was_virtual && bench.app().state.virtual_uses == 2);
    assert_eq!(bench.code(&otp), 201);
    bench.now += 3 * 86_400;
    let otp = text(&mut bench);
    bench.now += 36;
    let last = text(&mut bench);
    assert_eq!(make(&mut bench, None), Err(ReturnCode::USES_REACHED));
    set(&mut bench, id::TOKEN_STATUS, 2);
    let device = bench.otp();
    assert_eq!(bench.code(&device), 1, "the device itself is disabled");
    assert_eq!(bench.code(&otp), 0, "made before the uses were over");
    set(&mut bench, id::VIRTUAL_TOKEN_REMAIN_USE, 0);
    assert_eq!(bench.app().state.virtual_uses, UNLIMITED, "0 disables the counter");
    bench.now += 86_400;
    assert_eq!(make(&mut bench, None), Err(ReturnCode::GRACE_EXPIRED));
    bench.params.i_time_window = 1000;
    assert_eq!(bench.code(&last), 1);
    set(&mut bench, id::VIRTUAL_TOKEN_GRACE_PERIOD, 1);
    let otp = text(&mut bench);
    assert_eq!(bench.code(&otp), 0);
}

#[test]
fn what_is_no_virtual_token_or_disabled_says_so() {
    let mut real = Bench::new(ResponseOnly, RO);
    assert_eq!(make(&mut real, None), Err(ReturnCode::VIRTUAL_NOT_SUPPORTED));
    let mut bench = backup(ResponseOnly, RO, |_| {});
    for status in [0, 1] {
        set(&mut bench, id::TOKEN_STATUS, status);
        assert_eq!(make(&mut bench, None), Err(ReturnCode::APPLICATION_DISABLED), "{status}");
    }
    set(&mut bench, id::TOKEN_STATUS, 3);
    bench.params.i_threshold = 1;
    bench.code("00000000");
    assert_eq!(make(&mut bench, None), Err(ReturnCode::IDENTIFICATION_THRESHOLD));
    assert_eq!(bench.app().state.error_count, 1, "not counted");
}

/// Time-based, without challenge and static PIN, whatever the application is.
#[test]
fn backups_are_time_based_and_ask_for_nothing() {
    for (kind, suite) in
        [(ChallengeResponse, CR), (ResponseOnly, "HOTP-SHA1-6"), (MultiMode, "OCRA-1:HOTP-SHA1-8:C-QH64")]
    {
        let mut bench = backup(kind, suite, |_| {});
        for _ in 0..3 {
            bench.now += 36;
            let otp = text(&mut bench);
            assert_eq!(bench.code(&otp), 0, "{suite}");
            assert_eq!(bench.app().state.next_event, 0);
        }
        let old = text(&mut bench);
        assert_ne!(bench.code(&old), 0, "{suite}");
    }
    let mut bench = backup(ResponseOnly, RO, |d| {
        d.profile.pin = true;
        d.pin = zeroize::Zeroizing::new("1234".to_owned());
    });
    let (otp, device) = (text(&mut bench), bench.otp());
    assert_eq!(bench.code(&device), -202);
    assert_eq!(bench.code(&otp), 0);
    assert_eq!(bench.code(&otp), 201);
    assert_eq!(bench.app().state.error_count, 1);
}

#[test]
fn primaries_are_the_authenticator() {
    let mut bench = primary(ResponseOnly, RO);
    assert_eq!(text(&mut bench), bench.otp());
    let otp = text(&mut bench);
    assert_eq!(bench.code(&otp), 0);
    assert!(!bench.app().state.last_was_virtual);
    let mut bench = primary(ChallengeResponse, CR);
    assert_eq!(make(&mut bench, None), Err(ReturnCode::CHALLENGE_MISSING));
    assert_eq!(make(&mut bench, Some("12345678")), Err(ReturnCode::CHALLENGE_CORRUPTED));
    bench.params.check_challenge = 0;
    assert_eq!(make(&mut bench, Some("1")), Err(ReturnCode::CHALLENGE_TOO_SHORT));
    let otp = make(&mut bench, Some("12345678")).unwrap().text;
    assert_eq!(otp, bench.answer("12345678"));
    assert_eq!(bench.code_with(&otp, "12345678"), 0);
}

#[test]
fn only_primaries_sign() {
    let mut bench = backup(MultiMode, SG, |_| {});
    assert_eq!(sign(&mut bench, 0), Err(ReturnCode::NOT_PRIMARY_VIRTUAL));
    assert_eq!(sign(&mut Bench::new(Signature, SG), 0), Err(ReturnCode::VIRTUAL_NOT_SUPPORTED));
    let mut bench = primary(Signature, SG);
    let at = (bench.now + 7200) as u32;
    let (now, later) = (sign(&mut bench, 0).unwrap().text, sign(&mut bench, at).unwrap().text);
    assert_eq!(now, bench.sign_at(0, DATA));
    assert_eq!(bench.sign_code(&later, DATA, at), 0);
    bench.params.online_sg = 1;
    assert_eq!(sign(&mut bench, at), Err(ReturnCode::DEFERRED_NOT_ALLOWED));
    bench.params.s_threshold = 1;
    assert_eq!(bench.sign_code(&Bench::wrong(&now), DATA, 0), 1);
    assert_eq!(sign(&mut bench, 0), Err(ReturnCode::SIGNATURE_THRESHOLD));
}

#[test]
fn the_host_code_is_the_one_the_verification_gives() {
    for mut bench in [
        backup(ResponseOnly, RO, |d| d.profile.host_code_len = 6),
        Bench::with(ResponseOnly, RO, |d| {
            d.profile.virtual_primary = true;
            d.profile.host_code_len = 6;
        }),
    ] {
        let made = make(&mut bench, None).unwrap();
        let verified = bench.verify(&made.text).unwrap();
        assert!(made.host_code.len() == 6 && made.host_code == verified.host_code);
    }
}

/// Whatever is wrong with the challenge, the response was tried as the virtual token's: guessing it meets the threshold.
#[test]
fn guesses_at_a_backup_count_without_a_challenge() {
    let mut bench = backup(ChallengeResponse, CR, |_| {});
    bench.params.i_threshold = 2;
    assert_eq!(bench.code("00000000"), 131);
    assert_eq!(bench.code_with("00000001", "1"), -101);
    assert_eq!(bench.app().state.error_count, 2);
    assert_eq!(bench.code("00000002"), 202);
    // Where the virtual token is not tried, a challenge is no error.
    set(&mut bench, id::ERROR_COUNT, 0);
    set(&mut bench, id::TOKEN_STATUS, 1);
    assert_eq!((bench.code("00000000"), bench.app().state.error_count), (131, 0));
}

/// The greatest number of days a file can bring ends beyond the dates of 32 bits.
#[test]
fn days_beyond_the_year_2106_are_shown() {
    let mut bench = backup(ResponseOnly, RO, |d| d.virtual_days = u16::MAX);
    text(&mut bench);
    let shown = get_property(&bench.cx(), &bench.blob, id::VIRTUAL_TOKEN_GRACE_PERIOD).unwrap();
    assert_eq!((shown.text.as_str(), shown.number), ("Fri Jun  6 00:00:00 2149", Some(65_535 * 86_400)));
}
