//! What the library and the admin API do to a cluster: reset, seed, look at and change users, stop.

use std::sync::Arc;
use std::time::Duration;

use bancada_engine::seed::Seed;
use bancada_engine::store::StoreError;
use bancada_engine::{Env, Hsm, UserChange, UserView};
use bancada_wire::frame::OperatingMode;
use bancada_wire::status::Status;
use tokio::sync::{Mutex, Notify};
use tokio::task::block_in_place;

use super::ClusterError;
use crate::clock::Clock;
use crate::node::{Faults, Node, NodeError, Shared};
use crate::random::NodeRandom;
use crate::seed;
use crate::tls::Identity;

/// A cluster without its threads.
pub(crate) struct Bench {
    shared: Arc<Shared>,
    nodes: Vec<Node>,
    identity: Identity,
    /// A device on the cluster's stores that no client reaches.
    control: Hsm,
    random: NodeRandom,
    seeds: Vec<Seed>,
    /// One reset at a time.
    resetting: Mutex<()>,
    stop: Notify,
}

impl Bench {
    /// Opens the stores and applies the seeds. The nodes do not run yet.
    pub(super) fn open(
        shared: Arc<Shared>,
        nodes: Vec<Node>,
        identity: Identity,
        seeds: Vec<Seed>,
    ) -> Result<Self, ClusterError> {
        let random = NodeRandom::for_node(shared.random_seed, 0);
        let control = shared.open(0)?;
        let bench = Self {
            shared,
            nodes,
            identity,
            control,
            random,
            seeds,
            resetting: Mutex::new(()),
            stop: Notify::new(),
        };
        bench.apply_start_seeds()?;
        Ok(bench)
    }

    pub(crate) async fn start(&self) -> Result<(), NodeError> {
        for node in &self.nodes {
            node.start().await?;
        }
        Ok(())
    }

    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(crate) fn node(&self, name: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.name() == name)
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    pub(crate) fn master_password(&self) -> &str {
        &self.shared.hsm.master_password
    }

    /// Moves the clock and closes what has become idle before this returns.
    pub(crate) fn advance(&self, by: Duration) {
        self.shared.clock.advance(by);
        for node in &self.nodes {
            node.sweep();
        }
    }

    /// Factory state, then the seeds of the start unless `factory`. Faults are gone and stopped nodes run again.
    pub(crate) async fn reset(&self, factory: bool) -> Result<(), ClusterError> {
        let _one = self.resetting.lock().await;
        self.drain().await;
        block_in_place(|| self.control(Hsm::reset))?;
        if !factory {
            self.apply_start_seeds()?;
        }
        for node in &self.nodes {
            node.set_faults(Faults::default()).await?;
            node.reopen().await?;
            node.start().await?;
        }
        Ok(())
    }

    /// Closes every connection and waits for them.
    pub(crate) async fn drain(&self) {
        self.on_every_node(|node| async move { node.drain().await }).await;
    }

    pub(crate) fn apply_toml(&self, text: &str) -> Result<(), ClusterError> {
        self.apply(&seed::parse(text)?)
    }

    pub(crate) fn users(&self) -> Result<Vec<UserView>, StoreError> {
        block_in_place(|| self.control(|hsm, _| hsm.users()))
    }

    pub(crate) fn set_user(&self, name: &str, change: &UserChange) -> Result<(), Status> {
        block_in_place(|| self.control(|hsm, env| hsm.set_user(name, change, env)))
    }

    pub(crate) fn mode(&self) -> Result<OperatingMode, StoreError> {
        self.control(|hsm, _| hsm.mode())
    }

    pub(crate) fn set_mode(&self, mode: OperatingMode) -> Result<(), StoreError> {
        block_in_place(|| self.control(|hsm, env| hsm.set_mode(mode, env)))
    }

    pub(crate) fn request_stop(&self) {
        self.stop.notify_one();
    }

    pub(crate) async fn stop_requested(&self) {
        self.stop.notified().await;
    }

    /// Stops every node.
    pub(crate) async fn stop_nodes(&self) {
        self.on_every_node(|node| async move { node.stop().await }).await;
    }

    /// Does something to every node at once.
    async fn on_every_node<F: Future<Output = ()> + Send + 'static>(&self, job: impl Fn(Node) -> F) {
        let mut jobs = tokio::task::JoinSet::new();
        for node in &self.nodes {
            jobs.spawn_on(job(node.clone()), &self.shared.runtime);
        }
        while jobs.join_next().await.is_some() {}
    }

    fn apply_start_seeds(&self) -> Result<(), ClusterError> {
        self.seeds.iter().try_for_each(|seed| self.apply(seed))
    }

    fn apply(&self, seed: &Seed) -> Result<(), ClusterError> {
        block_in_place(|| self.control(|hsm, env| hsm.apply(seed, env)))?;
        Ok(())
    }

    fn control<T>(&self, job: impl FnOnce(&Hsm, &mut Env<'_>) -> T) -> T {
        let mut random = self.random.clone();
        job(&self.control, &mut Env { now_ms: self.shared.clock.now_ms(), random: &mut random })
    }
}
