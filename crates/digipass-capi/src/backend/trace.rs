//! One line per call for a reader who wonders what a program asks: time, function, result, and why the key service or an import failed. Never
//! an argument, so never a secret.

use std::cell::Cell;
use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::Write as _;

use super::clock;

/// The variable that names the file, or `stderr` (ours).
pub(crate) const VARIABLE: &str = "BANCADA_DIGIPASS_TRACE";

thread_local! {
    /// Why the call that runs in this thread will fail.
    static WHY: Cell<Option<String>> = const { Cell::new(None) };
}

/// Gives an error back, and tells the line of this call why it came about, where a code of the kernel cannot. The text must hold no
/// secret; it is made only if there is a trace.
pub(crate) fn because<E>(error: E, why: impl FnOnce() -> String) -> E {
    if place().is_some() {
        WHY.set(Some(why()));
    }
    error
}

/// What [`because`] told is no reason any more: the work goes on in another way.
pub(crate) fn forget() {
    WHY.set(None);
}

/// Writes the line of a call, if there is a place for it. A place that cannot be written to is no reason to fail the call.
pub(crate) fn call(function: &str, code: i32) {
    let Some(place) = place() else { return };
    let why = WHY.take().filter(|_| code != 0);
    let why = why.map(|why| format!(": {}", why.replace(char::is_control, " "))).unwrap_or_default();
    let line = format!("{} {function} {code}{why}\n", clock::now().unwrap_or(0));
    let _unwritten = if place == "stderr" {
        std::io::stderr().write_all(line.as_bytes())
    } else {
        OpenOptions::new()
            .append(true)
            .create(true)
            .open(place)
            .and_then(|mut file| file.write_all(line.as_bytes()))
    };
}

fn place() -> Option<OsString> {
    std::env::var_os(VARIABLE).filter(|place| !place.is_empty())
}
