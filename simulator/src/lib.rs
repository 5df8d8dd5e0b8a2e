//! Simulated HSM clusters: sockets, TLS, stores and the admin API around the engine.
//!
//! [`Cluster::builder`] starts one inside a test; the `simulator` binary is the same with a command line.

pub mod admin;
mod clock;
pub mod cluster;
mod metrics;
pub mod node;
mod random;
pub mod seed;
pub mod state;
pub mod tls;

pub use clock::Clock;
pub use cluster::{Builder, Certificate, Cluster, ClusterError, StoreKind};
pub use node::{Faults, Limits, Node};
