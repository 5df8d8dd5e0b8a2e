//! MAC: a MAC in one go.

use super::Handle;
use super::hash_start::mac_stream;
use crate::context::Context;
use crate::fault::Outcome;
use bancada_wire::algorithm::hash;
use bancada_wire::codec::Tail;
use bancada_wire::op::Mac;
use bancada_wire::status::Status;

impl Handle for Mac {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<Tail> {
        let mut stream =
            mac_stream(cx, &self.name, self.algorithm).map_err(|fault| match self.algorithm {
                hash::HMAC_MD5..=hash::HMAC_SHA3_512 | hash::CMAC_AES | hash::CMAC_DES => fault,
                _ => Status::ERR_INVALID_HASH.into(),
            })?;
        stream.update(&self.data)?;
        Ok(Tail(stream.finish()?))
    }
}
