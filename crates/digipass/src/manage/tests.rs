use bancada_crypto::cipher::SymAlg;
use bancada_crypto::random::SeededRandom;

use super::*;
use crate::KernelParams;
use crate::authenticator::Prompt;
use crate::blob::DataField;
use crate::blob::Kind::*;
use crate::keys::{InProcessKeys, InitialVector, Sealing};
use crate::testing::{Bench, CR, RO, SG};
use crate::verify::Password;

fn challenge(bench: &mut Bench) -> Result<String, ReturnCode> {
    let mut blob = bench.blob.clone();
    let result = generate_challenge(&bench.cx(), &mut blob, &mut SeededRandom::from_u64(bench.now));
    bench.blob = blob;
    result
}

fn reset(bench: &mut Bench) {
    let mut blob = bench.blob.clone();
    reset_token_info(&bench.cx(), &mut blob).unwrap();
    bench.blob = blob;
}

fn set(bench: &mut Bench, property: i32, value: i64) -> i32 {
    let mut blob = bench.blob.clone();
    let result = set_property(&bench.cx(), &mut blob, property, value);
    bench.blob = blob;
    result.map_or_else(|code| code.0, |()| 0)
}

fn get(bench: &Bench, property: i32) -> String {
    get_property(&bench.cx(), &bench.blob, property).unwrap().text
}

#[test]
fn a_generated_challenge_is_answered_and_verified() {
    for check_digit in [false, true] {
        let mut bench = Bench::with(ChallengeResponse, CR, |d| d.profile.fields[0].check_digit = check_digit);
        let first = challenge(&mut bench).unwrap();
        bench.now += 36;
        let second = challenge(&mut bench).unwrap();
        assert!(first.len() == 8 && first != second);
        let otp = bench.answer(&first);
        assert_eq!(bench.code_with(&otp, &first), 140, "a new challenge takes the place of the old");
        let otp = bench.answer(&second);
        assert_eq!(bench.code_with(&otp, &second), 0);
    }
    let mut bench = Bench::with(ChallengeResponse, "OCRA-1:HOTP-SHA1-6:QH16", |d| {
        d.profile.fields[0] = DataField { min: 16, max: 16, check_digit: true };
    });
    for step in 0..50 {
        bench.now += step;
        let challenge = challenge(&mut bench).unwrap();
        let otp = bench.answer(&challenge);
        assert_eq!(bench.code_with(&otp, &challenge), 0, "{challenge}");
    }
    assert_eq!(challenge(&mut Bench::new(ResponseOnly, RO)), Err(ReturnCode::CHALLENGE_NOT_SUPPORTED));
    assert_eq!(challenge(&mut Bench::new(UnlockV2, CR)), Err(ReturnCode::UNLOCK_V2));
}

#[test]
fn a_reset_clears_errors_and_widens_the_window_once() {
    let mut bench = Bench::new(ResponseOnly, RO);
    bench.params.i_threshold = 1;
    let otp = bench.otp();
    assert_eq!(bench.code(&otp), 0);
    assert_eq!(bench.code("00000000"), 1);
    bench.now += 60;
    let far = bench.otp_at(10_000);
    assert_eq!(bench.code(&far), 202);
    reset(&mut bench);
    assert_eq!(bench.app().state.error_count, 0);
    assert_eq!(bench.code(&far), 0);
    assert!(!bench.app().state.unsynchronised);
}

#[test]
fn two_responses_in_a_row_bring_a_lost_clock_back() {
    let mut bench = Bench::new(ResponseOnly, RO);
    let otp = bench.otp();
    assert_eq!(bench.code(&otp), 0);
    bench.now += 86_400;
    // SyncWindow is 6 hours: 3 either way.
    for (ahead, apart, code) in
        [(10_700, 36, 0), (10_000, 12 * 36, 1), (-10_700, 72, 0), (10_900, 36, 1), (-10_900, 36, 1)]
    {
        let (first, second) = (bench.otp_at(ahead), bench.otp_at(ahead + apart));
        assert_eq!(bench.code(&first), 1);
        let mut blob = bench.blob.clone();
        let [first, second] =
            [&first, &second].map(|otp| Password { password: Some(otp.as_bytes()), challenge: None });
        let result = sync_token_and_host(&bench.cx(), &mut blob, &first, &second);
        assert_eq!(result.map_or_else(|code| code.0, |_| 0), code, "{ahead} {apart}");
        if code == 0 {
            let again = sync_token_and_host(&bench.cx(), &mut blob.clone(), &first, &second);
            assert_eq!(again, Err(ReturnCode::CODE_REPLAY));
            let mut synced = Bench { blob, ..Bench::new(ResponseOnly, RO) };
            synced.now = bench.now;
            let otp = synced.otp_at(ahead + apart + 36);
            assert_eq!(synced.code(&otp), 0);
        }
    }
}

