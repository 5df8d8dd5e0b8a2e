//! What the drivers of the two Rust clients share: credentials, options and errors in the words of a scenario.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use bancada_link::config::ClientConfig;
use bancada_link::tls::{ServerTrust, certificate_der};
use bancada_link::{Credentials, Error, Options};
use bancada_wire::frame::OperatingMode;
use bancada_wire::status::Status;

use super::ACTION_TIMEOUT_MS;
use crate::outcome::{Outcome, Value};
use crate::perform::Failure;
use crate::scenario::{Login, Otp};

/// Where the Rust clients connect, and how.
#[derive(Debug, Clone)]
pub struct Connecting {
    pub(super) address: String,
    clear: Options,
    tls: Options,
}

impl Connecting {
    /// Connects to an address; under TLS the device must show the certificate in a file, or any when there is none.
    ///
    /// # Errors
    /// When the certificate cannot be read.
    pub fn new(address: &str, certificate: Option<&Path>) -> anyhow::Result<Self> {
        let timeout = Some(Duration::from_millis(ACTION_TIMEOUT_MS));
        let config = ClientConfig::default().with_send_timeout(timeout)?.with_recv_timeout(timeout)?;
        let trust = match certificate {
            Some(path) => ServerTrust::Pinned(read_certificate(path)?),
            None => ServerTrust::AcceptAny,
        };
        Ok(Self {
            address: address.to_owned(),
            clear: Options::clear().config(config),
            tls: Options::tls(&trust)?.config(config),
        })
    }

    /// Clear unless the scenario asks for TLS.
    pub(super) fn options(&self, tls: Option<bool>) -> &Options {
        if tls == Some(true) { &self.tls } else { &self.clear }
    }
}

pub(super) fn credentials(login: &Login) -> Result<Credentials, Outcome> {
    let made = match login {
        Login::Anonymous => Ok(Credentials::anonymous()),
        Login::Password { user, password } => Credentials::user(user, password),
        Login::OneTime { user, password, otp: Otp::Digits(digits) } => {
            Credentials::user_otp(user, password, digits)
        }
        Login::OneTime { .. } => {
            return Err(Outcome::Broken("a one-time password was not computed".to_owned()));
        }
        Login::Token { user, key } => match <[u8; 16]>::try_from(key.bytes()) {
            Ok(key) => Credentials::token(user, key),
            Err(_) => return Err(Outcome::CannotExpress("a token's key has 16 bytes")),
        },
    };
    made.map_err(|error| outcome(&error))
}

pub(super) fn opened(mode: OperatingMode) -> Outcome {
    Outcome::Ok(Value::Opened { mode: Some(mode.number()) })
}

pub(super) fn expired() -> Outcome {
    Outcome::Status(Status::ERR_PWD_EXPIRED)
}

pub(super) fn failure(error: &Error) -> Failure {
    match error {
        Error::Device { status, .. } => Failure::Status(*status),
        Error::Io { kind: std::io::ErrorKind::TimedOut, .. } => Failure::Broken(error.to_string()),
        Error::Io { .. } => Failure::Disconnected,
        Error::Misuse(_) => Failure::CannotExpress("the client refuses to send it"),
        _ => Failure::Broken(error.to_string()),
    }
}

pub(super) fn outcome(error: &Error) -> Outcome {
    match failure(error) {
        Failure::Status(status) => Outcome::Status(status),
        Failure::Disconnected => Outcome::Disconnected,
        Failure::CannotExpress(reason) => Outcome::CannotExpress(reason),
        Failure::Broken(reason) => Outcome::Broken(reason),
    }
}

/// The DER of a certificate in a file, PEM or DER.
pub(crate) fn read_certificate(path: &Path) -> anyhow::Result<Vec<u8>> {
    let read = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    certificate_der(&read).with_context(|| format!("in {}", path.display()))
}
