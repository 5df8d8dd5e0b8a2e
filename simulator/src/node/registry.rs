//! The connections of a node: who they are for the admin API, and how they are told to end.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use tokio::sync::Notify;

/// How a connection that was told to end does so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Closed in order (TCP FIN).
    Close,
    /// Reset (TCP RST).
    Reset,
}

const OPEN: u8 = 0;
const CLOSING: u8 = 1;
const RESETTING: u8 = 2;
const NO_DEADLINE: u64 = u64::MAX;
/// Instead of the time of the last request: one is being worked on. No clock gets there, so this is never idle.
const WORKING: u64 = u64::MAX;
/// Instead of the time of the last request: idle for too long, and told to end.
const IDLE: u64 = u64::MAX - 1;

/// What the admin API tells about a session.
#[derive(Debug, Clone, Default)]
pub(crate) struct About {
    /// The device's number of the session; 0 before the hello.
    pub(crate) session: u64,
    pub(crate) user: Option<Box<str>>,
    pub(crate) kind: &'static str,
    /// Cipher suite, `None` on a clear connection.
    pub(crate) cipher: Option<&'static str>,
}

/// One connection.
pub(crate) struct Entry {
    pub(crate) id: u64,
    pub(crate) peer: SocketAddr,
    /// When it was accepted, milliseconds since 1970 UTC on the device's clock.
    pub(crate) since_ms: u64,
    /// When the last request was answered, on the device's clock; [`WORKING`] or [`IDLE`].
    active_ms: AtomicU64,
    /// When patience ends, milliseconds after the registry's start in real time.
    deadline: AtomicU64,
    state: AtomicU8,
    waker: Mutex<Option<Waker>>,
    about: Mutex<About>,
}

impl Entry {
    /// Notes that a request arrives or is worked on: until [`Self::rest`] the connection is not idle, however far the
    /// device's clock jumps.
    ///
    /// # Errors
    /// The connection was idle for too long before and is ending: there is nobody to work for.
    pub(crate) fn work(&self) -> Result<(), End> {
        match self.active_ms.swap(WORKING, Ordering::SeqCst) {
            IDLE => Err(End::Close),
            _ => Ok(()),
        }
    }

    /// Notes that the last request was answered at `since_ms`.
    pub(crate) fn rest(&self, since_ms: u64) {
        self.active_ms.store(since_ms, Ordering::SeqCst);
    }

    /// Whether the connection has been idle for `idle_ms` of the device's time and ends now, if it has not before.
    ///
    /// The look and the end are one step: a request that comes now finds the connection ending, or is answered. Whoever
    /// advances the clock looks afterwards, whoever rests does too; in one order of all these steps one of them sees both.
    pub(crate) fn ends_idle(&self, now_ms: u64, idle_ms: u64) -> bool {
        let idle = |active| (now_ms.saturating_sub(active) >= idle_ms).then_some(IDLE);
        self.active_ms.fetch_update(Ordering::SeqCst, Ordering::SeqCst, idle).is_ok()
    }

    /// Replaces what is told about the session.
    pub(crate) fn set_about(&self, about: About) {
        *lock(&self.about) = about;
    }

    /// What is told about the session.
    pub(crate) fn about(&self) -> About {
        lock(&self.about).clone()
    }

    /// Tells the connection to end.
    pub(crate) fn end(&self, end: End) {
        let state = if end == End::Reset { RESETTING } else { CLOSING };
        self.state.store(state, Ordering::Release);
        let waker = lock(&self.waker).take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// How the connection was told to end, if it was.
    pub(crate) fn ended(&self) -> Option<End> {
        match self.state.load(Ordering::Acquire) {
            OPEN => None,
            RESETTING => Some(End::Reset),
            _ => Some(End::Close),
        }
    }

    /// Lets a poll of the connection's socket go ahead, and ends the wait when the connection is told to end.
    pub(crate) fn guard<T>(
        &self,
        cx: &mut Context<'_>,
        mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<Result<T, End>> {
        if let Some(end) = self.ended() {
            return Poll::Ready(Err(end));
        }
        if let Poll::Ready(value) = poll(cx) {
            return Poll::Ready(Ok(value));
        }
        {
            let mut waker = lock(&self.waker);
            if !waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
                *waker = Some(cx.waker().clone());
            }
        }
        // Told between the first look and the registration: `end` found no waker to wake.
        self.ended().map_or(Poll::Pending, |end| Poll::Ready(Err(end)))
    }
}

/// The connections of a node.
pub(crate) struct Registry {
    started: Instant,
    /// Numbers connections; shared by the nodes of a cluster.
    next: Arc<AtomicU64>,
    count: AtomicUsize,
    entries: Mutex<BTreeMap<u64, Arc<Entry>>>,
    emptied: Notify,
}

impl Registry {
    pub(crate) fn new(next: Arc<AtomicU64>) -> Self {
        Self {
            started: Instant::now(),
            next,
            count: AtomicUsize::new(0),
            entries: Mutex::new(BTreeMap::new()),
            emptied: Notify::new(),
        }
    }

