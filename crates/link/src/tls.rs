//! TLS of a client: whom it trusts, and the name of the cipher that was agreed (vendor docs, Session page: ENCRYPTED_CONN).

use std::fmt;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, aws_lc_rs, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme,
    SupportedCipherSuite,
};

use crate::error::{Error, Result};

/// Which device a client talks to.
#[derive(Clone, PartialEq, Eq)]
pub enum ServerTrust {
    /// The one with exactly this certificate (DER), whatever name and dates it carries.
    Pinned(Vec<u8>),
    /// One whose certificate leads to one of these roots (DER), is valid now and names the address.
    Roots(Vec<Vec<u8>>),
    /// Any: protects against listeners, not against an impostor. What the vendor's npm client does.
    AcceptAny,
}

impl fmt::Debug for ServerTrust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pinned(_) => f.write_str("Pinned"),
            Self::Roots(roots) => write!(f, "Roots({})", roots.len()),
            Self::AcceptAny => f.write_str("AcceptAny"),
        }
    }
}

/// The DER of a certificate in a file's bytes, PEM or DER; of several in PEM the first.
///
/// # Errors
/// [`Error::Misuse`] when the bytes begin as PEM and hold no certificate. DER is looked at when it is used.
pub fn certificate_der(file: &[u8]) -> Result<Vec<u8>> {
    if !file.windows(PEM.len()).any(|bytes| bytes == PEM) {
        return Ok(file.to_vec());
    }
    let read = CertificateDer::from_pem_slice(file);
    let wrong =
        |error| Error::misuse(format!("the certificate is no PEM ({error}); save it again, as PEM or DER"));
    Ok(read.map_err(wrong)?.as_ref().to_vec())
}

/// What marks a PEM file.
const PEM: &[u8] = b"-----BEGIN ";

/// The TLS configuration of a client. TLS 1.2 as the vendor's documents have it, and 1.3.
///
/// # Errors
/// [`Error::Misuse`] when a root cannot be read, or there is none.
pub fn client_config(trust: &ServerTrust) -> Result<Arc<ClientConfig>> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match trust {
        ServerTrust::Roots(roots) => root_verifier(roots, &provider)?,
        ServerTrust::Pinned(der) => Arc::new(Verifier::new(Some(der.clone().into()), &provider)),
        ServerTrust::AcceptAny => Arc::new(Verifier::new(None, &provider)),
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::misuse(format!("TLS cannot be set up: {error}")))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// The name of a cipher suite as IANA registers it, such as `TLS_AES_256_GCM_SHA384`.
#[must_use]
pub fn cipher_name(suite: SupportedCipherSuite) -> String {
    let name = suite.suite().as_str().map_or_else(|| format!("{:?}", suite.suite()), str::to_owned);
    name.replacen("TLS13_", "TLS_", 1)
}

fn root_verifier(roots: &[Vec<u8>], provider: &Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>> {
    let mut store = RootCertStore::empty();
    for (row, root) in roots.iter().enumerate() {
        store.add(root.as_slice().into()).map_err(|error| {
            let row = row + 1;
            Error::misuse(format!("root certificate {row} cannot be read: {error}. Give it whole, as DER"))
        })?;
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(provider))
        .build()
        .map_err(|error| Error::misuse(format!("these roots cannot be used: {error}. Give at least one")))
}

/// Accepts one certificate, or any. Either way the device proves that it holds the certificate's key.
#[derive(Debug)]
struct Verifier {
    pinned: Option<CertificateDer<'static>>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Verifier {
    fn new(pinned: Option<CertificateDer<'static>>, provider: &CryptoProvider) -> Self {
        Self { pinned, algorithms: provider.signature_verification_algorithms }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the device's certificate is not the pinned one")]
struct NotPinned;

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        match &self.pinned {
            Some(pinned) if pinned != end_entity => {
                Err(CertificateError::Other(OtherError(Arc::new(NotPinned))).into())
            }
            _ => Ok(ServerCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_are_read_as_pem_or_der() {
        let pem =
            |body| format!("# a comment\n-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
        assert_eq!(certificate_der(pem("MAMC\nAQU=").as_bytes()).unwrap(), [0x30, 3, 2, 1, 5]);
        assert_eq!(certificate_der(&[0x30, 3, 2, 1, 5]).unwrap(), [0x30, 3, 2, 1, 5]);
        for wrong in [pem("!"), pem("").replace("END", "ENT"), "-----BEGIN PRIVATE".to_owned()] {
            assert!(matches!(certificate_der(wrong.as_bytes()), Err(Error::Misuse(_))), "{wrong}");
        }
    }

    #[test]
    fn bad_roots_are_refused_when_the_client_is_set_up() {
        let empty = client_config(&ServerTrust::Roots(vec![])).unwrap_err().to_string();
        assert!(empty.contains("Give at least one"), "{empty}");
        let garbage = client_config(&ServerTrust::Roots(vec![vec![1, 2, 3]])).unwrap_err().to_string();
        assert!(garbage.starts_with("root certificate 1 cannot be read"), "{garbage}");
    }

    #[test]
    fn suites_have_their_registered_names() {
        let names: Vec<_> = aws_lc_rs::ALL_CIPHER_SUITES.iter().map(|suite| cipher_name(*suite)).collect();
        assert!(names.contains(&"TLS_AES_256_GCM_SHA384".to_owned()), "{names:?}");
        assert!(names.contains(&"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256".to_owned()), "{names:?}");
    }
}
