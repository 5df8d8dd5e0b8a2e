//! Opening and sealing the 168 bytes inside a BLOB. All our choice.
//!
//! The sealed part is encrypted with CBC: in software with AES-256 under a key made of serial number, application name, derive vector and
//! derive keys; else by the key service under its named key. The checksum is the first 8 bytes of HMAC-SHA-256 under the *opened* sealed
//! part, over the 24-byte header and the part in clear: it proves the key, the vector and every byte at once, and a change of the
//! state alone needs no key service.

use bancada_crypto::cipher::{Mode, Padding, SymAlg, SymKey};
use bancada_crypto::ct_eq;
use bancada_crypto::hash::HashAlg;
use bancada_crypto::mac::Hmac;
use zeroize::Zeroizing;

use super::layout::{self, CLEAR_LEN, SEALED_LEN, Secrets, TAG_LEN, VERSION};
use super::{Application, Blob, HEADER_LEN, INNER_LEN, Owner};
use crate::keys::{KeyAlgorithm, Sealing};
use crate::{Context, ReturnCode, encoding};

const _: () = assert!(INNER_LEN == CLEAR_LEN + SEALED_LEN + TAG_LEN);
const TAG_LABEL: &[u8] = b"bancada digipass blob checksum 1";
const KEY_LABEL: &[u8] = b"bancada digipass software storage 1";

/// A BLOB out of its Base64.
struct Parts {
    owner: Owner,
    header: [u8; HEADER_LEN],
    clear: [u8; CLEAR_LEN],
    /// Encrypted at first, then decrypted in place.
    sealed: Zeroizing<[u8; SEALED_LEN]>,
    tag: [u8; TAG_LEN],
}

impl Parts {
    fn of(blob: &Blob) -> Result<Self, ReturnCode> {
        let inner = inner(blob)?;
        if inner[0] != VERSION {
            return Err(ReturnCode::UNSUPPORTED_BLOB);
        }
        let mut sealed = Zeroizing::new([0; SEALED_LEN]);
        sealed.copy_from_slice(&inner[CLEAR_LEN..CLEAR_LEN + SEALED_LEN]);
        Ok(Self {
            owner: blob.owner(),
            header: blob.header(),
            clear: std::array::from_fn(|place| inner[place]),
            sealed,
            tag: std::array::from_fn(|place| inner[CLEAR_LEN + SEALED_LEN + place]),
        })
    }

    /// The application, once the sealed part is decrypted.
    fn check(&self, cx: &Context<'_>) -> Result<Application, ReturnCode> {
        let header = &self.header;
        let checksum = Checksum::new(&self.sealed);
        if !ct_eq(&checksum.tag(header, &self.clear), &self.tag) {
            return Err(wrong_checksum(cx));
        }
        let (profile, state, key_len) = layout::unpack(&self.clear).ok_or(ReturnCode::UNSUPPORTED_BLOB)?;
        let secrets = Secrets::unpack(&self.sealed, key_len).ok_or(ReturnCode::UNSUPPORTED_BLOB)?;
        let (owner, flags) = (self.owner, [header[22], header[23]]);
        Ok(Application { owner, flags, profile, state, secrets, checksum: Some(checksum) })
    }
}

pub(super) fn open(cx: &Context<'_>, blob: &Blob) -> Result<Application, ReturnCode> {
    let mut parts = Parts::of(blob)?;
    decrypt(cx, &parts.header, &mut *parts.sealed)?;
    parts.check(cx)
}

/// Opens every BLOB, or gives the code of the first that cannot be opened. A key service decrypts them together.
pub(super) fn open_each(cx: &Context<'_>, blobs: &[&Blob]) -> Result<Vec<Application>, ReturnCode> {
    let Sealing::Service { service, key, iv } = cx.sealing else {
        return blobs.iter().map(|blob| open(cx, blob)).collect();
    };
    let mut parts = Vec::with_capacity(blobs.len());
    let mut unread = None;
    for blob in blobs {
        match Parts::of(blob) {
            Ok(part) => parts.push(part),
            Err(code) => {
                unread = Some(code);
                break;
            }
        }
    }
    // What is wrong with an earlier BLOB, or with the key, is said before that a later one cannot be read.
    if !parts.is_empty() {
        let mut sealed: Vec<&mut [u8]> = parts.iter_mut().map(|part| &mut part.sealed[..]).collect();
        service.decrypt_each(key, &iv, &mut sealed)?;
    }
    let applications = parts.iter().map(|part| part.check(cx)).collect::<Result<_, _>>()?;
    unread.map_or(Ok(applications), Err)
}

pub(super) fn store(application: &Application, blob: &mut Blob) {
    // The BLOB was opened from these very bytes, so they decode; if a caller mixed BLOBs up, nothing is changed.
    let Ok(mut inner) = inner(blob) else { return };
    let header = blob.header();
    let key_len = application.secrets.expose_key().len();
    let clear = layout::pack(&application.profile, &application.state, inner[1], key_len);
    inner[..CLEAR_LEN].copy_from_slice(&clear);
    let tag = match &application.checksum {
        Some(checksum) => checksum.tag(&header, &clear),
        None => Checksum::new(&application.secrets.pack()).tag(&header, &clear),
    };
    inner[CLEAR_LEN + SEALED_LEN..].copy_from_slice(&tag);
    *blob = Blob::assemble(&header, &inner);
}

