//! P8_IMPORT: a private key from an encrypted PKCS#8 envelope.

use super::Handle;
use super::p8_export::PASSWORD;
use crate::context::Context;
use crate::fault::Outcome;
use crate::import::Wanted;
use bancada_crypto::{CryptoError, envelope};
use bancada_wire::op::P8Import;
use bancada_wire::status::Status;

impl Handle for P8Import {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let wanted = |cx: &Context<'_, '_>| Wanted::approved(self.algorithm, cx.mode());
        let (place, wanted) = cx.place(&self.name, self.attributes, wanted)?;
        let password = self.password.expose_text();
        if !PASSWORD.contains(&password.len()) {
            return Err(Status::ERR_INVALID_SECRET.into());
        }
        // The npm client's length word counts Base64 characters, so zeros follow the DER.
        let unreadable = Status::ERR_CANNOT_PARSE_DER_PRIV_KEY;
        let envelope = envelope::der_prefix(&self.envelope).map_err(|_| unreadable)?;
        if self.envelope[envelope.len()..].iter().any(|byte| *byte != 0) {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        let key = envelope::decrypt_pkcs8(envelope, password).map_err(|error| match error {
            CryptoError::BadPadding => Status::ERR_INVALID_SECRET,
            _ => unreadable,
        })?;
        let (algorithm, material) = wanted.read(&key, cx.mode())?;
        cx.create(place, algorithm, self.attributes, material)
    }
}
