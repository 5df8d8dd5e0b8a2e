use super::*;
use crate::blob::Kind::*;
use crate::manage::{
    authorize_unlock, gen_unlock_auth_code, get_property, id, reset_token_info, set_property,
};
use crate::testing::{Bench, RO, SG, definition};

/// A password application with PIN and unlocking, and a signing one.
fn two() -> (Bench, Bench) {
    let mut login = definition(ResponseOnly, RO, "LOGIN");
    (login.profile.pin, login.profile.unlock) = (true, true);
    login.pin = zeroize::Zeroizing::new("1234".to_owned());
    let mut sign = definition(MultiMode, SG, "SIGN");
    (sign.profile.pin, sign.profile.unlock) = (true, true);
    (Bench::of(&login), Bench::of(&sign))
}

#[test]
fn the_most_recently_used_application_is_the_reference() {
    let (mut login, sign) = two();
    let otp = login.otp_at(720);
    assert_eq!(login.code(&format!("1234{otp}")), 0);
    let mut blobs = [sign.blob.clone(), login.blob.clone()];
    sync_token_blobs(&login.cx(), &mut blobs).unwrap();
    let cx = login.cx();
    let [synced, reference] = blobs.each_ref().map(|blob| Application::open(&cx, blob).unwrap());
    assert_eq!(synced.state.shift_s, 720);
    assert_eq!(synced.state.last_time_used, reference.state.last_time_used);
    assert!(!synced.state.unsynchronised);
    assert_eq!((synced.state.use_count, synced.state.pin_len), (0, 4));
    assert_eq!(*synced.secrets.pin, *b"1234\0\0\0\0");
}

#[test]
fn the_unlock_counter_follows_the_highest() {
    let (login, sign) = two();
    let mut blobs = [login.blob.clone(), sign.blob.clone()];
    let code = gen_unlock_auth_code(&login.cx(), &blobs[0], 3).unwrap();
    authorize_unlock(&login.cx(), &mut blobs[0], Some(code.code.as_bytes()), Some(b"1")).unwrap();
    sync_token_blobs(&login.cx(), &mut blobs).unwrap();
    assert_eq!(gen_unlock_auth_code(&login.cx(), &blobs[1], 0).unwrap().counter, 4);
}

#[test]
fn a_blob_is_upgraded_with_a_virtual_token() {
    let plain = definition(ResponseOnly, RO, "LOGIN");
    let mut with = definition(ResponseOnly, RO, "LOGIN");
    with.profile.virtual_token = true;
    let (mut old, new) = (Bench::of(&plain), Bench::of(&with));
    let otp = old.otp();
    assert_eq!(old.code(&otp), 0);
    let mut imported = new.blob.clone();
    set_property(&new.cx(), &mut imported, id::TOKEN_STATUS, 3).unwrap();
    let mut blobs = [old.blob.clone(), imported];
    sync_token_blobs(&old.cx(), &mut blobs).unwrap();
    let text = |property| get_property(&old.cx(), &blobs[0], property).unwrap().text;
    assert_eq!(text(id::VIRTUAL_TOKEN_TYPE), "BACKUP");
    assert_eq!((text(id::VIRTUAL_TOKEN_ENABLED), text(id::USE_COUNT)), ("YES".into(), "000001".into()));
    let mut stranger = definition(ResponseOnly, RO, "LOGIN");
    stranger.key[0] ^= 1;
    let mut blobs = [old.blob.clone(), Bench::of(&stranger).blob];
    assert_eq!(sync_token_blobs(&old.cx(), &mut blobs), Err(ReturnCode::UNSUPPORTED_BLOB));
}

#[test]
fn all_blobs_or_none() {
    let (mut login, sign) = two();
    let otp = login.otp();
    assert_eq!(login.code(&format!("1234{otp}")), 0);
    let cx = login.cx();
    assert_eq!(sync_token_blobs(&cx, &mut []), Err(ReturnCode::APPLICATION_COUNT));
    let mut many = vec![login.blob.clone(); 9];
    assert_eq!(sync_token_blobs(&cx, &mut many), Err(ReturnCode::APPLICATION_COUNT));
    let mut bytes = *sign.blob.as_bytes();
    bytes[100] ^= 1;
    let damaged = Blob::from_bytes(&bytes).unwrap();
    let before = [sign.blob.clone(), login.blob.clone(), damaged];
    let mut blobs = before.clone();
    assert!(sync_token_blobs(&cx, &mut blobs).is_err());
    assert!(blobs == before);
    bytes[9] = b'2';
    let mut blobs = [login.blob.clone(), Blob::from_bytes(&bytes).unwrap()];
    assert_eq!(sync_token_blobs(&cx, &mut blobs), Err(ReturnCode::SERIAL_DIFFERS));
    // One BLOB alone has nobody to learn from.
    let mut one = [login.blob.clone()];
    sync_token_blobs(&cx, &mut one).unwrap();
    assert_eq!(Application::open(&cx, &one[0]).unwrap().state, login.app().state);
}

/// A PIN is given by an application that asks for one, not taken away by one that has none.
#[test]
fn an_application_without_a_pin_gives_none() {
    for (pin, enabled) in [("", true), ("", false), ("9999", false)] {
        let (mut login, _) = two();
        let otp = login.otp();
        assert_eq!(login.code(&format!("1234{otp}")), 0);
        let mut other = definition(ResponseOnly, RO, "OTHER");
        other.profile.pin = true;
        other.pin = zeroize::Zeroizing::new(pin.to_owned());
        other.pin_rules.enabled = enabled;
        let mut other = Bench::of(&other);
        other.now += 360;
        let otp = other.otp();
        assert_eq!(other.code(&otp), 0);
        let mut blobs = [login.blob.clone(), other.blob.clone()];
        sync_token_blobs(&other.cx(), &mut blobs).unwrap();
        login.blob = blobs[0].clone();
        assert_eq!(*login.app().secrets.pin, *b"1234\0\0\0\0", "{pin} {enabled}");
    }
}

/// The end of the synchronisation window is given, not its beginning.
#[test]
fn a_reset_application_does_not_open_the_windows_of_others() {
    let (mut login, mut sign) = two();
    let otp = sign.otp();
    assert_eq!(sign.code(&otp), 0);
    login.now += 360;
    let otp = login.otp();
    assert_eq!(login.code(&format!("1234{otp}")), 0);
    let mut blobs = [login.blob.clone(), sign.blob.clone()];
    reset_token_info(&login.cx(), &mut blobs[0]).unwrap();
    sync_token_blobs(&login.cx(), &mut blobs).unwrap();
    let [one, two] = blobs.each_ref().map(|blob| Application::open(&login.cx(), blob).unwrap());
    assert!(one.state.unsynchronised && !two.state.unsynchronised);
    assert_eq!(two.state.last_time_used, one.state.last_time_used);
}
