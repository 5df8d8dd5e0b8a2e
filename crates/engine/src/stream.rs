//! Hashes and MACs over a stream, running in a session (npm hsm-dinamo 4.9.1, `hsm/modules/hash`).

use crate::fault::Outcome;
use bancada_crypto::hash::Hasher;
use bancada_crypto::mac::{Cmac, Hmac};
use bancada_wire::status::Status;
use std::collections::BTreeMap;

/// Streams that may run at once in a session (our choice).
const MAX_STREAMS: usize = 16;

/// A hash or MAC that has not ended yet.
pub(crate) enum Stream {
    Hash(Box<Hasher>),
    Hmac(Box<Hmac>),
    Cmac(Box<Cmac>),
}

impl Stream {
    /// Feeds it.
    pub(crate) fn update(&mut self, data: &[u8]) -> Outcome<()> {
        match self {
            Self::Hash(hash) => hash.update(data),
            Self::Hmac(mac) => mac.update(data),
            Self::Cmac(mac) => mac.update(data)?,
        }
        Ok(())
    }

    /// Its value.
    pub(crate) fn finish(self) -> Outcome<Vec<u8>> {
        Ok(match self {
            Self::Hash(hash) => hash.finish().to_vec(),
            Self::Hmac(mac) => mac.finish().to_vec(),
            Self::Cmac(mac) => mac.finish()?.to_vec(),
        })
    }
}

/// The streams of a session by ticket.
#[derive(Default)]
pub(crate) struct Streams {
    running: BTreeMap<u16, Stream>,
    next: u16,
}

impl Streams {
    /// Starts one.
    ///
    /// # Errors
    /// `D_ERR_CANNOT_ALLOC_RES` when too many run.
    pub(crate) fn start(&mut self, stream: Stream) -> Result<u16, Status> {
        if self.running.len() >= MAX_STREAMS {
            return Err(Status::ERR_CANNOT_ALLOC_RES);
        }
        // At most 16 of 65 536 tickets are taken, so this ends.
        while self.running.contains_key(&self.next) {
            self.next = self.next.wrapping_add(1);
        }
        let ticket = self.next;
        self.next = self.next.wrapping_add(1);
        self.running.insert(ticket, stream);
        Ok(ticket)
    }

    /// One that runs.
    ///
    /// # Errors
    /// `D_ERR_INVALID_CTX` when none runs under this ticket.
    pub(crate) fn get(&mut self, ticket: u16) -> Result<&mut Stream, Status> {
        self.running.get_mut(&ticket).ok_or(Status::ERR_INVALID_CTX)
    }

    /// Takes one out.
    ///
    /// # Errors
    /// `D_ERR_INVALID_CTX` when none runs under this ticket.
    pub(crate) fn take(&mut self, ticket: u16) -> Result<Stream, Status> {
        self.running.remove(&ticket).ok_or(Status::ERR_INVALID_CTX)
    }
}
