//! Backends for the device's durable state: memory and an embedded file.
//!
//! Both implement [`bancada_engine::store::Store`] and pass one suite of tests. [`MemoryStore`] forgets everything
//! when it is dropped. [`FileStore`] keeps one file, survives the death of its process at any instant, and lets
//! concurrent committers share one disk synchronisation.

mod file;
mod history;
mod limits;
mod memory;
mod prefix;

pub use file::FileStore;
pub use history::HISTORY_ENTRIES;
pub use limits::{MAX_KEY_BYTES, MAX_VALUE_BYTES};
pub use memory::MemoryStore;
