//! One suite for every backend: what the `Store` trait promises, case by case.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test panics")]

mod common;

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread;

use bancada_engine::store::{Changed, Changes, Revision, Store, StoreError, Versioned};
use bancada_store::{HISTORY_ENTRIES, MAX_KEY_BYTES, MAX_VALUE_BYTES, MemoryStore};
use common::{batch, batch_if, changed, delete, delete_prefix, fresh, put};

macro_rules! for_both_backends {
    ($($case:ident),+ $(,)?) => {
        mod memory {
            $(#[test] fn $case() { super::$case(&super::MemoryStore::new()); })+
        }
        mod file {
            $(#[test] fn $case() { super::$case(&super::fresh().store); })+
        }
    };
}

for_both_backends!(
    a_new_store_is_empty,
    a_record_remembers_the_commit_that_wrote_it,
    a_condition_compares_revisions,
    a_failed_condition_leaves_no_trace,
    conditions_are_checked_before_the_changes_of_their_own_batch,
    changes_apply_in_order,
    a_batch_that_changes_nothing_makes_no_revision,
    a_scan_is_ordered_and_pages,
    a_scan_starts_and_ends_at_its_bounds,
    a_prefix_delete_takes_its_prefix_only,
    changes_name_what_changed,
    forgotten_changes_are_everything,
    concurrent_increments_lose_none,
    concurrent_commits_get_a_revision_each,
    of_many_that_create_a_record_one_succeeds,
    the_revision_is_never_ahead_of_the_records,
    inputs_are_bounded,
    an_empty_key_is_a_key,
);

const NONE: [&[u8]; 0] = [];

fn value(store: &dyn Store, key: &[u8]) -> Option<Vec<u8>> {
    store.get(key).unwrap().map(|record| record.value)
}

fn keys(store: &dyn Store, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Vec<Vec<u8>> {
    let scanned: Vec<_> = store.scan(prefix, after, limit).unwrap().into_iter().map(|(key, _)| key).collect();
    // Listing keys alone finds the same ones: every case that looks at keys holds both to it.
    assert_eq!(store.keys(prefix, after, limit).unwrap(), scanned);
    scanned
}

fn assert_conflict(outcome: &Result<Revision, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::Conflict)), "{outcome:?}");
}

fn a_new_store_is_empty(store: &dyn Store) {
    assert_eq!(store.revision(), 0);
    assert_eq!(store.get(b"a").unwrap(), None);
    assert_eq!(store.scan(b"", None, 10).unwrap(), []);
    assert_eq!(store.changes(0).unwrap(), Changes::Keys { changed: vec![], revision: 0 });
}

fn a_record_remembers_the_commit_that_wrote_it(store: &dyn Store) {
    assert_eq!(store.commit(&batch([put(b"a", b"1"), put(b"b", b"")])).unwrap(), 1);
    assert_eq!(store.commit(&batch([put(b"a", b"2")])).unwrap(), 2);
    assert_eq!(store.get(b"a").unwrap(), Some(Versioned { value: b"2".to_vec(), revision: 2 }));
    assert_eq!(store.get(b"b").unwrap(), Some(Versioned { value: vec![], revision: 1 }));
    assert_eq!(store.revision(), 2);
}

fn a_condition_compares_revisions(store: &dyn Store) {
    assert_eq!(store.commit(&batch_if(b"a", 0, [put(b"a", b"1")])).unwrap(), 1);
    assert_conflict(&store.commit(&batch_if(b"a", 0, [put(b"a", b"2")])));
    assert_conflict(&store.commit(&batch_if(b"a", 2, [put(b"a", b"2")])));
    assert_eq!(store.commit(&batch_if(b"a", 1, [put(b"a", b"2")])).unwrap(), 2);
    assert_eq!(store.commit(&batch_if(b"a", 2, [delete(b"a")])).unwrap(), 3);
    assert_conflict(&store.commit(&batch_if(b"a", 2, [put(b"a", b"3")])));
    assert_eq!(store.commit(&batch_if(b"a", 0, [put(b"a", b"3")])).unwrap(), 4);
}

fn a_failed_condition_leaves_no_trace(store: &dyn Store) {
    store.commit(&batch([put(b"a", b"1")])).unwrap();
    let mut refused = batch([put(b"a", b"2"), put(b"b", b"2"), delete_prefix(b"")]);
    refused.conditions = batch_if(b"a", 1, []).conditions;
    refused.conditions.extend(batch_if(b"b", 1, []).conditions);
    assert_conflict(&store.commit(&refused));
    assert_eq!(store.revision(), 1);
    assert_eq!(keys(store, b"", None, 9), [b"a"]);
    assert_eq!(value(store, b"a"), Some(b"1".to_vec()));
    assert_eq!(store.changes(1).unwrap(), Changes::Keys { changed: vec![], revision: 1 });
    assert_eq!(store.commit(&batch([put(b"c", b"3")])).unwrap(), 2);
}

