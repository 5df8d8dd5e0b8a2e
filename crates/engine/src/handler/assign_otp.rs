//! ASSIGN_OTP: binds a one-time password generator to a user.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::user::Otp;
use bancada_crypto::Zeroizing;
use bancada_wire::op::AssignOtp;
use bancada_wire::status::Status;

/// `kind` of a counter-based generator (`AT_OATH_TOKEN`).
const HOTP: u8 = 2;
/// `kind` of a time-based generator (`AT_OATH_TOKEN_TOTP`).
const TOTP: u8 = 3;
/// `hmac` SHA-1, the only one published (`OATH_SA_v1_type_SHA1`).
const SHA1: u8 = 1;
/// Seeds, in bytes (vendor header dinamo.h, ISSUE_OATH_SHA*_LEN).
const SEED_SIZES: [usize; 3] = [20, 32, 64];

impl Handle for AssignOtp {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let user = cx.user(self.user.as_str())?;
        let seed = self.seed.expose();
        let timed = match (self.kind, self.time_step, self.t0) {
            (HOTP, 0, 0) => true,
            (TOTP, step, _) => step > 0,
            _ => false,
        };
        if !timed || self.hmac != SHA1 || self.truncation_offset > 16 || !SEED_SIZES.contains(&seed.len()) {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        cx.subject.clone_from(&user.name);
        let mut next = user.as_ref().clone();
        next.otp = Some(Otp {
            time_step: self.time_step,
            t0: self.t0,
            truncation_offset: self.truncation_offset,
            next: 0,
            seed: Zeroizing::new(seed.to_vec()),
        });
        cx.replace_user(&user, &next)
    }
}
