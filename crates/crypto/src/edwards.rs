//! Ed25519 signatures (RFC 8032) and X25519 agreement (RFC 7748), with the encodings of RFC 8410.

use std::fmt;

use aws_lc_rs::agreement::{self, UnparsedPublicKey, X25519};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, ParsedPublicKey};
use zeroize::Zeroizing;

use crate::der::{self, Algorithm, OCTET_STRING, Reader};
use crate::random::{Random, SystemRandom};
use crate::{CryptoError, Result, ct_eq};

/// id-X25519 and id-Ed25519, RFC 8410 section 3.
const ID_X25519: &[u8] = &[0x2b, 0x65, 0x6e];
const ID_ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// An Ed25519 private key. Erased on drop.
pub struct Ed25519PrivateKey {
    seed: Zeroizing<[u8; 32]>,
    pair: Ed25519KeyPair,
}

impl Ed25519PrivateKey {
    /// A new key from the system's randomness.
    ///
    /// # Errors
    /// [`CryptoError::BadKey`] if the library refuses it.
    pub fn generate() -> Result<Self> {
        let mut seed = Zeroizing::new([0; 32]);
        SystemRandom.fill(&mut *seed);
        Self::from_seed(&seed)
    }

    /// From the 32 bytes RFC 8032 calls the private key.
    ///
    /// # Errors
    /// [`CryptoError::BadKey`] if the library refuses it.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed)
            .map_err(|_| CryptoError::BadKey("Ed25519 refused the private key"))?;
        Ok(Self { seed: Zeroizing::new(*seed), pair })
    }

    /// From PKCS#8, first version (RFC 5208) or second (RFC 5958) with the public key.
    ///
    /// # Errors
    /// [`CryptoError::Malformed`]; [`CryptoError::BadKey`] when it is another kind of key or a public key inside does
    /// not belong to it.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self> {
        let (private, public) = read_pkcs8(ID_ED25519, der)?;
        let key = Self::from_seed(&private)?;
        check_public(public, key.public_bytes())?;
        Ok(key)
    }

    /// PKCS#8 version 1, without the public key (RFC 8410 section 7).
    #[must_use]
    pub fn to_pkcs8(&self) -> Zeroizing<Vec<u8>> {
        write_pkcs8(ID_ED25519, &self.seed)
    }

    /// The 32 bytes [`from_seed`](Self::from_seed) takes.
    #[must_use]
    pub fn expose_seed(&self) -> &[u8; 32] {
        &self.seed
    }

    /// The public half.
    ///
    /// # Errors
    /// [`CryptoError::BadKey`] if the library refuses its own key.
    pub fn public(&self) -> Result<Ed25519PublicKey> {
        Ed25519PublicKey::from_bytes(self.public_bytes())
    }

    /// The signature (64 bytes) of `message`: pure Ed25519. The same message always gives the same signature.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        let mut out = [0; 64];
        out.copy_from_slice(self.pair.sign(message).as_ref());
        out
    }

    fn public_bytes(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }
}

impl fmt::Debug for Ed25519PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ed25519PrivateKey(..)")
    }
}

/// An Ed25519 public key.
#[derive(Clone)]
pub struct Ed25519PublicKey {
    bytes: [u8; 32],
    parsed: ParsedPublicKey,
}

impl Ed25519PublicKey {
    /// From its 32 bytes.
    ///
    /// # Errors
    /// [`CryptoError::BadLength`]; [`CryptoError::BadKey`] if the library refuses them.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let bytes = array(bytes, "Ed25519 public key")?;
        let parsed = ParsedPublicKey::new(&ED25519, bytes)
            .map_err(|_| CryptoError::BadKey("not an Ed25519 public key"))?;
        Ok(Self { bytes, parsed })
    }

    /// From a SubjectPublicKeyInfo (RFC 8410 section 4).
    ///
    /// # Errors
    /// [`CryptoError::Malformed`]; [`CryptoError::BadKey`] when it is another kind of key.
    pub fn from_spki(der: &[u8]) -> Result<Self> {
        Self::from_bytes(read_spki(ID_ED25519, der)?)
    }

    /// A SubjectPublicKeyInfo.
    #[must_use]
    pub fn to_spki(&self) -> Vec<u8> {
        der::write_spki(Algorithm { oid: ID_ED25519, parameters: None }, &self.bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// Checks a signature.
    ///
    /// # Errors
    /// [`CryptoError::BadSignature`].
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<()> {
        self.parsed.verify_sig(message, signature).map_err(|_| CryptoError::BadSignature)
    }
}

impl PartialEq for Ed25519PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Ed25519PublicKey {}

impl fmt::Debug for Ed25519PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ed25519PublicKey({:02x?})", self.bytes)
    }
}

/// An X25519 private key. Erased on drop.
pub struct X25519PrivateKey {
    bytes: Zeroizing<[u8; 32]>,
    key: agreement::PrivateKey,
}

