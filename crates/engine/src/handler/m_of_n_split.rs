//! M_OF_N_SPLIT: a secret in N parts.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use bancada_crypto::hash::{self, HashAlg};
use bancada_crypto::{Zeroizing, ct_eq, threshold};
use bancada_wire::codec::Items;
use bancada_wire::op::{MOfNSplit, MOfNSplitResponse};
use bancada_wire::status::Status;
use bancada_wire::text::FixedSecret;

impl Handle for MOfNSplit {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<MOfNSplitResponse> {
        if self.m < 2 || self.m > self.n || self.n > threshold::MAX_PARTS {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        let (secret, entropy) = if ct_eq(self.secret.expose(), &[0; threshold::SECRET_LEN]) {
            draw(cx)
        } else {
            (Zeroizing::new(*self.secret.expose()), Zeroizing::new([0; 32]))
        };
        let parts = threshold::split(&secret, self.m, self.n, cx.env.random)?;
        Ok(MOfNSplitResponse {
            secret: (*secret).into(),
            entropy: (*entropy).into(),
            parts: Items(parts.into_iter().map(FixedSecret::from).collect()),
        })
    }
}

/// A secret drawn by the device: the first 24 bytes of SHA-256 of 32 random bytes, which are given out too. How the
/// vendor makes one of the other is not public: our choice.
fn draw(cx: &mut Context<'_, '_>) -> (Zeroizing<[u8; threshold::SECRET_LEN]>, Zeroizing<[u8; 32]>) {
    let entropy = Zeroizing::new(cx.random::<32>());
    let digest = hash::digest(HashAlg::Sha256, &entropy[..]);
    let mut secret = Zeroizing::new([0; threshold::SECRET_LEN]);
    secret.copy_from_slice(&digest[..threshold::SECRET_LEN]);
    (secret, entropy)
}
