//! SESSION_INFO: about this session.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::session::Kind;
use bancada_wire::op::{SessionInfo, SessionInfoResponse};
use bancada_wire::text::{FixedText, UserName};

impl Handle for SessionInfo {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<SessionInfoResponse> {
        let session = &cx.session;
        Ok(SessionInfoResponse {
            session_id: session.id(),
            kind: session.kind().unwrap_or(Kind::Anonymous).number(),
            mode: cx.mode().number(),
            user: UserName::new(session.user().unwrap_or_default()).unwrap_or_default(),
            cipher: FixedText::new(session.cipher).unwrap_or_default(),
        })
    }
}
