//! Arguments of the entry points: what a C caller passes becomes an owned value, and places to write to are kept as such.
//!
//! Everything is copied, because callers may pass one buffer twice, and nothing is read twice. Each type says how far it reads and writes.

use std::ffi::c_char;
use std::ptr::NonNull;

use bancada_digipass::blob::BLOB_LEN;
use bancada_digipass::message::{PAYLOAD_KEY_BLOB_LEN, PayloadKeyBlob};
use bancada_digipass::params::FIELD_COUNT;
use bancada_digipass::{Blob, KernelParams, ReturnCode};
use zeroize::Zeroizing;

use super::layout::{TDPXHandle, TData, TDigipassBlob, TDigipassInfo, TKernelParms};

/// A value made of what C passes.
pub trait FromC {
    /// What C passes.
    type Raw;

    /// Takes the argument.
    ///
    /// # Safety
    /// A pointer is null, or readable and writable as far as the type says, until the entry point returns.
    unsafe fn from_c(raw: Self::Raw) -> Self;
}

macro_rules! by_value {
    ($($number:ty),*) => {$(
        impl FromC for $number {
            type Raw = Self;
            unsafe fn from_c(raw: Self) -> Self {
                raw
            }
        }
    )*};
}
by_value!(i16, i32, u32);

/// A text: read up to the first zero byte, and never more than `WIDTH` bytes. COBOL programs fill the width with spaces instead.
pub struct Text<const WIDTH: usize>(Option<Zeroizing<Vec<u8>>>);

/// A text without spaces, mostly hexadecimal: read up to the first zero byte or space, and never more than `WIDTH` bytes. So a COBOL program's
/// field needs not have the whole width, if what it holds is shorter than it.
pub struct Word<const WIDTH: usize>(Option<Zeroizing<Vec<u8>>>);

/// The data fields of a signature: 8 of 20 bytes, each a text; as many are read as the caller says there are.
pub struct Fields(Option<NonNull<u8>>);

/// The kernel parameters: no more fields are read than ParmCount says. A null pointer, and a count outside 0 to 23, mean all defaults (our choice).
pub struct Params(pub KernelParams);

/// One BLOB to read and write, 248 bytes.
pub struct BlobPlace(Option<NonNull<u8>>);

/// One payload key BLOB to read and write, 88 characters; the zero byte behind them is left as it is.
pub struct PayloadKeyPlace(Option<NonNull<u8>>);

/// An array of pointers to BLOBs; as many are read as the caller says there are, if that is 1 to 8.
pub struct BlobTable(Option<NonNull<*mut TDigipassBlob>>);

/// A number, or another plain value, to read and write. Need not be aligned.
pub struct Place<T>(Option<NonNull<T>>);

/// A place for bytes, whose size is known from elsewhere.
pub struct Buffer(Option<NonNull<u8>>);

/// A `TData`: the property asked for, and a place for its value of the size it says.
pub struct InfoPlace {
    data: Place<TData>,
    value: Buffer,
}

/// The length of a field of a signature.
pub const FIELD_LEN: usize = 20;

/// Bytes that are kept ready for a text; more come when it is longer.
const USUAL: usize = 64;

impl<const WIDTH: usize> FromC for Text<WIDTH> {
    type Raw = *const c_char;

    unsafe fn from_c(raw: Self::Raw) -> Self {
        // SAFETY: the caller promises bytes up to a zero byte or the width.
        Self((!raw.is_null()).then(|| unsafe { copy_text(raw.cast(), WIDTH, |byte| byte == 0) }))
    }
}

impl<const WIDTH: usize> Text<WIDTH> {
    /// The text, `None` for a null pointer.
    #[must_use]
    pub fn get(&self) -> Option<&[u8]> {
        self.0.as_ref().map(|text| text.as_slice())
    }
}

impl<const WIDTH: usize> FromC for Word<WIDTH> {
    type Raw = *const c_char;

    unsafe fn from_c(raw: Self::Raw) -> Self {
        // SAFETY: the caller promises bytes up to a zero byte, a space or the width.
        Self(
            (!raw.is_null())
                .then(|| unsafe { copy_text(raw.cast(), WIDTH, |byte| byte == 0 || byte == b' ') }),
        )
    }
}

impl<const WIDTH: usize> Word<WIDTH> {
    /// The text, `None` for a null pointer.
    #[must_use]
    pub fn get(&self) -> Option<&[u8]> {
        self.0.as_ref().map(|text| text.as_slice())
    }
}

impl FromC for Fields {
    type Raw = *const [c_char; FIELD_LEN];

    unsafe fn from_c(raw: Self::Raw) -> Self {
        Self(NonNull::new(raw.cast_mut().cast()))
    }
}

