//! A store in one file, over the embedded database redb, with group commit.
//!
//! Every commit is two-phase and synchronised with the disk before it returns, so what was acknowledged survives the
//! death of the process, and of the machine as far as its disk keeps what it confirmed.

mod create;
mod fault;
mod format;
mod group;
mod round;

#[cfg(test)]
mod power_tests;

use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bancada_engine::store::{Batch, Changed, Changes, Entry, Revision, Store, StoreError, Versioned};
use redb::{Builder, Database, ReadOnlyTable, ReadableDatabase, ReadableTable};

use self::fault::Faults;
use self::group::{Group, Lead, Outcome, Turn, Waiting};
use self::round::Round;
use crate::history::History;
use crate::limits;
use crate::prefix::PrefixRange;

/// Records in one file, which one process at a time may open.
///
/// Threads that commit at the same moment share one transaction, so the disk is synchronised once for all of them;
/// each batch still has its own revision, its own conditions and its own outcome.
///
/// After an input/output error the store answers [`StoreError::Unavailable`] until it is opened again: what the disk
/// holds is not known before then.
pub struct FileStore {
    database: Database,
    faults: Faults,
    group: Group,
    history: Mutex<History>,
    /// Copy of the history's revision, so that asking for it takes no lock.
    revision: AtomicU64,
}

impl FileStore {
    /// Opens the store in a file, and creates it when there is no such file. Its folder must exist.
    ///
    /// The whole file is verified first, and repaired if its last user was killed; that reads it once.
    /// On Unix a new file can be read and written by its owner only.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the file is in use, may not be used, or was written by a newer version;
    /// [`StoreError::Corrupt`] when it is damaged, or is something else than a store. The text says what to do.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let faults = Faults::about(path.as_ref());
        let builder = builder();
        let found = std::fs::metadata(faults.path());
        match found {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => create::create(&builder, &faults)?,
            Err(error) => return Err(faults.on_io("opening it", &error)),
            Ok(found) if found.is_dir() => {
                return Err(faults.on_io("opening it", &std::io::ErrorKind::IsADirectory.into()));
            }
            // Filling an empty file in place could not be undone if this process were killed halfway.
            Ok(found) if found.len() == 0 => return Err(faults.corrupt("it is an empty file, not a store")),
            Ok(_) => {}
        }
        let database = builder.open(faults.path()).map_err(|error| faults.on_open(error))?;
        Self::over(database, faults)
    }

    /// The store in an open database.
    fn over(database: Database, faults: Faults) -> Result<Self, StoreError> {
        let revision = format::check(&database, &faults)?;
        Ok(Self {
            database,
            faults,
            group: Group::default(),
            history: Mutex::new(History::starting_at(revision)),
            revision: AtomicU64::new(revision),
        })
    }
}

impl fmt::Debug for FileStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileStore")
            .field("path", &self.faults.path())
            .field("revision", &self.revision())
            .finish_non_exhaustive()
    }
}

impl Store for FileStore {
    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        limits::check_key("key", key)?;
        let found = self.records()?.get_owned(key).map_err(|error| self.faults.on_use(error))?;
        found.map(|stored| format::decode(stored.value(), &self.faults)).transpose()
    }

    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StoreError> {
        limits::check_key("prefix", prefix)?;
        let Some(range) = PrefixRange::new(prefix, after) else { return Ok(Vec::new()) };
        let records = self.records()?;
        let found = ReadableTable::range::<&[u8]>(&records, range.bounds());
        let mut entries = Vec::new();
        for entry in found.map_err(|error| self.faults.on_use(error))?.take(limit) {
            let (key, stored) = entry.map_err(|error| self.faults.on_use(error))?;
            entries.push((key.value().to_vec(), format::decode(stored.value(), &self.faults)?));
        }
        Ok(entries)
    }

    fn keys(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Vec<u8>>, StoreError> {
        limits::check_key("prefix", prefix)?;
        let Some(range) = PrefixRange::new(prefix, after) else { return Ok(Vec::new()) };
        let records = self.records()?;
        let found = ReadableTable::range::<&[u8]>(&records, range.bounds());
        let found = found.map_err(|error| self.faults.on_use(error))?.take(limit);
        found.map(|entry| Ok(entry.map_err(|error| self.faults.on_use(error))?.0.value().to_vec())).collect()
    }

    fn commit(&self, batch: &Batch) -> Result<Revision, StoreError> {
        limits::check_batch(batch)?;
        match self.group.join(batch) {
            Turn::Lead(lead) => self.lead(&lead, batch),
            Turn::Done(outcome) => outcome,
        }
    }

    fn revision(&self) -> Revision {
        self.revision.load(Ordering::Acquire)
    }

    fn changes(&self, since: Revision) -> Result<Changes, StoreError> {
        Ok(self.history().since(since))
    }
}

