//! What the sessions of every client have in common, apart from how their bytes travel (vendor docs, Session page).

use std::time::Duration;

use bancada_wire::frame::OperatingMode;
use bancada_wire::status::Status;

use super::opening::{LOGIN, Welcome};
use crate::config::ClientConfig;
use crate::error::{Error, Result};

/// What a login gives: a session, or what an expired password leaves of one.
#[derive(Debug)]
pub enum Opened<S, E> {
    /// A session that may do what its user may.
    Full(S),
    /// The password has expired: all that is left to do is to change it.
    PasswordExpired(E),
}

impl<S, E> Opened<S, E> {
    /// The session, if it may do what its user may.
    ///
    /// # Errors
    /// [`Error::Device`] with operation `LOGIN` and `D_ERR_PWD_EXPIRED`.
    pub fn full(self) -> Result<S> {
        match self {
            Self::Full(session) => Ok(session),
            Self::PasswordExpired(_) => {
                Err(Error::Device { operation: LOGIN, status: Status::ERR_PWD_EXPIRED })
            }
        }
    }
}

/// The parameters of a session: what it was opened with, and what was agreed with the device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameters {
    address: String,
    mode: OperatingMode,
    cipher: Option<String>,
    config: ClientConfig,
}

impl Parameters {
    /// Of a session that was just opened; `cipher` is the IANA name of the suite, `None` in clear text.
    #[must_use]
    pub fn new(address: String, welcome: &Welcome, cipher: Option<String>, config: ClientConfig) -> Self {
        Self { address, mode: welcome.mode, cipher, config }
    }

    /// The device's address.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The operating mode the device named at login (`SP_HSM_OP_MODE`).
    #[must_use]
    pub fn operating_mode(&self) -> OperatingMode {
        self.mode
    }

    /// The cipher suite agreed for TLS, by its IANA name; `None` in clear text (`SP_SESSION_CIPHER`).
    #[must_use]
    pub fn cipher(&self) -> Option<&str> {
        self.cipher.as_deref()
    }

    /// The timeouts and retries the session was opened with; its timeouts are those that hold now.
    #[must_use]
    pub fn config(&self) -> &ClientConfig {
        &self.config
    }

    /// Most time sending may take, `None` for ever (`SP_SEND_TIMEOUT`): a whole request in the asynchronous client, one wait
    /// for the socket in the blocking one.
    #[must_use]
    pub fn send_timeout(&self) -> Option<Duration> {
        self.config.send_timeout
    }

    /// Most time one wait for data may last, `None` for ever (`SP_RECV_TIMEOUT`).
    #[must_use]
    pub fn recv_timeout(&self) -> Option<Duration> {
        self.config.recv_timeout
    }

    /// Notes another [`Self::send_timeout`]; a client whose socket has timeouts of its own sets them besides.
    ///
    /// # Errors
    /// [`Error::Misuse`] when it is zero.
    pub fn set_send_timeout(&mut self, timeout: Option<Duration>) -> Result<()> {
        self.config = self.config.with_send_timeout(timeout)?;
        Ok(())
    }

    /// Notes another [`Self::recv_timeout`], as [`Self::set_send_timeout`] does.
    ///
    /// # Errors
    /// [`Error::Misuse`] when it is zero.
    pub fn set_recv_timeout(&mut self, timeout: Option<Duration>) -> Result<()> {
        self.config = self.config.with_recv_timeout(timeout)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expired_password_is_no_full_session() {
        assert_eq!(Opened::<_, ()>::Full(7).full().ok(), Some(7));
        let error = Opened::<(), _>::PasswordExpired(7).full().unwrap_err();
        assert_eq!(error.status(), Status::ERR_PWD_EXPIRED);
    }

    #[test]
    fn timeouts_are_kept_unless_they_are_zero() {
        let welcome = Welcome { mode: OperatingMode::Rm1, password_expired: false };
        let mut parameters = Parameters::new("hsm:4433".to_owned(), &welcome, None, ClientConfig::default());
        let second = Some(Duration::from_secs(1));
        parameters.set_send_timeout(second).unwrap();
        assert!(parameters.set_send_timeout(Some(Duration::ZERO)).is_err());
        parameters.set_recv_timeout(second).unwrap();
        parameters.set_recv_timeout(None).unwrap();
        assert_eq!((parameters.send_timeout(), parameters.recv_timeout()), (second, None));
        assert_eq!(parameters.operating_mode(), OperatingMode::Rm1);
    }
}
