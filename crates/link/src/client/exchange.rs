//! One request and its reply on an open session (AAP framing as npm `@dinamonetworks/hsm-dinamo` 4.9.1 speaks it).

use std::io;

use bancada_wire::codec::{self, MAX_PAYLOAD};
use bancada_wire::frame::{HEADER_LEN, Header, LAST_RECORD, NOTIFY_CLOSE, OperatingMode};
use bancada_wire::op::{Operation, ReplyShape, encode_request};
use bancada_wire::secret::{erase, erase_all};
use bancada_wire::status::Status;

use crate::buffer::Buffer;
use crate::error::{Doing, Error, Result};

/// Most bytes of one reply, headers included, our choice: more than the longest list a device can hold.
pub const MAX_REPLY: usize = 64 << 20;

/// Bytes of request and reply buffer that are kept from call to call, our choice.
const KEEP: usize = 64 << 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// No call under way.
    Idle,
    /// A request was begun, its reply is not complete. Whoever leaves now leaves a reply in the connection.
    Waiting,
    /// The reply is complete; the device's status if it is an error.
    Complete(Option<Status>),
    /// The connection is of no more use.
    Lost,
}

/// The requests and replies of one session, one at a time, on buffers that are used again.
///
/// ```no_run
/// # use std::io::{Read, Write};
/// # use bancada_link::{client::Exchange, Result, Error, Doing};
/// # use bancada_wire::op::Operation;
/// # struct Session { exchange: Exchange, stream: std::net::TcpStream }
/// # impl Session {
/// fn call<O: Operation>(&mut self, operation: &O) -> Result<O::Response> {
///     self.exchange.begin(operation)?;
///     self.stream.write_all(self.exchange.request()).map_err(|error| self.exchange.failed(Doing::Send, &error))?;
///     while let Some(space) = self.exchange.read_space() {
///         let count = self.stream.read(space).map_err(|error| self.exchange.failed(Doing::Receive, &error))?;
///         self.exchange.received(count)?;
///     }
///     self.exchange.finish::<O>()
/// }
/// # }
/// ```
///
/// A call that is abandoned between `begin` and `finish` leaves the session unusable, never out of step.
pub struct Exchange {
    address: String,
    out: Vec<u8>,
    input: Buffer,
    state: State,
    operation: &'static str,
    shape: ReplyShape,
    total: usize,
}

impl Exchange {
    /// For a session that was just opened; `address` appears in errors.
    #[must_use]
    pub fn new(address: String) -> Self {
        Self {
            address,
            out: Vec::new(),
            input: Buffer::new(4 << 10, KEEP),
            state: State::Idle,
            operation: "",
            shape: ReplyShape::Single,
            total: 0,
        }
    }

    /// The device's address.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Encodes a request into [`Self::request`].
    ///
    /// # Errors
    /// [`Error::Misuse`] when the request is larger than the operation allows, or an earlier call was
    /// abandoned; [`Error::Io`] when the connection was lost earlier.
    pub fn begin<O: Operation>(&mut self, operation: &O) -> Result<()> {
        self.check_usable()?;
        if self.out.capacity() == 0 {
            // Room for most requests, so that secrets are not left behind in outgrown memory.
            self.out.reserve(8 << 10);
        }
        encode_request(operation, &mut self.out);
        let length = self.out.len() - HEADER_LEN;
        let limit = O::SPEC.max_request.min(MAX_PAYLOAD);
        if length > limit {
            self.wipe();
            let name = O::SPEC.name;
            return Err(Error::misuse(format!(
                "{name} with {length} bytes is too large: the device takes at most {limit}; send less data"
            )));
        }
        self.state = State::Waiting;
        self.operation = O::SPEC.name;
        self.shape = operation.reply_shape();
        self.total = 0;
        Ok(())
    }

    /// The bytes to write, all of them, best in one go.
    #[must_use]
    pub fn request(&self) -> &[u8] {
        &self.out
    }

    /// Where to read the reply into, `None` when it is complete.
    pub fn read_space(&mut self) -> Option<&mut [u8]> {
        if self.state != State::Waiting {
            return None;
        }
        let frame = self.header().filter(|header| header.status().is_none()).map_or(HEADER_LEN, |header| {
            let length = if header.len == LAST_RECORD { 0 } else { header.len as usize };
            HEADER_LEN + length.min(MAX_REPLY)
        });
        Some(self.input.room(frame))
    }

    /// Says how many bytes were read into [`Self::read_space`]; 0 is the end of the connection.
    ///
    /// # Errors
    /// [`Error::PeerMisbehaved`] when the bytes are no reply, [`Error::Io`] when the connection ended. The
    /// session is lost.
    pub fn received(&mut self, count: usize) -> Result<()> {
        if count == 0 {
            self.lose();
            return Err(Error::ended(Doing::Receive, &self.address));
        }
        self.input.advance(count);
        self.total += count;
        let outcome = self.scan();
        if outcome.is_err() {
            self.lose();
        }
        outcome
    }

