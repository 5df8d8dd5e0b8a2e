//! Where a response is looked for: time steps from the most probable outwards, events forwards, every score.
//!
//! Windows: vendor docs, pages Time-based algorithms, Dynamic time window, Discrete time window, Event-based algorithms. Our choice: the
//! lower of two equally probable steps comes first; with both events and time every event is tried in every step, over fewer events
//! if that were more than [`MOST_TRIALS`] computations.

use zeroize::Zeroizing;

use crate::Context;
use crate::blob::State;
use crate::params::SyncWindow;
use crate::role::Key;
use crate::suite::{Inputs, Question128, Responder, Suite};

/// The event that is never accepted: a BLOB that expects it has none left (our choice). So an accepted event always has a next one.
pub(super) const NO_EVENT: u32 = u32::MAX;

/// The most computations for one response.
const MOST_TRIALS: usize = 2_000_000;

const HOUR_S: i64 = 3600;
const DAY_S: i64 = 86_400;

/// Whose time a window stands around.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    /// The host's time now: GMTAdjust and the device's deviation are added.
    Host,
    /// The device's own time, in seconds since 1970 (vendor docs, AAL2VerifySignature: deferred data).
    Device(i64),
}

/// A range of time steps, tried from the middle outwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// The most probable step.
    pub(crate) middle: i64,
    /// Steps on either side.
    pub(crate) reach: i64,
}

/// The ranges to try, in order, and how to learn the clock's deviation from a hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spans {
    pub(crate) spans: Vec<Span>,
    step_s: i64,
    /// The step of the host's time without deviation.
    host: i64,
    /// Deviation that the middle of a single window includes; `None` when windows stand at whole hours.
    shift_s: Option<i64>,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) step: u64,
    pub(crate) event: u32,
    pub(crate) score: u8,
}

/// A response to look for.
pub(crate) struct Trial<'a> {
    pub(crate) suite: &'a Suite,
    /// One key per score.
    pub(crate) keys: &'a [(u8, Key)],
    pub(crate) question: &'a Question128,
    pub(crate) pin: &'a [u8],
    /// Steps to try, if the suite has time.
    pub(crate) spans: &'a [Span],
    /// First event and number of events, if the suite has events.
    pub(crate) events: (u32, u32),
}

impl Spans {
    /// The windows for a response made at `at`, of ordinarily `width` steps.
    pub(crate) fn new(
        cx: &Context<'_>,
        state: &State,
        step_s: i64,
        at: At,
        width: i64,
        dynamic: bool,
    ) -> Self {
        let (at, deviation_s) = match at {
            At::Host => (host_time(cx), i64::from(state.shift_s)),
            At::Device(time) => (time, 0),
        };
        let host = at.div_euclid(step_s);
        let step_of = |deviation: i64| at.saturating_add(deviation).div_euclid(step_s);
        let reach_h = match cx.params.sync() {
            SyncWindow::Continuous { width_s } => {
                let shift_s = deviation_s;
                let steps = steps(cx, state, step_s, width, dynamic, width_s);
                let span = Span { middle: step_of(shift_s), reach: steps / 2 };
                return Self { spans: vec![span], step_s, host, shift_s: Some(shift_s) };
            }
            SyncWindow::Discrete { reach_h } => reach_h,
        };
        let previous = (deviation_s as f64 / HOUR_S as f64).round() as i64;
        let mut zones = vec![previous, 0];
        zones.extend((1..=reach_h).flat_map(|hours| [-hours, hours]));
        zones.dedup();
        let spans =
            zones.iter().map(|hours| Span { middle: step_of(hours * HOUR_S), reach: width / 2 }).collect();
        Self { spans, step_s, host, shift_s: None }
    }

    /// The deviation in seconds after a hit at `step`.
    pub(crate) fn shift_after(&self, step: u64) -> i32 {
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        let middle = self.spans.first().map_or(self.host, |span| span.middle);
        let shift = match self.shift_s {
            Some(shift) => step.saturating_sub(middle).saturating_mul(self.step_s).saturating_add(shift),
            None => step.saturating_sub(self.host).saturating_mul(self.step_s),
        };
        shift.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
    }
}

