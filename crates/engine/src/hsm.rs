//! One node: opening it on a store, its sessions, and the factory state.

use crate::env::Env;
use crate::log::AuditLog;
use crate::policy::Policy;
use crate::session::Session;
use crate::store::{Batch, Change, Condition, Store, StoreError};
use crate::user::{MASTER, User, password_proof};
use crate::vault::{GRANTS, OBJECTS, SETTINGS, Settings, Transaction, USERS, Vault, user_key};
use bancada_crypto::Zeroizing;
use bancada_crypto::seal::SealKey;
use bancada_wire::acl;
use bancada_wire::frame::{Hello, OperatingMode};
use bancada_wire::op::{Cost, Effect, Spec};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Key of the record that says which server master key a store belongs to. Not sealed: it is what tells a wrong key
/// from damage.
const BINDING: &[u8] = b"d/binding";
/// Permissions of the factory operator: every system permission.
const MASTER_ACL: u32 = acl::DEFAULT_OWNER
    | acl::USR_CREATE
    | acl::USR_REMOTE_LOG
    | acl::USR_LIST
    | acl::SYS_OPERATOR
    | acl::SYS_BACKUP
    | acl::SYS_UPDATE_HSM
    | acl::NS_AUTHORIZATION;

/// What a node is told about itself.
#[derive(Clone)]
pub struct HsmConfig {
    /// Number of the node in its cluster; shown in audit lines.
    pub node: u32,
    /// Model, up to 32 characters.
    pub model: String,
    /// Serial number, up to 32 characters.
    pub serial: String,
    /// Version of the program that runs it, up to 32 characters.
    pub firmware: String,
    /// Password of `master` in the factory state: 8 to 16 printable characters.
    pub master_password: Zeroizing<String>,
    /// Milliseconds without a request after which a session is closed.
    pub idle_timeout_ms: u64,
}

impl Default for HsmConfig {
    /// The factory's settings: password 12345678, five minutes.
    fn default() -> Self {
        Self {
            node: 1,
            model: "Bancada".to_owned(),
            serial: "BANCADA000001".to_owned(),
            firmware: env!("CARGO_PKG_VERSION").to_owned(),
            master_password: Zeroizing::new("12345678".to_owned()),
            idle_timeout_ms: 300_000,
        }
    }
}

/// Why a device cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// No client could log in with this password.
    #[error("the factory password of master must have 8 to 16 printable ASCII characters; choose another")]
    MasterPassword,
    /// The store was written under another server master key.
    #[error(
        "the store belongs to another server master key; give the key it was made with, or start with a new store"
    )]
    WrongMasterKey,
    /// The store is failing.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One node of a simulated cluster. Shared by its connections.
pub struct Hsm {
    pub(crate) config: HsmConfig,
    pub(crate) vault: Vault,
    /// Access tokens: shared by the nodes, gone with the cluster.
    pub(crate) tokens: Vault,
    pub(crate) log: AuditLog,
    pub(crate) operations: AtomicU64,
    pub(crate) open_sessions: AtomicU32,
    next_session: AtomicU64,
}

