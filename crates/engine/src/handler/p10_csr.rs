//! P10_CSR: a PKCS#10 certification request.

use super::Handle;
use crate::algorithm::{KeyKind, hash_is_approved};
use crate::context::Context;
use crate::fault::Outcome;
use crate::material::Material;
use crate::object::Usage;
use bancada_crypto::CryptoError;
use bancada_crypto::csr::{PrivateKeyRef, certification_request};
use bancada_crypto::hash::HashAlg;
use bancada_wire::codec::Tail;
use bancada_wire::op::P10Csr;
use bancada_wire::status::Status;

impl Handle for P10Csr {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<Tail> {
        let object = cx.key(&self.name, Usage::Sign)?;
        let key = match &object.material {
            Material::Rsa { private, .. } => PrivateKeyRef::Rsa(private),
            Material::Ec { private, .. } => PrivateKeyRef::Ec(private),
            Material::Ed25519 { private, .. } => PrivateKeyRef::Ed25519(private),
            _ => return Err(Status::ERR_INVALID_KEY.into()),
        };
        let hash = hash(self.hash.first().copied())?;
        let pure = matches!(key, PrivateKeyRef::Ed25519(_));
        let approved =
            if pure { KeyKind::Ed25519.is_approved(cx.mode()) } else { hash_is_approved(hash, cx.mode()) };
        if !approved {
            return Err(Status::ERR_NON_APPROVED_OPERATION.into());
        }
        let subject = self.subject.as_str().filter(|subject| !subject.is_empty() && self.version == 0);
        let subject = subject.ok_or(Status::ERR_INVALID_PAYLOAD)?;
        certification_request(subject, &key, hash).map(Tail).map_err(|error| match error {
            CryptoError::Unsupported(_) | CryptoError::Malformed(_) => Status::ERR_INVALID_PAYLOAD.into(),
            error => error.into(),
        })
    }
}

/// The hash a request names (`CORE_P10_HASH_*`); SHA-256 when it names none, which is our choice.
fn hash(number: Option<u8>) -> Result<HashAlg, Status> {
    Ok(match number {
        None | Some(3) => HashAlg::Sha256,
        Some(1) => HashAlg::Sha1,
        Some(2) => HashAlg::Sha224,
        Some(4) => HashAlg::Sha384,
        Some(5) => HashAlg::Sha512,
        Some(6) => HashAlg::Sha3_224,
        Some(7) => HashAlg::Sha3_256,
        Some(8) => HashAlg::Sha3_384,
        Some(9) => HashAlg::Sha3_512,
        Some(_) => return Err(Status::ERR_INVALID_HASH),
    })
}
