//! The device's clock: the system's time, or a time that stands still, plus what a test has advanced it by.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

/// Latest time a clock can show: the last millisecond of the year 9999, so that every time is a date.
const LATEST_MS: u64 = 253_402_300_799_999;

/// The time all nodes of a cluster live in. Clones show the same time.
///
/// It only moves forward: passwords, tokens and idle sessions expire when it is advanced, and nothing comes back.
#[derive(Clone)]
pub struct Clock(Arc<Shared>);

struct Shared {
    /// `None` for the system's time.
    standing_ms: Option<u64>,
    offset_ms: AtomicU64,
    advanced: watch::Sender<()>,
}

impl Clock {
    /// The system's time until it is advanced.
    #[must_use]
    pub fn system() -> Self {
        Self::new(None)
    }

    /// A clock that stands at `now_ms` (milliseconds since 1970 UTC) and moves only when it is advanced.
    #[must_use]
    pub fn standing_at(now_ms: u64) -> Self {
        Self::new(Some(now_ms))
    }

    fn new(standing_ms: Option<u64>) -> Self {
        let advanced = watch::Sender::new(());
        Self(Arc::new(Shared { standing_ms, offset_ms: AtomicU64::new(0), advanced }))
    }

    /// Milliseconds since 1970 UTC, at most the end of the year 9999.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        let base = self.0.standing_ms.unwrap_or_else(system_ms);
        base.saturating_add(self.offset_ms()).min(LATEST_MS)
    }

    /// Milliseconds this clock has been advanced by.
    #[must_use]
    pub fn offset_ms(&self) -> u64 {
        self.0.offset_ms.load(Ordering::SeqCst)
    }

    /// Moves the clock forward. Sessions that have become idle are closed right after.
    pub fn advance(&self, by: Duration) {
        let by_ms = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        let advance = |offset: u64| Some(offset.saturating_add(by_ms).min(LATEST_MS));
        // The closure always gives a value, so this cannot fail.
        let _ = self.0.offset_ms.fetch_update(Ordering::SeqCst, Ordering::SeqCst, advance);
        self.0.advanced.send_replace(());
    }

    /// Tells when the clock is advanced.
    pub(crate) fn subscribe(&self) -> watch::Receiver<()> {
        self.0.advanced.subscribe()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clock")
            .field("standing_ms", &self.0.standing_ms)
            .field("offset_ms", &self.offset_ms())
            .finish()
    }
}

fn system_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_clock_moves_only_when_advanced() {
        let clock = Clock::standing_at(1000);
        let same = clock.clone();
        assert_eq!(clock.now_ms(), 1000);
        same.advance(Duration::from_secs(31 * 86_400));
        assert_eq!(clock.now_ms(), 1000 + 31 * 86_400_000);
        assert_eq!(clock.offset_ms(), 31 * 86_400_000);
    }

    #[test]
    fn the_systems_time_goes_on_under_the_offset() {
        let clock = Clock::system();
        let before = system_ms();
        clock.advance(Duration::from_millis(5000));
        assert!(clock.now_ms() >= before + 5000);
    }

    #[test]
    fn no_advance_leaves_the_calendar() {
        let clock = Clock::standing_at(5);
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now_ms(), LATEST_MS);
    }

    #[test]
    fn subscribers_learn_of_an_advance() {
        let clock = Clock::system();
        let mut told = clock.subscribe();
        assert!(!told.has_changed().unwrap());
        clock.advance(Duration::from_millis(1));
        assert!(told.has_changed().unwrap());
        told.mark_unchanged();
        assert!(!told.has_changed().unwrap());
    }
}
