//! Power cuts at every kind of instant, on a disk that forgets any part of what it was not asked to keep.
//!
//! The disk keeps what was written before a completed synchronisation. Of what was written since, each sector of 512
//! bytes survives the cut or not, as the seed decides; so do changes of the file's length. That is harsher than most
//! disks, and as harsh as redb says it withstands.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use bancada_engine::store::{Batch, Change, Entry, Revision, Store, StoreError};
use proptest::prelude::*;
use proptest::sample::Index;
use redb::StorageBackend;

use super::{FileStore, fault::Faults, format};
use crate::MemoryStore;

const SECTOR_BYTES: usize = 512;

#[derive(Debug, Clone)]
enum Pending {
    Write { offset: usize, data: Vec<u8> },
    Length(usize),
}

/// A disk with one file on it.
#[derive(Debug)]
struct Disk {
    /// What the running program sees.
    seen: Vec<u8>,
    /// What a power cut cannot take.
    kept: Vec<u8>,
    /// What happened since the last synchronisation, in order.
    pending: Vec<Pending>,
    /// Writes, resizes and synchronisations so far.
    operations: u64,
    /// The operation during which the power goes; operations from this one on fail.
    cut_at: u64,
    /// How they fail.
    failure: io::ErrorKind,
}

impl Disk {
    fn holding(content: Vec<u8>, cut_at: u64) -> Self {
        Self {
            seen: content.clone(),
            kept: content,
            pending: vec![],
            operations: 0,
            cut_at,
            failure: io::ErrorKind::Other,
        }
    }

    /// Counts an operation; tells whether the power is still on.
    fn operate(&mut self) -> io::Result<()> {
        self.powered()?;
        self.operations += 1;
        self.powered()
    }

    fn powered(&self) -> io::Result<()> {
        if self.operations > self.cut_at { Err(self.failure.into()) } else { Ok(()) }
    }

    /// What the disk holds when the power is back.
    fn after_the_cut(&self, seed: u64) -> Vec<u8> {
        let mut random = Random(seed);
        // Often everything survives, or nothing does: that is what disks mostly do.
        let chance = [0, 25, 50, 75, 100][random.below(5)];
        let mut content = self.kept.clone();
        for pending in &self.pending {
            match pending {
                Pending::Length(length) if random.below(100) < chance => content.resize(*length, 0),
                Pending::Length(_) => {}
                Pending::Write { offset, data } => {
                    let mut done = 0;
                    while done < data.len() {
                        let start = offset + done;
                        let sector = (SECTOR_BYTES - start % SECTOR_BYTES).min(data.len() - done);
                        if random.below(100) < chance {
                            write_at(&mut content, start, &data[done..done + sector]);
                        }
                        done += sector;
                    }
                }
            }
        }
        content
    }
}

fn write_at(content: &mut Vec<u8>, offset: usize, data: &[u8]) {
    let end = offset + data.len();
    if content.len() < end {
        content.resize(end, 0);
    }
    content[offset..end].copy_from_slice(data);
}

/// The disk as the database sees it.
#[derive(Debug, Clone)]
struct Plugged(Arc<Mutex<Disk>>);

impl Plugged {
    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.0.lock().unwrap()
    }
}

