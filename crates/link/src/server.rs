//! The device's end of one connection: bytes in, events out (AAP framing as npm `@dinamonetworks/hsm-dinamo` 4.9.1 speaks it).
//!
//! ```
//! use bancada_link::server::{Event, ServerConnection};
//!
//! let mut connection = ServerConnection::new();
//! let bytes = [0x4F, 0x4C, 0x45, 0x48, 0, 0, 1, 0];
//! let room = connection.read_space();
//! room[..bytes.len()].copy_from_slice(&bytes); // a host reads its socket into `room` instead
//! connection.advance(bytes.len());
//! while let Some(event) = connection.poll() {
//!     match event {
//!         Event::Hello(hello) => {
//!             let acknowledgement = hello.acknowledgement().to_le_bytes();
//!             // write it; if `hello.tls`, shake hands, and from here on feed what TLS decrypts
//!             # assert_eq!(&acknowledgement, b"OLEH");
//!         }
//!         Event::Request { code, flag, payload } => { /* execute; after a granted AUTHENTICATE: challenge_sent */ }
//!         Event::LoginResponse(answer) => { /* check the proof */ }
//!         Event::TooLarge { code } => { /* reply ERR_INVALID_PAYLOAD and close */ }
//!         Event::Malformed(why) => { /* log and close */ }
//!         Event::Close => { /* close */ }
//!     }
//! }
//! ```

use bancada_wire::codec::MAX_PAYLOAD;
use bancada_wire::frame::{HEADER_LEN, Header, Hello, NOTIFY_CID, NOTIFY_CLOSE};
use bancada_wire::op::{self, Authenticate, LOGIN_RESPONSE_LEN, Operation};

use crate::buffer::Buffer;

/// Bytes of buffer an idle connection holds, our choice: most requests fit, and 10 000 sessions cost 10 MiB.
pub const IDLE_BUFFER: usize = 1024;

