//! ASYM_EXP: a public key, as PKCS#1 or SubjectPublicKeyInfo.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::material::Material;
use crate::object::Usage;
use bancada_wire::codec::Tail;
use bancada_wire::op::AsymExp;
use bancada_wire::status::Status;

impl Handle for AsymExp {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<Tail> {
        let object = cx.key(&self.name, Usage::Any)?;
        // Only RSA has the PKCS#1 form; other keys are SubjectPublicKeyInfo either way (vendor header dinamo.h,
        // PUBLICKEY_BLOB).
        Ok(Tail(match &object.material {
            Material::Rsa { public, .. } | Material::RsaPublic(public) if !self.x509 => public.to_pkcs1(),
            material => material.spki().ok_or(Status::ERR_INVALID_KEY)?,
        }))
    }
}
