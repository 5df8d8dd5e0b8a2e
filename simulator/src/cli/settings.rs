//! What `simulator up` is told: options of the command line, then of the configuration file, then the defaults.

use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use bancada_simulator::tls::TlsOptions;
use bancada_simulator::{Builder, Certificate, Cluster, Limits, StoreKind, state};
use clap::Args;
use serde::Deserialize;

use super::logs::LogFormat;

/// Port of the first node: the vendor's.
const DEFAULT_PORT: u16 = 4433;

/// Options of `simulator up`. Each but --config and --json may stand in the configuration file too, under the same
/// name with `_` for `-`.
#[derive(Args, Debug, Default)]
#[command(after_help = "\
Examples:
  simulator up --seed-file simulator/examples/seed.toml
  simulator up --nodes 3 --port 0 --json --log-level warn
  simulator up --store file:/var/lib/hsm/hsm.redb --master-password 'Factory-1'
  simulator up --config bench.toml        # nodes = 3, store = \"memory\", port = 0, …

With --json, standard output gets exactly one line, when every node accepts connections:
  {\"nodes\":[{\"name\":\"hsm-1\",\"address\":\"127.0.0.1:4433\"}],\"master\":{\"user\":\"master\",\"password\":\"…\"},
   \"certificate\":\"PATH.pem\",\"admin\":\"http://127.0.0.1:PORT\",\"pid\":N}")]
pub(super) struct UpArgs {
    /// Read options from this TOML file; those of the command line win.
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Print one line of JSON to standard output when every node accepts connections.
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) options: Options,
}

/// Options that may stand on the command line and in the file.
#[derive(Args, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Options {
    /// Number of nodes, 1 to 64 [default: 1].
    #[arg(long, value_name = "N", help_heading = "Cluster")]
    nodes: Option<u32>,
    /// State to start from, see simulator/examples/seed.toml.
    #[arg(long, value_name = "FILE", help_heading = "Cluster")]
    seed_file: Option<PathBuf>,
    /// Where durable state lies: `memory`, or `file:PATH` [default: memory].
    #[arg(long, value_name = "STORE", help_heading = "Cluster")]
    store: Option<String>,
    /// Factory password of the user master [default: 12345678].
    #[arg(long, value_name = "PASSWORD", help_heading = "Cluster")]
    master_password: Option<String>,
    /// Server master key of a file store, made at the first start [default: PATH.key beside the store].
    #[arg(long, value_name = "FILE", help_heading = "Cluster")]
    master_key_file: Option<PathBuf>,
    /// Seconds without a request after which a session is closed [default: 300].
    #[arg(long, value_name = "SECONDS", help_heading = "Cluster")]
    idle_timeout: Option<u64>,
    /// Make challenges, tokens and identifiers reproducible. For tests only.
    #[arg(long, value_name = "N", help_heading = "Cluster")]
    random_seed: Option<u64>,

    /// Address to listen on [default: 127.0.0.1].
    #[arg(long, value_name = "ADDRESS", help_heading = "Network")]
    listen: Option<IpAddr>,
    /// Port of the first node, the next ones follow; 0 for free ones [default: 4433].
    #[arg(long, value_name = "PORT", help_heading = "Network")]
    port: Option<u16>,
    /// Loopback port of the admin API; 0 for a free one [default: 0].
    #[arg(long, value_name = "PORT", help_heading = "Network")]
    admin_port: Option<u16>,
    /// Connections a node takes at a time [default: 20000].
    #[arg(long, value_name = "N", help_heading = "Network")]
    max_connections: Option<usize>,
    /// Threads that serve connections [default: one a core].
    #[arg(long, value_name = "N", help_heading = "Network")]
    threads: Option<usize>,

    /// Directory of the certificate and its key [default: bancada in the user's data directory].
    #[arg(long, value_name = "DIR", help_heading = "TLS")]
    state_dir: Option<PathBuf>,
    /// Do not offer the AES-CBC-SHA256 suites, without which the vendor's npm client cannot connect.
    #[arg(long, help_heading = "TLS")]
    no_legacy_cbc: bool,
    /// Refuse TLS: clear connections only.
    #[arg(long, help_heading = "TLS")]
    no_tls: bool,

    /// How log lines on standard error look [default: human].
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Logs")]
    log: Option<LogFormat>,
    /// What is logged: error, warn, info, debug, trace, off, or a filter like info,bancada_simulator=debug [default: info].
    #[arg(long, value_name = "LEVEL", help_heading = "Logs")]
    log_level: Option<String>,
}

/// What `simulator up` does.
pub(super) struct Settings {
    pub(super) builder: Builder,
    pub(super) log: LogFormat,
    pub(super) log_level: String,
    pub(super) state_dir: PathBuf,
    pub(super) tls: bool,
}

