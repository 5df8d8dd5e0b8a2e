//! ASYM_ENC: opens an RSA envelope (PKCS#1 v1.5).

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::material::Material;
use crate::object::Usage;
use bancada_wire::codec::Tail;
use bancada_wire::op::AsymEnc;
use bancada_wire::status::Status;

/// Least bytes of the block's field: the npm client always sends as many.
const FIELD: usize = 256;

impl Handle for AsymEnc {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<Tail> {
        let object = cx.key(&self.name, Usage::Crypt)?;
        let Material::Rsa { private, .. } = &object.material else {
            return Err(Status::ERR_INVALID_KEY.into());
        };
        // A modulus shorter than the field leaves zeros behind the block.
        let length = private.modulus_len();
        if self.block.len() != length.max(FIELD) || self.block[length..].iter().any(|byte| *byte != 0) {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        Ok(Tail(private.decrypt_pkcs1(&self.block[..length])?.to_vec()))
    }
}
