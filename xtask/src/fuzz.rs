//! `cargo xtask fuzz`: throw bytes at the decoders for a while.

use anyhow::{Context as _, bail};

use crate::cli::FuzzArgs;
use crate::workspace::{Workspace, run, works};

/// Runs one fuzz target with cargo-fuzz.
///
/// The pinned stable toolchain is used; `RUSTC_BOOTSTRAP=1` lets it accept the sanitizer options that are unstable.
///
/// # Errors
/// When the tool or the target is missing, when the target does not compile, and when it found an input that breaks a decoder.
pub(crate) fn run_target(workspace: &Workspace, args: &FuzzArgs) -> anyhow::Result<()> {
    if !workspace.root().join("fuzz/Cargo.toml").is_file() {
        bail!("there is no fuzz/Cargo.toml, so there is nothing to fuzz");
    }
    if !works(&mut workspace.cargo(["fuzz", "--version"])) {
        bail!("cargo-fuzz is not installed; `cargo install cargo-fuzz --locked` gets it");
    }
    let seconds = args.minutes * 60;
    println!("fuzzing target {} for {} min", args.target, args.minutes);
    let mut fuzz =
        workspace.cargo(["fuzz", "run", &args.target, "--", &format!("-max_total_time={seconds}")]);
    run(fuzz.env("RUSTC_BOOTSTRAP", "1")).with_context(|| {
        format!(
            "a found input is in fuzz/artifacts/{0}; `RUSTC_BOOTSTRAP=1 cargo fuzz run {0} FILE` replays it",
            args.target
        )
    })?;
    println!("xtask fuzz: target {}, {} min, no crash", args.target, args.minutes);
    Ok(())
}
