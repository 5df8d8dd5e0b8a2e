//! LIST_OBJECTS: lists the objects of a partition in order of name.
//!
//! Source: vendor header dinamo.h, DListObjs; wire form ours.

use crate::codec::{Decode, Encode, Items};
use crate::op::{Operation, Spec};
use crate::text::{ObjectName, UserName};

/// One object of a list.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ObjectEntry {
    /// Name without partition.
    pub name: ObjectName,
    /// Algorithm or object type (`ALG_*`).
    pub algorithm: u32,
    /// Attributes and usage profile.
    pub attributes: u32,
    /// 1 when blocked.
    pub blocked: u8,
    /// 1 when it dies with the session.
    pub temporary: u8,
}

/// Lists the objects of a partition in order of name.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ListObjects {
    /// Partition; empty for the user's own.
    pub partition: UserName,
    /// Name without partition after which to start; empty for the beginning.
    pub after: ObjectName,
    /// Most entries to return, 1 to 1024.
    pub max: u32,
}

impl Operation for ListObjects {
    type Response = Items<ObjectEntry, 1024>;
    const SPEC: Spec = Spec::ours(0x21, "LIST_OBJECTS", "vendor header dinamo.h, DListObjs; wire form ours");
}
