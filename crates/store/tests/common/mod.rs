//! What the tests of both backends share: short ways to say a batch, and a store in a fresh folder.
#![allow(dead_code, reason = "each test binary uses its part")]

use bancada_engine::store::{Batch, Change, Changed, Condition, Revision};
use bancada_store::FileStore;
use tempfile::TempDir;

/// A file store and the folder it lives in.
pub(crate) struct Fresh {
    /// The store.
    pub(crate) store: FileStore,
    /// Removed when dropped.
    pub(crate) folder: TempDir,
}

/// A new file store.
pub(crate) fn fresh() -> Fresh {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::open(folder.path().join("state")).unwrap();
    Fresh { store, folder }
}

/// A batch without conditions.
pub(crate) fn batch(changes: impl IntoIterator<Item = Change>) -> Batch {
    Batch { conditions: vec![], changes: changes.into_iter().collect() }
}

/// A batch with one condition.
pub(crate) fn batch_if(key: &[u8], revision: Revision, changes: impl IntoIterator<Item = Change>) -> Batch {
    Batch { conditions: vec![Condition { key: key.to_vec(), revision }], ..batch(changes) }
}

/// Writes a record.
pub(crate) fn put(key: &[u8], value: &[u8]) -> Change {
    Change::Put { key: key.to_vec(), value: value.to_vec() }
}

/// Removes a record.
pub(crate) fn delete(key: &[u8]) -> Change {
    Change::Delete { key: key.to_vec() }
}

/// Removes the records under a prefix.
pub(crate) fn delete_prefix(prefix: &[u8]) -> Change {
    Change::DeletePrefix { prefix: prefix.to_vec() }
}

/// An entry of a list of changes.
pub(crate) fn changed(key: &[u8]) -> Changed {
    Changed::Key(key.to_vec())
}
