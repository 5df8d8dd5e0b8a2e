//! Sealed records and the node's cache of them: the only way the device reads or writes its store.
//!
//! Every record is sealed under the server master key with its own key as additional data, so that a store shows
//! names and nothing else, and records cannot be swapped. The cache holds records already parsed; a private key is
//! parsed once and kept.

use crate::env::Env;
use crate::fault::Outcome;
use crate::grant::Grants;
use crate::object::Object;
use crate::policy::Policy;
use crate::store::{Batch, Change, Changed, Changes, Condition, Revision, Store, StoreError};
use crate::user::User;
use bancada_crypto::seal::SealKey;
use bancada_wire::frame::OperatingMode;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};
use zeroize::Zeroizing;

const NONCE_LEN: usize = 12;
/// Objects kept parsed; beyond it the cache starts again.
const CACHED_OBJECTS: usize = 100_000;
/// Largest object kept, in stored bytes: any key is smaller. A blob that is larger is read again.
const CACHED_BYTES: usize = 16 << 10;

/// Prefix of users' records.
pub(crate) const USERS: &[u8] = b"u/";
/// Prefix of the objects' records of every partition.
pub(crate) const OBJECTS: &[u8] = b"o/";
/// Prefix of grants' records.
pub(crate) const GRANTS: &[u8] = b"g/";
/// Key of the device's settings: operating mode and password policy.
pub(crate) const SETTINGS: &[u8] = b"d/settings";

/// Key of a user's record.
pub(crate) fn user_key(name: &str) -> Vec<u8> {
    [USERS, name.as_bytes()].concat()
}

/// Prefix of the objects of a partition.
pub(crate) fn objects_prefix(partition: &str) -> Vec<u8> {
    [OBJECTS, partition.as_bytes(), b"/"].concat()
}

/// Key of an object's record.
pub(crate) fn object_key(partition: &str, name: &str) -> Vec<u8> {
    [OBJECTS, partition.as_bytes(), b"/", name.as_bytes()].concat()
}

/// Key of the record that holds whom a partition trusts.
pub(crate) fn grants_key(partition: &str) -> Vec<u8> {
    [GRANTS, partition.as_bytes()].concat()
}

/// Operating mode and password policy.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    pub(crate) mode: OperatingMode,
    pub(crate) policy: Policy,
    /// Revision of the record; 0 before it is stored.
    pub(crate) revision: Revision,
}

impl Settings {
    pub(crate) fn to_record(&self) -> Zeroizing<Vec<u8>> {
        let mut record = vec![self.mode.number() as u8];
        record.extend_from_slice(&self.policy.to_record());
        Zeroizing::new(record)
    }

    fn from_record(record: &[u8], revision: Revision) -> Option<Self> {
        let (&mode, policy) = record.split_first()?;
        let mode = OperatingMode::from_number(mode.into())?;
        Some(Self { mode, policy: Policy::from_record(policy)?, revision })
    }
}

/// Parsed records that are known to be current as of `seen`.
#[derive(Default)]
struct Cache {
    seen: Revision,
    settings: Option<Arc<Settings>>,
    users: BTreeMap<String, Arc<User>>,
    objects: BTreeMap<Vec<u8>, Arc<Object>>,
    grants: BTreeMap<String, Arc<Grants>>,
}

impl Cache {
    fn forget(&mut self, changes: Changes) {
        match changes {
            Changes::Everything { revision } => *self = Self { seen: revision, ..Self::default() },
            Changes::Keys { changed, revision } => {
                for change in changed {
                    match change {
                        Changed::Key(key) => self.forget_key(&key),
                        Changed::Prefix(prefix) => self.forget_prefix(&prefix),
                    }
                }
                self.seen = revision;
            }
        }
    }

    fn forget_key(&mut self, key: &[u8]) {
        let name = key.get(2..).and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default();
        match key.first() {
            Some(b'o') => drop(self.objects.remove(key)),
            Some(b'u') => drop(self.users.remove(name)),
            Some(b'g') => drop(self.grants.remove(name)),
            _ => self.settings = None,
        }
    }

    fn forget_prefix(&mut self, prefix: &[u8]) {
        match prefix.first() {
            Some(b'o') => self.objects.retain(|key, _| !key.starts_with(prefix)),
            _ => *self = Self::default(),
        }
    }
}

/// The node's view of the cluster's store.
pub(crate) struct Vault {
    store: Arc<dyn Store>,
    seal: SealKey,
    cache: RwLock<Cache>,
    census: Mutex<Census>,
}