impl Trial<'_> {
    /// The first hit that `judge` calls fresh; without one, the verdict on the first that it does not.
    pub(crate) fn find<E>(
        &self,
        expected: u64,
        judge: impl Fn(&Hit) -> Result<(), E>,
    ) -> Option<Result<Hit, E>> {
        let responders: Vec<(u8, Responder)> =
            self.keys.iter().map(|(score, key)| (*score, Responder::new(self.suite, key))).collect();
        let (first, mut count) = if self.suite.counter { self.events } else { (0, 1) };
        if self.suite.counter {
            let per_event = (self.steps().count() * responders.len()).max(1);
            count = count.min(u32::try_from(MOST_TRIALS / per_event).unwrap_or(u32::MAX).max(1));
        }
        let mut stale = None;
        for offset in 0..count {
            let event = first.saturating_add(offset);
            if event == NO_EVENT {
                break;
            }
            let inputs = Inputs {
                counter: u64::from(event),
                question: self.question,
                pin: self.pin,
                session: &[],
                step: 0,
            };
            let opened: Vec<_> = responders.iter().map(|(_, responder)| responder.open(&inputs)).collect();
            for step in self.steps() {
                for (key, (score, responder)) in responders.iter().enumerate() {
                    if responder.value(&opened[key], step) != expected {
                        continue;
                    }
                    let hit = Hit { step, event, score: *score };
                    match judge(&hit) {
                        Ok(()) => return Some(Ok(hit)),
                        Err(error) => stale = stale.or(Some(Err(error))),
                    }
                }
            }
        }
        stale
    }

    /// Every step once, in the order of trying, made as they are asked for: the right one is mostly among the first. Step 0 stands
    /// for "no step yet" in a BLOB, and a step beyond 32 bits has no room there, so they are not tried.
    fn steps(&self) -> impl Iterator<Item = u64> {
        let timed = self.suite.time.is_some();
        let spans = if timed { self.spans } else { &[] };
        let of_span = move |(place, span): (usize, &Span)| {
            let (middle, done) = (span.middle, &spans[..place]);
            let beside = (1..=span.reach).flat_map(|away| [-away, away]);
            std::iter::once(0).chain(beside).filter_map(move |away| {
                let step = middle.saturating_add(away);
                let tried = done.iter().any(|span| (step - span.middle).abs() <= span.reach);
                ((1..=i64::from(u32::MAX)).contains(&step) && !tried).then_some(step as u64)
            })
        };
        (!timed).then_some(0).into_iter().chain(spans.iter().enumerate().flat_map(of_span))
    }
}

/// The host's time with GMTAdjust, in seconds since 1970.
pub(crate) fn host_time(cx: &Context<'_>) -> i64 {
    i64::try_from(cx.now).unwrap_or(i64::MAX).saturating_add(cx.params.clock_adjustment_s())
}

/// A PIN without the zero bytes that fill it.
pub(crate) fn pin_text(pin: &[u8; 8], len: u8) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(pin[..usize::from(len.min(8))].to_vec())
}

