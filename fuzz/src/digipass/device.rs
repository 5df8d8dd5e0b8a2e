//! Derivation codes at the host, and stored authenticators.

use bancada_digipass::Blob;
use bancada_digipass::authenticator::{Authenticator, Prompt};
use bancada_digipass::derive::{Derivation, DerivationFormat, derive_token_blobs};
use bancada_digipass::manage::token_info;

use super::calls::argument;
use super::{NOW, context, definitions, params, text};
use crate::input::Input;

/// Parameters, how many BLOBs and which comes first, what is damaged in a right code, then another code.
pub fn derivation(data: &[u8]) {
    let mut input = Input::new(data);
    let params = params(&mut input);
    let cx = context(&params, NOW);
    let (count, first, missing, format) = (input.u8(), input.u8(), input.u8(), u32::from(input.u8() % 3));
    let (place, byte, challenge) = (input.u8(), input.u8(), argument(&mut input));
    let mut list = definitions();
    list.rotate_left(usize::from(first % 5));
    let mut device = Authenticator::new(&list).expect("a device");
    let blobs: Vec<Option<Blob>> = list
        .iter()
        .enumerate()
        .map(|(place, definition)| {
            (usize::from(missing) != place).then(|| definition.blob(&cx).expect("a BLOB"))
        })
        .collect();
    let written = if format == 1 { DerivationFormat::Hex } else { DerivationFormat::Decimal };
    let prompt = Prompt { application: None, now: NOW, score: first >> 5 };
    let right = device.derivation_code(&prompt, b"phone", challenge.map(text), written);
    let mut codes = vec![input.rest().to_vec()];
    if let Ok(right) = right {
        let mut damaged = right.clone().into_bytes();
        let at = usize::from(place) % damaged.len();
        damaged[at] ^= byte;
        codes.extend([damaged, right.into_bytes()]);
    }
    let mut now = blobs;
    for code in codes {
        let before = now.clone();
        let request = Derivation { count: i32::from(count % 10), challenge, code: Some(&code), format };
        let result = derive_token_blobs(&cx, &mut now, &request);
        assert_eq!(before.len(), now.len());
        for (place, (before, now)) in before.iter().zip(&now).enumerate() {
            assert_eq!(before.is_some(), now.is_some());
            assert!(result.is_ok() || place == 0 || before == now, "a failure changed BLOB {place}");
            assert!(now.as_ref().is_none_or(|blob| token_info(&cx, blob).is_ok()));
        }
    }
}

/// The bytes of an authenticator, used if there is one.
pub fn authenticator(data: &[u8]) {
    let mut input = Input::new(data);
    let length = usize::from(input.u16());
    let stored = input.take(length);
    let Ok(mut device) = Authenticator::from_bytes(stored) else { return };
    let bytes = device.to_bytes();
    let again = Authenticator::from_bytes(&bytes).expect("what was written can be read");
    assert!(again.to_bytes() == bytes);
    use_everything(&mut device, input.rest());
}

/// Asks an authenticator for everything it can give.
pub(crate) fn use_everything(device: &mut Authenticator, data: &[u8]) {
    let mut input = Input::new(data);
    let (score, now) = (input.u8(), u64::from(input.u32()));
    let names: Vec<String> = device.applications();
    let (one, two) = (argument(&mut input).map(text), argument(&mut input).map_or("", text));
    for name in names.iter().map(|name| Some(name.as_str())).chain([one, None]) {
        let prompt = Prompt { application: name, now, score };
        drop(device.password(&prompt, one));
        drop(device.sign(&prompt, &[two]));
        drop(device.sign_message(&prompt, two));
        drop(device.derivation_code(&prompt, two.as_bytes(), one, DerivationFormat::Hex));
        drop(device.unlock_code(&prompt, two));
    }
    device.set_pin(two);
    drop((device.open_request(two), device.respond_to(two, now, Err(b"no")), device.inform(now, data)));
    let stored = device.to_bytes();
    assert!(Authenticator::from_bytes(&stored).is_ok(), "an authenticator cannot be stored");
    drop((device.serial(), device.sequence(), format!("{device:?}")));
}
