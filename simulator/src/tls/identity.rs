//! The certificate and key a simulator presents: self-signed at first start (RFC 5280) and kept as PEM (RFC 7468).

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{
    CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, date_time_ymd,
};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use zeroize::Zeroizing;

use super::TlsError;

/// File of the certificate in the directory of an identity (our choice). Anybody may read it: clients pin it.
pub const CERTIFICATE_FILE: &str = "certificate.pem";
/// File of the private key in the directory of an identity (our choice), for its owner only.
pub const KEY_FILE: &str = "key.pem";

/// Serialises simulators that start at once on the same directory.
const LOCK_FILE: &str = "identity.lock";
/// Common name of certificates made here (our choice).
const COMMON_NAME: &str = "Bancada simulated HSM";
/// Names every certificate made here is valid for.
const LOCAL_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];
/// Certificates are valid from a day ago, for clocks that are late, and for ten years.
const BACKDATED: Duration = Duration::from_secs(24 * 60 * 60);
const VALIDITY: Duration = Duration::from_secs(3653 * 24 * 60 * 60);

/// A certificate chain with its private key, checked to belong together.
///
/// Cheap to clone. The key shows in no `Debug` output and is wiped when the last clone goes.
#[derive(Clone)]
pub struct Identity {
    certified: Arc<CertifiedKey>,
    key: Arc<Zeroizing<PrivateKeyDer<'static>>>,
    certificate_pem: Arc<str>,
    certificate_path: Option<PathBuf>,
}

impl Identity {
    /// A new ECDSA P-256 key and self-signed certificate for `localhost`, `127.0.0.1` and `::1`, in memory only.
    ///
    /// # Errors
    /// [`TlsError::Generate`] when the system gives no random bytes.
    pub fn generate() -> Result<Self, TlsError> {
        Self::generate_for(&[])
    }

    /// As [`Identity::generate`], valid for `names` too: DNS names or IP addresses.
    ///
    /// # Errors
    /// [`TlsError::Generate`] when a name is neither.
    pub fn generate_for(names: &[&str]) -> Result<Self, TlsError> {
        let (certificate, key) = self_signed(names)?;
        Self::from_pem(&certificate, &key)
    }

    /// The identity kept in `dir`, made there on the first call and the same ever after.
    ///
    /// # Errors
    /// [`TlsError::File`] when the directory cannot be made or used, [`TlsError::Incomplete`] when one of the two
    /// files is gone, [`TlsError::Pem`] or [`TlsError::Pair`] when they are not what this function wrote.
    pub fn load_or_create(dir: &Path) -> Result<Self, TlsError> {
        Self::load_or_create_for(dir, &[])
    }

    /// As [`Identity::load_or_create`]; a certificate made by this call is valid for `names` too.
    ///
    /// A certificate that is there already is used as it is, whatever its names: clients have pinned it. Remove the
    /// directory to get another one.
    ///
    /// # Errors
    /// Those of [`Identity::load_or_create`] and [`Identity::generate_for`].
    pub fn load_or_create_for(dir: &Path, names: &[&str]) -> Result<Self, TlsError> {
        let (certificate_path, key_path) = (dir.join(CERTIFICATE_FILE), dir.join(KEY_FILE));
        // Written after the key and never replaced, so the certificate vouches for the key: no lock to read them.
        if !(certificate_path.exists() && key_path.exists()) {
            create(dir, names)?;
        }
        let certificate = fs::read_to_string(&certificate_path).map_err(failed("read", &certificate_path))?;
        let key = fs::read_to_string(&key_path).map(Zeroizing::new).map_err(failed("read", &key_path))?;
        let mut identity = Self::from_pem(&certificate, &key)?;
        identity.certificate_path = Some(certificate_path);
        Ok(identity)
    }

