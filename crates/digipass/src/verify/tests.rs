use super::*;
use crate::Definition;
use crate::KernelParams;
use crate::authenticator::Prompt;
use crate::blob::Kind::*;
use crate::params::{DYNAMIC_WINDOW, SYNC_DISCRETE};
use crate::testing::{Bench, CR, RO, SG};

fn ro() -> Bench {
    Bench::new(ResponseOnly, RO)
}

/// A token whose clock is known, so that the ordinary window of 10 steps of 36 seconds applies.
fn synchronised() -> Bench {
    let mut bench = ro();
    let otp = bench.otp();
    assert_eq!(bench.code(&otp), 0);
    bench.now += 3600;
    bench
}

#[test]
fn a_password_verifies_once() {
    let mut bench = ro();
    let otp = bench.otp();
    assert_eq!(bench.code(&Bench::wrong(&otp)), 1);
    assert_eq!(bench.app().state.error_count, 1);
    assert_eq!(bench.code(&otp), 0);
    let state = bench.app().clear.state;
    assert_eq!((state.error_count, state.use_count, state.last_time_used), (0, 1, bench.now as u32));
    assert_eq!(bench.code(&otp), 201);
    assert_eq!(bench.app().state.error_count, 1);
    bench.now += 36;
    let otp = format!("{}  \0 rubbish", bench.otp());
    assert_eq!(bench.code(&otp), 0);
}

#[test]
fn the_window_ends_where_it_says() {
    for (steps, code) in [(-6, 1), (-5, 0), (5, 0), (6, 1)] {
        let mut bench = synchronised();
        let otp = bench.otp_at(steps * 36);
        assert_eq!(bench.code(&otp), code, "{steps}");
    }
    for (window, steps, code) in [(3, 1, 0), (3, 2, 1), (2, 1, 0), (1000, 500, 0), (1000, -501, 1)] {
        let mut bench = synchronised();
        bench.now += 86_400;
        bench.params.i_time_window = window;
        let otp = bench.otp_at(steps * 36);
        assert_eq!(bench.code(&otp), code, "{window} {steps}");
    }
}

#[test]
fn the_clock_is_followed() {
    let mut bench = synchronised();
    for _ in 0..20 {
        bench.device.clock_shift_s += 4 * 36;
        let otp = bench.otp();
        assert_eq!(bench.code(&otp), 0);
        assert_eq!(i64::from(bench.app().state.shift_s), bench.device.clock_shift_s);
        bench.now += 86_400;
    }
    let old = bench.otp_at(-bench.device.clock_shift_s);
    assert_eq!(bench.code(&old), 1);
}

#[test]
fn the_first_use_and_a_reset_take_the_synchronisation_window() {
    for (hours, code) in [(-3, 0), (3, 0), (-4, 1), (4, 1)] {
        let mut bench = ro();
        let otp = bench.otp_at(hours * 3600);
        assert_eq!(bench.code(&otp), code, "{hours}");
    }
    let mut bench = synchronised();
    bench.edit(|app| app.state.unsynchronised = true);
    let otp = bench.otp_at(10_000);
    assert_eq!(bench.code(&otp), 0);
    let otp = bench.otp_at(-10_000);
    assert_eq!(bench.code(&otp), 1);
}

#[test]
fn a_replay_is_noticed_after_a_reset_too() {
    let mut bench = synchronised();
    let otp = bench.otp();
    assert_eq!(bench.code(&otp), 0);
    bench.edit(|app| app.state.unsynchronised = true);
    assert_eq!(bench.code(&otp), 201);
    let earlier = bench.otp_at(-36);
    assert_eq!(bench.code(&earlier), 201);
}

#[test]
fn dynamic_and_discrete_windows_apply() {
    let mut bench = synchronised();
    bench.params.i_time_window = 10 | DYNAMIC_WINDOW;
    bench.now += 365 * 86_400;
    let otp = bench.otp_at(41 * 36);
    assert_eq!(bench.code(&otp), 0);
    let mut bench = synchronised();
    bench.params.sync_window = 3 | SYNC_DISCRETE;
    bench.now += 86_400;
    for (seconds, code) in [(1800, 1), (3600 + 180, 0), (7200, 1), (3600 + 216, 1), (-3600, 201)] {
        let otp = bench.otp_at(seconds);
        assert_eq!(bench.code(&otp), code, "{seconds}");
    }
}

