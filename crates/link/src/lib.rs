//! What one AAP connection decides, without doing any IO: handshake, framing, deadlines, both ends.
//!
//! [`server::ServerConnection`] is the device's end. [`client`] is the other: [`client::Opening`] logs in,
//! [`client::Exchange`] carries requests, and drivers (`bancada-dinamo`, `bancada-dinamo-blocking`) move bytes.
//! What both drivers need exists once here: [`Credentials`], [`Options`], [`config::ClientConfig`], [`tls`]
//! and [`Error`].
//!
//! Load balancing (which unit the next session opens on) and the session cache (which open connection it
//! takes over) belong here too, beside [`config`]; neither exists yet.

mod address;
mod buffer;
pub mod client;
pub mod config;
mod credentials;
pub mod error;
mod options;
pub mod server;
pub mod tls;

pub use address::{Address, DEFAULT_PORT};
pub use credentials::Credentials;
pub use error::{Doing, Error, Result};
pub use options::Options;
