//! Describing a cluster before it starts.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bancada_crypto::Zeroizing;
use bancada_crypto::random::Random;
use bancada_engine::HsmConfig;
use bancada_engine::seed::{Seed, SeedUser};
use bancada_engine::store::Store;
use bancada_store::{FileStore, MemoryStore};
use tokio::runtime::{Handle, Runtime};
use tokio::sync::Semaphore;

use super::{Bench, Cluster, ClusterError, run_on};
use crate::clock::Clock;
use crate::node::{Limits, Node, Shared};
use crate::random::NodeRandom;
use crate::seed::{self, SeedFileError};
use crate::state;
use crate::tls::{Identity, TlsOptions, server_config};

/// Most nodes of one cluster.
const MAX_NODES: u32 = 64;
/// Writes that may wait for the disk together: they share its synchronisations.
const WAITING_WRITES: usize = 64;

/// Where the devices keep what is durable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum StoreKind {
    /// In memory: gone with the cluster.
    #[default]
    Memory,
    /// In this file. The server master key lies beside it, see [`crate::state::key_path`].
    File(PathBuf),
}

/// The certificate the nodes present.
#[derive(Debug, Clone, Default)]
pub enum Certificate {
    /// A new self-signed one, in memory.
    #[default]
    Fresh,
    /// The self-signed one kept in this directory, made there on the first start.
    Kept(PathBuf),
    /// This one.
    Own(Identity),
}

/// A description of a cluster; [`Builder::start`] starts it.
#[derive(Debug)]
pub struct Builder {
    nodes: u32,
    listen: IpAddr,
    port: u16,
    store: StoreKind,
    master_key_file: Option<PathBuf>,
    certificate: Certificate,
    tls: Option<TlsOptions>,
    clock: Clock,
    random_seed: Option<u64>,
    master_password: Zeroizing<String>,
    idle_timeout: Duration,
    limits: Limits,
    seeds: Vec<Seed>,
    seed_error: Option<SeedFileError>,
    admin_port: Option<u16>,
    threads: Option<usize>,
}

impl Default for Builder {
    fn default() -> Self {
        let factory = HsmConfig::default();
        Self {
            nodes: 1,
            listen: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            store: StoreKind::default(),
            master_key_file: None,
            certificate: Certificate::default(),
            tls: Some(TlsOptions::default()),
            clock: Clock::default(),
            random_seed: None,
            idle_timeout: Duration::from_millis(factory.idle_timeout_ms),
            master_password: factory.master_password,
            limits: Limits::default(),
            seeds: Vec::new(),
            seed_error: None,
            admin_port: None,
            threads: None,
        }
    }
}

impl Builder {
    /// Number of nodes, 1 to 64; 1 unless said otherwise.
    #[must_use]
    pub fn nodes(self, nodes: u32) -> Self {
        Self { nodes, ..self }
    }

    /// Address to listen on; loopback unless said otherwise.
    #[must_use]
    pub fn listen(self, listen: IpAddr) -> Self {
        Self { listen, ..self }
    }

    /// Port of the first node, the next ones follow; 0, unless said otherwise, is a free port for each.
    #[must_use]
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// Where durable state lies; in memory unless said otherwise.
    #[must_use]
    pub fn store(self, store: StoreKind) -> Self {
        Self { store, ..self }
    }

    /// The file of the server master key, when it does not lie beside a file store.
    #[must_use]
    pub fn master_key_file(self, path: impl Into<PathBuf>) -> Self {
        Self { master_key_file: Some(path.into()), ..self }
    }

    /// The certificate; a new one in memory unless said otherwise.
    #[must_use]
    pub fn certificate(self, certificate: Certificate) -> Self {
        Self { certificate, ..self }
    }

    /// What TLS offers, or `None` for clear connections only.
    #[must_use]
    pub fn tls(self, tls: impl Into<Option<TlsOptions>>) -> Self {
        Self { tls: tls.into(), ..self }
    }

    /// The time the devices live in; the system's unless said otherwise.
    #[must_use]
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Makes challenges, tokens, identifiers and vectors reproducible: the same requests in the same order get the
    /// same. Values of keys the device makes are not among them, and nothing of value should be.
    #[must_use]
    pub fn random_seed(self, seed: impl Into<Option<u64>>) -> Self {
        Self { random_seed: seed.into(), ..self }
    }

    /// Factory password of `master`: 8 to 16 printable ASCII characters. 12345678 unless said otherwise.
    #[must_use]
    pub fn master_password(self, password: &str) -> Self {
        Self { master_password: Zeroizing::new(password.to_owned()), ..self }
    }

    /// How long a session may be idle, on the device's clock; five minutes unless said otherwise.
    #[must_use]
    pub fn idle_timeout(self, idle_timeout: Duration) -> Self {
        Self { idle_timeout, ..self }
    }

    /// What a node allows its peers.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Adds a user with these permissions (`ACL_*` bits, [`bancada_wire::acl`]).
    #[must_use]
    pub fn user(self, name: &str, password: &str, permissions: u32) -> Self {
        self.seed(Seed {
            users: vec![SeedUser {
                name: name.to_owned(),
                password: Zeroizing::new(password.to_owned()),
                permissions,
                expired: false,
                blocked: false,
                must_change: false,
                otp: None,
            }],
            ..Seed::default()
        })
    }

