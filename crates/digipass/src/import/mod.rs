//! Import of tokens: our DPX-shaped text file, and PSKC (RFC 6030).

mod dpx;
mod pskc;
mod pskc_key;

pub use dpx::{read_dpx, write_dpx};
pub use pskc::{PskcFile, PskcToken, SkippedKey, read_pskc};
pub use pskc_key::PskcKey;

use thiserror::Error;
use zeroize::Zeroizing;

use crate::vector::{MessageVector, StaticVector};
use crate::{Definition, ReturnCode};

/// The largest file that is read, in bytes.
pub const MAX_FILE: usize = 64 << 20;

/// What an import file delivers.
#[derive(Debug, Clone, Default)]
pub struct ImportFile {
    /// The static vector, when the tokens are software.
    pub static_vector: Option<StaticVector>,
    /// The message vector, when there is a Secure Channel.
    pub message_vector: Option<MessageVector>,
    /// The tokens, each with 1 to 8 applications of one serial number.
    pub tokens: Vec<Vec<Definition>>,
}

impl ImportFile {
    /// The names of all applications, each once, in the order of the file.
    #[must_use]
    pub fn application_names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for definition in self.tokens.iter().flatten() {
            let name = definition.owner.application_text();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

/// Why a file could not be imported.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The key is not 32 or 64 hexadecimal digits.
    #[error("the transport key must be 32 or 64 hexadecimal digits")]
    KeyFormat,
    /// The file was made with another key.
    #[error("the key or passphrase is not the one the file was made with; ask its sender which it is")]
    WrongKey,
    /// The file is something else.
    #[error("this is not {expected}: {reason}")]
    NotThisFormat {
        /// What was expected.
        expected: &'static str,
        /// What speaks against it.
        reason: String,
    },
    /// The file is damaged or says what cannot be imported.
    #[error("{place}: {reason}; have the file made again")]
    Content {
        /// Where: a line or an element.
        place: String,
        /// What is wrong there.
        reason: String,
    },
    /// The file is right, and uses what this product does not offer.
    #[error("{place}: {what} is not supported")]
    Unsupported {
        /// Where.
        place: String,
        /// What.
        what: String,
    },
}

impl ImportError {
    /// The code callers of the C interface get.
    #[must_use]
    pub fn code(&self) -> ReturnCode {
        match self {
            Self::KeyFormat => ReturnCode::TRANSPORT_KEY_FORMAT,
            Self::WrongKey => ReturnCode::TRANSPORT_KEY_WRONG,
            Self::NotThisFormat { .. } => ReturnCode::FILE_OPEN,
            Self::Content { .. } | Self::Unsupported { .. } => ReturnCode::IMPORT_CONTENT,
        }
    }

    fn content(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Content { place: place.into(), reason: reason.into() }
    }

    fn unsupported(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Unsupported { place: place.into(), what: what.into() }
    }
}

/// The bytes of a transport key: 32 hexadecimal digits, or 64.
///
/// # Errors
/// [`ImportError::KeyFormat`] for anything else.
pub fn transport_key(text: &str) -> Result<Zeroizing<Vec<u8>>, ImportError> {
    let bytes = crate::encoding::from_hex(text.trim().as_bytes()).map(Zeroizing::new);
    bytes.filter(|bytes| matches!(bytes.len(), 16 | 32)).ok_or(ImportError::KeyFormat)
}

#[cfg(test)]
mod tests;