/// How many users and objects there were as of a revision.
#[derive(Clone, Copy)]
struct Census {
    seen: Revision,
    users: u64,
    objects: u64,
}

impl Vault {
    pub(crate) fn new(store: Arc<dyn Store>, seal: SealKey) -> Self {
        // A store at revision 0 is empty.
        let census = Mutex::new(Census { seen: 0, users: 0, objects: 0 });
        Self { store, seal, cache: RwLock::default(), census }
    }

    /// Revision of the last commit anyone made.
    pub(crate) fn revision(&self) -> Revision {
        self.store.revision()
    }

    /// Identifies the server master key.
    pub(crate) fn master_key_id(&self) -> [u8; 8] {
        let [a, b, c, d, e, f, g, h, ..] = self.seal.fingerprint();
        [a, b, c, d, e, f, g, h]
    }

    /// The cache, brought up to date with the store.
    fn current(&self) -> Result<RwLockReadGuard<'_, Cache>, StoreError> {
        let cache = self.cache.read().unwrap_or_else(PoisonError::into_inner);
        if cache.seen == self.store.revision() {
            return Ok(cache);
        }
        drop(cache);
        let mut cache = self.cache.write().unwrap_or_else(PoisonError::into_inner);
        let changes = self.store.changes(cache.seen)?;
        cache.forget(changes);
        drop(cache);
        Ok(self.cache.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps what was just read, unless the store has moved on since `seen`.
    fn keep(&self, seen: Revision, keep: impl FnOnce(&mut Cache)) {
        let mut cache = self.cache.write().unwrap_or_else(PoisonError::into_inner);
        if cache.seen == seen {
            keep(&mut cache);
        }
    }

    fn open(&self, key: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let corrupt = || StoreError::Corrupt(format!("record {} does not open", key.escape_ascii()));
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>().ok_or_else(corrupt)?;
        self.seal.open(*nonce, key, sealed).map_err(|_| corrupt())
    }

    /// Reads a sealed record and parses it, past the cache.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn read<T>(
        &self,
        key: &[u8],
        parse: impl FnOnce(&[u8], Revision) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        let Some(stored) = self.store.get(key)? else { return Ok(None) };
        let record = self.open(key, &stored.value)?;
        let parsed = parse(&record, stored.revision);
        parsed
            .map(Some)
            .ok_or_else(|| StoreError::Corrupt(format!("record {} is malformed", key.escape_ascii())))
    }

    /// Operating mode and password policy.
    pub(crate) fn settings(&self) -> Result<Arc<Settings>, StoreError> {
        let cache = self.current()?;
        if let Some(settings) = &cache.settings {
            return Ok(Arc::clone(settings));
        }
        let seen = cache.seen;
        drop(cache);
        let settings = Arc::new(self.read(SETTINGS, Settings::from_record)?.unwrap_or_default());
        self.keep(seen, |cache| cache.settings = Some(Arc::clone(&settings)));
        Ok(settings)
    }

    /// A user.
    pub(crate) fn user(&self, name: &str) -> Result<Option<Arc<User>>, StoreError> {
        let cache = self.current()?;
        if let Some(user) = cache.users.get(name) {
            return Ok(Some(Arc::clone(user)));
        }
        let seen = cache.seen;
        drop(cache);
        let Some(user) = self.read(&user_key(name), User::from_record)?.map(Arc::new) else {
            return Ok(None);
        };
        self.keep(seen, |cache| drop(cache.users.insert(name.to_owned(), Arc::clone(&user))));
        Ok(Some(user))
    }

    /// A permanent object.
    pub(crate) fn object(&self, key: &[u8]) -> Outcome<Option<Arc<Object>>> {
        let cache = self.current()?;
        if let Some(object) = cache.objects.get(key) {
            return Ok(Some(Arc::clone(object)));
        }
        let seen = cache.seen;
        drop(cache);
        let mut length = 0;
        let parse = |record: &[u8], revision| {
            length = record.len();
            Object::from_record(record, revision)
        };
        let Some(object) = self.read(key, parse)?.map(Arc::new) else { return Ok(None) };
        if length > CACHED_BYTES {
            return Ok(Some(object));
        }
        self.keep(seen, |cache| {
            if cache.objects.len() >= CACHED_OBJECTS {
                cache.objects.clear();
            }
            cache.objects.insert(key.to_vec(), Arc::clone(&object));
        });
        Ok(Some(object))
    }

