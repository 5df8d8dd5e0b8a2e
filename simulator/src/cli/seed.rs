//! `simulator seed`: looks at seed files without starting anything that listens.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use bancada_simulator::Cluster;
use bancada_simulator::seed::{MAX_SEED_BYTES, parse};
use clap::{Args, Subcommand};

/// Work with seed files.
#[derive(Args)]
pub(super) struct SeedArgs {
    #[command(subcommand)]
    command: SeedCommand,
}

#[derive(Subcommand)]
enum SeedCommand {
    /// Check a seed file: its form, and whether a device takes it.
    Check {
        /// The file.
        file: PathBuf,
    },
}

pub(super) fn run(args: SeedArgs) -> Result<()> {
    let SeedCommand::Check { file } = args.command;
    let text = read(&file)?;
    let seed = parse(&text).with_context(|| file.display().to_string())?;
    // A device in memory tells what only a device can: names, passwords, key material.
    Cluster::builder().seed_toml(&text).start_blocking().with_context(|| file.display().to_string())?;
    let (users, keys, grants) = (seed.users.len(), seed.keys.len(), seed.grants.len());
    eprintln!("{}: good: {users} users, {keys} keys, {grants} grants", file.display());
    Ok(())
}

/// Reads a seed file, unless it is larger than one may be.
pub(super) fn read(path: &Path) -> Result<String> {
    let about = || format!("cannot read the seed file {}", path.display());
    let size = std::fs::metadata(path).with_context(about)?.len();
    anyhow::ensure!(
        size <= MAX_SEED_BYTES as u64,
        "{}: it has {size} bytes; {MAX_SEED_BYTES} is the most",
        about()
    );
    std::fs::read_to_string(path).with_context(about)
}
