//! The bytes under a session: a TCP connection, with TLS driven by hand where it is asked for.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use bancada_link::tls::cipher_name;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};

/// A connection to a device.
pub(crate) enum Stream {
    /// In clear text.
    Clear(TcpStream),
    /// Through TLS.
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Stream {
    /// Shakes hands for TLS on a connection that was clear so far.
    pub(crate) fn start_tls(
        self,
        config: Arc<ClientConfig>,
        name: ServerName<'static>,
    ) -> io::Result<(Self, String)> {
        let Self::Clear(mut tcp) = self else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "TLS has been started already"));
        };
        let mut tls = ClientConnection::new(config, name).map_err(io::Error::other)?;
        while tls.is_handshaking() {
            tls.complete_io(&mut tcp)?;
        }
        let cipher = tls.negotiated_cipher_suite().map(cipher_name).unwrap_or_default();
        Ok((Self::Tls(Box::new(StreamOwned::new(tls, tcp))), cipher))
    }

    /// Sends everything, a request of usual size in one system call.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Clear(tcp) => tcp.write_all(bytes),
            Self::Tls(tls) => {
                tls.write_all(bytes)?;
                tls.flush()
            }
        }
    }

    /// Receives once.
    pub(crate) fn receive(&mut self, space: &mut [u8]) -> io::Result<usize> {
        loop {
            let outcome = match self {
                Self::Clear(tcp) => tcp.read(space),
                Self::Tls(tls) => tls.read(space),
            };
            match outcome {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // A peer that closes TCP without ending TLS: the connection is over either way.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(0),
                outcome => return outcome,
            }
        }
    }

    /// Sends the last bytes, ends TLS and closes the connection. Only writing
    /// `goodbye` can fail: a device that has heard it may be faster to close.
    pub(crate) fn close(&mut self, goodbye: &[u8]) -> io::Result<()> {
        let told = self.send(goodbye);
        if let Self::Tls(tls) = self {
            tls.conn.send_close_notify();
            let _ = tls.flush();
        }
        let _ = self.tcp().shutdown(Shutdown::Both);
        told
    }

    pub(crate) fn set_send_timeout(&self, timeout: Option<Duration>) -> io::Result<()> {
        self.tcp().set_write_timeout(timeout)
    }

    pub(crate) fn set_recv_timeout(&self, timeout: Option<Duration>) -> io::Result<()> {
        self.tcp().set_read_timeout(timeout)
    }

    fn tcp(&self) -> &TcpStream {
        match self {
            Self::Clear(tcp) => tcp,
            Self::Tls(tls) => &tls.sock,
        }
    }
}
