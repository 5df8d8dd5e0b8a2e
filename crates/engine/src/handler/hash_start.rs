//! HASH_START: a hash or MAC over a stream.

use super::Handle;
use crate::algorithm::{SignedHash, hash_is_approved, hmac_hash};
use crate::context::Context;
use crate::fault::Outcome;
use crate::material::Material;
use crate::object::Usage;
use crate::stream::Stream;
use bancada_crypto::cipher::SymAlg;
use bancada_crypto::hash::Hasher;
use bancada_crypto::mac::{Cmac, Hmac};
use bancada_wire::algorithm::hash;
use bancada_wire::op::{HashStart, HashStartResponse};
use bancada_wire::status::Status;
use bancada_wire::text::ObjectName;

impl Handle for HashStart {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<HashStartResponse> {
        let stream = match self.algorithm {
            algorithm if is_mac(algorithm) => mac_stream(cx, &self.key, algorithm)?,
            algorithm => match SignedHash::approved(algorithm, cx.mode())? {
                SignedHash::Hash(hash) if self.key.is_empty() => Stream::Hash(Box::new(Hasher::new(hash))),
                SignedHash::Hash(_) => return Err(Status::ERR_INVALID_PAYLOAD.into()),
                SignedHash::Md5Sha1 => return Err(Status::ERR_INVALID_HASH.into()),
            },
        };
        Ok(HashStartResponse { ticket: cx.session.streams.start(stream)? })
    }
}

/// A MAC with a named key, which must be of the algorithm's kind.
pub(super) fn mac_stream(cx: &Context<'_, '_>, key: &ObjectName, algorithm: u8) -> Outcome<Stream> {
    let object = cx.key(key, Usage::Mac)?;
    if !is_mac(algorithm) {
        return Err(Status::ERR_INVALID_HASH.into());
    }
    match (&object.material, algorithm) {
        (Material::Symmetric(key), hash::CMAC_AES | hash::CMAC_DES) => {
            let is_aes = key.alg().block_len() == 16;
            if is_aes != (algorithm == hash::CMAC_AES) || key.alg() == SymAlg::Des {
                return Err(Status::ERR_INVALID_KEY.into());
            }
            Ok(Stream::Cmac(Box::new(Cmac::new(key.alg(), key.expose_bytes())?)))
        }
        (Material::Hmac { hash, secret }, algorithm) if hmac_hash(algorithm) == Some(*hash) => {
            if !hash_is_approved(*hash, cx.mode()) {
                return Err(Status::ERR_NON_APPROVED_OPERATION.into());
            }
            Ok(Stream::Hmac(Box::new(Hmac::new(*hash, secret))))
        }
        _ => Err(Status::ERR_INVALID_KEY.into()),
    }
}

fn is_mac(algorithm: u8) -> bool {
    matches!(algorithm, hash::HMAC_MD5..=hash::HMAC_SHA3_512 | hash::CMAC_AES | hash::CMAC_DES)
}
