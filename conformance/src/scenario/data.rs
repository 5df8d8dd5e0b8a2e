//! Bytes, moments and one-time passwords of an action: given, or taken from an earlier result.

use serde::{Deserialize, Serialize};

use super::Slot;

/// Bytes of an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Data {
    /// These bytes.
    #[serde(with = "hex_bytes")]
    Bytes(Vec<u8>),
    /// What an earlier action put into a slot.
    Slot {
        /// The slot.
        slot: Slot,
        /// What is done to the bytes.
        #[serde(default)]
        change: Change,
    },
    /// A message encrypted by the runner with the RSA public key in a slot.
    Sealed {
        /// Slot of the public key.
        public: Slot,
        /// Padding (`D_PKCS1_PADDING` or `D_OAEP_PADDING`, OAEP with SHA-1).
        padding: u8,
        /// The message.
        #[serde(with = "hex_bytes")]
        message: Vec<u8>,
    },
}

/// What is done to the bytes of a slot before they are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Nothing.
    #[default]
    None,
    /// One bit is inverted: that of lowest value in the byte at this position, counted round the end.
    Flip(u16),
    /// The last bytes are cut off, all but one at most.
    Cut(u16),
}

/// When an access token expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expiry {
    /// Never.
    Never,
    /// So many seconds after the action, by the device's clock.
    In(i64),
    /// At this second since 1970 UTC.
    At(u64),
}

/// A one-time password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Otp {
    /// These digits.
    Digits(String),
    /// RFC 4226 with this counter.
    Hotp {
        /// The generator's key.
        #[serde(with = "hex_bytes")]
        key: Vec<u8>,
        /// The counter.
        counter: u64,
    },
    /// RFC 6238 with steps of 30 seconds, so many steps after that of the device's clock.
    Totp {
        /// The generator's key.
        #[serde(with = "hex_bytes")]
        key: Vec<u8>,
        /// Steps after the present one.
        steps: i64,
    },
}

impl Data {
    /// An untouched slot.
    #[must_use]
    pub fn slot(slot: Slot) -> Self {
        Self::Slot { slot, change: Change::None }
    }

    /// The bytes of an action whose references have been resolved; empty for a reference.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Slot { .. } | Self::Sealed { .. } => &[],
        }
    }
}

impl From<&[u8]> for Data {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl From<Vec<u8>> for Data {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl Change {
    /// Applies the change.
    pub fn apply(self, bytes: &mut Vec<u8>) {
        match self {
            Self::None => {}
            Self::Flip(position) => {
                let length = bytes.len().max(1);
                if let Some(byte) = bytes.get_mut(usize::from(position) % length) {
                    *byte ^= 1;
                }
            }
            Self::Cut(count) => {
                let keep = bytes.len().saturating_sub(usize::from(count)).max(1);
                bytes.truncate(keep);
            }
        }
    }
}

/// Bytes as hexadecimal text.
pub(crate) mod hex_bytes {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        hex::decode(&text).map_err(|error| D::Error::custom(format!("not hexadecimal: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_really_change() {
        let mut bytes = vec![1, 2, 3];
        Change::Flip(4).apply(&mut bytes);
        assert_eq!(bytes, [1, 3, 3]);
        Change::Cut(1).apply(&mut bytes);
        assert_eq!(bytes, [1, 3]);
        Change::Cut(9).apply(&mut bytes);
        assert_eq!(bytes, [1]);
        let mut none = Vec::new();
        Change::Flip(3).apply(&mut none);
        assert!(none.is_empty());
    }
}
