//! RSA_SIGN: PKCS#1 v1.5, PSS or X9.31 over a hash.

use super::Handle;
use crate::algorithm::SignedHash;
use crate::context::Context;
use crate::fault::Outcome;
use crate::material::Material;
use crate::object::Usage;
use bancada_wire::codec::Tail;
use bancada_wire::op::{RSA_PAD_PKCS1, RSA_PAD_PSS, RSA_PAD_X931, RsaSign};
use bancada_wire::status::Status;

impl Handle for RsaSign {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<Tail> {
        let object = cx.key(&self.name, Usage::Sign)?;
        let Material::Rsa { private, .. } = &object.material else {
            return Err(Status::ERR_INVALID_KEY.into());
        };
        let hash = SignedHash::approved(self.hash_algorithm, cx.mode())?;
        let value = &self.hash[..hash.length()];
        Ok(Tail(match (self.padding, hash) {
            (RSA_PAD_PKCS1, SignedHash::Hash(hash)) => private.sign_pkcs1(Some(hash), value)?,
            (RSA_PAD_PKCS1, SignedHash::Md5Sha1) => private.sign_pkcs1(None, value)?,
            // The salt is as long as the hash; the documents do not say: our choice.
            (RSA_PAD_PSS, SignedHash::Hash(hash)) => private.sign_pss(hash, hash.output_len(), value)?,
            (RSA_PAD_X931, SignedHash::Hash(hash)) => private.sign_x931(hash, value)?,
            (RSA_PAD_PSS | RSA_PAD_X931, SignedHash::Md5Sha1) => return Err(Status::ERR_INVALID_HASH.into()),
            _ => return Err(Status::ERR_INVALID_PAYLOAD.into()),
        }))
    }
}
