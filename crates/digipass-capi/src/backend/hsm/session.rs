//! The sessions with the device: as many as calls run at once, kept for the calls that follow.
//!
//! A session is opened when none is free, and again after it broke: what is asked of the device changes nothing there, so asking once more
//! is safe. A process after fork opens its own. All of this is ours.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bancada_digipass::ReturnCode;
use bancada_digipass::keys::KeyError;
use bancada_dinamo_blocking::config::ClientConfig;
use bancada_dinamo_blocking::tls::{ServerTrust, certificate_der};
use bancada_dinamo_blocking::{Credentials, Error, Options, Session};
use bancada_wire::op::Operation;
use bancada_wire::status::Status;
use zeroize::Zeroizing;

use crate::backend::trace;

/// The variable that names the device, as `host:port`.
pub(crate) const ADDRESS_VARIABLE: &str = "BANCADA_DIGIPASS_HSM";
const USER_VARIABLE: &str = "BANCADA_DIGIPASS_HSM_USER";
const PASSWORD_VARIABLE: &str = "BANCADA_DIGIPASS_HSM_PASSWORD";
const CERTIFICATE_VARIABLE: &str = "BANCADA_DIGIPASS_HSM_CERTIFICATE";

/// The most sessions of a process; further calls wait for one.
const MOST: usize = 16;

/// How long a device that says nothing is waited for, where the vendor's environment variables do not say it: a call that waits for ever
/// would take its place in the pool along.
const PATIENCE: Option<Duration> = Some(Duration::from_secs(30));

/// A pool for the first process, one for its child, and so on in a ring: another thread may have held the lock of a pool at the moment of
/// the fork, and in the child nobody would ever give it back.
static POOLS: [Pool; 8] = [const { Pool { state: Mutex::new(State::new(0)), returned: Condvar::new() } }; 8];

/// The process that asked last, and above it the number of its pool.
static OWNER: AtomicU64 = AtomicU64::new(0);

/// Where the keys are, and who asks for them.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Settings {
    address: String,
    user: String,
    password: Zeroizing<String>,
    certificate: String,
}

/// A session, and what is known of the device behind it.
pub(super) struct Connection {
    settings: Settings,
    session: Session,
    /// The algorithms of keys that were used, which decide the length of the vector.
    pub(super) algorithms: BTreeMap<String, u32>,
}

/// Why an operation failed: the session is lost, or the device says what is wrong with the key.
pub(super) enum Failure {
    Lost(Error),
    Key(KeyError),
}

struct Pool {
    state: Mutex<State>,
    returned: Condvar,
}

struct State {
    /// Whose sessions they are: a child must not speak over those of its parent.
    process: u32,
    free: Vec<Connection>,
    lent: usize,
}

/// A place in the pool, with a session once there is one; it goes back when this is dropped.
struct Lease {
    pool: &'static Pool,
    process: u32,
    connection: Option<Connection>,
}

impl Settings {
    /// What the environment says, if it names a device.
    ///
    /// # Errors
    /// [`ReturnCode::HSM_SESSION`] when user, password or certificate are missing beside it.
    pub(super) fn from_environment() -> Result<Option<Self>, ReturnCode> {
        let missing =
            |name| trace::because(ReturnCode::HSM_SESSION, || format!("{name} is not set, or no UTF-8"));
        let variable = |name| std::env::var(name).map_err(|_| missing(name));
        if std::env::var_os(ADDRESS_VARIABLE).is_none() {
            return Ok(None);
        }
        Ok(Some(Self {
            address: variable(ADDRESS_VARIABLE)?,
            user: variable(USER_VARIABLE)?,
            password: Zeroizing::new(variable(PASSWORD_VARIABLE)?),
            certificate: variable(CERTIFICATE_VARIABLE)?,
        }))
    }

    /// Works with a session, once more with a new one if it broke.
    ///
    /// # Errors
    /// What is wrong with the key; [`KeyError::Session`] when there is no session to be had.
    pub(super) fn with<T>(
        &self,
        work: impl Fn(&mut Connection) -> Result<T, Failure>,
    ) -> Result<T, KeyError> {
        let mut lease = Pool::of_process(std::process::id()).lend(self);
        if let Some(connection) = &mut lease.connection {
            match work(connection) {
                Ok(value) => return Ok(value),
                Err(Failure::Key(error)) => return Err(error),
                Err(Failure::Lost(_)) => lease.connection = None,
            }
        }
        let lost = |error: Error| trace::because(KeyError::Session, || error.to_string());
        match work(lease.connection.insert(self.connect().map_err(lost)?)) {
            Ok(value) => Ok(value),
            Err(Failure::Key(error)) => Err(error),
            Err(Failure::Lost(error)) => {
                lease.connection = None;
                Err(lost(error))
            }
        }
    }

