//! P8_EXPORT: a private key in an encrypted PKCS#8 envelope.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::material::Material;
use crate::object::Usage;
use bancada_crypto::envelope;
use bancada_wire::codec::Tail;
use bancada_wire::op::P8Export;
use bancada_wire::status::Status;

/// Characters of an envelope's password (`ND_MIN_P8_PWD_LEN`, `ND_MAX_P8_PWD_LEN`).
pub(super) const PASSWORD: std::ops::RangeInclusive<usize> = 8..=16;

impl Handle for P8Export {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<Tail> {
        let object = cx.key(&self.name, Usage::Any)?;
        match &object.material {
            Material::Rsa { .. }
            | Material::Ec { .. }
            | Material::Ed25519 { .. }
            | Material::X25519 { .. } => {}
            _ => return Err(Status::ERR_INVALID_KEY.into()),
        }
        if !object.is_exportable() {
            return Err(Status::ERR_OBJ_NOT_EXPORTABLE.into());
        }
        let password = self.password.expose_text();
        if !PASSWORD.contains(&password.len()) {
            return Err(Status::ERR_INVALID_SECRET.into());
        }
        Ok(Tail(envelope::encrypt_pkcs8(&object.material.encode()?, password, cx.env.random)?))
    }
}
