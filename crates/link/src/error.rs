//! Errors of a client: each names the culprit and says what to do next; status numbers are those of vendor header dinamo.h (2021-03-31).

use std::borrow::Cow;
use std::io;

use bancada_wire::codec::DecodeError;
use bancada_wire::status::Status;

/// Result of everything a client does.
pub type Result<T> = std::result::Result<T, Error>;

/// What a client was doing when the network failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Doing {
    /// Looking up the address of a name.
    Resolve,
    /// Opening the TCP connection.
    Connect,
    /// Shaking hands for TLS, the check of the device's certificate included.
    StartTls,
    /// Sending.
    Send,
    /// Receiving.
    Receive,
}

/// Why an operation of a client failed, told by whose fault it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The network: nothing was wrong with the request or the reply, as far as they got.
    #[error("{} {address} failed: {detail}. {}", doing_text(*doing), advice(*doing, *kind))]
    Io {
        /// What the client was doing.
        doing: Doing,
        /// The device's address.
        address: String,
        /// Kind of the failure; [`io::ErrorKind::TimedOut`] for every timeout.
        kind: io::ErrorKind,
        /// The system's or TLS library's own words.
        detail: String,
    },
    /// The device sent something AAP does not allow.
    #[error(
        "the device broke the protocol: {0}. Check that the address is that of an AAP service and that no \
         proxy alters the traffic; then open a new session"
    )]
    PeerMisbehaved(Cow<'static, str>),
    /// The device carried the request out as far as it would and answered with an error.
    #[error("the device refused {operation}: {status}")]
    Device {
        /// Name of the operation, `LOGIN` for every way to log in.
        operation: &'static str,
        /// What it answered.
        status: Status,
    },
    /// The caller asked for something that cannot be.
    #[error("{0}")]
    Misuse(Cow<'static, str>),
}

impl Error {
    /// An error of the network, from the system's own.
    #[must_use]
    pub fn io(doing: Doing, address: &str, error: &io::Error) -> Self {
        // A socket with a timeout says "would block" when it passes.
        let kind = match error.kind() {
            io::ErrorKind::WouldBlock => io::ErrorKind::TimedOut,
            kind => kind,
        };
        let detail = match kind {
            io::ErrorKind::TimedOut => "the timeout passed".to_owned(),
            _ => error.to_string(),
        };
        Self::Io { doing, address: address.to_owned(), kind, detail }
    }

    /// The connection ended where bytes were expected.
    #[must_use]
    pub fn ended(doing: Doing, address: &str) -> Self {
        let detail = "the device closed the connection".to_owned();
        Self::Io { doing, address: address.to_owned(), kind: io::ErrorKind::UnexpectedEof, detail }
    }

    /// The status the vendor's C functions return for this.
    #[must_use]
    pub fn status(&self) -> Status {
        match self {
            Self::Io { doing: Doing::Resolve, .. } => Status::GETHOSTNAME_FAILED,
            Self::Io { doing: Doing::Connect, .. } => Status::CONNECT_FAILED,
            Self::Io { doing: Doing::StartTls, .. } => Status::SSL_CONNECT_FAILED,
            Self::Io { doing: Doing::Send, .. } => Status::SEND_FAILED,
            Self::Io { doing: Doing::Receive, .. } => Status::RECV_FAILED,
            Self::PeerMisbehaved(_) => Status::INVALID_RESPONSE,
            Self::Device { status, .. } => *status,
            Self::Misuse(_) => Status::INVALID_PARAM,
        }
    }

    /// Whether the session lives on after this error: only the device's own refusals leave it in step, and a
    /// device may still close the connection after one.
    #[must_use]
    pub fn session_survives(&self) -> bool {
        matches!(self, Self::Device { .. })
    }

    pub(crate) fn misuse(text: impl Into<Cow<'static, str>>) -> Self {
        Self::Misuse(text.into())
    }

    pub(crate) fn misbehaved(text: impl Into<Cow<'static, str>>) -> Self {
        Self::PeerMisbehaved(text.into())
    }

    /// A text of the caller's that does not fit its field.
    pub(crate) fn field(what: &str, limit: usize, error: DecodeError) -> Self {
        match error {
            DecodeError::TooLong => {
                Self::misuse(format!("{what} is longer than {limit} bytes; the device has no longer ones"))
            }
            _ => Self::misuse(format!("{what} holds a NUL byte, which ends it on the wire; remove it")),
        }
    }
}

fn doing_text(doing: Doing) -> &'static str {
    match doing {
        Doing::Resolve => "looking up",
        Doing::Connect => "connecting to",
        Doing::StartTls => "starting TLS with",
        Doing::Send => "sending to",
        Doing::Receive => "receiving from",
    }
}

fn advice(doing: Doing, kind: io::ErrorKind) -> &'static str {
    match (doing, kind) {
        (Doing::Resolve, _) => "Check the name, or give the IP address",
        (Doing::Connect, io::ErrorKind::ConnectionRefused) => {
            "Nothing listens there: check the port, and that the device's service runs"
        }
        (Doing::Connect, _) => "Check the address, the network and the firewall, then try again",
        (Doing::StartTls, _) => {
            "Check that the device offers TLS and that its certificate is the one this client trusts"
        }
        (Doing::Receive, io::ErrorKind::TimedOut) => {
            "The request may have been carried out. Open a new session, with a longer receive timeout if the \
             operation is slow"
        }
        (Doing::Receive, _) => "The last request may have been carried out. Open a new session and look",
        (Doing::Send, _) => "Open a new session",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_culprit_and_the_next_step() {
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        let error = Error::io(Doing::Connect, "10.0.0.1:4433", &refused);
        assert_eq!(error.status().code(), -12);
        assert_eq!(
            error.to_string(),
            "connecting to 10.0.0.1:4433 failed: connection refused. Nothing listens there: check the port, \
             and that the device's service runs"
        );

        let late = Error::io(Doing::Receive, "hsm:4433", &io::Error::from(io::ErrorKind::WouldBlock));
        assert!(matches!(late, Error::Io { kind: io::ErrorKind::TimedOut, .. }));
        assert_eq!(late.status().code(), -14);
        assert!(!late.session_survives());
    }

    #[test]
    fn every_culprit_has_its_vendor_code() {
        let code = |doing| Error::ended(doing, "hsm:4433").status().code();
        let codes = [Doing::Resolve, Doing::Connect, Doing::StartTls, Doing::Send, Doing::Receive].map(code);
        assert_eq!(codes, [-11, -12, 3, -13, -14]);
        assert_eq!(Error::misbehaved("x").status().code(), 1006);
        assert_eq!(Error::misuse("x").status().code(), 1001);
        let refused = Error::Device { operation: "PING", status: Status::ERR_ACCESS_DENIED };
        assert_eq!(refused.status(), Status::ERR_ACCESS_DENIED);
        assert!(refused.session_survives());
    }
}
