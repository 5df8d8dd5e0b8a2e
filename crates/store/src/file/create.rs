//! Creates the file of a new store so that it appears whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use bancada_engine::store::StoreError;
use redb::backends::FileBackend;
use redb::{Builder, Database};

use super::fault::Faults;
use super::format;

/// Creates an empty store at the path, unless a file appears there in the meantime.
///
/// The store is made under another name in the same folder, made durable, and then given its name. A process killed
/// before that leaves a file named `*.new` behind, which may be removed.
pub(crate) fn create(builder: &Builder, faults: &Faults) -> Result<(), StoreError> {
    let path = faults.path();
    let (draft, file) = open_draft(path).map_err(|error| faults.on_io("creating it", &error))?;
    let made = fill(builder, file, faults)
        .and_then(|()| publish(&draft, path).map_err(|error| faults.on_io("creating it", &error)));
    // When the draft was renamed rather than linked there is nothing left to remove.
    let _ = fs::remove_file(&draft);
    made?;
    sync_folder(path).map_err(|error| faults.on_io("making its folder durable", &error))
}

/// How many names are tried before giving up: each is taken by a draft that some killed process left.
const DRAFT_NAMES: u32 = 1000;

fn open_draft(path: &Path) -> io::Result<(PathBuf, File)> {
    let name = path.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::IsADirectory))?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    // Records are sealed by the device, but who may read its state is for its owner to say.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut attempt = 0;
    loop {
        let mut draft_name = name.to_owned();
        draft_name.push(format!(".{}-{attempt}.new", std::process::id()));
        let draft = path.with_file_name(draft_name);
        match options.open(&draft) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < DRAFT_NAMES => {
                attempt += 1;
            }
            opened => return opened.map(|file| (draft, file)),
        }
    }
}

fn fill(builder: &Builder, file: File, faults: &Faults) -> Result<(), StoreError> {
    let synced = file.try_clone().map_err(|error| faults.on_io("creating it", &error))?;
    let backend = FileBackend::new(file).map_err(|error| faults.on_open(error))?;
    let database: Database = builder.create_with_backend(backend).map_err(|error| faults.on_open(error))?;
    format::initialise(&database, faults)?;
    database.close().map_err(|error| faults.on_open(error))?;
    synced.sync_all().map_err(|error| faults.on_io("creating it", &error))
}

/// Gives the draft its name. A link, unlike a rename, never replaces a store that another process made first.
fn publish(draft: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(draft, path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // Some file systems have no links.
        Err(_) if !path.try_exists()? => fs::rename(draft, path),
        Err(_) => Ok(()),
    }
}

/// Makes the file's name durable; without it a power cut could take the file and leave its folder.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(()); // Folders cannot be opened, let alone synchronised, elsewhere.
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()
}
