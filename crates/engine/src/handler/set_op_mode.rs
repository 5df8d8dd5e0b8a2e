//! SET_OP_MODE: another operating mode, and an empty database.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use bancada_wire::frame::OperatingMode;
use bancada_wire::op::SetOpMode;
use bancada_wire::status::Status;

impl Handle for SetOpMode {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let mode = OperatingMode::from_number(self.mode).ok_or(Status::ERR_INVALID_PAYLOAD)?;
        cx.subject = mode.name().to_owned();
        if mode != cx.mode() {
            let factory = cx.hsm.factory(mode, cx.env);
            cx.commit(factory)?;
            cx.hsm.forget_tokens(cx.env);
            // The user of this session is gone with the database.
            cx.disconnect = true;
        }
        Ok(())
    }
}
