//! LOGIN_CHALLENGE: the challenge of a login with one-time password.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::session::Phase;
use bancada_wire::op::{LoginChallenge, LoginChallengeResponse};

impl Handle for LoginChallenge {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<LoginChallengeResponse> {
        let challenge = cx.random();
        cx.session.phase = Phase::ChallengedOtp(challenge);
        Ok(LoginChallengeResponse { mode: cx.mode().number(), challenge })
    }
}