impl Hsm {
    /// Opens a node on its cluster's stores. An empty store gets the factory state.
    ///
    /// `store` is durable; `volatile` is shared by the nodes and dies with them.
    ///
    /// # Errors
    /// [`OpenError`]; nothing is written then.
    pub fn open(
        config: HsmConfig,
        master_key: &Zeroizing<[u8; 32]>,
        store: Arc<dyn Store>,
        volatile: Arc<dyn Store>,
        env: &mut Env<'_>,
    ) -> Result<Self, OpenError> {
        if Policy::default().check(config.master_password.as_bytes()).is_err() {
            return Err(OpenError::MasterPassword);
        }
        let fingerprint = SealKey::new(**master_key).fingerprint();
        let bound = match store.get(BINDING)? {
            Some(binding) if binding.value == fingerprint => true,
            Some(_) => return Err(OpenError::WrongMasterKey),
            None => false,
        };
        if !bound {
            let binding = Change::Put { key: BINDING.to_vec(), value: fingerprint.to_vec() };
            let absent = Condition { key: BINDING.to_vec(), revision: 0 };
            match store.commit(&Batch { conditions: vec![absent], changes: vec![binding] }) {
                Ok(_) => {}
                // Another node of the cluster opened first; it has the same key or the next open says so.
                Err(StoreError::Conflict) => {
                    return Self::open(config, master_key, store, volatile, env);
                }
                Err(error) => return Err(error.into()),
            }
        }
        let hsm = Self {
            config,
            vault: Vault::new(store, SealKey::new(**master_key)),
            tokens: Vault::new(volatile, SealKey::new(**master_key)),
            log: AuditLog::default(),
            operations: AtomicU64::new(0),
            open_sessions: AtomicU32::new(0),
            next_session: AtomicU64::new(1),
        };
        // A crash between the binding and the factory state is made good here.
        if hsm.vault.user(MASTER)?.is_none() {
            let mut factory = hsm.factory(OperatingMode::Nrm, env);
            factory.expect(user_key(MASTER), 0);
            match hsm.vault.apply(factory, env) {
                // Another node of the cluster made it first, and may have served clients since.
                Ok(_) | Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        hsm.log.add(env.now_ms, hsm.config.node, 0, format_args!("{} started", hsm.config.serial));
        Ok(hsm)
    }

    /// Starts a session for a connection that has said hello, and finished its TLS handshake if it asked for one.
    ///
    /// `cipher` is the negotiated suite's IANA name, empty for a clear connection.
    pub fn session(&self, hello: Hello, cipher: &'static str, env: &mut Env<'_>) -> Session {
        self.open_sessions.fetch_add(1, Ordering::Relaxed);
        Session::new(self.next_session.fetch_add(1, Ordering::Relaxed), hello, cipher, env.now_ms)
    }

    /// Ends a session: its temporary objects are gone.
    pub fn close(&self, session: &Session, env: &mut Env<'_>) {
        self.open_sessions.fetch_sub(1, Ordering::Relaxed);
        if session.kind().is_some() {
            let who = session.user().unwrap_or("nobody");
            self.log.add(env.now_ms, self.config.node, session.correlation, format_args!("logout of {who}"));
        }
    }

    /// Whether a session has been idle for too long and is to be closed.
    #[must_use]
    pub fn idle_expired(&self, session: &Session, now_ms: u64) -> bool {
        now_ms.saturating_sub(session.last_activity_ms) >= self.config.idle_timeout_ms
    }

    /// How the device treats an operation; `None` for an unknown opcode.
    #[must_use]
    pub fn spec(code: u32) -> Option<&'static Spec> {
        bancada_wire::op::spec(code)
    }

    /// Whether a request should run on the host's pool: it computes for long, or it may wait for the disk.
    #[must_use]
    pub fn is_heavy(code: u32) -> bool {
        Self::spec(code).is_some_and(|spec| spec.cost == Cost::Heavy || spec.effect == Effect::Write)
    }

    /// Milliseconds without a request after which a session is closed.
    #[must_use]
    pub fn idle_timeout_ms(&self) -> u64 {
        self.config.idle_timeout_ms
    }

    /// Empties the database and starts over in an operating mode, `master` with its factory password.
    pub(crate) fn wipe(&self, mode: OperatingMode, env: &mut Env<'_>) -> Result<(), StoreError> {
        let factory = self.factory(mode, env);
        self.vault.apply(factory, env)?;
        self.forget_tokens(env);
        Ok(())
    }

    /// What brings the database to the factory state.
    pub(crate) fn factory(&self, mode: OperatingMode, env: &mut Env<'_>) -> Transaction {
        let settings = Settings { mode, ..Settings::default() };
        let proof = password_proof(self.config.master_password.as_bytes());
        let master = User::new(MASTER, MASTER_ACL, proof, env);
        let mut transaction = Transaction::default();
        for prefix in [USERS, OBJECTS, GRANTS] {
            transaction.delete_prefix(prefix.to_vec());
        }
        transaction.put(SETTINGS.to_vec(), settings.to_record()).put(user_key(MASTER), master.to_record());
        transaction
    }

    /// Forgets every access token. Their owners are gone, so that they are worth nothing even if this fails.
    pub(crate) fn forget_tokens(&self, env: &mut Env<'_>) {
        let mut tokens = Transaction::default();
        tokens.delete_prefix(Vec::new());
        let _ = self.tokens.apply(tokens, env);
    }
}
