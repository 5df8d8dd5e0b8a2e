//! OBJ_EXP: an object in clear.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::import;
use crate::material::Material;
use crate::object::Usage;
use bancada_wire::codec::SecretTail;
use bancada_wire::op::{OBJ_EXP_RAW, ObjExp};
use bancada_wire::status::Status;

impl Handle for ObjExp {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<SecretTail> {
        let object = cx.key(&self.name, Usage::Any)?;
        if !object.is_exportable() {
            return Err(Status::ERR_OBJ_NOT_EXPORTABLE.into());
        }
        if matches!(object.material, Material::Rsa { .. }) {
            import::clear_rsa_is_approved(cx.mode())?;
        }
        if self.flags & !OBJ_EXP_RAW != 0 {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        // PRIVATEKEY_BLOB: RSA as PKCS#1, ECC as RFC 5915, ECX as RFC 8410; the raw flag asks for nothing else
        // where there is no envelope to leave out.
        Ok(SecretTail::from(match &object.material {
            Material::Rsa { private, .. } => private.to_pkcs1()?.to_vec(),
            Material::Ec { private, .. } => private.to_sec1()?.to_vec(),
            material => material.encode()?.to_vec(),
        }))
    }
}
