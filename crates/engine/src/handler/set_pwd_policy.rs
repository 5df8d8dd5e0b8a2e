//! SET_PWD_POLICY: another password policy.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::policy::Policy;
use crate::vault::{SETTINGS, Settings, Transaction};
use bancada_wire::op::SetPwdPolicy;
use bancada_wire::status::Status;

impl Handle for SetPwdPolicy {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let policy = Policy(self.policy.clone());
        if !policy.satisfiable() {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        let read = cx.hsm.vault.settings()?;
        let next = Settings { policy, ..Settings::clone(&read) };
        let mut transaction = Transaction::default();
        transaction.replace(SETTINGS.to_vec(), read.revision, next.to_record());
        cx.commit(transaction).map(drop)
    }
}
