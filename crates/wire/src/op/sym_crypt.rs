//! SYM_CRYPT: encrypts or decrypts with a symmetric key.
//!
//! Source: vendor header dinamo.h, DEncrypt and DDecrypt; wire form ours.

use crate::codec::{Decode, Encode, SecretTail};
use crate::op::{Operation, Spec};
use crate::text::ObjectName;

/// Encrypts or decrypts with a symmetric key.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SymCrypt {
    /// Name of the symmetric key.
    pub name: ObjectName,
    /// 0 encrypt (`D_ENCRYPT`), 0x80 decrypt (`D_DECRYPT`).
    pub direction: u8,
    /// Mode (`MODE_ECB`, `MODE_CBC`, `MODE_CTR`, `MODE_GCM`, `MODE_KW`).
    pub mode: u8,
    /// Padding of ECB and CBC (`D_NO_PADDING`, `D_PKCS5_PADDING`, `D_ZERO_PADDING`).
    pub padding: u8,
    /// GCM: bytes of the tag, which stands after the ciphertext; 0 for 16.
    pub tag_length: u8,
    /// Bytes of `iv` used.
    pub iv_length: u8,
    /// Initial vector, counter block or nonce.
    pub iv: [u8; 32],
    /// GCM: bytes of additional data at the head of `data`.
    pub aad_length: u32,
    /// Additional data, then the text.
    pub data: SecretTail,
}

impl Operation for SymCrypt {
    type Response = SecretTail;
    const SPEC: Spec =
        Spec::ours(0x40, "SYM_CRYPT", "vendor header dinamo.h, DEncrypt and DDecrypt; wire form ours")
            .max_request((1 << 20) + 4096);
}
