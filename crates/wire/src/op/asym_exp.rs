//! ASYM_EXP: exports a public key.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/key (exportAsymmetricPub).

use crate::codec::{
    Decode, DecodeFailure, Decoder, Encode, EncodeFailure, Encoder, Tail, impl_borrow_decode,
};
use crate::op::{FlagUse, Operation, Spec};
use crate::text::ObjectName;

/// Exports the public key of a key pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsymExp {
    /// Name of the key, alone or as `partition/object`.
    pub name: ObjectName,
    /// SubjectPublicKeyInfo instead of PKCS#1; travels as bit 31 of the length word.
    pub x509: bool,
}

impl Operation for AsymExp {
    type Response = Tail;
    const SPEC: Spec =
        Spec::vendor(9, "ASYM_EXP", "npm hsm-dinamo 4.9.1, hsm/modules/key (exportAsymmetricPub)")
            .flag(FlagUse::Choice);

    fn flag(&self) -> bool {
        self.x509
    }

    fn with_flag(self, flag: bool) -> Self {
        Self { x509: flag, ..self }
    }
}

impl Encode for AsymExp {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeFailure> {
        self.name.encode(encoder)
    }
}

impl<C> Decode<C> for AsymExp {
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeFailure> {
        Ok(Self { name: Decode::decode(decoder)?, x509: false })
    }
}

impl_borrow_decode!(AsymExp);
