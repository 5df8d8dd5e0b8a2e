//! What a handler may touch: the session's user, objects through checked accessors, and one transaction.

use crate::env::Env;
use crate::fault::{Fault, Outcome};
use crate::hsm::Hsm;
use crate::material::Material;
use crate::object::{Object, ObjectRef, Usage, check_attributes};
use crate::session::{Phase, Session};
use crate::store::Revision;
use crate::user::User;
use crate::vault::{Transaction, grants_key, object_key, user_key};
use bancada_wire::acl;
use bancada_wire::algorithm::attribute;
use bancada_wire::frame::OperatingMode;
use bancada_wire::status::Status;
use bancada_wire::text::{ObjectName, UserName};
use std::fmt::Display;
use std::sync::Arc;

/// Temporary objects a session may have (our choice).
const MAX_TEMPORARY: usize = 1024;

/// One call of one handler.
pub(crate) struct Context<'a, 'e> {
    pub(crate) hsm: &'a Hsm,
    pub(crate) session: &'a mut Session,
    pub(crate) env: &'a mut Env<'e>,
    /// What the audit line names: the object or user the operation is about.
    pub(crate) subject: String,
    /// The audit log has its line already.
    pub(crate) logged: bool,
    /// The connection ends after the reply.
    pub(crate) disconnect: bool,
    /// A key that was made before another write came first: the next try uses it.
    pub(crate) draft: Option<Material>,
    /// Grants that allowed what is being written.
    relied: Vec<(Vec<u8>, Revision)>,
}

/// Where a new object goes.
pub(crate) struct Place {
    pub(crate) partition: String,
    pub(crate) name: String,
}

impl<'a, 'e> Context<'a, 'e> {
    pub(crate) fn new(hsm: &'a Hsm, session: &'a mut Session, env: &'a mut Env<'e>) -> Self {
        Self {
            hsm,
            session,
            env,
            subject: String::new(),
            logged: false,
            disconnect: false,
            draft: None,
            relied: Vec::new(),
        }
    }

    /// The operating mode.
    pub(crate) fn mode(&self) -> OperatingMode {
        self.session.settings.mode
    }

    /// The session's user.
    ///
    /// # Errors
    /// `D_ERR_ACCESS_DENIED` in a session without one, which the gate has refused before.
    pub(crate) fn me(&self) -> Outcome<Arc<User>> {
        match &self.session.phase {
            Phase::User(identity) | Phase::Expired(identity) => Ok(Arc::clone(&identity.user)),
            _ => Err(Status::ERR_ACCESS_DENIED.into()),
        }
    }

    /// Another user.
    ///
    /// # Errors
    /// `D_ERR_USR_NOT_FOUND`.
    pub(crate) fn user(&self, name: Option<&str>) -> Outcome<Arc<User>> {
        let found = match User::check_name(name) {
            Ok(name) => self.hsm.vault.user(name)?,
            Err(_) => None,
        };
        found.ok_or(Fault::Refused(Status::ERR_USR_NOT_FOUND))
    }

    /// The user a question is about: the session's own if `name` is empty or its, and others for whoever may list users.
    ///
    /// # Errors
    /// `D_ERR_ACCESS_DENIED`, `D_ERR_USR_NOT_FOUND`.
    pub(crate) fn user_to_show(&self, name: &UserName) -> Outcome<Arc<User>> {
        let me = self.me()?;
        if name.is_empty() || name.as_str() == Some(&me.name) {
            Ok(me)
        } else if me.may(acl::USR_LIST) {
            self.user(name.as_str())
        } else {
            Err(Status::ERR_ACCESS_DENIED.into())
        }
    }

    /// Writes a user over what was read, and gives it as it is now.
    pub(crate) fn replace_user(&mut self, read: &User, mut next: User) -> Outcome<Arc<User>> {
        let mut transaction = Transaction::default();
        transaction.replace(user_key(&read.name), read.revision, next.to_record());
        next.revision = self.commit(transaction)?;
        Ok(Arc::new(next))
    }

