//! RSA_VERIFY: verifies PKCS#1 v1.5, PSS or X9.31 over a hash.

use super::Handle;
use crate::algorithm::SignedHash;
use crate::context::Context;
use crate::fault::Outcome;
use crate::material::Material;
use crate::object::Usage;
use bancada_crypto::CryptoError;
use bancada_wire::op::{RSA_PAD_PKCS1, RSA_PAD_PSS, RSA_PAD_X931, RsaVerify};
use bancada_wire::status::Status;

impl Handle for RsaVerify {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let object = cx.key(&self.name, Usage::Sign)?;
        let (Material::Rsa { public, .. } | Material::RsaPublic(public)) = &object.material else {
            return Err(Status::ERR_INVALID_KEY.into());
        };
        let hash = SignedHash::approved(self.hash_algorithm, cx.mode())?;
        let value = &self.hash[..hash.length()];
        let verified = match (self.padding, hash) {
            (RSA_PAD_PKCS1, SignedHash::Hash(hash)) => {
                public.verify_pkcs1(Some(hash), value, &self.signature)
            }
            (RSA_PAD_PKCS1, SignedHash::Md5Sha1) => public.verify_pkcs1(None, value, &self.signature),
            // A salt of another length than the device's own is accepted: the signature is as good.
            (RSA_PAD_PSS, SignedHash::Hash(hash)) => public.verify_pss(hash, None, value, &self.signature),
            (RSA_PAD_X931, SignedHash::Hash(hash)) => public.verify_x931(hash, value, &self.signature),
            (RSA_PAD_PSS | RSA_PAD_X931, SignedHash::Md5Sha1) => return Err(Status::ERR_INVALID_HASH.into()),
            _ => return Err(Status::ERR_INVALID_PAYLOAD.into()),
        };
        verified.map_err(|error| match error {
            CryptoError::Unsupported(_) => Status::ERR_NOT_IMPLEMENTED,
            _ => Status::ERR_INVALID_SIGNATURE,
        })?;
        Ok(())
    }
}
