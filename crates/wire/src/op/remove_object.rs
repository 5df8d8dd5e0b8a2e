//! REMOVE_OBJECT: removes an object.
//!
//! Source: vendor header dinamo.h, DRemoveObj; wire form ours.

use crate::codec::{Decode, Encode};
use crate::op::{Operation, Spec};
use crate::text::ObjectName;

/// Removes an object.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RemoveObject {
    /// Name of the object, alone or as `partition/object`.
    pub name: ObjectName,
}

impl Operation for RemoveObject {
    type Response = ();
    const SPEC: Spec =
        Spec::ours(0x23, "REMOVE_OBJECT", "vendor header dinamo.h, DRemoveObj; wire form ours").writes();
}
