//! Drivers of the kernel: what plays the calls of a token's life.

pub mod c;
pub mod rust;

use super::call::{Operation, Reply, Sealer, TokenCall};

/// Plays calls.
pub trait TokenDriver {
    /// Who seals the BLOBs at the beginning of the life with this number.
    fn home(&self, number: u64) -> Sealer;

    /// Why this driver has no way to make such a call, if it has none.
    fn cannot(&self, call: &TokenCall) -> Option<&'static str>;

    /// Makes a call.
    ///
    /// # Errors
    /// When there is no answer at all: the process ended, or does not answer.
    fn perform(&mut self, call: &TokenCall) -> Result<Reply, String>;
}

/// Why the C interface has no way to make such a call, if it has none.
fn no_c_function(call: &TokenCall) -> Option<&'static str> {
    let back = call.operation == Operation::Migrate && call.texts.is_empty();
    match call.sealer {
        Sealer::Software => None,
        Sealer::Named { .. } if back => Some("no function takes a BLOB from a key service back to software"),
        Sealer::Named { .. } => {
            (!call.operation.takes_key_service()).then_some("there is no ICSF function for it")
        }
    }
}
