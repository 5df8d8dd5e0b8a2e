//! One line per call for a reader who wonders what a program asks: time, function, result. Never an argument, so never a secret.

use std::fs::OpenOptions;
use std::io::Write as _;

use super::clock;

/// The variable that names the file, or `stderr` (ours).
pub(crate) const VARIABLE: &str = "BANCADA_DIGIPASS_TRACE";

/// Writes the line of a call, if there is a place for it. A place that cannot be written to is no reason to fail the call.
pub(crate) fn call(function: &str, code: i32) {
    let Some(place) = std::env::var_os(VARIABLE).filter(|place| !place.is_empty()) else { return };
    let line = format!("{} {function} {code}\n", clock::now().unwrap_or(0));
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