impl StorageBackend for Plugged {
    fn len(&self) -> io::Result<u64> {
        let disk = self.disk();
        disk.powered()?;
        Ok(disk.seen.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let disk = self.disk();
        disk.powered()?;
        let start = usize::try_from(offset).unwrap();
        let found = disk.seen.get(start..start + out.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(found);
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let mut disk = self.disk();
        let length = usize::try_from(length).unwrap();
        disk.pending.push(Pending::Length(length));
        disk.operate()?;
        disk.seen.resize(length, 0);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut disk = self.disk();
        disk.operate()?;
        disk.kept = disk.seen.clone();
        disk.pending.clear();
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut disk = self.disk();
        let offset = usize::try_from(offset).unwrap();
        disk.pending.push(Pending::Write { offset, data: data.to_vec() });
        disk.operate()?;
        write_at(&mut disk.seen, offset, data);
        Ok(())
    }
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
    }
}

fn open(disk: &Plugged) -> Result<FileStore, StoreError> {
    let faults = Faults::about("disk".as_ref());
    let database =
        super::builder().create_with_backend(disk.clone()).map_err(|error| faults.on_open(error))?;
    FileStore::over(database, faults)
}

/// What a new store looks like on the disk.
fn new_store() -> Vec<u8> {
    let disk = Plugged(Arc::new(Mutex::new(Disk::holding(vec![], u64::MAX))));
    let database = super::builder().create_with_backend(disk.clone()).unwrap();
    format::initialise(&database, &Faults::about("disk".as_ref())).unwrap();
    drop(database);
    let disk = disk.disk();
    assert!(disk.pending.is_empty(), "closing synchronises");
    disk.kept.clone()
}

/// Everything a store holds.
type State = (Revision, Vec<Entry>);

fn state(store: &dyn Store) -> State {
    (store.revision(), store.scan(b"", None, usize::MAX).unwrap())
}

/// What the batches should lead to, one state after each, the empty one first.
fn expected(batches: &[Batch]) -> Vec<State> {
    let memory = MemoryStore::new();
    let after = batches.iter().map(|batch| {
        memory.commit(batch).unwrap();
        state(&memory)
    });
    std::iter::once((0, vec![])).chain(after).collect()
}

/// Commits the batches until the power goes. Returns how many were acknowledged, and the disk.
fn commit_until_the_cut(content: Vec<u8>, batches: &[Batch], cut_at: u64) -> (usize, Plugged) {
    let disk = Plugged(Arc::new(Mutex::new(Disk::holding(content, cut_at))));
    let mut acknowledged = 0;
    if let Ok(store) = open(&disk) {
        acknowledged = batches.iter().take_while(|batch| store.commit(batch).is_ok()).count();
        if acknowledged < batches.len() {
            let error =
                store.commit(&batches[acknowledged]).expect_err("the store stays closed after a failure");
            assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
        }
    }
    (acknowledged, disk)
}

#[test]
fn a_full_disk_is_named_then_and_afterwards() {
    let disk = Plugged(Arc::new(Mutex::new(Disk::holding(new_store(), u64::MAX))));
    let store = open(&disk).unwrap();
    let batch =
        |byte| Batch { conditions: vec![], changes: vec![Change::Put { key: vec![byte], value: vec![] }] };
    store.commit(&batch(1)).unwrap();
    {
        let mut disk = disk.disk();
        disk.cut_at = disk.operations;
        disk.failure = io::ErrorKind::StorageFull;
    }
    for found in [store.commit(&batch(2)), store.commit(&batch(3))] {
        match found {
            Err(StoreError::Unavailable(text)) => assert!(text.contains("free space on its disk"), "{text}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(store.revision(), 1);
}

fn change() -> impl Strategy<Value = Change> {
    let key = || prop::collection::vec(b'a'..=b'd', 1..3);
    let length = prop_oneof![5 => 0usize..200, 1 => 3000usize..20_000];
    prop_oneof![
        6 => (key(), any::<u8>(), length).prop_map(|(key, byte, length)| Change::Put { key, value: vec![byte; length] }),
        2 => key().prop_map(|key| Change::Delete { key }),
        1 => key().prop_map(|prefix| Change::DeletePrefix { prefix }),
    ]
}

fn batches() -> impl Strategy<Value = Vec<Batch>> {
    let batch =
        prop::collection::vec(change(), 1..6).prop_map(|changes| Batch { conditions: vec![], changes });
    prop::collection::vec(batch, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_power_cut_takes_no_acknowledged_batch_and_leaves_no_half(
        batches in batches(), cut in any::<Index>(), cut_in_repair in prop::option::of(0u64..30), seed in any::<u64>(),
    ) {
        let states = expected(&batches);
        let content = new_store();
        // Once through without a cut, to know how many instants there are to choose from; closing has some too.
        let (all, disk) = commit_until_the_cut(content.clone(), &batches, u64::MAX);
        prop_assert_eq!(all, batches.len());
        let operations = usize::try_from(disk.disk().operations).unwrap();

        let (acknowledged, disk) = commit_until_the_cut(content, &batches, cut.index(operations) as u64);
        let mut content = disk.disk().after_the_cut(seed);
        if let Some(cut_at) = cut_in_repair {
            let disk = Plugged(Arc::new(Mutex::new(Disk::holding(content, cut_at))));
            drop(open(&disk));
            content = disk.disk().after_the_cut(seed.rotate_left(32));
        }
        let store = open(&Plugged(Arc::new(Mutex::new(Disk::holding(content, u64::MAX))))).unwrap();
        let found = state(&store);
        let under_way = (acknowledged + 1).min(batches.len());
        prop_assert!(
            found == states[acknowledged] || found == states[under_way],
            "{acknowledged} were acknowledged, at revision {}, and revision {} was found",
            states[acknowledged].0, found.0,
        );
        let next = Batch { conditions: vec![], changes: vec![Change::Put { key: vec![1], value: vec![2] }] };
        prop_assert_eq!(store.commit(&next).unwrap(), found.0 + 1);
    }
}