    /// An identity of your own: a certificate, those that vouch for it after it, and its key (PKCS#8, SEC1 or PKCS#1).
    ///
    /// # Errors
    /// [`TlsError::Pem`] when one of the texts holds none, [`TlsError::Pair`] when they do not belong together.
    pub fn from_pem(certificate_pem: &str, key_pem: &str) -> Result<Self, TlsError> {
        let unusable = |what, reason: String| TlsError::Pem { what, reason };
        let chain = CertificateDer::pem_slice_iter(certificate_pem.as_bytes())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| unusable("certificate", error.to_string()))?;
        if chain.is_empty() {
            return Err(unusable("certificate", "no certificate in it".into()));
        }
        let key = PrivateKeyDer::from_pem_slice(key_pem.as_bytes())
            .map(Zeroizing::new)
            .map_err(|error| unusable("private key", error.to_string()))?;
        let certified = CertifiedKey::from_der(chain, key.clone_key(), &aws_lc_rs::default_provider())
            .map_err(TlsError::Pair)?;
        Ok(Self {
            certified: Arc::new(certified),
            key: Arc::new(key),
            certificate_pem: certificate_pem.into(),
            certificate_path: None,
        })
    }

    /// The certificate a client may pin, in DER.
    #[must_use]
    pub fn certificate_der(&self) -> &CertificateDer<'static> {
        &self.certified.cert[0]
    }

    /// The certificate, and those after it, in PEM.
    #[must_use]
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// Where the certificate is kept; `None` for an identity in memory.
    #[must_use]
    pub fn certificate_path(&self) -> Option<&Path> {
        self.certificate_path.as_deref()
    }

    /// The private key, in the DER form it came in.
    #[must_use]
    pub fn key_der(&self) -> &PrivateKeyDer<'static> {
        &self.key
    }

    /// Chain and signing key as rustls takes them.
    #[must_use]
    pub fn certified_key(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.certified)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("certificate_path", &self.certificate_path).finish_non_exhaustive()
    }
}

/// Makes the identity of `dir`, unless another simulator did while this one waited for its turn.
fn create(dir: &Path, names: &[&str]) -> Result<(), TlsError> {
    let (certificate_path, key_path) = (dir.join(CERTIFICATE_FILE), dir.join(KEY_FILE));
    fs::create_dir_all(dir).map_err(failed("create", dir))?;
    let lock = dir.join(LOCK_FILE);
    let locked = File::create(&lock).map_err(failed("create", &lock))?;
    locked.lock().map_err(failed("lock", &lock))?;
    match (certificate_path.exists(), key_path.exists()) {
        (true, true) => Ok(()),
        (true, false) => Err(TlsError::Incomplete { present: certificate_path, missing: key_path }),
        // A key alone is what a start that was cut short leaves: nobody has seen it.
        (false, _) => {
            let (certificate, key) = self_signed(names)?;
            replace(&key_path, &key, 0o600)?;
            replace(&certificate_path, &certificate, 0o644)
        }
    }
}

/// A new certificate and its key, both in PEM.
fn self_signed(names: &[&str]) -> Result<(String, Zeroizing<String>), TlsError> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let names = LOCAL_NAMES.iter().chain(names).map(ToString::to_string).collect::<Vec<_>>();
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, COMMON_NAME);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    params.not_before = date_time_ymd(1970, 1, 1) + now.saturating_sub(BACKDATED);
    params.not_after = params.not_before + VALIDITY;
    let certificate = params.self_signed(&key)?;
    Ok((certificate.pem(), Zeroizing::new(key.serialize_pem())))
}

/// Writes a file that is there in full or not at all, with the given permission bits from its first moment.
fn replace(path: &Path, text: &str, mode: u32) -> Result<(), TlsError> {
    let new = path.with_extension("new");
    let write = || -> io::Result<()> {
        // A leftover of a start that was cut short may have other permissions.
        match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = create_new(&new, mode)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&new, path)
    };
    write().map_err(failed("write", path))
}

#[cfg(unix)]
fn create_new(path: &Path, mode: u32) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(mode).open(path)
}

#[cfg(not(unix))]
fn create_new(path: &Path, _mode: u32) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> TlsError {
    let path = path.to_path_buf();
    move |source| TlsError::File { action, path, source }
}

#[cfg(test)]
mod tests;