fn conditions_are_checked_before_the_changes_of_their_own_batch(store: &dyn Store) {
    let mut created = batch([put(b"a", b"1"), put(b"b", b"1")]);
    created.conditions = batch_if(b"b", 0, []).conditions;
    assert_eq!(store.commit(&created).unwrap(), 1);
    assert_conflict(&store.commit(&batch_if(b"a", 0, [delete(b"a"), put(b"a", b"2")])));
    assert_eq!(value(store, b"a"), Some(b"1".to_vec()));
}

fn changes_apply_in_order(store: &dyn Store) {
    let changes = [put(b"u/1", b"x"), put(b"v", b"x"), delete_prefix(b"u/"), put(b"u/2", b"x"), delete(b"v")];
    store.commit(&batch(changes)).unwrap();
    assert_eq!(keys(store, b"", None, 9), [b"u/2"]);
    store.commit(&batch([delete(b"u/2"), put(b"u/2", b"y"), put(b"u/2", b"z")])).unwrap();
    assert_eq!(store.get(b"u/2").unwrap(), Some(Versioned { value: b"z".to_vec(), revision: 2 }));
}

fn a_batch_that_changes_nothing_makes_no_revision(store: &dyn Store) {
    store.commit(&batch([put(b"a", b"1")])).unwrap();
    assert_eq!(store.commit(&batch([])).unwrap(), 1);
    assert_eq!(store.commit(&batch([delete(b"b"), delete_prefix(b"b")])).unwrap(), 1);
    assert_eq!(store.commit(&batch_if(b"a", 1, [])).unwrap(), 1);
    assert_conflict(&store.commit(&batch_if(b"a", 0, [])));
    assert_eq!(store.revision(), 1);
    // A record written again with the same bytes is a new record all the same.
    assert_eq!(store.commit(&batch([put(b"a", b"1")])).unwrap(), 2);
}

fn a_scan_is_ordered_and_pages(store: &dyn Store) {
    let mut numbers: Vec<u16> = (0..300).map(|number: u16| number.wrapping_mul(7919)).collect();
    let puts =
        numbers.iter().map(|number| put(&[b"n/", &number.to_be_bytes()[..]].concat(), &number.to_le_bytes()));
    store.commit(&batch(puts.chain([put(b"m", b""), put(b"n", b""), put(b"n0", b"")]))).unwrap();
    numbers.sort_unstable();
    let mut paged = Vec::new();
    let mut after: Option<Vec<u8>> = None;
    loop {
        let page = store.scan(b"n/", after.as_deref(), 7).unwrap();
        assert!(page.len() <= 7);
        let Some((last, _)) = page.last() else { break };
        after = Some(last.clone());
        paged
            .extend(page.into_iter().map(|(_, record)| u16::from_le_bytes(record.value.try_into().unwrap())));
    }
    assert_eq!(paged, numbers);
}

fn a_scan_starts_and_ends_at_its_bounds(store: &dyn Store) {
    let all: [&[u8]; 6] = [b"a", b"b", b"b\x00", b"b\xff", b"b\xff\xff", b"c"];
    store.commit(&batch(all.map(|key| put(key, b"")))).unwrap();
    assert_eq!(keys(store, b"b", None, 9), [&b"b"[..], b"b\x00", b"b\xff", b"b\xff\xff"]);
    assert_eq!(keys(store, b"b", Some(b"b"), 2), [&b"b\x00"[..], b"b\xff"]);
    assert_eq!(keys(store, b"b", Some(b"a"), 1), [b"b"]);
    assert_eq!(keys(store, b"b", Some(b"b\x00\x00"), 9), [&b"b\xff"[..], b"b\xff\xff"]);
    assert_eq!(keys(store, b"b", Some(b"b\xff\xff"), 9), NONE);
    assert_eq!(keys(store, b"b", Some(b"zz"), 9), NONE);
    assert_eq!(keys(store, b"b\xff", None, usize::MAX), [&b"b\xff"[..], b"b\xff\xff"]);
    assert_eq!(keys(store, b"", Some(b"b\xff"), usize::MAX), [&b"b\xff\xff"[..], b"c"]);
    assert_eq!(keys(store, b"", None, 0), NONE);
}