/// As public callers rely on it: three bad tries at threshold 3, then a good one fails and the count is 4.
#[test]
fn thresholds_refuse_before_verifying() {
    let mut bench = ro();
    bench.params.i_threshold = 3;
    let otp = bench.otp();
    for count in 1..=3 {
        assert_eq!(bench.code(&Bench::wrong(&otp)), 1);
        assert_eq!(bench.app().state.error_count, count);
    }
    assert_eq!(bench.code(&otp), 202);
    assert_eq!(bench.app().state.error_count, 4);
    bench.edit(|app| app.state.error_count = 2);
    assert_eq!(bench.code(&otp), 0);
    assert_eq!(bench.app().state.error_count, 0);
    bench.edit(|app| app.state.error_count = MAX_ERRORS);
    bench.params.i_threshold = 0;
    assert_eq!(bench.code("00000000"), 1);
    assert_eq!(bench.app().state.error_count, MAX_ERRORS);
}

#[test]
fn idle_tokens_must_be_reset() {
    let mut bench = ro();
    bench.params.chk_inact_days = 30;
    let otp = bench.otp();
    assert_eq!(bench.code(&otp), 0, "never used is not idle");
    bench.now += 30 * 86_400;
    let otp = bench.otp();
    assert_eq!(bench.code(&otp), 0);
    bench.now += 30 * 86_400 + 1;
    let otp = bench.otp();
    assert_eq!(bench.code(&otp), 205);
    bench.edit(|app| app.state.unsynchronised = true);
    assert_eq!(bench.code(&otp), 0);
}

#[test]
fn malformed_responses_are_named_and_counted() {
    let mut bench = ro();
    for (text, code) in [("1234567", -202), ("123456789", -203), ("1234567a", -205), ("", -202)] {
        assert_eq!(bench.code(text), code, "{text}");
    }
    let huge = "9".repeat(10_000);
    assert_eq!(bench.code(&huge), -203);
    assert_eq!(bench.app().state.error_count, 5);
    bench.params.i_threshold = 5;
    assert_eq!(bench.code("1234567"), 202);
    let mut bench = Bench::new(ResponseOnly, "BANCADA-1:TOTP-SHA256-12H-T36S");
    assert_eq!(bench.code("1234567890AG"), -206);
    assert_eq!(bench.app().state.error_count, 1);
    let otp = bench.otp();
    assert_eq!(bench.code(&otp.to_lowercase()), 0);
    let mut bench = Bench::with(ResponseOnly, RO, |d| d.profile.response_check_digit = true);
    let otp = bench.otp();
    assert_eq!(otp.len(), 9);
    assert_eq!(bench.code(&Bench::wrong(&otp)), -204);
    assert_eq!(bench.code(&otp[..8]), -202);
    assert_eq!(bench.app().state.error_count, 2);
    assert_eq!(bench.code(&otp), 0);
    let mut bench = Bench::new(Signature, SG);
    for (text, fields, code, errors) in [
        ("1234567", 1, -202, 1),
        ("123456789", 0, -203, 2),
        ("1234567a", 1, -205, 3),
        ("12345678", 0, 141, 3),
    ] {
        assert_eq!(bench.sign_code(text, &["1111"][..fields], 0), code, "{text}");
        assert_eq!(bench.app().state.error_count, errors, "{text}");
    }
    let mut blob = bench.blob.clone();
    let result = verify_password(&bench.cx(), &mut blob, &Password::default());
    assert_eq!(result, Err(ReturnCode::RESPONSE_POINTER));
}

#[test]
fn events_only_go_forwards() {
    let mut bench = Bench::new(ResponseOnly, "HOTP-SHA1-6");
    bench.params.event_window = 10;
    let otps: Vec<String> = (0..30).map(|_| bench.otp()).collect();
    assert_eq!(bench.code(&otps[10]), 1);
    assert_eq!(bench.code(&otps[9]), 0);
    assert_eq!(bench.app().state.next_event, 10);
    assert_eq!(bench.code(&otps[9]), 1, "an event's replay is not told from a wrong code");
    assert_eq!(bench.code(&otps[5]), 1);
    assert_eq!(bench.code(&otps[20]), 1);
    assert_eq!(bench.code(&otps[19]), 0);
}