/// The full width in steps: static, grown with idleness, or that of the first use.
fn steps(cx: &Context<'_>, state: &State, step_s: i64, width: i64, dynamic: bool, sync_s: i64) -> i64 {
    let static_s = width * step_s;
    let most_s = sync_s.max(static_s);
    let width_s = if state.unsynchronised {
        most_s
    } else if dynamic {
        // One step, and 8 seconds for every idle day; that exceeds the static width from step x (width - 1) / 8 days on.
        // A token that was never used is not idle.
        let since = if state.last_time_used == 0 { cx.now } else { state.last_time_used.into() };
        let idle_s = i64::try_from(cx.now.saturating_sub(since)).unwrap_or(i64::MAX);
        (step_s + idle_s.max(0) / DAY_S * 8 + idle_s.max(0) % DAY_S * 8 / DAY_S).clamp(static_s, most_s)
    } else {
        static_s
    };
    width_s / step_s
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blob::Kind;
    use crate::params::{DYNAMIC_WINDOW, SYNC_DISCRETE};
    use crate::testing::Bench;
    use crate::{KernelParams, Sealing};

    const NOW: u64 = 1_700_000_000;

    fn spans(params: &KernelParams, state: &State, idle_s: u64) -> Spans {
        let cx = Context { now: NOW + idle_s, params, sealing: Sealing::Software };
        let width = params.password_window_steps();
        Spans::new(&cx, state, 36, At::Host, width, params.password_window_is_dynamic())
    }

    fn reach(params: &KernelParams, idle_s: u64) -> i64 {
        let state = State { last_time_used: NOW as u32, ..State::default() };
        spans(params, &state, idle_s).spans[0].reach
    }

    /// A time of use of 0 stands for none: the window stays static.
    #[test]
    fn what_was_never_used_is_not_idle() {
        let params = KernelParams { i_time_window: 10 | DYNAMIC_WINDOW, ..KernelParams::default() };
        assert_eq!(spans(&params, &State::default(), 0).spans[0].reach, 5);
    }

    /// The vendor's example: 36 s, 10 steps, 6 hours (page Dynamic time window calculation examples).
    #[test]
    fn dynamic_windows_grow_as_published() {
        let params = KernelParams { i_time_window: 10 | DYNAMIC_WINDOW, ..KernelParams::default() };
        let day = 86_400;
        // Full widths of 10, 10, 23, 82, 600 and 600 steps.
        for (idle_s, half) in [
            (0, 5),
            (day * 81 / 2, 5),
            (99 * day, 11),
            (365 * day, 41),
            (day * 5391 / 2, 300),
            (9000 * day, 300),
        ] {
            assert_eq!(reach(&params, idle_s), half, "{idle_s}");
        }
        let fixed = KernelParams { i_time_window: 10, ..KernelParams::default() };
        assert_eq!(reach(&fixed, 365 * day), 5);
    }

    #[test]
    fn the_first_use_takes_the_wider_window() {
        let state = State { unsynchronised: true, shift_s: 72, ..State::default() };
        let narrow = KernelParams { i_time_window: 10, ..KernelParams::default() };
        let got = spans(&narrow, &state, 0);
        assert_eq!(got.spans, [Span { middle: (NOW as i64 + 72) / 36, reach: 300 }]);
        let wide = KernelParams { i_time_window: 1000, sync_window: 1, ..KernelParams::default() };
        assert_eq!(spans(&wide, &state, 0).spans[0].reach, 500);
        assert_eq!(got.shift_after((NOW + 72) / 36 + 3), 72 + 108);
    }

    #[test]
    fn discrete_windows_stand_at_whole_hours() {
        let params = KernelParams {
            i_time_window: 10 | DYNAMIC_WINDOW,
            sync_window: 3 | SYNC_DISCRETE,
            ..KernelParams::default()
        };
        let middle = |hours: i64| Span { middle: (NOW as i64 + hours * 3600) / 36, reach: 5 };
        let got = spans(&params, &State { shift_s: 3500, unsynchronised: true, ..State::default() }, 0);
        assert_eq!(got.spans, [middle(1), middle(0), middle(-1), middle(1)]);
        assert_eq!(got.shift_after(NOW / 36 + 101), 3636);
        let got = spans(&params, &State::default(), 0);
        assert_eq!(got.spans, [middle(0), middle(-1), middle(1)]);
    }

    #[test]
    fn steps_are_tried_from_the_middle_once_each() {
        let suite: Suite = "TOTP-SHA1-6-T30S".parse().unwrap();
        let spans =
            [Span { middle: 10, reach: 2 }, Span { middle: 12, reach: 1 }, Span { middle: 1, reach: 2 }];
        let trial =
            Trial { suite: &suite, keys: &[], question: &[0; 128], pin: &[], spans: &spans, events: (0, 0) };
        assert_eq!(trial.steps().collect::<Vec<_>>(), [10, 9, 11, 8, 12, 13, 1, 2, 3]);
        let untimed = Trial { suite: &"HOTP-SHA1-6".parse().unwrap(), ..trial };
        assert_eq!(untimed.steps().collect::<Vec<_>>(), [0]);
    }

    /// A BLOB notes steps of 32 bits: later ones, which it could not tell from each other, are not accepted.
    #[test]
    fn steps_that_cannot_be_noted_are_not_accepted() {
        let mut bench = Bench::new(Kind::ResponseOnly, "TOTP-SHA256-8-T1S");
        bench.params.i_time_window = 2;
        bench.edit(|app| app.state.unsynchronised = false);
        bench.now = u64::from(u32::MAX);
        let otp = bench.otp();
        assert_eq!(bench.code(&otp), 0);
        assert_eq!(bench.code(&otp), 201);
        bench.now += 100;
        let otp = bench.otp();
        assert_eq!(bench.code(&otp), 1);
    }
}
