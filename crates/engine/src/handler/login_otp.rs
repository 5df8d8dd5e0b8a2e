//! LOGIN_OTP: a password proof with a one-time password.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::login;
use crate::session::Phase;
use bancada_wire::op::{LoginOtp, LoginResponse};
use bancada_wire::status::Status;

impl Handle for LoginOtp {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let Phase::ChallengedOtp(challenge) = cx.session.phase else {
            return Err(Status::ERR_INVALID_OPERATION.into());
        };
        let response = LoginResponse { proof: self.proof, user: self.user };
        login::with_password(cx, &response, &challenge, Some(self.otp.expose_text()))
    }
}
