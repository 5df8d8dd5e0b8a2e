//! The examples run to their end; each asserts what it shows.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../examples/derivation.rs"]
mod derivation;
#[path = "../examples/login.rs"]
mod login;

#[test]
fn a_login() {
    login::main().unwrap();
}

#[test]
fn a_derivation() {
    derivation::main().unwrap();
}
