//! Private keys under a password: PKCS#8 EncryptedPrivateKeyInfo (RFC 5958) with PBES2 (RFC 8018).

use std::num::NonZeroU32;

use zeroize::Zeroizing;

use crate::cipher::{Mode, Padding, SymAlg, SymKey};
use crate::der::{self, Algorithm, INTEGER, NULL_ELEMENT, OCTET_STRING, Reader, SEQUENCE};
use crate::hash::HashAlg;
use crate::kdf::pbkdf2;
use crate::random::Random;
use crate::{CryptoError, Result};

/// PBKDF2 iterations of the envelopes made here (our choice).
pub const ITERATIONS: u32 = 100_000;
/// Most PBKDF2 iterations accepted in an envelope made elsewhere, so that one cannot occupy a thread for minutes
/// (our choice).
pub const MAX_ITERATIONS: u32 = 10_000_000;

/// id-PBES2 and id-PBKDF2, RFC 8018 appendices A.4 and A.2.
const PBES2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
const PBKDF2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c];
/// id-hmacWithSHA1, 256, 384 and 512, RFC 8018 appendix B.1.
const HMAC_SHA1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x07];
const HMAC_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x09];
const HMAC_SHA384: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x0a];
const HMAC_SHA512: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x0b];
/// des-EDE3-CBC and AES-CBC with 128, 192 and 256 bits, RFC 8018 appendix B.2.
const DES_EDE3_CBC: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x07];
const AES_128_CBC: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x02];
const AES_192_CBC: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x16];
const AES_256_CBC: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a];

/// Encrypts a PKCS#8 private key under a password: PBKDF2-HMAC-SHA-256 with [`ITERATIONS`], AES-256-CBC.
///
/// `random` gives the salt and the vector, 16 bytes each.
///
/// # Errors
/// [`CryptoError::Malformed`] when `pkcs8` is not exactly one DER sequence.
pub fn encrypt_pkcs8(pkcs8: &[u8], password: &[u8], random: &mut dyn Random) -> Result<Vec<u8>> {
    check_is_one_sequence(pkcs8)?;
    let (mut salt, mut iv) = ([0; 16], [0; 16]);
    random.fill(&mut salt);
    random.fill(&mut iv);
    let scheme = Scheme {
        prf: HashAlg::Sha256,
        salt: &salt,
        iterations: NonZeroU32::new(ITERATIONS).ok_or(CryptoError::TooLarge)?,
        cipher: SymAlg::Aes256,
        iv: &iv,
    };
    let mut encrypted = Vec::new();
    scheme.key(password)?.encrypt(Mode::Cbc, Padding::Pkcs5, &iv, pkcs8, &mut encrypted)?;

    let prf = Algorithm { oid: HMAC_SHA256, parameters: Some(NULL_ELEMENT) }.encode();
    let iterations = der::integer(&ITERATIONS.to_be_bytes());
    let salt = der::element(OCTET_STRING, &[&salt]);
    let derivation_parameters = der::element(SEQUENCE, &[&salt, &iterations, &prf]);
    let derivation = Algorithm { oid: PBKDF2, parameters: Some(&derivation_parameters) }.encode();
    let iv = der::element(OCTET_STRING, &[&iv]);
    let encryption = Algorithm { oid: AES_256_CBC, parameters: Some(&iv) }.encode();
    let parameters = der::element(SEQUENCE, &[&derivation, &encryption]);
    let algorithm = Algorithm { oid: PBES2, parameters: Some(&parameters) }.encode();
    let encrypted = der::element(OCTET_STRING, &[&encrypted]);
    Ok(der::public(der::element(SEQUENCE, &[&algorithm, &encrypted])))
}

/// The PKCS#8 private key in an envelope.
///
/// Accepts PBKDF2 with HMAC-SHA-1, SHA-256, SHA-384 or SHA-512, and AES-CBC or triple-DES-CBC.
///
/// # Errors
/// [`CryptoError::BadPadding`] for a wrong password; [`CryptoError::Malformed`]; [`CryptoError::Unsupported`] for
/// other algorithms; [`CryptoError::TooLarge`] above [`MAX_ITERATIONS`].
pub fn decrypt_pkcs8(envelope: &[u8], password: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let mut outer = Reader::new(envelope);
    let mut inner = outer.sequence()?;
    outer.finish()?;
    let algorithm = Algorithm::read(&mut inner)?;
    let encrypted = inner.expect(OCTET_STRING)?;
    inner.finish()?;
    let scheme = Scheme::read(algorithm)?;
    let mut plain = Zeroizing::new(Vec::with_capacity(encrypted.len()));
    scheme
        .key(password)?
        .decrypt(Mode::Cbc, Padding::Pkcs5, scheme.iv, encrypted, &mut plain)
        .map_err(|_| CryptoError::BadPadding)?;
    // One wrong password in 256 leaves a plausible padding; what it decrypts to is still no DER.
    check_is_one_sequence(&plain).map_err(|_| CryptoError::BadPadding)?;
    Ok(plain)
}

