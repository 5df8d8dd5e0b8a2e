//! Cuts a stream into the segments HASH_CONT carries (vendor header dinamo.h, `MAX_SYM_OP_SEG`).

use bancada_wire::codec::ShortTail;
use bancada_wire::op::{HashCont, HashStart, MAX_SEGMENT};
use bancada_wire::text::{OBJECT_LEN, ObjectName};
use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// The segments of a stream that feeds one running hash: full ones as they fill, the rest at the end.
pub struct Segments {
    ticket: u16,
    pending: Zeroizing<Vec<u8>>,
}

impl Segments {
    /// The request that starts a hash (`algorithm` is an `ALG_*` number), or a MAC with `key`.
    ///
    /// # Errors
    /// [`Error::Misuse`] when the key's name does not fit its field.
    pub fn start(algorithm: u8, key: Option<&str>) -> Result<HashStart> {
        let name = key.map_or(Ok(ObjectName::EMPTY), ObjectName::new);
        let key = name.map_err(|error| Error::field("the key's name", OBJECT_LEN, error))?;
        Ok(HashStart { algorithm, key })
    }

    /// An empty stream into the hash named by `ticket`.
    #[must_use]
    pub fn new(ticket: u16) -> Self {
        Self { ticket, pending: Zeroizing::new(Vec::with_capacity(MAX_SEGMENT)) }
    }

    /// The ticket of the hash.
    #[must_use]
    pub fn ticket(&self) -> u16 {
        self.ticket
    }

    /// Takes bytes off the front of `data`; gives a segment whenever one is full. Call until it gives `None`.
    pub fn fill(&mut self, data: &mut &[u8]) -> Option<HashCont> {
        let (head, rest) = data.split_at((MAX_SEGMENT - self.pending.len()).min(data.len()));
        *data = rest;
        self.pending.extend_from_slice(head);
        if self.pending.len() < MAX_SEGMENT { None } else { self.rest() }
    }

    /// What is left over at the end of the stream, `None` when nothing is.
    pub fn rest(&mut self) -> Option<HashCont> {
        if self.pending.is_empty() {
            return None;
        }
        let length = self.pending.len() as u16;
        // `pending` never passes MAX_SEGMENT, so the tail always takes it.
        let data = ShortTail::new(&self.pending).ok()?;
        self.pending.clear();
        Some(HashCont { ticket: self.ticket, length, data })
    }
}

impl std::fmt::Debug for Segments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Segments {{ ticket: {}, pending: [{} bytes] }}", self.ticket, self.pending.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_full_but_the_last_and_keep_the_order() {
        let stream: Vec<u8> = (0..5000u32).map(|i| i as u8 ^ (i >> 8) as u8).collect();
        for step in [1, 7, 2047, 2048, 2049, 5000] {
            let mut segments = Segments::new(9);
            let mut seen = Vec::new();
            for mut piece in stream.chunks(step) {
                while let Some(segment) = segments.fill(&mut piece) {
                    seen.push(segment);
                }
                assert!(piece.is_empty());
            }
            seen.extend(segments.rest());
            assert!(segments.rest().is_none());
            assert_eq!(seen.iter().map(|s| s.length).collect::<Vec<_>>(), [2048, 2048, 904]);
            assert!(seen.iter().all(|s| s.ticket == 9 && s.data.len() == usize::from(s.length)));
            assert_eq!(seen.iter().flat_map(|s| s.data.iter().copied()).collect::<Vec<_>>(), stream);
        }
    }
}