    /// Whom a partition trusts.
    pub(crate) fn grants(&self, partition: &str) -> Result<Arc<Grants>, StoreError> {
        let cache = self.current()?;
        if let Some(grants) = cache.grants.get(partition) {
            return Ok(Arc::clone(grants));
        }
        let seen = cache.seen;
        drop(cache);
        // Absence is not kept: peers ask about any name they like.
        let Some(grants) = self.read(&grants_key(partition), Grants::from_record)?.map(Arc::new) else {
            return Ok(Arc::default());
        };
        self.keep(seen, |cache| drop(cache.grants.insert(partition.to_owned(), Arc::clone(&grants))));
        Ok(grants)
    }

    /// Keys that start with `prefix` and come after `after`, in order.
    pub(crate) fn keys(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        self.store.keys(prefix, after, limit)
    }

    /// How many users and how many objects there are. Counted again only when something was written.
    pub(crate) fn census(&self) -> Result<(u64, u64), StoreError> {
        let seen = self.store.revision();
        let known = *self.census.lock().unwrap_or_else(PoisonError::into_inner);
        if known.seen == seen {
            return Ok((known.users, known.objects));
        }
        let (users, objects) = (self.count(USERS)?, self.count(OBJECTS)?);
        *self.census.lock().unwrap_or_else(PoisonError::into_inner) = Census { seen, users, objects };
        Ok((users, objects))
    }

    fn count(&self, prefix: &[u8]) -> Result<u64, StoreError> {
        const PAGE: usize = 1024;
        let (mut count, mut after) = (0, None);
        loop {
            let page = self.keys(prefix, after.as_deref(), PAGE)?;
            count += page.len() as u64;
            match page.into_iter().next_back() {
                Some(last) => after = Some(last),
                None => return Ok(count),
            }
        }
    }

    /// Commits what a transaction collected.
    ///
    /// # Errors
    /// [`Fault::Conflict`](crate::fault::Fault::Conflict) when a record it relied on has changed.
    pub(crate) fn commit(&self, transaction: Transaction, env: &mut Env<'_>) -> Outcome<Revision> {
        Ok(self.apply(transaction, env)?)
    }

    /// [`Vault::commit`] for callers that are no operation.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn apply(&self, transaction: Transaction, env: &mut Env<'_>) -> Result<Revision, StoreError> {
        let mut batch = Batch { conditions: transaction.conditions, changes: Vec::new() };
        for change in transaction.changes {
            batch.changes.push(match change {
                Pending::Put(key, record) => {
                    let value = self.seal(&key, &record, env)?;
                    Change::Put { key, value }
                }
                Pending::Delete(key) => Change::Delete { key },
                Pending::DeletePrefix(prefix) => Change::DeletePrefix { prefix },
            });
        }
        self.store.commit(&batch)
    }

    fn seal(&self, key: &[u8], record: &[u8], env: &mut Env<'_>) -> Result<Vec<u8>, StoreError> {
        let mut nonce = [0; NONCE_LEN];
        env.random.fill(&mut nonce);
        let failed = |_| StoreError::Unavailable("the record cannot be sealed".to_owned());
        let sealed = self.seal.seal(nonce, key, record).map_err(failed)?;
        Ok([&nonce[..], &sealed].concat())
    }
}

enum Pending {
    Put(Vec<u8>, Zeroizing<Vec<u8>>),
    Delete(Vec<u8>),
    DeletePrefix(Vec<u8>),
}

/// Changes that take effect together, and the records they rely on.
#[derive(Default)]
pub(crate) struct Transaction {
    conditions: Vec<Condition>,
    changes: Vec<Pending>,
}

impl Transaction {
    /// Relies on a record being at this revision; 0 for absent.
    pub(crate) fn expect(&mut self, key: Vec<u8>, revision: Revision) -> &mut Self {
        self.conditions.push(Condition { key, revision });
        self
    }

    /// Writes a record.
    pub(crate) fn put(&mut self, key: Vec<u8>, record: Zeroizing<Vec<u8>>) -> &mut Self {
        self.changes.push(Pending::Put(key, record));
        self
    }

    /// Writes a record that was read at this revision; 0 for a new one.
    pub(crate) fn replace(
        &mut self,
        key: Vec<u8>,
        revision: Revision,
        record: Zeroizing<Vec<u8>>,
    ) -> &mut Self {
        self.expect(key.clone(), revision).put(key, record)
    }

    /// Removes a record.
    pub(crate) fn delete(&mut self, key: Vec<u8>) -> &mut Self {
        self.changes.push(Pending::Delete(key));
        self
    }

    /// Removes every record with this prefix.
    pub(crate) fn delete_prefix(&mut self, prefix: Vec<u8>) -> &mut Self {
        self.changes.push(Pending::DeletePrefix(prefix));
        self
    }
}
