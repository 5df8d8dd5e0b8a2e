//! The proofs a client gives when it logs in, as the vendor's public client computes them (npm @dinamonetworks/hsm-dinamo 4.9.1).

use zeroize::Zeroizing;

use crate::hash::{self, HashAlg};
use crate::{Result, mac};

/// What the device keeps of a password: MD5 of the password padded with zero bytes to 16.
///
/// MD5 is the vendor's choice and is weak; the value is as good as the password for logging in, so keep it sealed.
#[must_use]
pub fn password_digest(password_zero_padded: &[u8; 16]) -> [u8; 16] {
    md5(password_zero_padded)
}

/// The answer to a login challenge: MD5 of the password digest followed by the challenge.
#[must_use]
pub fn chap(password_digest: &[u8; 16], challenge: &[u8; 16]) -> [u8; 16] {
    let mut message = Zeroizing::new([0; 32]);
    message[..16].copy_from_slice(password_digest);
    message[16..].copy_from_slice(challenge);
    md5(&*message)
}

/// The answer of a client that logs in with an access token: AES-CMAC under the token's key over
/// user (zero padded), key and challenge.
///
/// # Errors
/// Only if the library cannot compute a CMAC at all (out of memory).
pub fn token_cmac(key: &[u8; 16], user: &[u8; 16], challenge: &[u8; 16]) -> Result<[u8; 16]> {
    let mut message = Zeroizing::new([0; 48]);
    message[..16].copy_from_slice(user);
    message[16..32].copy_from_slice(key);
    message[32..].copy_from_slice(challenge);
    mac::cmac_aes(key, &*message)
}

fn md5(data: &[u8]) -> [u8; 16] {
    let value = hash::digest(HashAlg::Md5, data);
    let mut out = [0; 16];
    out.copy_from_slice(&value);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values computed apart from this code, with Python's hashlib:
    /// `d = md5(b"12345678".ljust(16, b"\0")).digest(); md5(d + bytes(range(16)))`.
    #[test]
    fn password_proofs() {
        let digest = password_digest(b"12345678\0\0\0\0\0\0\0\0");
        assert_eq!(hex::encode(digest), PASSWORD_DIGEST);
        let challenge: [u8; 16] = std::array::from_fn(|i| i as u8);
        assert_eq!(hex::encode(chap(&digest, &challenge)), PASSWORD_CHAP);
    }

    #[test]
    fn the_token_proof_depends_on_each_of_its_inputs() {
        let base = token_cmac(&[1; 16], &[2; 16], &[3; 16]).unwrap();
        assert_ne!(base, token_cmac(&[9; 16], &[2; 16], &[3; 16]).unwrap());
        assert_ne!(base, token_cmac(&[1; 16], &[9; 16], &[3; 16]).unwrap());
        assert_ne!(base, token_cmac(&[1; 16], &[2; 16], &[9; 16]).unwrap());
        assert_eq!(hex::encode(base), TOKEN_PROOF);
    }

    const PASSWORD_DIGEST: &str = "a1cf024f4e4121096d8a518fdc39088d";
    const PASSWORD_CHAP: &str = "f55997924c569dde9136640f07e3db5a";
    /// `openssl mac -cipher AES-128-CBC -macopt hexkey:01…01 CMAC` over 16 × 02, 16 × 01, 16 × 03.
    const TOKEN_PROOF: &str = "3b80225427c3b76efea557e8a90b1ed9";
}