/// The last event a BLOB can count is used once; the one behind it, which no number follows, never.
#[test]
fn events_come_to_an_end() {
    const LAST: u32 = u32::MAX - 1;
    let mut bench = Bench::with(ResponseOnly, "HOTP-SHA1-6", |d| d.next_event = LAST);
    let otps = [bench.otp(), bench.otp()];
    assert_eq!(bench.code(&otps[1]), 1);
    assert_eq!(bench.code(&otps[0]), 0);
    assert_eq!(bench.app().state.next_event, u32::MAX);
    for otp in &otps {
        assert_eq!(bench.code(otp), 1);
    }

    for online in 0..4 {
        let mut bench = Bench::with(Signature, "OCRA-1:HOTP-SHA256-8:C-QH64", |d| d.next_event = LAST);
        bench.params.online_sg = online;
        let signatures = [bench.sign_at(0, &["1"]), bench.sign_at(0, &["1"])];
        assert_eq!(bench.sign_code(&signatures[1], &["1"], 0), 1, "{online}");
        assert_eq!(bench.sign_code(&signatures[0], &["1"], 0), 0, "{online}");
        assert_eq!(bench.app().state.next_event, u32::MAX, "{online}");
        assert_eq!(bench.sign_code(&signatures[1], &["1"], 0), 1, "{online}");
        if matches!(online, 0 | 3) {
            assert_eq!(bench.sign_code(&signatures[1], &["1"], u32::MAX), 1, "{online}");
        }
    }

    let mut bench = Bench::with(ResponseOnly, "HOTP-SHA1-6", |d| d.next_event = LAST);
    let otps = [bench.otp(), bench.otp()];
    let [first, second] =
        [0, 1].map(|place: usize| Password { password: Some(otps[place].as_bytes()), challenge: None });
    let mut blob = bench.blob.clone();
    let got = crate::manage::sync_token_and_host(&bench.cx(), &mut blob, &first, &second);
    assert_eq!(got, Err(ReturnCode::NOT_VERIFIED));
}

#[test]
fn events_and_time_together() {
    let mut bench = Bench::new(ResponseOnly, "OCRA-1:HOTP-SHA1-6:C-QN08-T30S");
    bench.params.sync_window = 1;
    let otps: Vec<String> = (0..3).map(|_| bench.otp()).collect();
    assert_eq!(bench.code(&otps[1]), 0);
    assert_eq!(bench.code(&otps[0]), 1);
    assert_eq!(bench.code(&otps[2]), 0, "the next event within the same step");
}

#[test]
fn scores_come_out_of_the_response() {
    for kind in [ResponseOnly, MultiMode] {
        let suite = if kind == ResponseOnly { RO } else { SG };
        let mut bench = Bench::with(kind, suite, |d| d.profile.score = true);
        for score in 0..=7u8 {
            bench.now += 36;
            let prompt = Prompt { score, ..bench.prompt() };
            let otp = bench.device.password(&prompt, None).unwrap().text;
            let expected = if score == 0 { 0 } else { 10_000 + i32::from(score) };
            assert_eq!(bench.code(&otp), expected);
            assert_eq!(bench.app().state.use_count, u32::from(score) + 1);
        }
    }
    let mut bench = Bench::new(ResponseOnly, RO);
    let prompt = Prompt { score: 7, ..bench.prompt() };
    let otp = bench.device.password(&prompt, None).unwrap().text;
    assert_eq!(bench.code(&otp), 0, "an application without scores ignores them");
}

#[test]
fn host_codes_agree() {
    let mut bench = Bench::with(ResponseOnly, RO, |d| d.profile.host_code_len = 6);
    let prompt = bench.prompt();
    let shown = bench.device.password(&prompt, None).unwrap();
    assert_eq!(shown.host_code.len(), 6);
    assert_eq!(bench.verify(&shown.text).unwrap().host_code, shown.host_code);
}

fn with_challenge(check: i32, stored: &str) -> Bench {
    let mut bench = Bench::new(ChallengeResponse, CR);
    bench.params.check_challenge = check;
    bench.edit(|app| app.state.challenge = stored.to_owned());
    bench
}

#[test]
fn challenges_are_compared_as_check_challenge_says() {
    let mut bench = with_challenge(1, "12345678");
    let otp = bench.answer("12345678");
    assert_eq!(bench.code(&otp), 131);
    assert_eq!(bench.code_with(&otp, ""), 131);
    assert_eq!(bench.code_with(&otp, "12345679"), 140);
    assert_eq!(bench.code_with(&otp, "12345678"), 0);
    assert_eq!(bench.code_with(&otp, "12345678"), 140, "a stored challenge is used once");
    let mut bench = with_challenge(0, "");
    let otp = bench.answer("12345678");
    assert_eq!(bench.code_with(&otp, "12345678"), 0);
    let mut bench = with_challenge(2, "12345678");
    let otp = bench.answer("12345678");
    assert_eq!(bench.code_with(&otp, "87654321"), 0, "the argument is ignored");
    assert_eq!(bench.code(&otp), 131);
}

