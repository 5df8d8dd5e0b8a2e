//! Blocking client for Dinamo HSMs and the Bancada simulator: std::net, no threads.
//!
//! ```no_run
//! use bancada_dinamo_blocking::{Credentials, Options, Session, tls};
//! use bancada_wire::op::{GetRandom, Ping};
//!
//! let certificate = std::fs::read("certificate.pem").expect("the device's certificate");
//! let options = Options::tls(&tls::ServerTrust::Pinned(tls::certificate_der(&certificate)?))?;
//! let mut session = Session::open("127.0.0.1:4433", &Credentials::user("master", "12345678")?, &options)?;
//! session.call(Ping)?;
//! let random = session.call(GetRandom { length: 32 })?;
//! assert_eq!(random.expose().len(), 32);
//! session.close()?;
//! # Ok::<(), bancada_dinamo_blocking::Error>(())
//! ```
//!
//! Everything a device can do is an operation of `bancada_wire::op`, sent with [`Session::call`]. What a session
//! knows of the vendor's session parameters (vendor docs, Session page) is in its [`Parameters`]; the identifier of the
//! session on the device and its user come from `session.call(SessionInfo)`.
//!
//! **After fork.** There is no thread and no global state, so a session opened before a fork works after it, in
//! one of the two processes: the connection is one, and two users of it would mix their requests. The other
//! process drops its copy, which closes its descriptor without a word to the device.

mod connect;
mod hasher;
mod session;
mod stream;

pub use bancada_link::client::Parameters;
pub use bancada_link::{Address, Credentials, Doing, Error, Options, Result, config, tls};
pub use hasher::Hasher;
pub use session::{ExpiredSession, Opened, Session};
