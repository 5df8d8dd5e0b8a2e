//! A known state to start from: users, keys, grants, policy and operating mode.

use crate::admin::again;
use crate::env::Env;
use crate::fault::Fault;
use crate::grant::{GRANTABLE, Grants};
use crate::hsm::Hsm;
use crate::import::Wanted;
use crate::material::Material;
use crate::object::{Object, check_attributes};
use crate::policy::Policy;
use crate::store::StoreError;
use crate::user::{KNOWN_ACL, MASTER, Otp, User, password_proof};
use crate::vault::{SETTINGS, Settings, Transaction, grants_key, object_key, user_key};
use bancada_crypto::Zeroizing;
use bancada_wire::acl;
use bancada_wire::algorithm::attribute;
use bancada_wire::frame::OperatingMode;
use bancada_wire::op::PwdPolicy;
use bancada_wire::status::Status;
use bancada_wire::text::ObjectName;
use std::fmt;

/// A state to bring a device to. What it does not name stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Seed {
    /// Operating mode; another one than the device's empties the database first.
    pub mode: Option<OperatingMode>,
    /// Password policy.
    pub policy: Option<PwdPolicy>,
    /// Users to make, or to make over when they are there. `master` may be among them.
    pub users: Vec<SeedUser>,
    /// Keys to make, or to make over.
    pub keys: Vec<SeedKey>,
    /// Permissions between partitions.
    pub grants: Vec<SeedGrant>,
}

/// A user of a [`Seed`].
#[derive(Clone, Default)]
pub struct SeedUser {
    /// Name: 3 to 16 letters and digits.
    pub name: String,
    /// Password; checked against the policy's default, not the seed's, so that tests may start from any state.
    pub password: Zeroizing<String>,
    /// Permissions (`ACL_*`).
    pub permissions: u32,
    /// The password is past its time: a change is forced as if by policy.
    pub expired: bool,
    /// The user is blocked.
    pub blocked: bool,
    /// `ACL_CHANGE_PWD_NEXT_TIME`.
    pub must_change: bool,
    /// One-time password generator.
    pub otp: Option<SeedOtp>,
}

/// A one-time password generator of a [`SeedUser`].
#[derive(Clone)]
pub struct SeedOtp {
    /// Seed: 20, 32 or 64 bytes.
    pub seed: Zeroizing<Vec<u8>>,
    /// TOTP's time step in seconds; 0 for HOTP.
    pub time_step: u16,
    /// TOTP's first second since 1970 UTC.
    pub t0: u64,
    /// Truncation offset; 16 is dynamic.
    pub truncation_offset: u8,
}

/// A key of a [`Seed`].
#[derive(Clone)]
pub struct SeedKey {
    /// Partition.
    pub owner: String,
    /// Name: 1 to 32 letters, digits and `_`.
    pub name: String,
    /// Algorithm (`ALG_*`).
    pub algorithm: u32,
    /// Attributes and usage profile; not temporary.
    pub attributes: u32,
    /// Key material as KEY_IMP takes it; `None` to have the device make one.
    pub material: Option<Zeroizing<Vec<u8>>>,
}

/// A permission between partitions of a [`Seed`].
#[derive(Debug, Clone)]
pub struct SeedGrant {
    /// Partition whose owner trusts.
    pub owner: String,
    /// User that is trusted.
    pub user: String,
    /// What it may do there (`ACL_OBJ_*`).
    pub acl: u32,
}

