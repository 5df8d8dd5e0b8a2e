//! The keys of one application by role: bound to a device, with a score, for host codes, unlocking and the virtual token.
//!
//! All our choice: each is HMAC-SHA-256 of a label under its parent, the base key used as it is where no role applies, so that plain RFC
//! applications compute what the RFCs say.

use bancada_crypto::hash::HashAlg;
use bancada_crypto::mac::Hmac;
use zeroize::Zeroizing;

/// A secret key, erased on drop.
pub(crate) type Key = Zeroizing<Vec<u8>>;

/// The keys of one application.
pub(crate) struct RoleKeys {
    bound: Key,
}

impl RoleKeys {
    /// From the base key and the device's diversifier, 0 for an application that is not bound.
    pub(crate) fn new(base: &[u8], diversifier: u64) -> Self {
        let bound = match diversifier {
            0 => Zeroizing::new(base.to_vec()),
            _ => derive(base, "bancada digipass device binding 1", &[&diversifier.to_be_bytes()]),
        };
        Self { bound }
    }

    /// For responses with a score; score 0 is the key without a role.
    pub(crate) fn response(&self, score: u8) -> Key {
        match score {
            0 => self.bound.clone(),
            _ => derive(&self.bound, "bancada digipass score 1", &[&[score]]),
        }
    }

    /// For the host code that answers a response with this score.
    pub(crate) fn host_code(&self, score: u8) -> Key {
        derive(&self.response(score), "bancada digipass host code 1", &[])
    }

    /// For the responses of the virtual token.
    pub(crate) fn virtual_token(&self) -> Key {
        derive(&self.bound, "bancada digipass virtual token 1", &[])
    }

    /// For unlock codes.
    pub(crate) fn unlock(&self) -> Key {
        derive(&self.bound, "bancada digipass unlock 1", &[])
    }
}

/// 32 bytes from a parent key, a label and parts, each part after its length in two bytes.
pub(crate) fn derive(parent: &[u8], label: &str, parts: &[&[u8]]) -> Key {
    let mut mac = Hmac::new(HashAlg::Sha256, parent);
    for part in [label.as_bytes()].iter().chain(parts) {
        mac.update(&(part.len() as u16).to_be_bytes());
        mac.update(part);
    }
    Zeroizing::new(Zeroizing::new(mac.finish()).to_vec())
}
