//! The key service through a session with a Dinamo HSM or the simulator: decryption and encryption under named keys, random numbers.
//!
//! One session per process, used by one call at a time, opened when it is first needed and again after it broke: what is asked of the
//! device changes nothing there, so asking once more is safe. A process after fork opens its own. Labels of ICSF keys have dots and
//! signs that names of objects in a Dinamo HSM cannot have: each becomes an underscore, and a partition may stand before a slash. All of
//! this is ours.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bancada_digipass::keys::{InitialVector, KeyAlgorithm, KeyError, KeyService};
use bancada_digipass::{ReturnCode, encoding};
use bancada_dinamo_blocking::tls::ServerTrust;
use bancada_dinamo_blocking::{Credentials, Error, Options, Session};
use bancada_wire::algorithm::{key, mode, padding};
use bancada_wire::codec::SecretTail;
use bancada_wire::op::{GetRandom, ObjectInfo, Operation, SymCrypt};
use bancada_wire::status::Status;
use bancada_wire::text::ObjectName;
use zeroize::Zeroizing;

/// The variable that names the device, as `host:port`.
pub(crate) const ADDRESS_VARIABLE: &str = "BANCADA_DIGIPASS_HSM";
const USER_VARIABLE: &str = "BANCADA_DIGIPASS_HSM_USER";
const PASSWORD_VARIABLE: &str = "BANCADA_DIGIPASS_HSM_PASSWORD";
const CERTIFICATE_VARIABLE: &str = "BANCADA_DIGIPASS_HSM_CERTIFICATE";

static CONNECTION: Mutex<Option<Connection>> = Mutex::new(None);

/// Where the keys are, and who asks for them.
#[derive(PartialEq, Eq)]
struct Settings {
    address: String,
    user: String,
    password: Zeroizing<String>,
    certificate: String,
}

struct Connection {
    settings: Settings,
    process: u32,
    session: Session,
    /// The algorithms of keys that were used, which decide the length of the vector.
    algorithms: BTreeMap<String, u32>,
}

/// The device the environment names, with its session locked for one call.
pub(crate) struct Device {
    settings: Settings,
}

/// The device the environment names, if it names one.
///
/// # Errors
/// [`ReturnCode::HSM_SESSION`] when user, password or certificate are missing beside it.
pub(crate) fn from_environment() -> Result<Option<Device>, ReturnCode> {
    let variable = |name| std::env::var(name).map_err(|_| ReturnCode::HSM_SESSION);
    let Some(address) = std::env::var_os(ADDRESS_VARIABLE) else { return Ok(None) };
    let settings = Settings {
        address: address.into_string().map_err(|_| ReturnCode::HSM_SESSION)?,
        user: variable(USER_VARIABLE)?,
        password: Zeroizing::new(variable(PASSWORD_VARIABLE)?),
        certificate: variable(CERTIFICATE_VARIABLE)?,
    };
    Ok(Some(Device { settings }))
}

impl KeyService for Device {
    fn decrypt(&self, key: &str, iv: &InitialVector, data: &mut [u8]) -> Result<(), KeyError> {
        self.crypt(key, iv, data, mode::DECRYPT).map(drop)
    }

    /// One request decrypts all pieces, put behind each other: to what the key makes of a block CBC adds the block of ciphertext before
    /// it, so the first block of a piece is put right by taking that away again and adding the vector.
    fn decrypt_each(&self, key: &str, iv: &InitialVector, pieces: &mut [&mut [u8]]) -> Result<(), KeyError> {
        let mut plain = Zeroizing::new(pieces.concat());
        let algorithm = self.crypt(key, iv, &mut plain, mode::DECRYPT)?;
        separate(pieces, &mut plain, &iv.aes(), algorithm.block_len())
    }

    fn encrypt(&self, key: &str, iv: &InitialVector, data: &mut [u8]) -> Result<KeyAlgorithm, KeyError> {
        self.crypt(key, iv, data, mode::ENCRYPT)
    }