#[test]
fn two_events_in_a_row_bring_a_lost_counter_back() {
    let mut bench = Bench::new(ResponseOnly, "HOTP-SHA1-6");
    let otps: Vec<String> = (0..520).map(|_| bench.otp()).collect();
    assert_eq!(bench.code(&otps[510]), 1);
    let ask = |otp: &'_ String| otp.clone().into_bytes();
    let (first, second, third) = (ask(&otps[510]), ask(&otps[511]), ask(&otps[512]));
    fn password(otp: &[u8]) -> Password<'_> {
        Password { password: Some(otp), challenge: None }
    }
    let mut blob = bench.blob.clone();
    let cx = bench.cx();
    for (one, two, code) in
        [(&b"12"[..], &first[..], -202), (&first, b"1234567", -203), (&first, b"12345x", -205)]
    {
        let got = sync_token_and_host(&cx, &mut blob, &password(one), &password(two));
        assert_eq!(got.map_err(|code| code.0), Err(code));
    }
    let errors = Application::open(&cx, &blob).unwrap().state.error_count;
    assert_eq!(errors, 4, "malformed responses count too");
    assert!(sync_token_and_host(&cx, &mut blob, &password(&first), &password(&third)).is_err());
    assert!(sync_token_and_host(&cx, &mut blob, &password(&first), &Password::default()).is_err());
    sync_token_and_host(&cx, &mut blob, &password(&first), &password(&second)).unwrap();
    bench.blob = blob;
    assert_eq!(bench.code(&otps[512]), 0);
}

#[test]
fn blobs_move_between_keys() {
    let mut bench = Bench::new(ResponseOnly, RO);
    let keys = InProcessKeys::new(Box::new(SeededRandom::from_u64(1)));
    keys.add("TRANSPORT", SymAlg::Des3_112, &std::array::from_fn::<u8, 16, _>(|i| i as u8), true).unwrap();
    keys.add("STORAGE", SymAlg::Aes256, &std::array::from_fn::<u8, 32, _>(|i| i as u8), true).unwrap();
    let params = KernelParams::default();
    let with = |key| Context {
        now: 0,
        params: &params,
        sealing: Sealing::Service { service: &keys, key, iv: InitialVector([1; 8]) },
    };
    let mut blob = bench.blob.clone();
    migrate_blob(&bench.cx(), &with("TRANSPORT"), &mut blob).unwrap();
    migrate_blob(&with("TRANSPORT"), &with("STORAGE"), &mut blob).unwrap();
    let before = blob.clone();
    assert_eq!(migrate_blob(&with("STORAGE"), &with("NONE"), &mut blob), Err(ReturnCode::HSM_KEY_NOT_FOUND));
    assert_eq!(migrate_blob(&with("TRANSPORT"), &with("STORAGE"), &mut blob), Err(ReturnCode::CHECKSUM_HSM));
    assert_eq!(blob, before);
    let other = KernelParams { storage_derive_keys: [9; 8], ..KernelParams::default() };
    let software = Context { now: 0, params: &other, sealing: Sealing::Software };
    migrate_blob(&with("STORAGE"), &software, &mut blob).unwrap();
    assert_eq!(Application::open(&bench.cx(), &blob).err(), Some(ReturnCode::CHECKSUM_SOFTWARE));
    bench.blob = blob;
    bench.params = other.clone();
    let otp = bench.otp();
    assert_eq!(bench.code(&otp), 0);
}

