use bancada_crypto::cipher::SymAlg;
use bancada_crypto::random::{Random, SeededRandom};
use proptest::prelude::*;

use super::*;
use crate::KernelParams;
use crate::keys::{InProcessKeys, InitialVector, Sealing};

fn application(kind: Kind, suite: &str, key: &[u8]) -> Application {
    let owner = Owner::new("0123456789", "RespOnly").unwrap();
    let profile = Profile::new(*b"DPGO3", kind, suite.parse().unwrap());
    let state = State {
        challenge: "0123456789ABCDE".to_owned(),
        pin_len: 8,
        pin_min_len: 4,
        use_count: 999_999,
        error_count: 32_767,
        last_time_used: u32::MAX,
        shift_s: -100_000,
        next_event: 7,
        last_step: 8,
        last_signature_step: 9,
        last_response: [1, 2, 3, 4],
        sequence: 99,
        device_type: 5,
        virtual_uses: 255,
        virtual_grace: 364,
        counter: 0x2345,
        pin_reset: true,
        backup: true,
        last_was_virtual: true,
        ..State::default()
    };
    let mut application = Application::new(owner, profile, state, Secrets::new(key).unwrap());
    application.flags = [0; 2];
    application
}

fn context(params: &KernelParams) -> Context<'_> {
    Context { now: 1_700_000_000, params, sealing: Sealing::Software }
}

#[test]
fn what_is_sealed_comes_back() {
    let params = KernelParams::default();
    let mut before = application(Kind::Signature, "OCRA-1:HOTP-SHA512-8:C-QH64-PSHA1-T36S", &[7; 64]);
    before.profile.fields[7].check_digit = true;
    before.profile.fields[3].min = 16;
    before.secrets.diversifier = 987_654_321;
    before.secrets.pin.copy_from_slice(b"12345678");
    let mut blob = before.seal(&context(&params)).unwrap();
    assert_eq!(blob.encryption(), Ok("A0"));
    for _ in 0..2 {
        let after = Application::open(&context(&params), &blob).unwrap();
        assert_eq!(
            (after.profile.clone(), after.state.clone()),
            (before.profile.clone(), before.state.clone())
        );
        assert_eq!(*after.secrets.pack(), *before.secrets.pack());
        assert_eq!(after.owner.application_text(), "RESPONLY");
        after.store(&mut blob);
    }
    assert_eq!(Blob::from_hex(&blob.to_hex()).unwrap(), blob);
    assert_eq!(blob.to_hex().len(), 496);
    assert_eq!(format!("{blob:?} {:?}", before.secrets), "Blob(0123456789 RESPONLY) Secrets(..)");
}

#[test]
fn every_changed_byte_is_noticed() {
    let params = KernelParams::default();
    let cx = context(&params);
    let blob = application(Kind::ResponseOnly, "TOTP-SHA256-8-T36S", &[7; 32]).seal(&cx).unwrap();
    for place in 0..BLOB_LEN {
        let mut bytes = *blob.as_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        let code = Application::open(&cx, &Blob::from_bytes(&bytes).unwrap()).err().unwrap();
        // The first two characters hold the version.
        let expected = if (24..26).contains(&place) {
            ReturnCode::UNSUPPORTED_BLOB
        } else {
            ReturnCode::CHECKSUM_SOFTWARE
        };
        assert_eq!(code, expected, "{place}");
        bytes[place] = b'!';
        let code = Application::open(&cx, &Blob::from_bytes(&bytes).unwrap()).err().unwrap();
        let expected = if place < 24 { ReturnCode::CHECKSUM_SOFTWARE } else { ReturnCode::BASE64 };
        assert_eq!(code, expected, "{place}");
    }
    assert_eq!(Blob::from_bytes(&[0; 247]), Err(ReturnCode::DATA_POINTER));
    assert_eq!(Blob::from_hex("00"), Err(ReturnCode::DATA_POINTER));
}

#[test]
fn other_derive_values_open_nothing() {
    let params = KernelParams {
        derive_vector: 5,
        storage_derive_keys: [1, 2, 3, 4, 5, 6, 7, 8],
        ..KernelParams::default()
    };
    let blob = application(Kind::ResponseOnly, "HOTP-SHA1-6", &[7; 20]).seal(&context(&params)).unwrap();
    assert!(Application::open(&context(&params), &blob).is_ok());
    for index in [8, 15, 18, 19, 22] {
        let mut fields = params.to_fields();
        fields[index] += 1;
        let other = KernelParams::from_fields(23, &fields);
        assert_eq!(
            Application::open(&context(&other), &blob).err(),
            Some(ReturnCode::CHECKSUM_SOFTWARE),
            "{index}"
        );
    }
}

