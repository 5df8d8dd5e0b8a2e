//! Signatures over fields and messages (docs/digipass.md, section 6).

use super::window::Clock;
use super::{Application, Form, Host, Question, Response, accepted};

/// Seconds a message's time may be ahead of the host's.
const AHEAD_S: i64 = 60;

/// A signature as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The signature.
    pub response: Response,
    /// How its form is broken.
    pub form: Form,
    /// What the host passed: fields or a message.
    pub question: Question,
    /// The deferred value, 0 for none.
    pub deferred: i64,
}

impl Application {
    /// The code of verifying a signature over fields.
    pub fn verify_signature(&mut self, host: Host<'_>, signed: &Signed) -> i32 {
        if !self.traits.signatures {
            return 132;
        }
        self.signature(host, signed).unwrap_or_else(|code| code)
    }

    /// The code of verifying a signature over a message made at a time it carries, if any, which may be so many seconds old.
    pub fn verify_message(
        &mut self,
        host: Host<'_>,
        signed: &Signed,
        (form, made): (i32, Option<i64>),
        expiration_s: i64,
    ) -> i32 {
        if form != 0 {
            return form;
        }
        if expiration_s < 0 {
            return 1363;
        }
        let age = made.map(|made| host.now - made);
        if expiration_s > 0 && !age.is_some_and(|age| (-AHEAD_S..=expiration_s).contains(&age)) {
            return 1364;
        }
        if !self.traits.signatures {
            return 132;
        }
        if !self.enabled() {
            return 208;
        }
        if !self.traits.secure_channel {
            return 1309;
        }
        self.signature(host, signed).unwrap_or_else(|code| code)
    }

    fn signature(&mut self, host: Host<'_>, signed: &Signed) -> Result<i32, i32> {
        self.gate(host, host.parms.s_threshold(), 203)?;
        let mode = host.parms.online();
        let online = mode == 1 || mode == 2;
        if online && signed.deferred != 0 {
            return Err(207);
        }
        self.form(signed.form)?;
        if let Question::Fields(fields) = &signed.question {
            let most = if self.traits.one_field { 1 } else { 8 };
            if !(1..=most).contains(&fields.len()) {
                return Err(141);
            }
            fields.iter().try_for_each(|field| self.traits.data_field.check(field))?;
        }
        let response = &signed.response;
        let (time, around) = self.place(signed, online);
        let (first, last) = self.events(host, around);
        let bound = self.bound.clone();
        if !self.made_here(response, bound.as_ref(), &signed.question)
            || self.traits.events && !(first..=last).contains(&response.event)
            || !self.tries(host, time, response.step)
        {
            return Err(self.fail(1));
        }
        self.chronology(mode, signed)?;
        self.learn(host, signed, mode);
        Ok(accepted(response.score))
    }

    /// The time in the middle, and the event in the middle of a window that looks both ways.
    fn place(&self, signed: &Signed, online: bool) -> (Clock, Option<i64>) {
        let deferred = Some(signed.deferred).filter(|value| *value != 0);
        let time = deferred.filter(|_| !self.traits.events);
        let time = time.map_or(Clock::Signature, Clock::Deferred);
        let around = deferred.filter(|_| self.traits.events).unwrap_or(self.next_event - 1);
        (time, (!online).then_some(around))
    }

    /// Order and duplicates (the table of OnLineSG).
    fn chronology(&mut self, mode: i64, signed: &Signed) -> Result<(), i32> {
        let response = &signed.response;
        let again = self.mark.as_ref() == Some(&(response.value.clone(), signed.question.clone()));
        let timed = self.traits.step_s > 0;
        let online = mode == 1 || mode == 2;
        // With events, neither order nor duplicates are told.
        if self.traits.events {
            return Ok(());
        }
        if online && timed && response.step < self.signature_step {
            return Err(self.fail(206));
        }
        let one_per_step = mode == 2 && timed && response.step == self.signature_step;
        let repeated = mode != 0 && again && (!timed || response.step <= self.signature_step);
        if one_per_step || repeated {
            return Err(self.fail(204));
        }
        Ok(())
    }

    fn learn(&mut self, host: Host<'_>, signed: &Signed, mode: i64) {
        let response = &signed.response;
        if mode == 1 || mode == 2 || mode == 3 && self.waiting && signed.deferred == 0 {
            self.learn_deviation(host, response.step);
            self.waiting = false;
        }
        if mode != 0 {
            self.last_used = host.now;
            self.mark = Some((response.value.clone(), signed.question.clone()));
            if self.traits.step_s > 0 {
                self.signature_step = self.signature_step.max(response.step);
            }
        }
        if self.traits.events {
            self.next_event = self.next_event.max(response.event + 1);
        }
        self.succeed(false);
    }
}
