//! Objects: keys, certificates and bytes in a partition, and the names that reach them.
//!
//! Rules: vendor docs, Partitions and Keys; docs/device.md §5.

use crate::algorithm::KeyKind;
use crate::material::Material;
use crate::record::{Reader, Writer};
use crate::store::Revision;
use bancada_crypto::Zeroizing;
use bancada_wire::algorithm::{attribute, key};
use bancada_wire::frame::OperatingMode;
use bancada_wire::status::Status;
use bancada_wire::text::ObjectName;

/// Longest object name (`MAX_OBJ_ID` without its NUL).
const MAX_NAME: usize = 32;

/// What a key is used for, as usage profiles (`AUP_*`) distinguish it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Usage {
    /// Signing and verifying.
    Sign,
    /// Encrypting and decrypting data.
    Crypt,
    /// Encrypting and decrypting keys.
    Wrap,
    /// Message authentication.
    Mac,
    /// Deriving keys, key agreement included.
    Derive,
    /// Reading what is public, or taking the object out: no profile forbids it.
    Any,
}

/// A key, certificate or bytes.
pub(crate) struct Object {
    pub(crate) partition: String,
    pub(crate) name: String,
    /// Algorithm or object type (`ALG_*`).
    pub(crate) algorithm: u32,
    /// Attributes and usage profile.
    pub(crate) attributes: u32,
    pub(crate) blocked: bool,
    pub(crate) created_ms: u64,
    pub(crate) material: Material,
    /// Revision of the record; 0 for a temporary object.
    pub(crate) revision: Revision,
}

impl Object {
    /// Whether it dies with the session.
    pub(crate) fn is_temporary(&self) -> bool {
        self.attributes & attribute::TEMPORARY_KEY != 0
    }

    /// Whether it may leave the device. Public keys and bytes always may.
    pub(crate) fn is_exportable(&self) -> bool {
        self.attributes & attribute::EXPORTABLE_KEY != 0
            || self.material.is_public()
            || matches!(self.material, Material::Bytes(_))
    }

    /// Whether its usage profile allows this use.
    pub(crate) fn allows(&self, usage: Usage) -> bool {
        match self.attributes & attribute::PROFILE_MASK {
            0 => true,
            _ if usage == Usage::Any => true,
            attribute::AUP_DIG_SIG => usage == Usage::Sign,
            attribute::AUP_DATA_CRYPTO => usage == Usage::Crypt,
            attribute::AUP_KEK => usage == Usage::Wrap,
            attribute::AUP_MAC => usage == Usage::Mac,
            attribute::AUP_KDF => usage == Usage::Derive,
            _ => false,
        }
    }

    /// The record of a permanent object, blocked or not as asked.
    ///
    /// # Errors
    /// `D_ERR_OPERATION_FAILED` when the library cannot write the key down.
    pub(crate) fn to_record(&self, blocked: bool) -> Result<Zeroizing<Vec<u8>>, Status> {
        let material = self.material.encode().map_err(|_| Status::ERR_OPERATION_FAILED)?;
        let mut record = Writer::new();
        record.bytes(self.partition.as_bytes()).bytes(self.name.as_bytes());
        record.u32(self.algorithm).u32(self.attributes).u8(blocked.into()).u64(self.created_ms);
        record
            .u8(self.material.kind().is_some().into())
            .u8(self.material.is_public().into())
            .bytes(&material);
        Ok(record.finish())
    }

    pub(crate) fn from_record(record: &[u8], revision: Revision) -> Option<Self> {
        let mut fields = Reader::new(record)?;
        let (partition, name) = (fields.text()?.to_owned(), fields.text()?.to_owned());
        let (algorithm, attributes) = (fields.u32()?, fields.u32()?);
        let (blocked, created_ms) = (fields.u8()? != 0, fields.u64()?);
        let (is_key, is_public) = (fields.u8()? != 0, fields.u8()? != 0);
        let bytes = fields.bytes()?;
        fields.end()?;
        // What was approved when it was made stays: a change of mode wipes the database.
        let kind = |algorithm| KeyKind::approved(algorithm, OperatingMode::Nrm).ok();
        let material = match (is_key, is_public) {
            (false, _) => Material::Bytes(bytes.to_vec()),
            (true, true) => Material::import_public(kind(algorithm & !key::PUBLIC)?, bytes).ok()?,
            (true, false) => Material::import(kind(algorithm)?, bytes).ok()?,
        };
        Some(Self { partition, name, algorithm, attributes, blocked, created_ms, material, revision })
    }
}

