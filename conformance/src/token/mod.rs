//! Lives of tokens: scenarios for the Digipass kernel, a model of its state rules, and the drivers that are held to it.
//!
//! A [`action::Life`] is drawn from one seed. The [`stage`] lets software authenticators respond, the [`model`] says what the
//! kernel must answer, a [`driver`] asks it: the kernel itself, its C interface, and the C interface with its keys in a live device.

pub mod action;
pub mod call;
pub mod driver;
pub mod generate;
pub mod interior;
pub mod model;
pub mod play;
pub mod run;
pub mod stage;

#[cfg(test)]
mod tests;
