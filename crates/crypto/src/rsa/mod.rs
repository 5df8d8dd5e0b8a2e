//! RSA keys and schemes (RFC 8017, ANSI X9.31), 1024 to 8192 bits.

mod x931;

use std::fmt;

use zeroize::Zeroizing;

use crate::aws::{Pad, Pss, RsaHandle};
use crate::der::{self, Algorithm, NULL_ELEMENT, OCTET_STRING, OID, SEQUENCE};
use crate::hash::HashAlg;
use crate::{CryptoError, Result, ct_eq};

/// Smallest modulus accepted, in bits.
pub const MIN_BITS: u32 = 1024;
/// Largest modulus accepted, in bits.
pub const MAX_BITS: u32 = 8192;

/// rsaEncryption, RFC 8017 appendix A.1.
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// A private key, in the library's own form. Erased on drop.
pub struct RsaPrivateKey {
    handle: RsaHandle,
}

impl RsaPrivateKey {
    /// A new key from the system's randomness.
    ///
    /// # Errors
    /// [`CryptoError::Unsupported`] when `bits` is outside [`MIN_BITS`] to [`MAX_BITS`] or not a multiple of 128, or
    /// the exponent is even or below 3; [`CryptoError::Random`] when the library finds no primes.
    pub fn generate(bits: u32, public_exponent: u32) -> Result<Self> {
        if !(MIN_BITS..=MAX_BITS).contains(&bits) || !bits.is_multiple_of(128) {
            return Err(CryptoError::Unsupported(
                "an RSA key size outside 1024 to 8192 bits in steps of 128",
            ));
        }
        if public_exponent < 3 || public_exponent.is_multiple_of(2) {
            return Err(CryptoError::Unsupported("an even RSA exponent or one below 3"));
        }
        Ok(Self { handle: RsaHandle::generate(bits, public_exponent)? })
    }

