//! A store in memory, for tests and for devices that need not outlive their process.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use bancada_engine::store::{
    Batch, Change, Changed, Changes, Condition, Entry, Revision, Store, StoreError, Versioned,
};

use crate::history::History;
use crate::limits;
use crate::prefix::PrefixRange;

/// Records in an ordered map under a lock. Nothing is written anywhere: it is gone when it is dropped.
pub struct MemoryStore {
    state: RwLock<State>,
    /// Copy of the history's revision, so that asking for it takes no lock.
    revision: AtomicU64,
}

impl MemoryStore {
    /// An empty store, at revision 0.
    #[must_use]
    pub fn new() -> Self {
        let state = State { records: BTreeMap::new(), history: History::starting_at(0) };
        Self { state: RwLock::new(state), revision: AtomicU64::new(0) }
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("revision", &self.revision()).finish_non_exhaustive()
    }
}

impl Store for MemoryStore {
    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        limits::check_key("key", key)?;
        Ok(self.read().records.get(key).cloned())
    }

    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StoreError> {
        limits::check_key("prefix", prefix)?;
        let Some(range) = PrefixRange::new(prefix, after) else { return Ok(Vec::new()) };
        let state = self.read();
        let found = state.records.range::<[u8], _>(range.bounds()).take(limit);
        Ok(found.map(|(key, record)| (key.clone(), record.clone())).collect())
    }

    fn keys(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Vec<u8>>, StoreError> {
        limits::check_key("prefix", prefix)?;
        let Some(range) = PrefixRange::new(prefix, after) else { return Ok(Vec::new()) };
        let state = self.read();
        let found = state.records.range::<[u8], _>(range.bounds()).take(limit);
        Ok(found.map(|(key, _)| key.clone()).collect())
    }

    fn commit(&self, batch: &Batch) -> Result<Revision, StoreError> {
        limits::check_batch(batch)?;
        let mut state = self.write();
        if !batch.conditions.iter().all(|condition| state.holds(condition)) {
            return Err(StoreError::Conflict);
        }
        let next = state.history.revision() + 1;
        let changed = state.apply(&batch.changes, next);
        if changed.is_empty() {
            return Ok(state.history.revision());
        }
        state.history.record(next, changed);
        self.revision.store(next, Ordering::Release);
        Ok(next)
    }

    fn revision(&self) -> Revision {
        self.revision.load(Ordering::Acquire)
    }

    fn changes(&self, since: Revision) -> Result<Changes, StoreError> {
        Ok(self.read().history.since(since))
    }
}

impl MemoryStore {
    // A thread that panicked while it held the lock was not in the middle of a change: applying one cannot panic.
    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

struct State {
    records: BTreeMap<Vec<u8>, Versioned>,
    history: History,
}

impl State {
    fn holds(&self, condition: &Condition) -> bool {
        self.records.get(&condition.key).map_or(0, |record| record.revision) == condition.revision
    }

    /// Applies the changes in order and tells which of them changed something.
    fn apply(&mut self, changes: &[Change], revision: Revision) -> Vec<Changed> {
        let mut changed = Vec::with_capacity(changes.len());
        for change in changes {
            match change {
                Change::Put { key, value } => {
                    self.records.insert(key.clone(), Versioned { value: value.clone(), revision });
                    changed.push(Changed::Key(key.clone()));
                }
                Change::Delete { key } => {
                    if self.records.remove(key).is_some() {
                        changed.push(Changed::Key(key.clone()));
                    }
                }
                Change::DeletePrefix { prefix } => {
                    if self.remove_prefix(prefix) {
                        changed.push(Changed::Prefix(prefix.clone()));
                    }
                }
            }
        }
        changed
    }

    fn remove_prefix(&mut self, prefix: &[u8]) -> bool {
        let Some(range) = PrefixRange::new(prefix, None) else { return false };
        self.records.extract_if(range, |_, _| true).count() > 0
    }
}
