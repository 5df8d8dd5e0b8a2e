//! What can go wrong in a cryptographic operation, in terms a caller can act on.

use thiserror::Error;

/// Why an operation was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CryptoError {
    /// The key is damaged, inconsistent, or of another kind than the operation needs.
    #[error("the key cannot be used: {0}; check that the key material is complete and of the expected type")]
    BadKey(&'static str),
    /// An input has a length the operation cannot take.
    #[error("{what} must be {expected} bytes, got {got}")]
    BadLength {
        /// Which input.
        what: &'static str,
        /// The length in bytes (or the multiple of bytes) that is required.
        expected: usize,
        /// The length in bytes that was given.
        got: usize,
    },
    /// Decryption produced no valid padding: wrong key, wrong mode, or damaged data. Deliberately one error for all.
    #[error("decryption failed: wrong key, wrong parameters or damaged data")]
    BadPadding,
    /// A signature, tag or check value does not match.
    #[error("the signature or authentication tag does not match the data and the key")]
    BadSignature,
    /// The library underneath, or the standard, does not offer this combination.
    #[error("{0} is not supported")]
    Unsupported(&'static str),
    /// Encoded bytes do not follow their format.
    #[error("malformed encoding: {0}")]
    Malformed(&'static str),
    /// The input is larger than the key or the algorithm can process.
    #[error("the input is too large for this key or algorithm")]
    TooLarge,
    /// The source of randomness failed, or the library could not generate a value.
    #[error("the random generator failed; nothing was produced")]
    Random,
}
