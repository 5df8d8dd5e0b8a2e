//! CREATE_KEY: makes a key inside the device.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/key.

use crate::codec::{Decode, Encode};
use crate::op::{Operation, Spec};
use crate::text::ObjectName;

/// Makes a key inside the device.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct CreateKey {
    /// Algorithm (`ALG_*`).
    pub algorithm: u32,
    /// Attributes and usage profile (`EXPORTABLE_KEY`, `TEMPORARY_KEY`, `AUP_*` …).
    pub attributes: u32,
    /// Name of the object, alone or as `partition/object`.
    pub name: ObjectName,
}

impl Operation for CreateKey {
    type Response = ();
    const SPEC: Spec =
        Spec::vendor(2, "CREATE_KEY", "npm hsm-dinamo 4.9.1, hsm/modules/key").writes().heavy();
}
