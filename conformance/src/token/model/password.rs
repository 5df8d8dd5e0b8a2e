//! Passwords, derivation and synchronisation (docs/digipass.md, sections 5, 7 and 12).

use super::window::Clock;
use super::{Application, Host, Question, Response, Typed, accepted};

impl Application {
    /// The code of verifying a password.
    pub fn verify_password(&mut self, host: Host<'_>, typed: &Typed) -> i32 {
        if !self.traits.passwords {
            return 132;
        }
        self.password(host, typed).unwrap_or_else(|code| code)
    }

    fn password(&mut self, host: Host<'_>, typed: &Typed) -> Result<i32, i32> {
        self.gate(host, host.parms.i_threshold(), 202)?;
        self.form(typed.form)?;
        let asked = self.traits.pin && self.pin.enabled;
        if asked && typed.pin.as_ref().is_some_and(|pin| *pin != self.pin.text) {
            return Err(self.fail(2));
        }
        let question = match self.question(host, typed.challenge.as_ref()) {
            Ok(question) => question,
            Err(_) if !self.primary => Question::None,
            // The virtual token needs none, and a guess at its password is not free.
            Err(code) if self.has_usable_backup(host) && typed.response.backup => {
                return self
                    .accept_backup(host, &typed.response)
                    .map_err(|got| if got == 1 { code } else { got });
            }
            Err(code) if self.has_usable_backup(host) => return Err(self.fail(code)),
            Err(code) => return Err(code),
        };
        let bound = self.bound.clone();
        let before = self.clone();
        let code = self.accept(host, &typed.response, bound.as_ref(), &question)?;
        // The change comes last; when it is refused, nothing has happened.
        if let Err(code) = self.change_pin(asked, typed) {
            *self = before;
            return Err(code);
        }
        self.pin.reset = false;
        Ok(code)
    }

    fn change_pin(&mut self, asked: bool, typed: &Typed) -> Result<(), i32> {
        match &typed.new_pin {
            None if asked && (self.pin.change_forced || typed.pin.is_none()) => Err(802),
            None => Ok(()),
            Some(_) if !self.pin.change_on && !self.pin.change_forced => Err(2),
            Some((new, _)) if new.len() < self.pin.min_len => Err(803),
            Some((new, _)) if new.len() > 8 => Err(804),
            Some((new, again)) if new != again => Err(2),
            Some((new, _)) => {
                self.pin.text.clone_from(new);
                self.pin.change_forced = false;
                Ok(())
            }
        }
    }

    /// What the response must answer (§5, CheckChallenge).
    fn question(&self, host: Host<'_>, passed: Option<&String>) -> Result<Question, i32> {
        if !self.traits.challenge && (passed.is_none() || !self.traits.challenge_allowed) {
            return Ok(Question::None);
        }
        let challenge = match host.parms.check_challenge() {
            2 => self.challenge.clone().ok_or(131)?,
            1 => {
                let passed = passed.ok_or(131)?;
                self.traits.challenge_field.check(passed)?;
                if self.challenge.as_ref() != Some(passed) {
                    return Err(140);
                }
                passed.clone()
            }
            _ => {
                let passed = passed.ok_or(131)?;
                self.traits.challenge_field.check(passed)?;
                passed.clone()
            }
        };
        Ok(Question::Challenge(challenge))
    }

    fn accept(
        &mut self,
        host: Host<'_>,
        response: &Response,
        bound: Option<&String>,
        question: &Question,
    ) -> Result<i32, i32> {
        if response.backup {
            return self.accept_backup(host, response);
        }
        let (first, last) = self.events(host, None);
        let tried = !self.traits.events || (first..=last).contains(&response.event);
        if !self.made_here(response, bound, question)
            || !tried
            || !self.tries(host, Clock::Password, response.step)
        {
            return Err(self.fail(1));
        }
        if self.is_replay(host, response, question) {
            return Err(self.fail(201));
        }
        self.learn_deviation(host, response.step);
        if self.traits.step_s > 0 {
            self.password_step = self.password_step.max(response.step);
        }
        if self.traits.events {
            self.next_event = response.event + 1;
        }
        self.last_used = host.now;
        self.waiting = false;
        self.mark = Some((response.value.clone(), question.clone()));
        self.challenge = None;
        self.succeed(false);
        Ok(accepted(response.score))
    }

