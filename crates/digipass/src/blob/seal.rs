//! Opening and sealing the 168 bytes inside a BLOB. All our choice.
//!
//! The sealed part is encrypted with CBC: in software with AES-256 under a key made of serial number, application name, derive vector and
//! derive keys; else by the key service under its named key. Two checksums of 4 bytes follow. The first is made of the *opened* sealed part,
//! the owner and what never changes in clear, and proves key and vector. The second is made of everything as it is stored, so
//! that a change of the state needs neither key nor key service.

use bancada_crypto::cipher::{Mode, Padding, SymAlg, SymKey};
use bancada_crypto::ct_eq;
use bancada_crypto::hash::{HashAlg, Hasher};
use bancada_crypto::mac::Hmac;
use zeroize::Zeroizing;

use super::layout::{self, CHECK_LEN, CLEAR_LEN, FIXED_LEN, MAX_KEY, SEALED_LEN, Secrets, VERSION};
use super::{Application, Blob, Clear, HEADER_LEN, INNER_LEN};
use crate::keys::{KeyAlgorithm, Sealing};
use crate::{Context, ReturnCode, encoding};

const _: () = assert!(INNER_LEN == CLEAR_LEN + SEALED_LEN + 2 * CHECK_LEN);
const KEY_CHECK_AT: usize = CLEAR_LEN + SEALED_LEN;
const CHECKSUM_AT: usize = KEY_CHECK_AT + CHECK_LEN;
const KEY_CHECK_LABEL: &[u8] = b"bancada digipass blob key check 2";
const CHECKSUM_LABEL: &[u8] = b"bancada digipass blob checksum 2";
const KEY_LABEL: &[u8] = b"bancada digipass software storage 1";

/// A BLOB out of its Base64, whole by its second checksum.
struct Parts {
    header: [u8; HEADER_LEN],
    clear: [u8; CLEAR_LEN],
    sealer: Sealer,
    /// Encrypted at first, then decrypted in place.
    sealed: Zeroizing<[u8; SEALED_LEN]>,
    key_check: [u8; CHECK_LEN],
}

impl Parts {
    /// `damaged` is the code of a checksum that does not hold.
    fn of(blob: &Blob, damaged: impl Fn(Sealer) -> ReturnCode) -> Result<Self, ReturnCode> {
        let inner = inner(blob)?;
        let known = Sealer::from_number(inner[1]).filter(|_| inner[0] == VERSION);
        let sealer = known.ok_or(ReturnCode::UNSUPPORTED_BLOB)?;
        let header = blob.header();
        if checksum(&header, &inner) != inner[CHECKSUM_AT..] {
            return Err(damaged(sealer));
        }
        let mut sealed = Zeroizing::new([0; SEALED_LEN]);
        sealed.copy_from_slice(&inner[CLEAR_LEN..KEY_CHECK_AT]);
        Ok(Self {
            header,
            clear: std::array::from_fn(|place| inner[place]),
            sealer,
            sealed,
            key_check: std::array::from_fn(|place| inner[KEY_CHECK_AT + place]),
        })
    }

    /// What stands in clear.
    fn clear(&self, blob: &Blob) -> Result<Clear, ReturnCode> {
        let (profile, state, key_len) = layout::unpack(&self.clear)
            .filter(|(.., key_len)| (1..=MAX_KEY).contains(&usize::from(*key_len)))
            .ok_or(ReturnCode::UNSUPPORTED_BLOB)?;
        let flags = [self.header[22], self.header[23]];
        Ok(Clear { owner: blob.owner(), flags, profile, state, key_len })
    }

    /// The application, once the sealed part is decrypted.
    fn check(&self, cx: &Context<'_>, blob: &Blob) -> Result<Application, ReturnCode> {
        if !ct_eq(&key_check(&self.header, &self.clear, &self.sealed), &self.key_check) {
            return Err(wrong_checksum(cx));
        }
        let clear = self.clear(blob)?;
        let secrets = Secrets::unpack(&self.sealed, clear.key_len).ok_or(ReturnCode::UNSUPPORTED_BLOB)?;
        Ok(Application { clear, secrets })
    }
}

pub(super) fn open(cx: &Context<'_>, blob: &Blob) -> Result<Application, ReturnCode> {
    let mut parts = Parts::of(blob, |_| wrong_checksum(cx))?;
    decrypt(cx, &parts.header, &mut *parts.sealed)?;
    parts.check(cx, blob)
}

