//! Output texts whose length goes in and out beside them.

use bancada_digipass::ReturnCode;

use super::arg::{Buffer, Place};

/// Bytes of a place for a challenge, a host code or a confirmation code, unless the caller says less (vendor docs recommend 17 or 18).
pub(crate) const CODE_PLACE: usize = 17;

/// A text with a length that goes in as the size of its place and out as the length of the text.
///
/// Callers differ in what they pass in, and the vendor's pages call some of these lengths output only. Our choice: a size of 1 up to the
/// recommended one is believed; anything else, and a null pointer, stands for the recommended one.
pub(crate) struct Output<'a> {
    pub(crate) text: &'a Buffer,
    pub(crate) length: &'a Place<i32>,
    /// The recommended size in bytes.
    pub(crate) recommended: usize,
}

impl Output<'_> {
    /// Whether the text would fit with its zero byte, or is not wanted.
    ///
    /// # Errors
    /// [`ReturnCode::BUFFER_TOO_SMALL`], with the size needed in the length.
    pub(crate) fn check(&self, text: &str) -> Result<(), ReturnCode> {
        if self.text.is_null() || text.len() < self.size() {
            return Ok(());
        }
        self.length.set(i32::try_from(text.len() + 1).unwrap_or(i32::MAX));
        Err(ReturnCode::BUFFER_TOO_SMALL)
    }

    /// Writes text and length. The text must have passed [`check`](Self::check).
    pub(crate) fn write(&self, text: &str) {
        self.text.write_text(text);
        self.length.set(i32::try_from(text.len()).unwrap_or(i32::MAX));
    }

    /// Checks and writes.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub(crate) fn put(&self, text: &str) -> Result<(), ReturnCode> {
        self.check(text)?;
        self.write(text);
        Ok(())
    }

    /// The size of the place in bytes.
    pub(crate) fn size(&self) -> usize {
        let given = self.length.get().and_then(|size| usize::try_from(size).ok());
        given.filter(|size| (1..=self.recommended).contains(size)).unwrap_or(self.recommended)
    }
}
