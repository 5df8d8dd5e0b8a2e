//! P8_IMPORT: imports a private key from an encrypted PKCS#8 envelope.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/key (importPKCS8).

use crate::codec::{Decode, Encode, Tail};
use crate::op::{FlagUse, Operation, Spec};
use crate::text::{FixedSecret, ObjectName};

/// Imports a private key from an encrypted PKCS#8 envelope.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct P8Import {
    /// Algorithm or import pseudo-algorithm.
    pub algorithm: u32,
    /// Attributes and usage profile.
    pub attributes: u32,
    /// Name of the object, alone or as `partition/object`.
    pub name: ObjectName,
    /// Password of the envelope.
    pub password: FixedSecret<17>,
    /// DER of the envelope; zero bytes after it are allowed.
    pub envelope: Tail,
}

impl Operation for P8Import {
    type Response = ();
    const SPEC: Spec = Spec::vendor(48, "P8_IMPORT", "npm hsm-dinamo 4.9.1, hsm/modules/key (importPKCS8)")
        .flag(FlagUse::Always)
        .heavy()
        .writes();
}
