//! CREATE_BLOB: stores bytes or a certificate.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/key (importBlob).

use crate::codec::{Decode, Encode, Tail};
use crate::op::{FlagUse, Operation, Spec};
use crate::text::ObjectName;

/// Stores bytes or a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct CreateBlob {
    /// Name of the object, alone or as `partition/object`.
    pub name: ObjectName,
    /// Length of `data` in bytes.
    pub length: u32,
    /// The bytes; X.509, CRL and PKCS#7 DER are recognised.
    pub data: Tail,
}

impl Operation for CreateBlob {
    type Response = ();
    const SPEC: Spec = Spec::vendor(25, "CREATE_BLOB", "npm hsm-dinamo 4.9.1, hsm/modules/key (importBlob)")
        .flag(FlagUse::Always)
        .max_request(512 << 10)
        .writes();
}
