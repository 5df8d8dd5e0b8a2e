//! CREATE_BLOB: bytes or a certificate.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::material::Material;
use bancada_crypto::der_type::{DerType, der_type};
use bancada_wire::algorithm::key;
use bancada_wire::op::CreateBlob;
use bancada_wire::status::Status;

impl Handle for CreateBlob {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let (place, ()) = cx.place(&self.name, 0, |_| Ok(()))?;
        if self.length as usize != self.data.len() || self.data.is_empty() {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        // X.509, CRL and PKCS#7 are typed by what they are (vendor header dinamo.h, DWriteFile).
        let algorithm = match der_type(&self.data) {
            Some(DerType::Certificate) => key::OBJ_BLOB_X509,
            Some(DerType::RevocationList) => key::OBJ_BLOB_CRL,
            Some(DerType::Pkcs7) => key::OBJ_BLOB_PKCS7,
            None => key::OBJ_BLOB,
        };
        cx.create(place, algorithm, 0, Material::Bytes(self.data.to_vec()))
    }
}
