//! What the connections of a node share: its device, its limits, and the door they came in by.

use std::net::SocketAddr;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use bancada_crypto::Zeroizing;
use bancada_engine::store::Store;
use bancada_engine::{Env, Hsm, HsmConfig, OpenError};
use bancada_wire::op::{Auth, Cost, Effect};
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::connection::Connection;
use super::fault::FaultState;
use super::registry::Registry;
use crate::clock::Clock;
use crate::metrics::Metrics;
use crate::random::NodeRandom;

/// What a node allows its peers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Connections open at a time; more are closed on arrival. 20 000 unless said otherwise.
    pub max_connections: usize,
    /// Milliseconds of real time from a connection to the end of its login. 10 000 unless said otherwise.
    pub handshake_timeout_ms: u64,
    /// Milliseconds of real time for the rest of a request once its first byte is there, and for the peer to take a
    /// reply. 60 000 unless said otherwise.
    pub request_timeout_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_connections: 20_000, handshake_timeout_ms: 10_000, request_timeout_ms: 60_000 }
    }
}

/// What all nodes of a cluster share.
pub(crate) struct Shared {
    pub(crate) clock: Clock,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) volatile: Arc<dyn Store>,
    pub(crate) master_key: Zeroizing<[u8; 32]>,
    pub(crate) tls: Option<Arc<ServerConfig>>,
    pub(crate) limits: Limits,
    pub(crate) hsm: HsmConfig,
    pub(crate) random_seed: Option<u64>,
    /// Whether a write waits for a disk.
    pub(crate) durable: bool,
    pub(crate) runtime: Handle,
    /// Operations that compute for long.
    pub(crate) heavy: Arc<Semaphore>,
    /// Operations that may wait for a disk.
    pub(crate) writes: Arc<Semaphore>,
    /// Numbers the connections of all nodes.
    pub(crate) connections: Arc<AtomicU64>,
}

impl Shared {
    /// Opens the device of node `index` on the cluster's stores; 0 is the one the admin API uses.
    pub(crate) fn open(&self, index: u32) -> Result<Hsm, OpenError> {
        let mut random = NodeRandom::for_node(self.random_seed, index);
        let mut env = Env { now_ms: self.clock.now_ms(), random: &mut random };
        let config = HsmConfig { node: index, serial: format!("BANCADA{index:06}"), ..self.hsm.clone() };
        Hsm::open(config, &self.master_key, Arc::clone(&self.store), Arc::clone(&self.volatile), &mut env)
    }
}

/// What the connections of a running node need.
pub(crate) struct Host {
    pub(super) name: String,
    pub(super) hsm: RwLock<Arc<Hsm>>,
    pub(super) clock: Clock,
    pub(super) random: NodeRandom,
    pub(super) registry: Arc<Registry>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) faults: Arc<FaultState>,
    pub(super) tls: Option<Arc<ServerConfig>>,
    pub(super) limits: Limits,
    pub(super) heavy: Arc<Semaphore>,
    pub(super) writes: Option<Arc<Semaphore>>,
}

impl Host {
    pub(super) fn hsm(&self) -> Arc<Hsm> {
        Arc::clone(&self.hsm.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The pool an operation waits for; `None` when it runs where it arrived.
    pub(super) fn pool(&self, code: u32) -> Option<&Arc<Semaphore>> {
        let spec = Hsm::spec(code)?;
        match spec.cost {
            Cost::Heavy => Some(&self.heavy),
            // A login writes too: it counts wrong passwords.
            Cost::Light if spec.effect == Effect::Write || spec.auth == Auth::Login => self.writes.as_ref(),
            Cost::Light => None,
        }
    }
}

/// Accepts connections until it is aborted.
pub(super) async fn accept_forever(host: Arc<Host>, listener: TcpListener) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => admit(&host, stream, peer),
            Err(error) => {
                // Out of file descriptors, or a connection that died in the queue: neither is a reason to stop.
                tracing::warn!(node = %host.name, %error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

fn admit(host: &Arc<Host>, stream: TcpStream, peer: SocketAddr) {
    if host.registry.len() >= host.limits.max_connections {
        host.metrics.connections_rejected.add(1);
        tracing::warn!(node = %host.name, %peer, max = host.limits.max_connections, "connection turned away: full");
        return;
    }
    host.metrics.connections.add(1);
    if host.faults.current().is_some_and(|(_, faults)| faults.resets_at_once()) {
        // A socket that cannot be set to reset is closed in order instead.
        let _ = stream.set_zero_linger();
        return;
    }
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(node = %host.name, %peer, %error, "answers may be delayed by the system");
    }
    let place = host.registry.add(peer, host.clock.now_ms());
    tokio::spawn(Connection::new(Arc::clone(host), place, stream).serve());
}
