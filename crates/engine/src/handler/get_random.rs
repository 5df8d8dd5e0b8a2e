//! GET_RANDOM: random bytes.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use bancada_wire::codec::SecretTail;
use bancada_wire::op::GetRandom;
use bancada_wire::status::Status;

/// Most bytes a request gets (`AAP_MAX_RND_SEG`, npm hsm-dinamo 4.9.1).
const MAX_SEGMENT: u32 = 2048;

impl Handle for GetRandom {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<SecretTail> {
        if !(1..=MAX_SEGMENT).contains(&self.length) {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        let mut bytes = vec![0; self.length as usize];
        cx.env.random.fill(&mut bytes);
        Ok(SecretTail::from(bytes))
    }
}
