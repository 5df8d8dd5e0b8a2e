//! The driver of a Rust client, whichever it is: what it does with sessions.

use std::collections::BTreeMap;

use bancada_link::client::{Opened, Parameters};
use bancada_link::{Credentials, Options, Result};

use super::Driver;
use super::rust::{Connecting, credentials, expired, opened, outcome};
use crate::outcome::{Outcome, Value};
use crate::scenario::{Call, Handle, Login};

/// Why a session is not what an action needs.
const ONLY_A_NEW_PASSWORD: &str = "its session with an expired password can only change it";

/// A Rust client, as far as one differs from another.
pub trait Client {
    /// A session.
    type Session: std::ops::Deref<Target = Parameters>;
    /// What an expired password leaves of one.
    type Expired;

    /// Its name in tables and on the command line.
    const NAME: &'static str;

    /// Logs in.
    ///
    /// # Errors
    /// As the client says.
    fn open(
        &self,
        address: &str,
        credentials: &Credentials,
        options: &Options,
    ) -> Result<Opened<Self::Session, Self::Expired>>;

    /// Plays one call.
    fn perform(&self, session: &mut Self::Session, call: &Call) -> Outcome;

    /// Changes an expired password.
    ///
    /// # Errors
    /// As the client says.
    fn change_password(&self, expired: Self::Expired, new: &str) -> Result<Self::Session>;

    /// Says good-bye.
    ///
    /// # Errors
    /// As the client says.
    fn close(&self, session: Self::Session) -> Result<()>;
}

/// Plays actions through a Rust client, one at a time.
pub struct RustDriver<C: Client> {
    client: C,
    connecting: Connecting,
    sessions: BTreeMap<Handle, Opened<C::Session, C::Expired>>,
}

impl<C: Client> RustDriver<C> {
    /// A driver that connects as told.
    #[must_use]
    pub fn new(client: C, connecting: Connecting) -> Self {
        Self { client, connecting, sessions: BTreeMap::new() }
    }

    fn hold(&mut self, handle: Handle, session: C::Session, outcome: Outcome) -> Outcome {
        self.sessions.insert(handle, Opened::Full(session));
        outcome
    }
}

impl<C: Client> Driver for RustDriver<C> {
    fn name(&self) -> &'static str {
        C::NAME
    }

    fn open(&mut self, handle: Handle, login: &Login, tls: Option<bool>) -> Outcome {
        let credentials = match credentials(login) {
            Ok(credentials) => credentials,
            Err(outcome) => return outcome,
        };
        let options = self.connecting.options(tls);
        match self.client.open(&self.connecting.address, &credentials, options) {
            Ok(Opened::Full(session)) => {
                let outcome = opened(session.operating_mode());
                self.hold(handle, session, outcome)
            }
            Ok(session) => {
                self.sessions.insert(handle, session);
                expired()
            }
            Err(error) => outcome(&error),
        }
    }

    fn close(&mut self, handle: Handle) -> Outcome {
        if let Some(Opened::Full(session)) = self.sessions.remove(&handle) {
            // The device may have closed it before; then there is nobody to tell.
            let _ = self.client.close(session);
        }
        Outcome::Ok(Value::None)
    }

    fn disconnect(&mut self, handle: Handle) -> Outcome {
        self.sessions.remove(&handle);
        Outcome::Ok(Value::None)
    }

    fn call(&mut self, handle: Handle, call: &Call) -> Outcome {
        match (self.sessions.remove(&handle), call) {
            (Some(Opened::Full(mut session)), _) => {
                let outcome = self.client.perform(&mut session, call);
                self.hold(handle, session, outcome)
            }
            (Some(Opened::PasswordExpired(expired)), Call::ChangePassword { password }) => {
                match self.client.change_password(expired, password) {
                    Ok(session) => self.hold(handle, session, Outcome::Ok(Value::None)),
                    Err(error) => outcome(&error),
                }
            }
            (Some(expired), _) => {
                self.sessions.insert(handle, expired);
                Outcome::CannotExpress(ONLY_A_NEW_PASSWORD)
            }
            (None, _) => Outcome::Disconnected,
        }
    }

    fn reset(&mut self) {
        self.sessions.clear();
    }
}
