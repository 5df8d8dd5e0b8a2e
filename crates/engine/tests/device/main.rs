//! Holds the device to docs/device.md, request by request, as a peer would: encoded frames in, decoded replies out.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod audit;
mod common;
mod expiry;
mod faulty_store;
mod keys;
mod login;
mod matrix;
mod modes;
mod nodes;
mod objects;
mod samples;
mod signatures;
mod store_faults;
mod symmetric;
mod tokens;
mod users;
