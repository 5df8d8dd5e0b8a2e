//! Turns the errors of the database into errors that say what happened, to which file, and what to do.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use bancada_engine::store::StoreError;
use redb::{DatabaseError, StorageError};

/// Names the file in every error, and remembers the error that ended its use: the database answers nothing after it.
#[derive(Debug)]
pub(crate) struct Faults {
    path: PathBuf,
    first: OnceLock<String>,
}

impl Faults {
    /// For errors about this file.
    pub(crate) fn about(path: &Path) -> Self {
        Self { path: path.to_owned(), first: OnceLock::new() }
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The file could not be opened as a database.
    pub(crate) fn on_open(&self, error: DatabaseError) -> StoreError {
        let path = self.path.display();
        match error {
            DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => {
                StoreError::Unavailable(format!(
                    "{path} is in use by another process, or elsewhere in this one; \
                     stop that one, or give this one another file"
                ))
            }
            DatabaseError::UpgradeRequired(version) => StoreError::Unavailable(format!(
                "{path} is in version {version} of the redb file format, which is too old; give another file"
            )),
            DatabaseError::Storage(StorageError::Io(error)) if error.kind() == io::ErrorKind::InvalidData => {
                self.not_a_store()
            }
            DatabaseError::Storage(StorageError::Io(error))
                if error.kind() == io::ErrorKind::UnexpectedEof =>
            {
                self.corrupt("it ends too early")
            }
            DatabaseError::Storage(StorageError::Corrupted(what)) => self.corrupt(&what),
            error => self.on_use(error),
        }
    }

    /// A read or a write failed.
    pub(crate) fn on_use(&self, error: impl Into<redb::Error>) -> StoreError {
        let path = self.path.display();
        match error.into() {
            redb::Error::Io(error) => {
                let error = self.on_io("using it", &error);
                let _ = self.first.set(error.to_string());
                error
            }
            redb::Error::PreviousIo => StoreError::Unavailable(match self.first.get() {
                Some(first) => format!("{path} was closed by an earlier error, which said: {first}"),
                None => format!(
                    "{path} was closed by an earlier input/output error; check its disk, then restart"
                ),
            }),
            redb::Error::Corrupted(what) => StoreError::Corrupt(format!(
                "{path}: {what}; restart, which checks and repairs it, or restore it from a copy"
            )),
            redb::Error::TableDoesNotExist(_) => self.not_a_store(),
            error @ (redb::Error::TableTypeMismatch { .. }
            | redb::Error::TableIsMultimap(_)
            | redb::Error::TypeDefinitionChanged { .. }) => StoreError::Corrupt(format!(
                "{path} holds other tables than a store of this program does ({error}); give another file"
            )),
            error => StoreError::Unavailable(format!(
                "{path}: {error}; restart, and check the file if it persists"
            )),
        }
    }

    /// The operating system refused something.
    pub(crate) fn on_io(&self, doing: &str, error: &io::Error) -> StoreError {
        let advice = match error.kind() {
            io::ErrorKind::PermissionDenied => "let this user read and write the file and its folder",
            io::ErrorKind::ReadOnlyFilesystem => "choose a folder that can be written",
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "free space on its disk, then restart"
            }
            io::ErrorKind::FileTooLarge => "raise the limit on file sizes, then restart",
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => "create its folder first",
            io::ErrorKind::IsADirectory => "give the path of a file, not of a folder",
            _ => "check its disk, then restart",
        };
        StoreError::Unavailable(format!("{}: {doing} failed ({error}); {advice}", self.path.display()))
    }

    /// The content of the file is damaged.
    pub(crate) fn corrupt(&self, what: &str) -> StoreError {
        let path = self.path.display();
        StoreError::Corrupt(format!("{path}: {what}; restore it from a copy, or remove it to start empty"))
    }

    /// The file is something else.
    pub(crate) fn not_a_store(&self) -> StoreError {
        let path = self.path.display();
        StoreError::Corrupt(format!("{path} is not a store of this program; give another file"))
    }
}

/// The same error once more, for another thread whose batch shared the transaction.
pub(crate) fn again(error: &StoreError) -> StoreError {
    match error {
        StoreError::Conflict => StoreError::Conflict,
        StoreError::Unavailable(what) => StoreError::Unavailable(what.clone()),
        StoreError::Corrupt(what) => StoreError::Corrupt(what.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_file_and_what_to_do() {
        let faults = Faults::about(Path::new("/srv/state"));
        let texts = [
            (io::ErrorKind::PermissionDenied, "let this user read and write"),
            (io::ErrorKind::ReadOnlyFilesystem, "choose a folder"),
            (io::ErrorKind::StorageFull, "free space"),
            (io::ErrorKind::TimedOut, "check its disk"),
        ];
        for (kind, advice) in texts {
            let error = faults.on_open(DatabaseError::Storage(StorageError::Io(kind.into()))).to_string();
            assert!(error.contains("/srv/state") && error.contains(advice), "{error}");
        }
    }

    #[test]
    fn the_error_that_closed_the_file_is_told_again() {
        let faults = Faults::about(Path::new("/srv/state"));
        let first = faults.on_use(StorageError::Io(io::ErrorKind::StorageFull.into())).to_string();
        let later = faults.on_use(StorageError::PreviousIo).to_string();
        assert!(later.contains(&first), "{later}");
    }
}
