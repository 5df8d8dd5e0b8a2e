//! Hashes and MACs over a stream (HASH_START, HASH_CONT, HASH_END; npm `@dinamonetworks/hsm-dinamo` 4.9.1).

use bancada_link::Result;
use bancada_link::client::Segments;
use bancada_wire::op::HashEnd;

use crate::session::Session;

/// A running hash or MAC; the session does nothing else until it is finished or dropped.
///
/// Dropped unfinished, it stays on the device until the session ends.
#[derive(Debug)]
pub struct Hasher<'a> {
    session: &'a mut Session,
    segments: Segments,
}

impl<'a> Hasher<'a> {
    pub(crate) async fn start(session: &'a mut Session, algorithm: u8, key: Option<&str>) -> Result<Self> {
        let ticket = session.call(Segments::start(algorithm, key)?).await?.ticket;
        Ok(Self { session, segments: Segments::new(ticket) })
    }

    /// Hashes more data. Goes to the device whenever 2048 bytes have come together.
    ///
    /// # Errors
    /// As [`Session::call`]; the hash is of no more use then.
    pub async fn update(&mut self, mut data: &[u8]) -> Result<()> {
        while let Some(segment) = self.segments.fill(&mut data) {
            self.session.call(segment).await?;
        }
        Ok(())
    }

    /// The hash or MAC of everything.
    ///
    /// # Errors
    /// As [`Session::call`].
    pub async fn finish(mut self) -> Result<Vec<u8>> {
        if let Some(segment) = self.segments.rest() {
            self.session.call(segment).await?;
        }
        Ok(self.session.call(HashEnd { ticket: self.segments.ticket() }).await?.0)
    }
}
