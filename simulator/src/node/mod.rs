//! A node of a cluster: a listening socket, its connections, and the device behind them.

mod connection;
mod fault;
mod host;
mod registry;
mod transport;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use bancada_engine::{Hsm, OpenError};
use tokio::net::TcpSocket;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

pub use fault::{Faults, MAX_LATENCY_MS};
pub use host::Limits;

use crate::metrics::Metrics;
use crate::random::NodeRandom;
use fault::FaultState;
pub(crate) use host::Shared;
use host::{Host, accept_forever};
use registry::Registry;
pub(crate) use registry::{End, Entry};

/// Connections the system may hold before the node accepts them.
const BACKLOG: u32 = 1024;
/// How often a node looks for idle and overdue connections.
const SWEEP: Duration = Duration::from_millis(500);
/// How long a stopping node waits for its connections to end.
const DRAIN: Duration = Duration::from_millis(800);
/// How often a port that is being given up by its last owner is asked for again.
const BIND_ATTEMPTS: u32 = 20;

/// Why a node cannot start.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// The port is taken, or not ours to take.
    #[error("{node} cannot listen on {address}: {source}; {advice}")]
    Listen {
        /// The node.
        node: String,
        /// Where it should listen.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
        /// What to do about it.
        advice: &'static str,
    },
    /// The device does not open on its store.
    #[error("{node} cannot open its device: {source}")]
    Open {
        /// The node.
        node: String,
        /// What the device said.
        source: OpenError,
    },
}

/// One node. Cheap to clone; clones are the same node.
#[derive(Clone)]
pub struct Node(Arc<State>);

struct State {
    name: String,
    index: u32,
    address: SocketAddr,
    shared: Arc<Shared>,
    random: NodeRandom,
    registry: Arc<Registry>,
    metrics: Arc<Metrics>,
    faults: Arc<FaultState>,
    phase: Mutex<Phase>,
    running: std::sync::atomic::AtomicBool,
}

/// What a node has of the operating system.
enum Phase {
    /// Nothing but its port, so that nobody else takes it.
    Stopped(Option<TcpSocket>),
    Running {
        host: Arc<Host>,
        door: Door,
        sweeper: JoinHandle<()>,
    },
}

/// Whether new connections get in.
enum Door {
    Open(JoinHandle<()>),
    /// Bound and not listening: the system refuses for us.
    Refusing(Option<TcpSocket>),
}

impl Node {
    /// Binds a node's address (port 0 for any) and keeps it; the node does not accept yet.
    pub(crate) fn bind(shared: Arc<Shared>, index: u32, ip: IpAddr, port: u16) -> Result<Self, NodeError> {
        let name = format!("hsm-{index}");
        let wanted = SocketAddr::new(ip, port);
        let listen = |source: io::Error| listen_error(&name, wanted, source);
        let socket = {
            let _runtime = shared.runtime.enter();
            bind(wanted).map_err(listen)?
        };
        let address = socket.local_addr().map_err(listen)?;
        Ok(Self(Arc::new(State {
            random: NodeRandom::for_node(shared.random_seed, index),
            registry: Arc::new(Registry::new(Arc::clone(&shared.connections))),
            name,
            index,
            address,
            shared,
            metrics: Arc::new(Metrics::new()),
            faults: Arc::default(),
            phase: Mutex::new(Phase::Stopped(Some(socket))),
            running: false.into(),
        })))
    }

