//! What a run is asked to do: the command line of `bancada-conformance`.

use std::path::PathBuf;

use clap::{ArgGroup, Parser, ValueEnum};

/// Holds every client of a Dinamo HSM to one verdict.
///
/// Without arguments it starts a simulator for each client, plays the hand-written cases and 200 generated
/// scenarios, and reports. The exit code is 0 when nothing differs, 1 when something does, 2 when the run failed.
#[derive(Debug, Clone, Parser)]
#[command(name = "bancada-conformance", version)]
#[command(group(ArgGroup::new("trust").args(["tls_accept_any", "tls_cert"])))]
pub struct Options {
    /// Generated scenarios to play.
    #[arg(long, default_value_t = 200, value_name = "N")]
    pub cases: u64,

    /// Seed of the generated scenarios; the same seed makes the same ones.
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub seed: u64,

    /// Client to drive; may be given several times. All of them if not given.
    #[arg(long = "driver", value_enum, value_name = "CLIENT")]
    pub drivers: Vec<Client>,

    /// Only what has this text in its area, operation or name; `generated` for the generated scenarios, `digipass` for the
    /// lives of tokens.
    #[arg(long, value_name = "TEXT")]
    pub only: Option<String>,

    /// Only the generated scenario with this number.
    #[arg(long, value_name = "N")]
    pub case: Option<u64>,

    /// Lives of tokens to play through the Digipass kernel.
    #[arg(long, default_value_t = 100, value_name = "N")]
    pub token_cases: u64,

    /// Driver of the Digipass kernel; may be given several times. All of them if neither this nor --driver is given.
    #[arg(long = "token-driver", value_enum, value_name = "DRIVER")]
    pub token_drivers: Vec<TokenClient>,

    /// Only the life of a token with this number.
    #[arg(long, value_name = "N", conflicts_with = "case")]
    pub token_case: Option<u64>,

    /// libaal2sdk.so; if not given, the one beside this program.
    #[arg(long, env = "BANCADA_AAL2SDK", value_name = "PATH")]
    pub aal2sdk: Option<PathBuf>,

    /// Only the scenario, or life of a token, stored in this file.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["case", "token_case", "only"])]
    pub replay: Option<PathBuf>,

    /// The simulator to start; if not given, the one beside this program.
    #[arg(long, env = "BANCADA_SIMULATOR", value_name = "PATH")]
    pub simulator: Option<PathBuf>,

    /// A device to play against instead: only what does it no harm, in the user's own partition.
    #[arg(long, value_name = "HOST:PORT", requires = "trust")]
    pub target: Option<String>,

    /// User on that device.
    #[arg(long, default_value = "master", requires = "target")]
    pub user: String,

    /// The user's password.
    #[arg(
        long,
        env = "BANCADA_PASSWORD",
        default_value = "12345678",
        hide_env_values = true,
        requires = "target"
    )]
    pub password: String,

    /// Trust whatever certificate that device shows.
    #[arg(long, requires = "target")]
    pub tls_accept_any: bool,

    /// The certificate that device must show, PEM or DER.
    #[arg(long, requires = "target", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,

    /// Folder of the adapter for the vendor's npm client.
    #[arg(long, value_name = "FOLDER")]
    pub npm: Option<PathBuf>,

    /// Folder for the report.
    #[arg(long, default_value = "target/conformance", value_name = "FOLDER")]
    pub out: PathBuf,

    /// List the hand-written cases with their clauses, and stop.
    #[arg(long)]
    pub list: bool,

    /// Also list every method of the npm client and whether a case calls it.
    #[arg(long)]
    pub list_methods: bool,
}

/// A client the runner can drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Client {
    /// Bytes over TCP.
    Raw,
    /// `bancada-dinamo-blocking`.
    Blocking,
    /// `bancada-dinamo` on tokio.
    Tokio,
    /// The vendor's npm client, unmodified, in Node.
    Npm,
}

impl Client {
    /// Every client.
    pub const ALL: [Self; 4] = [Self::Raw, Self::Blocking, Self::Tokio, Self::Npm];

    /// Its name in tables and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Blocking => "blocking",
            Self::Tokio => "tokio",
            Self::Npm => "npm",
        }
    }
}

/// A way to the Digipass kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum TokenClient {
    /// The kernel itself.
    Rust,
    /// Its C interface.
    C,
    /// Its C interface, the BLOBs under named keys of a simulated device.
    CHsm,
}

impl TokenClient {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Rust, Self::C, Self::CHsm];

    /// Its name in tables and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::C => "c",
            Self::CHsm => "c-hsm",
        }
    }
}

impl Options {
    /// The clients to drive; none when only drivers of the kernel are asked for.
    #[must_use]
    pub fn clients(&self) -> Vec<Client> {
        match (self.drivers.is_empty(), self.token_drivers.is_empty() && self.token_case.is_none()) {
            (true, true) => Client::ALL.to_vec(),
            (true, false) => Vec::new(),
            (false, _) => self.drivers.clone(),
        }
    }

    /// The drivers of the kernel; none when only clients are asked for, or a device someone owns.
    #[must_use]
    pub fn token_clients(&self) -> Vec<TokenClient> {
        match (self.token_drivers.is_empty(), self.drivers.is_empty() && self.target.is_none()) {
            (true, true) => TokenClient::ALL.to_vec(),
            (true, false) => Vec::new(),
            (false, _) => self.token_drivers.clone(),
        }
    }

    /// Whether everything is played, so that what nobody met is stale.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let one = self.case.is_some() || self.token_case.is_some() || self.replay.is_some();
        self.only.is_none() && !one && self.target.is_none()
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Options::command().debug_assert();
        let options = Options::parse_from(["x", "--driver", "raw", "--seed", "7"]);
        assert_eq!((options.clients(), options.seed, options.cases), (vec![Client::Raw], 7, 200));
        assert!(options.is_whole() && options.token_clients().is_empty());
        let options = Options::parse_from(["x", "--token-driver", "c-hsm"]);
        assert_eq!((options.clients(), options.token_clients()), (Vec::new(), vec![TokenClient::CHsm]));
        assert!(Options::try_parse_from(["x", "--user", "alice"]).is_err());
        assert!(
            Options::try_parse_from(["x", "--target", "hsm:4433"]).is_err(),
            "whom to trust must be said"
        );
        assert!(Options::try_parse_from(["x", "--target", "hsm:4433", "--tls-accept-any"]).is_ok());
    }
}
