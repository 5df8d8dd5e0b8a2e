//! Objects and who may reach them (§5).

use bancada_wire::status::Status;

use super::rules::{self, Algorithm, Use, algorithm};
use super::state::{Body, MaterialId, Object, Phase};
use super::{Fault, Model, Verdict, fault, require};
use crate::check::Check;
use crate::outcome::ObjectRow;
use crate::scenario::number::*;
use crate::scenario::{Call, Handle};

/// Every published key flag and the usage profiles (vendor header dinamo.h).
const ATTRIBUTES: u32 =
    EXPORTABLE | 0x2 | TEMPORARY | PERMANENT | 0x800 | 0x1000 | 0x2000 | 0x4000 | AUP_MASK;

/// A name that has the right form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Partition, whether or not it is there.
    pub(super) partition: String,
    /// Whether the name said so.
    qualified: bool,
    pub(super) name: String,
}

impl Model {
    pub(super) fn object_call(&mut self, handle: Handle, call: &Call) -> Verdict {
        match call {
            Call::ListObjects { partition, after, max } => self.list_objects(handle, partition, after, *max),
            Call::ObjectInfo { name } => self.object_info(handle, name),
            Call::RemoveObject { name } => self.remove_object(handle, name),
            Call::BlockObject { name, blocked } => self.block_object(handle, name, *blocked),
            Call::CreateBlob { name, data } => {
                let place = self.place(handle, name, false)?;
                self.may_create(handle, &place)?;
                self.vacant(handle, &place)?;
                let bytes = self.known_bytes(data).ok_or(Fault::Unknown)?;
                let body = Body::Blob(bytes);
                self.put(handle, &place, Object { algorithm: BLOB, attributes: 0, blocked: false, body })
            }
            _ => Err(Fault::Unknown),
        }
    }

    /// Takes a name apart; 5023 when it has no right form.
    pub(super) fn place(&self, handle: Handle, name: &str, temporary: bool) -> Result<Place, Fault> {
        let me = self.session(handle)?.user.clone();
        if name.is_empty() {
            require(temporary, Status::ERR_INVALID_OBJ_NAME)?;
            return Ok(Place { partition: me, qualified: false, name: String::new() });
        }
        let (partition, name) = match name.split_once('/') {
            Some((partition, name)) => (Some(partition), name),
            None => (None, name),
        };
        let formed = rules::object_name(name) && partition.is_none_or(rules::user_name);
        require(formed, Status::ERR_INVALID_OBJ_NAME)?;
        let foreign = partition.is_some_and(|partition| partition != me);
        require(!(temporary && foreign), Status::ERR_INVALID_OBJ_NAME)?;
        Ok(Place {
            qualified: partition.is_some(),
            partition: partition.unwrap_or(&me).to_owned(),
            name: name.to_owned(),
        })
    }

    /// What the session's user may do in a partition; `None` when the partition is not there.
    fn rights(&self, handle: Handle, partition: &str) -> Result<Option<u32>, Fault> {
        let me = &self.session(handle)?.user;
        Ok(self.users.get(partition).map(|owner| {
            if partition == me {
                return 0xF;
            }
            let granted = owner.grants.get(me).copied().unwrap_or(0);
            match granted & (ACL_OBJ_CREATE | ACL_OBJ_DEL) {
                0 => granted,
                _ => granted | ACL_OBJ_READ,
            }
        }))
    }

    pub(super) fn may_create(&self, handle: Handle, place: &Place) -> Result<(), Fault> {
        let rights = self.rights(handle, &place.partition)?.unwrap_or(0);
        require(rights & ACL_OBJ_CREATE != 0, Status::ERR_ACCESS_DENIED)
    }

    /// 5022 when a place is taken. The unnamed key is replaced.
    pub(super) fn vacant(&self, handle: Handle, place: &Place) -> Result<(), Fault> {
        let session = self.session(handle)?;
        let own = session.user == place.partition && !place.name.is_empty();
        let taken = own && session.temporary.contains_key(&place.name)
            || self.users.get(&place.partition).is_some_and(|owner| owner.objects.contains_key(&place.name));
        require(!taken, Status::ERR_OBJ_ALREADY_EXISTS)
    }

    /// Puts an object in its place, which is vacant.
    pub(super) fn put(&mut self, handle: Handle, place: &Place, object: Object) -> Verdict {
        self.vacant(handle, place)?;
        let owner = self.users.get_mut(&place.partition).ok_or(Fault::Status(Status::ERR_ACCESS_DENIED))?;
        if object.attributes & TEMPORARY != 0 {
            self.session_mut(handle)?.temporary.insert(place.name.clone(), object);
        } else {
            owner.objects.insert(place.name.clone(), object);
        }
        Ok(Check::Any)
    }

    /// The object a name stands for, readable by the session; 5004 otherwise. Tells whether it is temporary.
    pub(super) fn find(&self, handle: Handle, name: &str) -> Result<(Place, &Object, bool), Fault> {
        let place = self.place(handle, name, name.is_empty())?;
        let session = self.session(handle)?;
        if place.partition == session.user
            && !place.qualified
            && let Some(object) = session.temporary.get(&place.name)
        {
            return Ok((place, object, true));
        }
        let rights = self.rights(handle, &place.partition)?.unwrap_or(0);
        let found = self.users.get(&place.partition).and_then(|owner| owner.objects.get(&place.name));
        match found {
            Some(object) if rights & ACL_OBJ_READ != 0 => Ok((place, object, false)),
            _ => fault(Status::ERR_CANNOT_OPEN_OBJ),
        }
    }

