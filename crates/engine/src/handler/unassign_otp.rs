//! UNASSIGN_OTP: takes the one-time password generator from a user.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use bancada_wire::op::UnassignOtp;
use bancada_wire::status::Status;

impl Handle for UnassignOtp {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let user = cx.user(self.user.as_str())?;
        if user.otp.is_none() {
            return Err(Status::ERR_ACCESS_DENIED_TOKEN_NOT_NEEDED.into());
        }
        cx.subject.clone_from(&user.name);
        let mut next = user.as_ref().clone();
        next.otp = None;
        cx.replace_user(&user, next).map(drop)
    }
}
