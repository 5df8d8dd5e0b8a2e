//! The bench of these tests: devices on memory stores, a clock that moves when told, and peers that log in and call.

mod fixture;
mod peer;

pub(crate) use fixture::*;
pub(crate) use peer::*;

use bancada_crypto::Zeroizing;
use bancada_crypto::random::SeededRandom;
use bancada_engine::seed::{Seed, SeedError, SeedGrant, SeedKey, SeedUser};
use bancada_engine::store::Store;
use bancada_engine::{Env, Hsm, HsmConfig, MASTER, OpenError};
use bancada_store::MemoryStore;
use bancada_wire::frame::{Hello, OperatingMode};
use bancada_wire::status::Status;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// When every test starts: 2024-01-01 00:00:00 UTC.
pub(crate) const START_MS: u64 = 1_704_067_200_000;
/// A day, in milliseconds.
pub(crate) const DAY_MS: u64 = 86_400_000;
/// The factory password of `master`.
pub(crate) const FACTORY: &str = "12345678";
/// The password of every other user, until a test changes it.
pub(crate) const PASSWORD: &str = "secret-1";
/// The server master key.
const MASTER_KEY: [u8; 32] = [0x5A; 32];

/// One node, on stores that other nodes may share.
#[derive(Clone)]
pub(crate) struct Device {
    pub(crate) hsm: Arc<Hsm>,
    store: Arc<dyn Store>,
    volatile: Arc<dyn Store>,
    clock: Arc<AtomicU64>,
    /// Starting value of the next peer's randomness.
    streams: Arc<AtomicU64>,
}

impl Device {
    /// A device in its factory state.
    pub(crate) fn new() -> Self {
        Self::on(Arc::new(MemoryStore::new()), Arc::new(MemoryStore::new())).unwrap()
    }

    /// A device on these stores.
    pub(crate) fn on(store: Arc<dyn Store>, volatile: Arc<dyn Store>) -> Result<Self, OpenError> {
        let (clock, streams) = (Arc::new(AtomicU64::new(START_MS)), Arc::new(AtomicU64::new(1)));
        Self::node(HsmConfig::default(), MASTER_KEY, (store, volatile), clock, streams)
    }

    /// A device on these stores, opened with another configuration or server master key.
    pub(crate) fn with(
        config: HsmConfig,
        master_key: [u8; 32],
        store: Arc<dyn Store>,
    ) -> Result<Self, OpenError> {
        let (clock, streams) = (Arc::new(AtomicU64::new(START_MS)), Arc::new(AtomicU64::new(1)));
        Self::node(config, master_key, (store, Arc::new(MemoryStore::new())), clock, streams)
    }

    fn node(
        config: HsmConfig,
        master_key: [u8; 32],
        (store, volatile): (Arc<dyn Store>, Arc<dyn Store>),
        clock: Arc<AtomicU64>,
        streams: Arc<AtomicU64>,
    ) -> Result<Self, OpenError> {
        let mut random = SeededRandom::from_u64(streams.fetch_add(1, Ordering::Relaxed));
        let mut env = Env { now_ms: clock.load(Ordering::Relaxed), random: &mut random };
        let hsm = Hsm::open(
            config,
            &Zeroizing::new(master_key),
            Arc::clone(&store),
            Arc::clone(&volatile),
            &mut env,
        )?;
        Ok(Self { hsm: Arc::new(hsm), store, volatile, clock, streams })
    }

    /// Another node of the same cluster, its caches empty, with the number 1: the first one started again.
    pub(crate) fn reopened(&self) -> Self {
        let stores = (Arc::clone(&self.store), Arc::clone(&self.volatile));
        let (clock, streams) = (Arc::clone(&self.clock), Arc::clone(&self.streams));
        Self::node(HsmConfig::default(), MASTER_KEY, stores, clock, streams).unwrap()
    }

    /// Another node of the same cluster.
    pub(crate) fn another_node(&self) -> Self {
        let stores = (Arc::clone(&self.store), Arc::clone(&self.volatile));
        let (clock, streams) = (Arc::clone(&self.clock), Arc::clone(&self.streams));
        let config = HsmConfig { node: 2, ..HsmConfig::default() };
        Self::node(config, MASTER_KEY, stores, clock, streams).unwrap()
    }

    /// The cluster after all its nodes were off: what is volatile is gone.
    pub(crate) fn restarted(&self) -> Self {
        let stores: (Arc<dyn Store>, Arc<dyn Store>) =
            (Arc::clone(&self.store), Arc::new(MemoryStore::new()));
        let (clock, streams) = (Arc::clone(&self.clock), Arc::clone(&self.streams));
        Self::node(HsmConfig::default(), MASTER_KEY, stores, clock, streams).unwrap()
    }

