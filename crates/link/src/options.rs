//! How a session is opened: clear or TLS, with which timeouts.

use std::sync::Arc;

use rustls::pki_types::ServerName;

use crate::address::Address;
use crate::config::ClientConfig;
use crate::error::{Error, Result};
use crate::tls::{self, ServerTrust};

/// How to open a session. Cheap to clone; sessions opened with clones of one value resume TLS.
///
/// ```
/// use bancada_link::{Options, config::ClientConfig, tls::ServerTrust};
///
/// let clear = Options::clear();
/// let tls = Options::tls(&ServerTrust::AcceptAny)?.config(ClientConfig::from_env()?);
/// # assert!(tls.is_tls() && !clear.is_tls());
/// # Ok::<(), bancada_link::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Options {
    tls: Option<Arc<rustls::ClientConfig>>,
    config: ClientConfig,
}

impl Options {
    /// In clear text: anyone on the way can read and change what is sent, secrets included.
    #[must_use]
    pub fn clear() -> Self {
        Self::default()
    }

    /// Through TLS 1.2 or 1.3, with a device that `trust` accepts.
    ///
    /// # Errors
    /// [`Error::Misuse`] when a certificate of `trust` cannot be read.
    pub fn tls(trust: &ServerTrust) -> Result<Self> {
        Ok(Self { tls: Some(tls::client_config(trust)?), config: ClientConfig::default() })
    }

    /// Sets timeouts and retries.
    #[must_use]
    pub fn config(self, config: ClientConfig) -> Self {
        Self { config, ..self }
    }

    /// Whether sessions are encrypted.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.tls.is_some()
    }

    /// The timeouts and retries.
    #[must_use]
    pub fn client_config(&self) -> &ClientConfig {
        &self.config
    }

    /// For drivers: the TLS configuration and the name to check against, `None` for clear text.
    ///
    /// # Errors
    /// [`Error::Misuse`] when the host cannot stand in a certificate.
    pub fn tls_for(
        &self,
        address: &Address,
    ) -> Result<Option<(Arc<rustls::ClientConfig>, ServerName<'static>)>> {
        let Some(config) = &self.tls else { return Ok(None) };
        let name = ServerName::try_from(address.host().to_owned()).map_err(|_| {
            let host = address.host();
            Error::misuse(format!("\"{host}\" is neither a DNS name nor an IP address, as TLS needs"))
        })?;
        Ok(Some((Arc::clone(config), name)))
    }
}
