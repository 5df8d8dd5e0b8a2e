//! What the host's operator may see and change from outside, without a session: the bench's own doors, which no HSM has.

use crate::env::Env;
use crate::fault::Fault;
use crate::gate::MAX_CONFLICTS;
use crate::hsm::Hsm;
use crate::store::StoreError;
use crate::user::password_proof;
use crate::vault::{Transaction, USERS, user_key};
use bancada_crypto::Zeroizing;
use bancada_wire::acl;
use bancada_wire::frame::OperatingMode;
use bancada_wire::status::Status;
use bancada_wire::text::PASSWORD_LEN;

/// A user as the bench shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserView {
    /// Name.
    pub name: String,
    /// Permissions (`ACL_*`), the virtual bits included.
    pub acl: u32,
    /// Whether it is blocked.
    pub blocked: bool,
    /// Wrong logins since the last good one.
    pub attempts: u32,
    /// Whether the password must be changed at the next login.
    pub must_change: bool,
    /// When the password expires, milliseconds since 1970 UTC; `None` for never.
    pub expires_ms: Option<u64>,
}

/// What to change about a user; `None` leaves it.
#[derive(Clone, Default)]
pub struct UserChange {
    /// Block or unblock; unblocking forgets wrong logins.
    pub blocked: Option<bool>,
    /// `true` makes the password's time run out now; `false` makes it new.
    pub expired: Option<bool>,
    /// Force a change at the next login, or no longer.
    pub must_change: Option<bool>,
    /// A new password, whatever the policy says: 1 to 16 bytes.
    pub password: Option<Zeroizing<String>>,
}

impl Hsm {
    /// Every user, in order of name.
    ///
    /// # Errors
    /// [`StoreError`] when the store is failing.
    pub fn users(&self) -> Result<Vec<UserView>, StoreError> {
        const PAGE: usize = 1024;
        let settings = self.vault.settings()?;
        let (mut views, mut after) = (Vec::new(), None);
        loop {
            let page = self.vault.keys(USERS, after.as_deref(), PAGE)?;
            for key in &page {
                let name = key.get(USERS.len()..).and_then(|name| std::str::from_utf8(name).ok());
                let Some(user) = self.vault.user(name.unwrap_or_default())? else { continue };
                views.push(UserView {
                    name: user.name.clone(),
                    acl: user.shown_acl(),
                    blocked: user.blocked,
                    attempts: user.attempts,
                    must_change: user.acl & acl::CHANGE_PWD_NEXT_TIME != 0,
                    expires_ms: settings.policy.expires_ms(user.changed_ms),
                });
            }
            match page.into_iter().last() {
                Some(last) => after = Some(last),
                None => return Ok(views),
            }
        }
    }

    /// Changes a user from outside.
    ///
    /// # Errors
    /// `D_ERR_USR_NOT_FOUND`; `D_ERR_PWD_BLOCKED_BY_POLICY` for a password no client can send (empty, longer than 16
    /// bytes, with a NUL); `D_ERR_SL_BE_BUSY` when the store is failing, `D_ERR_SERVER_BUSY` when others write all the time.
    pub fn set_user(&self, name: &str, change: &UserChange, env: &mut Env<'_>) -> Result<(), Status> {
        if change.password.as_ref().is_some_and(|password| !fits_the_field(password.as_bytes())) {
            return Err(Status::ERR_PWD_BLOCKED_BY_POLICY);
        }
        again(|| self.try_set_user(name, change, env)).map_err(|fault| match fault {
            Fault::Refused(status) | Fault::Opened(status) | Fault::Ended(status) => status,
            Fault::Conflict => Status::ERR_SERVER_BUSY,
        })
    }

    fn try_set_user(&self, name: &str, change: &UserChange, env: &mut Env<'_>) -> Result<(), Fault> {
        let read = self.vault.user(name)?.ok_or(Status::ERR_USR_NOT_FOUND)?;
        let mut next = read.as_ref().clone();
        if let Some(password) = &change.password {
            next.password = password_proof(password.as_bytes());
            next.changed_ms = env.now_ms;
        }
        if let Some(blocked) = change.blocked {
            next.blocked = blocked;
            if !blocked {
                next.attempts = 0;
            }
        }
        match change.must_change {
            Some(true) => next.acl |= acl::CHANGE_PWD_NEXT_TIME,
            Some(false) => next.acl &= !acl::CHANGE_PWD_NEXT_TIME,
            None => {}
        }
        match change.expired {
            Some(true) => self.expire(&mut next, env.now_ms)?,
            Some(false) => next.changed_ms = env.now_ms,
            None => {}
        }
        let mut transaction = Transaction::default();
        transaction.replace(user_key(name), read.revision, next.to_record());
        self.vault.commit(transaction, env).map(drop)
    }

    /// Brings the device back to its factory state, in mode NRM.
    ///
    /// # Errors
    /// [`StoreError`] when the store is failing.
    pub fn reset(&self, env: &mut Env<'_>) -> Result<(), StoreError> {
        self.wipe(OperatingMode::Nrm, env)
    }

    /// The operating mode.
    ///
    /// # Errors
    /// [`StoreError`] when the store is failing.
    pub fn mode(&self) -> Result<OperatingMode, StoreError> {
        Ok(self.vault.settings()?.mode)
    }

    /// Changes the operating mode as SET_OP_MODE does: another mode empties the database.
    ///
    /// # Errors
    /// [`StoreError`] when the store is failing.
    pub fn set_mode(&self, mode: OperatingMode, env: &mut Env<'_>) -> Result<(), StoreError> {
        if self.mode()? == mode { Ok(()) } else { self.wipe(mode, env) }
    }
}

/// Runs something again as long as another write comes first, within reason.
pub(crate) fn again<T>(mut run: impl FnMut() -> Result<T, Fault>) -> Result<T, Fault> {
    for _ in 0..MAX_CONFLICTS {
        match run() {
            Err(Fault::Conflict) => {}
            result => return result,
        }
    }
    run()
}

/// Whether a client can send a password.
fn fits_the_field(password: &[u8]) -> bool {
    (1..=PASSWORD_LEN).contains(&password.len()) && !password.contains(&0)
}

/// Shows no password.
impl std::fmt::Debug for UserChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserChange")
            .field("blocked", &self.blocked)
            .field("expired", &self.expired)
            .field("must_change", &self.must_change)
            .field("password", &self.password.as_ref().map(|_| "[secret]"))
            .finish()
    }
}
