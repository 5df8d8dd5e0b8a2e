//! TLS of the simulator: TLS 1.2 and 1.3 by rustls, plus one legacy suite for the vendor's npm client.

pub mod cbc_sha256;
mod identity;

use std::path::PathBuf;
use std::sync::Arc;

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::sign::SingleCertAndKey;
use rustls::version::{TLS12, TLS13};
use rustls::{CipherSuite, ServerConfig, ServerConnection};

pub use identity::{CERTIFICATE_FILE, Identity, KEY_FILE};

/// What a server offers beyond the defaults of rustls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsOptions {
    /// Accept AES-128-CBC with HMAC-SHA256 under TLS 1.2 from clients that offer nothing better, which the vendor's
    /// npm client is (4.9.1). On by default.
    pub legacy_cbc: bool,
}

impl Default for TlsOptions {
    fn default() -> Self {
        Self { legacy_cbc: true }
    }
}

/// Why a TLS identity or configuration could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file of the identity could not be read or written.
    #[error("cannot {action} {path}: {source}; check that the directory exists and is writable")]
    File {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file it was tried on.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The directory holds one half of an identity.
    #[error("{present} is there but {missing} is not; restore it, or remove both for a new pair")]
    Incomplete {
        /// The file found.
        present: PathBuf,
        /// The file expected beside it.
        missing: PathBuf,
    },
    /// PEM text holds no usable certificate or private key.
    #[error("the {what} is not usable PEM: {reason}; give a file with BEGIN/END lines")]
    Pem {
        /// `certificate` or `private key`.
        what: &'static str,
        /// What the parser said.
        reason: String,
    },
    /// The certificate and the key do not belong together, or the key is of a kind rustls cannot sign with.
    #[error("certificate and private key do not work together: {0}; replace both")]
    Pair(rustls::Error),
    /// A self-signed certificate could not be made, as for a subject name that is no DNS name.
    #[error("cannot make a self-signed certificate: {0}; check the given host names")]
    Generate(#[from] rcgen::Error),
    /// rustls refused the configuration.
    #[error("cannot configure the TLS server: {0}")]
    Config(rustls::Error),
}

/// Cryptography of a server: what rustls offers by default, the legacy suites after it when asked for.
///
/// For servers only: a client built on it would offer the legacy suites to everybody.
#[must_use]
pub fn server_provider(options: &TlsOptions) -> CryptoProvider {
    let mut provider = aws_lc_rs::default_provider();
    if options.legacy_cbc {
        provider.cipher_suites.extend([
            cbc_sha256::TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
            cbc_sha256::TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256,
        ]);
    }
    provider
}

/// A TLS 1.2 and 1.3 server that presents `identity` and asks for no client certificate.
///
/// The server's order of suites decides, so that a legacy suite is never taken while a better one is on offer.
/// Connections resume by ticket, encrypted under keys that live as long as the configuration: share one among the
/// listeners that shall resume each other's connections.
///
/// # Errors
/// [`TlsError::Config`] when the system gives no random bytes for the ticket keys.
pub fn server_config(identity: &Identity, options: &TlsOptions) -> Result<Arc<ServerConfig>, TlsError> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(server_provider(options)))
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(TlsError::Config)?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(identity.certified_key())));
    config.ignore_client_order = true;
    config.ticketer = aws_lc_rs::Ticketer::new().map_err(TlsError::Config)?;
    // One per handshake is enough to resume once, and resuming gives the next one (RFC 8446 §4.6.1).
    config.send_tls13_tickets = 1;
    Ok(Arc::new(config))
}

/// The suite of a connection under its IANA name, such as `TLS_AES_256_GCM_SHA384`; `None` before the handshake chose one.
#[must_use]
pub fn negotiated_cipher_name(connection: &ServerConnection) -> Option<&'static str> {
    connection.negotiated_cipher_suite().map(|suite| cipher_name(suite.suite()))
}

/// The IANA name of a suite, or `unknown`. rustls itself names those of TLS 1.3 differently.
fn cipher_name(suite: CipherSuite) -> &'static str {
    match suite {
        CipherSuite::TLS13_AES_128_GCM_SHA256 => "TLS_AES_128_GCM_SHA256",
        CipherSuite::TLS13_AES_256_GCM_SHA384 => "TLS_AES_256_GCM_SHA384",
        CipherSuite::TLS13_CHACHA20_POLY1305_SHA256 => "TLS_CHACHA20_POLY1305_SHA256",
        other => other.as_str().unwrap_or("unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legacy_suites_come_last_or_not_at_all() {
        let names = |legacy_cbc| {
            let provider = server_provider(&TlsOptions { legacy_cbc });
            provider.cipher_suites.iter().map(|suite| cipher_name(suite.suite())).collect::<Vec<_>>()
        };
        let modern = names(false);
        assert!(modern.iter().all(|name| !name.contains("CBC")));
        let all = names(true);
        let (first, last) = all.split_at(modern.len());
        assert_eq!(first, modern);
        assert_eq!(
            last,
            ["TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"]
        );
    }

    #[test]
    fn suites_go_by_their_iana_names() {
        assert_eq!(cipher_name(CipherSuite::from(0x1302)), "TLS_AES_256_GCM_SHA384");
        assert_eq!(cipher_name(CipherSuite::from(0xc023)), "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256");
        assert_eq!(cipher_name(CipherSuite::from(0xfeed)), "unknown");
    }

    #[test]
    fn server_decides_and_resumes() {
        let identity = Identity::generate().unwrap();
        let config = server_config(&identity, &TlsOptions::default()).unwrap();
        assert!(config.ignore_client_order);
        assert!(config.ticketer.enabled());
    }
}
