//! Users: each is a partition, with a mask of permissions, a password and perhaps a one-time password generator.
//!
//! Rules: vendor docs, Users and Partitions; docs/device.md §§3–4.

use crate::env::Env;
use crate::policy::Policy;
use crate::record::{Reader, Writer};
use crate::store::Revision;
use bancada_wire::acl;
use bancada_wire::status::Status;
use zeroize::{Zeroize, Zeroizing};

/// The factory operator, which cannot be removed (vendor docs, Users).
pub const MASTER: &str = "master";
/// Permission bits a mask may hold.
pub(crate) const KNOWN_ACL: u32 = 0x7FF | LOCAL_CRYPTO_PRT | acl::CHANGE_PWD_NEXT_TIME;
/// `LOCAL_CRYPTO_PRT` of the vendor's newer JavaScript documentation.
const LOCAL_CRYPTO_PRT: u32 = 0x800;

/// Seeds of a one-time password generator, in bytes (vendor header dinamo.h, ISSUE_OATH_SHA*_LEN).
const OTP_SEED_SIZES: [usize; 3] = [20, 32, 64];

/// A one-time password generator (`OATH_SA_v1`, `OATH_SA_v2`).
#[derive(Clone)]
pub(crate) struct Otp {
    /// 0 for HOTP, else TOTP's time step in seconds.
    pub(crate) time_step: u16,
    /// First second of TOTP's steps.
    pub(crate) t0: u64,
    /// Truncation offset; 16 is dynamic.
    pub(crate) truncation_offset: u8,
    /// HOTP: the next counter. TOTP: the step after the last accepted one.
    pub(crate) next: u64,
    /// TOTP: how many steps the generator's clock is ahead of the device's; 0 until it was looked for again.
    pub(crate) drift: i64,
    pub(crate) seed: Zeroizing<Vec<u8>>,
}

impl Otp {
    /// A generator that has given no password yet.
    ///
    /// # Errors
    /// `D_ERR_INVALID_PAYLOAD` for a truncation offset above 16, a start time without a step, or a seed of a length nobody
    /// published.
    pub(crate) fn new(time_step: u16, t0: u64, truncation_offset: u8, seed: &[u8]) -> Result<Self, Status> {
        let good =
            truncation_offset <= 16 && (time_step > 0 || t0 == 0) && OTP_SEED_SIZES.contains(&seed.len());
        let seed = Zeroizing::new(seed.to_vec());
        good.then_some(Self { time_step, t0, truncation_offset, next: 0, drift: 0, seed })
            .ok_or(Status::ERR_INVALID_PAYLOAD)
    }
}

/// A user.
#[derive(Clone)]
pub(crate) struct User {
    pub(crate) name: String,
    /// Tells a user from a later one of the same name: drawn when it is made.
    pub(crate) id: u64,
    /// Permissions, `CHANGE_PWD_NEXT_TIME` included.
    pub(crate) acl: u32,
    /// What proves the password: its MD5, NUL-padded to 16 bytes.
    pub(crate) password: [u8; 16],
    /// Proofs of earlier passwords, the latest first.
    pub(crate) history: Vec<[u8; 16]>,
    /// When the password was set, milliseconds since 1970 UTC.
    pub(crate) changed_ms: u64,
    /// Wrong logins since the last good one.
    pub(crate) attempts: u32,
    pub(crate) blocked: bool,
    pub(crate) otp: Option<Otp>,
    /// Revision of the record; 0 before it is stored.
    pub(crate) revision: Revision,
}

impl User {
    /// A new user whose password was just set.
    pub(crate) fn new(name: &str, acl: u32, password: [u8; 16], env: &mut Env<'_>) -> Self {
        let mut id = [0; 8];
        env.random.fill(&mut id);
        Self {
            name: name.to_owned(),
            id: u64::from_le_bytes(id),
            acl,
            password,
            history: Vec::new(),
            changed_ms: env.now_ms,
            attempts: 0,
            blocked: false,
            otp: None,
            revision: 0,
        }
    }