    /// Adds to the state the devices start from, and return to on a reset.
    #[must_use]
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seeds.push(seed);
        self
    }

    /// Adds a seed file's text. What is wrong with it is told by [`Builder::start`].
    #[must_use]
    pub fn seed_toml(mut self, text: &str) -> Self {
        match seed::parse(text) {
            Ok(seed) => self.seeds.push(seed),
            Err(error) => self.seed_error = self.seed_error.or(Some(error)),
        }
        self
    }

    /// Serves the admin API on this loopback port, 0 for any. Not served unless asked for.
    #[must_use]
    pub fn admin(self, port: u16) -> Self {
        Self { admin_port: Some(port), ..self }
    }

    /// Threads that serve connections; as many as there are cores unless said otherwise.
    #[must_use]
    pub fn threads(self, threads: usize) -> Self {
        Self { threads: Some(threads.max(1)), ..self }
    }

    /// Starts the cluster: when this returns, every node accepts connections.
    ///
    /// # Errors
    /// [`ClusterError`] says what is in the way and what to do about it.
    pub async fn start(self) -> Result<Cluster, ClusterError> {
        let runtime = self.runtime()?;
        let handle = runtime.handle().clone();
        let started = run_on(&runtime, self.start_on(handle)).await;
        finish(runtime, started)
    }

    /// As [`Builder::start`], for callers without a runtime.
    ///
    /// # Errors
    /// As [`Builder::start`].
    ///
    /// # Panics
    /// When called from within a runtime.
    pub fn start_blocking(self) -> Result<Cluster, ClusterError> {
        let runtime = self.runtime()?;
        let handle = runtime.handle().clone();
        let started = runtime.block_on(run_on(&runtime, self.start_on(handle)));
        finish(runtime, started)
    }

    fn runtime(&self) -> Result<Runtime, ClusterError> {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(self.threads.unwrap_or_else(cores))
            .thread_name("hsm")
            .enable_all()
            .build()
            .map_err(ClusterError::Threads)
    }

    async fn start_on(mut self, runtime: Handle) -> Result<Started, ClusterError> {
        self.check()?;
        let identity = match std::mem::take(&mut self.certificate) {
            Certificate::Fresh => Identity::generate()?,
            Certificate::Kept(dir) => Identity::load_or_create(&dir)?,
            Certificate::Own(identity) => identity,
        };
        let shared = Arc::new(self.shared(&identity, runtime)?);
        let nodes = (0..self.nodes)
            .map(|offset| {
                // Checked: the last node's port is at most 65 535.
                let port = if self.port == 0 { 0 } else { self.port + offset as u16 };
                Node::bind(Arc::clone(&shared), offset + 1, self.listen, port)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let bench = Arc::new(Bench::open(shared, nodes, identity, self.seeds)?);
        bench.start().await?;
        let admin = match self.admin_port {
            None => None,
            Some(port) => {
                let address = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port);
                let serving = crate::admin::serve(Arc::clone(&bench), address).await;
                Some(serving.map_err(|source| ClusterError::Admin { address, source })?)
            }
        };
        Ok((bench, admin))
    }

    fn check(&mut self) -> Result<(), ClusterError> {
        if let Some(error) = self.seed_error.take() {
            return Err(error.into());
        }
        if !(1..=MAX_NODES).contains(&self.nodes) {
            return Err(ClusterError::Option(format!(
                "{} nodes: a cluster has 1 to {MAX_NODES}",
                self.nodes
            )));
        }
        if self.port != 0 && u32::from(self.port) + self.nodes - 1 > u32::from(u16::MAX) {
            let (nodes, port) = (self.nodes, self.port);
            return Err(ClusterError::Option(format!(
                "{nodes} nodes from port {port} on would pass port 65535"
            )));
        }
        let password = &self.master_password;
        if !(8..=16).contains(&password.len()) || !password.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        {
            let what = "the password of master must have 8 to 16 printable ASCII characters; choose another";
            return Err(ClusterError::Option(what.to_owned()));
        }
        if self.idle_timeout < Duration::from_secs(1) {
            return Err(ClusterError::Option("an idle timeout is at least a second".to_owned()));
        }
        Ok(())
    }

    fn shared(&self, identity: &Identity, runtime: Handle) -> Result<Shared, ClusterError> {
        let mut random = NodeRandom::for_node(self.random_seed, 0);
        let (store, master_key): (Arc<dyn Store>, _) = match &self.store {
            StoreKind::Memory => {
                let mut key = Zeroizing::new([0; 32]);
                random.fill(&mut *key);
                (Arc::new(MemoryStore::new()), key)
            }
            StoreKind::File(path) => {
                let key_file = self.master_key_file.clone().unwrap_or_else(|| state::key_path(path));
                let key = state::master_key(path, &key_file, &mut random)?;
                (Arc::new(FileStore::open(path)?), key)
            }
        };
        let tls = self.tls.as_ref().map(|options| server_config(identity, options)).transpose()?;
        Ok(Shared {
            clock: self.clock.clone(),
            store,
            volatile: Arc::new(MemoryStore::new()),
            master_key,
            tls,
            limits: self.limits.clone(),
            hsm: HsmConfig {
                master_password: self.master_password.clone(),
                idle_timeout_ms: u64::try_from(self.idle_timeout.as_millis()).unwrap_or(u64::MAX),
                ..HsmConfig::default()
            },
            random_seed: self.random_seed,
            durable: matches!(self.store, StoreKind::File(_)),
            runtime,
            heavy: Arc::new(Semaphore::new(cores())),
            writes: Arc::new(Semaphore::new(WAITING_WRITES)),
            connections: Arc::new(1.into()),
        })
    }
}

type Started = (Arc<Bench>, Option<SocketAddr>);

fn finish(runtime: Runtime, started: Result<Started, ClusterError>) -> Result<Cluster, ClusterError> {
    match started {
        Ok((bench, admin)) => Ok(Cluster { bench, admin, runtime: Some(runtime) }),
        Err(error) => {
            runtime.shutdown_background();
            Err(error)
        }
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
