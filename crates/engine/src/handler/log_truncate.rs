//! LOG_TRUNCATE: empties the audit log but for one line that says so.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use bancada_wire::op::LogTruncate;

impl Handle for LogTruncate {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let me = cx.me()?;
        cx.hsm.log.truncate(cx.env.now_ms, cx.hsm.config.node, cx.session.correlation, &me.name);
        // The line that says so is all there is: the gate adds none of its own.
        cx.logged = true;
        Ok(())
    }
}