pub(super) fn seal(cx: &Context<'_>, application: &Application) -> Result<Blob, ReturnCode> {
    let mut header = [0; HEADER_LEN];
    header[..10].copy_from_slice(&application.owner.serial);
    header[10..22].copy_from_slice(&application.owner.application);
    header[22..].copy_from_slice(&application.flags);
    let opened = application.secrets.pack();
    let mut sealed = opened.clone();
    let sealer = encrypt(cx, &header, &mut *sealed)?;
    let key_len = application.secrets.expose_key().len();
    let clear = layout::pack(&application.profile, &application.state, sealer.number(), key_len);
    let tag = Checksum::new(&opened).tag(&header, &clear);
    let mut inner = [0; INNER_LEN];
    inner[..CLEAR_LEN].copy_from_slice(&clear);
    inner[CLEAR_LEN..CLEAR_LEN + SEALED_LEN].copy_from_slice(&*sealed);
    inner[CLEAR_LEN + SEALED_LEN..].copy_from_slice(&tag);
    Ok(Blob::assemble(&header, &inner))
}

/// Decrypts `data`, whole blocks of 16 bytes, for the owner in `header`.
pub(crate) fn decrypt(
    cx: &Context<'_>,
    header: &[u8; HEADER_LEN],
    data: &mut [u8],
) -> Result<(), ReturnCode> {
    match cx.sealing {
        Sealing::Software => software(cx, header, data, false),
        Sealing::Service { service, key, iv } => Ok(service.decrypt(key, &iv, data)?),
    }
}

/// Encrypts `data`, whole blocks of 16 bytes, for the owner in `header`, and tells who did.
pub(crate) fn encrypt(
    cx: &Context<'_>,
    header: &[u8; HEADER_LEN],
    data: &mut [u8],
) -> Result<Sealer, ReturnCode> {
    match cx.sealing {
        Sealing::Software => software(cx, header, data, true).map(|()| Sealer::Software),
        Sealing::Service { service, key, iv } => Ok(Sealer::Service(service.encrypt(key, &iv, data)?)),
    }
}

/// Who sealed a BLOB, as it stands there in clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sealer {
    /// This library, with AES.
    Software,
    /// A key service.
    Service(KeyAlgorithm),
}

impl Sealer {
    /// The number in the BLOB.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Software => 0,
            Self::Service(KeyAlgorithm::Aes) => 1,
            Self::Service(KeyAlgorithm::TripleDes) => 2,
        }
    }

    const fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::Software),
            1 => Some(Self::Service(KeyAlgorithm::Aes)),
            2 => Some(Self::Service(KeyAlgorithm::TripleDes)),
            _ => None,
        }
    }
}

/// Who sealed a BLOB, without opening it.
pub(super) fn sealer(blob: &Blob) -> Option<Sealer> {
    let inner = inner(blob).ok().filter(|inner| inner[0] == VERSION)?;
    Sealer::from_number(inner[1])
}

/// The code of a checksum that does not hold.
pub(crate) fn wrong_checksum(cx: &Context<'_>) -> ReturnCode {
    match cx.sealing {
        Sealing::Software => ReturnCode::CHECKSUM_SOFTWARE,
        Sealing::Service { .. } => ReturnCode::CHECKSUM_HSM,
    }
}

fn inner(blob: &Blob) -> Result<[u8; INNER_LEN], ReturnCode> {
    let mut inner = [0; INNER_LEN];
    let len = encoding::base64_into(&blob.as_bytes()[HEADER_LEN..], &mut inner);
    if len == Some(INNER_LEN) { Ok(inner) } else { Err(ReturnCode::BASE64) }
}

/// What makes checksums under an opened sealed part. As secret as that; erased on drop.
#[derive(Clone)]
pub(crate) struct Checksum(Hmac);

impl Checksum {
    fn new(opened: &[u8; SEALED_LEN]) -> Self {
        let mut mac = Hmac::new(HashAlg::Sha256, opened);
        mac.update(TAG_LABEL);
        Self(mac)
    }

    fn tag(&self, header: &[u8; HEADER_LEN], clear: &[u8; CLEAR_LEN]) -> [u8; TAG_LEN] {
        let mut mac = self.0.clone();
        mac.update(header);
        mac.update(clear);
        let value = mac.finish();
        std::array::from_fn(|place| value[place])
    }
}

fn software(
    cx: &Context<'_>,
    header: &[u8; HEADER_LEN],
    data: &mut [u8],
    encrypt: bool,
) -> Result<(), ReturnCode> {
    let part = |purpose: u8| {
        let mut mac = Hmac::new(HashAlg::Sha256, KEY_LABEL);
        mac.update(&[purpose]);
        mac.update(&header[..22]);
        mac.update(&cx.params.derive_vector.to_be_bytes());
        cx.params.storage_derive_keys.iter().for_each(|key| mac.update(&key.to_be_bytes()));
        Zeroizing::new(mac.finish())
    };
    let key = SymKey::new(SymAlg::Aes256, &part(0)).map_err(|_| ReturnCode::MEMORY)?;
    let iv = part(1);
    let mut out = Zeroizing::new(Vec::with_capacity(data.len()));
    let result = if encrypt {
        key.encrypt(Mode::Cbc, Padding::None, &iv[..16], data, &mut out)
    } else {
        key.decrypt(Mode::Cbc, Padding::None, &iv[..16], data, &mut out)
    };
    // A 32-byte key, a 16-byte vector and whole blocks are always accepted; only the library's own memory can run out.
    result.map_err(|_| ReturnCode::MEMORY)?;
    data.copy_from_slice(&out);
    Ok(())
}
