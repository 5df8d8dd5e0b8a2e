//! Sessions: one TCP connection each, one call at a time (vendor docs, Session page).

use std::fmt;
use std::time::Duration;

use bancada_link::client::{Exchange, Welcome, change_password};
use bancada_link::config::ClientConfig;
use bancada_link::{Credentials, Doing, Error, Options, Result};
use bancada_wire::frame::OperatingMode;
use bancada_wire::op::Operation;
use bancada_wire::status::Status;

use crate::connect::{Connected, connect};
use crate::hasher::Hasher;
use crate::stream::Stream;

/// A session with a device. Dropping it closes the socket; [`Session::close`] also says good-bye.
///
/// It can be moved to another thread, and is used by one at a time: every call takes it exclusively.
/// A session whose connection was lost stays lost; open a new one.
pub struct Session {
    stream: Stream,
    exchange: Exchange,
    mode: OperatingMode,
    cipher: Option<String>,
    config: ClientConfig,
}

/// What a login gives.
#[derive(Debug)]
pub enum Opened {
    /// A session that may do what its user may.
    Full(Session),
    /// The password has expired: all that is left to do is to change it.
    PasswordExpired(ExpiredSession),
}

/// A session of a user whose password has expired.
#[derive(Debug)]
pub struct ExpiredSession(Session);

impl Session {
    /// Opens a session. `address` is `host`, `host:port` or `[IPv6]:port`; the port is 4433 if not given.
    ///
    /// An expired password is an error here; see [`Self::open_or_expired`].
    ///
    /// # Errors
    /// [`Error::Device`] with operation `LOGIN` when the device lets nobody in, `D_ERR_PWD_EXPIRED` among the
    /// reasons; [`Error::Io`] when it cannot be reached; [`Error::PeerMisbehaved`] when it is no such device;
    /// [`Error::Misuse`] when the address cannot be read.
    pub fn open(address: &str, credentials: &Credentials, options: &Options) -> Result<Self> {
        match Self::open_or_expired(address, credentials, options)? {
            Opened::Full(session) => Ok(session),
            Opened::PasswordExpired(_) => {
                Err(Error::Device { operation: "LOGIN", status: Status::ERR_PWD_EXPIRED })
            }
        }
    }

    /// Opens a session, or what an expired password leaves of one.
    ///
    /// # Errors
    /// As [`Self::open`], except for the expired password.
    pub fn open_or_expired(address: &str, credentials: &Credentials, options: &Options) -> Result<Opened> {
        let Connected { stream, exchange, welcome, cipher } = connect(address, credentials, options)?;
        let Welcome { mode, password_expired } = welcome;
        let session = Self { stream, exchange, mode, cipher, config: *options.client_config() };
        Ok(match password_expired {
            false => Opened::Full(session),
            true => Opened::PasswordExpired(ExpiredSession(session)),
        })
    }

    /// Carries out an operation and waits for its response.
    ///
    /// Nothing is repeated: after a lost connection the caller opens a new session and decides, for which
    /// [`ClientConfig::may_repeat`](crate::config::ClientConfig::may_repeat) knows what is safe.
    ///
    /// # Errors
    /// [`Error::Device`] when the device refuses; the session goes on, unless the device then closes it.
    /// [`Error::Io`], [`Error::PeerMisbehaved`]: the session is lost. [`Error::Misuse`]: nothing was sent.
    #[expect(clippy::needless_pass_by_value, reason = "an operation's secrets end with the call")]
    pub fn call<O: Operation>(&mut self, operation: O) -> Result<O::Response> {
        self.exchange.begin(&operation)?;
        let sent = self.stream.send(self.exchange.request());
        sent.map_err(|error| self.exchange.failed(Doing::Send, &error))?;
        while let Some(space) = self.exchange.read_space() {
            let received = self.stream.receive(space);
            let count = received.map_err(|error| self.exchange.failed(Doing::Receive, &error))?;
            self.exchange.received(count)?;
        }
        self.exchange.finish::<O>()
    }

    /// Starts a hash over a stream, or a MAC with the key named `key`; `algorithm` is an `ALG_*` number.
    ///
    /// # Errors
    /// As [`Self::call`].
    pub fn hash(&mut self, algorithm: u8, key: Option<&str>) -> Result<Hasher<'_>> {
        Hasher::start(self, algorithm, key)
    }

    /// The device's address.
    #[must_use]
    pub fn address(&self) -> &str {
        self.exchange.address()
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

    /// Most time one wait for the socket to take data may last, `None` for ever (`SP_SEND_TIMEOUT`).
    #[must_use]
    pub fn send_timeout(&self) -> Option<Duration> {
        self.config.send_timeout
    }

    /// Sets [`Self::send_timeout`].
    ///
    /// # Errors
    /// [`Error::Misuse`] when it is zero; [`Error::Io`] when the system refuses it.
    pub fn set_send_timeout(&mut self, timeout: Option<Duration>) -> Result<()> {
        self.config = self.config.with_send_timeout(timeout)?;
        let set = self.stream.set_send_timeout(timeout);
        set.map_err(|error| Error::io(Doing::Send, self.exchange.address(), &error))
    }

    /// Most time one wait for data may last, `None` for ever (`SP_RECV_TIMEOUT`).
    #[must_use]
    pub fn recv_timeout(&self) -> Option<Duration> {
        self.config.recv_timeout
    }

    /// Sets [`Self::recv_timeout`].
    ///
    /// # Errors
    /// [`Error::Misuse`] when it is zero; [`Error::Io`] when the system refuses it.
    pub fn set_recv_timeout(&mut self, timeout: Option<Duration>) -> Result<()> {
        self.config = self.config.with_recv_timeout(timeout)?;
        let set = self.stream.set_recv_timeout(timeout);
        set.map_err(|error| Error::io(Doing::Receive, self.exchange.address(), &error))
    }

    /// Ends the session: tells the device, waits until that is written, closes the connection.
    ///
    /// # Errors
    /// [`Error::Io`] when it could not be told; the connection is closed all the same.
    pub fn close(mut self) -> Result<()> {
        let Some(goodbye) = self.exchange.goodbye() else { return Ok(()) };
        self.stream.close(&goodbye).map_err(|error| self.exchange.failed(Doing::Send, &error))
    }

    /// Ends the session and its connection for certain (`CLOSE_PHYSICALLY`). As long as no connection is kept
    /// for later sessions, [`Self::close`] does the same.
    ///
    /// # Errors
    /// As [`Self::close`].
    pub fn close_physically(self) -> Result<()> {
        self.close()
    }
}

impl ExpiredSession {
    /// Changes the password, which makes the session a full one.
    ///
    /// # Errors
    /// As [`Session::call`]; when the device refuses the new password it ends the session, so open another.
    pub fn change_password(self, new: &str) -> Result<Session> {
        let mut session = self.0;
        session.call(change_password(new)?)?;
        Ok(session)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("address", &self.address())
            .field("mode", &self.mode)
            .field("cipher", &self.cipher)
            .finish_non_exhaustive()
    }
}

// A session may be moved between threads.
const _: fn() = || {
    fn sendable<T: Send>() {}
    sendable::<Session>();
};