fn a_prefix_delete_takes_its_prefix_only(store: &dyn Store) {
    let all: [&[u8]; 7] = [b"a", b"u", b"u/", b"u/1", b"u/\xff\xff", b"u0", b"\xff\xff"];
    store.commit(&batch(all.map(|key| put(key, b"")))).unwrap();
    assert_eq!(store.commit(&batch([delete_prefix(b"u/")])).unwrap(), 2);
    assert_eq!(keys(store, b"", None, 9), [&b"a"[..], b"u", b"u0", b"\xff\xff"]);
    store.commit(&batch([delete_prefix(b"\xff")])).unwrap();
    assert_eq!(keys(store, b"", None, 9), [&b"a"[..], b"u", b"u0"]);
    store.commit(&batch([delete_prefix(b"")])).unwrap();
    assert_eq!(store.scan(b"", None, 9).unwrap(), []);
    assert_eq!(store.revision(), 4);
}

fn changes_name_what_changed(store: &dyn Store) {
    store.commit(&batch([put(b"a", b""), put(b"b/1", b"")])).unwrap();
    store.commit(&batch([put(b"a", b"")])).unwrap();
    store
        .commit(&batch([delete(b"a"), delete(b"absent"), delete_prefix(b"b/"), delete_prefix(b"absent")]))
        .unwrap();
    let prefix = Changed::Prefix(b"b/".to_vec());
    let expected = |changed| Changes::Keys { changed, revision: 3 };
    let all = vec![changed(b"a"), changed(b"b/1"), changed(b"a"), changed(b"a"), prefix.clone()];
    assert_eq!(store.changes(0).unwrap(), expected(all));
    assert_eq!(store.changes(1).unwrap(), expected(vec![changed(b"a"), changed(b"a"), prefix.clone()]));
    assert_eq!(store.changes(2).unwrap(), expected(vec![changed(b"a"), prefix]));
    assert_eq!(store.changes(3).unwrap(), expected(vec![]));
    assert_eq!(store.changes(4).unwrap(), Changes::Everything { revision: 3 });
}

fn forgotten_changes_are_everything(store: &dyn Store) {
    store.commit(&batch([put(b"first", b"")])).unwrap();
    let many = (0..HISTORY_ENTRIES as u32).map(|number| put(&number.to_be_bytes(), b""));
    store.commit(&batch(many)).unwrap();
    assert_eq!(store.changes(0).unwrap(), Changes::Everything { revision: 2 });
    let Changes::Keys { changed: all, revision: 2 } = store.changes(1).unwrap() else {
        panic!("it fits exactly")
    };
    assert_eq!(all.len(), HISTORY_ENTRIES);
    store.commit(&batch([put(b"last", b"")])).unwrap();
    assert_eq!(store.changes(1).unwrap(), Changes::Everything { revision: 3 });
    assert_eq!(store.changes(2).unwrap(), Changes::Keys { changed: vec![changed(b"last")], revision: 3 });
}

fn concurrent_increments_lose_none(store: &dyn Store) {
    const THREADS: usize = 8;
    const EACH: usize = 20;
    let increment = || loop {
        let found = store.get(b"counter").unwrap();
        let (revision, count) = match &found {
            Some(record) => (record.revision, u64::from_le_bytes(record.value[..].try_into().unwrap())),
            None => (0, 0),
        };
        let next = batch_if(b"counter", revision, [put(b"counter", &(count + 1).to_le_bytes())]);
        match store.commit(&next) {
            Ok(_) => break,
            Err(StoreError::Conflict) => {}
            Err(error) => panic!("{error}"),
        }
    };
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| (0..EACH).for_each(|_| increment()));
        }
    });
    let expected = (THREADS * EACH) as u64;
    assert_eq!(value(store, b"counter"), Some(expected.to_le_bytes().to_vec()));
    assert_eq!(store.revision(), expected);
}