/// The first DER element of `bytes`, for fields of fixed size that are filled up with zeros behind it.
///
/// # Errors
/// [`CryptoError::Malformed`] when there is no whole element.
pub fn der_prefix(bytes: &[u8]) -> Result<&[u8]> {
    Reader::new(bytes).any().map(|(_, _, whole)| whole)
}

fn check_is_one_sequence(der: &[u8]) -> Result<()> {
    let mut reader = Reader::new(der);
    reader.expect(SEQUENCE)?;
    reader.finish()
}

/// The parameters of PBES2.
struct Scheme<'a> {
    prf: HashAlg,
    salt: &'a [u8],
    iterations: NonZeroU32,
    cipher: SymAlg,
    iv: &'a [u8],
}

impl<'a> Scheme<'a> {
    fn read(algorithm: Algorithm<'a>) -> Result<Self> {
        if algorithm.oid != PBES2 {
            return Err(CryptoError::Unsupported("password encryption other than PBES2"));
        }
        let mut outer = Reader::new(algorithm.parameters.unwrap_or_default());
        let mut both = outer.sequence()?;
        outer.finish()?;
        let derivation = Algorithm::read(&mut both)?;
        let encryption = Algorithm::read(&mut both)?;
        both.finish()?;

        let cipher = match encryption.oid {
            AES_128_CBC => SymAlg::Aes128,
            AES_192_CBC => SymAlg::Aes192,
            AES_256_CBC => SymAlg::Aes256,
            DES_EDE3_CBC => SymAlg::Des3_168,
            _ => {
                return Err(CryptoError::Unsupported(
                    "PBES2 with a cipher other than AES-CBC or triple-DES-CBC",
                ));
            }
        };
        let mut iv = Reader::new(encryption.parameters.unwrap_or_default());
        let scheme_iv = iv.expect(OCTET_STRING)?;
        iv.finish()?;
        if scheme_iv.len() != cipher.block_len() {
            return Err(CryptoError::Malformed("PBES2 vector is not one block"));
        }
        let (prf, salt, iterations) = read_derivation(derivation, cipher)?;
        Ok(Self { prf, salt, iterations, cipher, iv: scheme_iv })
    }

    fn key(&self, password: &[u8]) -> Result<SymKey> {
        let mut key = Zeroizing::new([0; 32]);
        let key = &mut key[..self.cipher.key_len()];
        pbkdf2(self.prf, self.iterations, self.salt, password, key)?;
        SymKey::new(self.cipher, key)
    }
}

/// PBKDF2-params, RFC 8018 appendix A.2.
fn read_derivation(algorithm: Algorithm<'_>, cipher: SymAlg) -> Result<(HashAlg, &[u8], NonZeroU32)> {
    if algorithm.oid != PBKDF2 {
        return Err(CryptoError::Unsupported("PBES2 with a key derivation other than PBKDF2"));
    }
    let mut outer = Reader::new(algorithm.parameters.unwrap_or_default());
    let mut inner = outer.sequence()?;
    outer.finish()?;
    let salt = inner.expect(OCTET_STRING)?;
    let iterations = inner.small_integer()?;
    if iterations > MAX_ITERATIONS {
        return Err(CryptoError::TooLarge);
    }
    let iterations =
        NonZeroU32::new(iterations).ok_or(CryptoError::Malformed("PBKDF2 iteration count is zero"))?;
    if inner.peek() == Some(INTEGER) && inner.small_integer()? as usize != cipher.key_len() {
        return Err(CryptoError::Malformed("PBKDF2 key length does not fit the cipher"));
    }
    let prf = if inner.is_empty() {
        HashAlg::Sha1
    } else {
        match Algorithm::read(&mut inner)?.oid {
            HMAC_SHA1 => HashAlg::Sha1,
            HMAC_SHA256 => HashAlg::Sha256,
            HMAC_SHA384 => HashAlg::Sha384,
            HMAC_SHA512 => HashAlg::Sha512,
            _ => return Err(CryptoError::Unsupported("PBKDF2 with this pseudo-random function")),
        }
    };
    inner.finish()?;
    Ok((prf, salt, iterations))
}

#[cfg(test)]
mod tests;
