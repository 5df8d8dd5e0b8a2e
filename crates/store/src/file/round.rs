//! What one transaction of a [`FileStore`](super::FileStore) does: several batches, one after the other, each on the
//! state the one before it left.

use bancada_engine::store::{Batch, Change, Changed, Condition, Revision, StoreError};
use redb::{ReadableTable, Table};

use super::fault::Faults;
use super::format;
use super::group::Outcome;
use crate::prefix::PrefixRange;

/// The table of records, open for writing.
pub(crate) type Records<'txn> = Table<'txn, &'static [u8], &'static [u8]>;

/// The batches applied so far.
pub(crate) struct Round<'a> {
    faults: &'a Faults,
    last: Revision,
    commits: Vec<(Revision, Vec<Changed>)>,
}

impl<'a> Round<'a> {
    /// A round that follows the commit `last`.
    pub(crate) fn after(last: Revision, faults: &'a Faults) -> Self {
        Self { faults, last, commits: Vec::new() }
    }

    /// Applies a batch if its conditions hold. The inner result is the batch's own, to be told once the round is
    /// durable; the outer error ends the round.
    pub(crate) fn apply(&mut self, records: &mut Records<'_>, batch: &Batch) -> Result<Outcome, StoreError> {
        for condition in &batch.conditions {
            if !self.holds(records, condition)? {
                return Ok(Err(StoreError::Conflict));
            }
        }
        let next = self
            .last
            .checked_add(1)
            .ok_or_else(|| self.faults.corrupt("its last revision is the highest"))?;
        let mut changed = Vec::with_capacity(batch.changes.len());
        for change in &batch.changes {
            changed.extend(self.change(records, change, next)?);
        }
        if !changed.is_empty() {
            self.commits.push((next, changed));
            self.last = next;
        }
        Ok(Ok(self.last))
    }

    /// The last commit of the round, or the one before it when nothing changed.
    pub(crate) fn last(&self) -> Revision {
        self.last
    }

    /// What each commit of the round changed; empty when nothing did.
    pub(crate) fn commits(&self) -> &[(Revision, Vec<Changed>)] {
        &self.commits
    }

    /// What each commit of the round changed.
    pub(crate) fn into_commits(self) -> Vec<(Revision, Vec<Changed>)> {
        self.commits
    }

    fn holds(&self, records: &Records<'_>, condition: &Condition) -> Result<bool, StoreError> {
        let found = records.get(condition.key.as_slice()).map_err(|error| self.faults.on_use(error))?;
        let revision = match found {
            Some(stored) => format::revision_of(stored.value(), self.faults)?,
            None => 0,
        };
        Ok(revision == condition.revision)
    }

    /// Applies one change; tells what it changed, `None` when there was nothing to remove.
    fn change(
        &self,
        records: &mut Records<'_>,
        change: &Change,
        revision: Revision,
    ) -> Result<Option<Changed>, StoreError> {
        let fault = |error| self.faults.on_use(error);
        match change {
            Change::Put { key, value } => {
                records.insert(key.as_slice(), format::encode(revision, value).as_slice()).map_err(fault)?;
                Ok(Some(Changed::Key(key.clone())))
            }
            Change::Delete { key } => {
                let found = records.remove(key.as_slice()).map_err(fault)?.is_some();
                Ok(found.then(|| Changed::Key(key.clone())))
            }
            Change::DeletePrefix { prefix } => {
                let Some(range) = PrefixRange::new(prefix, None) else { return Ok(None) };
                let found = records.range::<&[u8]>(range.bounds()).map_err(fault)?.next().transpose();
                if found.map_err(fault)?.is_none() {
                    return Ok(None);
                }
                records.retain_in::<&[u8], _>(range.bounds(), |_, _| false).map_err(fault)?;
                Ok(Some(Changed::Prefix(prefix.clone())))
            }
        }
    }
}
