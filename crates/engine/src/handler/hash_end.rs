//! HASH_END: the value of a running hash.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use bancada_wire::codec::Tail;
use bancada_wire::op::HashEnd;

impl Handle for HashEnd {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<Tail> {
        Ok(Tail(cx.session.streams.take(self.ticket)?.finish()?))
    }
}
