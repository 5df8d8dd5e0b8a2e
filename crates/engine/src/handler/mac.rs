//! MAC: a MAC in one go.

use super::Handle;
use super::hash_start::mac_stream;
use crate::context::Context;
use crate::fault::Outcome;
use bancada_wire::codec::Tail;
use bancada_wire::op::Mac;

impl Handle for Mac {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<Tail> {
        let mut stream = mac_stream(cx, &self.name, self.algorithm)?;
        stream.update(&self.data)?;
        Ok(Tail(stream.finish()?))
    }
}
