//! M_OF_N_RECOVER: a secret from its parts.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use bancada_crypto::{Zeroizing, threshold};
use bancada_wire::op::{MOfNRecover, MOfNRecoverResponse};
use bancada_wire::status::Status;

impl Handle for MOfNRecover {
    fn handle(&self, _: &mut Context<'_, '_>) -> Outcome<MOfNRecoverResponse> {
        let parts: Zeroizing<Vec<_>> =
            Zeroizing::new(self.parts.0.iter().map(|part| *part.expose()).collect());
        let secret = threshold::recover(&parts).map_err(|_| Status::ERR_INVALID_SECRET)?;
        Ok(MOfNRecoverResponse { secret: (*secret).into() })
    }
}
