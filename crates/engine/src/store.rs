//! What the device needs of durable storage: versioned reads, ordered scans, and a compare-and-commit of a batch.
//!
//! A store holds small records under byte-string keys. Every commit that changes something gets the next
//! [`Revision`]; a record remembers the revision that wrote it. Nodes of one cluster share one store and learn
//! of each other's writes by asking [`Store::changes`] when [`Store::revision`] has moved.
//! Secrets are sealed before they come here: a store may be read by anyone who can read its file.

use std::fmt;

/// Number of a commit, counted from 1; 0 is the empty store, and "absent" in a [`Condition`].
pub type Revision = u64;

/// A record as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned {
    /// The bytes.
    pub value: Vec<u8>,
    /// The commit that wrote them.
    pub revision: Revision,
}

/// What must still hold for a batch to be committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Key of the record.
    pub key: Vec<u8>,
    /// Revision it must have; 0 when it must be absent.
    pub revision: Revision,
}

/// One change of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Writes a record.
    Put {
        /// Key of the record.
        key: Vec<u8>,
        /// Its new bytes.
        value: Vec<u8>,
    },
    /// Removes a record, if it is there.
    Delete {
        /// Key of the record.
        key: Vec<u8>,
    },
    /// Removes every record whose key starts with the prefix.
    DeletePrefix {
        /// The prefix; empty for everything.
        prefix: Vec<u8>,
    },
}

/// Changes that take effect together, or not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// What must still hold.
    pub conditions: Vec<Condition>,
    /// What changes, in order.
    pub changes: Vec<Change>,
}

/// Keys that changed since a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changes {
    /// These records changed or vanished; the list may name a key twice.
    Keys {
        /// Keys and prefixes that changed.
        changed: Vec<Changed>,
        /// The revision the list goes up to.
        revision: Revision,
    },
    /// The store no longer remembers that far back: forget everything cached.
    Everything {
        /// The revision up to which everything may have changed.
        revision: Revision,
    },
}

/// One entry of [`Changes::Keys`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// This key.
    Key(Vec<u8>),
    /// Every key with this prefix.
    Prefix(Vec<u8>),
}

/// Why a store could not do what it was asked.
#[derive(Debug)]
pub enum StoreError {
    /// A [`Condition`] does not hold any more: read again and decide again.
    Conflict,
    /// The store is failing; the text says what to look at.
    Unavailable(String),
    /// What is stored is not what a store wrote; the text says where.
    Corrupt(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict => f.write_str("another write came first"),
            Self::Unavailable(what) => write!(f, "the store is not available: {what}"),
            Self::Corrupt(what) => write!(f, "the store is damaged: {what}"),
        }
    }
}

impl std::error::Error for StoreError {}

/// A record with its key.
pub type Entry = (Vec<u8>, Versioned);

/// Durable, ordered, shared by the nodes of a cluster.
pub trait Store: Send + Sync {
    /// Reads one record.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Corrupt`].
    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError>;

    /// Reads up to `limit` records whose keys start with `prefix` and are greater than `after`, in order.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Corrupt`].
    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StoreError>;

    /// Reads the keys [`Store::scan`] would find, without their records. A backend that can list keys alone should say how.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Corrupt`].
    fn keys(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Vec<u8>>, StoreError> {
        /// Records held at once: some are half a mebibyte.
        const PAGE: usize = 64;
        let mut keys: Vec<Vec<u8>> = Vec::new();
        while keys.len() < limit {
            let wanted = PAGE.min(limit - keys.len());
            let after = keys.last().map(Vec::as_slice).or(after);
            let page = self.scan(prefix, after, wanted)?;
            let whole = page.len() == wanted;
            keys.extend(page.into_iter().map(|(key, _)| key));
            if !whole {
                break;
            }
        }
        Ok(keys)
    }

    /// Commits a batch whose conditions hold, durably, before it returns the batch's revision.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a condition does not hold; nothing has changed then.
    /// After [`StoreError::Unavailable`] the batch may or may not have been committed, never half of it.
    fn commit(&self, batch: &Batch) -> Result<Revision, StoreError>;

    /// Revision of the last commit. Cheap: asked before every operation.
    fn revision(&self) -> Revision;

    /// What changed after `since`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Corrupt`].
    fn changes(&self, since: Revision) -> Result<Changes, StoreError>;
}
