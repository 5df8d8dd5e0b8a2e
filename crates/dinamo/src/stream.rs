//! The bytes under a session: a TCP connection, with TLS where it is asked for.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bancada_link::tls::cipher_name;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// A connection to a device.
pub(crate) enum Stream {
    /// In clear text.
    Clear(TcpStream),
    /// Through TLS.
    Tls(Box<TlsStream<TcpStream>>),
}

impl Stream {
    /// Shakes hands for TLS on a connection that was clear so far.
    pub(crate) async fn start_tls(
        self,
        config: Arc<ClientConfig>,
        name: ServerName<'static>,
    ) -> io::Result<(Self, String)> {
        let Self::Clear(tcp) = self else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "TLS has been started already"));
        };
        let tls = TlsConnector::from(config).connect(name, tcp).await?;
        let cipher = tls.get_ref().1.negotiated_cipher_suite().map(cipher_name).unwrap_or_default();
        Ok((Self::Tls(Box::new(tls)), cipher))
    }

    /// Sends everything, a request of usual size in one system call.
    pub(crate) async fn send(&mut self, bytes: &[u8], timeout: Option<Duration>) -> io::Result<()> {
        limit(timeout, async {
            match self {
                Self::Clear(tcp) => tcp.write_all(bytes).await,
                Self::Tls(tls) => {
                    tls.write_all(bytes).await?;
                    tls.flush().await
                }
            }
        })
        .await
    }

    /// Receives once.
    pub(crate) async fn receive(&mut self, space: &mut [u8], timeout: Option<Duration>) -> io::Result<usize> {
        let outcome = limit(timeout, async {
            match self {
                Self::Clear(tcp) => tcp.read(space).await,
                Self::Tls(tls) => tls.read(space).await,
            }
        })
        .await;
        match outcome {
            // A peer that closes TCP without ending TLS: the connection is over either way.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(0),
            outcome => outcome,
        }
    }

    /// Sends the last bytes, ends TLS and closes the connection. Only writing `goodbye` can fail: a device that
    /// has heard it may be faster to close.
    pub(crate) async fn close(&mut self, goodbye: &[u8], timeout: Option<Duration>) -> io::Result<()> {
        let told = self.send(goodbye, timeout).await;
        let _ = limit(timeout, async {
            match self {
                Self::Clear(tcp) => tcp.shutdown().await,
                Self::Tls(tls) => tls.shutdown().await,
            }
        })
        .await;
        told
    }
}

/// Runs `work` for at most `timeout`.
pub(crate) async fn limit<T>(
    timeout: Option<Duration>,
    work: impl Future<Output = io::Result<T>>,
) -> io::Result<T> {
    match timeout {
        None => work.await,
        Some(timeout) => tokio::time::timeout(timeout, work)
            .await
            .unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut))),
    }
}
