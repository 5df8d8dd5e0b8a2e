//! Why an operation did not succeed, as handlers say it and the gate answers it.

use crate::store::StoreError;
use bancada_crypto::CryptoError;
use bancada_wire::status::Status;

/// Why an operation did not succeed.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The peer is told, and the session goes on.
    Refused(Status),
    /// The peer is told, and has a session although it is an error: its password has expired.
    Opened(Status),
    /// The peer is told, and the connection ends.
    Ended(Status),
    /// Another write came first: the operation is run again.
    Conflict,
}

/// What a handler gives.
pub(crate) type Outcome<T> = Result<T, Fault>;

impl From<Status> for Fault {
    fn from(status: Status) -> Self {
        Self::Refused(status)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::Conflict,
            // The storage layer's own "busy" code: the peer may try again, the log tells why.
            StoreError::Unavailable(_) => Self::Refused(Status::ERR_SL_BE_BUSY),
            StoreError::Corrupt(_) => Self::Refused(Status::ERR_CANNOT_LOAD_CORRUPTED_OBJ),
        }
    }
}

impl From<CryptoError> for Fault {
    fn from(error: CryptoError) -> Self {
        Self::Refused(match error {
            CryptoError::BadKey(_) => Status::ERR_INVALID_KEY,
            CryptoError::BadLength { .. } | CryptoError::TooLarge => Status::ERR_INVALID_PAYLOAD,
            CryptoError::BadPadding => Status::ERR_PADDING_CHECK_FAILED,
            CryptoError::BadSignature => Status::ERR_INVALID_SIGNATURE,
            CryptoError::Unsupported(_) => Status::ERR_NOT_IMPLEMENTED,
            CryptoError::Malformed(_) => Status::ERR_INVALID_PAYLOAD,
            _ => Status::ERR_OPERATION_FAILED,
        })
    }
}
