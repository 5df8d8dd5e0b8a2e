//! How large keys and values may be, checked before a backend sees them.
//!
//! The limits are our choice: no record of the device comes near them, and they bound what one call can allocate.

use bancada_engine::store::{Batch, Change, StoreError};

/// Longest key, and longest prefix, in bytes. Our choice.
pub const MAX_KEY_BYTES: usize = 1024;

/// Longest value, in bytes. Our choice.
pub const MAX_VALUE_BYTES: usize = 8 * 1024 * 1024;

/// Refuses a key or prefix longer than [`MAX_KEY_BYTES`].
pub(crate) fn check_key(what: &str, key: &[u8]) -> Result<(), StoreError> {
    if key.len() <= MAX_KEY_BYTES {
        return Ok(());
    }
    Err(StoreError::Unavailable(format!(
        "a {what} of {} bytes was refused, the longest is {MAX_KEY_BYTES}; shorten the name it is made of",
        key.len()
    )))
}

/// Refuses a batch in which a key or a value is too long, before anything of it is applied.
pub(crate) fn check_batch(batch: &Batch) -> Result<(), StoreError> {
    for condition in &batch.conditions {
        check_key("key", &condition.key)?;
    }
    for change in &batch.changes {
        match change {
            Change::Put { key, value } => {
                check_key("key", key)?;
                check_value(value)?;
            }
            Change::Delete { key } => check_key("key", key)?,
            Change::DeletePrefix { prefix } => check_key("prefix", prefix)?,
        }
    }
    Ok(())
}

fn check_value(value: &[u8]) -> Result<(), StoreError> {
    if value.len() <= MAX_VALUE_BYTES {
        return Ok(());
    }
    Err(StoreError::Unavailable(format!(
        "a value of {} bytes was refused, the longest is {MAX_VALUE_BYTES}; store it in several records",
        value.len()
    )))
}
