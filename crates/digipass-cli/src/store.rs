//! The file an authenticator lives in: readable by its owner only, locked while it is used, replaced whole.
//!
//! The form is our choice: a first line that names it, then `ready` and the authenticator in hexadecimal, or `pending` and what activation
//! message 2 will need, each in hexadecimal.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use bancada_digipass::authenticator::{Authenticator, PendingActivation};
use bancada_digipass::encoding::{from_hex, to_hex};
use zeroize::Zeroizing;

use crate::advice;

const FIRST_LINE: &str = "bancada-digipass authenticator 1";
/// The most bytes of such a file: 8 applications, or a static vector and a message, twice as long in hexadecimal.
const MOST: u64 = 1 << 16;
/// The mark of the one run that holds a lock.
const LOCKED: &str = "locked";
/// Only the owner reads and writes.
const PRIVATE: u32 = 0o600;

/// What the file says.
pub(crate) enum State {
    /// An activated authenticator.
    Ready(Box<Authenticator>),
    /// One that waits for activation message 2.
    Pending(Pending),
}

/// What the second half of an activation needs of the first.
pub(crate) struct Pending {
    /// The static vector in hexadecimal.
    pub(crate) static_vector: Zeroizing<String>,
    /// Activation message 1 in hexadecimal.
    pub(crate) message_1: Zeroizing<String>,
    /// The fingerprint of the device.
    pub(crate) fingerprint: Zeroizing<String>,
    /// Type of the device, 0 to 99.
    pub(crate) device_type: u8,
}

/// An open file, locked against other runs until it is dropped.
pub(crate) struct Store {
    path: PathBuf,
    _lock: File,
}

impl Pending {
    /// The device between the two messages.
    ///
    /// # Errors
    /// When static vector or message are not what they should be.
    pub(crate) fn begin(&self) -> anyhow::Result<PendingActivation> {
        let fingerprint = self.fingerprint.as_bytes();
        Authenticator::begin_activation(&self.static_vector, &self.message_1, fingerprint, self.device_type)
            .map_err(advice::error)
    }
}

impl Store {
    /// Reads an authenticator and keeps others from using it.
    ///
    /// # Errors
    /// When there is none, others may read it, or it is damaged.
    pub(crate) fn open(path: &Path) -> anyhow::Result<(Self, State)> {
        let name = path.display();
        let mut file = lock(path).with_context(|| match std::fs::metadata(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                format!(
                    "there is no authenticator {name}; `bancada-digipass activate --state {name} …` makes one"
                )
            }
            _ => format!("cannot open the authenticator {name}; is it another user's?"),
        })?;
        let metadata = file.metadata()?;
        ensure!(metadata.is_file(), "{name} is no file; name the one `activate` made");
        let mode = metadata.mode();
        ensure!(
            mode & 0o077 == 0,
            "others may read {name}, which holds keys: make it private with `chmod 600 {name}`"
        );
        let mut text = Zeroizing::new(String::new());
        (&mut file).take(MOST).read_to_string(&mut text).with_context(|| format!("cannot read {name}"))?;
        let state = State::parse(&text).with_context(|| {
            format!("{name} is not an authenticator of this tool, or damaged; activate again, or name another file")
        })?;
        Ok((Self { path: path.to_owned(), _lock: file }, state))
    }

    /// Writes the authenticator back.
    ///
    /// # Errors
    /// When the file cannot be written; the old one is then untouched.
    pub(crate) fn save(&self, state: &State) -> anyhow::Result<()> {
        replace_locked(&self.path, state.text().as_bytes(), PRIVATE)
    }
}

/// Locks files against other runs until the result is dropped, always in the same order.
///
/// # Errors
/// When one cannot be opened.
pub(crate) fn lock_all(paths: &[&Path]) -> anyhow::Result<Vec<File>> {
    let shown = |path: &Path| format!("cannot open {}", path.display());
    let whole = paths.iter().map(|path| path.canonicalize().with_context(|| shown(path)));
    let mut whole = whole.collect::<anyhow::Result<Vec<_>>>()?;
    whole.sort();
    whole.dedup();
    whole.iter().map(|path| lock(path).with_context(|| shown(path))).collect()
}

/// Writes a new authenticator; with `force` in place of an older one.
///
/// # Errors
/// When there is one already, or the file cannot be written.
pub(crate) fn create(path: &Path, state: &State, force: bool) -> anyhow::Result<()> {
    if force {
        replace(path, state.text().as_bytes(), PRIVATE)
    } else {
        write_new(path, state.text().as_bytes(), PRIVATE)
    }
}

/// Writes a file that is not there yet, whole or not at all.
///
/// # Errors
/// When it is there, or cannot be written.
pub(crate) fn write_new(path: &Path, bytes: &[u8], mode: u32) -> anyhow::Result<()> {
    let new = beside(path, bytes, mode, &std::process::id().to_string())?;
    let linked = std::fs::hard_link(&new, path);
    std::fs::remove_file(&new)?;
    linked.with_context(|| {
        format!("cannot make {}; if it is there already, name another file or give --force", path.display())
    })
}

/// Writes a file in place of an older one, whole or not at all.
///
/// # Errors
/// When it cannot be written; the old one is then untouched.
pub(crate) fn replace(path: &Path, bytes: &[u8], mode: u32) -> anyhow::Result<()> {
    put(path, &beside(path, bytes, mode, &std::process::id().to_string())?)
}