fn concurrent_commits_get_a_revision_each(store: &dyn Store) {
    const THREADS: u8 = 16;
    const EACH: u8 = 20;
    let revisions: Vec<Vec<u64>> = thread::scope(|scope| {
        let commit = |thread, number| {
            let key = [thread, number];
            let revision = store.commit(&batch([put(&key, &key)])).unwrap();
            assert!(store.revision() >= revision, "a commit that returned is visible");
            assert_eq!(store.get(&key).unwrap(), Some(Versioned { value: key.to_vec(), revision }));
            revision
        };
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| scope.spawn(move || (0..EACH).map(|number| commit(thread, number)).collect()))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(revisions.iter().all(|own| own.is_sorted_by(|earlier, later| earlier < later)));
    let all: BTreeSet<u64> = revisions.into_iter().flatten().collect();
    let count = u64::from(THREADS) * u64::from(EACH);
    assert!(all.into_iter().eq(1..=count));
    let Changes::Keys { changed, revision } = store.changes(0).unwrap() else {
        panic!("nothing is forgotten")
    };
    assert_eq!((changed.len() as u64, revision), (count, count));
}

fn of_many_that_create_a_record_one_succeeds(store: &dyn Store) {
    const THREADS: u8 = 16;
    for round in 0..10 {
        let start = Barrier::new(usize::from(THREADS));
        let created: Vec<u8> = thread::scope(|scope| {
            let create = |thread| {
                start.wait();
                match store.commit(&batch_if(
                    &[round],
                    0,
                    [put(&[round], &[thread]), put(&[round, thread], b"")],
                )) {
                    Ok(_) => Some(thread),
                    Err(StoreError::Conflict) => None,
                    Err(error) => panic!("{error}"),
                }
            };
            let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(move || create(thread))).collect();
            threads.into_iter().filter_map(|thread| thread.join().unwrap()).collect()
        });
        let [winner] = created[..] else { panic!("{created:?} all created record {round}") };
        assert_eq!(keys(store, &[round], None, 99), [vec![round], vec![round, winner]]);
        assert_eq!(value(store, &[round]), Some(vec![winner]));
    }
}

fn the_revision_is_never_ahead_of_the_records(store: &dyn Store) {
    thread::scope(|scope| {
        let writers: Vec<_> = (0..4u8)
            .map(|thread| {
                scope.spawn(move || {
                    for number in 0..25u8 {
                        let pair = [put(&[b'a', thread], &[number]), put(&[b'b', thread], &[number])];
                        store.commit(&batch(pair)).unwrap();
                    }
                })
            })
            .collect();
        while writers.iter().any(|writer| !writer.is_finished()) {
            let before = store.revision();
            let entries = store.scan(b"", None, 99).unwrap();
            let newest = entries.iter().map(|(_, record)| record.revision).max().unwrap_or(0);
            assert!(newest >= before, "revision {before} was told, and only {newest} could be read");
            for (key, record) in &entries {
                let other = [if key[0] == b'a' { b'b' } else { b'a' }, key[1]];
                let twin = entries.iter().find(|(key, _)| *key == other).map(|(_, record)| record);
                assert_eq!(twin, Some(record), "a scan saw half a batch");
            }
        }
    });
}

fn inputs_are_bounded(store: &dyn Store) {
    let long = vec![b'k'; MAX_KEY_BYTES + 1];
    let fits = &long[1..];
    let refused = |outcome: Result<(), StoreError>| match outcome {
        Err(StoreError::Unavailable(text)) => {
            assert!(text.contains("was refused, the longest is"), "{text}");
        }
        other => panic!("{other:?}"),
    };
    refused(store.get(&long).map(drop));
    refused(store.scan(&long, None, 1).map(drop));
    refused(store.commit(&batch([put(b"a", b""), put(&long, b"")])).map(drop));
    refused(store.commit(&batch([put(b"a", b""), delete(&long)])).map(drop));
    refused(store.commit(&batch([put(b"a", b""), delete_prefix(&long)])).map(drop));
    refused(store.commit(&batch_if(&long, 0, [put(b"a", b"")])).map(drop));
    let large = vec![0xa5; MAX_VALUE_BYTES + 1];
    refused(store.commit(&batch([put(b"a", b""), put(b"b", &large)])).map(drop));
    assert_eq!((store.revision(), store.get(b"a").unwrap()), (0, None));

    store.commit(&batch_if(fits, 0, [put(fits, &large[1..])])).unwrap();
    assert_eq!(value(store, fits).as_deref(), Some(&large[1..]));
    assert_eq!(keys(store, fits, None, 2), [fits]);
    assert_eq!(keys(store, b"", Some(&long), 2), NONE);
    store.commit(&batch([delete_prefix(fits)])).unwrap();
    assert_eq!(store.get(fits).unwrap(), None);
}

fn an_empty_key_is_a_key(store: &dyn Store) {
    store.commit(&batch_if(b"", 0, [put(b"", b"root")])).unwrap();
    assert_eq!(value(store, b""), Some(b"root".to_vec()));
    assert_eq!(keys(store, b"", None, 9), [b""]);
    assert_eq!(keys(store, b"", Some(b""), 9), NONE);
    store.commit(&batch_if(b"", 1, [delete(b"")])).unwrap();
    assert_eq!(value(store, b""), None);
}
