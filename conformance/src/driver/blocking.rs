//! The driver of `bancada-dinamo-blocking`.

use std::collections::BTreeMap;

use bancada_dinamo_blocking::{ExpiredSession, Opened, Session};
use bancada_wire::op::Operation;

use super::Driver;
use super::rust::{Connecting, ONLY_A_NEW_PASSWORD, credentials, expired, failure, opened, outcome};
use crate::outcome::{Outcome, Value};
use crate::perform::{Caller, Failure, perform};
use crate::scenario::{Call, Handle, Login};

/// Plays actions through the blocking client.
#[derive(Debug)]
pub struct BlockingDriver {
    connecting: Connecting,
    sessions: BTreeMap<Handle, Held>,
}

#[derive(Debug)]
enum Held {
    Full(Session),
    Expired(ExpiredSession),
}

impl BlockingDriver {
    /// A driver that connects as told.
    #[must_use]
    pub fn new(connecting: Connecting) -> Self {
        Self { connecting, sessions: BTreeMap::new() }
    }
}

impl Driver for BlockingDriver {
    fn name(&self) -> &'static str {
        "blocking"
    }

    fn open(&mut self, handle: Handle, login: &Login, tls: Option<bool>) -> Outcome {
        let credentials = match credentials(login) {
            Ok(credentials) => credentials,
            Err(outcome) => return outcome,
        };
        let options = self.connecting.options(tls);
        match Session::open_or_expired(&self.connecting.address, &credentials, options) {
            Ok(Opened::Full(session)) => {
                let mode = session.operating_mode();
                self.sessions.insert(handle, Held::Full(session));
                opened(mode)
            }
            Ok(Opened::PasswordExpired(session)) => {
                self.sessions.insert(handle, Held::Expired(session));
                expired()
            }
            Err(error) => outcome(&error),
        }
    }

    fn close(&mut self, handle: Handle) -> Outcome {
        if let Some(Held::Full(session)) = self.sessions.remove(&handle) {
            // The device may have closed it before; then there is nobody to tell.
            let _ = session.close();
        }
        Outcome::Ok(Value::None)
    }

    fn disconnect(&mut self, handle: Handle) -> Outcome {
        self.sessions.remove(&handle);
        Outcome::Ok(Value::None)
    }

    fn call(&mut self, handle: Handle, call: &Call) -> Outcome {
        match self.sessions.remove(&handle) {
            Some(Held::Full(mut session)) => {
                let outcome = perform(&mut session, call);
                self.sessions.insert(handle, Held::Full(session));
                outcome
            }
            Some(Held::Expired(session)) => match call {
                Call::ChangePassword { password } => match session.change_password(password) {
                    Ok(session) => {
                        self.sessions.insert(handle, Held::Full(session));
                        Outcome::Ok(Value::None)
                    }
                    Err(error) => outcome(&error),
                },
                _ => {
                    self.sessions.insert(handle, Held::Expired(session));
                    Outcome::CannotExpress(ONLY_A_NEW_PASSWORD)
                }
            },
            None => Outcome::Disconnected,
        }
    }

    fn reset(&mut self) {
        self.sessions.clear();
    }
}

impl Caller for Session {
    fn call<O: Operation>(&mut self, operation: O) -> Result<O::Response, Failure> {
        Session::call(self, operation).map_err(|error| failure(&error))
    }

    fn hash(&mut self, algorithm: u8, key: &str, data: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut stream = || {
            let mut hasher = Session::hash(self, algorithm, (!key.is_empty()).then_some(key))?;
            hasher.update(data)?;
            hasher.finish()
        };
        stream().map_err(|error| failure(&error))
    }
}
