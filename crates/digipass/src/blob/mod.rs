//! The BLOB of one application of one authenticator: 248 bytes that a caller stores and gives back.
//!
//! Outer layout (vendor docs, page TDigipassBlob; vendor header aal2sdk.h 3.10.1): serial number 10, application name 12, flags 2,
//! and 224 characters of Base64 for 168 bytes. The vendor does not publish the 168 bytes; ours are
//! described in `layout.rs` and `seal.rs`, and in docs/digipass.md.

pub(crate) mod layout;
mod profile;
pub(crate) mod seal;

pub(crate) use layout::{MAX_COUNTER, Secrets, State};
pub use profile::{DataField, Kind, MAX_FIELDS, Profile};

use std::fmt;
use std::ops::{Deref, DerefMut};

use crate::keys::KeyAlgorithm;
use crate::{Context, ReturnCode, encoding};

/// Length of a BLOB in bytes.
pub const BLOB_LEN: usize = 248;

/// The flag bytes of BLOBs made here: printable, because some callers keep BLOBs as text (our choice).
pub(crate) const NO_FLAGS: [u8; 2] = *b"00";

/// Length of the clear header in bytes.
pub(crate) const HEADER_LEN: usize = 24;

/// Bytes inside a BLOB: as many whole groups as its Base64 has characters for.
pub(crate) const INNER_LEN: usize = (BLOB_LEN - HEADER_LEN) / 4 * 3;

/// The BLOB of one application, opaque to its owner.
#[derive(Clone, PartialEq, Eq)]
pub struct Blob([u8; BLOB_LEN]);

/// Who a BLOB belongs to: the first 22 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// Serial number, 10 characters of `A-Z0-9`.
    pub serial: [u8; 10],
    /// Application name, 12 characters of `A-Z0-9_` and space, filled with spaces.
    pub application: [u8; 12],
}

/// What of a BLOB stands in clear.
#[derive(Clone)]
pub(crate) struct Clear {
    pub(crate) owner: Owner,
    /// The two flag bytes of the outer layout, kept as they are; see [`NO_FLAGS`].
    pub(crate) flags: [u8; 2],
    pub(crate) profile: Profile,
    pub(crate) state: State,
    /// Length of the sealed key in bytes.
    pub(crate) key_len: u8,
}

/// An opened BLOB.
#[derive(Clone)]
pub(crate) struct Application {
    pub(crate) clear: Clear,
    pub(crate) secrets: Secrets,
}

impl Blob {
    /// A BLOB from a caller's memory; what follows the 248 bytes is not looked at.
    ///
    /// # Errors
    /// [`ReturnCode::DATA_POINTER`] when there are fewer than 248 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ReturnCode> {
        bytes.first_chunk().map(|bytes| Self(*bytes)).ok_or(ReturnCode::DATA_POINTER)
    }

    /// A BLOB from its 496 hexadecimal characters.
    ///
    /// # Errors
    /// [`ReturnCode::DATA_POINTER`] for anything else.
    pub fn from_hex(text: &str) -> Result<Self, ReturnCode> {
        let bytes = encoding::from_hex(text.trim().as_bytes()).ok_or(ReturnCode::DATA_POINTER)?;
        if bytes.len() == BLOB_LEN { Self::from_bytes(&bytes) } else { Err(ReturnCode::DATA_POINTER) }
    }

    /// The 248 bytes to store.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; BLOB_LEN] {
        &self.0
    }

    /// The BLOB as 496 hexadecimal characters.
    #[must_use]
    pub fn to_hex(&self) -> String {
        encoding::to_hex(&self.0)
    }

    /// Who the BLOB belongs to.
    #[must_use]
    pub fn owner(&self) -> Owner {
        let mut owner = Owner { serial: [0; 10], application: [0; 12] };
        owner.serial.copy_from_slice(&self.0[..10]);
        owner.application.copy_from_slice(&self.0[10..22]);
        owner
    }

    /// What encrypted the BLOB: two characters, of which the first is for software and the second for a key service; `A` is AES, `B`
    /// triple DES, `0` none (vendor docs, page AAL2GetBlobInfo). The first is always `A`: it is what this library uses (our choice for
    /// BLOBs of a key service, which have no layer of software).
    ///
    /// # Errors
    /// [`ReturnCode::UNSUPPORTED_BLOB`] for BLOBs that are not this version's, or no BLOBs.
    pub fn encryption(&self) -> Result<&'static str, ReturnCode> {
        match seal::sealer(self) {
            Some(seal::Sealer::Software) => Ok("A0"),
            Some(seal::Sealer::Service(KeyAlgorithm::Aes)) => Ok("AA"),
            Some(seal::Sealer::Service(KeyAlgorithm::TripleDes)) => Ok("AB"),
            None => Err(ReturnCode::UNSUPPORTED_BLOB),
        }
    }

    pub(crate) fn assemble(header: &[u8; HEADER_LEN], inner: &[u8; INNER_LEN]) -> Self {
        let mut bytes = [b' '; BLOB_LEN];
        bytes[..HEADER_LEN].copy_from_slice(header);
        encoding::base64_groups(inner, &mut bytes[HEADER_LEN..]);
        Self(bytes)
    }

    pub(crate) fn header(&self) -> [u8; HEADER_LEN] {
        std::array::from_fn(|place| self.0[place])
    }
}

