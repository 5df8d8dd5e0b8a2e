//! USER_INFO: about a user.

use super::Handle;
use super::list_users::entry;
use crate::context::Context;
use crate::fault::Outcome;
use bancada_wire::acl;
use bancada_wire::op::{UserEntry, UserInfo};
use bancada_wire::status::Status;

impl Handle for UserInfo {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<UserEntry> {
        let me = cx.me()?;
        let user = if self.user.is_empty() || self.user.as_str() == Some(&me.name) {
            me
        } else if me.may(acl::USR_LIST) {
            cx.user(self.user.as_str())?
        } else {
            return Err(Status::ERR_ACCESS_DENIED.into());
        };
        Ok(entry(&user, &cx.session.settings.policy))
    }
}
