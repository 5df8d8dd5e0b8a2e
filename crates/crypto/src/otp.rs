//! One-time passwords: HOTP (RFC 4226) and TOTP (RFC 6238).

use crate::hash::HashAlg;
use crate::{CryptoError, Result, mac};

/// The counter-based one-time password: `digits` decimal digits (6 to 9), leading zeros included.
///
/// RFC 4226 knows HMAC-SHA-1 only; RFC 6238 adds SHA-256 and SHA-512, and the truncation works with any digest of
/// at least 20 bytes.
///
/// # Errors
/// [`CryptoError::Unsupported`] for MD5 or another number of digits.
pub fn hotp(alg: HashAlg, key: &[u8], counter: u64, digits: u32) -> Result<String> {
    hotp_truncated(alg, key, counter, digits, None)
}

/// [`hotp`] with the truncation offset fixed at 0 to 15 instead of taken from the digest's last byte.
///
/// # Errors
/// As for [`hotp`]; [`CryptoError::Unsupported`] for a greater offset.
pub fn hotp_truncated(
    alg: HashAlg,
    key: &[u8],
    counter: u64,
    digits: u32,
    truncation_offset: Option<u8>,
) -> Result<String> {
    if truncation_offset.is_some_and(|offset| offset > 15) {
        return Err(CryptoError::Unsupported("a truncation offset above 15"));
    }
    if !(6..=9).contains(&digits) {
        return Err(CryptoError::Unsupported("a one-time password of other than 6 to 9 digits"));
    }
    let code = mac::hmac(alg, key, &counter.to_be_bytes());
    if code.len() < 20 {
        return Err(CryptoError::Unsupported("one-time passwords with a digest under 20 bytes"));
    }
    let offset = usize::from(truncation_offset.unwrap_or(code[code.len() - 1] & 0x0f));
    let value =
        u32::from_be_bytes([code[offset] & 0x7f, code[offset + 1], code[offset + 2], code[offset + 3]]);
    Ok(format!("{:0width$}", value % 10u32.pow(digits), width = digits as usize))
}

/// The time-based one-time password at `unix_time`: HOTP over the number of whole steps of `step` seconds since `t0`.
/// All three are in seconds; the usual values are a step of 30 and a `t0` of 0.
///
/// # Errors
/// As for [`hotp`]; [`CryptoError::Unsupported`] for a step of zero or a time before `t0`.
pub fn totp(alg: HashAlg, key: &[u8], unix_time: u64, t0: u64, step: u64, digits: u32) -> Result<String> {
    hotp(alg, key, totp_counter(unix_time, t0, step)?, digits)
}

/// The counter TOTP uses at `unix_time`, for callers that search a window of steps.
///
/// # Errors
/// [`CryptoError::Unsupported`] for a step of zero or a time before `t0`.
pub fn totp_counter(unix_time: u64, t0: u64, step: u64) -> Result<u64> {
    let elapsed =
        unix_time.checked_sub(t0).ok_or(CryptoError::Unsupported("a time before the first step"))?;
    elapsed.checked_div(step).ok_or(CryptoError::Unsupported("a time step of zero"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"1234567890123456789012345678901234567890123456789012345678901234";

    /// RFC 4226 appendix D.
    #[test]
    fn published_hotp_values() {
        let expected = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
            "520489",
        ];
        for (counter, expected) in expected.iter().enumerate() {
            assert_eq!(&hotp(HashAlg::Sha1, &KEY[..20], counter as u64, 6).unwrap(), expected);
        }
    }

    /// RFC 6238 appendix B.
    #[test]
    fn published_totp_values() {
        for (time, sha1, sha256, sha512) in [
            (59, "94287082", "46119246", "90693936"),
            (1_111_111_109, "07081804", "68084774", "25091201"),
            (1_111_111_111, "14050471", "67062674", "99943326"),
            (1_234_567_890, "89005924", "91819424", "93441116"),
            (2_000_000_000, "69279037", "90698825", "38618901"),
            (20_000_000_000, "65353130", "77737706", "47863826"),
        ] {
            assert_eq!(totp(HashAlg::Sha1, &KEY[..20], time, 0, 30, 8).unwrap(), sha1);
            assert_eq!(totp(HashAlg::Sha256, &KEY[..32], time, 0, 30, 8).unwrap(), sha256);
            assert_eq!(totp(HashAlg::Sha512, KEY, time, 0, 30, 8).unwrap(), sha512);
        }
    }

    #[test]
    fn impossible_parameters_are_refused() {
        assert!(hotp(HashAlg::Sha1, KEY, 0, 5).is_err());
        assert!(hotp(HashAlg::Sha1, KEY, 0, 10).is_err());
        assert!(hotp(HashAlg::Md5, KEY, 0, 6).is_err());
        assert!(totp(HashAlg::Sha1, KEY, 10, 11, 30, 6).is_err());
        assert!(totp(HashAlg::Sha1, KEY, 10, 0, 0, 6).is_err());
    }
}
