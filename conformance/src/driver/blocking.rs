//! The client `bancada-dinamo-blocking` under test.

use bancada_dinamo_blocking::{Credentials, Error, ExpiredSession, Opened, Options, Session};
use bancada_wire::op::Operation;

use super::rust::failure;
use super::session::Client;
use crate::outcome::Outcome;
use crate::perform::{Caller, Failure, perform};
use crate::scenario::Call;

/// The blocking client.
#[derive(Debug)]
pub struct Blocking;

impl Client for Blocking {
    type Session = Session;
    type Expired = ExpiredSession;

    const NAME: &'static str = "blocking";

    fn open(&self, address: &str, credentials: &Credentials, options: &Options) -> Result<Opened, Error> {
        Session::open_or_expired(address, credentials, options)
    }

    fn perform(&self, session: &mut Session, call: &Call) -> Outcome {
        perform(session, call)
    }

    fn change_password(&self, expired: ExpiredSession, new: &str) -> Result<Session, Error> {
        expired.change_password(new)
    }

    fn close(&self, session: Session) -> Result<(), Error> {
        session.close()
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
