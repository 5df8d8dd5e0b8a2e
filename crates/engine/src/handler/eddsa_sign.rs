//! EdDSA_SIGN: pure Ed25519 over data.

use super::Handle;
use crate::algorithm::KeyKind;
use crate::context::Context;
use crate::fault::Outcome;
use crate::material::Material;
use crate::object::Usage;
use bancada_wire::codec::Tail;
use bancada_wire::op::EddsaSign;
use bancada_wire::status::Status;

impl Handle for EddsaSign {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<Tail> {
        let object = cx.key(&self.name, Usage::Sign)?;
        let Material::Ed25519 { private, .. } = &object.material else {
            return Err(Status::ERR_INVALID_KEY.into());
        };
        if !KeyKind::Ed25519.is_approved(cx.mode()) {
            return Err(Status::ERR_NON_APPROVED_OPERATION.into());
        }
        if self.mode != 0 {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        Ok(Tail(private.sign(&self.data).to_vec()))
    }
}
