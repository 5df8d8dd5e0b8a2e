//! Asynchronous client for Dinamo HSMs and the Bancada simulator, on tokio.
//!
//! ```no_run
//! use bancada_dinamo::{Credentials, Options, Session, tls};
//! use bancada_wire::op::{GetRandom, Ping};
//!
//! # async fn example() -> bancada_dinamo::Result<()> {
//! let certificate = std::fs::read("certificate.pem").expect("the device's certificate");
//! let options = Options::tls(&tls::ServerTrust::Pinned(tls::certificate_der(&certificate)?))?;
//! let user = Credentials::user("master", "12345678")?;
//! let mut session = Session::open("127.0.0.1:4433", &user, &options).await?;
//! session.call(Ping).await?;
//! let random = session.call(GetRandom { length: 32 }).await?;
//! assert_eq!(random.expose().len(), 32);
//! session.close().await?;
//! # Ok(())
//! # }
//! ```
//!
//! Everything a device can do is an operation of `bancada_wire::op`, sent with [`Session::call`]. What a session
//! knows of the vendor's session parameters (vendor docs, Session page) is in its [`Parameters`]; the identifier of the
//! session on the device and its user come from `session.call(SessionInfo)`.
//!
//! **Cancellation.** A call that is dropped before it is done, by a timeout or a `select!`, leaves its session
//! unusable: every later call says so. A reply is never taken for that of another request.

mod connect;
mod hasher;
mod session;
mod stream;

pub use bancada_link::client::Parameters;
pub use bancada_link::{Address, Credentials, Doing, Error, Options, Result, config, tls};
pub use hasher::Hasher;
pub use session::{ExpiredSession, Opened, Session};
