//! Ciphertexts, sealed records, shared secrets and one-time passwords.

use bancada_crypto::cipher::{Mode, Padding, SymAlg, SymKey};
use bancada_crypto::hash::HashAlg;
use bancada_crypto::otp::{hotp, hotp_truncated, totp, totp_counter};
use bancada_crypto::random::SeededRandom;
use bancada_crypto::seal::SealKey;
use bancada_crypto::threshold::{MAX_PARTS, PART_LEN, recover, split};

use crate::input::Input;

/// Algorithm, mode, padding and vector, then text to encrypt and to decrypt.
pub fn cipher(data: &[u8]) {
    let mut input = Input::new(data);
    let alg = input.pick(&SymAlg::ALL);
    let (mode_number, tag_len) = (input.u8(), usize::from(input.u8() % 20));
    let padding = input.pick(&[Padding::None, Padding::Pkcs5, Padding::Zero]);
    let vector_len = usize::from(input.u8() % 33);
    let (vector, key_bytes) = (input.take(vector_len), input.array::<32>());
    let aad_len = usize::from(input.u8());
    let aad = input.take(aad_len);
    let text = input.rest();
    let mode = match mode_number % 5 {
        0 => Mode::Ecb,
        1 => Mode::Cbc,
        2 => Mode::Ctr,
        3 => Mode::Gcm { tag_len, aad },
        _ => Mode::Kw,
    };
    let key = SymKey::new(alg, &key_bytes[..alg.key_len()]).expect("the length is right");
    let mut out = b"kept".to_vec();
    if key.decrypt(mode, padding, vector, text, &mut out).is_err() {
        assert_eq!(out, b"kept", "an error leaves the output as it was");
    }
    let mut encrypted = Vec::new();
    if key.encrypt(mode, padding, vector, text, &mut encrypted).is_ok() {
        let mut again = Vec::new();
        key.decrypt(mode, padding, vector, &encrypted, &mut again).expect("what was encrypted decrypts");
        // Zero padding stays, as nothing tells it from data.
        assert!(again.starts_with(text) && again[text.len()..].iter().all(|byte| *byte == 0));
        assert!(padding == Padding::Zero || again.len() == text.len());
    }
    let seal = SealKey::new(key_bytes);
    assert!(seal.open([0; 12], aad, text).is_err(), "the fuzzer forged a seal");
    let sealed = seal.seal([0; 12], aad, text).expect("small texts are sealed");
    assert_eq!(*seal.open([0; 12], aad, &sealed).expect("and opened"), text);
}

/// M and N, a secret to split, then parts to put together.
pub fn threshold(data: &[u8]) {
    let mut input = Input::new(data);
    let (m, n, damage) = (input.u8(), input.u8(), input.u8());
    let secret = input.array();
    let mut random = SeededRandom::new([1; 32]);
    if (33..=MAX_PARTS).contains(&n) {
        // Right, but slow: the work grows with the square of the number.
        return;
    }
    let parts = split(&secret, m, n, &mut random);
    assert_eq!(parts.is_ok(), (2..=n).contains(&m) && n <= MAX_PARTS);
    if let Ok(mut parts) = parts {
        assert_eq!(parts.len(), usize::from(n));
        assert_eq!(*recover(&parts[usize::from(n - m)..]).expect("M parts recover"), secret);
        assert!(recover(&parts[..usize::from(m) - 1]).is_err(), "fewer than M parts recover");
        let part = usize::from(damage) % parts.len();
        parts[part][2 + usize::from(damage) % (PART_LEN - 2)] ^= 1;
        // M of them: any damage changes the secret, and the check value tells in 255 cases of 256.
        let start = part.min(parts.len() - usize::from(m));
        if let Ok(other) = recover(&parts[start..start + usize::from(m)]) {
            assert!(*other != secret, "a damaged part changed nothing");
        }
    }
    let parts: Vec<[u8; PART_LEN]> =
        input.rest().chunks_exact(PART_LEN).filter_map(|part| part.try_into().ok()).collect();
    drop(recover(&parts));
}

/// Hash, digits, offset, counter and times, then a key.
pub fn otp(data: &[u8]) {
    let mut input = Input::new(data);
    let alg = input.pick(&HashAlg::ALL);
    let (digits, offset) = (u32::from(input.u8()), Some(input.u8()).filter(|offset| *offset != 255));
    let (counter, t0, step) = (input.u64(), input.u64(), u64::from(input.u16()));
    let key = input.rest();
    let known = (6..=9).contains(&digits) && alg != HashAlg::Md5;
    let code = hotp_truncated(alg, key, counter, digits, offset);
    assert_eq!(code.is_ok(), known && offset.is_none_or(|offset| offset < 16));
    if let Ok(code) = code {
        assert!(code.len() == digits as usize && code.bytes().all(|byte| byte.is_ascii_digit()));
    }
    let time_code = totp(alg, key, counter, t0, step, digits);
    match totp_counter(counter, t0, step) {
        Ok(count) => assert_eq!(time_code.ok(), hotp(alg, key, count, digits).ok()),
        Err(_) => assert!(time_code.is_err() && (step == 0 || t0 > counter)),
    }
}
