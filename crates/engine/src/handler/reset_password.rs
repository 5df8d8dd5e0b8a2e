//! RESET_PASSWORD: another user's new password.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use bancada_wire::acl;
use bancada_wire::op::ResetPassword;

impl Handle for ResetPassword {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let user = cx.user(self.user.as_str())?;
        cx.subject.clone_from(&user.name);
        let mut next = user.as_ref().clone();
        next.change_password(self.password.expose_text(), &cx.session.settings.policy, cx.env.now_ms)?;
        // A forced change stays: it is the user's to make.
        next.acl |= user.acl & acl::CHANGE_PWD_NEXT_TIME;
        cx.replace_user(&user, next).map(drop)
    }
}