    pub(crate) fn now_ms(&self) -> u64 {
        self.clock.load(Ordering::Relaxed)
    }

    pub(crate) fn advance(&self, milliseconds: u64) {
        self.clock.fetch_add(milliseconds, Ordering::Relaxed);
    }

    /// Randomness nobody else has.
    pub(crate) fn random(&self) -> SeededRandom {
        SeededRandom::from_u64(self.streams.fetch_add(1, Ordering::Relaxed))
    }

    /// Runs something that needs an [`Env`].
    pub(crate) fn within<T>(&self, run: impl FnOnce(&Hsm, &mut Env<'_>) -> T) -> T {
        let mut random = self.random();
        run(&self.hsm, &mut Env { now_ms: self.now_ms(), random: &mut random })
    }

    /// Brings the device to a known state.
    pub(crate) fn apply(&self, seed: &Seed) -> Result<(), SeedError> {
        self.within(|hsm, env| hsm.apply(seed, env))
    }

    /// A device in this operating mode.
    pub(crate) fn in_mode(mode: OperatingMode) -> Self {
        let device = Self::new();
        device.within(|hsm, env| hsm.set_mode(mode, env)).unwrap();
        device
    }

    /// Makes a user with [`PASSWORD`].
    pub(crate) fn user(&self, name: &str, permissions: u32) -> &Self {
        let user = SeedUser {
            name: name.to_owned(),
            password: Zeroizing::new(PASSWORD.to_owned()),
            permissions,
            ..SeedUser::default()
        };
        self.apply(&Seed { users: vec![user], ..Seed::default() }).unwrap();
        self
    }

    /// Puts a key of this material into a partition.
    pub(crate) fn key(
        &self,
        owner: &str,
        name: &str,
        (algorithm, material): (u32, &[u8]),
        attributes: u32,
    ) -> &Self {
        let key = SeedKey {
            owner: owner.to_owned(),
            name: name.to_owned(),
            algorithm,
            attributes,
            material: Some(Zeroizing::new(material.to_vec())),
        };
        self.apply(&Seed { keys: vec![key], ..Seed::default() }).unwrap();
        self
    }

    /// Lets `user` into the partition of `owner`.
    pub(crate) fn grant(&self, owner: &str, user: &str, acl: u32) -> &Self {
        let grant = SeedGrant { owner: owner.to_owned(), user: user.to_owned(), acl };
        self.apply(&Seed { grants: vec![grant], ..Seed::default() }).unwrap();
        self
    }

    /// A connection that has said hello, and will log in by token if `token`.
    pub(crate) fn connect_for(&self, token: bool) -> Peer {
        Peer::new(self.clone(), Hello { tls: false, token })
    }

    /// A connection that has said hello.
    pub(crate) fn connect(&self) -> Peer {
        self.connect_for(false)
    }

    /// A session of `master`.
    pub(crate) fn master(&self) -> Peer {
        self.login_with(MASTER, FACTORY)
    }

    /// A session of a user with [`PASSWORD`].
    pub(crate) fn login(&self, user: &str) -> Peer {
        self.login_with(user, PASSWORD)
    }

    /// A session of a user.
    pub(crate) fn login_with(&self, user: &str, password: &str) -> Peer {
        let mut peer = self.connect();
        assert_eq!(peer.login(user, password), Ok(()), "login of {user}");
        peer
    }

    /// An anonymous session.
    pub(crate) fn anonymous(&self) -> Peer {
        let mut peer = self.connect();
        peer.call(&bancada_wire::op::LoginAnonymous).unwrap();
        peer
    }

    /// A session of a user whose password has expired; the user is forced to change it.
    pub(crate) fn expired(&self, user: &str) -> Peer {
        let change = bancada_engine::UserChange { must_change: Some(true), ..Default::default() };
        self.within(|hsm, env| hsm.set_user(user, &change, env)).unwrap();
        let mut peer = self.connect();
        assert_eq!(peer.login(user, PASSWORD), Err(Status::ERR_PWD_EXPIRED));
        assert!(peer.is_connected());
        peer
    }

    /// Wrong logins of a user since the last good one.
    pub(crate) fn attempts(&self, user: &str) -> u32 {
        self.hsm.users().unwrap().into_iter().find(|view| view.name == user).unwrap().attempts
    }

    /// Whether a user is blocked.
    pub(crate) fn is_blocked(&self, user: &str) -> bool {
        self.hsm.users().unwrap().into_iter().find(|view| view.name == user).unwrap().blocked
    }
}
