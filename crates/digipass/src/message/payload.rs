//! The payload key of a serial number: random, shared by the instances of a licence, kept sealed in 88 characters.
//!
//! Vendor docs, pages AAL2GenPayloadKeyBlob and AAL2MigratePKBlob: 88 characters, 24 of them in clear. Our choice inside: the header of a BLOB
//! with the name PAYLOADKEY; Base64 of version 1, six zero bytes, sealer 1 as in a BLOB, 32 sealed bytes (key 16, filling 16), checksum 8.

use std::fmt;

use bancada_crypto::ct_eq;
use bancada_crypto::hash::HashAlg;
use bancada_crypto::mac::Hmac;
use bancada_crypto::random::Random;
use zeroize::Zeroizing;

use crate::blob::seal::{decrypt, encrypt, wrong_checksum};
use crate::blob::{Application, HEADER_LEN, Kind};
use crate::role::derive;
use crate::vector::MessageVector;
use crate::{Blob, Context, ReturnCode, encoding};

/// Characters of a payload key BLOB.
pub const PAYLOAD_KEY_BLOB_LEN: usize = 88;

const NAME: &[u8; 12] = b"PAYLOADKEY  ";
const CLEAR_LEN: usize = 8;
const SEALED_LEN: usize = 32;
const INNER_LEN: usize = CLEAR_LEN + SEALED_LEN + 8;

/// A sealed payload key, opaque to its owner.
#[derive(Clone, PartialEq, Eq)]
pub struct PayloadKeyBlob([u8; PAYLOAD_KEY_BLOB_LEN]);

/// The key of the messages of one serial number.
pub(crate) struct PayloadKey {
    pub(crate) serial: [u8; 10],
    pub(crate) key: Zeroizing<[u8; 16]>,
}

/// Makes the payload key of a licence.
///
/// # Errors
/// The codes of opening a BLOB and of vectors; 132 when the BLOB is not a master activation; the codes of the key service.
pub fn gen_payload_key_blob(
    cx: &Context<'_>,
    licence: &Blob,
    message_vector: Option<&[u8]>,
    random: &mut dyn Random,
) -> Result<PayloadKeyBlob, ReturnCode> {
    MessageVector::parse(message_vector)?;
    let app = Application::open(cx, licence)?;
    if app.profile.kind != Kind::MasterActivation {
        return Err(ReturnCode::TOKEN_TYPE);
    }
    let mut payload = PayloadKey { serial: app.owner.serial, key: Zeroizing::default() };
    cx.random(random, &mut *payload.key)?;
    payload.seal(cx)
}

/// Moves a payload key from one sealing to another.
///
/// # Errors
/// The codes of opening under `from` and of sealing under `to`; the BLOB is then as it was.
pub fn migrate_payload_key_blob(
    from: &Context<'_>,
    to: &Context<'_>,
    blob: &mut PayloadKeyBlob,
) -> Result<(), ReturnCode> {
    *blob = PayloadKey::open(from, blob)?.seal(to)?;
    Ok(())
}

impl PayloadKeyBlob {
    /// From a caller's 88 characters; what follows is not looked at.
    ///
    /// # Errors
    /// [`ReturnCode::PAYLOAD_KEY_POINTER`] when there are fewer.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ReturnCode> {
        bytes.first_chunk().map(|bytes| Self(*bytes)).ok_or(ReturnCode::PAYLOAD_KEY_POINTER)
    }

    /// The 88 bytes to store: 22 characters, two flag bytes, 64 characters.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; PAYLOAD_KEY_BLOB_LEN] {
        &self.0
    }
}

impl fmt::Debug for PayloadKeyBlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PayloadKeyBlob({})", String::from_utf8_lossy(&self.0[..10]))
    }
}