/// A name as a request gives it, found well-formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ObjectRef<'a> {
    /// The partition, when the name says one.
    pub(crate) partition: Option<&'a str>,
    /// The name within the partition; empty for the session's unnamed temporary key.
    pub(crate) name: &'a str,
}

impl<'a> ObjectRef<'a> {
    /// Reads a name field.
    ///
    /// # Errors
    /// `D_ERR_INVALID_OBJ_NAME`.
    pub(crate) fn parse(field: &'a ObjectName) -> Result<Self, Status> {
        let text = field.as_str().ok_or(Status::ERR_INVALID_OBJ_NAME)?;
        if text.is_empty() {
            return Ok(Self { partition: None, name: "" });
        }
        let (partition, name) = match text.split_once('/') {
            None => (None, text),
            Some((partition, name)) => (Some(partition), name),
        };
        let good_partition = partition.is_none_or(|partition| {
            (3..=16).contains(&partition.len()) && partition.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        let good_name = (1..=MAX_NAME).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        (good_partition && good_name).then_some(Self { partition, name }).ok_or(Status::ERR_INVALID_OBJ_NAME)
    }
}

/// Whether attributes hold nothing but published flags and profiles.
///
/// # Errors
/// `D_ERR_INVALID_PAYLOAD`.
pub(crate) fn check_attributes(attributes: u32) -> Result<(), Status> {
    let flags = attributes & !attribute::PROFILE_MASK;
    let profile = attributes & attribute::PROFILE_MASK;
    let both = attribute::TEMPORARY_KEY | attribute::PERMANENT_KEY;
    let good = flags & !attribute::KNOWN == 0 && profile <= attribute::AUP_LAST && flags & both != both;
    good.then_some(()).ok_or(Status::ERR_INVALID_PAYLOAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<(Option<String>, String), Status> {
        let field = ObjectName::new(text).unwrap();
        ObjectRef::parse(&field).map(|found| (found.partition.map(str::to_owned), found.name.to_owned()))
    }

    #[test]
    fn names_reach_the_own_and_other_partitions() {
        assert_eq!(parse("key_1"), Ok((None, "key_1".into())));
        assert_eq!(parse("alice/key_1"), Ok((Some("alice".into()), "key_1".into())));
        assert_eq!(parse(""), Ok((None, String::new())));
        for bad in ["a-b", "a/key", "alice/", "alice/a/b", "/key", "a b", "a23456789012345678901234567890123"]
        {
            assert_eq!(parse(bad), Err(Status::ERR_INVALID_OBJ_NAME), "{bad}");
        }
    }

    #[test]
    fn profiles_allow_one_use() {
        let object = |attributes| Object {
            partition: "alice".into(),
            name: "k".into(),
            algorithm: key::OBJ_BLOB,
            attributes,
            blocked: false,
            created_ms: 0,
            material: Material::Bytes(vec![1]),
            revision: 0,
        };
        assert!(object(0).allows(Usage::Mac));
        assert!(object(attribute::AUP_KEK).allows(Usage::Wrap));
        assert!(!object(attribute::AUP_KEK).allows(Usage::Sign));
        assert!(object(attribute::AUP_LAST).allows(Usage::Any));
        assert!(!object(attribute::AUP_LAST).allows(Usage::Crypt));
        assert!(check_attributes(attribute::AUP_LAST | attribute::EXPORTABLE_KEY).is_ok());
        assert!(check_attributes(attribute::AUP_LAST + (1 << 24)).is_err());
        assert!(check_attributes(0x10).is_err());
    }

    #[test]
    fn a_record_holds_everything() {
        let object = Object {
            partition: "alice".into(),
            name: "k".into(),
            algorithm: key::AES_128,
            attributes: attribute::EXPORTABLE_KEY,
            blocked: false,
            created_ms: 9,
            material: Material::import(
                KeyKind::approved(key::AES_128, OperatingMode::Nrm).unwrap(),
                &[7; 16],
            )
            .unwrap(),
            revision: 0,
        };
        let record = object.to_record(true).unwrap();
        let again = Object::from_record(&record, 4).unwrap();
        assert!(again.blocked);
        assert_eq!(again.to_record(true).unwrap(), record);
        for end in 0..record.len() {
            assert!(Object::from_record(&record[..end], 0).is_none(), "a torn record is refused");
        }
    }
}
