use super::*;
use crate::Definition;
use crate::blob::Kind::*;
use crate::manage::{id, set_property};
use crate::testing::{Bench, CR, RO};

fn bench(change: impl FnOnce(&mut Definition)) -> Bench {
    Bench::with(ResponseOnly, RO, |d| {
        d.profile.pin = true;
        change(d);
    })
}

fn with_pin(pin: &str) -> Bench {
    bench(|d| d.pin = zeroize::Zeroizing::new(pin.to_owned()))
}

fn set_pin(bench: &mut Bench, first: &str, second: &str) -> i32 {
    let mut blob = bench.blob.clone();
    let (first, second) = (Some(first.as_bytes()), Some(second.as_bytes()));
    let result = change_static_password(&bench.cx(), &mut blob, first, second);
    assert_eq!(result.is_ok(), blob != bench.blob, "a refused PIN leaves the BLOB unchanged");
    bench.blob = blob;
    result.map_or_else(|code| code.0, |()| 0)
}

fn reset(bench: &mut Bench) -> i32 {
    let mut blob = bench.blob.clone();
    let result = reset_static_password(&bench.cx(), &mut blob);
    bench.blob = blob;
    result.map_or_else(|code| code.0, |()| 0)
}

/// A password that must give a code and leave the BLOB as it was.
fn refused_as_is(bench: &mut Bench, password: &str, code: i32) {
    let before = bench.blob.clone();
    assert_eq!(bench.code(password), code, "{password}");
    assert!(bench.blob == before, "{password}");
}

#[test]
fn the_pin_is_checked_before_the_response_and_the_change_after_it() {
    let mut bench = bench(|d| {
        d.pin_rules.min_len = 4;
        d.pin_rules.change_forced = true;
    });
    let otp = bench.otp();
    refused_as_is(&mut bench, &otp, 802);
    refused_as_is(&mut bench, &format!("{otp}12341235"), 2);
    refused_as_is(&mut bench, &format!("{otp}123123"), 803);
    refused_as_is(&mut bench, &format!("{otp}123456789123456789"), 804);
    refused_as_is(&mut bench, &format!("{otp}12#412#4"), 2);
    assert_eq!(bench.code(&format!("{otp}123")), -203, "counts");
    let wrong = Bench::wrong(&otp);
    assert_eq!(bench.code(&wrong), 1, "before 802");
    assert_eq!(bench.code(&format!("{wrong}123123")), 1, "before 803");
    assert_eq!(bench.app().state.error_count, 3);
    assert_eq!(bench.code(&format!("{otp}12341234")), 0);
    assert_eq!(bench.app().state.error_count, 0);
    bench.now += 36;
    let otp = bench.otp();
    assert_eq!(bench.code(&otp), -202);
    assert_eq!(bench.code(&format!("1235{}", Bench::wrong(&otp))), 2, "before 1");
    assert_eq!(bench.app().state.error_count, 2);
    assert_eq!(bench.code(&format!("1234{}", Bench::wrong(&otp))), 1);
    assert_eq!(bench.code(&format!("1234{otp}4321432143214321")), 0, "8 characters");
    bench.now += 36;
    let otp = bench.otp();
    assert_eq!(bench.code(&format!("43214321{otp}")), 0);
}

#[test]
fn a_user_who_may_not_change_the_pin_must_be_forced_to() {
    let mut bench = bench(|d| {
        d.pin = zeroize::Zeroizing::new("1234".to_owned());
        d.pin_rules.change_on = false;
    });
    let otp = bench.otp();
    refused_as_is(&mut bench, &format!("1234{otp}43214321"), 2);
    assert_eq!(reset(&mut bench), 806);
    let mut blob = bench.blob.clone();
    set_property(&bench.cx(), &mut blob, id::PIN_CH_FORCED, 1).unwrap();
    bench.blob = blob;
    refused_as_is(&mut bench, &format!("1234{otp}"), 802);
    assert_eq!(bench.code(&format!("1234{otp}43214321")), 0);
    assert!(!bench.app().state.pin_change_forced);
}

