//! Backup virtual tokens (docs/digipass.md, section 5).

use super::window::Clock;
use super::{Application, Backup, DAY_S, Host, Response};

/// Uses that mean any number.
const ANY_NUMBER: u8 = 255;

impl Backup {
    /// It may be used for so many days from now on.
    pub fn limit(&mut self, now: i64, days: u16) {
        let end = now + i64::from(days) * DAY_S;
        self.days = u16::try_from((end + DAY_S - 1) / DAY_S).unwrap_or(u16::MAX);
        self.begun = true;
    }

    fn is_over(&self, host: Host<'_>) -> bool {
        self.begun && host.now > i64::from(self.days) * DAY_S
    }
}

impl Application {
    /// The code of asking the virtual token for a password, which counts as a use.
    pub fn lend_password(&mut self, host: Host<'_>) -> i32 {
        if !self.traits.passwords {
            return 132;
        }
        if !self.enabled() {
            return 208;
        }
        if !self.traits.backup {
            return 211;
        }
        if !self.backup.enabled {
            return 208;
        }
        let threshold = host.parms.i_threshold();
        if threshold > 0 && i64::from(self.errors) >= threshold {
            return 202;
        }
        if self.backup.is_over(host) {
            return 209;
        }
        if self.backup.uses == 0 {
            return 210;
        }
        if self.backup.uses != ANY_NUMBER {
            self.backup.uses -= 1;
        }
        if self.backup.days > 0 && !self.backup.begun {
            self.backup.limit(host.now, self.backup.days);
        }
        0
    }

    /// The code of asking the virtual token for a signature.
    #[must_use]
    pub fn lend_signature(&self) -> i32 {
        match (self.traits.signatures, self.enabled(), self.traits.backup) {
            (false, ..) => 132,
            (true, false, _) => 208,
            (true, true, true) => 1104,
            (true, true, false) => 211,
        }
    }

    /// As the virtual token counts time: it always does.
    #[must_use]
    pub fn as_backup(&self) -> Self {
        let mut timed = self.clone();
        if timed.traits.step_s == 0 {
            timed.traits.step_s = 36;
        }
        timed
    }

    /// Passwords are tried as the virtual token's.
    pub(super) fn has_usable_backup(&self, host: Host<'_>) -> bool {
        self.traits.backup && self.backup.enabled && !self.backup.is_over(host)
    }

    /// A password of the virtual token: it teaches neither deviation nor event.
    pub(super) fn accept_backup(&mut self, host: Host<'_>, response: &Response) -> Result<i32, i32> {
        let tried = self.as_backup().tries(host, Clock::Password, response.step);
        let usable = self.has_usable_backup(host);
        if response.wrong || response.maker != self.owner || response.bound != self.bound || !usable || !tried
        {
            return Err(self.fail(1));
        }
        if response.step <= self.password_step {
            return Err(self.fail(201));
        }
        self.password_step = response.step;
        self.last_used = host.now;
        self.succeed(true);
        Ok(0)
    }
}