    fn is_replay(&self, host: Host<'_>, response: &Response, question: &Question) -> bool {
        // Where there are events, they alone tell old from new.
        if self.traits.events {
            return false;
        }
        let check = host.parms.check_challenge();
        let again = self.mark.as_ref() == Some(&(response.value.clone(), question.clone()));
        if *question == Question::None {
            return self.traits.step_s > 0 && response.step <= self.password_step;
        }
        if self.traits.step_s == 0 {
            return check == 4 && again;
        }
        response.step < self.password_step
            || response.step == self.password_step && (check == 3 || check == 4 && again)
    }

    /// The code of synchronising by two responses of one application; the right PIN stands before each.
    pub fn synchronise(&mut self, host: Host<'_>, first: &Response, second: &Response) -> i32 {
        if !self.traits.passwords || self.traits.step_s == 0 && !self.traits.events {
            return 132;
        }
        if let Err(code) = self.gate(host, host.parms.i_threshold(), 202) {
            return code;
        }
        let bound = self.bound.clone();
        let both = self.made_here(first, bound.as_ref(), &first.question)
            && self.made_here(second, bound.as_ref(), &second.question);
        // The window is that of a token that waits for its first use.
        let waiting = Self { waiting: true, ..self.clone() };
        let (width, _) = host.parms.password_window();
        let same = host.parms.check_challenge() == 4 && first.question != second.question;
        let follows = match self.traits.step_s {
            0 => second.event == first.event + 1,
            _ => (i64::from(!same)..=width + 1).contains(&(second.step - first.step)),
        };
        let tried = waiting.tries(host, Clock::Password, first.step);
        if !both || !follows || !tried || self.traits.events && first.event < self.next_event {
            return self.fail(1);
        }
        if self.traits.step_s > 0 && !self.traits.events && second.step <= self.password_step {
            return self.fail(201);
        }
        if self.traits.pin && self.pin.enabled && self.pin.change_forced {
            return 802;
        }
        if self.traits.step_s > 0 {
            self.deviation =
                (second.step - self.step_of(host.now + host.parms.adjust_s())) * self.traits.step_s;
            self.password_step = self.password_step.max(second.step);
        }
        if self.traits.events {
            self.next_event = second.event + 1;
        }
        self.mark = Some((second.value.clone(), second.question.clone()));
        self.last_used = host.now;
        self.waiting = false;
        self.pin.reset = false;
        // It is not remembered as the last accepted response.
        let last = self.backup.last;
        self.succeed(false);
        self.backup.last = last;
        0
    }
}

/// A derivation code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derivation {
    /// The response in it, bound to the new device.
    pub response: Response,
    /// A character of the diversifier is none of its format.
    pub letter: bool,
    /// The check character is wrong.
    pub mistyped: bool,
    /// The challenge that was passed.
    pub challenge: Option<String>,
}

/// The code of a derivation; the first application verifies.
pub fn derive(apps: &mut [&mut Application], host: Host<'_>, derivation: &Derivation) -> i32 {
    verify_derivation(apps, host, derivation).unwrap_or_else(|code| code)
}

fn verify_derivation(
    apps: &mut [&mut Application],
    host: Host<'_>,
    derivation: &Derivation,
) -> Result<i32, i32> {
    let all = apps.iter().all(|app| app.traits.derivation);
    let first = apps.first_mut().ok_or(808)?;
    if !first.traits.passwords {
        return Err(132);
    }
    if !first.enabled() {
        return Err(208);
    }
    if !all {
        return Err(1118);
    }
    // The virtual token does not derive.
    if !first.primary {
        return Err(208);
    }
    first.gate(host, host.parms.i_threshold(), 202)?;
    if derivation.letter {
        return Err(1112);
    }
    if derivation.mistyped {
        return Err(1113);
    }
    let question = first.question(host, derivation.challenge.as_ref())?;
    let bound = derivation.response.bound.clone();
    let code = first.accept(host, &derivation.response, bound.as_ref(), &question)?;
    for app in apps {
        app.bound.clone_from(&bound);
    }
    Ok(code)
}