impl Fields {
    /// The first `count` fields.
    ///
    /// # Errors
    /// [`ReturnCode::FIELD_COUNT`] unless there are 1 to 8; [`ReturnCode::DATA_FIELDS_POINTER`] for a null pointer.
    pub fn get(&self, count: i32) -> Result<Vec<Zeroizing<Vec<u8>>>, ReturnCode> {
        let count = usize::try_from(count).ok().filter(|count| (1..=8).contains(count));
        let count = count.ok_or(ReturnCode::FIELD_COUNT)?;
        let start = self.0.ok_or(ReturnCode::DATA_FIELDS_POINTER)?;
        // SAFETY: the caller promises as many fields of 20 bytes as it says there are.
        let field =
            |place| unsafe { copy_text(start.as_ptr().add(place * FIELD_LEN), FIELD_LEN, |byte| byte == 0) };
        Ok((0..count).map(field).collect())
    }
}

impl FromC for Params {
    type Raw = *const TKernelParms;

    unsafe fn from_c(raw: Self::Raw) -> Self {
        if raw.is_null() {
            return Self(KernelParams::default());
        }
        let numbers: *const i32 = raw.cast();
        // SAFETY: the caller promises ParmCount, and as many fields behind it as it says.
        let (count, fields) = unsafe {
            let count = numbers.read_unaligned();
            (count, read_fields(numbers, count))
        };
        Self(KernelParams::from_fields(count, &fields))
    }
}

/// The fields behind ParmCount, none when the count is out of range.
///
/// # Safety
/// As many numbers must be readable behind the first as `count` says.
pub(super) unsafe fn read_fields(numbers: *const i32, count: i32) -> Vec<i32> {
    let count = usize::try_from(count).ok().filter(|count| *count <= FIELD_COUNT).unwrap_or(0);
    // SAFETY: the caller promises so many.
    (1..=count).map(|place| unsafe { numbers.add(place).read_unaligned() }).collect()
}

impl FromC for BlobPlace {
    type Raw = *mut TDigipassBlob;

    unsafe fn from_c(raw: Self::Raw) -> Self {
        Self(NonNull::new(raw.cast()))
    }
}

impl BlobPlace {
    /// The BLOB.
    ///
    /// # Errors
    /// [`ReturnCode::DATA_POINTER`] for a null pointer.
    pub fn load(&self) -> Result<Blob, ReturnCode> {
        let place = self.0.ok_or(ReturnCode::DATA_POINTER)?;
        let mut bytes = [0; BLOB_LEN];
        // SAFETY: the caller promises 248 readable bytes; the copy is ours.
        unsafe { place.copy_to_nonoverlapping(NonNull::from(&mut bytes).cast(), BLOB_LEN) };
        Blob::from_bytes(&bytes)
    }

    /// Writes the BLOB back.
    pub fn store(&self, blob: &Blob) {
        if let Some(place) = self.0 {
            // SAFETY: the caller promises 248 writable bytes; the source is ours.
            unsafe { place.copy_from_nonoverlapping(NonNull::from(blob.as_bytes()).cast(), BLOB_LEN) };
        }
    }
}

impl FromC for PayloadKeyPlace {
    type Raw = *mut c_char;

    unsafe fn from_c(raw: Self::Raw) -> Self {
        Self(NonNull::new(raw.cast()))
    }
}

impl PayloadKeyPlace {
    /// The payload key BLOB.
    ///
    /// # Errors
    /// [`ReturnCode::PAYLOAD_KEY_POINTER`] for a null pointer or a text of fewer than 88 characters.
    pub fn load(&self) -> Result<PayloadKeyBlob, ReturnCode> {
        let place = self.0.ok_or(ReturnCode::PAYLOAD_KEY_POINTER)?;
        // SAFETY: the caller promises bytes up to a zero byte or so many.
        let text = unsafe { copy_text(place.as_ptr(), PAYLOAD_KEY_BLOB_LEN, |byte| byte == 0) };
        PayloadKeyBlob::from_bytes(&text)
    }

    /// Writes the payload key BLOB back.
    pub fn store(&self, blob: &PayloadKeyBlob) {
        if let Some(place) = self.0 {
            let source = NonNull::from(blob.as_bytes()).cast();
            // SAFETY: the caller promises 88 writable bytes; the source is ours.
            unsafe { place.copy_from_nonoverlapping(source, PAYLOAD_KEY_BLOB_LEN) };
        }
    }
}

impl FromC for BlobTable {
    type Raw = *mut *mut TDigipassBlob;

    unsafe fn from_c(raw: Self::Raw) -> Self {
        Self(NonNull::new(raw))
    }
}

