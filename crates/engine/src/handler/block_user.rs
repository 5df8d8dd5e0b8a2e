//! BLOCK_USER: blocks a user or unblocks it.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::user::MASTER;
use bancada_wire::op::BlockUser;
use bancada_wire::status::Status;

impl Handle for BlockUser {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let user = cx.user(self.user.as_str())?;
        let blocked = match self.blocked {
            0 => false,
            1 => true,
            _ => return Err(Status::ERR_INVALID_PAYLOAD.into()),
        };
        if blocked && (user.name == MASTER || user.name == cx.me()?.name) {
            return Err(Status::ERR_ACCESS_DENIED.into());
        }
        cx.subject = format!("{} {}", user.name, if blocked { "blocked" } else { "unblocked" });
        let mut next = user.as_ref().clone();
        next.blocked = blocked;
        if !blocked {
            next.attempts = 0;
        }
        cx.replace_user(&user, next).map(drop)
    }
}
