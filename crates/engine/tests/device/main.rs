//! Holds the device to docs/device.md, request by request, as a peer would: encoded frames in, decoded replies out.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod audit;
mod between;
mod common;
mod expiry;
mod faulty_store;
mod keys;
mod login;
mod matrix;
mod modes;
mod nodes;
mod objects;
mod random;
mod samples;
mod seeds;
mod signatures;
mod store_faults;
mod symmetric;
mod tokens;
mod users;
mod wraps;