#[test]
fn a_key_service_seals_under_its_named_key() {
    let params = KernelParams::default();
    let keys = InProcessKeys::new(Box::new(SeededRandom::from_u64(1)));
    keys.add("DES", SymAlg::Des3_168, &std::array::from_fn::<u8, 24, _>(|i| i as u8), true).unwrap();
    keys.add("AES", SymAlg::Aes256, &std::array::from_fn::<u8, 32, _>(|i| i as u8), true).unwrap();
    keys.add("LOCKED", SymAlg::Aes256, &[1; 32], false).unwrap();
    let with = |key: &'static str, iv: u8| Context {
        now: 0,
        params: &params,
        sealing: Sealing::Service { service: &keys, key, iv: InitialVector([iv; 8]) },
    };
    for (name, encryption) in [("DES", "AB"), ("AES", "AA")] {
        let blob = application(Kind::ResponseOnly, "HOTP-SHA1-6", &[7; 20]).seal(&with(name, 1)).unwrap();
        assert_eq!(blob.encryption(), Ok(encryption));
        assert!(Application::open(&with(name, 1), &blob).is_ok());
        for (cx, code) in [
            (with(name, 2), ReturnCode::CHECKSUM_HSM),
            (with(if name == "DES" { "AES" } else { "DES" }, 1), ReturnCode::CHECKSUM_HSM),
            (with("NONE", 1), ReturnCode::HSM_KEY_NOT_FOUND),
            (with("LOCKED", 1), ReturnCode::HSM_KEY_PROPERTY),
            (context(&params), ReturnCode::CHECKSUM_SOFTWARE),
        ] {
            assert_eq!(Application::open(&cx, &blob).err(), Some(code), "{name} {cx:?}");
        }
    }
    let mut bytes = [0; 8];
    with("DES", 1).random(&mut SeededRandom::from_u64(2), &mut bytes).unwrap();
    let mut expected = [0; 8];
    SeededRandom::from_u64(1).fill(&mut expected);
    assert_eq!(bytes, expected);
}

/// No eight bytes of a secret stand anywhere in the BLOB or in its decoded form, whoever seals.
#[test]
fn secrets_are_not_in_clear() {
    let params = KernelParams::default();
    let mut random = SeededRandom::from_u64(3);
    let keys = InProcessKeys::new(Box::new(SeededRandom::from_u64(1)));
    keys.add("K", SymAlg::Des3_112, &[9; 16], true).unwrap();
    let service = Context {
        now: 0,
        params: &params,
        sealing: Sealing::Service { service: &keys, key: "K", iv: InitialVector([0; 8]) },
    };
    for cx in [context(&params), service] {
        for _ in 0..50 {
            let mut key = [0; 64];
            random.fill(&mut key);
            let mut app = application(Kind::ResponseOnly, "HOTP-SHA1-6", &key);
            app.secrets.pin.copy_from_slice(b"90817263");
            app.secrets.diversifier = 0x0123_4567_89ab_cdef;
            let blob = app.seal(&cx).unwrap();
            let decoded = encoding::from_base64(&blob.as_bytes()[24..]).unwrap();
            let packed = app.secrets.pack();
            for window in packed.windows(8) {
                assert!(!decoded.windows(8).any(|part| part == window));
                assert!(!blob.as_bytes().windows(8).any(|part| part == window));
            }
            assert!(!blob.to_hex().contains(&encoding::to_hex(&key[..4])));
        }
    }
}

#[test]
fn owners_are_checked() {
    assert_eq!(Owner::new("VDS0000001", "app_1 x").unwrap().application, *b"APP_1 X     ");
    for (serial, name) in [
        ("123456789", "A"),
        ("01234567891", "A"),
        ("012345678a", "A"),
        ("0123456789", ""),
        ("0123456789", "A-B"),
        ("0123456789", "ABCDEFGHIJKLM"),
    ] {
        assert_eq!(Owner::new(serial, name), None);
    }
}

proptest! {
    #[test]
    fn any_bytes_are_opened_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let params = KernelParams::default();
        if let Ok(blob) = Blob::from_bytes(&bytes) {
            prop_assert!(Application::open(&context(&params), &blob).is_err());
        }
    }

    #[test]
    fn any_contents_are_read_or_refused(clear in proptest::array::uniform32(any::<u8>()), state in proptest::collection::vec(any::<u8>(), 48)) {
        let mut bytes = [0; 80];
        bytes[..32].copy_from_slice(&clear);
        bytes[32..].copy_from_slice(&state);
        if let Some((profile, state, key_len)) = layout::unpack(&bytes) {
            let again = layout::unpack(&layout::pack(&profile, &state, bytes[1], key_len));
            let (profile_again, state_again, _) = again.unwrap();
            prop_assert_eq!(profile, profile_again);
            prop_assert_eq!(state, state_again);
        }
    }
}