impl PayloadKey {
    pub(crate) fn open(cx: &Context<'_>, blob: &PayloadKeyBlob) -> Result<Self, ReturnCode> {
        let inner = encoding::from_base64(&blob.0[HEADER_LEN..]).ok_or(ReturnCode::BASE64)?;
        let inner: [u8; INNER_LEN] = inner.try_into().map_err(|_| ReturnCode::BASE64)?;
        if inner[0] != 1 || &blob.0[10..22] != NAME {
            return Err(ReturnCode::UNSUPPORTED_BLOB);
        }
        let header: [u8; HEADER_LEN] = std::array::from_fn(|place| blob.0[place]);
        let mut sealed = Zeroizing::new([0; SEALED_LEN]);
        sealed.copy_from_slice(&inner[CLEAR_LEN..CLEAR_LEN + SEALED_LEN]);
        decrypt(cx, &header, &mut *sealed)?;
        if !ct_eq(&tag(&header, &inner[..CLEAR_LEN], &sealed), &inner[CLEAR_LEN + SEALED_LEN..]) {
            return Err(wrong_checksum(cx));
        }
        let key = Zeroizing::new(std::array::from_fn(|place| sealed[place]));
        Ok(Self { serial: std::array::from_fn(|place| header[place]), key })
    }

    pub(crate) fn seal(&self, cx: &Context<'_>) -> Result<PayloadKeyBlob, ReturnCode> {
        let mut header = [b'0'; HEADER_LEN];
        header[..10].copy_from_slice(&self.serial);
        header[10..22].copy_from_slice(NAME);
        let mut sealed = Zeroizing::new([0; SEALED_LEN]);
        sealed[..16].copy_from_slice(&*self.key);
        // The filling follows from the key, so that the checksum covers the whole of it.
        sealed[16..]
            .copy_from_slice(&derive(&*self.key, "bancada digipass payload key filling 1", &[])[..16]);
        let opened = sealed.clone();
        let clear = [1, 0, 0, 0, 0, 0, 0, encrypt(cx, &header, &mut *sealed)?.number()];
        let tag = tag(&header, &clear, &opened);
        let text = encoding::to_base64(&[&clear[..], &sealed[..], &tag].concat());
        let mut bytes = [b'='; PAYLOAD_KEY_BLOB_LEN];
        for (place, byte) in header.iter().chain(text.as_bytes()).take(PAYLOAD_KEY_BLOB_LEN).enumerate() {
            bytes[place] = *byte;
        }
        Ok(PayloadKeyBlob(bytes))
    }
}

fn tag(header: &[u8; HEADER_LEN], clear: &[u8], opened: &[u8; SEALED_LEN]) -> [u8; 8] {
    let mut mac = Hmac::new(HashAlg::Sha256, opened);
    mac.update(b"bancada digipass payload key checksum 1");
    mac.update(header);
    mac.update(clear);
    let value = mac.finish();
    std::array::from_fn(|place| value[place])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{KernelParams, Sealing};

    #[test]
    fn payload_keys_are_sealed() {
        let (one, two) =
            (KernelParams::default(), KernelParams { derive_vector: 1, ..KernelParams::default() });
        let from = Context { now: 0, params: &one, sealing: Sealing::Software };
        let to = Context { now: 0, params: &two, sealing: Sealing::Software };
        let key = Zeroizing::new(*b"sixteen byte key");
        let mut blob = PayloadKey { serial: *b"VDS0000001", key: key.clone() }.seal(&from).unwrap();
        assert!(!blob.as_bytes().windows(8).any(|window| key.windows(8).any(|part| part == window)));
        migrate_payload_key_blob(&from, &to, &mut blob).unwrap();
        assert_eq!(*PayloadKey::open(&to, &blob).unwrap().key, *key);
        assert_eq!(PayloadKey::open(&from, &blob).err(), Some(ReturnCode::CHECKSUM_SOFTWARE));
        for (place, code) in [
            (0, ReturnCode::CHECKSUM_SOFTWARE),
            (10, ReturnCode::UNSUPPORTED_BLOB),
            (80, ReturnCode::CHECKSUM_SOFTWARE),
        ] {
            let mut bytes = *blob.as_bytes();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            let damaged = PayloadKeyBlob::from_bytes(&bytes).unwrap();
            assert_eq!(PayloadKey::open(&to, &damaged).err(), Some(code), "{place}");
        }
        assert_eq!(PayloadKeyBlob::from_bytes(&[0; 87]), Err(ReturnCode::PAYLOAD_KEY_POINTER));
        assert_eq!(format!("{blob:?}"), "PayloadKeyBlob(VDS0000001)");
    }
}
