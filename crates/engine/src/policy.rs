//! The password policy (`PWD_SEC_POLICY`, vendor header dinamo.h; docs/device.md §4).

use crate::record::{Reader, Writer};
use bancada_wire::op::PwdPolicy;
use bancada_wire::status::Status;
use zeroize::Zeroizing;

/// Wrong logins that block a user when the policy says 0 (vendor docs, Users).
const DEFAULT_MAX_INVALID_LOGINS: u8 = 7;
/// Least length of a password when the policy asks for less (vendor docs, Users).
const MIN_LENGTH: usize = 8;
/// Greatest length: the field's width (`MAX_USR_PWD`).
const MAX_LENGTH: usize = 16;
const DAY_MS: u64 = 86_400_000;

/// The rules in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Policy(pub(crate) PwdPolicy);

impl Default for Policy {
    fn default() -> Self {
        Self(PwdPolicy {
            max_invalid_logins: 0,
            expiration_days: 0,
            history: 0,
            min_length: 0,
            min_special: 0,
            min_upper: 0,
            min_lower: 0,
        })
    }
}

impl Policy {
    /// Wrong logins that block a user.
    pub(crate) fn max_invalid_logins(&self) -> u32 {
        match self.0.max_invalid_logins {
            0 => DEFAULT_MAX_INVALID_LOGINS.into(),
            max => max.into(),
        }
    }

    /// Earlier passwords that may not be used again.
    pub(crate) fn history(&self) -> usize {
        self.0.history.into()
    }

    /// When a password set at `changed_ms` expires; `None` for never.
    pub(crate) fn expires_ms(&self, changed_ms: u64) -> Option<u64> {
        (self.0.expiration_days > 0)
            .then(|| changed_ms.saturating_add(u64::from(self.0.expiration_days) * DAY_MS))
    }

    /// Whether a password satisfies the rules on length and characters.
    ///
    /// # Errors
    /// `D_ERR_PWD_BLOCKED_BY_POLICY`.
    pub(crate) fn check(&self, password: &[u8]) -> Result<(), Status> {
        let count = |class: fn(&u8) -> bool| password.iter().filter(|byte| class(byte)).count();
        let min_length = MIN_LENGTH.max(self.0.min_length.into());
        let good = (min_length..=MAX_LENGTH).contains(&password.len())
            && count(|byte| (b' '..=b'~').contains(byte)) == password.len()
            && count(|byte| !byte.is_ascii_alphanumeric()) >= self.0.min_special.into()
            && count(u8::is_ascii_uppercase) >= self.0.min_upper.into()
            && count(u8::is_ascii_lowercase) >= self.0.min_lower.into();
        good.then_some(()).ok_or(Status::ERR_PWD_BLOCKED_BY_POLICY)
    }

    /// Whether the rules can be satisfied at all.
    pub(crate) fn satisfiable(&self) -> bool {
        let classes = [self.0.min_special, self.0.min_upper, self.0.min_lower];
        usize::from(self.0.min_length) <= MAX_LENGTH
            && classes.into_iter().map(usize::from).sum::<usize>() <= MAX_LENGTH
    }

    pub(crate) fn to_record(&self) -> Zeroizing<Vec<u8>> {
        let rules = &self.0;
        let mut record = Writer::new();
        for rule in [
            rules.max_invalid_logins,
            rules.expiration_days,
            rules.history,
            rules.min_length,
            rules.min_special,
            rules.min_upper,
            rules.min_lower,
        ] {
            record.u8(rule);
        }
        record.finish()
    }

    pub(crate) fn from_record(record: &[u8]) -> Option<Self> {
        let mut fields = Reader::new(record)?;
        let [max_invalid_logins, expiration_days, history, min_length, min_special, min_upper, min_lower] =
            fields.array::<7>()?;
        fields.end()?;
        Some(Self(PwdPolicy {
            max_invalid_logins,
            expiration_days,
            history,
            min_length,
            min_special,
            min_upper,
            min_lower,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_and_classes_are_asked_for() {
        let mut policy = Policy::default();
        assert!(policy.check(b"12345678").is_ok());
        assert!(policy.check(b"1234567").is_err());
        assert!(policy.check(b"12345678901234567").is_err());
        assert!(policy.check("1234567\u{e9}".as_bytes()).is_err());
        policy.0.min_special = 1;
        policy.0.min_upper = 1;
        policy.0.min_lower = 2;
        assert!(policy.check(b"12345678").is_err());
        assert!(policy.check(b"aB3456#8").is_err());
        assert!(policy.check(b"aBc456#8").is_ok());
        policy.0.min_length = 10;
        assert!(policy.check(b"aBc456#8").is_err());
        assert_eq!(Policy::from_record(&policy.to_record()), Some(policy));
    }

    #[test]
    fn a_password_expires_after_its_days() {
        let mut policy = Policy::default();
        assert_eq!(policy.expires_ms(5), None);
        policy.0.expiration_days = 30;
        assert_eq!(policy.expires_ms(5), Some(5 + 30 * DAY_MS));
        policy.0.min_lower = 17;
        assert!(!policy.satisfiable());
    }
}
