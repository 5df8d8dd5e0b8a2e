//! Conformance: scenarios, a model of the device, drivers for every client, and the runner that holds them to one verdict.
//!
//! A [`scenario`] is a list of abstract actions. The [`model`] predicts what each comes to, from `docs/device.md`
//! and the vendor's documents alone. A [`driver`] plays it through one client. The [`runner`] compares, shrinks
//! what differs and reports.

pub mod admin;
pub mod case;
pub mod check;
pub mod driver;
pub mod facts;
pub mod golden;
pub mod memory;
pub mod model;
pub mod outcome;
pub mod perform;
pub mod runner;
pub mod scenario;
pub mod target;
pub mod token;

pub(crate) use scenario::hex_bytes as scenario_hex;
