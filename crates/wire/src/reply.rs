//! Replies: frames the device sends, with the places where a TLS record or write must end.
//!
//! The vendor's npm client treats each piece of data that arrives as one reply, so a reply's record
//! boundaries are part of the protocol (npm `@dinamonetworks/hsm-dinamo` 4.9.1, `key.kekWrapOp`, `user.managerToken`).

use crate::codec::{self, Encode};
use crate::frame::{HEADER_LEN, Header, LAST_RECORD, NOTIFY_ERR, NOTIFY_OK};
use crate::op::ReplyShape;
use crate::secret;
use crate::status::Status;

/// Bytes to send, cut into records. Reused from request to request.
#[derive(Default)]
pub struct Reply {
    bytes: Vec<u8>,
    cuts: Vec<usize>,
    disconnect: bool,
}

impl Reply {
    /// An empty reply.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets everything, with zeros, but the memory; memory beyond `keep` bytes is given back.
    pub fn clear(&mut self, keep: usize) {
        self.erase();
        self.bytes.shrink_to(keep);
        self.cuts.clear();
        self.disconnect = false;
    }

    /// Writes a success reply.
    pub fn ok<T: Encode>(&mut self, response: &T, shape: ReplyShape) {
        self.ok_with(NOTIFY_OK, response, shape);
    }

    /// Writes a success reply under another NOTIFY code: a login challenge names the operating mode.
    pub fn ok_with<T: Encode>(&mut self, id: u32, response: &T, shape: ReplyShape) {
        let start = self.bytes.len();
        match shape {
            ReplyShape::Single | ReplyShape::SplitHeader => {
                self.bytes.extend_from_slice(&[0; HEADER_LEN]);
                codec::encode(response, &mut self.bytes);
                let length = self.bytes.len() - start - HEADER_LEN;
                let header = Header { id, len: length as u32 };
                self.bytes[start..start + HEADER_LEN].copy_from_slice(&header.to_bytes());
                if shape == ReplyShape::SplitHeader && length > 0 {
                    self.cuts.push(start + HEADER_LEN);
                }
            }
            ReplyShape::Records { size } => {
                let mut payload = Vec::new();
                codec::encode(response, &mut payload);
                for record in payload.chunks(size.max(1)) {
                    self.bytes.extend_from_slice(&Header { id, len: record.len() as u32 }.to_bytes());
                    self.bytes.extend_from_slice(record);
                    self.cuts.push(self.bytes.len());
                }
                secret::erase_all(&mut payload);
                self.bytes.extend_from_slice(&Header { id, len: LAST_RECORD }.to_bytes());
            }
        }
        self.cuts.push(self.bytes.len());
    }

    /// Writes an error reply in place of whatever was there.
    pub fn error(&mut self, status: Status) {
        self.erase();
        self.cuts.clear();
        self.bytes.extend_from_slice(&Header::error(status).to_bytes());
        self.cuts.push(self.bytes.len());
    }

    /// Asks the host to close the connection once this reply is sent.
    pub fn disconnect(&mut self) {
        self.disconnect = true;
    }

    /// Whether the connection ends after this reply.
    #[must_use]
    pub fn disconnects(&self) -> bool {
        self.disconnect
    }

    /// All bytes, for a transport without records.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The records, each to be written by itself where the transport has records.
    pub fn records(&self) -> impl Iterator<Item = &[u8]> {
        let mut start = 0;
        self.cuts.iter().map(move |&end| {
            let record = &self.bytes[start..end];
            start = end;
            record
        })
    }

    /// The status this reply gives, for logs and counters.
    #[must_use]
    pub fn status(&self) -> Status {
        match self.bytes.first_chunk::<HEADER_LEN>().map(|bytes| Header::from_bytes(*bytes)) {
            Some(header) if header.id == NOTIFY_ERR => Status::from_wire(header.len),
            _ => Status::SUCCESS,
        }
    }

    /// A reply may carry a key or a decrypted text.
    fn erase(&mut self) {
        secret::erase(&mut self.bytes);
        self.bytes.clear();
    }
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reply({}, {} bytes)", self.status(), self.bytes.len())
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        self.erase();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{Items, Tail};

    #[test]
    fn records_end_where_the_vendors_client_expects() {
        let mut reply = Reply::new();
        reply.ok(&Items::<u16, 4>(vec![1, 2]), ReplyShape::Records { size: 2 });
        let records: Vec<&[u8]> = reply.records().collect();
        assert_eq!(records[0], [0, 0, 0, 0, 2, 0, 0, 0, 1, 0]);
        assert_eq!(records[1], [0, 0, 0, 0, 2, 0, 0, 0, 2, 0]);
        assert_eq!(records[2], [0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F]);
        assert_eq!(records.len(), 3);

        reply.clear(0);
        reply.ok(&Tail(vec![5, 6]), ReplyShape::SplitHeader);
        assert_eq!(reply.records().collect::<Vec<_>>(), [&[0, 0, 0, 0, 2, 0, 0, 0][..], &[5, 6]]);
    }

    #[test]
    fn an_error_replaces_what_was_written() {
        let mut reply = Reply::new();
        reply.ok(&1u32, ReplyShape::Single);
        reply.error(Status::ERR_ACCESS_DENIED);
        assert_eq!(reply.bytes(), [0xFF, 0xFF, 0xFF, 0xFF, 0x8A, 0x13, 0, 0x80]);
        assert_eq!(reply.status(), Status::ERR_ACCESS_DENIED);
    }
}