impl UpArgs {
    /// The command line over the file over the defaults.
    pub(super) fn settings(self) -> Result<Settings> {
        match self.config {
            None => self.options.settings(),
            Some(path) => self.options.over(read(&path)?).settings(),
        }
    }
}

fn read(path: &Path) -> Result<Options> {
    let about = || format!("cannot use the configuration file {}", path.display());
    let text = std::fs::read_to_string(path).with_context(about)?;
    toml::from_str(&text).with_context(about)
}

impl Options {
    fn over(self, file: Self) -> Self {
        Self {
            nodes: self.nodes.or(file.nodes),
            seed_file: self.seed_file.or(file.seed_file),
            store: self.store.or(file.store),
            master_password: self.master_password.or(file.master_password),
            master_key_file: self.master_key_file.or(file.master_key_file),
            idle_timeout: self.idle_timeout.or(file.idle_timeout),
            random_seed: self.random_seed.or(file.random_seed),
            listen: self.listen.or(file.listen),
            port: self.port.or(file.port),
            admin_port: self.admin_port.or(file.admin_port),
            max_connections: self.max_connections.or(file.max_connections),
            threads: self.threads.or(file.threads),
            state_dir: self.state_dir.or(file.state_dir),
            no_legacy_cbc: self.no_legacy_cbc || file.no_legacy_cbc,
            no_tls: self.no_tls || file.no_tls,
            log: self.log.or(file.log),
            log_level: self.log_level.or(file.log_level),
        }
    }

    fn settings(self) -> Result<Settings> {
        let store = store(self.store.as_deref().unwrap_or("memory"))?;
        if self.master_key_file.is_some() && store == StoreKind::Memory {
            bail!(
                "--master-key-file needs --store file:PATH: what is in memory is sealed under a new key each time"
            );
        }
        let state_dir = match self.state_dir {
            Some(dir) => dir,
            None => state::default_state_dir()?,
        };
        let tls = (!self.no_tls).then_some(TlsOptions { legacy_cbc: !self.no_legacy_cbc });
        let limits = Limits::default();
        let mut builder = Cluster::builder()
            .nodes(self.nodes.unwrap_or(1))
            .listen(self.listen.unwrap_or(Ipv4Addr::LOCALHOST.into()))
            .port(self.port.unwrap_or(DEFAULT_PORT))
            .admin(self.admin_port.unwrap_or(0))
            .store(store)
            .tls(tls)
            .certificate(Certificate::Kept(state_dir.clone()))
            .random_seed(self.random_seed)
            .limits(Limits {
                max_connections: self.max_connections.unwrap_or(limits.max_connections),
                ..limits
            });
        if let Some(password) = &self.master_password {
            builder = builder.master_password(password);
        }
        if let Some(path) = self.master_key_file {
            builder = builder.master_key_file(path);
        }
        if let Some(seconds) = self.idle_timeout {
            builder = builder.idle_timeout(Duration::from_secs(seconds));
        }
        if let Some(threads) = self.threads {
            builder = builder.threads(threads);
        }
        if let Some(path) = &self.seed_file {
            builder = builder.seed_toml(&super::seed::read(path)?);
        }
        Ok(Settings {
            builder,
            log: self.log.unwrap_or_default(),
            log_level: self.log_level.unwrap_or_else(|| "info".to_owned()),
            state_dir,
            tls: !self.no_tls,
        })
    }
}

fn store(text: &str) -> Result<StoreKind> {
    match text.split_once(':') {
        None if text == "memory" => Ok(StoreKind::Memory),
        Some(("file", path)) if !path.is_empty() => Ok(StoreKind::File(path.into())),
        _ => bail!("there is no store {text:?}: use memory, or file:PATH"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_wins_over_the_file() {
        let file: Options =
            toml::from_str("nodes = 3\nport = 5000\nno_tls = true\nlog = \"json\"\n").unwrap();
        let line = Options { nodes: Some(2), ..Options::default() };
        let both = line.over(file);
        assert_eq!(
            (both.nodes, both.port, both.no_tls, both.log),
            (Some(2), Some(5000), true, Some(LogFormat::Json))
        );
    }

    #[test]
    fn unknown_options_are_refused_with_their_line() {
        let error = toml::from_str::<Options>("nodes = 3\nnoodles = 4\n").unwrap_err().to_string();
        assert!(error.contains("noodles") && error.contains("line 2"), "{error}");
    }

    #[test]
    fn stores_are_memory_or_a_file() {
        assert_eq!(store("memory").unwrap(), StoreKind::Memory);
        assert_eq!(store("file:a:b.redb").unwrap(), StoreKind::File("a:b.redb".into()));
        for bad in ["file:", "file", "etcd:x", "", "memory:"] {
            assert!(store(bad).is_err(), "{bad}");
        }
    }
}
