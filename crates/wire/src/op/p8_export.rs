//! P8_EXPORT: exports a private key in an encrypted PKCS#8 envelope.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/key (exportPKCS8).

use crate::codec::{Decode, Encode, Tail};
use crate::op::{FlagUse, Operation, Spec};
use crate::text::{ObjectName, Password};

/// Exports a private key in an encrypted PKCS#8 envelope.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct P8Export {
    /// Name of the object, alone or as `partition/object`.
    pub name: ObjectName,
    /// Password of the envelope, 8 to 16 characters.
    pub password: Password,
}

impl Operation for P8Export {
    type Response = Tail;
    const SPEC: Spec = Spec::vendor(45, "P8_EXPORT", "npm hsm-dinamo 4.9.1, hsm/modules/key (exportPKCS8)")
        .flag(FlagUse::Always)
        .heavy();
}
