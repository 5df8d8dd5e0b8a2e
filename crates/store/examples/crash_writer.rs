//! Commits to a store until it is killed, and prints every acknowledged batch: `crash_writer FILE [THREADS]`.
//!
//! To see by hand what the crash test does: kill it with signal 9, start it again, compare.

#[path = "../tests/crash/writer.rs"]
mod writer;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let path = arguments.next().map(PathBuf::from);
    let threads = arguments.next().map_or(Some(8), |threads| threads.to_str()?.parse().ok());
    let (Some(path), Some(threads)) = (path, threads) else {
        eprintln!("usage: crash_writer FILE [THREADS]");
        return ExitCode::FAILURE;
    };
    match writer::run(&path, threads) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
