//! Group commit: threads that commit at the same moment share one transaction, led by one of them.
//!
//! The first thread to come leads. Those that come while it works queue their batches and sleep. The leader takes
//! what is queued into its transaction, commits once, tells each its outcome, and hands the lead to the first
//! of those that came too late. No thread is kept for this.

use std::collections::VecDeque;
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bancada_engine::store::{Batch, Revision, StoreError};

/// Outcome of one batch.
pub(crate) type Outcome = Result<Revision, StoreError>;

/// The queue of one store.
#[derive(Default)]
pub(crate) struct Group {
    queue: Mutex<Queue>,
}

/// What became of a thread that joined.
pub(crate) enum Turn<'a> {
    /// It leads: it must commit its own batch, and those it takes from the queue.
    Lead(Lead<'a>),
    /// Another thread committed its batch, or failed to.
    Done(Outcome),
}

/// The right to write. Dropping it, also by a panic, hands it to the next thread in the queue.
pub(crate) struct Lead<'a> {
    group: &'a Group,
}

/// A batch whose thread sleeps until it is told the outcome. Dropped untold, the thread learns that its leader died.
pub(crate) struct Waiting {
    /// What to commit.
    pub(crate) batch: Batch,
    signal: SyncSender<Signal>,
}

impl Group {
    /// Joins with a batch; returns when the caller is to lead, or when its batch has been dealt with.
    pub(crate) fn join(&self, batch: &Batch) -> Turn<'_> {
        let signalled = {
            let mut queue = self.queue();
            if !queue.led {
                queue.led = true;
                return Turn::Lead(Lead { group: self });
            }
            let (signal, signalled) = mpsc::sync_channel(1);
            queue.waiting.push_back(Waiting { batch: batch.clone(), signal });
            signalled
        };
        match signalled.recv() {
            Ok(Signal::Lead) => Turn::Lead(Lead { group: self }),
            Ok(Signal::Done(outcome)) => Turn::Done(outcome),
            Err(mpsc::RecvError) => Turn::Done(Err(StoreError::Unavailable(
                "the thread that was committing this batch panicked; read again to learn whether it was stored"
                    .to_owned(),
            ))),
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // The queue is whole at every point where a thread can panic.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lead<'_> {
    /// Takes what is queued at this moment, oldest first.
    pub(crate) fn take_waiting(&self) -> VecDeque<Waiting> {
        std::mem::take(&mut self.group.queue().waiting)
    }
}

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        let mut queue = self.group.queue();
        while let Some(next) = queue.waiting.pop_front() {
            if next.signal.send(Signal::Lead).is_ok() {
                return;
            }
        }
        queue.led = false;
    }
}

impl Waiting {
    /// Wakes the thread with the outcome.
    pub(crate) fn tell(self, outcome: Outcome) {
        // The thread sleeps in `recv` until this arrives; if it is gone nobody wants the outcome.
        let _ = self.signal.send(Signal::Done(outcome));
    }
}

#[derive(Default)]
struct Queue {
    /// A thread leads, or has been woken to.
    led: bool,
    waiting: VecDeque<Waiting>,
}

enum Signal {
    Lead,
    Done(Outcome),
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::thread;

    use super::*;

    fn wait_for(group: &Group, waiting: usize) {
        while group.queue().waiting.len() < waiting {
            thread::yield_now();
        }
    }

    #[test]
    fn those_who_wait_are_told_their_own_outcome() {
        let group = Group::default();
        let batch = Batch::default();
        let Turn::Lead(lead) = group.join(&batch) else { panic!("the first leads") };
        thread::scope(|scope| {
            let followers: Vec<_> = (0..3).map(|_| scope.spawn(|| group.join(&batch))).collect();
            wait_for(&group, 3);
            for (revision, waiting) in (1..).zip(lead.take_waiting()) {
                waiting.tell(Ok(revision));
            }
            drop(lead);
            let mut told: Vec<_> = followers
                .into_iter()
                .map(|follower| match follower.join().unwrap() {
                    Turn::Done(Ok(revision)) => revision,
                    _ => panic!("a follower whose batch was taken does not lead"),
                })
                .collect();
            told.sort_unstable();
            assert_eq!(told, [1, 2, 3]);
        });
        assert!(!group.queue().led);
    }

    #[test]
    fn a_leader_that_panics_wakes_those_it_took_and_hands_on_the_lead() {
        let group = Group::default();
        let batch = Batch::default();
        let Turn::Lead(lead) = group.join(&batch) else { panic!("the first leads") };
        thread::scope(|scope| {
            let taken =
                scope.spawn(|| matches!(group.join(&batch), Turn::Done(Err(StoreError::Unavailable(_)))));
            wait_for(&group, 1);
            let round = lead.take_waiting();
            let heir = scope.spawn(|| matches!(group.join(&batch), Turn::Lead(_)));
            wait_for(&group, 1);
            let died = catch_unwind(AssertUnwindSafe(move || {
                let (_lead, _round) = (lead, round);
                panic!("on purpose");
            }));
            assert!(died.is_err());
            assert!(taken.join().unwrap());
            assert!(heir.join().unwrap());
        });
        assert!(!group.queue().led);
    }
}
