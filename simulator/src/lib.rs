//! Simulated HSM clusters: sockets, TLS, stores and the admin API around the engine.

pub mod tls;
