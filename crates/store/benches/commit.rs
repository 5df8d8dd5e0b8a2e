//! Durable commits per second: the file store with 1, 4 and 16 threads, beside redb itself with one writer.
//!
//! Both write the same record of 100 bytes under changing keys, with two-phase commit, synchronised before the call
//! returns. The ratios to redb are printed at the end; what they depend on most is the disk under the temporary folder
//! (`TMPDIR` chooses it).

use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::{self, Write};
use std::thread;
use std::time::{Duration, Instant};

use bancada_engine::store::{Batch, Change, Store, StoreError};
use bancada_store::FileStore;
use criterion::{Criterion, Throughput};
use redb::{Database, Durability, TableDefinition};

const TABLE: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("records");
const VALUE: [u8; 100] = [0x5a; 100];
const THREADS: [u64; 3] = [1, 4, 16];

/// How many keys are written in turn, so that the file stays small however long the measurement takes.
const KEYS: u64 = 10_000;

type Failed = Box<dyn std::error::Error>;

fn main() -> Result<(), Failed> {
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(5))
        .configure_from_args();
    let mut rates = BTreeMap::new();
    let folder = tempfile::tempdir()?;
    let mut group = criterion.benchmark_group("durable_commit");
    group.throughput(Throughput::Elements(1));

    let database = Database::create(folder.path().join("redb"))?;
    measure(&mut group, "redb, 1 writer", &mut rates, |count| commit_to_redb(&database, count));
    let store = FileStore::open(folder.path().join("store"))?;
    for threads in THREADS {
        let name = format!("store, {threads:2} threads");
        measure(&mut group, &name, &mut rates, |count| Ok(commit_to_store(&store, threads, count)?));
    }
    group.finish();
    criterion.final_summary();
    Ok(report(&rates)?)
}

type Group<'a> = criterion::BenchmarkGroup<'a, criterion::measurement::WallTime>;

/// Measures a number of commits, and keeps the rate of the longest sample.
fn measure(
    group: &mut Group<'_>,
    name: &str,
    rates: &mut BTreeMap<String, f64>,
    commit: impl Fn(u64) -> Result<(), Failed>,
) {
    let mut longest = (0, Duration::ZERO);
    let mut failure = None;
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|count| {
            let begun = Instant::now();
            if let Err(error) = commit(count) {
                failure = Some(error);
            }
            let took = begun.elapsed();
            if count >= longest.0 {
                longest = (count, took);
            }
            took
        });
    });
    match failure {
        Some(error) => eprintln!("{name}: {error}; its figures mean nothing"),
        None if longest.0 > 0 => {
            rates.insert(name.to_owned(), longest.0 as f64 / longest.1.as_secs_f64());
        }
        None => {} // Filtered out.
    }
}

fn key(number: u64) -> [u8; 8] {
    (number % KEYS).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()
}

fn commit_to_redb(database: &Database, count: u64) -> Result<(), Failed> {
    for number in 0..count {
        let mut transaction = database.begin_write()?;
        transaction.set_durability(Durability::Immediate)?;
        transaction.set_two_phase_commit(true);
        transaction.open_table(TABLE)?.insert(&key(number)[..], &VALUE[..])?;
        transaction.commit()?;
    }
    Ok(())
}

fn commit_to_store(store: &FileStore, threads: u64, count: u64) -> Result<(), StoreError> {
    let share = |thread: u64| -> Result<(), StoreError> {
        for number in (thread..count).step_by(usize::try_from(threads).unwrap_or(usize::MAX)) {
            let put = Change::Put { key: key(number).to_vec(), value: VALUE.to_vec() };
            black_box(store.commit(&Batch { conditions: vec![], changes: vec![put] })?);
        }
        Ok(())
    };
    if threads == 1 {
        return share(0);
    }
    thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|thread| scope.spawn(move || share(thread))).collect();
        all.into_iter()
            .try_for_each(|one| one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

fn report(rates: &BTreeMap<String, f64>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let redb = rates.get("redb, 1 writer");
    for (name, rate) in rates {
        match redb {
            Some(redb) => writeln!(out, "{name}: {rate:.0} commits/s, {:.2} times redb", rate / redb)?,
            None => writeln!(out, "{name}: {rate:.0} commits/s")?,
        }
    }
    Ok(())
}