    /// From PKCS#8 (RFC 5208, RFC 5958).
    ///
    /// # Errors
    /// [`CryptoError::Malformed`]; [`CryptoError::BadKey`] when it is no RSA key or its numbers do not fit together;
    /// [`CryptoError::Unsupported`] for a size out of range.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self> {
        let parts = der::read_pkcs8(der)?;
        check_algorithm(parts.algorithm)?;
        Self::from_pkcs1(parts.key)
    }

    /// From an RSAPrivateKey (RFC 8017 appendix A.1.2).
    ///
    /// # Errors
    /// As for [`from_pkcs8`](Self::from_pkcs8).
    pub fn from_pkcs1(der: &[u8]) -> Result<Self> {
        Ok(Self { handle: check_size(RsaHandle::private_from_pkcs1(der)?)? })
    }

    /// PKCS#8 version 1 (RFC 5208).
    ///
    /// # Errors
    /// [`CryptoError::BadKey`] if the library cannot encode the key.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>> {
        Ok(der::write_pkcs8(rsa_algorithm(), &self.to_pkcs1()?))
    }

    /// An RSAPrivateKey (RFC 8017 appendix A.1.2).
    ///
    /// # Errors
    /// As for [`to_pkcs8`](Self::to_pkcs8).
    pub fn to_pkcs1(&self) -> Result<Zeroizing<Vec<u8>>> {
        self.handle.private_to_pkcs1()
    }

    /// The public half.
    ///
    /// # Errors
    /// As for [`to_pkcs8`](Self::to_pkcs8).
    pub fn public_key(&self) -> Result<RsaPublicKey> {
        RsaPublicKey::from_pkcs1(&self.handle.public_to_pkcs1()?)
    }

    /// Size of the modulus, in bits.
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.handle.bits()
    }

    /// Size of the modulus, and of every signature and ciphertext, in bytes.
    #[must_use]
    pub fn modulus_len(&self) -> usize {
        self.handle.len()
    }

    /// RSASSA-PKCS1-v1_5 over a digest. Without `hash` the bytes are padded as they are, with no DigestInfo.
    ///
    /// # Errors
    /// [`CryptoError::BadLength`] when the digest does not have the length of `hash`; [`CryptoError::TooLarge`] when
    /// the bytes do not fit ([`modulus_len`](Self::modulus_len) − 11).
    pub fn sign_pkcs1(&self, hash: Option<HashAlg>, digest: &[u8]) -> Result<Vec<u8>> {
        self.handle.private_encrypt(Pad::Pkcs1, &digest_info(hash, digest)?)
    }

    /// RSASSA-PSS over a digest, with MGF1 on the same hash and a salt of `salt_len` bytes.
    ///
    /// # Errors
    /// [`CryptoError::BadLength`] for the digest, [`CryptoError::TooLarge`] when digest and salt do not fit.
    pub fn sign_pss(&self, hash: HashAlg, salt_len: usize, digest: &[u8]) -> Result<Vec<u8>> {
        self.sign_pss_mgf(hash, hash, salt_len, digest)
    }

    /// [`sign_pss`](Self::sign_pss) with MGF1 on a hash of its own.
    ///
    /// # Errors
    /// As for [`sign_pss`](Self::sign_pss).
    pub fn sign_pss_mgf(
        &self,
        hash: HashAlg,
        mgf: HashAlg,
        salt_len: usize,
        digest: &[u8],
    ) -> Result<Vec<u8>> {
        check_digest(hash, digest)?;
        if salt_len > max_pss_salt_len(self.bits(), hash) {
            return Err(CryptoError::TooLarge);
        }
        self.handle.sign_pss(Pss { hash, mgf, salt_len: Some(salt_len) }, digest)
    }

    /// A signature by ANSI X9.31 over a digest.
    ///
    /// # Errors
    /// [`CryptoError::Unsupported`] for a hash the standard has no trailer for (MD5, SHA-3);
    /// [`CryptoError::BadLength`] for the digest.
    pub fn sign_x931(&self, hash: HashAlg, digest: &[u8]) -> Result<Vec<u8>> {
        check_digest(hash, digest)?;
        let block = x931::block(hash, digest, self.modulus_len())?;
        let signature = self.handle.private_encrypt(Pad::None, &block)?;
        Ok(x931::smaller(signature, &self.handle.modulus()))
    }

    /// The private operation alone, over a number below the modulus given big-endian; leading zeros may be missing.
    /// The result has the length of the modulus.
    ///
    /// # Errors
    /// [`CryptoError::TooLarge`] when the number is not below the modulus.
    pub fn raw(&self, input: &[u8]) -> Result<Vec<u8>> {
        self.handle.private_encrypt(Pad::None, &left_pad(input, self.modulus_len())?)
    }

    /// Decrypts RSAES-PKCS1-v1_5. Telling a peer that this failed lets it decrypt other messages (Bleichenbacher):
    /// answer with what a random plaintext would give where the protocol allows.
    ///
    /// # Errors
    /// [`CryptoError::BadLength`] when the ciphertext does not have the length of the modulus;
    /// [`CryptoError::BadPadding`].
    pub fn decrypt_pkcs1(&self, cipher_text: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        self.check_cipher_text(cipher_text)?;
        self.handle.private_decrypt(Pad::Pkcs1, cipher_text)
    }

    /// Decrypts RSAES-OAEP with MGF1 on the same hash.
    ///
    /// # Errors
    /// As for [`decrypt_pkcs1`](Self::decrypt_pkcs1).
    pub fn decrypt_oaep(
        &self,
        hash: HashAlg,
        label: &[u8],
        cipher_text: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>> {
        self.decrypt_oaep_mgf(hash, hash, label, cipher_text)
    }

    /// [`decrypt_oaep`](Self::decrypt_oaep) with MGF1 on a hash of its own.
    ///
    /// # Errors
    /// As for [`decrypt_pkcs1`](Self::decrypt_pkcs1).
    pub fn decrypt_oaep_mgf(
        &self,
        hash: HashAlg,
        mgf: HashAlg,
        label: &[u8],
        cipher_text: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>> {
        self.check_cipher_text(cipher_text)?;
        self.handle.decrypt_oaep(hash, mgf, label, cipher_text)
    }

    /// Decrypts a block without touching any padding: the same operation as [`raw`](Self::raw), on a secret.
    ///
    /// # Errors
    /// [`CryptoError::BadLength`] when the ciphertext does not have the length of the modulus;
    /// [`CryptoError::TooLarge`] when it is not below the modulus.
    pub fn decrypt_raw(&self, cipher_text: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        self.check_cipher_text(cipher_text)?;
        self.raw(cipher_text).map(Zeroizing::new)
    }

    fn check_cipher_text(&self, cipher_text: &[u8]) -> Result<()> {
        let (expected, got) = (self.modulus_len(), cipher_text.len());
        if expected == got {
            Ok(())
        } else {
            Err(CryptoError::BadLength { what: "RSA ciphertext", expected, got })
        }
    }
}

impl fmt::Debug for RsaPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsaPrivateKey").field("bits", &self.bits()).finish_non_exhaustive()
    }
}

/// A public key, in the library's own form.
pub struct RsaPublicKey {
    handle: RsaHandle,
}