    /// Commits, durably, if the session's user and the grants that allowed it are still what they were.
    pub(crate) fn commit(&mut self, mut transaction: Transaction) -> Outcome<Revision> {
        if let Some(identity) = self.session.identity() {
            transaction.expect(user_key(&identity.user.name), identity.user.revision);
        }
        for (key, revision) in self.relied.drain(..) {
            transaction.expect(key, revision);
        }
        self.hsm.vault.commit(transaction, self.env)
    }

    /// Adds an audit line about this session.
    pub(crate) fn audit(&self, text: impl Display) {
        let who = self.session.user().unwrap_or("nobody");
        let line = format_args!("{text} ({who})");
        self.hsm.log.add(self.env.now_ms, self.hsm.config.node, self.session.correlation, line);
    }

    /// Random bytes.
    pub(crate) fn random<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.env.random.fill(&mut bytes);
        bytes
    }

    /// What the session's user may do in a partition (`ACL_OBJ_*`): everything in its own, elsewhere what is granted.
    pub(crate) fn rights(&self, partition: &str) -> Outcome<u32> {
        let me = self.me()?;
        if me.name == partition {
            return Ok(acl::DEFAULT_OWNER);
        }
        Ok(self.hsm.vault.grants(partition)?.allowed(&me.name))
    }

    /// [`Context::rights`], for a write that is only done if they still hold then.
    fn rights_to_write(&mut self, partition: &str) -> Outcome<u32> {
        let me = self.me()?;
        if me.name == partition {
            return Ok(acl::DEFAULT_OWNER);
        }
        let grants = self.hsm.vault.grants(partition)?;
        self.relied.push((grants_key(partition), grants.revision));
        Ok(grants.allowed(&me.name))
    }

    /// A key or object for use: it is there and readable, not blocked, and its profile allows the use.
    ///
    /// # Errors
    /// `D_ERR_INVALID_OBJ_NAME`, `D_ERR_CANNOT_OPEN_OBJ`, `D_ERR_ACCESS_DENIED_OBJ_BLOCKED`, `D_ERR_INVALID_KEY`.
    pub(crate) fn key(&self, name: &ObjectName, usage: Usage) -> Outcome<Arc<Object>> {
        let object = self.find(name)?;
        if object.blocked {
            return Err(Status::ERR_ACCESS_DENIED_OBJ_BLOCKED.into());
        }
        if !object.allows(usage) {
            return Err(Status::ERR_INVALID_KEY.into());
        }
        Ok(object)
    }

    /// An object for asking about it: it is there and readable.
    ///
    /// # Errors
    /// `D_ERR_INVALID_OBJ_NAME` or `D_ERR_CANNOT_OPEN_OBJ`.
    pub(crate) fn find(&self, field: &ObjectName) -> Outcome<Arc<Object>> {
        let ObjectRef { partition, name } = ObjectRef::parse(field)?;
        let me = self.me()?;
        let own = partition.is_none_or(|partition| partition == me.name);
        if own && let Some(object) = self.session.temporary.get(name) {
            return Ok(Arc::clone(object));
        }
        let missing = Fault::Refused(Status::ERR_CANNOT_OPEN_OBJ);
        if name.is_empty() {
            return Err(missing);
        }
        let partition = partition.unwrap_or(&me.name);
        if self.rights(partition)? & acl::OBJ_READ == 0 {
            return Err(missing);
        }
        with_object_key(partition, name, |key| self.hsm.vault.object(key))?.ok_or(missing)
    }

    /// An object for changing or removing it: readable, and the user holds `right` there.
    ///
    /// # Errors
    /// Those of [`Context::find`], and `D_ERR_ACCESS_DENIED`.
    pub(crate) fn find_for(&mut self, name: &ObjectName, right: u32) -> Outcome<Arc<Object>> {
        let object = self.find(name)?;
        if !object.is_temporary() && self.rights_to_write(&object.partition)? & right != right {
            return Err(Status::ERR_ACCESS_DENIED.into());
        }
        Ok(object)
    }

    /// Where a new object of this name goes; it is not there yet, and the user may create there.
    ///
    /// `approve` is asked between the form of the name and the permission (docs/device.md §5).
    ///
    /// # Errors
    /// `D_ERR_INVALID_OBJ_NAME`, `D_ERR_INVALID_PAYLOAD`, `D_ERR_ACCESS_DENIED`, `D_ERR_OBJ_ALREADY_EXISTS`,
    /// `D_ERR_CANNOT_ALLOC_RES` when the session has too many temporary objects, or what `approve` says.
    pub(crate) fn place<T>(
        &mut self,
        field: &ObjectName,
        attributes: u32,
        approve: impl FnOnce(&Self) -> Outcome<T>,
    ) -> Outcome<(Place, T)> {
        let ObjectRef { partition, name } = ObjectRef::parse(field)?;
        let me = self.me()?;
        let temporary = attributes & attribute::TEMPORARY_KEY != 0;
        let own = partition.is_none_or(|partition| partition == me.name);
        if (name.is_empty() && !temporary) || (temporary && !own) {
            return Err(Status::ERR_INVALID_OBJ_NAME.into());
        }
        check_attributes(attributes)?;
        let approved = approve(self)?;
        let place = Place { partition: partition.unwrap_or(&me.name).to_owned(), name: name.to_owned() };
        if self.rights_to_write(&place.partition)? & acl::OBJ_CREATE == 0 {
            return Err(Status::ERR_ACCESS_DENIED.into());
        }
        let taken = !name.is_empty()
            && ((own && self.session.temporary.contains_key(name))
                || with_object_key(&place.partition, name, |key| self.hsm.vault.object(key))?.is_some());
        if taken {
            return Err(Status::ERR_OBJ_ALREADY_EXISTS.into());
        }
        let held = &self.session.temporary;
        if temporary && held.len() >= MAX_TEMPORARY && !held.contains_key(name) {
            return Err(Status::ERR_CANNOT_ALLOC_RES.into());
        }
        self.subject = format!("{}/{}", place.partition, place.name);
        Ok((place, approved))
    }

    /// Puts a new object where [`Context::place`] said.
    pub(crate) fn create(
        &mut self,
        place: Place,
        algorithm: u32,
        attributes: u32,
        material: Material,
    ) -> Outcome<()> {
        let Place { partition, name } = place;
        let object = Object {
            partition,
            name,
            algorithm,
            attributes,
            blocked: false,
            created_ms: self.env.now_ms,
            material,
            revision: 0,
        };
        if object.is_temporary() {
            self.session.temporary.insert(object.name.clone(), Arc::new(object));
            return Ok(());
        }
        let record = object.to_record(false)?;
        let mut transaction = Transaction::default();
        transaction.replace(object_key(&object.partition, &object.name), 0, record);
        // The partition is still there when the object is: the own one with the session's user, a foreign one with the
        // grants that let it in. The commit relies on either.
        match self.commit(transaction) {
            Err(Fault::Conflict) => {
                self.draft = Some(object.material);
                Err(Fault::Conflict)
            }
            result => result.map(drop),
        }
    }
}

/// Makes the store key of an object without allocating, for the lookup every use of a key does.
fn with_object_key<T>(partition: &str, name: &str, look: impl FnOnce(&[u8]) -> T) -> T {
    let mut buffer = [0; 64];
    let mut length = 0;
    for part in [&b"o/"[..], partition.as_bytes(), b"/", name.as_bytes()] {
        match buffer.get_mut(length..length + part.len()) {
            Some(room) => room.copy_from_slice(part),
            None => return look(&object_key(partition, name)),
        }
        length += part.len();
    }
    look(&buffer[..length])
}
