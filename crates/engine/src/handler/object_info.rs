//! OBJECT_INFO: about an object or key.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::material::Material;
use bancada_wire::op::{ObjectInfo, ObjectInfoResponse};
use bancada_wire::text::UserName;

impl Handle for ObjectInfo {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<ObjectInfoResponse> {
        let object = cx.find(&self.name)?;
        Ok(ObjectInfoResponse {
            partition: UserName::new(&object.partition).unwrap_or_default(),
            algorithm: object.algorithm,
            attributes: object.attributes,
            blocked: object.blocked.into(),
            temporary: object.is_temporary().into(),
            key_bits: object.material.key_bits(),
            length: match &object.material {
                Material::Bytes(bytes) => bytes.len() as u32,
                _ => 0,
            },
            created_ms: object.created_ms,
        })
    }
}
