//! The client `bancada-dinamo` under test, on tokio.

use bancada_dinamo::{Credentials, Error, ExpiredSession, Opened, Options, Session};
use bancada_wire::op::Operation;
use tokio::runtime::{Builder, Runtime};

use super::rust::failure;
use super::session::Client;
use crate::outcome::Outcome;
use crate::perform::{Caller, Failure, perform};
use crate::scenario::Call;

/// The async client on a runtime of its own.
#[derive(Debug)]
pub struct Tokio(Runtime);

/// A session with the runtime its calls are driven on.
struct Driven<'a> {
    runtime: &'a Runtime,
    session: &'a mut Session,
}

impl Tokio {
    /// Starts the runtime.
    ///
    /// # Errors
    /// When it does not start.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self(Builder::new_current_thread().enable_all().build()?))
    }
}

impl Client for Tokio {
    type Session = Session;
    type Expired = ExpiredSession;

    const NAME: &'static str = "tokio";

    fn open(&self, address: &str, credentials: &Credentials, options: &Options) -> Result<Opened, Error> {
        self.0.block_on(Session::open_or_expired(address, credentials, options))
    }

    fn perform(&self, session: &mut Session, call: &Call) -> Outcome {
        perform(&mut Driven { runtime: &self.0, session }, call)
    }

    fn change_password(&self, expired: ExpiredSession, new: &str) -> Result<Session, Error> {
        self.0.block_on(expired.change_password(new))
    }

    fn close(&self, session: Session) -> Result<(), Error> {
        self.0.block_on(session.close())
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