    fn random(&self, out: &mut [u8]) -> Result<(), KeyError> {
        let length = u32::try_from(out.len()).map_err(|_| KeyError::Session)?;
        let random = self.with(|connection| connection.call(|| GetRandom { length }))?;
        if random.expose().len() != out.len() {
            return Err(KeyError::Session);
        }
        out.copy_from_slice(random.expose());
        Ok(())
    }
}

impl Device {
    /// Decrypts or encrypts in place; the length of the key's blocks in bytes.
    fn crypt(
        &self,
        name: &str,
        vector: &InitialVector,
        data: &mut [u8],
        direction: u8,
    ) -> Result<KeyAlgorithm, KeyError> {
        let field = object_name(name)?;
        let (out, algorithm) = self.with(|connection| {
            let known = connection.algorithms.contains_key(name);
            let result = connection.crypt(name, field, vector, data, direction);
            // The key may have been replaced by one of another kind since it was looked at.
            if known && matches!(result, Err(Failure::Key(_))) && connection.algorithms.remove(name).is_some()
            {
                return connection.crypt(name, field, vector, data, direction);
            }
            result
        })?;
        if out.expose().len() != data.len() {
            return Err(KeyError::Session);
        }
        data.copy_from_slice(out.expose());
        Ok(algorithm)
    }

    /// Works with the session, once more with a new one if the old one broke.
    fn with<T>(&self, work: impl Fn(&mut Connection) -> Result<T, Failure>) -> Result<T, KeyError> {
        let mut place = lock();
        let usable = |connection: &Connection| {
            connection.settings == self.settings && connection.process == std::process::id()
        };
        if let Some(connection) = place.as_mut().filter(|connection| usable(connection)) {
            match work(connection) {
                Ok(value) => return Ok(value),
                Err(Failure::Key(error)) => return Err(error),
                Err(Failure::Lost) => {}
            }
        }
        *place = None;
        let connection = place.insert(self.settings.connect().ok_or(KeyError::Session)?);
        let result = work(connection).map_err(|failure| match failure {
            Failure::Key(error) => error,
            Failure::Lost => KeyError::Session,
        });
        if matches!(result, Err(KeyError::Session)) {
            *place = None;
        }
        result
    }
}

/// Puts into each piece of ciphertext what it is in clear, given what all of them, behind each other, were decrypted to.
fn separate(
    pieces: &mut [&mut [u8]],
    plain: &mut [u8],
    vector: &[u8; 16],
    block: usize,
) -> Result<(), KeyError> {
    let mut before = *vector;
    let mut rest = plain;
    for piece in pieces.iter_mut().filter(|piece| !piece.is_empty()) {
        let (plain, behind) = rest.split_at_mut(piece.len());
        rest = behind;
        let first = plain.iter_mut().zip(before.iter().zip(vector)).take(block);
        first.for_each(|(byte, (before, vector))| *byte ^= before ^ vector);
        let last = piece.len().checked_sub(block).ok_or(KeyError::Session)?;
        before[..block].copy_from_slice(&piece[last..]);
        piece.copy_from_slice(plain);
    }
    Ok(())
}

/// The name of the object for a label.
fn object_name(label: &str) -> Result<ObjectName, KeyError> {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || c == '/' { c } else { '_' };
    ObjectName::new(&label.chars().map(allowed).collect::<String>()).map_err(|_| KeyError::NotFound)
}

fn lock() -> MutexGuard<'static, Option<Connection>> {
    CONNECTION.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Settings {
    fn connect(&self) -> Option<Connection> {
        let options = match self.certificate.as_str() {
            "none" => Options::clear(),
            "any" => Options::tls(&ServerTrust::AcceptAny).ok()?,
            path => Options::tls(&ServerTrust::Pinned(certificate(Path::new(path))?)).ok()?,
        };
        let credentials = Credentials::user(&self.user, &self.password).ok()?;
        let session = Session::open(&self.address, &credentials, &options).ok()?;
        let settings = Settings {
            address: self.address.clone(),
            user: self.user.clone(),
            password: self.password.clone(),
            certificate: self.certificate.clone(),
        };
        Some(Connection { settings, process: std::process::id(), session, algorithms: BTreeMap::new() })
    }
}

/// Why an operation failed: the session is lost, or the device says what is wrong with the key.
enum Failure {
    Lost,
    Key(KeyError),
}