impl X25519PrivateKey {
    /// A new key from the system's randomness.
    ///
    /// # Errors
    /// [`CryptoError::BadKey`] if the library refuses it.
    pub fn generate() -> Result<Self> {
        let mut bytes = Zeroizing::new([0; 32]);
        SystemRandom.fill(&mut *bytes);
        Self::from_bytes(&bytes)
    }

    /// From its 32 bytes; they are kept as given and clamped when used (RFC 7748 section 5).
    ///
    /// # Errors
    /// [`CryptoError::BadKey`] if the library refuses them.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self> {
        let key = agreement::PrivateKey::from_private_key(&X25519, bytes)
            .map_err(|_| CryptoError::BadKey("X25519 refused the private key"))?;
        Ok(Self { bytes: Zeroizing::new(*bytes), key })
    }

    /// From PKCS#8, first or second version.
    ///
    /// # Errors
    /// As for [`Ed25519PrivateKey::from_pkcs8`].
    pub fn from_pkcs8(der: &[u8]) -> Result<Self> {
        let (private, public) = read_pkcs8(ID_X25519, der)?;
        let key = Self::from_bytes(&private)?;
        check_public(public, key.public()?.as_bytes())?;
        Ok(key)
    }

    /// PKCS#8 version 1, without the public key.
    #[must_use]
    pub fn to_pkcs8(&self) -> Zeroizing<Vec<u8>> {
        write_pkcs8(ID_X25519, &self.bytes)
    }

    /// The 32 bytes [`from_bytes`](Self::from_bytes) takes.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// The public half.
    ///
    /// # Errors
    /// [`CryptoError::BadKey`] if the library cannot compute it.
    pub fn public(&self) -> Result<X25519PublicKey> {
        let public =
            self.key.compute_public_key().map_err(|_| CryptoError::BadKey("no public X25519 key"))?;
        X25519PublicKey::from_bytes(public.as_ref())
    }

    /// The shared secret with `peer`.
    ///
    /// # Errors
    /// [`CryptoError::BadKey`] when the peer's key is of small order, so that the result would be zero (RFC 7748 section 6.1).
    pub fn agree(&self, peer: &X25519PublicKey) -> Result<Zeroizing<[u8; 32]>> {
        let refused = CryptoError::BadKey("the peer's X25519 key gives no shared secret");
        agreement::agree(&self.key, UnparsedPublicKey::new(&X25519, peer.bytes), refused, |secret| {
            Ok(Zeroizing::new(array(secret, "X25519 shared secret")?))
        })
    }
}

impl fmt::Debug for X25519PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("X25519PrivateKey(..)")
    }
}

/// An X25519 public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct X25519PublicKey {
    bytes: [u8; 32],
}

impl X25519PublicKey {
    /// From its 32 bytes; any are accepted.
    ///
    /// # Errors
    /// [`CryptoError::BadLength`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        Ok(Self { bytes: array(bytes, "X25519 public key")? })
    }

    /// From a SubjectPublicKeyInfo (RFC 8410 section 4).
    ///
    /// # Errors
    /// [`CryptoError::Malformed`]; [`CryptoError::BadKey`] when it is another kind of key.
    pub fn from_spki(der: &[u8]) -> Result<Self> {
        Self::from_bytes(read_spki(ID_X25519, der)?)
    }

    /// A SubjectPublicKeyInfo.
    #[must_use]
    pub fn to_spki(&self) -> Vec<u8> {
        der::write_spki(Algorithm { oid: ID_X25519, parameters: None }, &self.bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }
}

fn array<const N: usize>(bytes: &[u8], what: &'static str) -> Result<[u8; N]> {
    let got = bytes.len();
    bytes.try_into().map_err(|_| CryptoError::BadLength { what, expected: N, got })
}

fn check_algorithm(oid: &[u8], algorithm: Algorithm<'_>) -> Result<()> {
    if algorithm.oid != oid {
        return Err(CryptoError::BadKey("a key of another algorithm"));
    }
    if algorithm.parameters.is_some() {
        return Err(CryptoError::Malformed("an RFC 8410 key has no parameters"));
    }
    Ok(())
}

/// The private bytes and, in version 2, the public ones.
type Halves<'a> = (Zeroizing<[u8; 32]>, Option<&'a [u8]>);

fn read_pkcs8<'a>(oid: &[u8], der: &'a [u8]) -> Result<Halves<'a>> {
    let parts = der::read_pkcs8(der)?;
    check_algorithm(oid, parts.algorithm)?;
    let mut inner = Reader::new(parts.key);
    let private = Zeroizing::new(array(inner.expect(OCTET_STRING)?, "private key of RFC 8410")?);
    inner.finish()?;
    Ok((private, parts.public))
}

