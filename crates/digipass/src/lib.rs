//! The Digipass kernel as a pure library: BLOB, parameters, input, time and key service in; verdict and new BLOB out.
//!
//! No clock, no randomness of the system, no file and no network: time and random bytes are arguments. The algorithm is honest and
//! public: HOTP, TOTP and OCRA (RFC 4226, 6238, 6287), not the vendor's unpublished one, so real tokens do not answer to this
//! kernel; the [`authenticator`] does. docs/digipass.md lists every choice that is ours.

pub mod authenticator;
pub mod blob;
pub mod code;
pub mod definition;
pub mod derive;
pub mod encoding;
pub mod import;
pub mod keys;
pub mod manage;
pub mod message;
pub mod params;
pub mod pin;
mod role;
pub mod suite;
pub mod vector;
pub mod verify;
pub mod virtual_token;

#[cfg(test)]
mod testing;

pub use blob::{Blob, Owner};
pub use code::ReturnCode;
pub use definition::Definition;
pub use keys::{Context, KeyService, Sealing};
pub use params::KernelParams;
