//! KEY_IMP: imports a key in clear.

use super::Handle;
use crate::algorithm::KeyKind;
use crate::context::Context;
use crate::fault::Outcome;
use crate::import;
use bancada_wire::op::KeyImp;
use bancada_wire::status::Status;

/// Longest key material (`MAX_OBJ_V1_RAW_LEN`).
const MAX_MATERIAL: usize = 4096;

impl Handle for KeyImp {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let wanted = |cx: &Context<'_, '_>| {
            let wanted = import::Wanted::approved(self.algorithm, cx.mode())?;
            // Restricted modes take RSA private keys in PKCS#8 envelopes only.
            if wanted.is_private_rsa() {
                import::clear_rsa_is_approved(cx.mode())?;
            }
            Ok(wanted)
        };
        let (place, wanted) = cx.place(&self.name, self.attributes, wanted)?;
        let material = self.material.expose();
        if material.len() > MAX_MATERIAL {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        let (algorithm, material) = wanted.read(material, cx.mode())?;
        // A pseudo-algorithm for any kind shows only now what it is.
        if matches!(material.kind(), Some(KeyKind::Rsa { .. })) && !material.is_public() {
            import::clear_rsa_is_approved(cx.mode())?;
        }
        cx.create(place, algorithm, self.attributes, material)
    }
}
