//! ECC_SIGN: ECDSA over a hash.

use super::Handle;
use crate::algorithm::SignedHash;
use crate::context::Context;
use crate::fault::Outcome;
use crate::material::Material;
use crate::object::Usage;
use bancada_wire::codec::Tail;
use bancada_wire::op::EccSign;
use bancada_wire::status::Status;

impl Handle for EccSign {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<Tail> {
        let object = cx.key(&self.name, Usage::Sign)?;
        let Material::Ec { private, .. } = &object.material else {
            return Err(Status::ERR_INVALID_KEY.into());
        };
        let hash = SignedHash::approved(self.hash_algorithm, cx.mode())?;
        if self.hash.len() != hash.length() {
            return Err(Status::ERR_INVALID_HASH.into());
        }
        Ok(Tail(private.sign_prehash(&self.hash)?))
    }
}
