//! BLOCK_OBJECT: blocks an object or unblocks it.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::vault::{Transaction, object_key};
use bancada_wire::acl;
use bancada_wire::op::BlockObject;
use bancada_wire::status::Status;

impl Handle for BlockObject {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let object = cx.find_for(&self.name, acl::OBJ_UPDATE)?;
        if object.is_temporary() {
            return Err(Status::ERR_INVALID_OPERATION.into());
        }
        let blocked = match self.blocked {
            0 => false,
            1 => true,
            _ => return Err(Status::ERR_INVALID_PAYLOAD.into()),
        };
        cx.subject =
            format!("{}/{} {}", object.partition, object.name, if blocked { "blocked" } else { "unblocked" });
        let key = object_key(&object.partition, &object.name);
        let mut transaction = Transaction::default();
        transaction.replace(key, object.revision, object.to_record(blocked)?);
        cx.commit(transaction).map(drop)
    }
}
