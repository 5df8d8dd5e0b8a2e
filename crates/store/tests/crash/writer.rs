//! The process that the crash test kills: threads that commit as fast as they can, and say what was acknowledged.
//!
//! Thread `t` commits batches 1, 2, 3, …; batch `n` writes the record `t/n`, sets the record `t/last` to `n`, and
//! removes `t/(n - KEPT)`. After each commit it prints `ack t n revision` and flushes. So after a kill, the records of
//! a thread must be exactly those its `last` implies, and `last` must not be less than the last line printed.

use std::io::{self, Write};
use std::panic::resume_unwind;
use std::path::Path;
use std::thread;

use bancada_engine::store::{Batch, Change, Store, StoreError};
use bancada_store::FileStore;

/// How many of a thread's numbered records exist at a time.
pub(crate) const KEPT: u64 = 50;

/// Key of a thread's numbered record.
pub(crate) fn numbered(thread: u64, number: u64) -> Vec<u8> {
    format!("{thread:03}/{number:020}").into_bytes()
}

/// Key of the record that holds the number of a thread's last batch, 64 bits little-endian.
pub(crate) fn last(thread: u64) -> Vec<u8> {
    format!("{thread:03}/last").into_bytes()
}

/// Opens the store and commits until it is killed, or until it fails.
pub(crate) fn run(path: &Path, threads: u64) -> Result<(), StoreError> {
    let store = &FileStore::open(path)?;
    thread::scope(|scope| {
        let all: Vec<_> =
            (0..threads).map(|thread| scope.spawn(move || commit_for_ever(store, thread))).collect();
        all.into_iter().try_for_each(|one| one.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
}

fn commit_for_ever(store: &FileStore, thread: u64) -> Result<(), StoreError> {
    let found = store.get(&last(thread))?;
    let mut number = match &found {
        Some(record) => u64::from_le_bytes(record.value.as_slice().try_into().unwrap_or_default()),
        None => 0,
    };
    loop {
        number += 1;
        let changes = vec![
            Change::Put { key: numbered(thread, number), value: content(number) },
            Change::Put { key: last(thread), value: number.to_le_bytes().to_vec() },
            Change::Delete { key: numbered(thread, number.saturating_sub(KEPT)) },
        ];
        let revision = store.commit(&Batch { conditions: vec![], changes })?;
        // One write of one line: a kill leaves it whole or absent in the pipe.
        let line = format!("ack {thread} {number} {revision}\n");
        let mut out = io::stdout().lock();
        if out.write_all(line.as_bytes()).and_then(|()| out.flush()).is_err() {
            return Ok(()); // Nobody listens any more.
        }
    }
}

/// What a numbered record holds: short mostly, and now and then several pages long.
pub(crate) fn content(number: u64) -> Vec<u8> {
    let length = if number.is_multiple_of(17) { 9000 } else { 40 + number % 60 };
    (0..length).map(|position| (position ^ number) as u8).collect()
}
