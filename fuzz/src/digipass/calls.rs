//! The calls of the kernel that take one BLOB, with any arguments.

use bancada_crypto::random::SeededRandom;
use bancada_digipass::manage::{
    authorize_unlock, gen_unlock_auth_code, generate_challenge, get_property, reset_token_info, set_property,
    sync_token_and_host, sync_token_blobs, token_info, unlock,
};
use bancada_digipass::message::activation::{gen_activation_data, verify_device_code};
use bancada_digipass::message::{MessageSignature, gen_payload_key_blob, verify_message_signature};
use bancada_digipass::pin::{change_static_password, reset_static_password};
use bancada_digipass::verify::{Password, SignatureRequest, verify_password, verify_signature};
use bancada_digipass::virtual_token::{gen_password, gen_signature};
use bancada_digipass::{Blob, Context};

use super::static_vector;
use crate::input::Input;

/// One call, its arguments each a length and bytes.
pub(crate) fn call(input: &mut Input<'_>, cx: &Context<'_>, blob: &mut Blob) {
    let random = &mut SeededRandom::from_u64(2);
    match input.u8() % 19 {
        0 => {
            let request = Password { password: argument(input), challenge: argument(input) };
            drop(verify_password(cx, blob, &request));
        }
        1 => {
            let (signature, deferred) = (argument(input), input.u32());
            let fields: Vec<&[u8]> = (0..input.u8() % 10).filter_map(|_| argument(input)).collect();
            let request = SignatureRequest { signature, fields: Some(&fields), deferred };
            drop(verify_signature(cx, blob, &request));
        }
        2 => {
            if let Ok(challenge) = generate_challenge(cx, blob, random) {
                assert!(challenge.len() <= 16 && challenge.bytes().all(|byte| byte.is_ascii_hexdigit()));
            }
        }
        3 => {
            let first = Password { password: argument(input), challenge: argument(input) };
            let second = Password { password: argument(input), challenge: argument(input) };
            drop(sync_token_and_host(cx, blob, &first, &second));
        }
        4 => drop(unlock(cx, blob, argument(input))),
        5 => {
            let (one, two) = (argument(input), argument(input));
            let _ = change_static_password(cx, blob, one, two.or(one));
        }
        6 => drop(reset_static_password(cx, blob)),
        7 => drop(reset_token_info(cx, blob)),
        8 => drop(get_property(cx, blob, i32::from(input.u16())).map(|value| format!("{value:?}"))),
        9 => {
            let (property, value) = (i32::from(input.u16()), input.u64() as i64);
            let _ = set_property(cx, blob, property, value);
        }
        10 => drop(token_info(cx, blob).map(|info| format!("{info:?}"))),
        11 => virtual_password(input, cx, blob),
        12 => virtual_signature(input, cx, blob),
        13 => {
            let request = MessageSignature {
                expiration_s: input.u32() as i32,
                signature: argument(input),
                message: argument(input),
                deferred: input.u32(),
            };
            drop(verify_message_signature(cx, blob, &request));
        }
        14 => drop(verify_device_code(cx, blob, argument(input), argument(input))),
        16 => drop(authorize_unlock(cx, blob, argument(input), argument(input))),
        17 => {
            drop(gen_unlock_auth_code(cx, blob, i32::from(input.u8()) - 1));
            drop(sync_token_blobs(cx, std::slice::from_mut(blob)));
        }
        15 => drop(gen_payload_key_blob(cx, blob, argument(input), random)),
        _ => {
            let vector = static_vector().to_hex();
            drop(gen_activation_data(cx, &[blob.clone()], Some(vector.as_bytes()), b"shared"));
        }
    }
}

/// A password the virtual token gives is never of the wrong form.
fn virtual_password(input: &mut Input<'_>, cx: &Context<'_>, blob: &mut Blob) {
    let challenge = argument(input);
    if let Ok(password) = gen_password(cx, blob, challenge) {
        assert!((1..=17).contains(&password.text.len()), "{password:?}");
        drop(verify_password(cx, blob, &Password { password: Some(password.text.as_bytes()), challenge }));
    }
}

fn virtual_signature(input: &mut Input<'_>, cx: &Context<'_>, blob: &mut Blob) {
    let (field, deferred) = (argument(input).unwrap_or_default(), input.u32());
    if let Ok(signature) = gen_signature(cx, blob, Some(&[field]), deferred) {
        let request =
            SignatureRequest { signature: Some(signature.text.as_bytes()), fields: Some(&[field]), deferred };
        drop(verify_signature(cx, blob, &request));
    }
}

/// Up to 63 bytes; a length of 255 stands for a null pointer.
pub(crate) fn argument<'a>(input: &mut Input<'a>) -> Option<&'a [u8]> {
    match input.u8() {
        255 => None,
        length => Some(input.take(usize::from(length & 63))),
    }
}
