//! GEN_ECDH: a secret agreed on with another party's public key.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::material::Material;
use crate::object::Usage;
use bancada_crypto::Zeroizing;
use bancada_crypto::ec::EcPublicKey;
use bancada_crypto::edwards::X25519PublicKey;
use bancada_crypto::hash::{HashAlg, Hasher};
use bancada_wire::codec::SecretTail;
use bancada_wire::op::GenEcdh;
use bancada_wire::status::Status;

/// `derivation`: the raw secret (`DN_GEN_KEY_KDF_RAW_SECRET`).
const RAW: u8 = 1;
/// `derivation`: ANSI X9.63 with SHA-256 (`DN_GEN_KEY_X9_63_SHA256`).
const X9_63_SHA256: u8 = 2;
/// Most shared information and most key, in bytes (`DN_ECDH_GEN_KEY_MAX_DATA`).
const MAX_DATA: usize = 1024;

impl Handle for GenEcdh {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<SecretTail> {
        let object = cx.key(&self.name, Usage::Derive)?;
        if !matches!(object.material, Material::Ec { .. } | Material::X25519 { .. }) {
            return Err(Status::ERR_INVALID_KEY.into());
        }
        let malformed = Status::ERR_INVALID_PAYLOAD;
        let (info, public) = self.data.split_at_checked(self.info_length.into()).ok_or(malformed)?;
        let length = usize::from(self.length);
        let well_formed = match self.derivation {
            RAW => length == 0 && info.is_empty(),
            X9_63_SHA256 => (1..=MAX_DATA).contains(&length) && info.len() <= MAX_DATA,
            _ => false,
        };
        if !well_formed {
            return Err(malformed.into());
        }
        let secret = match &object.material {
            Material::Ec { private, .. } => {
                let public = EcPublicKey::from_spki(public).map_err(|_| Status::ERR_INVALID_KEY)?;
                private.ecdh(&public).map_err(|_| Status::ERR_INVALID_KEY)?
            }
            Material::X25519 { private, .. } => {
                let public = X25519PublicKey::from_spki(public).map_err(|_| Status::ERR_INVALID_KEY)?;
                let secret = private.agree(&public).map_err(|_| Status::ERR_INVALID_KEY)?;
                Zeroizing::new(secret.to_vec())
            }
            _ => return Err(Status::ERR_INVALID_KEY.into()),
        };
        Ok(if self.derivation == RAW {
            SecretTail::from(&secret[..])
        } else {
            SecretTail::from(x9_63(&secret, info, length))
        })
    }
}

/// The key derivation function of SEC 1, section 3.6.1.
fn x9_63(secret: &[u8], info: &[u8], length: usize) -> Vec<u8> {
    let mut key = Vec::with_capacity(length + 32);
    for counter in 1u32.. {
        if key.len() >= length {
            break;
        }
        let mut hash = Hasher::new(HashAlg::Sha256);
        for part in [secret, &counter.to_be_bytes(), info] {
            hash.update(part);
        }
        key.extend_from_slice(&hash.finish());
    }
    key.truncate(length);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    /// NIST CAVP, ANSX963 vectors: SHA-256, shared secret of 192 bits, no shared information, 128 bits of key.
    #[test]
    fn published_value() {
        let secret = [
            0x96, 0xc0, 0x56, 0x19, 0xd5, 0x6c, 0x32, 0x8a, 0xb9, 0x5f, 0xe8, 0x4b, 0x18, 0x26, 0x4b, 0x08,
            0x72, 0x5b, 0x85, 0xe3, 0x3f, 0xd3, 0x4f, 0x08,
        ];
        let key =
            [0x44, 0x30, 0x24, 0xc3, 0xda, 0xe6, 0x6b, 0x95, 0xe6, 0xf5, 0x67, 0x06, 0x01, 0x55, 0x8f, 0x71];
        assert_eq!(x9_63(&secret, &[], 16), key);
    }
}
