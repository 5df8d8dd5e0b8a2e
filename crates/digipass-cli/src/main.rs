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
mod warnings;

use std::io::Write as _;
use std::process::ExitCode;

use bancada_digipass::ReturnCode;
use clap::{CommandFactory as _, FromArgMatches as _};

use crate::cli::Cli;
use crate::report::Report;

/// The kernel refused.
const REFUSED: u8 = 1;
/// The command could not be carried out, or was mistyped.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    // A mistyped command line cannot say whether it asked for JSON but by the word itself.
    let mentioned = std::env::args_os().skip(1).any(|arg| arg == "--json");
    let parsed = Cli::command().try_get_matches().and_then(|matches| {
        let cli = Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut Cli::command()))?;
        Ok((cli, warnings::of(&matches)))
    });
    let (cli, warnings) = match parsed {
        Ok(parsed) => parsed,
        Err(error) if mentioned && error.use_stderr() => {
            let text = error.render().to_string();
            return fail(true, text.trim().trim_start_matches("error: "), None, Vec::new());
        }
        Err(error) => error.exit(),
    };
    let json = cli.json;
    if !json {
        for warning in &warnings {
            // Nobody is left to tell when standard error is closed.
            let _ = writeln!(std::io::stderr().lock(), "warning: {warning}");
        }
    }
    match cli::run(&cli) {
        Ok(mut report) => {
            if json {
                report.warn(warnings);
            }
            let code = if report.is_refusal() { REFUSED } else { 0 };
            show(&if json { report.json() + "\n" } else { report.lines() }, code)
        }
        Err(error) => {
            let code = error.downcast_ref::<ReturnCode>().copied();
            // The sentence of a return code contains the code itself: the chain would repeat it.
            let text = if code.is_some() { error.to_string() } else { format!("{error:#}") };
            fail(json, &text, code, warnings)
        }
    }
}

/// Says what went wrong, and gives the exit status for it. Without JSON the warnings have been said.
fn fail(json: bool, text: &str, code: Option<ReturnCode>, warnings: Vec<String>) -> ExitCode {
    let status = if code.is_some() { REFUSED } else { FAILED };
    if json {
        let mut report = Report::default();
        report.put("error", text);
        report.put_some("code", code.map(|code| i64::from(code.0)));
        report.warn(warnings);
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
        Err(error) => {
            if error.kind() != std::io::ErrorKind::BrokenPipe {
                let kept = "what it changed in files stays changed";
                // Nobody is left to tell when standard error is closed.
                let _ = writeln!(std::io::stderr().lock(), "error: cannot write the result: {error}; {kept}");
            }
            ExitCode::from(FAILED)
        }
    }
}
