//! The payload codec: flat structs to packed little-endian bytes and back, the only module that runs bincode.
//!
//! AAP packs its payloads without padding, little-endian, with arrays of fixed width (npm
//! `@dinamonetworks/hsm-dinamo` 4.9.1). For flat structs that is exactly bincode's fixed-width layout, so
//! operations derive [`Encode`] and [`Decode`] and never write offsets by hand. Two rules are added here:
//! a payload with bytes left over is rejected, and nothing is allocated beyond what the frame carries.

pub use bincode::{Decode, Encode};

pub(crate) use bincode::de::Decoder;
pub(crate) use bincode::enc::Encoder;
pub(crate) use bincode::error::{DecodeError as DecodeFailure, EncodeError as EncodeFailure};
pub(crate) use bincode::impl_borrow_decode;

use bincode::de::read::Reader;
use bincode::enc::write::Writer;

use crate::secret::erase_all;

/// Largest payload any frame carries: 4 MiB of EdDSA data plus its fixed fields, with room to spare.
pub const MAX_PAYLOAD: usize = (4 << 20) + 4096;

const CONFIG: bincode::config::Configuration<
    bincode::config::LittleEndian,
    bincode::config::Fixint,
    bincode::config::Limit<{ MAX_PAYLOAD }>,
> = bincode::config::legacy().with_limit::<MAX_PAYLOAD>();

/// Why bytes are not a value of the expected type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The payload ends before its fixed fields do.
    #[error("the payload ends before its fields do")]
    Truncated,
    /// The payload goes on after its last field.
    #[error("{0} bytes follow the last field of the payload")]
    Trailing(usize),
    /// A field is longer than its type allows.
    #[error("a field of the payload is longer than its limit")]
    TooLong,
    /// A field holds a value its type does not allow.
    #[error("a field of the payload holds a value that is not allowed")]
    Value,
}

/// Appends the packed bytes of `value` to `out`.
///
/// Encoding into memory does not fail: every field type of this crate has a fixed or in-memory size.
pub fn encode<T: Encode>(value: &T, out: &mut Vec<u8>) {
    struct Append<'a>(&'a mut Vec<u8>);
    impl Writer for Append<'_> {
        fn write(&mut self, bytes: &[u8]) -> Result<(), EncodeFailure> {
            self.0.extend_from_slice(bytes);
            Ok(())
        }
    }
    let before = out.len();
    if bincode::encode_into_writer(value, Append(out), CONFIG).is_err() {
        // The writer is infallible, so no encoder of this crate can come here; a short payload is rejected
        // by the peer, which is the safest thing left to do.
        out.truncate(before);
    }
}

/// Reads one `T` that fills `bytes` to the last one.
///
/// # Errors
/// [`DecodeError`] when the bytes are too few, too many, or hold a value `T` does not allow.
pub fn decode<T: Decode<()>>(bytes: &[u8]) -> Result<T, DecodeError> {
    match bincode::decode_from_slice::<T, _>(bytes, CONFIG) {
        Ok((value, used)) if used == bytes.len() => Ok(value),
        Ok((_, used)) => Err(DecodeError::Trailing(bytes.len() - used)),
        Err(DecodeFailure::UnexpectedEnd { .. }) => Err(DecodeError::Truncated),
        Err(DecodeFailure::LimitExceeded) => Err(DecodeError::TooLong),
        Err(DecodeFailure::OtherString(_)) => Err(DecodeError::TooLong),
        Err(_) => Err(DecodeError::Value),
    }
}

/// Hands every byte that is left in the frame to `take`, in pieces, without copying them twice.
fn drain<D: Decoder>(decoder: &mut D, mut take: impl FnMut(&[u8]) -> bool) -> Result<(), DecodeFailure> {
    let mut step = 1 << 16;
    while step > 0 {
        let taken = match decoder.reader().peek_read(step) {
            Some(piece) => take(piece),
            None => {
                step /= 2;
                continue;
            }
        };
        if !taken {
            return Err(DecodeFailure::OtherString(String::new()));
        }
        decoder.claim_bytes_read(step)?;
        decoder.reader().consume(step);
    }
    Ok(())
}

/// All remaining bytes of a payload. Must be the last field.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Tail(pub Vec<u8>);

impl Encode for Tail {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeFailure> {
        encoder.writer().write(&self.0)
    }
}

impl<C> Decode<C> for Tail {
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeFailure> {
        let mut bytes = Vec::new();
        drain(decoder, |piece| {
            bytes.extend_from_slice(piece);
            true
        })?;
        Ok(Self(bytes))
    }
}

impl std::ops::Deref for Tail {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Tail {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<&[u8]> for Tail {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

impl std::fmt::Debug for Tail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[{} bytes]", self.0.len())
    }
}

/// [`Tail`] that holds a secret: zeroed when dropped, never printed.
#[derive(Clone, PartialEq, Eq, Default, Encode)]
pub struct SecretTail(Tail);

impl SecretTail {
    /// The secret bytes.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0.0
    }
}

impl<C> Decode<C> for SecretTail {
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeFailure> {
        Tail::decode(decoder).map(Self)
    }
}

impl From<Vec<u8>> for SecretTail {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Tail(bytes))
    }
}