/// The same for a file this run holds the lock of; what a killed run left beside it goes away.
///
/// # Errors
/// As [`replace`].
pub(crate) fn replace_locked(path: &Path, bytes: &[u8], mode: u32) -> anyhow::Result<()> {
    let left = new_name(path, LOCKED)?;
    if let Err(error) = std::fs::remove_file(&left)
        && error.kind() != ErrorKind::NotFound
    {
        bail!("cannot remove {}, which a killed run left: {error}; is the folder writable?", left.display());
    }
    put(path, &beside(path, bytes, mode, LOCKED)?)
}

/// Gives a new file the name of an older one.
fn put(path: &Path, new: &Path) -> anyhow::Result<()> {
    if let Err(error) = std::fs::rename(new, path) {
        std::fs::remove_file(new)?;
        bail!("cannot write {}: {error}; is the folder writable?", path.display());
    }
    Ok(())
}

impl State {
    fn text(&self) -> Zeroizing<String> {
        let words: Vec<Zeroizing<String>> = match self {
            Self::Ready(device) => vec![Zeroizing::new(to_hex(&device.to_bytes()))],
            Self::Pending(pending) => {
                let texts = [&pending.static_vector, &pending.message_1, &pending.fingerprint];
                let mut words: Vec<_> =
                    texts.iter().map(|text| Zeroizing::new(to_hex(text.as_bytes()))).collect();
                words.push(Zeroizing::new(to_hex(&[pending.device_type])));
                words
            }
        };
        let kind = if matches!(self, Self::Ready(_)) { "ready" } else { "pending" };
        let length = words.iter().map(|word| word.len() + 1).sum::<usize>() + FIRST_LINE.len() + 16;
        let mut text = Zeroizing::new(String::with_capacity(length));
        for part in [FIRST_LINE, "\n", kind] {
            text.push_str(part);
        }
        for word in &words {
            text.push(' ');
            text.push_str(word);
        }
        text.push('\n');
        text
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        lines.next().filter(|line| *line == FIRST_LINE)?;
        // An empty fingerprint is an empty word, so only single spaces part words.
        let mut words = lines.next()?.split(' ');
        let kind = words.next()?;
        let mut bytes = || words.next().and_then(|word| from_hex(word.as_bytes())).map(Zeroizing::new);
        let state = match kind {
            "ready" => Self::Ready(Box::new(Authenticator::from_bytes(&bytes()?).ok()?)),
            "pending" => {
                let mut text = || String::from_utf8(bytes()?.to_vec()).ok().map(Zeroizing::new);
                let (static_vector, message_1, fingerprint) = (text()?, text()?, text()?);
                let device_type = *bytes()?.first()?;
                Self::Pending(Pending { static_vector, message_1, fingerprint, device_type })
            }
            _ => return None,
        };
        (words.next().is_none() && lines.next().is_none()).then_some(state)
    }
}

/// Opens and locks a file that others may be replacing: the lock counts for the file that still has the name.
fn lock(path: &Path) -> anyhow::Result<File> {
    loop {
        let file = File::open(path)?;
        file.lock()?;
        let (held, named) = (file.metadata()?, std::fs::metadata(path)?);
        if (held.dev(), held.ino()) == (named.dev(), named.ino()) {
            return Ok(file);
        }
    }
}

/// The name of a new file beside a path, of the run with this mark.
fn new_name(path: &Path, mark: &str) -> anyhow::Result<PathBuf> {
    let name = path.file_name().with_context(|| format!("{} is not the name of a file", path.display()))?;
    Ok(path.with_file_name(format!(".{}.{mark}.new", name.to_string_lossy())))
}

/// Writes a new file beside a path and gives its name.
fn beside(path: &Path, bytes: &[u8], mode: u32, mark: &str) -> anyhow::Result<PathBuf> {
    let new = new_name(path, mark)?;
    let shown = new.display();
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(&new)
        .with_context(|| format!("cannot write {shown}; is the folder there and writable?"))?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if let Err(error) = written {
        std::fs::remove_file(&new)?;
        bail!("cannot write {shown}: {error}; is the disk full?");
    }
    Ok(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending() -> State {
        State::Pending(Pending {
            static_vector: Zeroizing::new("38".into()),
            message_1: Zeroizing::new("01".into()),
            fingerprint: Zeroizing::new(String::new()),
            device_type: 7,
        })
    }

    #[test]
    fn what_was_written_is_read_and_anything_else_refused() {
        let text = pending().text();
        let State::Pending(read) = State::parse(&text).unwrap() else { panic!("another state") };
        assert_eq!(
            (read.static_vector.as_str(), read.message_1.as_str(), read.fingerprint.as_str()),
            ("38", "01", "")
        );
        assert_eq!(read.device_type, 7);
        for bad in [
            "",
            "x\nready 00\n",
            &format!("{FIRST_LINE}\nready 00\n"),
            &format!("{FIRST_LINE}\npending 3338\n"),
        ] {
            assert!(State::parse(bad).is_none(), "{bad}");
        }
        assert!(State::parse(&format!("{}x\n", &*text)).is_none());
    }

    #[test]
    fn files_are_private_and_not_overwritten_unasked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("phone");
        create(&path, &pending(), false).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        assert!(create(&path, &pending(), false).is_err());
        create(&path, &pending(), true).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let (store, _) = Store::open(&path).unwrap();
        store.save(&pending()).unwrap();
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let error = Store::open(&path).err().unwrap().to_string();
        assert!(error.contains("chmod 600"), "{error}");
    }
}
