//! The commands and what their help says.

use clap::{Parser, Subcommand};

use crate::args::Time;
use crate::report::Report;
use crate::{device, host, import, inspect, tokens, verify};

const EXAMPLES: &str = "\
Examples, a token from cradle to login:
  bancada-digipass issue --serial VDS0000001 --dpx tokens.dpx --json \\
    | jq -r .transport_key > transport.txt
  bancada-digipass import tokens.dpx --transport-key @transport.txt --json \\
    | jq -r '.tokens[0].applications[0].blob' > otp.blob
  bancada-digipass activate --state phone --from tokens.dpx \\
    --transport-key @transport.txt
  bancada-digipass otp --state phone > otp.txt
  bancada-digipass verify --blob @otp.blob --password @otp.txt --store

Any TEXT argument may be @FILE for the contents of a file, or @- for standard
input: the way to keep secrets out of the list of processes.
The end is 0 for success, 1 when the kernel refused (its return code is
printed), 2 for anything else.
The algorithms are HOTP, TOTP and OCRA: tokens, files and BLOBs of the vendor do
not work here, and those made here not there.";

/// Issues Digipass-like tokens, plays the authenticator and verifies what it says
#[derive(Parser)]
#[command(name = "bancada-digipass", version, after_help = EXAMPLES, max_term_width = 120)]
pub(crate) struct Cli {
    /// Write one JSON object instead of lines, also for errors
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// The time it is: seconds since 1970, or RFC 3339 such as 2026-01-31T12:00:00Z [default: the computer's clock]
    #[arg(long, global = true, value_name = "TIME")]
    at: Option<Time>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Issue(Box<tokens::Issue>),
    Import(import::Import),
    Activate(Box<device::Activate>),
    Otp(device::Otp),
    Sign(device::Sign),
    Derive(device::Derive),
    Message(device::Message),
    Inspect(inspect::Inspect),
    Verify(Box<verify::Verify>),
    /// The host's other calls: activation, challenges, Secure Channel messages, resets
    #[command(subcommand)]
    Host(Box<host::Host>),
}

/// Carries a command out.
///
/// # Errors
/// A sentence that says what happened and what to do.
pub(crate) fn run(cli: &Cli) -> anyhow::Result<Report> {
    let now = cli.at.map_or_else(Time::now, Ok)?;
    match &cli.command {
        Command::Issue(command) => command.run(now),
        Command::Import(command) => command.run(now),
        Command::Activate(command) => command.run(now),
        Command::Otp(command) => command.run(now),
        Command::Sign(command) => command.run(now),
        Command::Derive(command) => command.run(now),
        Command::Message(command) => command.run(now),
        Command::Inspect(command) => command.run(now),
        Command::Verify(command) => command.run(now),
        Command::Host(command) => command.run(now),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::args::KernelArgs;

    #[test]
    fn the_commands_are_consistent_and_each_shows_an_example() {
        Cli::command().debug_assert();
        for command in [Cli::command()].iter().chain(Cli::command().get_subcommands()) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("bancada-digipass "), "{}", command.get_name());
            // Terminals have 80 columns, and a wrapped example cannot be pasted.
            let wide = help.lines().find(|line| line.chars().count() > 80);
            assert_eq!(wide, None, "{}", command.get_name());
        }
    }

    /// What follows the kernel parameters in a declaration would stand among them in the help.
    #[test]
    fn only_kernel_parameters_are_called_so() {
        fn called(command: &clap::Command) -> Vec<String> {
            let mine =
                command.get_arguments().filter(|arg| arg.get_help_heading() == Some("Kernel parameters"));
            let mine = mine.map(|arg| arg.get_id().to_string());
            mine.chain(command.get_subcommands().flat_map(called)).collect()
        }
        let parameters = called(&<KernelArgs as clap::Args>::augment_args(clap::Command::new("parameters")));
        assert_eq!(parameters.len(), 12);
        for name in called(&Cli::command()) {
            assert!(parameters.contains(&name), "{name}");
        }
    }
}
