//! Who logs in, and how (vendor header dinamo.h, DOpenSession: SS_USER_PWD, SS_USR_PWD_EX, SS_ATOKEN, SS_ANONYMOUS).

use std::fmt;

use bancada_wire::text::{FixedSecret, PASSWORD_LEN, Password, USER_LEN, UserName};
use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// What a session logs in with. Holds secrets: zeroed when dropped, never printed.
#[derive(Clone)]
pub struct Credentials {
    pub(crate) kind: Kind,
}

#[derive(Clone)]
pub(crate) enum Kind {
    User { user: UserName, password: Password },
    UserOtp { user: UserName, password: Password, otp: FixedSecret<16> },
    Token { user: UserName, key: FixedSecret<16> },
    Anonymous,
}

impl Credentials {
    /// A user's name and password, each at most 16 bytes.
    ///
    /// # Errors
    /// [`Error::Misuse`] when one does not fit its field, or the name is empty.
    pub fn user(user: &str, password: &str) -> Result<Self> {
        let kind = Kind::User { user: user_name(user)?, password: secret("the password", password)? };
        Ok(Self { kind })
    }

    /// A user's name, password and one-time password, each at most 16 bytes.
    ///
    /// # Errors
    /// [`Error::Misuse`] when one does not fit its field, or the name is empty.
    pub fn user_otp(user: &str, password: &str, otp: &str) -> Result<Self> {
        let user = user_name(user)?;
        let password = secret("the password", password)?;
        Ok(Self { kind: Kind::UserOtp { user, password, otp: secret("the one-time password", otp)? } })
    }

    /// A user's name and the key of one of the user's access tokens.
    ///
    /// # Errors
    /// [`Error::Misuse`] when the name does not fit its field or is empty.
    pub fn token(user: &str, key: [u8; 16]) -> Result<Self> {
        Ok(Self { kind: Kind::Token { user: user_name(user)?, key: key.into() } })
    }

    /// An access token as the vendor's npm client writes it: Base64 of the user's name, zero-padded to 16
    /// bytes, and the 16-byte key (npm `@dinamonetworks/hsm-dinamo` 4.9.1).
    ///
    /// # Errors
    /// [`Error::Misuse`] when the text is not such a token.
    pub fn token_text(text: &str) -> Result<Self> {
        let wrong =
            "this is not an access token: expected Base64 of a user name in 16 bytes and a key in 16 bytes";
        let bytes = base64(text.trim()).ok_or(Error::Misuse(wrong.into()))?;
        let (user, key) = bytes.split_at(USER_LEN);
        let (user, key) = (<[u8; USER_LEN]>::try_from(user), <[u8; 16]>::try_from(key));
        let (Ok(user), Ok(key)) = (user, key) else { return Err(Error::Misuse(wrong.into())) };
        let user = UserName::from(user);
        match user.as_str() {
            Some(name) if !name.is_empty() => Self::token(name, key),
            _ => Err(Error::Misuse(wrong.into())),
        }
    }

    /// Nobody: the session may only do what the device allows to anyone.
    #[must_use]
    pub fn anonymous() -> Self {
        Self { kind: Kind::Anonymous }
    }

    /// Name of the user, `None` when anonymous.
    #[must_use]
    pub fn user_name(&self) -> Option<&str> {
        match &self.kind {
            Kind::User { user, .. } | Kind::UserOtp { user, .. } | Kind::Token { user, .. } => user.as_str(),
            Kind::Anonymous => None,
        }
    }

    pub(crate) fn is_token(&self) -> bool {
        matches!(self.kind, Kind::Token { .. })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::User { .. } => "user",
            Kind::UserOtp { .. } => "user_otp",
            Kind::Token { .. } => "token",
            Kind::Anonymous => "anonymous",
        };
        write!(f, "Credentials::{kind}({:?}, [secret])", self.user_name().unwrap_or_default())
    }
}

/// A new password, as CHANGE_PWD carries it.
///
/// # Errors
/// [`Error::Misuse`] when it is longer than 16 bytes or holds a NUL.
pub(crate) fn new_password(text: &str) -> Result<Password> {
    secret("the new password", text)
}

fn user_name(text: &str) -> Result<UserName> {
    if text.is_empty() || !text.is_ascii() {
        return Err(Error::misuse("the user's name is empty or not ASCII; the device has no such user"));
    }
    UserName::new(text).map_err(|error| Error::field("the user's name", USER_LEN, error))
}

fn secret(what: &str, text: &str) -> Result<FixedSecret<16>> {
    FixedSecret::new(text).map_err(|error| Error::field(what, PASSWORD_LEN, error))
}

/// Decodes the Base64 (RFC 4648 §4, padding optional) of exactly 32 bytes.
fn base64(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let digits = text.strip_suffix('=').unwrap_or(text);
    if digits.len() != 43 {
        return None;
    }
    let mut bytes = Zeroizing::new([0; 32]);
    let (mut bits, mut count, mut at) = (0u32, 0, 0);
    for digit in digits.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xFFFF;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes[at] = (bits >> count) as u8;
            at += 1;
        }
    }
    // 43 digits are 32 bytes and two bits, which must be zero.
    (bits & 3 == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Base64 of `b"master" + bytes(10) + bytes(range(16))`, made with Python's base64 module.
    const TOKEN: &str = "bWFzdGVyAAAAAAAAAAAAAAABAgMEBQYHCAkKCwwNDg8=";

    #[test]
    fn the_token_text_of_the_vendors_client_is_read() {
        for text in [TOKEN, TOKEN.trim_end_matches('='), " bWFzdGVyAAAAAAAAAAAAAAABAgMEBQYHCAkKCwwNDg8=\n"] {
            let credentials = Credentials::token_text(text).unwrap();
            let Kind::Token { user, key } = &credentials.kind else { panic!("not a token") };
            assert_eq!(user.as_str(), Some("master"));
            assert_eq!(*key.expose(), std::array::from_fn(|i| i as u8));
        }
        let empty_user = "AAAAAAAAAAAAAAAAAAAAAAABAgMEBQYHCAkKCwwNDg8=";
        let odd_bits = "bWFzdGVyAAAAAAAAAAAAAAABAgMEBQYHCAkKCwwNDg9=";
        for text in ["", "bWFzdGVy", &TOKEN[1..], empty_user, odd_bits, &TOKEN.replace('g', "_")] {
            assert!(matches!(Credentials::token_text(text), Err(Error::Misuse(_))), "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_and_secrets_are_not_shown() {
        assert!(Credentials::user("", "12345678").is_err());
        assert!(Credentials::user("seventeen-letters", "12345678").is_err());
        let error = Credentials::user("master", "a password of many letters").unwrap_err();
        assert_eq!(error.to_string(), "the password is longer than 16 bytes; the device has no longer ones");
        let shown = format!("{:?}", Credentials::user("master", "12345678").unwrap());
        assert_eq!(shown, "Credentials::user(\"master\", [secret])");
    }
}
