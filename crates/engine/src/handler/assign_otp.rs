//! ASSIGN_OTP: binds a one-time password generator to a user.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::user::Otp;
use bancada_wire::op::AssignOtp;
use bancada_wire::status::Status;

/// `kind` of a counter-based generator (`AT_OATH_TOKEN`).
const HOTP: u8 = 2;
/// `kind` of a time-based generator (`AT_OATH_TOKEN_TOTP`).
const TOTP: u8 = 3;
/// `hmac` SHA-1, the only one published (`OATH_SA_v1_type_SHA1`).
const SHA1: u8 = 1;

impl Handle for AssignOtp {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let user = cx.user(self.user.as_str())?;
        let timed = match self.kind {
            HOTP => self.time_step == 0,
            TOTP => self.time_step > 0,
            _ => false,
        };
        if !timed || self.hmac != SHA1 {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        let generator = Otp::new(self.time_step, self.t0, self.truncation_offset, self.seed.expose())?;
        cx.subject.clone_from(&user.name);
        let mut next = user.as_ref().clone();
        next.otp = Some(generator);
        cx.replace_user(&user, next).map(drop)
    }
}
