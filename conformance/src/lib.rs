//! Scenarios, a model, drivers and the runner that hold every client to one verdict.

pub mod facts;
pub mod golden;