    /// Ends the call: the response, or what the device answered instead.
    ///
    /// # Errors
    /// [`Error::Device`] when the device refused, [`Error::PeerMisbehaved`] when the payload is not the
    /// operation's response, [`Error::Misuse`] when the reply is not complete.
    pub fn finish<O: Operation>(&mut self) -> Result<O::Response> {
        let State::Complete(status) = self.state else {
            return Err(Error::misuse("the reply is not complete: read until there is no more read space"));
        };
        self.state = State::Idle;
        let outcome = match status {
            Some(status) => Err(Error::Device { operation: O::SPEC.name, status }),
            None => {
                let payload = match self.shape {
                    ReplyShape::Records { .. } => self.input.kept(),
                    _ => self.input.unread(),
                };
                codec::decode(payload).map_err(|error| {
                    Error::misbehaved(format!("its reply to {} cannot be read: {error}", O::SPEC.name))
                })
            }
        };
        self.wipe();
        if matches!(outcome, Err(Error::PeerMisbehaved(_))) {
            self.lose();
        }
        outcome
    }

    /// Marks the session as lost and gives the error to return.
    pub fn failed(&mut self, doing: Doing, error: &io::Error) -> Error {
        self.lose();
        Error::io(doing, &self.address, error)
    }

    /// The frame that ends the connection, for an orderly close; `None` when there is nobody left to tell, or
    /// a call is under way. No call is possible afterwards.
    pub fn goodbye(&mut self) -> Option<[u8; HEADER_LEN]> {
        let usable = self.state == State::Idle;
        self.lose();
        usable.then(|| Header { id: NOTIFY_CLOSE, len: 0 }.to_bytes())
    }

    /// Whether a call can be made.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn check_usable(&self) -> Result<()> {
        match self.state {
            State::Idle => Ok(()),
            State::Waiting | State::Complete(_) => Err(Error::misuse(
                "an earlier call on this session was abandoned before its reply came, so replies no longer \
                 match requests; open a new session",
            )),
            State::Lost => Err(Error::Io {
                doing: Doing::Send,
                address: self.address.clone(),
                kind: io::ErrorKind::NotConnected,
                detail: "the connection was lost in an earlier call".to_owned(),
            }),
        }
    }

    fn lose(&mut self) {
        self.wipe();
        self.state = State::Lost;
    }

    fn wipe(&mut self) {
        erase(&mut self.out);
        self.out.clear();
        self.out.shrink_to(KEEP);
        self.input.wipe();
    }

    fn header(&self) -> Option<Header> {
        self.input.unread().first_chunk().map(|bytes| Header::from_bytes(*bytes))
    }

    /// Takes the frames that are complete.
    fn scan(&mut self) -> Result<()> {
        while self.state == State::Waiting {
            let Some(header) = self.header() else { return Ok(()) };
            if let Some(status) = header.status() {
                self.input.consume(HEADER_LEN);
                self.complete(Some(status), 0)?;
            } else if header.id == NOTIFY_CLOSE {
                return Err(Error::ended(Doing::Receive, &self.address));
            } else if OperatingMode::from_notify_code(header.id).is_none() {
                return Err(self.misbehaved(&format!("has the code 0x{:08X}", header.id)));
            } else if !self.take_frame(header)? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Takes one success frame; `false` when it is not complete.
    fn take_frame(&mut self, header: Header) -> Result<bool> {
        let records = matches!(self.shape, ReplyShape::Records { .. });
        if records && header.len == LAST_RECORD {
            self.input.consume(HEADER_LEN);
            return self.complete(None, 0).map(|()| true);
        }
        let length = header.len as usize;
        // `total` counts what was read of the whole reply, so even a stream of empty records ends here.
        if length > MAX_REPLY || self.total > MAX_REPLY || self.input.kept().len() + length > MAX_REPLY {
            return Err(self.misbehaved("is larger than 64 MiB"));
        }
        if self.input.unread().len() < HEADER_LEN + length {
            return Ok(false);
        }
        self.input.consume(HEADER_LEN);
        if records {
            self.input.keep(length);
        } else {
            self.complete(None, length)?;
        }
        Ok(true)
    }

    /// The reply ends `payload` bytes further; nothing may follow, as nothing was asked.
    fn complete(&mut self, status: Option<Status>, payload: usize) -> Result<()> {
        if self.input.unread().len() > payload {
            return Err(self.misbehaved("is followed by bytes nobody asked for"));
        }
        self.state = State::Complete(status);
        Ok(())
    }

    fn misbehaved(&self, what: &str) -> Error {
        Error::misbehaved(format!("its reply to {} {what}", self.operation))
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        erase_all(&mut self.out);
    }
}

impl std::fmt::Debug for Exchange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Exchange")
            .field("address", &self.address)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
