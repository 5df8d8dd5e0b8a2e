//! Drivers: each plays actions through one client and tells what they came to.

use crate::outcome::Outcome;
use crate::scenario::{Action, Call, Handle, Login, Malformed};

pub mod blocking;
pub mod npm;
pub mod raw;
pub mod rust;
pub mod session;
pub mod tokio;

/// Milliseconds after which an action without an answer is a failure of the client.
pub const ACTION_TIMEOUT_MS: u64 = 20_000;

/// A client under test. Actions arrive with every reference resolved.
pub trait Driver {
    /// Its name in tables and on the command line.
    fn name(&self) -> &'static str;

    /// Opens a session.
    fn open(&mut self, handle: Handle, login: &Login, tls: Option<bool>) -> Outcome;

    /// Closes a session as the protocol says.
    fn close(&mut self, handle: Handle) -> Outcome;

    /// Drops a session's connection.
    fn disconnect(&mut self, handle: Handle) -> Outcome;

    /// Calls an operation.
    fn call(&mut self, handle: Handle, call: &Call) -> Outcome;

    /// Sends a malformed frame.
    fn malformed(&mut self, _handle: Handle, _frame: &Malformed) -> Outcome {
        Outcome::CannotExpress("the client makes its own frames")
    }

    /// Drops every session: a new scenario begins.
    fn reset(&mut self);

    /// Plays one action.
    fn play(&mut self, action: &Action) -> Outcome {
        match action {
            Action::Open { handle, login, tls, .. } => self.open(*handle, login, *tls),
            Action::Close { handle } => self.close(*handle),
            Action::Disconnect { handle } => self.disconnect(*handle),
            Action::Call { handle, call, .. } => self.call(*handle, call),
            Action::Malformed { handle, frame } => self.malformed(*handle, frame),
            Action::AdvanceClock { .. } => {
                Outcome::CannotExpress("the clock is the device's, not the client's")
            }
        }
    }
}
