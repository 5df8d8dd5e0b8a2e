//! Kills a process that is committing, again and again, and checks that every acknowledged write is in the file and
//! no batch is there by half.
//!
//! `BANCADA_CRASH_KILLS` sets how many times (20 by default). The figures are written to standard error.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test panics")]

mod writer;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use bancada_engine::store::{Revision, Store, Versioned};
use bancada_store::FileStore;

const THREADS: u64 = 8;
const WRITE_TO: &str = "BANCADA_CRASH_WRITE_TO";
const KILLS: &str = "BANCADA_CRASH_KILLS";

/// A new file is begun after this many kills, so that kills also fall into its creation.
const KILLS_PER_FILE: u64 = 5;

#[derive(Debug, Default)]
struct Figures {
    kills: u64,
    before_the_file: u64,
    before_any_write: u64,
    left_for_the_next: u64,
    acknowledged: u64,
    lost: u64,
    torn: u64,
}

#[test]
fn every_acknowledged_write_survives_a_kill() {
    // This binary runs itself to have a process to kill; the variable says that this is that process.
    if let Some(path) = env::var_os(WRITE_TO) {
        writer::run(Path::new(&path), THREADS).unwrap();
        return;
    }
    let kills: u64 =
        env::var(KILLS).map_or(20, |kills| kills.parse().expect("BANCADA_CRASH_KILLS is a number"));
    let mut figures = Figures::default();
    let mut folder = tempfile::tempdir().unwrap();
    let mut known = BTreeMap::new();
    let mut under_way = 0;
    for kill in 0..kills {
        if kill.is_multiple_of(KILLS_PER_FILE) {
            folder = tempfile::tempdir().unwrap();
            known = BTreeMap::new();
            under_way = 0;
        }
        let path = folder.path().join("state");
        let acknowledged = write_and_kill(&path, kill);
        figures.kills += 1;
        figures.acknowledged += acknowledged.len() as u64;
        figures.before_any_write += u64::from(acknowledged.is_empty());
        under_way += 1;
        for ack in acknowledged {
            let before = known.insert(ack.thread, ack);
            // A number told twice: the writer found less than it had been told.
            figures.lost += u64::from(before.is_some_and(|before| before.number >= ack.number));
        }
        if !path.exists() {
            figures.before_the_file += 1;
            assert!(known.is_empty(), "writes were acknowledged and there is no file");
        } else if kill % KILLS_PER_FILE == 2 && kill + 1 < kills {
            // The next writer finds the file as the kill left it, and may be killed while it repairs it.
            figures.left_for_the_next += 1;
        } else {
            check(&FileStore::open(&path).unwrap(), &mut known, under_way, &mut figures);
            under_way = 0;
        }
    }
    writeln!(io::stderr(), "crash test: {figures:?}").unwrap();
    assert_eq!((figures.lost, figures.torn), (0, 0), "{figures:?}");
    assert!(figures.acknowledged > 0, "the writer wrote nothing");
}

/// The last batch of a thread that is known to be in the file.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ack {
    thread: u64,
    number: u64,
    revision: Revision,
}

/// Lets a writer run for a moment, kills it, and returns what it said was acknowledged.
fn write_and_kill(path: &Path, kill: u64) -> Vec<Ack> {
    let mut child = start(path);
    let lines = BufReader::new(child.stdout.take().unwrap());
    let (first, first_seen) = mpsc::channel();
    let reader = thread::spawn(move || {
        let mut acknowledged = Vec::new();
        for line in lines.split(b'\n') {
            let Some(ack) = parse(&line.unwrap()) else { continue };
            let _ = first.send(());
            acknowledged.push(ack);
        }
        acknowledged
    });
    let random = scramble(kill);
    // Every third kill falls anywhere from the start of the process on, the others while it commits.
    let micros = if kill.is_multiple_of(3) {
        random % 12_000
    } else {
        first_seen.recv_timeout(Duration::from_secs(60)).expect("the writer acknowledges something");
        random % 40_000
    };
    thread::sleep(Duration::from_micros(micros));
    child.kill().unwrap();
    let status = child.wait().unwrap();
    assert!(!status.success(), "the writer ended by itself");
    reader.join().unwrap()
}

fn start(path: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "every_acknowledged_write_survives_a_kill", "--nocapture"])
        .env(WRITE_TO, path)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Reads a line of the writer; others come from the test harness it runs under.
fn parse(line: &[u8]) -> Option<Ack> {
    let line = std::str::from_utf8(line).ok()?;
    // The harness prints the test's name without ending the line.
    let numbers = &line[line.find("ack ")? + 4..];
    let mut numbers = numbers.split(' ').map(|number| number.parse().ok());
    Some(Ack { thread: numbers.next()??, number: numbers.next()??, revision: numbers.next()?? })
}

/// Compares the file with what was acknowledged, counts what is wrong, and leaves what is in the file in `known`.
fn check(store: &FileStore, known: &mut BTreeMap<u64, Ack>, under_way: u64, figures: &mut Figures) {
    let mut records: BTreeMap<Vec<u8>, Versioned> =
        store.scan(b"", None, usize::MAX).unwrap().into_iter().collect();
    let mut revisions = BTreeSet::new();
    for thread in 0..THREADS {
        let last = records.remove(&writer::last(thread));
        let (number, revision) = last
            .as_ref()
            .map_or((0, 0), |last| (u64::from_le_bytes(last.value[..].try_into().unwrap()), last.revision));
        let before = known.get(&thread).copied().unwrap_or(Ack { thread, number: 0, revision: 0 });
        figures.lost += before.number.saturating_sub(number);
        // More than was told may be there: the batches that were under way at the kills since the last check.
        assert!(
            number <= before.number + under_way,
            "thread {thread} has {number}, and was told {}",
            before.number
        );
        if number == before.number && revision != before.revision {
            figures.torn += 1;
        }
        for present in number.saturating_sub(writer::KEPT) + 1..=number {
            match records.remove(&writer::numbered(thread, present)) {
                None => figures.torn += 1,
                Some(record) => {
                    let whole = record.value == writer::content(present);
                    let fits = (record.revision == revision) == (present == number);
                    figures.torn += u64::from(!whole || !fits || !revisions.insert(record.revision));
                }
            }
        }
        if number > 0 {
            known.insert(thread, Ack { thread, number, revision });
        }
    }
    // Whatever is left should have been removed by the batch that wrote a thread's last record.
    figures.torn += records.len() as u64;
    let newest = revisions.last().copied().unwrap_or(0);
    assert_eq!(store.revision(), newest, "the store's revision is that of its newest record");
}

/// Spreads consecutive numbers evenly (the finaliser of SplitMix64).
fn scramble(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
