//! RESYNC_OTP: finds a generator again from two consecutive one-time passwords.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::login;
use bancada_wire::op::ResyncOtp;
use bancada_wire::status::Status;

impl Handle for ResyncOtp {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let user = cx.user(self.user.as_str())?;
        let mut next = user.as_ref().clone();
        let generator = next.otp.as_mut().ok_or(Status::ERR_ACCESS_DENIED_TOKEN_NOT_NEEDED)?;
        let (first, second) = (self.first.expose_text(), self.second.expose_text());
        if !login::resync(generator, first, second, cx.env.now_ms) {
            return Err(Status::ERR_INVALID_SECRET.into());
        }
        cx.subject.clone_from(&user.name);
        cx.replace_user(&user, next).map(drop)
    }
}