    /// Connections that are open.
    pub(crate) fn len(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// Adds a connection; it is removed when the guard is dropped.
    pub(crate) fn add(self: &Arc<Self>, peer: SocketAddr, now_ms: u64) -> Registered {
        let entry = Arc::new(Entry {
            id: self.next.fetch_add(1, Ordering::Relaxed),
            peer,
            since_ms: now_ms,
            active_ms: AtomicU64::new(now_ms),
            deadline: AtomicU64::new(NO_DEADLINE),
            state: AtomicU8::new(OPEN),
            waker: Mutex::new(None),
            about: Mutex::new(About { kind: "connecting", ..About::default() }),
        });
        self.count.fetch_add(1, Ordering::Relaxed);
        lock(&self.entries).insert(entry.id, Arc::clone(&entry));
        Registered { registry: Arc::clone(self), entry }
    }

    /// Every connection, the oldest first.
    pub(crate) fn entries(&self) -> Vec<Arc<Entry>> {
        lock(&self.entries).values().cloned().collect()
    }

    /// Gives a connection `patience_ms` of real time, or `None` for as much as it takes.
    pub(crate) fn set_deadline(&self, entry: &Entry, patience_ms: Option<u64>) {
        let deadline = patience_ms.map_or(NO_DEADLINE, |ms| self.uptime_ms().saturating_add(ms));
        entry.deadline.store(deadline, Ordering::Relaxed);
    }

    /// Tells every connection to end.
    pub(crate) fn end_all(&self, end: End) {
        for entry in self.entries() {
            entry.end(end);
        }
    }

    /// Closes connections that were idle for `idle_ms` of the device's time, or whose patience is over; tells how many.
    pub(crate) fn sweep(&self, now_ms: u64, idle_ms: u64) -> usize {
        let uptime_ms = self.uptime_ms();
        let over = |entry: &&Arc<Entry>| {
            entry.ends_idle(now_ms, idle_ms) || uptime_ms >= entry.deadline.load(Ordering::Relaxed)
        };
        let entries = self.entries();
        entries.iter().filter(over).map(|entry| entry.end(End::Close)).count()
    }

    /// Waits until no connection is left.
    pub(crate) async fn emptied(&self) {
        loop {
            let told = self.emptied.notified();
            if lock(&self.entries).is_empty() {
                return;
            }
            told.await;
        }
    }

    fn uptime_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(NO_DEADLINE - 1)
    }
}

/// A connection's place in the registry; dropping it gives the place up.
pub(crate) struct Registered {
    registry: Arc<Registry>,
    pub(crate) entry: Arc<Entry>,
}

impl Drop for Registered {
    fn drop(&mut self) {
        let empty = {
            let mut entries = lock(&self.registry.entries);
            entries.remove(&self.entry.id);
            entries.is_empty()
        };
        self.registry.count.fetch_sub(1, Ordering::Relaxed);
        if empty {
            self.registry.emptied.notify_waiters();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::time::Duration;

    fn peer() -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], 1))
    }

    #[tokio::test]
    async fn a_waiting_connection_is_woken_to_end() {
        let registry = Arc::new(Registry::new(Arc::default()));
        let registered = registry.add(peer(), 0);
        let entry = Arc::clone(&registered.entry);
        let waiting = tokio::spawn(async move {
            let _place = registered;
            let entry = Arc::clone(&_place.entry);
            poll_fn(|cx| entry.guard(cx, |_| Poll::<()>::Pending)).await
        });
        tokio::task::yield_now().await;
        assert_eq!(registry.len(), 1);
        entry.end(End::Reset);
        assert_eq!(waiting.await.unwrap(), Err(End::Reset));
        tokio::time::timeout(Duration::from_secs(5), registry.emptied()).await.unwrap();
        assert_eq!(registry.len(), 0);
    }

    #[test]
    fn a_sweep_ends_idle_and_overdue_connections_only() {
        let registry = Arc::new(Registry::new(Arc::default()));
        let (idle, overdue, busy) =
            (registry.add(peer(), 0), registry.add(peer(), 0), registry.add(peer(), 0));
        overdue.entry.rest(1000);
        registry.set_deadline(&overdue.entry, Some(0));
        busy.entry.rest(1000);
        registry.set_deadline(&busy.entry, Some(60_000));
        assert_eq!(registry.sweep(1000, 1000), 2);
        assert_eq!(idle.entry.ended(), Some(End::Close));
        assert_eq!(overdue.entry.ended(), Some(End::Close));
        assert_eq!(busy.entry.ended(), None);
        registry.set_deadline(&busy.entry, None);
        assert_eq!(busy.entry.deadline.load(Ordering::Relaxed), NO_DEADLINE);
    }

    #[test]
    fn work_is_not_idleness_and_idleness_ends_work() {
        let registry = Arc::new(Registry::new(Arc::default()));
        let (busy, idle) = (registry.add(peer(), 0), registry.add(peer(), 0));
        busy.entry.work().unwrap();
        assert_eq!(registry.sweep(1_000_000, 1000), 1, "the idle one");
        assert_eq!(busy.entry.ended(), None);
        assert_eq!(idle.entry.work(), Err(End::Close), "swept before the request was looked at");
        busy.entry.rest(1_000_000);
        assert_eq!(registry.sweep(1_000_999, 1000), 0, "idle since the answer");
        assert_eq!(registry.sweep(1_001_000, 1000), 1);
        assert_eq!(busy.entry.ended(), Some(End::Close));
        let answered = registry.add(peer(), 0);
        answered.entry.work().unwrap();
        assert_eq!(registry.sweep(1000, 1000), 0, "its answer is there, and nobody has noted it");
        answered.entry.rest(0);
        assert!(answered.entry.ends_idle(1000, 1000), "who notes it looks again");
        assert!(!answered.entry.ends_idle(2000, 1000), "once");
    }
}
