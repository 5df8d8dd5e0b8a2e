//! What the file holds: the tables, the encoding of a record, and the version of both. All of it is our choice.
//!
//! Table `records`: key → revision that wrote it, 64 bits little-endian, followed by the value.
//! Table `meta`: `format` → [`FORMAT`]; `revision` → the last commit.

use bancada_engine::store::{Revision, StoreError, Versioned};
use redb::{Database, Durability, ReadableDatabase, TableDefinition, TableError, WriteTransaction};

use super::fault::Faults;

/// The records.
pub(crate) const RECORDS: TableDefinition<'static, &'static [u8], &'static [u8]> =
    TableDefinition::new("records");

/// Length of the revision in front of every value, in bytes.
const REVISION_BYTES: usize = size_of::<Revision>();

const META: TableDefinition<'static, &'static str, u64> = TableDefinition::new("meta");
const META_FORMAT: &str = "format";
const META_REVISION: &str = "revision";

/// Version of the layout this program writes, and the newest it reads.
const FORMAT: u64 = 1;

/// Makes an empty database a store at revision 0.
pub(crate) fn initialise(database: &Database, faults: &Faults) -> Result<(), StoreError> {
    let transaction = begin_durable(database, faults)?;
    transaction.open_table(RECORDS).map_err(|error| faults.on_use(error))?;
    {
        let mut meta = transaction.open_table(META).map_err(|error| faults.on_use(error))?;
        meta.insert(META_FORMAT, FORMAT).map_err(|error| faults.on_use(error))?;
        meta.insert(META_REVISION, 0).map_err(|error| faults.on_use(error))?;
    }
    transaction.commit().map_err(|error| faults.on_use(error))
}

/// Checks that a database is a store this program can read, and tells its last commit.
pub(crate) fn check(database: &Database, faults: &Faults) -> Result<Revision, StoreError> {
    let transaction = database.begin_read().map_err(|error| faults.on_use(error))?;
    let meta = transaction.open_table(META).map_err(|error| match error {
        TableError::Storage(error) => faults.on_use(error),
        _ => faults.not_a_store(),
    })?;
    let read = |name| match meta.get(name) {
        Ok(Some(found)) => Ok(found.value()),
        Ok(None) => Err(faults.not_a_store()),
        Err(error) => Err(faults.on_use(error)),
    };
    let format = read(META_FORMAT)?;
    if format > FORMAT {
        return Err(StoreError::Unavailable(format!(
            "{} was written by a newer version of this program (layout {format}, this one reads {FORMAT}); \
             use that version, or give another file",
            faults.path().display()
        )));
    }
    if format != FORMAT {
        return Err(
            faults.corrupt(&format!("its layout says {format}, which no version of this program wrote"))
        );
    }
    transaction.open_table(RECORDS).map_err(|error| faults.on_use(error))?;
    read(META_REVISION)
}

/// A transaction whose commit returns when the disk has it, and whose commit cannot be half-written.
pub(crate) fn begin_durable(database: &Database, faults: &Faults) -> Result<WriteTransaction, StoreError> {
    let mut transaction = database.begin_write().map_err(|error| faults.on_use(error))?;
    transaction.set_durability(Durability::Immediate).map_err(|error| faults.on_use(error))?;
    transaction.set_two_phase_commit(true);
    Ok(transaction)
}

/// Writes the number of the last commit.
pub(crate) fn set_revision(
    transaction: &WriteTransaction,
    revision: Revision,
    faults: &Faults,
) -> Result<(), StoreError> {
    let mut meta = transaction.open_table(META).map_err(|error| faults.on_use(error))?;
    meta.insert(META_REVISION, revision).map_err(|error| faults.on_use(error))?;
    Ok(())
}

/// The bytes of a record.
pub(crate) fn encode(revision: Revision, value: &[u8]) -> Vec<u8> {
    let mut stored = Vec::with_capacity(REVISION_BYTES + value.len());
    stored.extend_from_slice(&revision.to_le_bytes());
    stored.extend_from_slice(value);
    stored
}

/// The record of some bytes.
pub(crate) fn decode(stored: &[u8], faults: &Faults) -> Result<Versioned, StoreError> {
    let (revision, value) = split(stored, faults)?;
    Ok(Versioned { value: value.to_vec(), revision })
}

/// The revision of a record's bytes.
pub(crate) fn revision_of(stored: &[u8], faults: &Faults) -> Result<Revision, StoreError> {
    split(stored, faults).map(|(revision, _)| revision)
}

fn split<'a>(stored: &'a [u8], faults: &Faults) -> Result<(Revision, &'a [u8]), StoreError> {
    let (revision, value) = stored
        .split_first_chunk::<REVISION_BYTES>()
        .ok_or_else(|| faults.corrupt(&format!("a record of {} bytes has no revision", stored.len())))?;
    Ok((Revision::from_le_bytes(*revision), value))
}