    /// Whether a name is one a user may have: 3 to 16 letters and digits.
    ///
    /// # Errors
    /// `D_ERR_INVALID_USR_NAME`.
    pub(crate) fn check_name(name: Option<&str>) -> Result<&str, Status> {
        name.filter(|name| {
            (3..=16).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
        .ok_or(Status::ERR_INVALID_USR_NAME)
    }

    /// Whether the user is an operator: it holds every system permission (vendor docs, Users).
    pub(crate) fn is_operator(&self) -> bool {
        self.acl & acl::SYS_OPERATOR != 0
    }

    /// Whether the user holds every one of these system permissions.
    pub(crate) fn may(&self, permission: u32) -> bool {
        self.is_operator() || self.acl & permission == permission
    }

    /// Whether the user may give another one these permissions: an operator any, others those they hold.
    pub(crate) fn may_give(&self, mask: u32) -> bool {
        self.may(mask & !(acl::DEFAULT_OWNER | acl::CHANGE_PWD_NEXT_TIME))
    }

    /// The mask as the device shows it: with the virtual bits.
    pub(crate) fn shown_acl(&self) -> u32 {
        if self.otp.is_some() { self.acl | acl::VIRTUAL_OTP_AUTH } else { self.acl }
    }

    /// Whether the password must be changed before anything else.
    pub(crate) fn password_expired(&self, policy: &Policy, now_ms: u64) -> bool {
        self.acl & acl::CHANGE_PWD_NEXT_TIME != 0
            || policy.expires_ms(self.changed_ms).is_some_and(|expires| now_ms >= expires)
    }

    /// Sets a new password that satisfies the policy, and remembers the old one.
    ///
    /// # Errors
    /// `D_ERR_PWD_BLOCKED_BY_POLICY`.
    pub(crate) fn change_password(
        &mut self,
        password: &[u8],
        policy: &Policy,
        now_ms: u64,
    ) -> Result<(), Status> {
        policy.check(password)?;
        let proof = password_proof(password);
        let again = std::iter::once(&self.password)
            .chain(self.history.iter().take(policy.history()))
            .fold(false, |again, old| again | bancada_crypto::ct_eq(old, &proof));
        if again {
            return Err(Status::ERR_PWD_BLOCKED_BY_POLICY);
        }
        self.history.insert(0, self.password);
        // As many as any policy can ask for: a policy made stricter later finds what it needs.
        self.history.truncate(u8::MAX.into());
        self.password = proof;
        self.changed_ms = now_ms;
        self.attempts = 0;
        self.acl &= !acl::CHANGE_PWD_NEXT_TIME;
        Ok(())
    }

    pub(crate) fn to_record(&self) -> Zeroizing<Vec<u8>> {
        let mut record = Writer::new();
        record.bytes(self.name.as_bytes()).u64(self.id).u32(self.acl).bytes(&self.password);
        record.u32(self.history.len() as u32);
        for proof in &self.history {
            record.bytes(proof);
        }
        record.u64(self.changed_ms).u32(self.attempts).u8(self.blocked.into());
        match &self.otp {
            None => record.u8(0),
            Some(otp) => record
                .u8(1)
                .u32(otp.time_step.into())
                .u64(otp.t0)
                .u8(otp.truncation_offset)
                .u64(otp.next)
                .u64(otp.drift.cast_unsigned())
                .bytes(&otp.seed),
        };
        record.finish()
    }

    pub(crate) fn from_record(record: &[u8], revision: Revision) -> Option<Self> {
        let mut fields = Reader::new(record)?;
        let (name, id) = (fields.text()?.to_owned(), fields.u64()?);
        let acl = fields.u32()?;
        let password = fields.bytes()?.try_into().ok()?;
        let mut history = Vec::new();
        for _ in 0..fields.u32()? {
            history.push(fields.bytes()?.try_into().ok()?);
        }
        let (changed_ms, attempts) = (fields.u64()?, fields.u32()?);
        let blocked = fields.u8()? != 0;
        let otp = match fields.u8()? {
            0 => None,
            _ => Some(Otp {
                time_step: fields.u32()?.try_into().ok()?,
                t0: fields.u64()?,
                truncation_offset: fields.u8()?,
                next: fields.u64()?,
                drift: fields.u64()?.cast_signed(),
                seed: Zeroizing::new(fields.bytes()?.to_vec()),
            }),
        };
        fields.end()?;
        Some(Self { name, id, acl, password, history, changed_ms, attempts, blocked, otp, revision })
    }
}

impl Drop for User {
    fn drop(&mut self) {
        self.password.zeroize();
        self.history.zeroize();
    }
}

/// What proves a password: the digest of its bytes, NUL-padded to the field (npm hsm-dinamo 4.9.1, `hsm.aapHash`).
pub(crate) fn password_proof(password: &[u8]) -> [u8; 16] {
    let mut padded = Zeroizing::new([0; 16]);
    let length = password.len().min(padded.len());
    padded[..length].copy_from_slice(&password[..length]);
    bancada_crypto::login::password_digest(&padded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bancada_crypto::random::SeededRandom;

    fn user() -> User {
        let mut random = SeededRandom::from_u64(1);
        let mut env = Env { now_ms: 1000, random: &mut random };
        User::new("alice", acl::USR_LIST, password_proof(b"12345678"), &mut env)
    }

    #[test]
    fn names_are_letters_and_digits() {
        assert!(User::check_name(Some("bob")).is_ok());
        for bad in ["ab", "seventeenLetters1", "a_b", "a-b", "é12"] {
            assert!(User::check_name(Some(bad)).is_err(), "{bad}");
        }
        assert!(User::check_name(None).is_err());
    }

    #[test]
    fn a_record_holds_everything() {
        let mut user = user();
        user.history = vec![[1; 16], [2; 16]];
        user.otp = Some(Otp {
            time_step: 30,
            t0: 7,
            truncation_offset: 16,
            next: 9,
            drift: -3,
            seed: Zeroizing::new(vec![3; 20]),
        });
        let again = User::from_record(&user.to_record(), 5).unwrap();
        assert_eq!(again.to_record(), user.to_record());
        assert_eq!(again.revision, 5);
        assert_eq!(again.shown_acl(), acl::USR_LIST | acl::VIRTUAL_OTP_AUTH);
        let record = user.to_record();
        for end in 0..record.len() {
            assert!(User::from_record(&record[..end], 0).is_none(), "a torn record is refused");
        }
    }

    #[test]
    fn passwords_are_not_used_again_within_the_history() {
        let mut policy = Policy::default();
        policy.0.history = 2;
        let mut user = user();
        user.acl |= acl::CHANGE_PWD_NEXT_TIME;
        assert!(user.password_expired(&policy, 0));
        assert!(user.change_password(b"12345678", &policy, 5).is_err(), "the current one");
        for good in [b"password-1", b"password-2"] {
            user.change_password(good, &policy, 5).unwrap();
        }
        assert!(!user.password_expired(&policy, 6));
        assert!(user.change_password(b"12345678", &policy, 5).is_err(), "two back");
        user.change_password(b"password-3", &policy, 5).unwrap();
        assert!(user.change_password(b"12345678", &policy, 5).is_ok(), "three back");
    }
}