/// Most memory the database keeps pages in. Our choice: a device's whole state usually fits.
const CACHE_BYTES: usize = 64 * 1024 * 1024;

/// After how many batches a leader stops taking more into its transaction. Our choice: it bounds how long the first of
/// them waits when others keep coming.
const ROUND_BATCHES: usize = 1024;

fn builder() -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE_BYTES).set_check_integrity_on_open(true);
    builder
}

impl FileStore {
    fn records(&self) -> Result<ReadOnlyTable<&'static [u8], &'static [u8]>, StoreError> {
        let transaction = self.database.begin_read().map_err(|error| self.faults.on_use(error))?;
        transaction.open_table(format::RECORDS).map_err(|error| self.faults.on_use(error))
    }

    fn history(&self) -> MutexGuard<'_, History> {
        // Recording a commit cannot panic halfway.
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Commits the caller's batch together with those that wait, and tells each of those its outcome.
    fn lead(&self, lead: &Lead<'_>, own: &Batch) -> Outcome {
        let mut followers = Vec::new();
        match self.write(lead, own, &mut followers) {
            Ok((outcome, others)) => {
                for (follower, outcome) in followers.into_iter().zip(others) {
                    follower.tell(outcome);
                }
                outcome
            }
            Err(error) => {
                for follower in followers {
                    follower.tell(Err(fault::again(&error)));
                }
                Err(error)
            }
        }
    }

    /// Writes one round and makes it durable. Outcomes are of the leader's batch, and of each follower's.
    fn write(
        &self,
        lead: &Lead<'_>,
        own: &Batch,
        followers: &mut Vec<Waiting>,
    ) -> Result<(Outcome, Vec<Outcome>), StoreError> {
        let transaction = format::begin_durable(&self.database, &self.faults)?;
        let mut round = Round::after(self.revision(), &self.faults);
        let mut others = Vec::new();
        let outcome = {
            let mut records =
                transaction.open_table(format::RECORDS).map_err(|error| self.faults.on_use(error))?;
            let outcome = round.apply(&mut records, own)?;
            while followers.len() < ROUND_BATCHES {
                // Kept by the caller before they are applied: if that fails, they are told.
                followers.extend(lead.take_waiting());
                if others.len() == followers.len() {
                    break;
                }
                for follower in &followers[others.len()..] {
                    others.push(round.apply(&mut records, &follower.batch)?);
                }
            }
            outcome
        };
        if round.commits().is_empty() {
            transaction.abort().map_err(|error| self.faults.on_use(error))?;
        } else {
            format::set_revision(&transaction, round.last(), &self.faults)?;
            transaction.commit().map_err(|error| self.faults.on_use(error))?;
            self.publish(round.into_commits());
        }
        Ok((outcome, others))
    }

    /// Lets readers learn of durable commits.
    fn publish(&self, commits: Vec<(Revision, Vec<Changed>)>) {
        let mut history = self.history();
        for (revision, changed) in commits {
            history.record(revision, changed);
        }
        self.revision.store(history.revision(), Ordering::Release);
    }
}