impl From<&[u8]> for SecretTail {
    fn from(bytes: &[u8]) -> Self {
        Self(Tail(bytes.to_vec()))
    }
}

impl Drop for SecretTail {
    fn drop(&mut self) {
        erase_all(&mut self.0.0);
    }
}

impl std::fmt::Debug for SecretTail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[{} secret bytes]", self.0.len())
    }
}

/// All remaining bytes of a payload, at most `N`, held without allocation. Must be the last field.
#[derive(Clone, Copy)]
pub struct ShortTail<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> ShortTail<N> {
    /// Copies `bytes`.
    ///
    /// # Errors
    /// [`DecodeError::TooLong`] when there are more than `N`.
    pub fn new(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut tail = Self { bytes: [0; N], len: bytes.len() };
        tail.bytes.get_mut(..bytes.len()).ok_or(DecodeError::TooLong)?.copy_from_slice(bytes);
        Ok(tail)
    }
}

impl<const N: usize> std::ops::Deref for ShortTail<N> {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

impl<const N: usize> PartialEq for ShortTail<N> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<const N: usize> Eq for ShortTail<N> {}

impl<const N: usize> std::fmt::Debug for ShortTail<N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[{} bytes]", self.len)
    }
}

impl<const N: usize> Encode for ShortTail<N> {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeFailure> {
        encoder.writer().write(self)
    }
}

impl<C, const N: usize> Decode<C> for ShortTail<N> {
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeFailure> {
        let mut tail = Self { bytes: [0; N], len: 0 };
        drain(decoder, |piece| match tail.bytes.get_mut(tail.len..tail.len + piece.len()) {
            Some(room) => {
                room.copy_from_slice(piece);
                tail.len += piece.len();
                true
            }
            None => false,
        })?;
        Ok(tail)
    }
}

/// Fixed-size items to the end of the payload, at most `MAX` of them. Must be the last field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Items<T, const MAX: usize>(pub Vec<T>);

impl<T: Encode, const MAX: usize> Encode for Items<T, MAX> {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeFailure> {
        self.0.iter().try_for_each(|item| item.encode(encoder))
    }
}

impl<C, T: Decode<C>, const MAX: usize> Decode<C> for Items<T, MAX> {
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeFailure> {
        let mut items = Vec::new();
        while decoder.reader().peek_read(1).is_some() {
            if items.len() == MAX {
                return Err(DecodeFailure::OtherString(String::new()));
            }
            items.push(T::decode(decoder)?);
        }
        Ok(Self(items))
    }
}

// The derive of `Decode` asks every field for `BorrowDecode` too; nothing here borrows.
impl_borrow_decode!(Tail);
impl_borrow_decode!(SecretTail);

impl<'de, C, const N: usize> bincode::BorrowDecode<'de, C> for ShortTail<N> {
    fn borrow_decode<D: bincode::de::BorrowDecoder<'de, Context = C>>(
        decoder: &mut D,
    ) -> Result<Self, DecodeFailure> {
        Decode::decode(decoder)
    }
}

impl<'de, C, T: Decode<C>, const MAX: usize> bincode::BorrowDecode<'de, C> for Items<T, MAX> {
    fn borrow_decode<D: bincode::de::BorrowDecoder<'de, Context = C>>(
        decoder: &mut D,
    ) -> Result<Self, DecodeFailure> {
        Decode::decode(decoder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, PartialEq, Encode, Decode)]
    struct Sample {
        algorithm: u32,
        mode: u8,
        name: [u8; 5],
        tail: Tail,
    }

    #[test]
    fn layout_is_packed_little_endian() {
        let mut out = vec![0xEE];
        encode(
            &Sample { algorithm: 0x0102_0304, mode: 9, name: *b"abcde", tail: Tail(vec![7, 8]) },
            &mut out,
        );
        assert_eq!(out, [0xEE, 4, 3, 2, 1, 9, b'a', b'b', b'c', b'd', b'e', 7, 8]);
    }

    #[test]
    fn too_few_and_too_many_bytes_are_told_apart() {
        assert_eq!(decode::<u32>(&[1, 2, 3]), Err(DecodeError::Truncated));
        assert_eq!(decode::<u32>(&[1, 2, 3, 4, 5]), Err(DecodeError::Trailing(1)));
        assert_eq!(decode::<ShortTail<2>>(&[1, 2, 3]), Err(DecodeError::TooLong));
        assert_eq!(decode::<Items<u16, 1>>(&[1, 2, 3, 4]), Err(DecodeError::TooLong));
        assert_eq!(decode::<Items<u16, 4>>(&[1, 2, 3]), Err(DecodeError::Truncated));
    }

    proptest! {
        #[test]
        fn tails_keep_every_byte(bytes in prop::collection::vec(any::<u8>(), 0..200_000)) {
            let tail = decode::<Tail>(&bytes).unwrap();
            prop_assert_eq!(&tail.0, &bytes);
            let mut out = Vec::new();
            encode(&tail, &mut out);
            prop_assert_eq!(out, bytes);
        }

        #[test]
        fn any_bytes_decode_or_err(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(sample) = decode::<Sample>(&bytes) {
                let mut out = Vec::new();
                encode(&sample, &mut out);
                prop_assert_eq!(out, bytes);
            }
        }
    }
}