    /// Name: `hsm-1` for the first.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Where it listens. The same after a restart.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// Whether it was started and not stopped.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.0.running.load(std::sync::atomic::Ordering::Acquire)
    }

    /// Connections that are open.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.0.registry.len()
    }

    /// The faults it plays.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.0.faults.get()
    }

    /// Starts it, unless it runs. Its sessions of before are gone; what it stored is there.
    ///
    /// # Errors
    /// [`NodeError`] when its port or its store are not to be had.
    pub async fn start(&self) -> Result<(), NodeError> {
        self.on_runtime(|node| async move { node.start_here().await }).await
    }

    /// Stops it: its connections end and new ones are refused.
    pub async fn stop(&self) {
        self.on_runtime(|node| async move { node.stop_here().await }).await;
    }

    /// Stops and starts it.
    ///
    /// # Errors
    /// As [`Node::start`].
    pub async fn restart(&self) -> Result<(), NodeError> {
        self.stop().await;
        self.start().await
    }

    /// Plays these faults instead of those before; [`Faults::default`] for none.
    ///
    /// # Errors
    /// [`NodeError::Listen`] when a node that refused connections does not get its port back.
    pub async fn set_faults(&self, faults: Faults) -> Result<(), NodeError> {
        self.on_runtime(move |node| async move {
            node.0.faults.set(faults);
            if faults.resets_at_once() {
                node.0.registry.end_all(End::Reset);
            }
            let mut phase = node.0.phase.lock().await;
            if let Phase::Running { host, door, .. } = &mut *phase {
                node.0.move_door(host, door).await?;
            }
            Ok(())
        })
        .await
    }

    pub(crate) fn entries(&self) -> Vec<Arc<Entry>> {
        self.0.registry.entries()
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// Ends every connection and waits until they are gone, for at most [`DRAIN`].
    pub(crate) async fn drain(&self) {
        self.0.registry.end_all(End::Close);
        if tokio::time::timeout(DRAIN, self.0.registry.emptied()).await.is_err() {
            let left = self.0.registry.len();
            tracing::warn!(node = %self.0.name, left, "connections are still busy");
        }
    }

    /// Closes connections that have become idle or overdue.
    pub(crate) fn sweep(&self) {
        self.0.sweep();
    }

    /// Opens the device anew, with nothing of the old one in memory. New connections get it.
    pub(crate) async fn reopen(&self) -> Result<(), NodeError> {
        if let Phase::Running { host, .. } = &*self.0.phase.lock().await {
            let hsm = self.0.open()?;
            *host.hsm.write().unwrap_or_else(PoisonError::into_inner) = hsm;
        }
        Ok(())
    }

    async fn start_here(&self) -> Result<(), NodeError> {
        let state = &self.0;
        let mut phase = state.phase.lock().await;
        let Phase::Stopped(reserved) = &mut *phase else { return Ok(()) };
        let shared = &state.shared;
        let host = Arc::new(Host {
            name: state.name.clone(),
            hsm: RwLock::new(state.open()?),
            clock: shared.clock.clone(),
            random: state.random.clone(),
            registry: Arc::clone(&state.registry),
            metrics: Arc::clone(&state.metrics),
            faults: Arc::clone(&state.faults),
            tls: shared.tls.clone(),
            limits: shared.limits.clone(),
            heavy: Arc::clone(&shared.heavy),
            writes: shared.durable.then(|| Arc::clone(&shared.writes)),
        });
        let mut door = Door::Refusing(reserved.take());
        if let Err(error) = state.move_door(&host, &mut door).await {
            if let Door::Refusing(socket) = door {
                *reserved = socket;
            }
            return Err(error);
        }
        let sweeper = shared.runtime.spawn(sweep_forever(Arc::downgrade(state), shared.clock.subscribe()));
        *phase = Phase::Running { host, door, sweeper };
        state.running.store(true, std::sync::atomic::Ordering::Release);
        tracing::info!(node = %state.name, address = %state.address, "accepting connections");
        Ok(())
    }

    async fn stop_here(&self) {
        let state = &self.0;
        let mut phase = state.phase.lock().await;
        let Phase::Running { door, sweeper, .. } = std::mem::replace(&mut *phase, Phase::Stopped(None))
        else {
            return;
        };
        state.running.store(false, std::sync::atomic::Ordering::Release);
        sweeper.abort();
        let reserved = match door {
            Door::Open(accepting) => state.shut(accepting).await,
            Door::Refusing(socket) => socket,
        };
        *phase = Phase::Stopped(reserved);
        self.drain().await;
        tracing::info!(node = %state.name, "stopped");
    }

    /// Runs a job on the cluster's own threads, whichever runtime the caller lives on.
    async fn on_runtime<F: Future + Send + 'static>(&self, job: impl FnOnce(Self) -> F) -> F::Output
    where
        F::Output: Send + 'static,
    {
        match self.0.shared.runtime.spawn(job(self.clone())).await {
            Ok(output) => output,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The runtime is shutting down under the caller: nothing will ever come.
                Err(_) => std::future::pending().await,
            },
        }
    }
}