/// What needs no secret takes BLOBs of a key service without its key; what is wrong with them is told all the same.
#[test]
fn administration_needs_no_key_service() {
    let bench = Bench::new(ChallengeResponse, CR);
    let keys = InProcessKeys::new(Box::new(SeededRandom::from_u64(1)));
    keys.add("STORAGE", SymAlg::Aes256, &std::array::from_fn::<u8, 32, _>(|i| i as u8), true).unwrap();
    let plain = bench.cx();
    let with = |iv| Context {
        sealing: Sealing::Service { service: &keys, key: "STORAGE", iv: InitialVector([iv; 8]) },
        ..bench.cx()
    };
    let mut blob = bench.blob.clone();
    migrate_blob(&plain, &with(1), &mut blob).unwrap();
    let sealed = blob.clone();
    assert_eq!(get_property(&plain, &blob, id::DERIVATION_SUPPORTED).unwrap().text, "NO");
    assert_eq!(token_info(&plain, &blob).unwrap(), token_info(&with(1), &blob).unwrap());
    set_property(&plain, &mut blob, id::LAST_TIME_SHIFT, 72).unwrap();
    reset_token_info(&plain, &mut blob).unwrap();
    let challenge = generate_challenge(&plain, &mut blob, &mut SeededRandom::from_u64(2)).unwrap();
    assert_eq!(challenge_message(&plain, &blob, &challenge).unwrap(), format!("MOB30: [{challenge}]"));
    let opened = Application::open(&with(1), &blob).unwrap();
    assert_eq!((opened.state.shift_s, &opened.state.challenge), (72, &challenge));
    assert_eq!(Application::open(&with(2), &blob).err(), Some(ReturnCode::CHECKSUM_HSM));
    assert_eq!(Application::open(&plain, &blob).err(), Some(ReturnCode::CHECKSUM_SOFTWARE));
    for place in 0..sealed.as_bytes().len() {
        let mut bytes = *sealed.as_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        let damaged = Blob::from_bytes(&bytes).unwrap();
        let code = get_property(&plain, &damaged, id::USE_COUNT).err();
        // The first characters hold version and sealer, which decide whose code it is.
        let told = code == Some(ReturnCode::CHECKSUM_HSM) || (24..28).contains(&place) && code.is_some();
        assert!(told, "{place}: {code:?}");
    }
}

#[test]
fn properties_are_read_as_documented() {
    let mut bench = Bench::with(ResponseOnly, RO, |d| {
        d.profile.pin = true;
        d.pin = zeroize::Zeroizing::new("1234".to_owned());
    });
    assert_eq!(get(&bench, id::LAST_TIME_USED), "Thu Jan  1 00:00:00 1970");
    let otp = bench.otp_at(-36);
    assert_eq!(bench.code(&format!("1234{otp}")), 0);
    for (property, text) in [
        (id::TOKEN_MODEL, "MOB30"),
        (id::USE_COUNT, "000001"),
        (id::LAST_TIME_USED, "Tue Nov 14 22:13:20 2023"),
        (id::LAST_TIME_SHIFT, "-36"),
        (id::TIME_BASED_ALGO, "YES"),
        (id::EVENT_BASED_ALGO, "NO"),
        (id::EVENT_VALUE, "NA"),
        (id::PIN_LEN, "04"),
        (id::PIN_ENABLED, "YES"),
        (id::ERROR_COUNT, "000000"),
        (id::AUTH_MODE, "RO"),
        (id::OCRA_SUITE, RO),
        (id::RESPONSE_LEN, "08"),
        (id::TIME_STEP, "36"),
        (id::DERIVATION_SUPPORTED, "NO"),
        (id::VIRTUAL_TOKEN_REMAIN_USE, "NA"),
        (id::LAST_RESPONSE_TYPE, "PRIMARY"),
        (id::DTF1_MIN_LEN, "NA"),
    ] {
        assert_eq!(get(&bench, property), text, "{property}");
    }
    let cx = bench.cx();
    assert_eq!(get_property(&cx, &bench.blob, id::PIN_LEN | INT_VALUE).unwrap().number, Some(4));
    for property in [0, id::TOKEN_STATUS, 99, id::TOKEN_MODEL | INT_VALUE, -1, i32::MIN, 0x11b] {
        assert_eq!(get_property(&cx, &bench.blob, property), Err(ReturnCode::PROPERTY), "{property}");
    }
    let info = token_info(&cx, &bench.blob).unwrap();
    assert_eq!(
        (info.token_model.as_str(), info.response_type.as_str(), info.time_step_used.as_str()),
        ("MOB30", "DEC", "000036")
    );
    let fits =
        [(info.last_time_used, 24), (info.code_word, 8), (info.error_count, 3), (info.last_time_shift, 6)];
    assert!(fits.iter().all(|(text, most)| text.len() <= *most));
    let signer = Bench::new(Signature, SG);
    assert_eq!(
        (get(&signer, id::DTF1_MAX_LEN + 7), get(&signer, id::DTF1_CHK)),
        ("16".to_owned(), "NO".to_owned())
    );
}

