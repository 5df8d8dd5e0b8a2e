//! The audit log: one line an event, the last 65 536 kept in memory.
//!
//! Line format: vendor docs, Log. What is logged and how much is kept is our choice (docs/device.md §8).

use std::collections::VecDeque;
use std::fmt::Display;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Lines kept.
const CAPACITY: usize = 65_536;

/// The audit log of one node.
#[derive(Default)]
pub(crate) struct AuditLog(Mutex<Lines>);

#[derive(Default)]
struct Lines {
    lines: VecDeque<String>,
    /// Event counter of the next line.
    next: u32,
}

impl AuditLog {
    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a line. `thread` and `correlation` are the node's and the session's identifiers.
    pub(crate) fn add(&self, now_ms: u64, thread: u32, correlation: u32, text: impl Display) {
        let date = date(now_ms);
        let mut log = self.lock();
        let counter = log.next;
        log.next = log.next.wrapping_add(1);
        if log.lines.len() == CAPACITY {
            log.lines.pop_front();
        }
        log.lines.push_back(format!("{date} {thread:08x} {counter:08x} {correlation:08x}|{text}"));
    }

    /// Lines from event counter `start` on, at most `max_lines` and 64 KiB; and the counter to go on from.
    pub(crate) fn read(&self, start: u32, max_lines: usize) -> (u32, String) {
        let log = self.lock();
        let first = log.next.wrapping_sub(log.lines.len() as u32);
        let skip = start.saturating_sub(first) as usize;
        let mut next = first.max(start).min(log.next);
        let mut text = String::new();
        for line in log.lines.iter().skip(skip).take(max_lines) {
            if text.len() + line.len() + 1 > 64 << 10 {
                break;
            }
            text.push_str(line);
            text.push('\n');
            next = next.wrapping_add(1);
        }
        (next, text)
    }

    /// Forgets every line but one that says so.
    pub(crate) fn truncate(&self, now_ms: u64, thread: u32, correlation: u32, user: &str) {
        let lost = {
            let mut log = self.lock();
            let lost = log.lines.len();
            log.lines.clear();
            lost
        };
        self.add(now_ms, thread, correlation, format_args!("log truncated by {user}, {lost} lines removed"));
    }
}

/// `yyyy/mm/dd HH:MM:SS`, UTC. Days to date after the proleptic Gregorian calendar's 400-year cycle.
fn date(now_ms: u64) -> String {
    let seconds = now_ms / 1000;
    let (days, clock) = (seconds / 86_400, seconds % 86_400);
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
    format!("{year:04}/{month:02}/{day:02} {hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stands_as_the_vendor_writes_it() {
        let log = AuditLog::default();
        log.add(1_709_210_096_789, 1, 0xAB, "login of master");
        assert_eq!(
            log.read(0, 10),
            (1, "2024/02/29 12:34:56 00000001 00000000 000000ab|login of master\n".into())
        );
        assert_eq!(date(0), "1970/01/01 00:00:00");
        assert_eq!(date(951_782_399_000), "2000/02/28 23:59:59");
        assert_eq!(date(4_102_444_800_000), "2100/01/01 00:00:00");
    }

    #[test]
    fn reading_goes_on_from_the_counter_and_truncation_leaves_one_line() {
        let log = AuditLog::default();
        for number in 0..5 {
            log.add(0, 0, 0, number);
        }
        let (next, first) = log.read(0, 2);
        assert_eq!((next, first.lines().count()), (2, 2));
        assert_eq!(log.read(next, 10).1.lines().count(), 3);
        assert_eq!(log.read(99, 10), (5, String::new()));
        log.truncate(0, 0, 0, "master");
        let (next, text) = log.read(0, 10);
        assert_eq!(next, 6);
        assert!(text.ends_with("00000005 00000000|log truncated by master, 5 lines removed\n"), "{text}");
    }
}
