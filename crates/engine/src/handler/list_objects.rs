//! LIST_OBJECTS: the objects of a partition in order of name, the session's temporary ones among them.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::object::{Object, ObjectRef};
use crate::vault::{object_key, objects_prefix};
use bancada_wire::acl;
use bancada_wire::codec::Items;
use bancada_wire::op::{ListObjects, ObjectEntry};
use bancada_wire::status::Status;
use bancada_wire::text::ObjectName;

/// Most entries of a reply.
const MAX: u32 = 1024;

impl Handle for ListObjects {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<Items<ObjectEntry, 1024>> {
        let ObjectRef { partition: None, name: after } = ObjectRef::parse(&self.after)? else {
            return Err(Status::ERR_INVALID_OBJ_NAME.into());
        };
        let me = cx.me()?;
        let partition =
            if self.partition.is_empty() { Some(me.name.as_str()) } else { self.partition.as_str() };
        let partition = partition.ok_or(Status::ERR_CANNOT_OPEN_OBJ)?;
        if cx.rights(partition)? & acl::OBJ_READ == 0 {
            return Err(Status::ERR_CANNOT_OPEN_OBJ.into());
        }
        if !(1..=MAX).contains(&self.max) {
            return Err(Status::ERR_INVALID_PAYLOAD.into());
        }
        let max = self.max as usize;
        let mut entries = Vec::new();
        let start = object_key(partition, after);
        for key in cx.hsm.vault.keys(&objects_prefix(partition), Some(&start), max)? {
            // One that was removed since is left out.
            if let Some(object) = cx.hsm.vault.object(&key)? {
                entries.push(entry(&object));
            }
        }
        if partition == me.name {
            let temporary = cx.session.temporary.iter().filter(|(name, _)| name.as_str() > after);
            entries.extend(temporary.map(|(_, object)| entry(object)));
            entries.sort_by_key(|entry| entry.name);
            entries.truncate(max);
        }
        Ok(Items(entries))
    }
}

fn entry(object: &Object) -> ObjectEntry {
    ObjectEntry {
        // Names that were accepted fit their field.
        name: ObjectName::new(&object.name).unwrap_or_default(),
        algorithm: object.algorithm,
        attributes: object.attributes,
        blocked: object.blocked.into(),
        temporary: object.is_temporary().into(),
    }
}
