//! CREATE_USR: a new user, and with it a partition.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::user::{KNOWN_ACL, User, password_proof};
use crate::vault::{Transaction, user_key};
use bancada_wire::op::CreateUsr;
use bancada_wire::status::Status;

impl Handle for CreateUsr {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let name = User::check_name(self.user.as_str())?;
        if self.acl & !KNOWN_ACL != 0 {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        if !cx.me()?.may_give(self.acl) {
            return Err(Status::ERR_ACCESS_DENIED.into());
        }
        if cx.hsm.vault.user(name)?.is_some() {
            return Err(Status::ERR_USR_ALREADY_EXISTS.into());
        }
        let password = self.password.expose_text();
        cx.session.settings.policy.check(password)?;
        let user = User::new(name, self.acl, password_proof(password), cx.env);
        cx.subject = name.to_owned();
        let mut transaction = Transaction::default();
        transaction.replace(user_key(name), 0, user.to_record());
        cx.commit(transaction).map(drop)
    }
}