#[test]
fn properties_are_set_within_their_ranges() {
    let mut bench = Bench::with(ResponseOnly, "HOTP-SHA1-6", |d| {
        d.profile.pin = true;
        d.profile.virtual_token = true;
    });
    for (property, value, code) in [
        (id::LAST_TIME_USED, 631_151_999, 517),
        (id::LAST_TIME_USED, 631_152_000, 0),
        (id::LAST_TIME_USED, 631_152_000, 517),
        (id::LAST_TIME_USED, 2_147_483_648, 517),
        (id::LAST_TIME_SHIFT, -100_001, 517),
        (id::LAST_TIME_SHIFT, -100_000, 0),
        (id::PIN_ENABLED, 0, 517),
        (id::PIN_SUPPORTED, 2, 0),
        (id::PIN_CH_FORCED, 2, 517),
        (id::PIN_CH_FORCED, 1, 0),
        (id::PIN_MIN_LEN, 2, 517),
        (id::PIN_MIN_LEN, 8, 0),
        (id::VIRTUAL_TOKEN_GRACE_PERIOD, 365, 517),
        (id::VIRTUAL_TOKEN_GRACE_PERIOD, 364, 0),
        (id::VIRTUAL_TOKEN_REMAIN_USE, 255, 517),
        (id::VIRTUAL_TOKEN_REMAIN_USE, 0, 0),
        (id::ERROR_COUNT, 1, 517),
        (id::ERROR_COUNT, 0, 0),
        (id::EVENT_VALUE, 0, 517),
        (id::EVENT_VALUE, 4_294_967_294, 0),
        (id::EVENT_VALUE, 4_294_967_295, 517),
        (id::TOKEN_STATUS, 4, 517),
        (id::TOKEN_STATUS, 3, 0),
        (id::USE_COUNT, 1, 518),
        (99, 1, 518),
    ] {
        assert_eq!(set(&mut bench, property, value), code, "{property} {value}");
    }
    assert_eq!(get(&bench, id::PIN_ENABLED), "NO");
    assert_eq!(get(&bench, id::VIRTUAL_TOKEN_GRACE_PERIOD), "Wed Nov 13 00:00:00 2024", "from now on");
    assert_eq!(get(&bench, id::VIRTUAL_TOKEN_REMAIN_USE), "DISABLE", "0 disables the counter");
    assert_eq!(get(&bench, id::LAST_EVENT_VALUE), "4294967293");
    let mut bench = Bench::new(ResponseOnly, RO);
    for (property, value, code) in [
        (id::PIN_SUPPORTED, 2, 0),
        (id::PIN_SUPPORTED, 1, 517),
        (id::PIN_ENABLED, 1, 517),
        (id::PIN_ENABLED, 2, 517),
        (id::PIN_CH_FORCED, 1, 517),
        (id::PIN_MIN_LEN, 4, 517),
        (id::PIN_CH_ON, 1, 518),
        (id::VIRTUAL_TOKEN_GRACE_PERIOD, 1, 517),
        (id::VIRTUAL_TOKEN_REMAIN_USE, 1, 517),
        (id::EVENT_VALUE, 123, 517),
        (id::TOKEN_STATUS, 2, 517),
        (id::TOKEN_STATUS, 3, 517),
        (id::TOKEN_STATUS, 0, 0),
    ] {
        assert_eq!(set(&mut bench, property, value), code, "{property} {value}");
    }
    let otp = bench.otp();
    assert_eq!(bench.code(&otp), 208);
}

#[test]
fn scores_survive_synchronisation() {
    let mut bench = Bench::with(ResponseOnly, RO, |d| d.profile.score = true);
    let mut make = |seconds| {
        let prompt = Prompt { score: 5, now: bench.now + seconds, application: None };
        bench.device.password(&prompt, None).unwrap().text
    };
    let (first, second) = (make(10_000), make(10_036));
    let [first, second] =
        [&first, &second].map(|otp| Password { password: Some(otp.as_bytes()), challenge: None });
    let verified = sync_token_and_host(&bench.cx(), &mut bench.blob.clone(), &first, &second).unwrap();
    assert_eq!(verified.code(), ReturnCode::PLATFORM_CONTEXT_WARNING);
}

/// A synchronisation uses its steps up, also by answers to two challenges within one step.
#[test]
fn a_synchronisation_cannot_be_repeated() {
    let mut bench = Bench::new(ChallengeResponse, CR);
    bench.params.check_challenge = 4;
    let (first, second) = (bench.answer("11111111"), bench.answer("22222222"));
    let answers = [(&first, "11111111"), (&second, "22222222")].map(|(otp, challenge)| Password {
        password: Some(otp.as_bytes()),
        challenge: Some(challenge.as_bytes()),
    });
    let mut blob = bench.blob.clone();
    sync_token_and_host(&bench.cx(), &mut blob, &answers[0], &answers[1]).unwrap();
    let again = sync_token_and_host(&bench.cx(), &mut blob, &answers[0], &answers[1]);
    assert_eq!(again, Err(ReturnCode::CODE_REPLAY));
}