/// The example of the vendor's page: PIN and response, or response and a new PIN twice.
#[test]
fn after_a_reset_the_old_pin_or_a_new_one_twice_is_accepted() {
    let mut bench = with_pin("1234");
    assert_eq!(reset(&mut bench), 0);
    let otp = bench.otp();
    refused_as_is(&mut bench, &otp, 802);
    assert_eq!(bench.code(&format!("{otp}43214321")), 0);
    bench.now += 36;
    let otp = bench.otp();
    assert_eq!(bench.code(&format!("{otp}11")), -202);
    assert_eq!(bench.code(&format!("1234{otp}")), 2);
    assert_eq!(bench.code(&format!("4321{otp}")), 0);

    assert_eq!(reset(&mut bench), 0);
    bench.now += 36;
    let otp = bench.otp();
    assert_eq!(bench.code(&format!("4321{otp}")), 0, "the old PIN");
    bench.now += 36;
    let otp = bench.otp();
    assert_eq!(bench.code(&format!("{otp}55555555")), 2, "the reset is over");

    // A PIN of 8 characters and a new one of 4 have the same length in both forms.
    let mut bench = with_pin("12345678");
    assert_eq!(reset(&mut bench), 0);
    let otp = bench.otp();
    assert_eq!(bench.code(&format!("{otp}43214321")), 0);
    assert_eq!(bench.app().state.pin_len, 4);
}

#[test]
fn administrators_set_pins_of_3_to_8_invariant_characters() {
    let mut bench = with_pin("1234");
    for (first, second, code) in [
        ("1", "1", 803),
        ("ab", "ab", 803),
        ("1234567890", "1234567890", 804),
        ("1234", "1235", 805),
        ("1234", "12345", 805),
        ("12 4", "12 4", 2),
        ("12$4", "12$4", 2),
        ("12!4", "12!4", 2),
        ("abcé", "abcé", 2),
        ("\"%&'()*+", "\"%&'()*+", 0),
        (",-./:;<=", ",-./:;<=", 0),
        (">?_", ">?_", 0),
        ("aB9\0rest", "aB9 ", 0),
    ] {
        assert_eq!(set_pin(&mut bench, first, second), code, "{first} {second}");
    }
    let otp = bench.otp();
    assert_eq!(bench.code(&format!("aB9{otp}")), 0);
    let cx = bench.cx();
    let mut blob = bench.blob.clone();
    assert_eq!(change_static_password(&cx, &mut blob, None, Some(b"1234")), Err(ReturnCode(130)));
    assert_eq!(change_static_password(&cx, &mut blob, Some(b"1234"), None), Err(ReturnCode(130)));
}

#[test]
fn applications_without_pins_say_so() {
    for (kind, code) in [(ResponseOnly, 801), (UnlockV2, 1103), (EmvCap, 1000)] {
        let mut bench = Bench::new(kind, RO);
        assert_eq!(set_pin(&mut bench, "1234", "1234"), code);
        assert_eq!(reset(&mut bench), code);
    }
}

#[test]
fn pins_stand_before_answers_to_challenges_too() {
    let mut bench = Bench::with(ChallengeResponse, CR, |d| {
        d.profile.pin = true;
        d.pin = zeroize::Zeroizing::new("1234".to_owned());
    });
    bench.params.check_challenge = 0;
    let otp = bench.answer("12345678");
    assert_eq!(bench.code_with(&format!("4321{otp}"), "12345678"), 2);
    assert_eq!(bench.code_with(&format!("1234{otp}"), "12345678"), 0);
}

#[test]
fn a_password_of_the_virtual_token_ends_a_reset_too() {
    let mut bench = bench(|d| {
        d.pin = zeroize::Zeroizing::new("1234".to_owned());
        d.profile.virtual_token = true;
    });
    bench.edit(|app| app.state.backup = true);
    assert_eq!(reset(&mut bench), 0);
    let mut blob = bench.blob.clone();
    let made = crate::virtual_token::gen_password(&bench.cx(), &mut blob, None).unwrap();
    assert_eq!(bench.code(&made.text), 0);
    assert!(!bench.app().state.pin_reset);
}
