//! The client's end of one connection: logging in, then one request at a time.

mod exchange;
mod opening;
mod session;
mod stream;

pub use exchange::{Exchange, MAX_REPLY};
pub use opening::{Action, Opening, Welcome};
pub use session::{Opened, Parameters};
pub use stream::Segments;

use bancada_wire::op::ChangePwd;

use crate::error::Result;

/// The request that changes the password of the session's own user.
///
/// # Errors
/// [`Error::Misuse`](crate::Error::Misuse) when the password is longer than 16 bytes or holds a NUL.
pub fn change_password(new: &str) -> Result<ChangePwd> {
    Ok(ChangePwd { password: crate::credentials::new_password(new)? })
}
