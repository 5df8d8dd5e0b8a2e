//! What `FileStore::open` does with files: its own, other people's, damaged ones, and ones in use.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test panics")]

mod common;

use std::fs;
use std::path::Path;
use std::sync::Barrier;
use std::thread;

use bancada_engine::store::{Changes, Store, StoreError, Versioned};
use bancada_store::FileStore;
use common::{Fresh, batch, batch_if, fresh, put};
use redb::{Database, TableDefinition};

fn unavailable(opened: Result<FileStore, StoreError>, says: &str) {
    match opened {
        Err(StoreError::Unavailable(text)) if text.contains(says) => {}
        other => panic!("expected Unavailable with {says:?}, found {other:?}"),
    }
}

fn corrupt(opened: Result<FileStore, StoreError>, says: &str) {
    match opened {
        Err(StoreError::Corrupt(text)) if text.contains(says) => {}
        other => panic!("expected Corrupt with {says:?}, found {other:?}"),
    }
}

fn names(folder: &Path) -> Vec<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_closed_store_opens_as_it_was() {
    let Fresh { store, folder } = fresh();
    let path = folder.path().join("state");
    store.commit(&batch([put(b"a", b"1")])).unwrap();
    store.commit(&batch([put(b"b", b"2")])).unwrap();
    drop(store);
    let store = FileStore::open(&path).unwrap();
    assert_eq!(store.revision(), 2);
    assert_eq!(store.get(b"a").unwrap(), Some(Versioned { value: b"1".to_vec(), revision: 1 }));
    assert_eq!(store.get(b"b").unwrap(), Some(Versioned { value: b"2".to_vec(), revision: 2 }));
    assert_eq!(store.changes(1).unwrap(), Changes::Everything { revision: 2 });
    assert_eq!(store.changes(2).unwrap(), Changes::Keys { changed: vec![], revision: 2 });
    assert_eq!(store.commit(&batch_if(b"a", 1, [put(b"a", b"3")])).unwrap(), 3);
}

#[test]
fn creating_leaves_nothing_but_the_file() {
    let Fresh { store, folder } = fresh();
    assert_eq!(names(folder.path()), ["state"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(folder.path().join("state")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    drop(store);
}

#[test]
fn a_store_in_use_is_not_opened_twice() {
    let Fresh { store, folder } = fresh();
    unavailable(FileStore::open(folder.path().join("state")), "is in use by another process");
    drop(store);
    FileStore::open(folder.path().join("state")).unwrap();
}

#[test]
fn of_many_that_create_one_store_one_gets_it() {
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let start = Barrier::new(4);
        let opened: Vec<_> = thread::scope(|scope| {
            let open = || {
                start.wait();
                FileStore::open(&path)
            };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(open)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let mut stores = Vec::new();
        for outcome in opened {
            match outcome {
                Ok(store) => stores.push(store),
                refused => unavailable(refused, "in use"),
            }
        }
        let [store] = &stores[..] else { panic!("{} have the store", stores.len()) };
        store.commit(&batch([put(b"a", b"1")])).unwrap();
        assert_eq!(names(folder.path()), ["state"]);
    }
}

#[test]
fn what_is_not_a_store_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    for content in [&b"x"[..], b"a letter to my mother, which must not be lost", &[0; 8192]] {
        fs::write(&path, content).unwrap();
        corrupt(FileStore::open(&path), "is not a store of this program");
        assert_eq!(fs::read(&path).unwrap(), content);
    }
    fs::write(&path, b"").unwrap();
    corrupt(FileStore::open(&path), "empty file");
    unavailable(FileStore::open(folder.path()), "not of a folder");
    unavailable(FileStore::open(folder.path().join("missing/state")), "create its folder first");
    unavailable(FileStore::open(path.join("state")), "create its folder first");
}

#[test]
fn another_programs_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let theirs: TableDefinition<'_, &str, &str> = TableDefinition::new("meta");
    let database = Database::create(&path).unwrap();
    drop(database);
    corrupt(FileStore::open(&path), "is not a store of this program");
    let database = Database::create(&path).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(theirs).unwrap().insert("format", "theirs").unwrap();
    transaction.commit().unwrap();
    drop(database);
    corrupt(FileStore::open(&path), "is not a store of this program");
}

#[test]
fn a_newer_layout_is_refused_and_an_impossible_one_too() {
    let Fresh { store, folder } = fresh();
    let path = folder.path().join("state");
    drop(store);
    let meta: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");
    let set = |format| {
        let database = Database::open(&path).unwrap();
        let transaction = database.begin_write().unwrap();
        transaction.open_table(meta).unwrap().insert("format", format).unwrap();
        transaction.commit().unwrap();
    };
    set(2);
    unavailable(FileStore::open(&path), "newer version");
    set(0);
    corrupt(FileStore::open(&path), "which no version of this program wrote");
    set(1);
    FileStore::open(&path).unwrap();
}

#[test]
fn a_record_without_a_revision_is_damage() {
    let Fresh { store, folder } = fresh();
    let path = folder.path().join("state");
    drop(store);
    let records: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("records");
    let database = Database::open(&path).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(records).unwrap().insert(&b"short"[..], &b"1234567"[..]).unwrap();
    transaction.commit().unwrap();
    drop(database);
    let store = FileStore::open(&path).unwrap();
    assert!(matches!(store.get(b"short"), Err(StoreError::Corrupt(_))));
    assert!(matches!(store.scan(b"", None, 9), Err(StoreError::Corrupt(_))));
    assert!(matches!(store.commit(&batch_if(b"short", 1, [])), Err(StoreError::Corrupt(_))));
    assert_eq!(store.commit(&batch([put(b"short", b"")])).unwrap(), 1);
    assert_eq!(store.scan(b"", None, 9).unwrap().len(), 1);
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_written_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let Fresh { store, folder } = fresh();
    let path = folder.path().join("state");
    drop(store);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    if fs::OpenOptions::new().write(true).open(&path).is_ok() {
        return; // The superuser may write it all the same.
    }
    unavailable(FileStore::open(&path), "let this user read and write");
}

#[test]
fn a_damaged_file_is_refused_and_never_a_panic() {
    let Fresh { store, folder } = fresh();
    let path = folder.path().join("state");
    for number in 0..200u16 {
        store.commit(&batch([put(&number.to_be_bytes(), &[7; 300])])).unwrap();
    }
    let expected = store.scan(b"", None, usize::MAX).unwrap();
    drop(store);
    let whole = fs::read(&path).unwrap();
    let mut refused = 0;
    // Every kind of damage below is drawn from the position alone, so a failure repeats.
    let step = (whole.len() / 400).max(1);
    for position in (0..512).chain((512..whole.len()).step_by(step)) {
        let mut damaged = whole.clone();
        if position % 3 == 0 {
            damaged.truncate(position);
        } else {
            damaged[position] ^= 1 << (position % 8);
        }
        fs::write(&path, &damaged).unwrap();
        match FileStore::open(&path) {
            Ok(store) => match store.scan(b"", None, usize::MAX) {
                // A flipped bit can name the commit before the last as the valid one: older, and still whole.
                Ok(found) => assert_eq!(found, expected[..usize::try_from(store.revision()).unwrap()]),
                Err(_) => refused += 1,
            },
            Err(StoreError::Corrupt(_) | StoreError::Unavailable(_)) => refused += 1,
            Err(StoreError::Conflict) => panic!("a conflict while opening"),
        }
    }
    assert!(refused > 300, "only {refused} were noticed");
}
