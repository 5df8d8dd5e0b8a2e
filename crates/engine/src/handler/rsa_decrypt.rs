//! RSA_DECRYPT: PKCS#1 v1.5, OAEP or the bare block.

use super::Handle;
use crate::algorithm::SignedHash;
use crate::context::Context;
use crate::fault::Outcome;
use crate::material::Material;
use crate::object::Usage;
use bancada_wire::algorithm::{hash, padding};
use bancada_wire::codec::SecretTail;
use bancada_wire::op::RsaDecrypt;
use bancada_wire::status::Status;

impl Handle for RsaDecrypt {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<SecretTail> {
        let object = cx.key(&self.name, Usage::Crypt)?;
        let Material::Rsa { private, .. } = &object.material else {
            return Err(Status::ERR_INVALID_KEY.into());
        };
        if self.block.len() != private.modulus_len() {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        let plain = match self.padding {
            padding::RSA_PKCS1 => private.decrypt_pkcs1(&self.block)?,
            padding::NONE => private.decrypt_raw(&self.block)?,
            padding::RSA_OAEP => {
                let algorithm = if self.hash_algorithm == 0 { hash::SHA1 } else { self.hash_algorithm };
                match SignedHash::approved(algorithm, cx.mode())? {
                    SignedHash::Hash(hash) => private.decrypt_oaep(hash, &[], &self.block)?,
                    SignedHash::Md5Sha1 => return Err(Status::ERR_INVALID_HASH.into()),
                }
            }
            _ => return Err(Status::ERR_INVALID_PAYLOAD.into()),
        };
        Ok(SecretTail::from(&plain[..]))
    }
}
