//! The socket of a connection, in clear or under TLS.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::registry::{End, Entry};
use crate::tls::negotiated_cipher_name;

/// Why a connection can not go on.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The node, its admin API or the clock ended it.
    Told(End),
    /// The peer is gone; the text is for the log.
    Gone(String),
    /// The peer does not speak the protocol; the text is for the log.
    Broke(String),
    /// Everything was said.
    Done,
}

impl From<End> for Stop {
    fn from(end: End) -> Self {
        Self::Told(end)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Gone(error.to_string())
    }
}

/// Where bytes come from and go to.
pub(crate) enum Transport {
    Clear(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
    /// Nowhere: while TLS starts, and for good when that fails.
    Gone,
}

impl Transport {
    /// Reads some bytes; 0 when the peer has sent its last.
    pub(crate) async fn read(&mut self, entry: &Entry, room: &mut [u8]) -> Result<usize, Stop> {
        let mut room = ReadBuf::new(room);
        poll_fn(|cx| entry.guard(cx, |cx| self.poll_read(cx, &mut room))).await??;
        Ok(room.filled().len())
    }

    /// Writes all of `bytes`; `stalled` is called when the peer does not take them at once.
    pub(crate) async fn write(
        &mut self,
        entry: &Entry,
        bytes: &[u8],
        mut stalled: impl FnMut(),
    ) -> Result<(), Stop> {
        let mut rest = bytes;
        poll_fn(|cx| {
            entry.guard(cx, |cx| {
                let written = self.poll_write_all(cx, &mut rest);
                if written.is_pending() {
                    stalled();
                }
                written
            })
        })
        .await??;
        Ok(())
    }

    /// Whether what is written in one call arrives as one piece, so that pieces mean something.
    pub(crate) fn has_records(&self) -> bool {
        matches!(self, Self::Tls(_))
    }

    /// Shakes hands as a TLS server; gives the cipher suite.
    pub(crate) async fn start_tls(
        &mut self,
        entry: &Entry,
        config: Arc<ServerConfig>,
    ) -> Result<&'static str, Stop> {
        let Self::Clear(stream) = std::mem::replace(self, Self::Gone) else {
            return Err(Stop::Broke("TLS was asked for twice".into()));
        };
        let mut accepting = Box::pin(TlsAcceptor::from(config).accept(stream));
        let stream = poll_fn(|cx| entry.guard(cx, |cx| accepting.as_mut().poll(cx))).await??;
        let cipher = negotiated_cipher_name(stream.get_ref().1).unwrap_or_default();
        *self = Self::Tls(Box::new(stream));
        Ok(cipher)
    }

    /// Says that nothing more will be sent.
    pub(crate) async fn finish(&mut self, entry: &Entry) -> Result<(), Stop> {
        poll_fn(|cx| {
            entry.guard(cx, |cx| match self {
                Self::Clear(stream) => Pin::new(stream).poll_shutdown(cx),
                Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
                Self::Gone => Poll::Ready(Ok(())),
            })
        })
        .await??;
        Ok(())
    }

    /// Makes the socket end by a reset once it is dropped.
    pub(crate) fn reset_on_drop(&self) {
        let stream = match self {
            Self::Clear(stream) => stream,
            Self::Tls(stream) => stream.get_ref().0,
            Self::Gone => return,
        };
        if let Err(error) = stream.set_zero_linger() {
            tracing::debug!(%error, "the socket cannot be reset");
        }
    }

    fn poll_read(&mut self, cx: &mut Context<'_>, room: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Clear(stream) => Pin::new(stream).poll_read(cx, room),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, room),
            Self::Gone => Poll::Ready(Ok(())),
        }
    }

    fn poll_write_all(&mut self, cx: &mut Context<'_>, rest: &mut &[u8]) -> Poll<io::Result<()>> {
        while !rest.is_empty() {
            let written = match self {
                Self::Clear(stream) => Pin::new(stream).poll_write(cx, rest),
                Self::Tls(stream) => Pin::new(stream).poll_write(cx, rest),
                Self::Gone => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
            };
            match std::task::ready!(written)? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => *rest = &rest[written.min(rest.len())..],
            }
        }
        match self {
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
            // A TCP stream holds nothing back.
            Self::Clear(_) | Self::Gone => Poll::Ready(Ok(())),
        }
    }
}
