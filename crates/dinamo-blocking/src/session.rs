//! Sessions: one TCP connection each, one call at a time (vendor docs, Session page).

use std::fmt;
use std::ops::Deref;
use std::time::Duration;

use bancada_link::client::{Exchange, Parameters, change_password};
use bancada_link::{Credentials, Doing, Error, Options, Result};
use bancada_wire::op::Operation;

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
    parameters: Parameters,
}

/// What a login gives.
pub type Opened = bancada_link::client::Opened<Session, ExpiredSession>;

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
        Self::open_or_expired(address, credentials, options)?.full()
    }

    /// Opens a session, or what an expired password leaves of one.
    ///
    /// # Errors
    /// As [`Self::open`], except for the expired password.
    pub fn open_or_expired(address: &str, credentials: &Credentials, options: &Options) -> Result<Opened> {
        let connected = connect(address, credentials, options)?;
        let Connected { stream, exchange, parameters, password_expired } = connected;
        let session = Self { stream, exchange, parameters };
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

    /// Sets [`Parameters::send_timeout`].
    ///
    /// # Errors
    /// [`Error::Misuse`] when it is zero; [`Error::Io`] when the system refuses it.
    pub fn set_send_timeout(&mut self, timeout: Option<Duration>) -> Result<()> {
        self.parameters.set_send_timeout(timeout)?;
        let set = self.stream.set_send_timeout(timeout);
        set.map_err(|error| Error::io(Doing::Send, self.exchange.address(), &error))
    }

    /// Sets [`Parameters::recv_timeout`].
    ///
    /// # Errors
    /// [`Error::Misuse`] when it is zero; [`Error::Io`] when the system refuses it.
    pub fn set_recv_timeout(&mut self, timeout: Option<Duration>) -> Result<()> {
        self.parameters.set_recv_timeout(timeout)?;
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

/// What a session tells of itself: `session.address()`, `session.operating_mode()` and so on, the same for every client.
impl Deref for Session {
    type Target = Parameters;

    fn deref(&self) -> &Parameters {
        &self.parameters
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Session").field(&self.parameters).finish()
    }
}

// A session may be moved between threads.
const _: fn() = || {
    fn sendable<T: Send>() {}
    sendable::<Session>();
};
