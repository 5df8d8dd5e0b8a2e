//! The command `bancada-digipass`: issues tokens, plays the authenticator, and asks the Digipass kernel, for people and for scripts.
//!
//! With `--json` every run writes one JSON object to standard output, also when it fails. It ends with 0 for success, 1 when the kernel
//! refused, 2 for anything else (our choice).

mod advice;
mod args;
mod cli;
mod device;
mod host;
mod import;
mod inspect;
mod manage;
mod report;
mod store;
mod tokens;
mod verify;

use std::io::Write as _;
use std::process::ExitCode;

use bancada_digipass::ReturnCode;
use clap::Parser as _;

use crate::cli::Cli;
use crate::report::Report;

/// The kernel refused.
const REFUSED: u8 = 1;
/// The command could not be carried out, or was mistyped.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    // A mistyped command line cannot say whether it asked for JSON but by the word itself.
    let mentioned = std::env::args_os().skip(1).any(|arg| arg == "--json");
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if mentioned && error.use_stderr() => {
            let text = error.render().to_string();
            return fail(true, text.trim().trim_start_matches("error: "), None);
        }
        Err(error) => error.exit(),
    };
    let json = cli.json;
    match cli::run(&cli) {
        Ok(report) => {
            let code = if report.is_refusal() { REFUSED } else { 0 };
            show(&if json { report.json() + "\n" } else { report.lines() }, code)
        }
        Err(error) => {
            let code = error.downcast_ref::<ReturnCode>().copied();
            // The sentence of a return code contains the code itself: the chain would repeat it.
            let text = if code.is_some() { error.to_string() } else { format!("{error:#}") };
            fail(json, &text, code)
        }
    }
}

/// Says what went wrong, and gives the exit status for it.
fn fail(json: bool, text: &str, code: Option<ReturnCode>) -> ExitCode {
    let status = if code.is_some() { REFUSED } else { FAILED };
    if json {
        let mut report = Report::default();
        report.put("error", text);
        report.put_some("code", code.map(|code| i64::from(code.0)));
        return show(&(report.json() + "\n"), status);
    }
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(std::io::stderr().lock(), "error: {text}");
    ExitCode::from(status)
}

/// Writes to standard output; a reader that went away is a failure, because results such as BLOBs are lost.
fn show(text: &str, status: u8) -> ExitCode {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::from(status),
        Err(_) => ExitCode::from(FAILED),
    }
}
