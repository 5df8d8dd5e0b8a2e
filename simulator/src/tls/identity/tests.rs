//! Identities made, kept, shared by simulators that start at once, and refused.

use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{ServerName, UnixTime};
use rustls::{CertificateError, RootCertStore};

use super::*;

/// Checks the certificate as a client that trusts it would, for `name`, `years` from now.
fn verify(identity: &Identity, name: &str, years: u64) -> Result<(), rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.add(identity.certificate_der().clone()).unwrap();
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
    let name = ServerName::try_from(name).unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let then = UnixTime::since_unix_epoch(now + Duration::from_secs(years * 31_556_952));
    verifier.verify_server_cert(identity.certificate_der(), &[], &name, &[], then).map(|_| ())
}

#[test]
fn a_new_certificate_is_valid_for_local_and_given_names() {
    let identity = Identity::generate_for(&["hsm-1.test", "192.0.2.7"]).unwrap();
    for name in ["localhost", "127.0.0.1", "::1", "hsm-1.test", "192.0.2.7"] {
        verify(&identity, name, 0).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let other = verify(&identity, "hsm-2.test", 0).unwrap_err();
    assert!(matches!(
        other,
        rustls::Error::InvalidCertificate(CertificateError::NotValidForNameContext { .. })
    ));
}

#[test]
fn a_new_certificate_lasts_ten_years() {
    let identity = Identity::generate().unwrap();
    verify(&identity, "localhost", 9).unwrap();
    assert!(matches!(
        verify(&identity, "localhost", 11),
        Err(rustls::Error::InvalidCertificate(CertificateError::ExpiredContext { .. }))
    ));
}

#[test]
fn a_kept_identity_is_the_same_next_time() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("made/here");
    let first = Identity::load_or_create(&dir).unwrap();
    let second = Identity::load_or_create_for(&dir, &["too.late.test"]).unwrap();
    assert_eq!(first.certificate_der(), second.certificate_der());
    assert_eq!(first.key_der(), second.key_der());
    assert_eq!(first.certificate_path(), Some(dir.join(CERTIFICATE_FILE).as_path()));
    assert_eq!(fs::read_to_string(dir.join(CERTIFICATE_FILE)).unwrap(), first.certificate_pem());
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_the_key() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    // What a start that was cut short may leave.
    fs::write(dir.path().join("key.new"), "").unwrap();
    Identity::load_or_create(dir.path()).unwrap();
    let mode = |file| fs::metadata(dir.path().join(file)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(KEY_FILE), 0o600);
    // The umask may take bits away, never add any.
    assert_eq!(mode(CERTIFICATE_FILE) & !0o644, 0);
}

#[test]
fn simulators_that_start_at_once_agree() {
    let dir = tempfile::tempdir().unwrap();
    let identities = std::thread::scope(|scope| {
        let starts = [(); 8].map(|()| scope.spawn(|| Identity::load_or_create(dir.path()).unwrap()));
        starts.map(|start| start.join().unwrap())
    });
    for identity in &identities {
        assert_eq!(identity.certificate_der(), identities[0].certificate_der());
    }
}

#[test]
fn half_an_identity_is_completed_or_refused() {
    let dir = tempfile::tempdir().unwrap();
    let first = Identity::load_or_create(dir.path()).unwrap();
    fs::remove_file(dir.path().join(CERTIFICATE_FILE)).unwrap();
    let second = Identity::load_or_create(dir.path()).unwrap();
    assert_ne!(first.key_der(), second.key_der());

    fs::remove_file(dir.path().join(KEY_FILE)).unwrap();
    let error = Identity::load_or_create(dir.path()).unwrap_err();
    assert!(matches!(error, TlsError::Incomplete { .. }), "{error}");
    assert!(error.to_string().contains("key.pem"));
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let (one, other) = (Identity::generate().unwrap(), self_signed(&[]).unwrap());
    let error = Identity::from_pem(one.certificate_pem(), &other.1).unwrap_err();
    assert!(matches!(error, TlsError::Pair(_)), "{error}");
}

#[test]
fn what_is_no_pem_is_refused() {
    let (certificate, key) = self_signed(&[]).unwrap();
    for (certificate, key) in
        [("", key.as_str()), ("-----BEGIN CERT", &key), (&certificate, ""), (&key, &key)]
    {
        let error = Identity::from_pem(certificate, key).unwrap_err();
        assert!(matches!(error, TlsError::Pem { .. }), "{error}");
    }
    let broken = certificate.replace("MII", "MIJ");
    assert!(Identity::from_pem(&broken, &key).is_err());
}

#[test]
fn a_name_that_is_none_is_refused() {
    assert!(matches!(Identity::generate_for(&["münchen.test"]), Err(TlsError::Generate(_))));
}

#[test]
fn a_directory_that_cannot_be_made_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let error = Identity::load_or_create(&file.join("below")).unwrap_err();
    assert!(error.to_string().contains("below"), "{error}");
}

#[test]
fn debug_shows_no_key() {
    let identity = Identity::generate().unwrap();
    let shown = format!("{identity:?} {:?} {:?}", identity.key_der(), identity.certified_key());
    assert!(shown.contains("Identity"));
    let PrivateKeyDer::Pkcs8(key) = identity.key_der() else { panic!("PKCS#8 is what rcgen writes") };
    // The private scalar of a P-256 key stands here in PKCS#8 (RFC 5208, RFC 5915).
    let scalar = &key.secret_pkcs8_der()[36..68];
    let decimal = scalar.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
    let hex = scalar.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert!(!shown.contains(&decimal) && !shown.to_lowercase().contains(&hex));
}
