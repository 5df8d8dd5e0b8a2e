//! The legacy TLS 1.2 cipher suites AES-128-CBC with HMAC-SHA256 for a rustls server (RFC 5246 §6.2.3.2, RFC 5289 §3.1).
//!
//! npm @dinamonetworks/hsm-dinamo 4.9.1 offers nothing but TLS 1.2 with `ECDHE-ECDSA-AES128-SHA256`,
//! `ECDHE-RSA-AES128-SHA256` and `AES128-SHA256`. rustls has none of the three and will not get them. It does
//! accept a suite of ours, though it knows only AEAD: the key block of RFC 5246 §6.3 (both MAC keys, then both
//! cipher keys) has the shape of its AEAD key block when the MAC key stands in the place of the AEAD key and the
//! AES key in the place of the fixed nonce. The third suite (no forward secrecy) is left out.
//!
//! Offer these suites last and let the server choose, so that only a client that knows nothing better gets them.

mod mac;

use aws_lc_rs::cipher::{AES_128, DecryptingKey, DecryptionContext, EncryptingKey, UnboundCipherKey};
use aws_lc_rs::hmac;
use aws_lc_rs::iv::FixedLength;
use rustls::crypto::KeyExchangeAlgorithm;
use rustls::crypto::aws_lc_rs::cipher_suite::{
    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
};
use rustls::crypto::cipher::{
    AeadKey, InboundOpaqueMessage, InboundPlainMessage, KeyBlockShape, MessageDecrypter, MessageEncrypter,
    OutboundOpaqueMessage, OutboundPlainMessage, PrefixedPayload, Tls12AeadAlgorithm,
    UnsupportedOperationError, make_tls12_aad,
};
use rustls::{
    CipherSuite, CipherSuiteCommon, ConnectionTrafficSecrets, ContentType, Error, ProtocolVersion,
    SupportedCipherSuite, Tls12CipherSuite,
};

use mac::{MAC_LEN, RecordMac};

/// `TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256` (0xC023): what the legacy client gets from an ECDSA certificate.
pub static TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256: SupportedCipherSuite =
    SupportedCipherSuite::Tls12(&ECDSA);

/// `TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256` (0xC027): the same when the certificate holds an RSA key.
pub static TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256: SupportedCipherSuite = SupportedCipherSuite::Tls12(&RSA);

static ECDSA: Tls12CipherSuite =
    beside(&TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256);

static RSA: Tls12CipherSuite =
    beside(&TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256);

/// AES block, and explicit IV in front of every record, in bytes (RFC 5246 §6.2.3.2).
const BLOCK_LEN: usize = 16;
const IV_LEN: usize = BLOCK_LEN;
/// AES-128 key, in bytes.
const KEY_LEN: usize = 16;
/// Largest plaintext of one record, in bytes (RFC 5246 §6.2.1).
const MAX_FRAGMENT_LEN: usize = 1 << 14;
/// Records written under one key before rustls closes the connection (our choice). 2^32 records are at most 2^42
/// blocks; two equal ciphertext blocks under one key are then expected with probability 2^-45.
const CONFIDENTIALITY_LIMIT: u64 = 1 << 32;

/// The CBC suite that differs from a GCM suite of rustls in its record protection only.
const fn beside(gcm: &SupportedCipherSuite, suite: CipherSuite) -> Tls12CipherSuite {
    match gcm {
        SupportedCipherSuite::Tls12(gcm) => Tls12CipherSuite {
            common: CipherSuiteCommon {
                suite,
                hash_provider: gcm.common.hash_provider,
                confidentiality_limit: CONFIDENTIALITY_LIMIT,
            },
            prf_provider: gcm.prf_provider,
            kx: KeyExchangeAlgorithm::ECDHE,
            sign: gcm.sign,
            aead_alg: &Aes128CbcHmacSha256,
        },
        #[expect(clippy::panic, reason = "evaluated by the compiler only: a failed build, not a panic")]
        SupportedCipherSuite::Tls13(_) => panic!("a TLS 1.3 suite has no TLS 1.2 sibling"),
    }
}

/// The record protection, in the place where rustls expects an AEAD.
struct Aes128CbcHmacSha256;

impl Tls12AeadAlgorithm for Aes128CbcHmacSha256 {
    fn encrypter(&self, key: AeadKey, iv: &[u8], _extra: &[u8]) -> Box<dyn MessageEncrypter> {
        Box::new(Sealer::new(key.as_ref(), iv))
    }

    fn decrypter(&self, key: AeadKey, iv: &[u8]) -> Box<dyn MessageDecrypter> {
        Box::new(Opener::new(key.as_ref(), iv))
    }

    fn key_block_shape(&self) -> KeyBlockShape {
        KeyBlockShape { enc_key_len: MAC_LEN, fixed_iv_len: KEY_LEN, explicit_nonce_len: 0 }
    }

