//! SYM_CRYPT: encrypts or decrypts with a symmetric key.

use super::Handle;
use crate::algorithm::cipher_mode_is_approved;
use crate::context::Context;
use crate::fault::Outcome;
use crate::material::Material;
use crate::object::Usage;
use bancada_crypto::CryptoError;
use bancada_crypto::cipher::{Mode, Padding};
use bancada_wire::algorithm::{mode, padding};
use bancada_wire::codec::SecretTail;
use bancada_wire::op::SymCrypt;
use bancada_wire::status::Status;

/// GCM tag when the request says 0, in bytes.
const TAG_LEN: usize = 16;

impl Handle for SymCrypt {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<SecretTail> {
        let object = cx.key(&self.name, Usage::Crypt)?;
        let Material::Symmetric(key) = &object.material else {
            return Err(Status::ERR_INVALID_KEY.into());
        };
        let malformed = || Status::ERR_INVALID_PAYLOAD;
        if !matches!(self.mode, mode::ECB | mode::CBC | mode::CTR | mode::GCM | mode::KW) {
            return Err(malformed().into());
        }
        if !cipher_mode_is_approved(key.alg(), self.mode, cx.mode()) {
            return Err(Status::ERR_NON_APPROVED_OPERATION.into());
        }
        let (aad, text) =
            self.data.expose().split_at_checked(self.aad_length as usize).ok_or_else(malformed)?;
        let tag_len = if self.tag_length == 0 { TAG_LEN } else { self.tag_length.into() };
        let cipher_mode = match self.mode {
            mode::GCM => Mode::Gcm { tag_len, aad },
            _ if self.aad_length != 0 || self.tag_length != 0 => return Err(malformed().into()),
            mode::ECB => Mode::Ecb,
            mode::CBC => Mode::Cbc,
            mode::CTR => Mode::Ctr,
            _ => Mode::Kw,
        };
        let padding = match self.padding {
            padding::NONE => Padding::None,
            padding::PKCS5 => Padding::Pkcs5,
            padding::ZERO => Padding::Zero,
            _ => return Err(malformed().into()),
        };
        let iv = self.iv.get(..self.iv_length.into()).ok_or_else(malformed)?;
        let mut out = Vec::with_capacity(text.len() + 32);
        match self.direction {
            mode::ENCRYPT => key.encrypt(cipher_mode, padding, iv, text, &mut out),
            mode::DECRYPT => key.decrypt(cipher_mode, padding, iv, text, &mut out),
            _ => return Err(malformed().into()),
        }
        .map_err(|error| match (error, self.mode) {
            (CryptoError::Unsupported(_), _) => malformed(),
            (CryptoError::BadSignature | CryptoError::BadPadding, mode::GCM | mode::KW) => {
                Status::ERR_OPERATION_FAILED
            }
            (CryptoError::BadPadding, _) => Status::ERR_PADDING_CHECK_FAILED,
            (CryptoError::BadSignature, _) => Status::ERR_OPERATION_FAILED,
            _ => malformed(),
        })?;
        Ok(SecretTail::from(out))
    }
}
