//! Fixed-width text and secret fields: NUL-padded, as AAP carries names and passwords.

use crate::codec::{Decode, DecodeError, Encode};
use zeroize::Zeroize;

/// Text in a field of `N` bytes, padded with NUL. A text of exactly `N` bytes has no NUL.
///
/// What follows the first NUL is carried but means nothing: C callers leave old bytes there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct FixedText<const N: usize>([u8; N]);

impl<const N: usize> FixedText<N> {
    /// The empty text.
    pub const EMPTY: Self = Self([0; N]);

    /// Pads `text` to the field's width.
    ///
    /// # Errors
    /// [`DecodeError::TooLong`] when it does not fit, [`DecodeError::Value`] when it holds a NUL.
    pub fn new(text: &str) -> Result<Self, DecodeError> {
        if text.bytes().any(|byte| byte == 0) {
            return Err(DecodeError::Value);
        }
        let mut field = [0; N];
        field.get_mut(..text.len()).ok_or(DecodeError::TooLong)?.copy_from_slice(text.as_bytes());
        Ok(Self(field))
    }

    /// The bytes before the first NUL.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(N);
        &self.0[..end]
    }

    /// The text, if it is ASCII: every name of the protocol is.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(self.as_bytes()).ok().filter(|text| text.is_ascii())
    }

    /// Whether there is nothing before the first NUL.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.as_bytes().is_empty()
    }
}

impl<const N: usize> From<[u8; N]> for FixedText<N> {
    fn from(field: [u8; N]) -> Self {
        Self(field)
    }
}

impl<const N: usize> Default for FixedText<N> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<const N: usize> std::fmt::Debug for FixedText<N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\"{}\"", self.as_bytes().escape_ascii())
    }
}

/// A secret of `N` bytes, NUL-padded when it is text: zeroed when dropped, never printed.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct FixedSecret<const N: usize>([u8; N]);

impl<const N: usize> FixedSecret<N> {
    /// Pads `text` to the field's width.
    ///
    /// # Errors
    /// [`DecodeError::TooLong`] when it does not fit, [`DecodeError::Value`] when it holds a NUL.
    pub fn new(text: &str) -> Result<Self, DecodeError> {
        FixedText::new(text).map(|field| Self(field.0))
    }

    /// All `N` bytes.
    #[must_use]
    pub fn expose(&self) -> &[u8; N] {
        &self.0
    }

    /// The bytes before the first NUL.
    #[must_use]
    pub fn expose_text(&self) -> &[u8] {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(N);
        &self.0[..end]
    }
}

impl<const N: usize> From<[u8; N]> for FixedSecret<N> {
    fn from(field: [u8; N]) -> Self {
        Self(field)
    }
}

impl<const N: usize> Drop for FixedSecret<N> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<const N: usize> std::fmt::Debug for FixedSecret<N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[secret]")
    }
}

/// Bytes of a user name field without a terminator (`MAX_USR_LEN`, vendor header `dinamo.h`).
pub const USER_LEN: usize = 16;
/// Bytes of a password field (`MAX_USR_PWD`, vendor header `dinamo.h`).
pub const PASSWORD_LEN: usize = 16;
/// Bytes of an object name field: user, slash, 32 characters and a NUL (`MAX_OBJ_ID_FQN_LEN`).
pub const OBJECT_LEN: usize = 50;

/// An object's name as frames carry it: `object` or `partition/object`.
pub type ObjectName = FixedText<OBJECT_LEN>;
/// A user's name as the login carries it, without a terminator.
pub type UserName = FixedText<USER_LEN>;
/// A user's name as user management carries it, with room for a terminator.
pub type UserNameZ = FixedText<{ USER_LEN + 1 }>;
/// A password, NUL-padded.
pub type Password = FixedSecret<PASSWORD_LEN>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_padded_and_cut_at_the_first_nul() {
        let name = UserName::new("master").unwrap();
        assert_eq!(name.as_str(), Some("master"));
        assert_eq!(UserName::new("sixteen-letters!").unwrap().as_bytes().len(), 16);
        assert_eq!(UserName::new("seventeen-letters"), Err(DecodeError::TooLong));
        assert_eq!(UserName::new("a\0b"), Err(DecodeError::Value));
        assert_eq!(FixedText::from(*b"ab\0cd").as_str(), Some("ab"));
        assert_eq!(FixedText::from([0xC3, 0xA9]).as_str(), None);
    }

    #[test]
    fn secrets_are_not_printed() {
        assert_eq!(format!("{:?}", Password::new("12345678").unwrap()), "[secret]");
    }
}
