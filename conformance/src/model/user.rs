//! Users, their passwords and permissions (§4).

use bancada_wire::status::Status;

use super::state::{Generator, User};
use super::{Fault, Model, Verdict, fault, require, rules};
use crate::check::{Check, effective};
use crate::outcome::UserRow;
use crate::scenario::number::*;
use crate::scenario::{Call, Handle, MASTER};

impl Model {
    pub(super) fn user_call(&mut self, handle: Handle, call: &Call) -> Verdict {
        match call {
            Call::ChangePassword { password } => self.change_password(handle, password),
            Call::CreateUser { user, password, acl } => self.create_user(handle, user, password, *acl),
            Call::DeleteUser { user, commit } => self.delete_user(handle, user, *commit),
            Call::ListUsers { after, max } => self.list_users(after, *max),
            Call::UserInfo { user } => self.user_info(handle, user),
            Call::Grant { user, acl } => self.grant(handle, user, *acl),
            Call::ListGrants { user, direction } => self.list_grants(handle, user, *direction),
            Call::GetPolicy => Ok(Check::Policy(effective(self.policy))),
            Call::SetPolicy { policy } => {
                require(rules::policy_fits(*policy), Status::ERR_INVALID_PAYLOAD)?;
                self.policy = *policy;
                Ok(Check::Any)
            }
            Call::SetAcl { user, acl } => {
                require(self.users.contains_key(user), Status::ERR_USR_NOT_FOUND)?;
                require(rules::mask_fits(*acl), Status::ERR_INVALID_PAYLOAD)?;
                self.other(handle, user)?.acl = *acl;
                Ok(Check::Any)
            }
            Call::BlockUser { user, blocked } => {
                if *blocked {
                    self.other(handle, user)?.blocked = true;
                    return Ok(Check::Any);
                }
                let user = self.users.get_mut(user).ok_or(Fault::Status(Status::ERR_USR_NOT_FOUND))?;
                user.blocked = false;
                user.attempts = 0;
                Ok(Check::Any)
            }
            Call::ResetPassword { user, password } => self.reset_password(user, password),
            _ => self.generator_call(call),
        }
    }

    fn change_password(&mut self, handle: Handle, password: &str) -> Verdict {
        let name = self.session(handle)?.user.clone();
        self.new_password(&name, password)?;
        self.me(handle)?.acl &= !ACL_CHANGE_PWD_NEXT_TIME;
        self.session_mut(handle)?.phase = super::Phase::Full;
        Ok(Check::Any)
    }

    fn reset_password(&mut self, name: &str, password: &str) -> Verdict {
        self.new_password(name, password)?;
        if let Some(user) = self.users.get_mut(name) {
            user.attempts = 0;
        }
        Ok(Check::Any)
    }

    fn new_password(&mut self, name: &str, password: &str) -> Result<(), Fault> {
        let (policy, now) = (self.policy, self.now);
        let user = self.users.get_mut(name).ok_or(Fault::Status(Status::ERR_USR_NOT_FOUND))?;
        let refused = user.password == password
            || user.earlier.iter().rev().take(usize::from(policy.history)).any(|earlier| earlier == password);
        require(rules::password_fits(password, policy) && !refused, Status::ERR_PWD_BLOCKED_BY_POLICY)?;
        user.earlier.push(std::mem::replace(&mut user.password, password.to_owned()));
        user.set_at = now;
        Ok(())
    }

    fn create_user(&mut self, handle: Handle, name: &str, password: &str, acl: u32) -> Verdict {
        require(rules::user_name(name), Status::ERR_INVALID_USR_NAME)?;
        require(rules::mask_fits(acl), Status::ERR_INVALID_PAYLOAD)?;
        let giver = self.me(handle)?.acl;
        let given = acl & !ACL_CHANGE_PWD_NEXT_TIME;
        require(rules::holds(giver, given & rules::SYSTEM), Status::ERR_ACCESS_DENIED)?;
        // Whether the bits for objects, which every owner has, must be held to be given, no document tells.
        require(rules::holds(giver, given), Status::ERR_ACCESS_DENIED).map_err(|_| Fault::Unknown)?;
        require(!self.users.contains_key(name), Status::ERR_USR_ALREADY_EXISTS)?;
        require(rules::password_fits(password, self.policy), Status::ERR_PWD_BLOCKED_BY_POLICY)?;
        let life = self.next_life();
        self.users.insert(name.to_owned(), User::new(life, password, acl, self.now));
        Ok(Check::Any)
    }

