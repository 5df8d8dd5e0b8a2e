//! CHANGE_PWD: a new password for the session's own user; it opens a session whose password had expired.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::session::{Identity, Phase};
use bancada_wire::op::ChangePwd;
use bancada_wire::status::Status;

impl Handle for ChangePwd {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let (Phase::User(Identity { user, kind }) | Phase::Expired(Identity { user, kind })) =
            &cx.session.phase
        else {
            return Err(Status::ERR_ACCESS_DENIED.into());
        };
        let (read, kind) = (user.clone(), *kind);
        let mut next = read.as_ref().clone();
        next.change_password(self.password.expose_text(), &cx.session.settings.policy, cx.env.now_ms)?;
        let user = cx.replace_user(&read, next)?;
        cx.session.phase = Phase::User(Identity { user, kind });
        Ok(())
    }
}