/// Why a seed was not applied. What stood before the entry is applied.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The device would refuse this entry.
    #[error("{entry}: {status}")]
    Entry {
        /// Which entry.
        entry: String,
        /// What the device says.
        status: Status,
    },
    /// The store is failing.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Hsm {
    /// Brings the device to a known state, without a session.
    ///
    /// # Errors
    /// [`SeedError`]; entries before the one it names are applied.
    pub fn apply(&self, seed: &Seed, env: &mut Env<'_>) -> Result<(), SeedError> {
        let settings = self.vault.settings()?;
        if let Some(mode) = seed.mode.filter(|mode| *mode != settings.mode) {
            self.wipe(mode, env)?;
        }
        if let Some(policy) = &seed.policy {
            self.seed_policy(policy, env)?;
        }
        for user in &seed.users {
            let entry = || format!("user {}", user.name);
            again(|| self.seed_user(user, env)).map_err(|fault| refused(&fault, entry()))?;
        }
        for key in &seed.keys {
            let entry = || format!("key {}/{}", key.owner, key.name);
            again(|| self.seed_key(key, env)).map_err(|fault| refused(&fault, entry()))?;
        }
        for grant in &seed.grants {
            let entry = || format!("grant of {} to {}", grant.owner, grant.user);
            again(|| self.seed_grant(grant, env)).map_err(|fault| refused(&fault, entry()))?;
        }
        Ok(())
    }

    fn seed_policy(&self, policy: &PwdPolicy, env: &mut Env<'_>) -> Result<(), SeedError> {
        let policy = Policy(policy.clone());
        if !policy.satisfiable() {
            return Err(SeedError::Entry { entry: "policy".to_owned(), status: Status::ERR_INVALID_PAYLOAD });
        }
        let read = self.vault.settings()?;
        let next = Settings { policy, ..Settings::clone(&read) };
        let mut transaction = Transaction::default();
        transaction.replace(SETTINGS.to_vec(), read.revision, next.to_record());
        self.vault.apply(transaction, env)?;
        Ok(())
    }

    fn seed_user(&self, seed: &SeedUser, env: &mut Env<'_>) -> Result<(), Fault> {
        let name = User::check_name(Some(&seed.name))?;
        if seed.permissions & !KNOWN_ACL != 0 {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        Policy::default().check(seed.password.as_bytes())?;
        let mut mask = seed.permissions;
        let there = self.vault.user(name)?;
        if name == MASTER {
            mask |= there.as_ref().map_or(acl::SYS_OPERATOR, |master| master.acl);
        }
        if seed.must_change {
            mask |= acl::CHANGE_PWD_NEXT_TIME;
        }
        let mut user = User::new(name, mask, password_proof(seed.password.as_bytes()), env);
        user.blocked = seed.blocked;
        if seed.expired {
            self.expire(&mut user, env.now_ms)?;
        }
        user.otp = match &seed.otp {
            Some(otp) => Some(Otp::new(otp.time_step, otp.t0, otp.truncation_offset, &otp.seed)?),
            None => None,
        };
        let mut transaction = Transaction::default();
        transaction.replace(user_key(name), there.map_or(0, |user| user.revision), user.to_record());
        self.vault.commit(transaction, env).map(drop)
    }

    /// Makes a user's password older than the policy allows; without a limit in the policy, forces a change.
    pub(crate) fn expire(&self, user: &mut User, now_ms: u64) -> Result<(), StoreError> {
        let settings = self.vault.settings()?;
        user.changed_ms = 0;
        if !user.password_expired(&settings.policy, now_ms) {
            user.acl |= acl::CHANGE_PWD_NEXT_TIME;
        }
        Ok(())
    }

    fn seed_key(&self, seed: &SeedKey, env: &mut Env<'_>) -> Result<(), Fault> {
        let settings = self.vault.settings()?;
        let field = ObjectName::new(&format!("{}/{}", seed.owner, seed.name));
        let field = field.map_err(|_| Status::ERR_INVALID_OBJ_NAME)?;
        crate::object::ObjectRef::parse(&field)?;
        check_attributes(seed.attributes)?;
        if seed.attributes & attribute::TEMPORARY_KEY != 0 {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        let owner = self.vault.user(&seed.owner)?.ok_or(Status::ERR_USR_NOT_FOUND)?;
        let (algorithm, material) = match (&seed.material, Wanted::approved(seed.algorithm, settings.mode)?) {
            (Some(bytes), wanted) => wanted.read(bytes, settings.mode)?,
            (None, Wanted::Kind(kind)) => {
                let material =
                    Material::generate(kind, seed.attributes, &mut |bytes| env.random.fill(bytes))?;
                (seed.algorithm, material)
            }
            (None, _) => return Err(Status::ERR_INVALID_KEY.into()),
        };
        let key = object_key(&seed.owner, &seed.name);
        let there = self.vault.object(&key)?;
        let object = Object {
            partition: owner.name.clone(),
            name: seed.name.clone(),
            algorithm,
            attributes: seed.attributes,
            blocked: false,
            created_ms: env.now_ms,
            material,
            revision: 0,
        };
        let mut transaction = Transaction::default();
        transaction.expect(user_key(&owner.name), owner.revision);
        transaction.replace(key, there.map_or(0, |object| object.revision), object.to_record(false)?);
        self.vault.commit(transaction, env).map(drop)
    }

    fn seed_grant(&self, seed: &SeedGrant, env: &mut Env<'_>) -> Result<(), Fault> {
        for name in [&seed.owner, &seed.user] {
            self.vault.user(name)?.ok_or(Status::ERR_USR_NOT_FOUND)?;
        }
        if seed.acl & !GRANTABLE != 0 || seed.owner == seed.user {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        let read = self.vault.grants(&seed.owner)?;
        let mut next = Grants::clone(&read);
        next.trusted.insert(seed.user.clone(), seed.acl);
        let mut transaction = Transaction::default();
        transaction.replace(grants_key(&seed.owner), read.revision, next.to_record());
        self.vault.commit(transaction, env).map(drop)
    }
}

/// Shows no password.
impl fmt::Debug for SeedUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SeedUser").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Shows no seed.
impl fmt::Debug for SeedOtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SeedOtp").field("time_step", &self.time_step).finish_non_exhaustive()
    }
}

/// Shows no key material.
impl fmt::Debug for SeedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { owner, name, algorithm, .. } = self;
        write!(f, "SeedKey({owner}/{name}, algorithm {algorithm})")
    }
}

fn refused(fault: &Fault, entry: String) -> SeedError {
    match fault {
        Fault::Refused(status) | Fault::Opened(status) | Fault::Ended(status) => {
            SeedError::Entry { entry, status: *status }
        }
        Fault::Conflict => SeedError::Store(StoreError::Conflict),
    }
}
