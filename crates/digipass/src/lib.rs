//! The Digipass kernel as a pure library: BLOB, parameters, input, time and key service in; verdict and new BLOB out.
//!
//! No clock, no randomness of the system, no file and no network: time and random bytes are arguments. The algorithm is honest and
//! public: HOTP, TOTP and OCRA (RFC 4226, 6238, 6287), not the vendor's unpublished one, so real tokens do not answer to this
//! kernel; the [`authenticator`] does. docs/digipass.md lists every choice that is ours. Whoever holds BLOBs stores them after every
//! call, also after a refused one; `examples/` has a login with signatures, and a derivation.
//!
//! ```
//! use bancada_digipass::authenticator::{Authenticator, Prompt};
//! use bancada_digipass::blob::{Kind, Profile};
//! use bancada_digipass::crypto::random::SeededRandom;
//! use bancada_digipass::verify::{Password, verify_password};
//! use bancada_digipass::{Context, Definition, KernelParams, Owner, ReturnCode, Sealing};
//!
//! let owner = Owner::new("0123456789", "LOGIN").expect("ten characters and a name");
//! let profile = Profile::new(*b"DPGO3", Kind::ResponseOnly, "TOTP-SHA256-8-T36S".parse()?);
//! let token = Definition::generate(owner, profile, &mut SeededRandom::from_u64(1));
//!
//! let params = KernelParams::default();
//! let cx = Context { now: 1_700_000_000, params: &params, sealing: Sealing::Software };
//! let mut blob = token.blob(&cx)?;
//! let mut device = Authenticator::new(&[token])?;
//!
//! let shown = device.password(&Prompt { now: cx.now, ..Prompt::default() }, None)?;
//! let typed = Password { password: Some(shown.text.as_bytes()), challenge: None };
//! assert_eq!(verify_password(&cx, &mut blob, &typed)?.code(), ReturnCode::SUCCESS);
//! assert_eq!(verify_password(&cx, &mut blob, &typed), Err(ReturnCode::CODE_REPLAY));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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

/// Sources of random bytes, which [`Definition::generate`] takes, and what a [`KeyService`] is written with.
pub use bancada_crypto as crypto;
pub use blob::{Blob, Owner};
pub use code::ReturnCode;
pub use definition::Definition;
pub use keys::{Context, KeyService, Sealing};
pub use params::KernelParams;
