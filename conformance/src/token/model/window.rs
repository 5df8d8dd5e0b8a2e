//! Which steps and events the kernel tries (docs/digipass.md, section 3).

use super::{Application, DAY_S, Host};

/// The last event a BLOB can count.
const LAST_EVENT: i64 = u32::MAX as i64 - 1;

/// Whose time a window stands around, and which parameter is its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// A password now, by the host's time.
    Password,
    /// A signature now, by the host's time.
    Signature,
    /// A signature at a time the device's own clock showed.
    Deferred(i64),
}

/// Steps in one piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// The step in the middle.
    pub middle: i64,
    /// Steps to either side.
    pub reach: i64,
}

impl Piece {
    fn holds(self, step: i64) -> bool {
        step >= 1 && (step - self.middle).abs() <= self.reach
    }
}

impl Application {
    /// The step of a time.
    #[must_use]
    pub fn step_of(&self, time: i64) -> i64 {
        time.div_euclid(self.traits.step_s.max(1))
    }

    /// The pieces of the window, the first being where the device is expected.
    #[must_use]
    pub fn pieces(&self, host: Host<'_>, clock: Clock) -> Vec<Piece> {
        let step_s = self.traits.step_s.max(1);
        let (width, grows) = match clock {
            Clock::Password => host.parms.password_window(),
            Clock::Signature | Clock::Deferred(_) => host.parms.signature_window(),
        };
        let (sync_s, discrete) = host.parms.sync();
        let (time, deviation) = match clock {
            Clock::Deferred(time) => (time, 0),
            Clock::Password | Clock::Signature => (host.now + host.parms.adjust_s(), self.deviation),
        };
        if discrete {
            let zone = (deviation as f64 / 3600.0).round() as i64;
            let reach = sync_s / 3600 / 2;
            let mut zones = vec![zone];
            zones.extend((-reach..=reach).filter(|hours| *hours != zone));
            let piece = |hours: i64| Piece { middle: self.step_of(time + hours * 3600), reach: width / 2 };
            return zones.into_iter().map(piece).collect();
        }
        let steps = if self.waiting {
            sync_s.max(width * step_s) / step_s
        } else if grows {
            let idle_s = if self.last_used == 0 { 0 } else { (host.now - self.last_used).max(0) };
            let grown = step_s + idle_s * 8 / DAY_S;
            let fixed = width * step_s;
            grown.max(fixed).min(fixed.max(sync_s)) / step_s
        } else {
            width
        };
        vec![Piece { middle: self.step_of(time + deviation), reach: steps / 2 }]
    }

    /// Whether a step is tried.
    pub(super) fn tries(&self, host: Host<'_>, clock: Clock, step: i64) -> bool {
        self.traits.step_s == 0 || self.pieces(host, clock).into_iter().any(|piece| piece.holds(step))
    }

    /// The deviation after a step was found.
    pub(super) fn learn_deviation(&mut self, host: Host<'_>, step: i64) {
        if self.traits.step_s == 0 {
            return;
        }
        let time = host.now + host.parms.adjust_s();
        let (_, discrete) = host.parms.sync();
        let (middle, old) = match discrete {
            true => (self.step_of(time), 0),
            false => (self.step_of(time + self.deviation), self.deviation),
        };
        self.deviation = (step - middle) * self.traits.step_s + old;
    }

    /// The first and last event tried: forwards, or around the current or a deferred one.
    #[must_use]
    pub fn events(&self, host: Host<'_>, around: Option<i64>) -> (i64, i64) {
        let width = host.parms.events();
        let (first, last) = match around {
            None => (self.next_event, self.next_event + width - 1),
            Some(centre) => (centre - width / 2 + 1, centre + width / 2),
        };
        (first, last.min(LAST_EVENT))
    }
}
