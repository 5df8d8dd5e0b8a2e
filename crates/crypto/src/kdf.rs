//! Keys from passwords: PBKDF2 (RFC 8018 section 5.2).

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2 as implementation;

use crate::hash::HashAlg;
use crate::{CryptoError, Result};

/// Fills `key` from a password, with HMAC of `hash` as the pseudo-random function.
///
/// The caller bounds `rounds`: the time it takes grows with them.
///
/// # Errors
/// [`CryptoError::Unsupported`] for hashes other than SHA-1, SHA-256, SHA-384 and SHA-512.
pub fn pbkdf2(hash: HashAlg, rounds: NonZeroU32, salt: &[u8], password: &[u8], key: &mut [u8]) -> Result<()> {
    let algorithm = match hash {
        HashAlg::Sha1 => implementation::PBKDF2_HMAC_SHA1,
        HashAlg::Sha256 => implementation::PBKDF2_HMAC_SHA256,
        HashAlg::Sha384 => implementation::PBKDF2_HMAC_SHA384,
        HashAlg::Sha512 => implementation::PBKDF2_HMAC_SHA512,
        _ => return Err(CryptoError::Unsupported("PBKDF2 with this pseudo-random function")),
    };
    implementation::derive(algorithm, rounds, salt, password, key);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6070, test cases 2 and 5; RFC 7914 section 11 for SHA-256.
    #[test]
    fn published_vectors() {
        for (hash, password, salt, rounds, key) in [
            (HashAlg::Sha1, "password", "salt", 2, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"),
            (
                HashAlg::Sha1,
                "passwordPASSWORDpassword",
                "saltSALTsaltSALTsaltSALTsaltSALTsalt",
                4096,
                "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038",
            ),
            (
                HashAlg::Sha256,
                "passwd",
                "salt",
                1,
                "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc",
            ),
        ] {
            let rounds = NonZeroU32::new(rounds).unwrap();
            let mut got = vec![0; key.len() / 2];
            pbkdf2(hash, rounds, salt.as_bytes(), password.as_bytes(), &mut got).unwrap();
            assert_eq!(hex::encode(got), key);
        }
        let one = NonZeroU32::MIN;
        assert!(pbkdf2(HashAlg::Md5, one, b"salt", b"password", &mut [0; 16]).is_err());
    }
}