    fn delete_user(&mut self, handle: Handle, name: &str, commit: u8) -> Verdict {
        require(commit == 1, Status::ERR_INVALID_PAYLOAD)?;
        let target = self.users.get(name).ok_or(Fault::Status(Status::ERR_USR_NOT_FOUND))?.acl;
        require(name != MASTER, Status::ERR_CANNOT_DELETE_MASTER)?;
        require(self.session(handle)?.user != name, Status::ERR_CANNOT_DELETE_USR)?;
        let mine = self.me(handle)?.acl;
        let operator = |acl: u32| acl & ACL_SYS_OPERATOR != 0;
        require(operator(mine) || !operator(target), Status::ERR_ACCESS_DENIED)?;
        self.users.remove(name);
        for user in self.users.values_mut() {
            user.grants.remove(name);
        }
        Ok(Check::Any)
    }

    fn row(&self, name: &str, user: &User) -> UserRow {
        let acl = match name {
            MASTER => ACL_SYS_OPERATOR,
            _ => user.acl | if user.generator.is_some() { ACL_VIRTUAL_OTP } else { 0 },
        };
        UserRow {
            user: name.to_owned(),
            acl,
            blocked: user.blocked,
            attempts: user.attempts,
            expires: self.policy.expiration_days > 0,
        }
    }

    fn list_users(&self, after: &str, max: u32) -> Verdict {
        require((1..=1024).contains(&max), Status::ERR_INVALID_PAYLOAD)?;
        let rows = self.users.iter().filter(|(name, _)| name.as_str() > after);
        Ok(Check::Users(rows.take(max as usize).map(|(name, user)| self.row(name, user)).collect()))
    }

    fn user_info(&mut self, handle: Handle, name: &str) -> Verdict {
        let me = self.session(handle)?.user.clone();
        let name = if name.is_empty() { me.as_str() } else { name };
        let allowed = name == me || rules::holds(self.me(handle)?.acl, ACL_USR_LIST);
        require(allowed, Status::ERR_ACCESS_DENIED)?;
        let user = self.users.get(name).ok_or(Fault::Status(Status::ERR_USR_NOT_FOUND))?;
        Ok(Check::User(self.row(name, user)))
    }

    fn grant(&mut self, handle: Handle, name: &str, acl: u32) -> Verdict {
        let me = self.session(handle)?.user.clone();
        require(self.users.contains_key(name), Status::ERR_USR_NOT_FOUND)?;
        require(acl & !0xF == 0 && name != me, Status::ERR_INVALID_PAYLOAD)?;
        let grants = &mut self.me(handle)?.grants;
        if acl == 0 {
            grants.remove(name);
        } else {
            grants.insert(name.to_owned(), acl);
        }
        Ok(Check::Any)
    }

    fn list_grants(&mut self, handle: Handle, name: &str, direction: u8) -> Verdict {
        let me = self.session(handle)?.user.clone();
        let name = if name.is_empty() { me.as_str() } else { name };
        let allowed = name == me || rules::holds(self.me(handle)?.acl, ACL_USR_LIST);
        require(allowed, Status::ERR_ACCESS_DENIED)?;
        let user = self.users.get(name).ok_or(Fault::Status(Status::ERR_USR_NOT_FOUND))?;
        let entries = match direction {
            TRUSTERS => self
                .users
                .iter()
                .filter_map(|(other, user)| Some((other.clone(), *user.grants.get(name)?)))
                .collect(),
            TRUSTEES => user.grants.iter().map(|(other, acl)| (other.clone(), *acl)).collect(),
            _ => return fault(Status::ERR_INVALID_PAYLOAD),
        };
        Ok(Check::Grants(entries))
    }

    /// A user that is neither the factory operator nor the session's own.
    fn other(&mut self, handle: Handle, name: &str) -> Result<&mut User, Fault> {
        let me = self.session(handle)?.user.clone();
        let user = self.users.get_mut(name).ok_or(Fault::Status(Status::ERR_USR_NOT_FOUND))?;
        require(name != MASTER && name != me, Status::ERR_ACCESS_DENIED)?;
        Ok(user)
    }

    fn generator_call(&mut self, call: &Call) -> Verdict {
        let (Call::AssignOtp { user, .. } | Call::UnassignOtp { user } | Call::ResyncOtp { user, .. }) = call
        else {
            return Err(Fault::Unknown);
        };
        let user = self.users.get_mut(user).ok_or(Fault::Status(Status::ERR_USR_NOT_FOUND))?;
        match call {
            Call::AssignOtp { totp, key, .. } => {
                require(matches!(key.len(), 20 | 32 | 64), Status::ERR_INVALID_PAYLOAD)?;
                user.generator = Some(Generator { key: key.clone(), totp: *totp, counter: 0, last: None });
                Ok(Check::Any)
            }
            Call::ResyncOtp { first, second, .. } => match &mut user.generator {
                Some(generator) => generator.resync(first, second),
                None => fault(Status::ERR_ACCESS_DENIED_TOKEN_NOT_NEEDED),
            },
            _ => match user.generator.take() {
                Some(_) => Ok(Check::Any),
                None => fault(Status::ERR_ACCESS_DENIED_TOKEN_NOT_NEEDED),
            },
        }
    }
}
