//! A cluster of simulated HSMs in this process: nodes that share one store, one clock and one certificate.

mod bench;
mod builder;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bancada_engine::OpenError;
use bancada_engine::seed::SeedError;
use bancada_engine::store::StoreError;
use tokio::runtime::Runtime;

pub(crate) use bench::Bench;
pub use builder::{Builder, Certificate, StoreKind};

use crate::clock::Clock;
use crate::node::{Node, NodeError};
use crate::seed::SeedFileError;
use crate::state::StateError;
use crate::tls::TlsError;

/// How long a shutdown waits for threads that are still busy.
const PATIENCE: Duration = Duration::from_millis(100);

/// Why a cluster cannot start or change.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// A node does not start.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The certificate or the TLS configuration is not to be had.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The state directory or the server master key is not to be had.
    #[error(transparent)]
    State(#[from] StateError),
    /// The store does not open, or fails.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The device does not open on the store.
    #[error("the simulated device does not start: {0}")]
    Open(#[from] OpenError),
    /// The seed file is malformed.
    #[error("the seed file is not usable: {0}")]
    SeedFile(#[from] SeedFileError),
    /// The device refuses what a seed asks for.
    #[error("the device does not take the seed: {0}")]
    Seed(#[from] SeedError),
    /// An option makes no sense.
    #[error("{0}")]
    Option(String),
    /// The admin API's port is not to be had.
    #[error(
        "the admin API cannot listen on {address}: {source}; choose another with --admin-port, or 0 for any"
    )]
    Admin {
        /// Where it should listen.
        address: SocketAddr,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The system gives no threads.
    #[error("cannot start the simulator's threads: {0}; check the limits on processes and memory")]
    Threads(std::io::Error),
}

/// A running cluster. Stops when it is dropped; [`Cluster::shutdown`] stops it in order.
///
/// It runs on threads of its own: clients in the same test may block.
///
/// ```
/// use bancada_dinamo::{Credentials, Options, Session};
/// use bancada_simulator::Cluster;
/// use bancada_wire::op::Ping;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let cluster = Cluster::builder().nodes(1).user("app", "12345678", 0).start().await?;
/// let address = cluster.nodes()[0].address().to_string();
/// let app = Credentials::user("app", "12345678")?;
/// let mut session = Session::open(&address, &app, &Options::clear()).await?;
/// session.call(Ping).await?;
/// cluster.shutdown().await;
/// # Ok(())
/// # }
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(example()).unwrap();
/// ```
pub struct Cluster {
    bench: Arc<Bench>,
    admin: Option<SocketAddr>,
    /// Taken when it is dropped.
    runtime: Option<Runtime>,
}

impl Cluster {
    /// Describes a cluster: one node, in memory, on a free loopback port, with TLS, unless said otherwise.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Its nodes, `hsm-1` first.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        self.bench.nodes()
    }

    /// The time its devices live in.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        self.bench.clock()
    }

    /// The certificate its nodes present, in PEM.
    #[must_use]
    pub fn certificate_pem(&self) -> &str {
        self.bench.identity().certificate_pem()
    }

    /// The certificate its nodes present, in DER: what a client pins.
    #[must_use]
    pub fn certificate_der(&self) -> &[u8] {
        self.bench.identity().certificate_der()
    }

    /// Where the certificate is kept; `None` when it is in memory only.
    #[must_use]
    pub fn certificate_path(&self) -> Option<&Path> {
        self.bench.identity().certificate_path()
    }

    /// The factory password of the user `master`.
    #[must_use]
    pub fn master_password(&self) -> &str {
        self.bench.master_password()
    }

    /// Base URL of the admin API, if it was asked for.
    #[must_use]
    pub fn admin_url(&self) -> Option<String> {
        self.admin.map(|address| format!("http://{address}"))
    }

    /// Closes every connection and puts the device into the state it started in: factory, then the seed.
    ///
    /// # Errors
    /// [`ClusterError`] when the store fails or a node does not start again.
    pub async fn reset(&self) -> Result<(), ClusterError> {
        let bench = Arc::clone(&self.bench);
        self.on_runtime(async move { bench.reset(false).await }).await
    }

    /// Applies a seed file's text on top of what the device has.
    ///
    /// # Errors
    /// [`ClusterError::SeedFile`] and [`ClusterError::Seed`].
    pub async fn seed(&self, toml: &str) -> Result<(), ClusterError> {
        let (bench, toml) = (Arc::clone(&self.bench), toml.to_owned());
        self.on_runtime(async move { bench.apply_toml(&toml) }).await
    }

    /// Waits until somebody asks for the end through the admin API.
    pub async fn stop_requested(&self) {
        self.bench.stop_requested().await;
    }

    /// Runs a future of this cluster to its end, for callers without a runtime.
    ///
    /// # Panics
    /// When called from within a runtime: await the future there.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime().block_on(future)
    }

    /// Closes every connection, stops the nodes and the admin API, within a second.
    pub async fn shutdown(mut self) {
        let bench = Arc::clone(&self.bench);
        self.on_runtime(async move { bench.stop_nodes().await }).await;
        if let Some(runtime) = self.runtime.take() {
            let ended = std::thread::spawn(move || runtime.shutdown_timeout(PATIENCE));
            // The thread only waits, for at most the given time.
            let _ = ended.join();
        }
    }

    /// As [`Cluster::shutdown`], for callers without a runtime.
    pub fn shutdown_blocking(mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.block_on(self.bench.stop_nodes());
            runtime.shutdown_timeout(PATIENCE);
        }
    }

    fn runtime(&self) -> &Runtime {
        #[expect(clippy::expect_used, reason = "taken only by functions that consume the cluster")]
        self.runtime.as_ref().expect("the cluster runs")
    }

    async fn on_runtime<F>(&self, future: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        run_on(self.runtime(), future).await
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Not `drop`: that would wait, which a caller's own runtime does not allow.
            runtime.shutdown_background();
        }
    }
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let nodes = self.nodes().iter().map(|node| (node.name(), node.address())).collect::<Vec<_>>();
        f.debug_struct("Cluster").field("nodes", &nodes).field("admin", &self.admin).finish_non_exhaustive()
    }
}

/// Runs a future on the cluster's threads, whichever runtime the caller lives on.
async fn run_on<F>(runtime: &Runtime, future: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    match runtime.spawn(future).await {
        Ok(output) => output,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
