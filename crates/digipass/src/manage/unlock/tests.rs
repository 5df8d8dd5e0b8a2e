use super::*;
use crate::blob::Kind::*;
use crate::manage::{id, set_property};
use crate::testing::{Bench, CR, RO};

fn lockable() -> Bench {
    Bench::with(ResponseOnly, RO, |d| d.profile.unlock = true)
}

#[test]
fn locked_devices_are_unlocked() {
    let mut bench = lockable();
    let code = unlock(&bench.cx(), &bench.blob, Some(b"1234567 ")).unwrap();
    let prompt = bench.prompt();
    assert_eq!(bench.device.unlock_code(&prompt, "1234567").unwrap(), code);
    assert_ne!(bench.device.unlock_code(&prompt, "1234568").unwrap(), code);
    for (number, expected) in [
        (None, ReturnCode::RANDOM_POINTER),
        (Some(&b""[..]), ReturnCode::CHALLENGE_TOO_SHORT),
        (Some(b"123456789"), ReturnCode::CHALLENGE_TOO_LONG),
        (Some(b"12A"), ReturnCode::CHALLENGE_CHARACTER),
    ] {
        assert_eq!(unlock(&bench.cx(), &bench.blob, number), Err(expected));
    }
}

#[test]
fn version_2_uses_a_blob_of_its_own() {
    let mut bench = Bench::new(UnlockV2, "OCRA-1:HOTP-SHA256-8:QN08");
    let code = unlock(&bench.cx(), &bench.blob, Some(b"12345678")).unwrap();
    let prompt = bench.prompt();
    assert_eq!(bench.device.unlock_code(&prompt, "12345678").unwrap(), code);
    for (kind, code) in [(ResponseOnly, 138), (MasterActivation, 138), (EmvCap, 1000)] {
        let bench = Bench::with(kind, CR, |d| d.profile.unlock = kind != ResponseOnly);
        let result = unlock(&bench.cx(), &bench.blob, Some(b"1"));
        assert_eq!(result, Err(ReturnCode(code)), "{kind:?}");
        assert_eq!(gen_unlock_auth_code(&bench.cx(), &bench.blob, 0), Err(ReturnCode(code)));
    }
}

#[test]
fn a_device_that_may_not_be_used_is_not_unlocked() {
    let bench = Bench::with(ResponseOnly, RO, |d| {
        d.profile.unlock = true;
        d.profile.virtual_token = true;
    });
    for (status, code) in [(0, 208), (2, 1104)] {
        let mut blob = bench.blob.clone();
        set_property(&bench.cx(), &mut blob, id::TOKEN_STATUS, status).unwrap();
        assert_eq!(unlock(&bench.cx(), &blob, Some(b"1")), Err(ReturnCode(code)));
    }
}

#[test]
fn authentication_codes_are_good_once_and_in_order() {
    let bench = lockable();
    let cx = bench.cx();
    let mut blob = bench.blob.clone();
    let codes: Vec<UnlockAuthCode> =
        (0..6).map(|index| gen_unlock_auth_code(&cx, &blob, index).unwrap()).collect();
    assert_eq!(codes.iter().map(|code| code.counter).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
    for index in [-1, 6, i32::MAX] {
        assert_eq!(gen_unlock_auth_code(&cx, &blob, index), Err(ReturnCode::UNLOCK_NOT_SUPPORTED));
    }
    let mut ask = |code: &str| {
        authorize_unlock(&cx, &mut blob, Some(code.as_bytes()), Some(b"87654321")).map_err(|code| code.0)
    };
    let unlocked = unlock(&cx, &bench.blob, Some(b"87654321")).unwrap();
    assert_eq!(ask(&codes[2].code), Ok(unlocked.clone()));
    assert_eq!(ask(&codes[2].code), Err(1), "used");
    assert_eq!(ask(&codes[1].code), Err(1), "passed over");
    assert_eq!(ask(&codes[5].code), Ok(unlocked));
    assert_eq!(ask("123456789"), Err(814));
    assert_eq!(ask(""), Err(1));
    let app = Application::open(&cx, &blob).unwrap();
    assert_eq!((app.state.counter, app.state.error_count), (6, 3));
    assert_eq!(authorize_unlock(&cx, &mut blob, None, Some(b"1")), Err(ReturnCode::RESPONSE_POINTER));
    assert_eq!(authorize_unlock(&cx, &mut blob, Some(b"1"), None), Err(ReturnCode::RANDOM_POINTER));
    let other = Bench::with(ResponseOnly, CR, |d| d.profile.unlock = true);
    assert_eq!(gen_unlock_auth_code(&other.cx(), &other.blob, 0).unwrap().code, codes[0].code, "same key");
}

#[test]
fn the_last_code_is_the_last() {
    let mut bench = lockable();
    bench.edit(|app| app.state.counter = MAX_COUNTER - 1);
    let cx = bench.cx();
    let last = gen_unlock_auth_code(&cx, &bench.blob, 0).unwrap();
    assert_eq!(gen_unlock_auth_code(&cx, &bench.blob, 1), Err(ReturnCode::UNLOCK_NOT_SUPPORTED));
    let mut blob = bench.blob.clone();
    authorize_unlock(&cx, &mut blob, Some(last.code.as_bytes()), Some(b"1")).unwrap();
    assert_eq!(gen_unlock_auth_code(&cx, &blob, 0), Err(ReturnCode::UNLOCK_NOT_SUPPORTED));
    let again = authorize_unlock(&cx, &mut blob, Some(last.code.as_bytes()), Some(b"1"));
    assert_eq!(again, Err(ReturnCode::UNLOCK_NOT_SUPPORTED));
    let app = Application::open(&cx, &blob).unwrap();
    assert_eq!(app.state.error_count, 0);
}

#[test]
fn guesses_at_authentication_codes_meet_the_threshold() {
    let mut bench = lockable();
    bench.params.i_threshold = 2;
    let cx = bench.cx();
    let right = gen_unlock_auth_code(&cx, &bench.blob, 0).unwrap().code;
    let mut blob = bench.blob.clone();
    let mut ask = |code: &str| {
        authorize_unlock(&cx, &mut blob, Some(code.as_bytes()), Some(b"1")).map_err(|code| code.0)
    };
    assert_eq!((ask("1"), ask("2")), (Err(1), Err(1)));
    assert_eq!(ask(&right), Err(202));
    assert_eq!(Application::open(&cx, &blob).unwrap().state.error_count, 3);
}