/// What a client did.
#[derive(Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// It said hello: write [`Hello::acknowledgement`], then start TLS if [`Hello::tls`] is set.
    Hello(Hello),
    /// It sent a request. AUTHENTICATE comes with an empty payload.
    Request {
        /// Opcode, known or not.
        code: u32,
        /// Bit 31 of the length word.
        flag: bool,
        /// Payload, at most `max_request` of a known operation, `MAX_PAYLOAD` of an unknown one.
        payload: &'a [u8],
    },
    /// It answered the challenge announced by [`ServerConnection::challenge_sent`].
    LoginResponse(&'a [u8; LOGIN_RESPONSE_LEN]),
    /// It announced a payload larger than the operation allows. Reply `ERR_INVALID_PAYLOAD` and close: the
    /// payload was not read, so nothing after it can be understood.
    TooLarge {
        /// Opcode of the request.
        code: u32,
    },
    /// It broke the protocol where no reply is possible. Close.
    Malformed(&'static str),
    /// It ends the connection.
    Close,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Hello,
    Frames,
    LoginResponse,
    Ended,
}

/// One connection as the device sees it. Does no IO; the host reads, writes and runs TLS.
///
/// Read into [`Self::read_space`], call [`Self::advance`], then [`Self::poll`] until it gives `None`.
/// Requests that were sent together come out one by one.
pub struct ServerConnection {
    buffer: Buffer,
    state: State,
}

impl ServerConnection {
    /// A connection that was just accepted.
    #[must_use]
    pub const fn new() -> Self {
        Self { buffer: Buffer::new(IDLE_BUFFER, IDLE_BUFFER), state: State::Hello }
    }

    /// Where to read the next bytes into, never empty. Gives the memory of an earlier large request back.
    pub fn read_space(&mut self) -> &mut [u8] {
        let frame = self.frame_size();
        self.buffer.room(frame)
    }

    /// Says that `count` bytes were read into [`Self::read_space`].
    pub fn advance(&mut self, count: usize) {
        self.buffer.advance(count);
    }

    /// Takes bytes that were read elsewhere, at the price of a copy.
    pub fn receive(&mut self, bytes: &[u8]) {
        self.buffer.extend(bytes);
    }

    /// What the client did next, `None` when more bytes are needed or the connection has ended.
    pub fn poll(&mut self) -> Option<Event<'_>> {
        match self.state {
            State::Hello => self.poll_hello(),
            State::Frames => self.poll_frame(),
            State::LoginResponse => self.poll_login_response(),
            State::Ended => None,
        }
    }

    /// Says that a challenge was granted: the next 32 bytes are its answer, without a header.
    ///
    /// Call it after the request AUTHENTICATE and before the next [`Self::poll`].
    pub fn challenge_sent(&mut self) {
        if self.state == State::Frames {
            self.state = State::LoginResponse;
        }
    }

    /// Whether [`Event::Close`], [`Event::TooLarge`] or [`Event::Malformed`] was given; nothing follows them.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.state == State::Ended
    }

    /// Whether part of a request has arrived: a host may allow less time for the rest than between requests.
    #[must_use]
    pub fn is_mid_frame(&self) -> bool {
        self.state != State::Ended && !self.buffer.unread().is_empty()
    }

    /// Bytes of memory the read buffer holds.
    #[must_use]
    pub fn buffered_memory(&self) -> usize {
        self.buffer.capacity()
    }

    fn header(&self) -> Option<Header> {
        self.buffer.unread().first_chunk::<HEADER_LEN>().map(|bytes| Header::from_bytes(*bytes))
    }

    fn frame_size(&self) -> usize {
        match (self.state, self.header()) {
            (State::LoginResponse, _) => LOGIN_RESPONSE_LEN,
            (State::Frames, Some(header)) if header.request_len() <= MAX_PAYLOAD => {
                HEADER_LEN + header.request_len()
            }
            _ => HEADER_LEN,
        }
    }

    fn end(&mut self, event: Event<'static>) -> Option<Event<'static>> {
        self.state = State::Ended;
        self.buffer.wipe();
        Some(event)
    }

    fn poll_hello(&mut self) -> Option<Event<'_>> {
        let header = self.header()?;
        let Some(hello) = Hello::from_header(header) else {
            return self.end(Event::Malformed("the connection does not start with a hello of AAP version 1"));
        };
        self.buffer.consume(HEADER_LEN);
        if hello.tls && !self.buffer.unread().is_empty() {
            return self.end(Event::Malformed("clear bytes follow a hello that asks for TLS"));
        }
        self.state = State::Frames;
        Some(Event::Hello(hello))
    }

    fn poll_frame(&mut self) -> Option<Event<'_>> {
        const AUTHENTICATE: u32 = Authenticate::SPEC.code;
        let header = self.header()?;
        let code = header.id;
        let length = match code {
            NOTIFY_CLOSE => return self.end(Event::Close),
            AUTHENTICATE if header.len == NOTIFY_CID => 0,
            AUTHENTICATE => {
                return self.end(Event::Malformed("the length word of AUTHENTICATE is not NOTIFY_CID"));
            }
            _ => header.request_len(),
        };
        if length > op::spec(code).map_or(MAX_PAYLOAD, |spec| spec.max_request.min(MAX_PAYLOAD)) {
            return self.end(Event::TooLarge { code });
        }
        if self.buffer.unread().len() < HEADER_LEN + length {
            return None;
        }
        self.buffer.consume(HEADER_LEN);
        let flag = code != AUTHENTICATE && header.flag();
        Some(Event::Request { code, flag, payload: self.buffer.consume(length) })
    }

    fn poll_login_response(&mut self) -> Option<Event<'_>> {
        if self.buffer.unread().len() < LOGIN_RESPONSE_LEN {
            return None;
        }
        self.state = State::Frames;
        self.buffer.consume(LOGIN_RESPONSE_LEN).first_chunk().map(Event::LoginResponse)
    }
}

impl Default for ServerConnection {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for ServerConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerConnection")
            .field("state", &self.state)
            .field("unread_bytes", &self.buffer.unread().len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
