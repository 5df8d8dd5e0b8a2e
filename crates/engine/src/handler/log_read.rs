//! LOG_READ: the audit log.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use bancada_wire::codec::Tail;
use bancada_wire::op::{LogRead, LogReadResponse};
use bancada_wire::status::Status;

/// Most lines a request gets (our choice).
const MAX_LINES: u32 = 1024;

impl Handle for LogRead {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<LogReadResponse> {
        if !(1..=MAX_LINES).contains(&self.max_lines) {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        let (next, text) = cx.hsm.log.read(self.start, self.max_lines as usize);
        Ok(LogReadResponse { next, text: Tail(text.into_bytes()) })
    }
}
