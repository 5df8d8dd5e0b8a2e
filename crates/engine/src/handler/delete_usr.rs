//! DELETE_USR: removes a user with its objects, tokens and grants.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::grant::Grants;
use crate::token::Tokens;
use crate::user::MASTER;
use crate::vault::{Transaction, grants_key, objects_prefix, user_key};
use bancada_wire::op::{DELETE_COMMIT, DeleteUsr};
use bancada_wire::status::Status;

/// Partitions whose grants are looked at in one go.
const PAGE: usize = 1024;

impl Handle for DeleteUsr {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        if self.commit != DELETE_COMMIT {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        let me = cx.me()?;
        let user = cx.user(self.user.as_str())?;
        if user.name == MASTER {
            return Err(Status::ERR_CANNOT_DELETE_MASTER.into());
        }
        if user.name == me.name {
            return Err(Status::ERR_CANNOT_DELETE_USR.into());
        }
        if user.is_operator() && !me.is_operator() {
            return Err(Status::ERR_ACCESS_DENIED.into());
        }
        cx.subject.clone_from(&user.name);
        let mut transaction = Transaction::default();
        transaction.expect(user_key(&user.name), user.revision).delete(user_key(&user.name));
        transaction.delete(grants_key(&user.name)).delete_prefix(objects_prefix(&user.name));
        forget_grants(cx, &user.name, &mut transaction)?;
        cx.commit(transaction)?;
        // The user is gone whatever becomes of this.
        let _ = Tokens::remove(&cx.hsm.tokens, &user.name, cx.env);
        Ok(())
    }
}

/// Takes a user out of what other partitions grant.
fn forget_grants(cx: &Context<'_, '_>, user: &str, transaction: &mut Transaction) -> Outcome<()> {
    let mut after = None;
    loop {
        let page = cx.hsm.vault.keys(&grants_key(""), after.as_deref(), PAGE)?;
        for key in &page {
            let Some(partition) = key.get(2..).and_then(|name| std::str::from_utf8(name).ok()) else {
                continue;
            };
            let read = cx.hsm.vault.grants(partition)?;
            if partition != user && read.trusted.contains_key(user) {
                let mut next = Grants::clone(&read);
                next.trusted.remove(user);
                transaction.replace(key.clone(), read.revision, next.to_record());
            }
        }
        match page.into_iter().last() {
            Some(last) => after = Some(last),
            None => return Ok(()),
        }
    }
}
