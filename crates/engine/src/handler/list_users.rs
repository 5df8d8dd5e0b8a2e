//! LIST_USERS: the users in order of name.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::policy::Policy;
use crate::user::User;
use crate::vault::{USERS, user_key};
use bancada_wire::codec::Items;
use bancada_wire::op::{ListUsers, UserEntry};
use bancada_wire::status::Status;
use bancada_wire::text::UserName;

/// Most entries of a reply.
const MAX: u32 = 1024;

impl Handle for ListUsers {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<Items<UserEntry, 1024>> {
        let after = self.after.as_str().ok_or(Status::ERR_INVALID_USR_NAME)?;
        if !(1..=MAX).contains(&self.max) {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        let mut entries = Vec::new();
        for key in cx.hsm.vault.keys(USERS, Some(&user_key(after)), self.max as usize)? {
            let name = key.get(USERS.len()..).and_then(|name| std::str::from_utf8(name).ok());
            // One that was removed since is left out.
            if let Some(user) = cx.hsm.vault.user(name.unwrap_or_default())? {
                entries.push(entry(&user, &cx.session.settings.policy));
            }
        }
        Ok(Items(entries))
    }
}

/// What the device tells about a user.
pub(super) fn entry(user: &User, policy: &Policy) -> UserEntry {
    UserEntry {
        // Names that were accepted fit their field.
        user: UserName::new(&user.name).unwrap_or_default(),
        acl: user.shown_acl(),
        blocked: user.blocked.into(),
        attempts: user.attempts,
        expires_ms: policy.expires_ms(user.changed_ms).unwrap_or(0),
    }
}
