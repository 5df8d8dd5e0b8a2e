//! AUTHENTICATE: a challenge, whose answer comes without a header (see `login`).

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::session::Phase;
use bancada_wire::op::{Authenticate, AuthenticateResponse};

impl Handle for Authenticate {
    const NAMES_MODE: bool = true;

    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<AuthenticateResponse> {
        let challenge = cx.random();
        cx.session.phase = Phase::Challenged(challenge);
        Ok(AuthenticateResponse { challenge })
    }
}
