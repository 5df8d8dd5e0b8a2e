//! EdDSA_VERIFY: verifies pure Ed25519 over data.

use super::Handle;
use crate::algorithm::KeyKind;
use crate::context::Context;
use crate::fault::Outcome;
use crate::material::Material;
use crate::object::Usage;
use bancada_wire::op::EddsaVerify;
use bancada_wire::status::Status;

/// Bytes of an Ed25519 signature; the field behind them is zero.
const SIGNATURE_LEN: usize = 64;

impl Handle for EddsaVerify {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let object = cx.key(&self.name, Usage::Sign)?;
        let (Material::Ed25519 { public, .. } | Material::Ed25519Public(public)) = &object.material else {
            return Err(Status::ERR_INVALID_KEY.into());
        };
        if !KeyKind::Ed25519.is_approved(cx.mode()) {
            return Err(Status::ERR_NON_APPROVED_OPERATION.into());
        }
        if self.mode != 0 {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        let (signature, padding) = self.signature.split_at(SIGNATURE_LEN);
        let padded = padding.iter().all(|byte| *byte == 0);
        if !padded || public.verify(&self.data, signature).is_err() {
            return Err(Status::ERR_INVALID_SIGNATURE.into());
        }
        Ok(())
    }
}
