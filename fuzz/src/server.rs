//! The device's end of a connection: any bytes, cut anywhere.

use bancada_link::server::{Event, IDLE_BUFFER, ServerConnection};
use bancada_wire::codec::MAX_PAYLOAD;
use bancada_wire::frame::HEADER_LEN;
use bancada_wire::op::{self, Authenticate, Operation};

use crate::input::{Input, pieces};
use crate::memory::bounded;

/// An event with its bytes copied out.
#[derive(Debug, PartialEq)]
enum Seen {
    Hello { tls: bool, token: bool },
    Request(u32, bool, Vec<u8>),
    Login(Vec<u8>),
    TooLarge(u32),
    Malformed(&'static str),
    Close,
}

/// One byte for the sizes of the pieces, one whose lowest bit grants logins; then what the client sends.
///
/// However the bytes are cut, the events are the same. The one cut that means something is the one behind a hello that
/// asks for TLS, so there is always one there.
pub fn connection(data: &[u8]) {
    let mut input = Input::new(data);
    let (seed, grants) = (input.u8(), input.u8() & 1 != 0);
    let (hello, rest) = (input.take(HEADER_LEN), input.rest());
    let whole = bounded(data.len(), || feed([hello, rest], grants));
    let cut = feed(std::iter::once(hello).chain(pieces(rest, seed)), grants);
    assert_eq!(cut, whole);
    let copied = copy([hello, rest], grants);
    assert_eq!(copied, whole);
    check(&whole);
}

/// Feeds pieces through the buffer the host reads into.
fn feed<'a>(pieces: impl IntoIterator<Item = &'a [u8]>, grants: bool) -> Vec<Seen> {
    let mut connection = ServerConnection::new();
    let (mut seen, mut received) = (Vec::new(), 0);
    for mut piece in pieces {
        while !piece.is_empty() {
            let room = connection.read_space();
            assert!(!room.is_empty(), "no room to read into");
            let count = room.len().min(piece.len());
            room[..count].copy_from_slice(&piece[..count]);
            connection.advance(count);
            received += count;
            let memory = connection.buffered_memory();
            assert!(memory <= IDLE_BUFFER + 2 * received, "{memory} bytes held for {received} received");
            poll(&mut connection, grants, &mut seen);
            piece = &piece[count..];
        }
    }
    seen
}

/// Feeds pieces that were read elsewhere.
fn copy<'a>(pieces: impl IntoIterator<Item = &'a [u8]>, grants: bool) -> Vec<Seen> {
    let mut connection = ServerConnection::new();
    let mut seen = Vec::new();
    for piece in pieces {
        connection.receive(piece);
        poll(&mut connection, grants, &mut seen);
    }
    seen
}

fn poll(connection: &mut ServerConnection, grants: bool, seen: &mut Vec<Seen>) {
    while let Some(event) = connection.poll() {
        let event = match event {
            Event::Hello(hello) => Seen::Hello { tls: hello.tls, token: hello.token },
            Event::Request { code, flag, payload } => Seen::Request(code, flag, payload.to_vec()),
            Event::LoginResponse(answer) => Seen::Login(answer.to_vec()),
            Event::TooLarge { code } => Seen::TooLarge(code),
            Event::Malformed(why) => Seen::Malformed(why),
            Event::Close => Seen::Close,
        };
        let ends = matches!(event, Seen::TooLarge(_) | Seen::Malformed(_) | Seen::Close);
        if grants && matches!(event, Seen::Request(code, ..) if code == Authenticate::SPEC.code) {
            connection.challenge_sent();
        }
        seen.push(event);
        assert_eq!(connection.has_ended(), ends, "{:?}", seen.last());
    }
}

/// What holds of every conversation.
fn check(seen: &[Seen]) {
    for (at, event) in seen.iter().enumerate() {
        match event {
            Seen::Hello { .. } => assert_eq!(at, 0, "a second hello"),
            Seen::Request(code, _, payload) => {
                let limit = op::spec(*code).map_or(MAX_PAYLOAD, |spec| spec.max_request);
                assert!(at > 0 && payload.len() <= limit);
            }
            Seen::Login(_) => {
                let asked =
                    matches!(seen[at - 1], Seen::Request(code, ..) if code == Authenticate::SPEC.code);
                assert!(asked, "a login response nobody asked for");
            }
            Seen::TooLarge(_) | Seen::Malformed(_) | Seen::Close => assert_eq!(at + 1, seen.len()),
        }
    }
}
