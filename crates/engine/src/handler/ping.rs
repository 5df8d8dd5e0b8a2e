//! PING: a sign of life.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use bancada_wire::op::Ping;

impl Handle for Ping {
    fn handle(&self, _: &mut Context<'_, '_>) -> Outcome<()> {
        Ok(())
    }
}