impl RsaPublicKey {
    /// From a SubjectPublicKeyInfo (RFC 3279 section 2.3.1).
    ///
    /// # Errors
    /// [`CryptoError::Malformed`]; [`CryptoError::BadKey`] when it is no RSA key or not a usable one;
    /// [`CryptoError::Unsupported`] for a size out of range.
    pub fn from_spki(der: &[u8]) -> Result<Self> {
        let (algorithm, key) = der::read_spki(der)?;
        check_algorithm(algorithm)?;
        Self::from_pkcs1(key)
    }

    /// From an RSAPublicKey (RFC 8017 appendix A.1.1).
    ///
    /// # Errors
    /// As for [`from_spki`](Self::from_spki).
    pub fn from_pkcs1(der: &[u8]) -> Result<Self> {
        Ok(Self { handle: check_size(RsaHandle::public_from_pkcs1(der)?)? })
    }

    /// From modulus and exponent, both big-endian.
    ///
    /// # Errors
    /// As for [`from_spki`](Self::from_spki).
    pub fn from_components(modulus: &[u8], exponent: &[u8]) -> Result<Self> {
        let (n, e) = (der::integer(modulus), der::integer(exponent));
        Self::from_pkcs1(&der::element(SEQUENCE, &[&n, &e]))
    }

    /// A SubjectPublicKeyInfo.
    #[must_use]
    pub fn to_spki(&self) -> Vec<u8> {
        der::write_spki(rsa_algorithm(), &self.to_pkcs1())
    }

    /// An RSAPublicKey.
    #[must_use]
    pub fn to_pkcs1(&self) -> Vec<u8> {
        let (n, e) = (der::integer(&self.modulus()), der::integer(&self.exponent()));
        der::public(der::element(SEQUENCE, &[&n, &e]))
    }

    /// Size of the modulus, in bits.
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.handle.bits()
    }

    /// Size of the modulus, and of every signature and ciphertext, in bytes.
    #[must_use]
    pub fn modulus_len(&self) -> usize {
        self.handle.len()
    }

    /// The modulus, big-endian, without leading zeros.
    #[must_use]
    pub fn modulus(&self) -> Vec<u8> {
        self.handle.modulus()
    }

    /// The public exponent, big-endian, without leading zeros.
    #[must_use]
    pub fn exponent(&self) -> Vec<u8> {
        self.handle.exponent()
    }

    /// Checks what [`RsaPrivateKey::sign_pkcs1`] makes.
    ///
    /// # Errors
    /// [`CryptoError::BadSignature`]; [`CryptoError::BadLength`] for the digest.
    pub fn verify_pkcs1(&self, hash: Option<HashAlg>, digest: &[u8], signature: &[u8]) -> Result<()> {
        let expected = digest_info(hash, digest)?;
        self.check_signature(signature)?;
        let found = self.handle.public_decrypt(Pad::Pkcs1, signature)?;
        if ct_eq(&found, &expected) { Ok(()) } else { Err(CryptoError::BadSignature) }
    }

    /// Checks what [`RsaPrivateKey::sign_pss`] makes. Without `salt_len` any length of salt is accepted.
    ///
    /// # Errors
    /// As for [`verify_pkcs1`](Self::verify_pkcs1).
    pub fn verify_pss(
        &self,
        hash: HashAlg,
        salt_len: Option<usize>,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<()> {
        self.verify_pss_mgf(hash, hash, salt_len, digest, signature)
    }

    /// [`verify_pss`](Self::verify_pss) with MGF1 on a hash of its own.
    ///
    /// # Errors
    /// As for [`verify_pkcs1`](Self::verify_pkcs1).
    pub fn verify_pss_mgf(
        &self,
        hash: HashAlg,
        mgf: HashAlg,
        salt_len: Option<usize>,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<()> {
        check_digest(hash, digest)?;
        self.check_signature(signature)?;
        self.handle.verify_pss(Pss { hash, mgf, salt_len }, digest, signature)
    }

    /// Checks what [`RsaPrivateKey::sign_x931`] makes.
    ///
    /// # Errors
    /// As for [`verify_pkcs1`](Self::verify_pkcs1), and [`CryptoError::Unsupported`] for a hash without a trailer.
    pub fn verify_x931(&self, hash: HashAlg, digest: &[u8], signature: &[u8]) -> Result<()> {
        check_digest(hash, digest)?;
        let expected = x931::block(hash, digest, self.modulus_len())?;
        self.check_signature(signature)?;
        let found = self.handle.public_decrypt(Pad::None, signature)?;
        if ct_eq(&x931::recover(found, &self.modulus()), &expected) {
            Ok(())
        } else {
            Err(CryptoError::BadSignature)
        }
    }

    /// Encrypts with RSAES-PKCS1-v1_5.
    ///
    /// # Errors
    /// [`CryptoError::TooLarge`] above [`modulus_len`](Self::modulus_len) − 11 bytes.
    pub fn encrypt_pkcs1(&self, plain: &[u8]) -> Result<Vec<u8>> {
        self.handle.public_encrypt(Pad::Pkcs1, plain)
    }

    /// Encrypts with RSAES-OAEP and MGF1 on the same hash.
    ///
    /// # Errors
    /// [`CryptoError::TooLarge`] above the modulus less two digests and two bytes.
    pub fn encrypt_oaep(&self, hash: HashAlg, label: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
        self.encrypt_oaep_mgf(hash, hash, label, plain)
    }

    /// [`encrypt_oaep`](Self::encrypt_oaep) with MGF1 on a hash of its own.
    ///
    /// # Errors
    /// As for [`encrypt_oaep`](Self::encrypt_oaep).
    pub fn encrypt_oaep_mgf(
        &self,
        hash: HashAlg,
        mgf: HashAlg,
        label: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>> {
        self.handle.encrypt_oaep(hash, mgf, label, plain)
    }

    /// The public operation alone, over a number below the modulus given big-endian; leading zeros may be missing.
    ///
    /// # Errors
    /// [`CryptoError::TooLarge`] when the number is not below the modulus.
    pub fn encrypt_raw(&self, input: &[u8]) -> Result<Vec<u8>> {
        self.handle.public_encrypt(Pad::None, &left_pad(input, self.modulus_len())?)
    }

    fn check_signature(&self, signature: &[u8]) -> Result<()> {
        if signature.len() == self.modulus_len() { Ok(()) } else { Err(CryptoError::BadSignature) }
    }
}

impl PartialEq for RsaPublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.modulus() == other.modulus() && self.exponent() == other.exponent()
    }
}

