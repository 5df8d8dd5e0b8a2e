//! The arrays in which a function delivers all BLOBs of an authenticator.

use bancada_digipass::{Blob, Context, ReturnCode, manage};

use super::arg::{Buffer, Place};

/// Places for a type, and for up to eight BLOBs with their names and authentication modes, in arrays of the documented width.
pub(super) struct TokenPlaces<'a> {
    /// Type of the authenticator, 6 bytes.
    pub(super) token_type: &'a Buffer,
    /// In: how many BLOBs there is room for, 1 to 8; anything else stands for 8 (our choice). Out: how many there are.
    pub(super) count: &'a Place<i16>,
    /// Serial number and application name, 23 bytes each.
    pub(super) names: &'a Buffer,
    /// Authentication modes.
    pub(super) modes: &'a Buffer,
    /// 3 bytes each with a zero byte, 2 without.
    pub(super) mode_width: usize,
    /// The BLOBs, 248 bytes each.
    pub(super) blobs: &'a Buffer,
}

impl TokenPlaces<'_> {
    /// Whether there is room for so many.
    ///
    /// # Errors
    /// [`ReturnCode::DATA_POINTER`] without a place for BLOBs; [`ReturnCode::APPLICATION_COUNT`] when there are more than there is room for.
    pub(super) fn check(&self, count: usize) -> Result<(), ReturnCode> {
        if self.blobs.is_null() {
            return Err(ReturnCode::DATA_POINTER);
        }
        let room = self.count.get().and_then(|room| usize::try_from(room).ok());
        let room = room.filter(|room| (1..=8).contains(room)).unwrap_or(8);
        if count <= room { Ok(()) } else { Err(ReturnCode::APPLICATION_COUNT) }
    }

    /// Writes everything. The number of BLOBs must have passed [`check`](Self::check).
    pub(super) fn write(&self, token_type: &str, blobs: &[Blob], kinds: &[String]) {
        self.token_type.write_text(token_type);
        self.count.set(i16::try_from(blobs.len()).unwrap_or(8));
        let (mut names, mut modes, mut bytes) = (Vec::new(), Vec::new(), Vec::new());
        for (blob, kind) in blobs.iter().zip(kinds) {
            names.extend_from_slice(serial_and_name(blob).as_bytes());
            names.push(0);
            modes.extend_from_slice(kind.as_bytes());
            modes.extend(std::iter::repeat_n(0, self.mode_width.saturating_sub(kind.len())));
            bytes.extend_from_slice(blob.as_bytes());
        }
        self.names.write(&names);
        self.modes.write(&modes);
        self.blobs.write(&bytes);
    }
}

/// Serial number and application name in one, 22 characters.
pub(super) fn serial_and_name(blob: &Blob) -> String {
    let owner = blob.owner();
    let both = [&owner.serial[..], &owner.application].concat();
    // Owners are made of letters, digits, underscores and spaces, so nothing is lost.
    String::from_utf8_lossy(&both).into_owned()
}

/// The authentication mode of each BLOB, two characters.
///
/// # Errors
/// The codes of opening a BLOB.
pub(super) fn kinds(cx: &Context<'_>, blobs: &[Blob]) -> Result<Vec<String>, ReturnCode> {
    let kind = |blob| manage::get_property(cx, blob, manage::id::AUTH_MODE).map(|value| value.text);
    blobs.iter().map(kind).collect()
}
