//! USER_INFO: about a user.

use super::Handle;
use super::list_users::entry;
use crate::context::Context;
use crate::fault::Outcome;
use bancada_wire::op::{UserEntry, UserInfo};

impl Handle for UserInfo {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<UserEntry> {
        let user = cx.user_to_show(&self.user)?;
        Ok(entry(&user, &cx.session.settings.policy))
    }
}
