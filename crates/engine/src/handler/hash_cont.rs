//! HASH_CONT: feeds a running hash.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use bancada_wire::op::HashCont;
use bancada_wire::status::Status;

impl Handle for HashCont {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        if self.data.len() != usize::from(self.length) {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        cx.session.streams.get(self.ticket)?.update(&self.data)
    }
}
