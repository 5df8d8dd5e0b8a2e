//! The imports that are open: a file read whole, and how far its tokens have been delivered.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bancada_digipass::import::{ImportFile, MAX_FILE, read_dpx, transport_key};
use bancada_digipass::vector::{ActivationVector, MessageVector, StaticVector};
use bancada_digipass::{Context, Definition, ReturnCode, encoding};
use zeroize::Zeroizing;

/// The most imports that are open at a time: each keeps the keys of its tokens in memory.
const MAX_OPEN: usize = 64;

static OPEN: Mutex<Imports> = Mutex::new(Imports { next: 1, open: BTreeMap::new() });

struct Imports {
    next: usize,
    open: BTreeMap<usize, Import>,
}

/// An open import.
pub(crate) struct Import {
    file: ImportFile,
    delivered: usize,
}

/// What opening tells.
pub(crate) struct Opened {
    /// The number of the import, never 0.
    pub(crate) id: usize,
    /// The names of the applications, at most 8.
    pub(crate) names: Vec<String>,
    /// The number of tokens.
    pub(crate) tokens: usize,
}

/// A token: 1 to 8 applications of one serial number.
pub(crate) struct Token(pub(crate) Vec<Definition>);

/// Opens a file with its transport key.
///
/// # Errors
/// -20 for a file that cannot be read or is something else; -14 and -15 for the key; [`ReturnCode::IMPORT_CONTENT`];
/// [`ReturnCode::IMPORT_FATAL`] when too many imports are open.
pub(crate) fn open(path: &Path, key: Option<&[u8]>) -> Result<Opened, ReturnCode> {
    let fits = fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() <= MAX_FILE as u64);
    let text = if fits { fs::read_to_string(path).ok() } else { None };
    let text = Zeroizing::new(text.ok_or(ReturnCode::FILE_OPEN)?);
    let key = std::str::from_utf8(encoding::text(key.unwrap_or_default())).unwrap_or_default();
    let file = transport_key(key).and_then(|key| read_dpx(&text, &key)).map_err(|error| error.code())?;
    let mut names = file.application_names();
    names.truncate(8);
    let tokens = file.tokens.len();
    let mut imports = lock();
    if imports.open.len() >= MAX_OPEN {
        return Err(ReturnCode::IMPORT_FATAL);
    }
    let id = imports.next;
    imports.next += 1;
    imports.open.insert(id, Import { file, delivered: 0 });
    Ok(Opened { id, names, tokens })
}

/// Works with an open import.
///
/// # Errors
/// [`ReturnCode::HANDLE_KEY`] when it is not open; the errors of the work.
pub(crate) fn with<T>(
    id: usize,
    work: impl FnOnce(&mut Import) -> Result<T, ReturnCode>,
) -> Result<T, ReturnCode> {
    work(lock().open.get_mut(&id).ok_or(ReturnCode::HANDLE_KEY)?)
}

/// Closes an import.
///
/// # Errors
/// [`ReturnCode::HANDLE_KEY`] when it is not open.
pub(crate) fn close(id: usize) -> Result<(), ReturnCode> {
    lock().open.remove(&id).map(|_closed| ()).ok_or(ReturnCode::HANDLE_KEY)
}

fn lock() -> MutexGuard<'static, Imports> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Import {
    /// The static vector, empty when there is none.
    pub(crate) fn static_vector(&self) -> Zeroizing<String> {
        self.file.static_vector.as_ref().map_or_else(Zeroizing::default, StaticVector::to_hex)
    }

    /// The message vector, empty when there is none.
    pub(crate) fn message_vector(&self) -> String {
        self.file.message_vector.as_ref().map_or_else(String::new, MessageVector::to_hex)
    }

    /// The next token.
    pub(crate) fn peek(&self) -> Option<Token> {
        self.file.tokens.get(self.delivered).cloned().map(Token)
    }

    /// The next token has been delivered.
    pub(crate) fn advance(&mut self) {
        self.delivered += 1;
    }

    /// The application of a name in the next token that has it; those without it are passed over.
    pub(crate) fn next_with(&mut self, name: &[u8]) -> Option<Definition> {
        let named = |definition: &&Definition| {
            definition.owner.application.trim_ascii_end().eq_ignore_ascii_case(name)
        };
        loop {
            let token = self.file.tokens.get(self.delivered)?;
            self.delivered += 1;
            if let Some(definition) = token.iter().find(named) {
                return Some(definition.clone());
            }
        }
    }
}

impl Token {
    /// The activation vector of a multi-device licence, else empty.
    pub(crate) fn activation_vector(&self) -> String {
        self.licence().map_or_else(String::new, |licence| ActivationVector::of(licence).to_hex())
    }

    /// The number of instances a multi-device licence allows, else 0.
    pub(crate) fn instances(&self) -> i32 {
        self.licence().map_or(0, |licence| licence.instances.into())
    }

    /// The payload key BLOB of an authenticator that has a Secure Channel from the factory, else empty.
    ///
    /// # Errors
    /// The codes of sealing.
    pub(crate) fn payload_key(&self, cx: &Context<'_>) -> Result<String, ReturnCode> {
        let Some(with_key) = self.0.iter().find(|definition| definition.payload_key.is_some()) else {
            return Ok(String::new());
        };
        let blob = with_key.payload_key_blob(cx)?;
        Ok(blob.map_or_else(String::new, |blob| String::from_utf8_lossy(blob.as_bytes()).into_owned()))
    }

    /// The serial number.
    pub(crate) fn serial(&self) -> String {
        self.0.first().map_or_else(String::new, |definition| definition.owner.serial_text())
    }

    /// The type of the authenticator.
    pub(crate) fn model(&self) -> String {
        self.0
            .first()
            .map_or_else(String::new, |first| String::from_utf8_lossy(&first.profile.model).into_owned())
    }

    fn licence(&self) -> Option<&Definition> {
        self.0.iter().find(|definition| definition.instances > 0)
    }
}
