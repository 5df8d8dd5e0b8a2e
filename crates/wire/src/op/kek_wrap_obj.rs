//! KEK_WRAP_OBJ: exports or imports a key encrypted by another key.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/key (kekWrapOp).

use crate::codec::{Decode, Encode, Tail};
use crate::op::{Operation, ReplyShape, Spec};
use crate::text::ObjectName;

/// `operation` of an export.
pub const KEK_EXPORT: u8 = 1;
/// `operation` of an import.
pub const KEK_IMPORT: u8 = 2;

/// Exports or imports a key encrypted by another key.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct KekWrapObj {
    /// [`KEK_EXPORT`] or [`KEK_IMPORT`].
    pub operation: u8,
    /// Mode (`MODE_ECB` or `MODE_CBC`).
    pub mode: u8,
    /// Padding of the wrapped bytes.
    pub padding: u8,
    /// Initial vector, the first 16 bytes used.
    pub iv: [u8; 32],
    /// Name of the key that encrypts.
    pub kek: ObjectName,
    /// Name of the key that is exported or made.
    pub name: ObjectName,
    /// Import: algorithm or import pseudo-algorithm.
    pub algorithm: u32,
    /// Import: attributes and usage profile.
    pub attributes: u32,
    /// Import: the wrapped key.
    pub data: Tail,
}

impl Operation for KekWrapObj {
    type Response = Tail;
    const SPEC: Spec = Spec::vendor(42, "KEK_WRAP_OBJ", "npm hsm-dinamo 4.9.1, hsm/modules/key (kekWrapOp)")
        .reply(ReplyShape::SplitHeader)
        .writes();
}