impl Connection {
    fn call<O: Operation>(&mut self, operation: impl Fn() -> O) -> Result<O::Response, Failure> {
        self.session.call(operation()).map_err(|error| match error {
            Error::Device { status, .. } => refused(status),
            _ => Failure::Lost,
        })
    }

    fn crypt(
        &mut self,
        name: &str,
        field: ObjectName,
        vector: &InitialVector,
        data: &[u8],
        direction: u8,
    ) -> Result<(SecretTail, KeyAlgorithm), Failure> {
        let algorithm = match self.algorithms.get(name) {
            Some(algorithm) => *algorithm,
            None => self.call(|| ObjectInfo { name: field })?.algorithm,
        };
        let mut iv = [0; 32];
        let (iv_length, kind) = match algorithm {
            key::AES_128 | key::AES_192 | key::AES_256 => {
                iv[..16].copy_from_slice(&vector.aes());
                (16, KeyAlgorithm::Aes)
            }
            key::DES3_112 | key::DES3_168 => {
                iv[..8].copy_from_slice(&vector.des());
                (8, KeyAlgorithm::TripleDes)
            }
            _ => return Err(Failure::Key(KeyError::Type)),
        };
        let out = self.call(|| SymCrypt {
            name: field,
            direction,
            mode: mode::CBC,
            padding: padding::NONE,
            tag_length: 0,
            iv_length,
            iv,
            aad_length: 0,
            data: SecretTail::from(data.to_vec()),
        })?;
        if !self.algorithms.contains_key(name) {
            self.algorithms.insert(name.to_owned(), algorithm);
        }
        Ok((out, kind))
    }
}

/// What a refusal of the device says about the key. A key the user may not see looks like one that is not there.
fn refused(status: Status) -> Failure {
    match status {
        Status::ERR_CANNOT_OPEN_OBJ | Status::ERR_INVALID_OBJ_NAME | Status::ERR_ACCESS_DENIED => {
            Failure::Key(KeyError::NotFound)
        }
        Status::ERR_INVALID_KEY
        | Status::ERR_ACCESS_DENIED_OBJ_BLOCKED
        | Status::ERR_NON_APPROVED_OPERATION => Failure::Key(KeyError::Property),
        Status::ERR_INVALID_PAYLOAD => Failure::Key(KeyError::Type),
        _ => Failure::Lost,
    }
}

/// The bytes of a certificate in a file, PEM or DER.
fn certificate(path: &Path) -> Option<Vec<u8>> {
    let bytes = std::fs::read(path).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let Some((_, after)) = text.split_once("-----BEGIN CERTIFICATE-----") else { return Some(bytes) };
    let (body, _) = after.split_once("-----END CERTIFICATE-----")?;
    let body: Vec<u8> = body.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    encoding::from_base64(&body)
}

#[cfg(test)]
mod tests {
    use bancada_crypto::cipher::{Mode, Padding, SymAlg, SymKey};

    use super::*;

    #[test]
    fn pieces_decrypted_together_are_what_each_is_alone() {
        let iv = InitialVector([1, 2, 3, 4, 5, 6, 7, 0xff]);
        for (alg, block) in [(SymAlg::Aes256, 16), (SymAlg::Des3_168, 8)] {
            let value: Vec<u8> = (1..=32).collect();
            let key = SymKey::new(alg, &value[..alg.key_len()]).unwrap();
            let vector = &iv.aes()[..block];
            let plain = [vec![7; 80], vec![], vec![9; 16], (0..80).collect::<Vec<u8>>()];
            let mut sealed = plain.clone().map(|plain| {
                let mut out = Vec::new();
                key.encrypt(Mode::Cbc, Padding::None, vector, &plain, &mut out).unwrap();
                out
            });
            let mut all = Vec::new();
            key.decrypt(Mode::Cbc, Padding::None, vector, &sealed.concat(), &mut all).unwrap();
            let mut pieces = sealed.each_mut().map(|piece| &mut piece[..]);
            separate(&mut pieces, &mut all, &iv.aes(), block).unwrap();
            assert_eq!(sealed, plain, "{alg:?}");
        }
    }
}