fn write_pkcs8(oid: &[u8], private: &[u8; 32]) -> Zeroizing<Vec<u8>> {
    let key = der::element(OCTET_STRING, &[private]);
    der::write_pkcs8(Algorithm { oid, parameters: None }, &key)
}

fn read_spki<'a>(oid: &[u8], der: &'a [u8]) -> Result<&'a [u8]> {
    let (algorithm, key) = der::read_spki(der)?;
    check_algorithm(oid, algorithm)?;
    Ok(key)
}

fn check_public(stated: Option<&[u8]>, computed: &[u8]) -> Result<()> {
    match stated {
        Some(stated) if !ct_eq(stated, computed) => {
            Err(CryptoError::BadKey("its public key does not belong to the private one"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8032 section 7.1, test 2.
    #[test]
    fn published_ed25519_signature() {
        let seed = hex::decode("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb").unwrap();
        let key = Ed25519PrivateKey::from_seed(&seed.try_into().unwrap()).unwrap();
        let public = key.public().unwrap();
        assert_eq!(
            hex::encode(public.as_bytes()),
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
        );
        let signature = key.sign(&[0x72]);
        assert_eq!(
            hex::encode(signature),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        );
        assert_eq!(public.verify(&[0x72], &signature), Ok(()));
        assert_eq!(public.verify(&[0x73], &signature), Err(CryptoError::BadSignature));
        assert_eq!(public.verify(&[0x72], &signature[..63]), Err(CryptoError::BadSignature));
    }

    /// RFC 8410 section 10.3: the same key in version 1, and in version 2 with attributes and public key.
    #[test]
    fn published_pkcs8_of_both_versions() {
        let v1 = "302e020100300506032b657004220420d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842";
        let v2 = "3072020101300506032b657004220420d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842\
                  a01f301d060a2a864886f70d01090914310f0c0d437572646c652043686169727381210019bf44096984cdfe8541bac1\
                  67dc3b96c85086aa30b6b6cb0c5c38ad703166e1";
        let first = Ed25519PrivateKey::from_pkcs8(&hex::decode(v1).unwrap()).unwrap();
        assert_eq!(hex::encode(&*first.to_pkcs8()), v1);
        let mut bytes = hex::decode(v2).unwrap();
        let second = Ed25519PrivateKey::from_pkcs8(&bytes).unwrap();
        assert_eq!(first.expose_seed(), second.expose_seed());
        *bytes.last_mut().unwrap() ^= 1;
        assert!(matches!(Ed25519PrivateKey::from_pkcs8(&bytes), Err(CryptoError::BadKey(_))));
    }

    /// RFC 8410 section 10.1.
    #[test]
    fn published_spki() {
        let spki = "302a300506032b657003210019bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";
        let key = Ed25519PublicKey::from_spki(&hex::decode(spki).unwrap()).unwrap();
        assert_eq!(hex::encode(key.to_spki()), spki);
        assert!(matches!(
            X25519PublicKey::from_spki(&hex::decode(spki).unwrap()),
            Err(CryptoError::BadKey(_))
        ));
    }

    /// RFC 7748 section 6.1.
    #[test]
    fn published_x25519_agreement() {
        let key =
            |hex: &str| X25519PrivateKey::from_bytes(&hex::decode(hex).unwrap().try_into().unwrap()).unwrap();
        let alice = key("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        let bob = key("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        assert_eq!(
            hex::encode(alice.public().unwrap().as_bytes()),
            "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
        );
        let secret = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
        assert_eq!(hex::encode(*alice.agree(&bob.public().unwrap()).unwrap()), secret);
        assert_eq!(hex::encode(*bob.agree(&alice.public().unwrap()).unwrap()), secret);
    }

    #[test]
    fn a_peer_of_small_order_is_refused() {
        let key = X25519PrivateKey::generate().unwrap();
        let zero = X25519PublicKey::from_bytes(&[0; 32]).unwrap();
        assert!(matches!(key.agree(&zero), Err(CryptoError::BadKey(_))));
    }

    #[test]
    fn keys_round_trip_and_are_not_printed() {
        let ed = Ed25519PrivateKey::generate().unwrap();
        let again = Ed25519PrivateKey::from_pkcs8(&ed.to_pkcs8()).unwrap();
        assert_eq!(ed.sign(b"m"), again.sign(b"m"));
        let x = X25519PrivateKey::generate().unwrap();
        let again = X25519PrivateKey::from_pkcs8(&x.to_pkcs8()).unwrap();
        assert_eq!(x.public(), again.public());
        let public = x.public().unwrap();
        assert_eq!(X25519PublicKey::from_spki(&public.to_spki()), Ok(public));
        assert!(Ed25519PrivateKey::from_pkcs8(&x.to_pkcs8()).is_err());
        assert_eq!(format!("{ed:?} {x:?}"), "Ed25519PrivateKey(..) X25519PrivateKey(..)");
    }
}
