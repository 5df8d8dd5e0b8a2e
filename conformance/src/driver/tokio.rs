//! The driver of `bancada-dinamo`, the client on tokio.

use std::collections::BTreeMap;

use bancada_dinamo::{ExpiredSession, Opened, Session};
use bancada_wire::op::Operation;
use tokio::runtime::{Builder, Runtime};

use super::Driver;
use super::rust::{Connecting, ONLY_A_NEW_PASSWORD, credentials, expired, failure, opened, outcome};
use crate::outcome::{Outcome, Value};
use crate::perform::{Caller, Failure, perform};
use crate::scenario::{Call, Handle, Login};

/// Plays actions through the async client, one at a time on a runtime of its own.
#[derive(Debug)]
pub struct TokioDriver {
    connecting: Connecting,
    runtime: Runtime,
    sessions: BTreeMap<Handle, Held>,
}

#[derive(Debug)]
enum Held {
    Full(Session),
    Expired(ExpiredSession),
}

/// A session with the runtime its calls are driven on.
struct Driven<'a> {
    runtime: &'a Runtime,
    session: &'a mut Session,
}

impl TokioDriver {
    /// A driver that connects as told.
    ///
    /// # Errors
    /// When the runtime does not start.
    pub fn new(connecting: Connecting) -> anyhow::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { connecting, runtime, sessions: BTreeMap::new() })
    }
}

impl Driver for TokioDriver {
    fn name(&self) -> &'static str {
        "tokio"
    }

    fn open(&mut self, handle: Handle, login: &Login, tls: Option<bool>) -> Outcome {
        let credentials = match credentials(login) {
            Ok(credentials) => credentials,
            Err(outcome) => return outcome,
        };
        let options = self.connecting.options(tls);
        let opening = Session::open_or_expired(&self.connecting.address, &credentials, options);
        match self.runtime.block_on(opening) {
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
            let _ = self.runtime.block_on(session.close());
        }
        Outcome::Ok(Value::None)
    }

    fn disconnect(&mut self, handle: Handle) -> Outcome {
        let _context = self.runtime.enter();
        self.sessions.remove(&handle);
        Outcome::Ok(Value::None)
    }

    fn call(&mut self, handle: Handle, call: &Call) -> Outcome {
        match self.sessions.remove(&handle) {
            Some(Held::Full(mut session)) => {
                let mut driven = Driven { runtime: &self.runtime, session: &mut session };
                let outcome = perform(&mut driven, call);
                self.sessions.insert(handle, Held::Full(session));
                outcome
            }
            Some(Held::Expired(session)) => match call {
                Call::ChangePassword { password } => {
                    match self.runtime.block_on(session.change_password(password)) {
                        Ok(session) => {
                            self.sessions.insert(handle, Held::Full(session));
                            Outcome::Ok(Value::None)
                        }
                        Err(error) => outcome(&error),
                    }
                }
                _ => {
                    self.sessions.insert(handle, Held::Expired(session));
                    Outcome::CannotExpress(ONLY_A_NEW_PASSWORD)
                }
            },
            None => Outcome::Disconnected,
        }
    }

    fn reset(&mut self) {
        let _context = self.runtime.enter();
        self.sessions.clear();
    }
}

impl Caller for Driven<'_> {
    fn call<O: Operation>(&mut self, operation: O) -> Result<O::Response, Failure> {
        self.runtime.block_on(self.session.call(operation)).map_err(|error| failure(&error))
    }

    fn hash(&mut self, algorithm: u8, key: &str, data: &[u8]) -> Result<Vec<u8>, Failure> {
        let stream = async {
            let mut hasher = self.session.hash(algorithm, (!key.is_empty()).then_some(key)).await?;
            hasher.update(data).await?;
            hasher.finish().await
        };
        self.runtime.block_on(stream).map_err(|error| failure(&error))
    }
}
