//! Drivers of the kernel: what plays the calls of a token's life.

pub mod c;
pub mod rust;

use super::call::{Operation, Reply, TokenCall};

/// Plays calls.
pub trait TokenDriver {
    /// A new life begins, with this number.
    fn begin(&mut self, number: u64);

    /// Whether a key service seals the BLOBs, so that the derive parameters do not count.
    fn has_key_service(&self) -> bool;

    /// Why this driver has no way to make such calls, if it has none.
    fn cannot(&self, operation: Operation) -> Option<&'static str>;

    /// Makes a call.
    ///
    /// # Errors
    /// When there is no answer at all: the process ended, or does not answer.
    fn perform(&mut self, call: &TokenCall) -> Result<Reply, String>;
}