    fn connect(&self) -> Result<Connection, Error> {
        let config = ClientConfig::from_env()?;
        let config = ClientConfig {
            connect_timeout: config.connect_timeout.or(PATIENCE),
            send_timeout: config.send_timeout.or(PATIENCE),
            recv_timeout: config.recv_timeout.or(PATIENCE),
            ..config
        };
        let options = match self.certificate.as_str() {
            "none" => Options::clear(),
            "any" => Options::tls(&ServerTrust::AcceptAny)?,
            path => {
                let file = std::fs::read(path).map_err(|error| {
                    Error::Misuse(format!("{CERTIFICATE_VARIABLE}: cannot read {path}: {error}").into())
                })?;
                Options::tls(&ServerTrust::Pinned(certificate_der(&file)?))?
            }
        };
        let credentials = Credentials::user(&self.user, &self.password)?;
        let session = Session::open(&self.address, &credentials, &options.config(config))?;
        Ok(Connection { settings: self.clone(), session, algorithms: BTreeMap::new() })
    }
}

impl Connection {
    /// Asks the device.
    ///
    /// # Errors
    /// A [`Failure`].
    pub(super) fn call<O: Operation>(&mut self, operation: O) -> Result<O::Response, Failure> {
        self.session.call(operation).map_err(|error| {
            let Error::Device { status, .. } = error else { return Failure::Lost(error) };
            match of_key(status) {
                Some(key) => Failure::Key(trace::because(key, || error.to_string())),
                None => Failure::Lost(error),
            }
        })
    }
}

/// What a refusal of the device says about the key. A key the user may not see looks like one that is not there.
fn of_key(status: Status) -> Option<KeyError> {
    Some(match status {
        Status::ERR_CANNOT_OPEN_OBJ | Status::ERR_INVALID_OBJ_NAME | Status::ERR_ACCESS_DENIED => {
            KeyError::NotFound
        }
        Status::ERR_INVALID_KEY
        | Status::ERR_ACCESS_DENIED_OBJ_BLOCKED
        | Status::ERR_NON_APPROVED_OPERATION => KeyError::Property,
        Status::ERR_INVALID_PAYLOAD => KeyError::Type,
        _ => return None,
    })
}

impl State {
    const fn new(process: u32) -> Self {
        Self { process, free: Vec::new(), lent: 0 }
    }
}

impl Pool {
    /// The pool of a process: the next one if it was forked since somebody asked.
    fn of_process(process: u32) -> &'static Self {
        let owner = OWNER.load(Ordering::Relaxed);
        let pool = |owner: u64| &POOLS[(owner >> 32) as usize % POOLS.len()];
        if owner as u32 == process {
            return pool(owner);
        }
        let next = ((owner >> 32) + 1) % POOLS.len() as u64;
        let next = next << 32 | u64::from(process);
        match OWNER.compare_exchange(owner, next, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => {
                // The parent's sessions are closed here without a word, so that the device sees their end when the parent closes them.
                if let Ok(mut state) = pool(owner).state.try_lock() {
                    state.free.clear();
                }
                pool(next)
            }
            // Another thread of this process was first.
            Err(owner) => pool(owner),
        }
    }

    /// A place, with a free session of these settings if there is one. Waits while all places are taken.
    fn lend(&'static self, settings: &Settings) -> Lease {
        let process = std::process::id();
        let mut state = self.lock();
        if state.process != process {
            *state = State::new(process);
        }
        while state.lent >= MOST {
            state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.lent += 1;
        // Sessions of other settings are of no use any more.
        let connection = std::iter::from_fn(|| state.free.pop()).find(|free| free.settings == *settings);
        Lease { pool: self, process, connection }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut state = self.pool.lock();
        // A process that was forked meanwhile counts anew.
        if state.process == self.process {
            state.lent = state.lent.saturating_sub(1);
            state.free.extend(self.connection.take());
        }
        drop(state);
        self.pool.returned.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_does_not_wait_for_a_lock_of_its_parent() {
        let parent = Pool::of_process(1);
        let _held = parent.lock();
        let child = Pool::of_process(2);
        assert!(child.state.try_lock().is_ok());
        assert!(std::ptr::eq(child, Pool::of_process(2)) && !std::ptr::eq(child, parent));
    }
}