impl Owner {
    /// An owner from texts: the serial number must have 10 characters of `A-Z0-9`; the application name, at most 12 of
    /// `A-Z0-9_` and space, is put in upper case and filled with spaces.
    #[must_use]
    pub fn new(serial: &str, application: &str) -> Option<Self> {
        let serial: [u8; 10] = serial.as_bytes().try_into().ok()?;
        if !serial.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
            return None;
        }
        let name = application.trim_end().to_ascii_uppercase();
        let allowed =
            |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_' || byte == b' ';
        if name.is_empty() || name.len() > 12 || !name.bytes().all(allowed) {
            return None;
        }
        let mut padded = [b' '; 12];
        padded[..name.len()].copy_from_slice(name.as_bytes());
        Some(Self { serial, application: padded })
    }

    /// The serial number as text.
    #[must_use]
    pub fn serial_text(&self) -> String {
        String::from_utf8_lossy(&self.serial).into_owned()
    }

    /// The application name as text, without the spaces at its end.
    #[must_use]
    pub fn application_text(&self) -> String {
        String::from_utf8_lossy(self.application.trim_ascii_end()).into_owned()
    }
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let owner = self.owner();
        write!(f, "Blob({} {})", owner.serial_text(), owner.application_text())
    }
}

impl Clear {
    /// Reads a BLOB for what needs none of its secrets, so that functions without a key's name take BLOBs of a key service too, as the
    /// vendor's do; a BLOB sealed in software is opened.
    ///
    /// # Errors
    /// Base64, version and checksum codes; 414 for a damaged BLOB of a key service.
    pub(crate) fn look(cx: &Context<'_>, blob: &Blob) -> Result<Self, ReturnCode> {
        seal::look(cx, blob)
    }

    /// Writes a change of the state back: no key is needed.
    pub(crate) fn store(&self, blob: &mut Blob) {
        seal::store(self, blob);
    }
}

impl Application {
    /// A new application, to be sealed.
    pub(crate) fn new(owner: Owner, profile: Profile, state: State, secrets: Secrets) -> Self {
        let key_len = secrets.key_len();
        Self { clear: Clear { owner, flags: NO_FLAGS, profile, state, key_len }, secrets }
    }

    /// Opens a BLOB.
    ///
    /// # Errors
    /// Base64, version, checksum and key service codes.
    pub(crate) fn open(cx: &Context<'_>, blob: &Blob) -> Result<Self, ReturnCode> {
        seal::open(cx, blob)
    }

    /// Opens several BLOBs, with one request of a key service that can decrypt them together.
    ///
    /// # Errors
    /// As for [`open`](Self::open), for the first BLOB that cannot be opened.
    pub(crate) fn open_each(cx: &Context<'_>, blobs: &[&Blob]) -> Result<Vec<Self>, ReturnCode> {
        seal::open_each(cx, blobs)
    }

    /// Seals the application anew, after a change of its secrets or for another context.
    ///
    /// # Errors
    /// Key service codes.
    pub(crate) fn seal(&self, cx: &Context<'_>) -> Result<Blob, ReturnCode> {
        seal::seal(cx, self)
    }
}

impl Deref for Application {
    type Target = Clear;

    fn deref(&self) -> &Clear {
        &self.clear
    }
}

impl DerefMut for Application {
    fn deref_mut(&mut self) -> &mut Clear {
        &mut self.clear
    }
}

#[cfg(test)]
mod tests;