    fn extract_keys(
        &self,
        _key: AeadKey,
        _iv: &[u8],
        _explicit: &[u8],
    ) -> Result<ConnectionTrafficSecrets, UnsupportedOperationError> {
        Err(UnsupportedOperationError)
    }
}

/// Protects what we write: MAC, pad to the block, encrypt under a fresh random IV.
struct Sealer {
    mac_key: hmac::Key,
    cipher: EncryptingKey,
}

impl Sealer {
    fn new(mac_key: &[u8], aes_key: &[u8]) -> Self {
        #[expect(clippy::expect_used, reason = "fails on a wrong key length only; key_block_shape sets it")]
        let cipher = EncryptingKey::cbc(unbound(aes_key)).expect("AES-128 supports CBC");
        Self { mac_key: hmac::Key::new(hmac::HMAC_SHA256, mac_key), cipher }
    }
}

impl MessageEncrypter for Sealer {
    fn encrypt(&mut self, msg: OutboundPlainMessage<'_>, seq: u64) -> Result<OutboundOpaqueMessage, Error> {
        let content_len = msg.payload.len();
        let sealed_len = self.encrypted_payload_len(content_len);
        let mut payload = PrefixedPayload::with_capacity(sealed_len);
        payload.extend_from_slice(&[0; IV_LEN]);
        payload.extend_from_chunks(&msg.payload);

        let mut mac = hmac::Context::with_key(&self.mac_key);
        mac.update(&make_tls12_aad(seq, msg.typ, msg.version, content_len));
        mac.update(&payload.as_ref()[IV_LEN..]);
        payload.extend_from_slice(mac.sign().as_ref());

        // 1 to 16 bytes, each holding the number of those before the last one.
        let padding_len = sealed_len - payload.as_ref().len();
        let padding = [(padding_len - 1) as u8; BLOCK_LEN];
        payload.extend_from_slice(&padding[..padding_len]);

        let (iv, fragment) = payload.as_mut().split_at_mut(IV_LEN);
        let context = self.cipher.encrypt(fragment).map_err(|_| Error::EncryptError)?;
        let used: &[u8] = (&context).try_into().map_err(|_| Error::EncryptError)?;
        iv.copy_from_slice(used);
        Ok(OutboundOpaqueMessage::new(msg.typ, msg.version, payload))
    }

    fn encrypted_payload_len(&self, payload_len: usize) -> usize {
        IV_LEN + (payload_len + MAC_LEN + 1).next_multiple_of(BLOCK_LEN)
    }
}

/// Checks and strips what we read.
struct Opener {
    mac: RecordMac,
    cipher: DecryptingKey,
}

impl Opener {
    fn new(mac_key: &[u8], aes_key: &[u8]) -> Self {
        #[expect(clippy::expect_used, reason = "fails on a wrong key length only; key_block_shape sets it")]
        let cipher = DecryptingKey::cbc(unbound(aes_key)).expect("AES-128 supports CBC");
        Self { mac: RecordMac::new(mac_key), cipher }
    }

    /// Decrypts a record in place; the content then starts at [`IV_LEN`] and has the returned length in bytes.
    ///
    /// A wrong length, padding or MAC is one error, found in a time that depends on `payload.len()` only.
    fn open(
        &self,
        seq: u64,
        typ: ContentType,
        version: ProtocolVersion,
        payload: &mut [u8],
    ) -> Result<usize, Error> {
        // The length is on the wire for all to see: refusing early tells nobody anything.
        let Some((iv, fragment)) = payload.split_first_chunk_mut::<IV_LEN>() else {
            return Err(Error::DecryptError);
        };
        if fragment.len() < MAC_LEN + 1 || !fragment.len().is_multiple_of(BLOCK_LEN) {
            return Err(Error::DecryptError);
        }
        let context = DecryptionContext::Iv128(FixedLength::from(*iv));
        let fragment = self.cipher.decrypt(fragment, context).map_err(|_| Error::DecryptError)?;
        let header = make_tls12_aad(seq, typ, version, 0);
        let content_len = self.mac.verified_content_len(header, fragment).ok_or(Error::DecryptError)?;
        if content_len > MAX_FRAGMENT_LEN {
            return Err(Error::PeerSentOversizedRecord);
        }
        Ok(content_len)
    }
}

impl MessageDecrypter for Opener {
    fn decrypt<'a>(
        &mut self,
        mut msg: InboundOpaqueMessage<'a>,
        seq: u64,
    ) -> Result<InboundPlainMessage<'a>, Error> {
        let content_len = self.open(seq, msg.typ, msg.version, &mut msg.payload)?;
        Ok(msg.into_plain_message_range(IV_LEN..IV_LEN + content_len))
    }
}

fn unbound(aes_key: &[u8]) -> UnboundCipherKey {
    #[expect(clippy::expect_used, reason = "fails on a wrong key length only; key_block_shape sets it")]
    UnboundCipherKey::new(&AES_128, aes_key).expect("an AES-128 key has 16 bytes")
}

#[cfg(test)]
mod tests;
