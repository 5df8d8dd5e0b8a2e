//! ECC_VERIFY2: verifies ECDSA over a hash.

use super::Handle;
use crate::algorithm::SignedHash;
use crate::context::Context;
use crate::fault::Outcome;
use crate::material::Material;
use crate::object::Usage;
use bancada_wire::op::EccVerify2;
use bancada_wire::status::Status;

impl Handle for EccVerify2 {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let object = cx.key(&self.name, Usage::Sign)?;
        let (Material::Ec { public, .. } | Material::EcPublic(public)) = &object.material else {
            return Err(Status::ERR_INVALID_KEY.into());
        };
        let hash = SignedHash::approved(self.hash_algorithm, cx.mode())?;
        public
            .verify_prehash(&self.hash[..hash.length()], &self.signature)
            .map_err(|_| Status::ERR_INVALID_SIGNATURE)?;
        Ok(())
    }
}
