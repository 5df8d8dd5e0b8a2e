//! Logging in (§3).

use bancada_wire::status::Status;

use super::state::{Generator, Origin, Phase, Session};
use super::{Fault, Model, Verdict, fault, require};
use crate::check::{Check, effective};
use crate::memory::{TOTP_STEP, hotp};
use crate::scenario::number::ACL_CHANGE_PWD_NEXT_TIME;
use crate::scenario::{Change, Data, Login, Otp};

/// Counters or steps looked at beyond the present one (§3).
const WINDOW: u64 = 10;

/// Counters looked at to find a generator again (§3).
const RESYNC: u64 = 990;

/// Seconds of a day.
const DAY: u64 = 86_400;

impl Model {
    pub(super) fn login(&mut self, login: &Login) -> Result<Session, Fault> {
        match login {
            Login::Anonymous => Ok(self.new_session(Phase::Anonymous, 0, "")),
            Login::Password { user, password } => {
                self.password_login(user, password, None).map(|phase| self.new_session(phase, 1, user))
            }
            Login::OneTime { user, password, otp } => {
                self.password_login(user, password, Some(otp)).map(|phase| self.new_session(phase, 2, user))
            }
            Login::Token { user, key } => {
                self.token_login(user, key)?;
                Ok(self.new_session(Phase::Full, 3, user))
            }
        }
    }

    fn password_login(&mut self, name: &str, password: &str, otp: Option<&Otp>) -> Result<Phase, Fault> {
        let now = self.now;
        let policy = effective(self.policy);
        let user = self.users.get_mut(name).ok_or(Fault::Status(Status::ERR_ACCESS_DENIED))?;
        require(!user.blocked, Status::ERR_ACCESS_DENIED_USR_BLOCKED)?;
        let proven = if user.password != password {
            Err((Fault::Status(Status::ERR_ACCESS_DENIED), true))
        } else {
            match (&mut user.generator, otp) {
                (None, None) => Ok(()),
                (Some(_), None) => Err((Fault::Status(Status::ERR_ACCESS_DENIED_TOKEN_NEEDED), false)),
                (None, Some(_)) => Err((Fault::Status(Status::ERR_ACCESS_DENIED_TOKEN_NOT_NEEDED), false)),
                (Some(generator), Some(otp)) => generator.accept(otp, now).map_err(|fault| (fault, true)),
            }
        };
        if let Err((why, counted)) = proven {
            if counted && why != Fault::Unknown {
                user.attempts += 1;
                user.blocked = user.attempts >= u32::from(policy.max_invalid_logins);
            }
            return Err(why);
        }
        user.attempts = 0;
        let aged = policy.expiration_days > 0 && now - user.set_at >= u64::from(policy.expiration_days) * DAY;
        Ok(if aged || user.acl & ACL_CHANGE_PWD_NEXT_TIME != 0 { Phase::Expired } else { Phase::Full })
    }

    fn token_login(&self, name: &str, key: &Data) -> Result<(), Fault> {
        let user = self.users.get(name).ok_or(Fault::Status(Status::ERR_ACCESS_DENIED))?;
        require(!user.blocked, Status::ERR_ACCESS_DENIED_USR_BLOCKED)?;
        let Data::Slot { slot, change: Change::None } = key else {
            return fault(Status::ERR_ACCESS_DENIED);
        };
        let issued = matches!(
            self.slots.get(slot),
            Some(Origin::Token { user: owner, life }) if owner == name && *life == user.life
        );
        let live = user
            .tokens
            .iter()
            .any(|token| token.slot == Some(*slot) && token.expires.is_none_or(|expires| expires > self.now));
        require(issued && live, Status::ERR_ACCESS_DENIED)
    }
}

impl Generator {
    /// Accepts a one-time password or tells why not; only an accepted one moves the generator on.
    pub(super) fn accept(&mut self, otp: &Otp, now: u64) -> Result<(), Fault> {
        if self.totp { self.accept_totp(otp, now) } else { self.accept_hotp(otp) }
    }

    fn accept_hotp(&mut self, otp: &Otp) -> Result<(), Fault> {
        let digits = match otp {
            Otp::Digits(digits) => digits.clone(),
            Otp::Hotp { key, counter } => hotp(key, *counter),
            Otp::Totp { .. } => return fault(Status::ERR_ACCESS_DENIED),
        };
        let mut ahead = self.counter..self.counter + WINDOW;
        if let Some(counter) = ahead.find(|counter| hotp(&self.key, *counter) == digits) {
            self.counter = counter + 1;
            return Ok(());
        }
        let mut behind = self.counter.saturating_sub(WINDOW)..self.counter;
        match behind.any(|counter| hotp(&self.key, counter) == digits) {
            true => fault(Status::ERR_REPLAY_DETECTED),
            false => fault(Status::ERR_ACCESS_DENIED),
        }
    }

    /// Steps are counted from the present one: the model knows the clock only as far as it was advanced.
    fn accept_totp(&mut self, otp: &Otp, now: u64) -> Result<(), Fault> {
        let Otp::Totp { key, steps } = otp else { return fault(Status::ERR_ACCESS_DENIED) };
        if *key != self.key || steps.unsigned_abs() > WINDOW {
            return fault(Status::ERR_ACCESS_DENIED);
        }
        if let Some((when, last)) = self.last {
            let passed = i64::try_from((now - when) / TOTP_STEP).unwrap_or(i64::MAX);
            if *steps <= last - passed {
                return fault(Status::ERR_REPLAY_DETECTED);
            }
        }
        self.last = Some((now, *steps));
        Ok(())
    }
}

impl Generator {
    /// Two consecutive unused passwords find the generator again; of those by the clock, the model does not tell.
    pub(super) fn resync(&mut self, first: &Otp, second: &Otp) -> Verdict {
        if self.totp {
            return Err(Fault::Unknown);
        }
        match (first, second) {
            (Otp::Hotp { key: a, counter: one }, Otp::Hotp { key: b, counter: two })
                if *a == self.key
                    && *b == self.key
                    && one + 1 == *two
                    && (self.counter..self.counter + RESYNC).contains(one) =>
            {
                self.counter = two + 1;
                Ok(Check::Any)
            }
            _ => fault(Status::ERR_INVALID_SECRET),
        }
    }
}