impl BlobTable {
    /// The first `count` places; none for a null pointer or a count outside 1 to 8.
    #[must_use]
    pub fn places(&self, count: i32) -> Vec<BlobPlace> {
        let count = usize::try_from(count).ok().filter(|count| *count <= 8).unwrap_or(0);
        let Some(start) = self.0 else { return Vec::new() };
        // SAFETY: the caller promises as many pointers as it says there are.
        (0..count)
            .map(|place| BlobPlace(NonNull::new(unsafe { start.add(place).read_unaligned() }.cast())))
            .collect()
    }
}

impl<T> FromC for Place<T> {
    type Raw = *mut T;

    unsafe fn from_c(raw: Self::Raw) -> Self {
        Self(NonNull::new(raw))
    }
}

impl<T: Plain> Place<T> {
    /// The value, `None` for a null pointer.
    #[must_use]
    pub fn get(&self) -> Option<T> {
        // SAFETY: the caller promises a readable value, of a type that takes every pattern of bits.
        self.0.map(|place| unsafe { place.read_unaligned() })
    }

    /// Writes the value, unless the pointer is null.
    pub fn set(&self, value: T) {
        if let Some(place) = self.0 {
            // SAFETY: the caller promises a writable value.
            unsafe { place.write_unaligned(value) };
        }
    }

    /// Whether there is a place at all.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.0.is_none()
    }
}

/// Types of which every pattern of bits is a value.
pub trait Plain: Copy {}
impl Plain for i16 {}
impl Plain for i32 {}
impl Plain for TDigipassInfo {}
impl Plain for TDPXHandle {}
impl Plain for TData {}

impl FromC for InfoPlace {
    type Raw = *mut TData;

    unsafe fn from_c(raw: Self::Raw) -> Self {
        let data = Place(NonNull::new(raw));
        let value = data.get().map_or(std::ptr::null_mut(), |data| data.value);
        Self { data, value: Buffer(NonNull::new(value)) }
    }
}

impl InfoPlace {
    /// The property asked for, `None` for a null pointer to the structure or in it.
    #[must_use]
    pub fn property(&self) -> Option<i32> {
        self.data.get().filter(|_| !self.value.is_null()).map(|data| data.kind.cast_signed())
    }

    /// Writes the value, and `size` as its size; whether there is room. Without room only the bytes it needs are told as its size.
    #[must_use]
    pub fn write(&self, value: &[u8], size: usize) -> bool {
        let Some(data) = self.data.get() else { return false };
        let fits = value.len() <= usize::from(data.allocated_size);
        let size = if fits { size } else { value.len() };
        if fits {
            self.value.write(value);
        }
        self.data.set(TData { size: u16::try_from(size).unwrap_or(u16::MAX), ..data });
        fits
    }
}

impl FromC for Buffer {
    type Raw = *mut c_char;

    unsafe fn from_c(raw: Self::Raw) -> Self {
        Self(NonNull::new(raw.cast()))
    }
}

impl Buffer {
    /// Whether there is a place at all.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.0.is_none()
    }

    /// Writes bytes from the beginning, unless the pointer is null. The caller has made sure that there is room.
    pub fn write(&self, bytes: &[u8]) {
        if let Some(place) = self.0 {
            // SAFETY: the caller promises room for what the entry point's documentation says; the source is ours.
            unsafe { place.copy_from_nonoverlapping(NonNull::from(bytes).cast(), bytes.len()) };
        }
    }

    /// Writes a text and the zero byte behind it.
    pub fn write_text(&self, text: &str) {
        self.write(&Zeroizing::new([text.as_bytes(), &[0]].concat()));
    }

    /// The same place, for a function that returns it.
    #[must_use]
    pub fn as_ptr(&self) -> *mut c_char {
        self.0.map_or(std::ptr::null_mut(), |place| place.as_ptr().cast())
    }
}

/// Copies bytes up to one that ends the text, or a width.
///
/// # Safety
/// The bytes must be readable so far.
unsafe fn copy_text(start: *const u8, width: usize, ends: impl Fn(u8) -> bool) -> Zeroizing<Vec<u8>> {
    // Most texts are far shorter than their width; what a longer one outgrows is erased.
    let mut text = Zeroizing::new(Vec::with_capacity(width.min(USUAL)));
    for place in 0..width {
        // SAFETY: no end before this place, and the place is within the width.
        let byte = unsafe { start.add(place).read() };
        if ends(byte) {
            break;
        }
        if text.len() == text.capacity() {
            let mut longer = Zeroizing::new(Vec::with_capacity(width.min(4 * place)));
            longer.extend_from_slice(&text);
            text = longer;
        }
        text.push(byte);
    }
    text
}
