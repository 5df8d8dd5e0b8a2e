//! How the device writes down what it stores: a version byte, then fields, little-endian, lengths before bytes.
//!
//! The format is ours. A record of a newer version is refused, never guessed at.

use zeroize::Zeroizing;

/// Version of the format this device writes.
const VERSION: u8 = 1;

/// Collects the fields of a record.
pub(crate) struct Writer(Zeroizing<Vec<u8>>);

impl Writer {
    /// Starts a record.
    pub(crate) fn new() -> Self {
        Self(Zeroizing::new(vec![VERSION]))
    }

    pub(crate) fn u8(&mut self, value: u8) -> &mut Self {
        self.0.push(value);
        self
    }

    pub(crate) fn u32(&mut self, value: u32) -> &mut Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    pub(crate) fn u64(&mut self, value: u64) -> &mut Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    pub(crate) fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.u32(value.len() as u32);
        self.0.extend_from_slice(value);
        self
    }

    /// The finished record.
    pub(crate) fn finish(&mut self) -> Zeroizing<Vec<u8>> {
        std::mem::take(&mut self.0)
    }
}

/// Reads the fields of a record; `None` when the record is not what it should be.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Starts reading a record of a version this device knows.
    pub(crate) fn new(record: &'a [u8]) -> Option<Self> {
        match record.split_first()? {
            (&VERSION, fields) => Some(Self(fields)),
            _ => None,
        }
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        let (&value, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(value)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (&value, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(value)
    }

    pub(crate) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.u32()? as usize;
        let (value, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(value)
    }

    pub(crate) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    /// `Some` when every field has been read.
    pub(crate) fn end(self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fields_come_back_as_written() {
        let record = Writer::new().u8(7).u32(8).u64(9).bytes(b"ten").finish();
        let mut reader = Reader::new(&record).unwrap();
        assert_eq!(
            (reader.u8(), reader.u32(), reader.u64(), reader.text()),
            (Some(7), Some(8), Some(9), Some("ten"))
        );
        assert!(reader.end().is_some());
        assert!(Reader::new(&[2, 0]).is_none(), "a newer version is refused");
    }

    proptest! {
        #[test]
        fn any_bytes_read_or_end(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Some(mut reader) = Reader::new(&bytes) {
                while reader.bytes().is_some() {}
            }
        }
    }
}
