//! GET_PWD_POLICY: the password policy.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use bancada_wire::op::{GetPwdPolicy, PwdPolicy};

impl Handle for GetPwdPolicy {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<PwdPolicy> {
        Ok(cx.session.settings.policy.0.clone())
    }
}