#[test]
fn challenges_within_one_step() {
    for (check, same, other) in [(0, 0, 0), (3, 201, 201), (4, 201, 0)] {
        let mut bench = with_challenge(check, "");
        let first = bench.answer("11111111");
        assert_eq!(bench.code_with(&first, "11111111"), 0);
        assert_eq!(bench.code_with(&first, "11111111"), same, "{check}");
        let second = bench.answer("22222222");
        assert_eq!(bench.code_with(&second, "22222222"), other, "{check}");
    }
    let mut bench = with_challenge(0, "");
    let earlier = bench.answer("11111111");
    bench.now += 36;
    let later = bench.answer("22222222");
    assert_eq!(bench.code_with(&later, "22222222"), 0);
    assert_eq!(bench.code_with(&earlier, "11111111"), 201);
}

/// CheckChallenge 4 refuses the same challenge and response again; two challenges may have the same response.
#[test]
fn equal_responses_to_two_challenges_are_both_accepted() {
    let mut bench = Bench::new(ChallengeResponse, "OCRA-1:HOTP-SHA256-4:QN08-T36S");
    bench.params.check_challenge = 4;
    let first = bench.answer("10000000");
    let again = (10_000_001..).map(|n| n.to_string()).find(|text| bench.answer(text) == first).unwrap();
    assert_eq!(bench.code_with(&first, "10000000"), 0);
    assert_eq!(bench.code_with(&first, &again), 0);
    assert_eq!(bench.code_with(&first, &again), 201);
}

#[test]
fn challenges_without_time() {
    let mut bench = Bench::new(ChallengeResponse, "OCRA-1:HOTP-SHA1-6:QN08");
    bench.params.check_challenge = 4;
    let otp = bench.answer("11111111");
    assert_eq!(bench.code_with(&otp, "11111111"), 0);
    assert_eq!(bench.code_with(&otp, "11111111"), 201);
    bench.params.check_challenge = 0;
    assert_eq!(bench.code_with(&otp, "11111111"), 0);
}

#[test]
fn malformed_challenges_are_named() {
    let mut bench = Bench::with(ChallengeResponse, CR, |d| {
        d.profile.fields[0] = crate::blob::DataField { min: 6, max: 8, check_digit: true };
    });
    bench.params.check_challenge = 0;
    for (challenge, code) in [("12345", -101), ("123456789", -102), ("1234a6", -108), ("123456", -103)] {
        assert_eq!(bench.code_with("12345678", challenge), code, "{challenge}");
    }
    assert_eq!(bench.app().state.error_count, 0);
    let otp = bench.answer("1234566");
    assert_eq!(bench.code_with(&otp, "1234566"), 0);
}

/// RFC 6287 appendix C, through a BLOB: challenge and PIN, counter, and time.
#[test]
fn published_ocra_values_verify() {
    let key = b"1234567890123456789012345678901234567890123456789012345678901234";
    let make = |suite: &str, len: usize| {
        let mut definition: Definition = crate::testing::definition(ChallengeResponse, suite, "RFC");
        definition.key = zeroize::Zeroizing::new(key[..len].to_vec());
        definition.profile.pin = true;
        definition.pin = zeroize::Zeroizing::new("1234".to_owned());
        definition.pin_rules.enabled = false;
        let mut bench = Bench::of(&definition);
        bench.params.check_challenge = 0;
        bench
    };
    let mut bench = make("OCRA-1:HOTP-SHA256-8:QN08-PSHA1", 32);
    assert_eq!(bench.code_with("17957585", "22222222"), 0);
    let mut bench = make("OCRA-1:HOTP-SHA512-8:C-QN08", 64);
    assert_eq!(bench.code_with("34205738", "55555555"), 0);
    assert_eq!(bench.app().state.next_event, 6);
    let mut bench = make("OCRA-1:HOTP-SHA512-8:QN08-T1M", 64);
    bench.now = 0x0132_d0b6 * 60;
    assert_eq!(bench.code_with("36209546", "44444444"), 0);
    let mut bench = make("OCRA-1:HOTP-SHA1-6:QN08", 20);
    assert_eq!(bench.code_with("294470", "99999999"), 0);
}

