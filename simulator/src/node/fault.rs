//! Faults a node plays: what a network or a dying device does to its clients.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Longest delay of a reply: an hour.
pub const MAX_LATENCY_MS: u64 = 3_600_000;

/// What is wrong with a node. The default is nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Milliseconds every answer waits before it is sent, at most an hour.
    pub latency_ms: u64,
    /// The node goes silent: it takes bytes and neither executes nor answers them.
    pub drop: bool,
    /// Each connection ends after this many more bytes of answers, in the middle of one if need be.
    /// The request that ran into it was executed. With `reset` it ends by a TCP reset.
    pub drop_after_bytes: Option<u64>,
    /// Connections are reset (TCP RST): those that are open at once, or after `drop_after_bytes`; new ones on arrival.
    pub reset: bool,
    /// New connections are refused; those that are open go on.
    pub refuse: bool,
}

impl Faults {
    /// Whether a connection is to be reset without further condition.
    pub(crate) fn resets_at_once(&self) -> bool {
        self.reset && self.drop_after_bytes.is_none()
    }
}

/// The faults of a node, cheap to ask when there are none.
#[derive(Debug, Default)]
pub(crate) struct FaultState {
    /// Odd while there are faults; goes up with every change.
    version: AtomicU64,
    faults: RwLock<Faults>,
}

/// What is left of `drop_after_bytes` on one connection.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    version: u64,
    spent: u64,
}

impl Budget {
    /// How many of `wanted` bytes may still be sent; `None` when all of them.
    pub(crate) fn spend(&mut self, version: u64, faults: &Faults, wanted: usize) -> Option<usize> {
        let limit = faults.drop_after_bytes?;
        if self.version != version {
            *self = Self { version, spent: 0 };
        }
        let left = limit.saturating_sub(self.spent);
        self.spent = self.spent.saturating_add(wanted as u64);
        (left < wanted as u64).then_some(left as usize)
    }
}

impl FaultState {
    /// The faults and the number of their setting, `None` when there are none. Called for every request.
    pub(crate) fn current(&self) -> Option<(u64, Faults)> {
        let version = self.version.load(Ordering::Acquire);
        (version % 2 == 1).then(|| (version, self.get()))
    }

    /// The faults as they were set.
    pub(crate) fn get(&self) -> Faults {
        *self.faults.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces the faults.
    pub(crate) fn set(&self, faults: Faults) {
        let faults = Faults { latency_ms: faults.latency_ms.min(MAX_LATENCY_MS), ..faults };
        let mut current = self.faults.write().unwrap_or_else(PoisonError::into_inner);
        *current = faults;
        let even = (self.version.load(Ordering::Relaxed) + 2) & !1;
        self.version.store(even + u64::from(faults != Faults::default()), Ordering::Release);
    }

    /// How long an answer waits.
    pub(crate) fn latency(faults: &Faults) -> Option<Duration> {
        (faults.latency_ms > 0).then(|| Duration::from_millis(faults.latency_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_fault_is_none() {
        let state = FaultState::default();
        assert_eq!(state.current(), None);
        state.set(Faults { latency_ms: u64::MAX, ..Faults::default() });
        assert_eq!(state.current().map(|(_, faults)| faults.latency_ms), Some(MAX_LATENCY_MS));
        state.set(Faults::default());
        assert_eq!(state.current(), None);
    }

    #[test]
    fn a_connection_ends_after_its_bytes_and_a_new_setting_counts_anew() {
        let state = FaultState::default();
        let mut budget = Budget::default();
        for _ in 0..2 {
            state.set(Faults { drop_after_bytes: Some(10), ..Faults::default() });
            let (version, faults) = state.current().unwrap();
            assert_eq!(budget.spend(version, &faults, 8), None);
            assert_eq!(budget.spend(version, &faults, 8), Some(2));
            assert_eq!(budget.spend(version, &faults, 8), Some(0));
        }
        assert_eq!(budget.spend(0, &Faults::default(), 8), None);
    }

    #[test]
    fn a_reset_may_wait_for_bytes() {
        assert!(Faults { reset: true, ..Faults::default() }.resets_at_once());
        assert!(!Faults { reset: true, drop_after_bytes: Some(3), ..Faults::default() }.resets_at_once());
    }

    #[test]
    fn unknown_faults_are_refused() {
        assert!(serde_json::from_str::<Faults>(r#"{"latency_ms":5}"#).is_ok());
        assert!(serde_json::from_str::<Faults>(r#"{"latency":5}"#).is_err());
    }
}
