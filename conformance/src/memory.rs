//! Memory of a running scenario: the results actions refer to, and the references resolved.

use std::collections::BTreeMap;

use bancada_crypto::hash::HashAlg;
use bancada_crypto::mac::hmac;

use crate::check::rsa_public;
use crate::scenario::number::{OAEP, PKCS1};
use crate::scenario::{Call, Data, Expiry, Login, Otp, Slot};

/// Seconds of a TOTP step (vendor header dinamo.h, `ISSUE_OATH_DEFAULT_TIME_STEP`).
pub const TOTP_STEP: u64 = 30;

/// What a running scenario remembers.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    slots: BTreeMap<Slot, Vec<u8>>,
}

impl Memory {
    /// Keeps bytes.
    pub fn keep(&mut self, slot: Slot, bytes: Vec<u8>) {
        self.slots.insert(slot, bytes);
    }

    /// The bytes in a slot.
    #[must_use]
    pub fn slot(&self, slot: Slot) -> Option<&[u8]> {
        self.slots.get(&slot).map(Vec::as_slice)
    }

    /// The call with every reference replaced by bytes; `None` when a slot is empty. `now_s` is the device's
    /// clock in seconds since 1970 UTC.
    #[must_use]
    pub fn resolve(&self, call: &Call, now_s: u64) -> Option<Call> {
        let mut call = call.clone();
        for data in call.data_mut() {
            *data = Data::Bytes(self.bytes(data)?);
        }
        match &mut call {
            Call::IssueToken { expires } => *expires = moment(*expires, now_s),
            Call::ResyncOtp { first, second, .. } => {
                *first = digits(first, now_s);
                *second = digits(second, now_s);
            }
            _ => {}
        }
        Some(call)
    }

    /// The login with every reference replaced; `None` when a slot is empty.
    #[must_use]
    pub fn resolve_login(&self, login: &Login, now_s: u64) -> Option<Login> {
        Some(match login {
            Login::Token { user, key } => {
                Login::Token { user: user.clone(), key: Data::Bytes(self.bytes(key)?) }
            }
            Login::OneTime { user, password, otp } => {
                Login::OneTime { user: user.clone(), password: password.clone(), otp: digits(otp, now_s) }
            }
            other => other.clone(),
        })
    }

    fn bytes(&self, data: &Data) -> Option<Vec<u8>> {
        match data {
            Data::Bytes(bytes) => Some(bytes.clone()),
            Data::Slot { slot, change } => {
                let mut bytes = self.slot(*slot)?.to_vec();
                change.apply(&mut bytes);
                Some(bytes)
            }
            Data::Sealed { public, padding, message } => {
                let key = rsa_public(self.slot(*public)?)?;
                match *padding {
                    PKCS1 => key.encrypt_pkcs1(message).ok(),
                    OAEP => key.encrypt_oaep(HashAlg::Sha1, &[], message).ok(),
                    _ => key.encrypt_raw(message).ok(),
                }
            }
        }
    }
}

fn moment(expiry: Expiry, now_s: u64) -> Expiry {
    match expiry {
        Expiry::In(seconds) => Expiry::At(now_s.saturating_add_signed(seconds)),
        other => other,
    }
}

fn digits(otp: &Otp, now_s: u64) -> Otp {
    match otp {
        Otp::Digits(_) => otp.clone(),
        Otp::Hotp { key, counter } => Otp::Digits(hotp(key, *counter)),
        Otp::Totp { key, steps } => Otp::Digits(hotp(key, (now_s / TOTP_STEP).saturating_add_signed(*steps))),
    }
}

/// RFC 4226: a one-time password of six digits.
#[must_use]
pub fn hotp(key: &[u8], counter: u64) -> String {
    let mac = hmac(HashAlg::Sha1, key, &counter.to_be_bytes());
    let offset = usize::from(mac.last().copied().unwrap_or_default() & 0xF);
    let word = mac
        .get(offset..offset + 4)
        .and_then(|bytes| <[u8; 4]>::try_from(bytes).ok())
        .map_or(0, u32::from_be_bytes);
    format!("{:06}", (word & 0x7FFF_FFFF) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Change;

    #[test]
    fn one_time_passwords_are_those_of_rfc_4226() {
        let key = b"12345678901234567890";
        let all: Vec<String> = (0..4).map(|counter| hotp(key, counter)).collect();
        assert_eq!(all, ["755224", "287082", "359152", "969429"]);
    }

    #[test]
    fn references_are_resolved_or_refused() {
        let mut memory = Memory::default();
        memory.keep(3, vec![8, 9]);
        let call =
            Call::EddsaSign { name: "k".into(), data: Data::Slot { slot: 3, change: Change::Flip(0) } };
        let resolved = Call::EddsaSign { name: "k".into(), data: Data::Bytes(vec![9, 9]) };
        assert_eq!(memory.resolve(&call, 0), Some(resolved));
        assert_eq!(memory.resolve(&Call::RevokeToken { key: Data::slot(4) }, 0), None);
        let token = Call::IssueToken { expires: Expiry::In(5) };
        assert_eq!(memory.resolve(&token, 100), Some(Call::IssueToken { expires: Expiry::At(105) }));
        let totp = Login::OneTime {
            user: "u".into(),
            password: "p".into(),
            otp: Otp::Totp { key: b"12345678901234567890".to_vec(), steps: -1 },
        };
        let Some(Login::OneTime { otp, .. }) = memory.resolve_login(&totp, 60) else { panic!() };
        assert_eq!(otp, Otp::Digits("287082".into()));
    }
}
