//! Virtual tokens (docs/digipass.md, section 5).

use super::{Application, Backup, DAY_S, Host};

/// Uses that mean any number.
const ANY_NUMBER: u8 = 255;

impl Backup {
    fn today(host: Host<'_>) -> u16 {
        u16::try_from(host.now / DAY_S).unwrap_or(u16::MAX)
    }

    /// An accepted response of the virtual token.
    pub(super) fn use_up(&mut self, host: Host<'_>) {
        if self.uses != ANY_NUMBER {
            self.uses = self.uses.saturating_sub(1);
        }
        if self.days > 0 && !self.begun {
            self.begun = true;
            self.days = Self::today(host).saturating_add(self.days);
        }
    }
}

impl Application {
    /// Whether its virtual token may be used now.
    #[must_use]
    pub fn lends(&self, host: Host<'_>) -> bool {
        let Backup { enabled, uses, days, begun, .. } = self.backup;
        self.traits.backup && enabled && uses > 0 && (!begun || Backup::today(host) <= days)
    }

    /// The code of asking the virtual token for a password or a signature.
    #[must_use]
    pub fn lend(&self, host: Host<'_>, signature: bool) -> i32 {
        let able = if signature { self.traits.signatures } else { self.traits.passwords };
        match (able, self.enabled(), self.lends(host)) {
            (false, ..) => 132,
            (_, false, _) => 208,
            (_, _, false) => 19_007,
            _ => 0,
        }
    }
}
