//! OBJECT_INFO: tells about an object or key.
//!
//! Source: vendor header dinamo.h, DGetObjInfo and DGetKeyParam; wire form ours.

use crate::codec::{Decode, Encode};
use crate::op::{Operation, Spec};
use crate::text::{ObjectName, UserName};

/// Tells about an object or key.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ObjectInfo {
    /// Name of the object, alone or as `partition/object`.
    pub name: ObjectName,
}

/// Reply to [`ObjectInfo`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ObjectInfoResponse {
    /// Partition it lives in.
    pub partition: UserName,
    /// Algorithm or object type (`ALG_*`).
    pub algorithm: u32,
    /// Attributes and usage profile.
    pub attributes: u32,
    /// 1 when blocked.
    pub blocked: u8,
    /// 1 when it dies with the session.
    pub temporary: u8,
    /// Key size in bits, 0 for what is no key.
    pub key_bits: u32,
    /// Stored bytes of a blob or certificate, 0 for a key.
    pub length: u32,
    /// When it was made, milliseconds since 1970 UTC.
    pub created_ms: u64,
}

impl Operation for ObjectInfo {
    type Response = ObjectInfoResponse;
    const SPEC: Spec = Spec::ours(
        0x22,
        "OBJECT_INFO",
        "vendor header dinamo.h, DGetObjInfo and DGetKeyParam; wire form ours",
    );
}