/// What stands in clear. A BLOB that a key service sealed is read without it, where the caller names none.
pub(super) fn look(cx: &Context<'_>, blob: &Blob) -> Result<Clear, ReturnCode> {
    let parts = Parts::of(blob, |sealer| match sealer {
        Sealer::Software => wrong_checksum(cx),
        Sealer::Service(_) => ReturnCode::CHECKSUM_HSM,
    })?;
    match (&cx.sealing, parts.sealer) {
        (Sealing::Software, Sealer::Service(_)) => parts.clear(blob),
        _ => Ok(open(cx, blob)?.clear),
    }
}

/// Opens every BLOB, or gives the code of the first that cannot be opened. A key service decrypts them together.
pub(super) fn open_each(cx: &Context<'_>, blobs: &[&Blob]) -> Result<Vec<Application>, ReturnCode> {
    let Sealing::Service { service, key, iv } = cx.sealing else {
        return blobs.iter().map(|blob| open(cx, blob)).collect();
    };
    let mut parts = Vec::with_capacity(blobs.len());
    let mut unread = None;
    for blob in blobs {
        match Parts::of(blob, |_| wrong_checksum(cx)) {
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
    let checked = parts.iter().zip(blobs).map(|(part, blob)| part.check(cx, blob));
    let applications = checked.collect::<Result<_, _>>()?;
    unread.map_or(Ok(applications), Err)
}

pub(super) fn store(application: &Clear, blob: &mut Blob) {
    // The BLOB was opened from these very bytes, so they decode; if a caller mixed BLOBs up, nothing is changed.
    let Ok(mut inner) = inner(blob) else { return };
    let header = blob.header();
    let clear = layout::pack(&application.profile, &application.state, inner[1], application.key_len);
    inner[..CLEAR_LEN].copy_from_slice(&clear);
    let checksum = checksum(&header, &inner);
    inner[CHECKSUM_AT..].copy_from_slice(&checksum);
    *blob = Blob::assemble(&header, &inner);
}

pub(super) fn seal(cx: &Context<'_>, application: &Application) -> Result<Blob, ReturnCode> {
    let Clear { owner, flags, profile, state, .. } = &application.clear;
    let mut header = [0; HEADER_LEN];
    header[..10].copy_from_slice(&owner.serial);
    header[10..22].copy_from_slice(&owner.application);
    header[22..].copy_from_slice(flags);
    let opened = application.secrets.pack();
    let mut sealed = opened.clone();
    let sealer = encrypt(cx, &header, &mut *sealed)?;
    let clear = layout::pack(profile, state, sealer.number(), application.secrets.key_len());
    let mut inner = [0; INNER_LEN];
    inner[..CLEAR_LEN].copy_from_slice(&clear);
    inner[CLEAR_LEN..KEY_CHECK_AT].copy_from_slice(&*sealed);
    inner[KEY_CHECK_AT..CHECKSUM_AT].copy_from_slice(&key_check(&header, &clear, &opened));
    let checksum = checksum(&header, &inner);
    inner[CHECKSUM_AT..].copy_from_slice(&checksum);
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

/// What only the right key and vector give: over the opened sealed part, the owner, and what never changes in clear.
fn key_check(
    header: &[u8; HEADER_LEN],
    clear: &[u8; CLEAR_LEN],
    opened: &[u8; SEALED_LEN],
) -> [u8; CHECK_LEN] {
    digest(&[KEY_CHECK_LABEL, opened, &header[..22], &clear[..FIXED_LEN]])
}

/// What only the whole BLOB gives, as it is stored.
fn checksum(header: &[u8; HEADER_LEN], inner: &[u8; INNER_LEN]) -> [u8; CHECK_LEN] {
    digest(&[CHECKSUM_LABEL, header, &inner[..CHECKSUM_AT]])
}

/// Parts of fixed lengths behind a label. The digest of secrets is erased.
fn digest(parts: &[&[u8]]) -> [u8; CHECK_LEN] {
    let mut hasher = Hasher::new(HashAlg::Sha256);
    parts.iter().for_each(|part| hasher.update(part));
    let value = Zeroizing::new(hasher.finish());
    std::array::from_fn(|place| value[place])
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
