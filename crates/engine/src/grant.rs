//! Trust between partitions: what the owner of a partition lets other users do there.
//!
//! Rules: vendor docs, Partition permissions; docs/device.md §§4–5.

use crate::record::{Reader, Writer};
use crate::store::Revision;
use bancada_wire::acl;
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// Bits that can be granted.
pub(crate) const GRANTABLE: u32 = acl::OBJ_DEL | acl::OBJ_READ | acl::OBJ_CREATE | acl::OBJ_UPDATE;

/// Whom a partition trusts, and with what.
#[derive(Clone, Default)]
pub(crate) struct Grants {
    pub(crate) trusted: BTreeMap<String, u32>,
    /// Revision of the record; 0 before it is stored.
    pub(crate) revision: Revision,
}

impl Grants {
    /// What `user` may do. Creating and deleting include reading (vendor docs, Partition permissions).
    pub(crate) fn allowed(&self, user: &str) -> u32 {
        match self.trusted.get(user) {
            Some(granted) if granted & (acl::OBJ_CREATE | acl::OBJ_DEL) != 0 => granted | acl::OBJ_READ,
            Some(granted) => *granted,
            None => 0,
        }
    }

    pub(crate) fn to_record(&self) -> Zeroizing<Vec<u8>> {
        let mut record = Writer::new();
        record.u32(self.trusted.len() as u32);
        for (user, acl) in &self.trusted {
            record.bytes(user.as_bytes()).u32(*acl);
        }
        record.finish()
    }

    pub(crate) fn from_record(record: &[u8], revision: Revision) -> Option<Self> {
        let mut fields = Reader::new(record)?;
        let mut trusted = BTreeMap::new();
        for _ in 0..fields.u32()? {
            trusted.insert(fields.text()?.to_owned(), fields.u32()?);
        }
        fields.end()?;
        Some(Self { trusted, revision })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn creating_and_deleting_include_reading() {
        let mut grants = Grants::default();
        grants.trusted.insert("alice".into(), acl::OBJ_CREATE);
        grants.trusted.insert("bob".into(), acl::OBJ_UPDATE);
        assert_eq!(grants.allowed("alice"), acl::OBJ_CREATE | acl::OBJ_READ);
        assert_eq!(grants.allowed("bob"), acl::OBJ_UPDATE);
        assert_eq!(grants.allowed("carol"), 0);
        let again = Grants::from_record(&grants.to_record(), 3).unwrap();
        assert_eq!(again.trusted, grants.trusted);
    }
}