    /// A key for a use: there, not blocked, of a fitting kind and profile.
    pub(super) fn key(
        &self,
        handle: Handle,
        name: &str,
        fits: impl Fn(Algorithm) -> bool,
        wanted: Option<Use>,
    ) -> Result<(MaterialId, &Object, Algorithm), Fault> {
        let (_, object, _) = self.find(handle, name)?;
        require(!object.blocked, Status::ERR_ACCESS_DENIED_OBJ_BLOCKED)?;
        let Body::Key(material) = object.body else { return fault(Status::ERR_INVALID_KEY) };
        let known = algorithm(object.algorithm, NRM)?;
        let allowed = wanted.is_none_or(|wanted| rules::profile_allows(object.attributes, wanted));
        require(fits(known) && allowed, Status::ERR_INVALID_KEY)?;
        Ok((material, object, known))
    }

    fn list_objects(&self, handle: Handle, partition: &str, after: &str, max: u32) -> Verdict {
        require((1..=1024).contains(&max), Status::ERR_INVALID_PAYLOAD)?;
        let session = self.session(handle)?;
        let partition = if partition.is_empty() { session.user.as_str() } else { partition };
        let rights = self.rights(handle, partition)?.unwrap_or(0);
        require(rights & ACL_OBJ_READ != 0, Status::ERR_CANNOT_OPEN_OBJ)?;
        let owner = self.users.get(partition).ok_or(Fault::Status(Status::ERR_CANNOT_OPEN_OBJ))?;
        let own = partition == session.user;
        let temporary = session.temporary.iter().filter(|_| own).map(|(name, object)| (name, object, true));
        let mut all: Vec<ObjectRow> = owner
            .objects
            .iter()
            .map(|(name, object)| (name, object, false))
            .chain(temporary)
            .filter(|(name, ..)| !name.is_empty() && name.as_str() > after)
            .map(|(name, object, temporary)| row(name, object, temporary))
            .collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all.truncate(max as usize);
        Ok(Check::Objects(all))
    }

    fn object_info(&self, handle: Handle, name: &str) -> Verdict {
        let (place, object, temporary) = self.find(handle, name)?;
        let bits = match algorithm(object.algorithm, NRM) {
            Ok(known) if !matches!(known.kind, rules::Kind::Des | rules::Kind::Des2 | rules::Kind::Des3) => {
                Some(known.bits)
            }
            _ => None,
        };
        Ok(Check::Object(ObjectRow { key_bits: bits, ..row(&place.partition, object, temporary) }))
    }

    fn remove_object(&mut self, handle: Handle, name: &str) -> Verdict {
        let (place, object, temporary) = self.find(handle, name)?;
        let blocked = object.blocked;
        if temporary {
            self.session_mut(handle)?.temporary.remove(&place.name);
            return Ok(Check::Any);
        }
        let rights = self.rights(handle, &place.partition)?.unwrap_or(0);
        require(rights & ACL_OBJ_DEL != 0, Status::ERR_ACCESS_DENIED)?;
        require(!blocked, Status::ERR_ACCESS_DENIED_OBJ_BLOCKED)?;
        if let Some(owner) = self.users.get_mut(&place.partition) {
            owner.objects.remove(&place.name);
        }
        Ok(Check::Any)
    }

    fn block_object(&mut self, handle: Handle, name: &str, blocked: bool) -> Verdict {
        let (place, _, temporary) = self.find(handle, name)?;
        require(!temporary, Status::ERR_INVALID_OPERATION)?;
        let rights = self.rights(handle, &place.partition)?.unwrap_or(0);
        require(rights & ACL_OBJ_UPDATE != 0, Status::ERR_ACCESS_DENIED)?;
        let object =
            self.users.get_mut(&place.partition).and_then(|owner| owner.objects.get_mut(&place.name));
        if let Some(object) = object {
            object.blocked = blocked;
        }
        Ok(Check::Any)
    }

    /// Attributes an operation may carry: the published flags, with a usage profile.
    pub(super) fn attributes_fit(attributes: u32) -> Result<(), Fault> {
        let both = attributes & TEMPORARY != 0 && attributes & PERMANENT != 0;
        require(attributes & !ATTRIBUTES == 0 && !both, Status::ERR_INVALID_PAYLOAD)
    }

    /// Whether a session may still be used for more than changing its password.
    pub fn is_full(&self, handle: Handle) -> bool {
        self.sessions.get(&handle).is_some_and(|session| session.phase == Phase::Full)
    }
}

fn row(name: &str, object: &Object, temporary: bool) -> ObjectRow {
    ObjectRow {
        name: name.to_owned(),
        algorithm: object.algorithm,
        attributes: object.attributes & (EXPORTABLE | AUP_MASK),
        blocked: object.blocked,
        temporary,
        key_bits: None,
    }
}
