//! P10_CSR: makes a PKCS#10 certification request.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/key (generatePKCS10).

use crate::codec::{Decode, Encode, ShortTail, Tail};
use crate::op::{Operation, Spec};
use crate::text::{FixedText, ObjectName};

/// Makes a PKCS#10 certification request.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct P10Csr {
    /// Name of the private key.
    pub name: ObjectName,
    /// Version, 0.
    pub version: u8,
    /// Subject as `/CN=x/OU=y`, a slash inside a value written `\\/`.
    pub subject: FixedText<2049>,
    /// Hash (`CORE_P10_HASH_*`), or nothing for the device's choice.
    pub hash: ShortTail<1>,
}

impl Operation for P10Csr {
    type Response = Tail;
    const SPEC: Spec = Spec::vendor(44, "P10_CSR", "npm hsm-dinamo 4.9.1, hsm/modules/key (generatePKCS10)");
}
