//! The keys that changed lately, so that a node can drop from its cache only what another node wrote.
//!
//! How far back a store remembers is our choice; a reader that fell further behind is told to forget everything.

use std::collections::VecDeque;

use bancada_engine::store::{Changed, Changes, Revision};

/// How many changes a store remembers. Our choice.
pub const HISTORY_ENTRIES: usize = 65_536;

/// A bounded list of changes, oldest first.
pub(crate) struct History {
    entries: VecDeque<(Revision, Changed)>,
    /// Of this revision and earlier ones the list may have forgotten something.
    forgotten: Revision,
    /// The last commit the list knows.
    revision: Revision,
}

impl History {
    /// Knows nothing of what happened up to `revision`.
    pub(crate) fn starting_at(revision: Revision) -> Self {
        Self { entries: VecDeque::new(), forgotten: revision, revision }
    }

    /// The last commit recorded.
    pub(crate) fn revision(&self) -> Revision {
        self.revision
    }

    /// Adds what one commit changed. Revisions must come in order.
    pub(crate) fn record(&mut self, revision: Revision, changed: Vec<Changed>) {
        debug_assert!(revision > self.revision, "commits are recorded in order");
        for entry in changed {
            if self.entries.len() == HISTORY_ENTRIES
                && let Some((oldest, _)) = self.entries.pop_front()
            {
                self.forgotten = oldest;
            }
            self.entries.push_back((revision, entry));
        }
        self.revision = revision;
    }

    /// What changed after `since`; everything when the list does not reach back that far, or when `since` lies
    /// in the future, which means that the asker last saw another store.
    pub(crate) fn since(&self, since: Revision) -> Changes {
        if since < self.forgotten || since > self.revision {
            return Changes::Everything { revision: self.revision };
        }
        let first = self.entries.partition_point(|(revision, _)| *revision <= since);
        let changed = self.entries.range(first..).map(|(_, changed)| changed.clone()).collect();
        Changes::Keys { changed, revision: self.revision }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: usize) -> Changed {
        Changed::Key(number.to_be_bytes().to_vec())
    }

    #[test]
    fn a_commit_that_lost_one_of_its_entries_is_not_told_as_if_it_were_whole() {
        let mut history = History::starting_at(0);
        history.record(1, vec![key(0), key(1)]);
        history.record(2, (2..=HISTORY_ENTRIES).map(key).collect());
        assert_eq!(history.since(0), Changes::Everything { revision: 2 });
        let Changes::Keys { changed, revision } = history.since(1) else { panic!("revision 2 is whole") };
        assert_eq!((changed.len(), revision), (HISTORY_ENTRIES - 1, 2));
    }

    #[test]
    fn a_commit_larger_than_the_list_is_told_as_everything() {
        let mut history = History::starting_at(7);
        history.record(8, (0..=HISTORY_ENTRIES).map(key).collect());
        assert_eq!(history.since(7), Changes::Everything { revision: 8 });
        assert_eq!(history.since(8), Changes::Keys { changed: vec![], revision: 8 });
    }

    #[test]
    fn an_asker_from_the_future_is_told_to_forget() {
        assert_eq!(History::starting_at(3).since(4), Changes::Everything { revision: 3 });
    }
}