impl State {
    fn open(&self) -> Result<Arc<Hsm>, NodeError> {
        let opened = self.shared.open(self.index);
        opened.map(Arc::new).map_err(|source| NodeError::Open { node: self.name.clone(), source })
    }

    fn sweep(&self) {
        let closed = self.registry.sweep(self.shared.clock.now_ms(), self.shared.hsm.idle_timeout_ms);
        if closed > 0 {
            tracing::debug!(node = %self.name, closed, "idle or overdue connections closed");
        }
    }

    /// Opens or closes the door as the faults ask.
    async fn move_door(&self, host: &Arc<Host>, door: &mut Door) -> Result<(), NodeError> {
        let refuse = self.faults.get().refuse;
        match door {
            Door::Refusing(reserved) if !refuse => {
                let listen = |source| listen_error(&self.name, self.address, source);
                let socket = match reserved.take() {
                    Some(socket) => socket,
                    None => rebind(self.address).await.map_err(listen)?,
                };
                let listener = socket.listen(BACKLOG).map_err(listen)?;
                let accepting = accept_forever(Arc::clone(host), listener);
                *door = Door::Open(self.shared.runtime.spawn(accepting));
            }
            Door::Open(accepting) if refuse => {
                let accepting = std::mem::replace(accepting, self.shared.runtime.spawn(async {}));
                *door = Door::Refusing(self.shut(accepting).await);
            }
            _ => {}
        }
        Ok(())
    }

    /// Stops listening and takes the port again, without listening.
    async fn shut(&self, accepting: JoinHandle<()>) -> Option<TcpSocket> {
        accepting.abort();
        // Aborted, or ended by itself: the listener is gone once this returns.
        let _ = accepting.await;
        rebind(self.address).await.inspect_err(|error| {
            tracing::warn!(node = %self.name, address = %self.address, %error, "the port is free for others to take");
        }).ok()
    }
}

async fn sweep_forever(state: std::sync::Weak<State>, mut advanced: tokio::sync::watch::Receiver<()>) {
    loop {
        // A clock that is gone is never advanced again; the sleep goes on.
        let told = async {
            if advanced.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let _ = tokio::time::timeout(SWEEP, told).await;
        let Some(state) = state.upgrade() else { return };
        state.sweep();
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // So that a restart does not wait for connections of the run before.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Binds a port this process has just given up.
async fn rebind(address: SocketAddr) -> io::Result<TcpSocket> {
    let mut attempt = 1;
    loop {
        match bind(address) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && attempt < BIND_ATTEMPTS => {
                attempt += 1;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            bound => return bound,
        }
    }
}

fn listen_error(node: &str, address: SocketAddr, source: io::Error) -> NodeError {
    let advice = match source.kind() {
        io::ErrorKind::AddrInUse => {
            "another program has that port: stop it, choose another with --port, or --port 0 for any"
        }
        io::ErrorKind::PermissionDenied => "ports below 1024 are reserved: choose another with --port",
        io::ErrorKind::AddrNotAvailable => {
            "this machine does not have that address: choose another with --listen"
        }
        _ => "choose another address with --listen and --port",
    };
    NodeError::Listen { node: node.to_owned(), address, source, advice }
}
