//! Passwords, derivation and synchronisation (docs/digipass.md, sections 5, 7 and 12).

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
        if asked && typed.pin != self.pin.text {
            return Err(self.fail(2));
        }
        self.check_new_pin(asked, typed)?;
        let question = self.question(host, typed.challenge.as_ref())?;
        let bound = self.bound.clone();
        let code = self.accept(host, &typed.response, bound.as_ref(), &question)?;
        if let Some((new, _)) = &typed.new_pin {
            self.pin.text.clone_from(new);
            self.pin.change_forced = false;
        }
        Ok(code)
    }

    fn check_new_pin(&self, asked: bool, typed: &Typed) -> Result<(), i32> {
        match &typed.new_pin {
            None if asked && self.pin.change_forced => Err(2),
            None => Ok(()),
            Some((new, again)) => {
                let long = (self.pin.min_len..=8).contains(&new.len());
                let fine = self.pin.change_on && long && new == again;
                if fine { Ok(()) } else { Err(2) }
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
        let (first, last) = self.events(host, None);
        let tried = !self.traits.events || (first..=last).contains(&response.event);
        if !self.made_here(host, response, bound, question)
            || !tried
            || !self.tries(host, host.now, false, response.step)
        {
            return Err(self.fail(1));
        }
        if self.is_replay(host, response, question) {
            return Err(self.fail(201));
        }
        self.learn_deviation(host, host.now, response.step);
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
        self.succeed(host, response.backup);
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

    /// The code of synchronising by two responses that each side expects where they are.
    pub fn synchronise(&mut self, host: Host<'_>, first: &Response, second: &Response) -> i32 {
        if !self.traits.passwords {
            return 132;
        }
        if !self.enabled() {
            return 208;
        }
        let question = &first.question;
        let bound = self.bound.clone();
        let both = self.made_here(host, first, bound.as_ref(), question)
            && self.made_here(host, second, bound.as_ref(), &second.question);
        let (width, _) = host.parms.password_window();
        let follows = match self.traits.step_s {
            0 => second.event == first.event + 1,
            _ => (1..=width + 1).contains(&(second.step - first.step)),
        };
        if !both || !follows || self.traits.events && first.event < self.next_event {
            return self.fail(1);
        }
        if self.traits.step_s > 0 && second.step <= self.password_step {
            return self.fail(201);
        }
        if self.traits.step_s > 0 {
            self.deviation =
                (second.step - self.step_of(host.now + host.parms.adjust_s())) * self.traits.step_s;
            self.password_step = second.step;
        }
        if self.traits.events {
            self.next_event = second.event + 1;
        }
        self.last_used = host.now;
        self.waiting = false;
        // It is not remembered as the last accepted response.
        let last = self.backup.last;
        self.succeed(host, false);
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
