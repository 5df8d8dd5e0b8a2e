//! The simulated HSM: users, objects, policy, operating modes, the order of checks and the audit log.
//!
//! Pure: no clock, no system randomness, no socket, no file, no thread. Time and randomness come in through
//! [`Env`], durable state through [`store::Store`]; the host moves the bytes. Given the same calls the device decides
//! the same, but for key values, which the cryptographic library draws.
//!
//! Start with [`Hsm::execute`] and the order of checks written above it. `docs/device.md` says what the vendor's
//! documents leave open and what we chose.

mod admin;
mod algorithm;
mod context;
mod env;
mod fault;
mod gate;
mod grant;
mod handler;
mod hsm;
mod import;
mod log;
mod login;
mod material;
mod object;
mod policy;
mod record;
pub mod seed;
mod session;
pub mod store;
mod stream;
mod token;
mod user;
mod vault;

pub use admin::{UserChange, UserView};
pub use env::Env;
pub use gate::Request;
pub use hsm::{Hsm, HsmConfig, OpenError};
pub use session::{Kind, Session};
pub use user::MASTER;
