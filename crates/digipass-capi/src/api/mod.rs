//! The entry points under the vendor's documented names, and the macro that makes each of them.
//!
//! Every entry point takes its arguments as [`arg`] says, catches panics, writes the trace and returns the code; its body is safe code.
//! Common to all (ours unless the vendor's documents say so):
//! texts end at a zero byte or fill their width, and spaces at their end do not count; a BLOB is written back whenever the call may have changed
//! it, after failures too; an output text is written with a zero byte behind it, and only when the call succeeded; a null pointer for an
//! optional output means that it is not wanted.

/// Defines entry points: `fn NAME(argument: Type, ...) { body }`, where the types are those of [`arg`] and the body gives an
/// [`Outcome`](crate::backend::Outcome).
macro_rules! entries {
    ($($(#[$attribute:meta])* fn $name:ident($($argument:ident: $kind:ty),* $(,)?) $body:block)*) => {$(
        $(#[$attribute])*
        ///
        /// # Safety
        /// Each pointer is null, or readable and writable as far as aal2sdk.h says for its parameter.
        #[unsafe(no_mangle)]
        #[allow(non_snake_case, clippy::too_many_arguments, reason = "the vendor's names and parameters")]
        pub unsafe extern "C" fn $name($($argument: <$kind as $crate::api::arg::FromC>::Raw),*) -> i32 {
            $crate::api::enter(stringify!($name), || {
                // SAFETY: the caller's promise, passed on.
                $(let $argument = unsafe { <$kind as $crate::api::arg::FromC>::from_c($argument) };)*
                $body
            })
        }
    )*};
}

pub mod activation;
pub mod arg;
pub mod cobol;
pub mod derive;
pub mod dpx;
#[cfg(any(test, feature = "harness"))]
pub mod harness;
pub mod info;
pub mod layout;
pub mod manage;
pub mod message;
mod output;
pub mod password;
pub mod payload_key;
pub mod property;
pub mod response;
pub mod signature;
mod tokens;
pub mod unlock;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::backend::{self, INTERNAL, Outcome};

/// Width of a password: 17 characters and three PINs of 8, and one more to see that it is too long.
pub(crate) const PASSWORD: usize = 42;
/// Width of a challenge.
pub(crate) const CHALLENGE: usize = 17;
/// Width of a signature.
pub(crate) const SIGNATURE: usize = 17;
/// Width of the name of an HSM key.
pub(crate) const KEY_NAME: usize = 65;
/// Width of an initial vector.
pub(crate) const VECTOR: usize = 17;

/// Width of a static vector, and bytes of a place for one.
pub(crate) const STATIC_VECTOR: usize = 4095;
/// Width of a message vector, and bytes of a place for one.
pub(crate) const MESSAGE_VECTOR: usize = 27;
/// Width of a Secure Channel message, and bytes of a place for one.
pub(crate) const MESSAGE: usize = 1071;
/// Width of a payload key BLOB, and bytes of a place for one.
pub(crate) const PAYLOAD_KEY: usize = 89;

/// Runs the body of an entry point.
pub(crate) fn enter(function: &str, body: impl FnOnce() -> Outcome) -> i32 {
    let code = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(code) | Err(code)) => code.0,
        Err(_panic) => INTERNAL.0,
    };
    backend::trace::call(function, code);
    code
}

#[cfg(test)]
mod tests;
