//! SET_USER_ACL: another user's permissions.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::user::{KNOWN_ACL, MASTER};
use bancada_wire::op::SetUserAcl;
use bancada_wire::status::Status;

impl Handle for SetUserAcl {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let user = cx.user(self.user.as_str())?;
        if self.acl & !KNOWN_ACL != 0 {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        let me = cx.me()?;
        if user.name == MASTER || user.name == me.name || !me.may_give(self.acl) {
            return Err(Status::ERR_ACCESS_DENIED.into());
        }
        cx.subject = format!("{} {:#x}", user.name, self.acl);
        let mut next = user.as_ref().clone();
        next.acl = self.acl;
        cx.replace_user(&user, next).map(drop)
    }
}
