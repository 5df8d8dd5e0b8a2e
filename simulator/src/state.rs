//! What a simulator keeps between starts: its directory, and the server master key beside a file store.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bancada_crypto::Zeroizing;
use bancada_crypto::random::Random;

use crate::seed::hex;

/// Why kept state cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// There is no place to keep state in.
    #[error(
        "neither XDG_DATA_HOME nor HOME is set, so there is no place for the certificate; name one with --state-dir"
    )]
    NoHome,
    /// The file could not be read or written.
    #[error("cannot {action} {path}: {source}; check the path and its permissions")]
    File {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file holds something else than a key.
    #[error(
        "{0} holds no server master key: it should have 64 hexadecimal digits; restore it, or start with a new store"
    )]
    NotAKey(PathBuf),
    /// There is a store, and no key for it.
    #[error(
        "the store {store} is there but its server master key {key} is not, and without it nothing in the store can be read; \
         restore the key, name it with --master-key-file, or remove the store to start anew"
    )]
    KeyGone {
        /// The store.
        store: PathBuf,
        /// Where its key should be.
        key: PathBuf,
    },
}

/// The directory for what is kept when nobody names another: `bancada` under the user's data directory
/// (XDG Base Directory Specification 0.8).
///
/// # Errors
/// [`StateError::NoHome`].
pub fn default_state_dir() -> Result<PathBuf, StateError> {
    data_dir(|name| std::env::var_os(name).map(PathBuf::from)).ok_or(StateError::NoHome)
}

fn data_dir(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let absolute = |name| variable(name).filter(|path| path.is_absolute());
    absolute("XDG_DATA_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/share")))
        .map(|dir| dir.join("bancada"))
}

/// The server master key's file beside a store: the store's path with `.key` behind it (our choice).
#[must_use]
pub fn key_path(store: &Path) -> PathBuf {
    let mut path = store.as_os_str().to_owned();
    path.push(".key");
    path.into()
}

/// The server master key of a file store, made for a store that is not there yet.
///
/// # Errors
/// [`StateError`] when the key cannot be read or written, is no key, or is gone while its store is there.
pub(crate) fn master_key(
    store: &Path,
    key: &Path,
    random: &mut dyn Random,
) -> Result<Zeroizing<[u8; 32]>, StateError> {
    match fs::read_to_string(key).map(Zeroizing::new) {
        Ok(text) => parse(&text).ok_or_else(|| StateError::NotAKey(key.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if store.exists() {
                return Err(StateError::KeyGone { store: store.to_owned(), key: key.to_owned() });
            }
            let mut made = Zeroizing::new([0; 32]);
            random.fill(&mut *made);
            write(key, &made).map_err(|source| StateError::File {
                action: "write",
                path: key.to_owned(),
                source,
            })?;
            Ok(made)
        }
        Err(source) => Err(StateError::File { action: "read", path: key.to_owned(), source }),
    }
}

fn parse(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let bytes = hex(text)?;
    bytes.as_slice().try_into().ok().map(Zeroizing::new)
}

fn write(path: &Path, key: &[u8; 32]) -> io::Result<()> {
    let mut text = Zeroizing::new(String::with_capacity(65));
    for byte in key {
        for digit in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(digit.into(), 16));
        }
    }
    text.push('\n');
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    // The store must never outlive its key.
    file.sync_all()?;
    #[cfg(unix)]
    if let Some(dir) = path.parent() {
        let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
        fs::File::open(dir)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use bancada_crypto::random::SystemRandom;

    #[test]
    fn the_data_directory_is_the_users() {
        let with = |pairs: &'static [(&'static str, &'static str)]| {
            data_dir(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| PathBuf::from(value)))
        };
        assert_eq!(with(&[("XDG_DATA_HOME", "/data"), ("HOME", "/home/a")]), Some("/data/bancada".into()));
        assert_eq!(
            with(&[("XDG_DATA_HOME", "relative"), ("HOME", "/home/a")]),
            Some("/home/a/.local/share/bancada".into())
        );
        assert_eq!(with(&[]), None);
    }

    #[test]
    fn a_key_is_made_once_and_kept_for_its_owner() {
        let dir = tempfile::tempdir().unwrap();
        let store = dir.path().join("hsm.redb");
        let key = key_path(&store);
        assert_eq!(key.file_name().unwrap(), "hsm.redb.key");
        let made = master_key(&store, &key, &mut SystemRandom).unwrap();
        assert_eq!(*made, *master_key(&store, &key, &mut SystemRandom).unwrap());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::write(&key, "not a key").unwrap();
        assert!(matches!(master_key(&store, &key, &mut SystemRandom), Err(StateError::NotAKey(_))));
        fs::remove_file(&key).unwrap();
        fs::write(&store, "a store").unwrap();
        assert!(matches!(master_key(&store, &key, &mut SystemRandom), Err(StateError::KeyGone { .. })));
    }
}
