//! GRANT: lets another user into the own partition, or no longer.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::grant::{GRANTABLE, Grants};
use crate::vault::{Transaction, grants_key, user_key};
use bancada_wire::op::Grant;
use bancada_wire::status::Status;

impl Handle for Grant {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let me = cx.me()?;
        let user = cx.user(self.user.as_str())?;
        if user.name == me.name || self.acl & !GRANTABLE != 0 {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        cx.subject = format!("{} {:#x}", user.name, self.acl);
        let read = cx.hsm.vault.grants(&me.name)?;
        let mut next = Grants::clone(&read);
        if self.acl == 0 {
            next.trusted.remove(&user.name);
        } else {
            next.trusted.insert(user.name.clone(), self.acl);
        }
        let mut transaction = Transaction::default();
        transaction.expect(user_key(&user.name), user.revision);
        transaction.replace(grants_key(&me.name), read.revision, next.to_record());
        cx.commit(transaction).map(drop)
    }
}
