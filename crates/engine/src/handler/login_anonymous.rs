//! LOGIN_ANONYMOUS: a session without a user.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::session::Phase;
use bancada_wire::op::{LoginAnonymous, LoginAnonymousResponse};

impl Handle for LoginAnonymous {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<LoginAnonymousResponse> {
        cx.session.phase = Phase::Anonymous;
        cx.audit("anonymous login");
        Ok(LoginAnonymousResponse { mode: cx.mode().number() })
    }
}
