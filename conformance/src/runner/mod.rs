//! The runner: targets, drivers, cases and generated scenarios brought together, and the report of what they came to.

pub mod play;
pub mod shrink;
