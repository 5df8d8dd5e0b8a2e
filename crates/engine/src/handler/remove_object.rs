//! REMOVE_OBJECT: removes an object.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::vault::{Transaction, object_key};
use bancada_wire::acl;
use bancada_wire::op::RemoveObject;
use bancada_wire::status::Status;

impl Handle for RemoveObject {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let object = cx.find_for(&self.name, acl::OBJ_DEL)?;
        if object.blocked {
            return Err(Status::ERR_ACCESS_DENIED_OBJ_BLOCKED.into());
        }
        cx.subject = format!("{}/{}", object.partition, object.name);
        if object.is_temporary() {
            cx.session.temporary.remove(&object.name);
            return Ok(());
        }
        let key = object_key(&object.partition, &object.name);
        let mut transaction = Transaction::default();
        transaction.expect(key.clone(), object.revision).delete(key);
        cx.commit(transaction).map(drop)
    }
}