#[test]
fn kinds_and_configurations_that_cannot_work_are_named() {
    let suite = |name: &str| name.parse().unwrap();
    type Change = Box<dyn FnOnce(&mut Definition)>;
    let cases: Vec<(Change, i32)> = vec![
        (Box::new(|d| d.profile.kind = UnlockV2), 1103),
        (Box::new(|d| d.profile.kind = EmvCap), 132),
        (Box::new(|d| d.profile.kind = MasterActivation), 132),
        (Box::new(|d| d.profile.kind = Signature), 132),
        (Box::new(|d| d.profile.fields.extend_from_within(..)), -107),
        (Box::new(|d| d.profile.fields[0].min = 9), -105),
        (Box::new(|d| d.profile.fields[0].max = 9), -106),
        (Box::new(move |d| d.profile.suite = suite("BANCADA-1:HOTP-SHA256-17:QN08-T36S")), -201),
        (Box::new(move |d| d.profile.suite = suite("BANCADA-1:HOTP-SHA256-3:QN08-T36S")), -201),
        (Box::new(move |d| d.profile.suite = suite("BANCADA-1:HOTP-SHA256-8U:QN08-T36S")), -207),
        (
            Box::new(move |d| {
                d.profile.suite = suite("BANCADA-1:HOTP-SHA256-8H:QN08-T36S");
                d.profile.response_check_digit = true;
            }),
            1116,
        ),
        (
            Box::new(move |d| {
                d.profile.suite = suite("OCRA-1:HOTP-SHA256-8:QA08-T36S");
                d.profile.fields[0].check_digit = true;
            }),
            1117,
        ),
        (
            Box::new(move |d| {
                d.profile.suite = suite("OCRA-1:HOTP-SHA256-6:QN08-T36S");
                d.profile.score = true;
            }),
            1039,
        ),
        (
            Box::new(|d| {
                d.profile.score = true;
                d.profile.host_code_len = 3;
            }),
            1040,
        ),
        (Box::new(|d| d.profile.host_code_len = 11), 1040),
        (Box::new(move |d| d.profile.suite = suite("TOTP-SHA256-8-T36S")), 1118),
    ];
    for (change, code) in cases {
        let mut bench = Bench::with(ChallengeResponse, CR, change);
        assert_eq!(bench.code_with("12345678", "12345678"), code);
    }
    let mut bench = ro();
    bench.edit(|app| app.state.primary = false);
    let otp = bench.otp();
    assert_eq!(bench.code(&otp), 208);
}

#[test]
fn a_pin_enters_the_computation_of_a_suite_that_asks_for_it() {
    let mut bench = Bench::with(ResponseOnly, "OCRA-1:HOTP-SHA1-6:QN08-PSHA256-T30S", |d| {
        d.profile.pin = true;
        d.pin_rules.enabled = false;
        d.pin = zeroize::Zeroizing::new("1234".to_owned());
    });
    let otp = bench.otp();
    bench.device.set_pin("1235");
    let other = bench.otp();
    assert_eq!(bench.code(&other), 1);
    assert_eq!(bench.code(&otp), 0);
}

#[test]
fn parameters_that_make_no_sense_do_not_stop_a_token() {
    let mut bench = ro();
    bench.params = KernelParams::from_fields(19, &[0, 100, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0]);
    let otp = bench.otp();
    assert_eq!(bench.code(&otp), 0);
}

proptest::proptest! {
    #[test]
    fn no_time_and_no_parameter_panics(
        now in proptest::num::u64::ANY, fields in proptest::collection::vec(proptest::num::i32::ANY, 8), small in -1i32..40,
        shift in proptest::num::i32::ANY, last in proptest::num::u32::ANY, event in proptest::num::u32::ANY, kind in 0..3usize,
    ) {
        let mut bench = match kind {
            0 => Bench::new(ResponseOnly, "OCRA-1:HOTP-SHA1-6:QN08-T36S"),
            1 => Bench::new(ResponseOnly, "HOTP-SHA1-6"),
            _ => Bench::new(MultiMode, "OCRA-1:HOTP-SHA1-6:QH64-T48H"),
        };
        bench.edit(|app| {
            app.state.shift_s = shift;
            app.state.last_time_used = last;
            app.state.next_event = event;
            app.state.unsynchronised = small % 2 == 0;
        });
        bench.now = now;
        let [time, sign, gmt, challenge, days, sync, online, events] = fields.try_into().unwrap();
        bench.params = KernelParams {
            i_time_window: time, s_time_window: sign, gmt_adjust: gmt, check_challenge: challenge, chk_inact_days: days, sync_window: sync,
            online_sg: online, event_window: events, ..KernelParams::default()
        };
        let code = bench.code("123456");
        proptest::prop_assert!([0, 1, 201, 205].contains(&code), "{}", code);
        bench.params.online_sg = small % 5;
        bench.params.sync_window = SYNC_DISCRETE | small.max(0);
        let _ = bench.sign_code("123456", &["1"], last);
    }
}