impl Eq for RsaPublicKey {}

impl fmt::Debug for RsaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsaPublicKey").field("bits", &self.bits()).finish_non_exhaustive()
    }
}

/// The longest salt a PSS signature by a key of `bits` can hold, in bytes (RFC 8017 section 9.1.1); 0 if none fits.
#[must_use]
pub fn max_pss_salt_len(bits: u32, hash: HashAlg) -> usize {
    let encoded_len = (bits.saturating_sub(1) as usize).div_ceil(8);
    encoded_len.saturating_sub(hash.output_len() + 2)
}

fn rsa_algorithm() -> Algorithm<'static> {
    Algorithm { oid: RSA_ENCRYPTION, parameters: Some(NULL_ELEMENT) }
}

fn check_algorithm(algorithm: Algorithm<'_>) -> Result<()> {
    match algorithm {
        Algorithm { oid: RSA_ENCRYPTION, parameters: None | Some(NULL_ELEMENT) } => Ok(()),
        Algorithm { oid: RSA_ENCRYPTION, .. } => Err(CryptoError::Malformed("RSA key with parameters")),
        _ => Err(CryptoError::BadKey("not an RSA key")),
    }
}

fn check_size(handle: RsaHandle) -> Result<RsaHandle> {
    if (MIN_BITS..=MAX_BITS).contains(&handle.bits()) {
        Ok(handle)
    } else {
        Err(CryptoError::Unsupported("an RSA key size outside 1024 to 8192 bits"))
    }
}

fn check_digest(hash: HashAlg, digest: &[u8]) -> Result<()> {
    let (expected, got) = (hash.output_len(), digest.len());
    if expected == got { Ok(()) } else { Err(CryptoError::BadLength { what: "digest", expected, got }) }
}

/// What PKCS#1 v1.5 signs (RFC 8017 section 9.2): the DigestInfo, or the bytes as they are.
fn digest_info(hash: Option<HashAlg>, digest: &[u8]) -> Result<Vec<u8>> {
    let Some(hash) = hash else { return Ok(digest.to_vec()) };
    check_digest(hash, digest)?;
    let oid = der::element(OID, &[hash.oid()]);
    let algorithm = der::element(SEQUENCE, &[&oid, NULL_ELEMENT]);
    Ok(der::public(der::element(SEQUENCE, &[&algorithm, &der::element(OCTET_STRING, &[digest])])))
}

fn left_pad(input: &[u8], len: usize) -> Result<Zeroizing<Vec<u8>>> {
    let Some(zeros) = len.checked_sub(input.len()) else { return Err(CryptoError::TooLarge) };
    let mut out = Zeroizing::new(vec![0; len]);
    out[zeros..].copy_from_slice(input);
    Ok(out)
}

#[cfg(test)]
mod tests;
