//! Random batches against both backends at once, compared with a plain map after every step.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test panics")]

mod common;

use std::collections::BTreeMap;

use bancada_engine::store::{
    Batch, Change, Changed, Changes, Condition, Revision, Store, StoreError, Versioned,
};
use bancada_store::MemoryStore;
use common::fresh;
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    Commit { conditions: Vec<Guess>, changes: Vec<Change> },
    Get(Vec<u8>),
    Scan { prefix: Vec<u8>, after: Option<Vec<u8>>, limit: usize },
    Changes(u64),
    Reopen,
}

/// A condition on a key: either what the model knows to hold, or any revision.
#[derive(Debug, Clone)]
struct Guess {
    key: Vec<u8>,
    other: Option<Revision>,
}

#[derive(Default)]
struct Model {
    records: BTreeMap<Vec<u8>, Versioned>,
    revision: Revision,
    /// State of the records after every revision.
    past: Vec<BTreeMap<Vec<u8>, Versioned>>,
}

impl Model {
    fn revision_of(&self, key: &[u8]) -> Revision {
        self.records.get(key).map_or(0, |record| record.revision)
    }

    fn commit(&mut self, batch: &Batch) -> Option<Revision> {
        if batch.conditions.iter().any(|condition| self.revision_of(&condition.key) != condition.revision) {
            return None;
        }
        let revision = self.revision + 1;
        let mut effect = false;
        for change in &batch.changes {
            let before = self.records.len();
            match change {
                Change::Put { key, value } => {
                    self.records.insert(key.clone(), Versioned { value: value.clone(), revision });
                    effect = true;
                }
                Change::Delete { key } => drop(self.records.remove(key)),
                Change::DeletePrefix { prefix } => self.records.retain(|key, _| !key.starts_with(prefix)),
            }
            effect |= self.records.len() < before;
        }
        if effect {
            self.past.push(self.records.clone());
            self.revision = revision;
        }
        Some(self.revision)
    }

    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Vec<(Vec<u8>, Versioned)> {
        let wanted = |key: &[u8]| key.starts_with(prefix) && after.is_none_or(|after| key > after);
        let found = self.records.iter().filter(|(key, _)| wanted(key)).take(limit);
        found.map(|(key, record)| (key.clone(), record.clone())).collect()
    }

    /// Every record that differs between a revision and now must be named.
    fn check_changes(&self, since: Revision, told: &[Changed]) {
        let empty = BTreeMap::new();
        let at = |revision: Revision| match revision {
            0 => &empty,
            revision => &self.past[usize::try_from(revision).unwrap() - 1],
        };
        let (before, now) = (at(since), &self.records);
        for key in before.keys().chain(now.keys()).filter(|key| before.get(*key) != now.get(*key)) {
            let named = told.iter().any(|entry| match entry {
                Changed::Key(changed) => changed == key,
                Changed::Prefix(prefix) => key.starts_with(prefix),
            });
            assert!(named, "{key:?} changed after {since} and is not in {told:?}");
        }
        if since == self.revision {
            assert_eq!(told, []);
        }
    }
}

/// Replays the steps on a backend; `reopen` closes and opens it where that makes sense, and tells whether it did.
fn replay<S: Store>(steps: &[Step], mut store: S, reopen: impl Fn(S) -> (S, bool)) {
    let mut model = Model::default();
    let mut remembered_from = 0;
    for step in steps {
        match step {
            Step::Commit { conditions, changes } => {
                let conditions = conditions.iter().map(|guess| Condition {
                    key: guess.key.clone(),
                    revision: guess.other.unwrap_or_else(|| model.revision_of(&guess.key)),
                });
                let batch = Batch { conditions: conditions.collect(), changes: changes.clone() };
                match (store.commit(&batch), model.commit(&batch)) {
                    (Ok(revision), Some(expected)) => assert_eq!(revision, expected),
                    (Err(StoreError::Conflict), None) => {}
                    (found, expected) => panic!("{found:?}, where the model has {expected:?}"),
                }
            }
            Step::Get(key) => assert_eq!(store.get(key).unwrap().as_ref(), model.records.get(key)),
            Step::Scan { prefix, after, limit } => {
                let found = store.scan(prefix, after.as_deref(), *limit).unwrap();
                assert_eq!(found, model.scan(prefix, after.as_deref(), *limit));
            }
            Step::Changes(back) => {
                let since = model.revision.saturating_sub(*back);
                match store.changes(since).unwrap() {
                    Changes::Keys { changed, revision } => {
                        assert!(since >= remembered_from);
                        assert_eq!(revision, model.revision);
                        model.check_changes(since, &changed);
                    }
                    Changes::Everything { revision } => {
                        assert!(since < remembered_from, "{since} is remembered");
                        assert_eq!(revision, model.revision);
                    }
                }
            }
            Step::Reopen => {
                let forgot;
                (store, forgot) = reopen(store);
                if forgot {
                    remembered_from = model.revision;
                }
            }
        }
        assert_eq!(store.revision(), model.revision);
    }
    assert_eq!(store.scan(b"", None, usize::MAX).unwrap(), model.scan(b"", None, usize::MAX));
}

fn key() -> impl Strategy<Value = Vec<u8>> {
    vec(prop_oneof![4 => b'a'..=b'c', 1 => Just(0xffu8), 1 => Just(0u8)], 0..4)
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        6 => (key(), vec(any::<u8>(), 0..40)).prop_map(|(key, value)| Change::Put { key, value }),
        1 => (key(), Just(vec![7; 20_000])).prop_map(|(key, value)| Change::Put { key, value }),
        3 => key().prop_map(|key| Change::Delete { key }),
        1 => key().prop_map(|prefix| Change::DeletePrefix { prefix }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let guess =
        (key(), proptest::option::weighted(0.2, 0u64..6)).prop_map(|(key, other)| Guess { key, other });
    prop_oneof![
        8 => (vec(guess, 0..3), vec(change(), 0..6))
            .prop_map(|(conditions, changes)| Step::Commit { conditions, changes }),
        2 => key().prop_map(Step::Get),
        2 => (key(), proptest::option::of(key()), 0usize..8)
            .prop_map(|(prefix, after, limit)| Step::Scan { prefix, after, limit }),
        1 => (0u64..12).prop_map(Step::Changes),
        1 => Just(Step::Reopen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn memory_behaves_as_a_map(steps in vec(step(), 1..60)) {
        replay(&steps, MemoryStore::new(), |store| (store, false));
    }

    #[test]
    fn a_file_behaves_as_a_map(steps in vec(step(), 1..40)) {
        let common::Fresh { store, folder } = fresh();
        replay(&steps, store, |store| {
            drop(store);
            (bancada_store::FileStore::open(folder.path().join("state")).unwrap(), true)
        });
    }
}
