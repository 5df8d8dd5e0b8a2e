//! Tests of the device's end: every split of the bytes gives the same events, and garbage gives no panic.

use super::*;
use bancada_wire::frame::FLAG;
use bancada_wire::op::{EddsaSign, encode_request};
use bancada_wire::text::ObjectName;
use proptest::prelude::*;

const HELLO: [u8; 8] = [0x4F, 0x4C, 0x45, 0x48, 0, 0, 1, 0];
const TLS_HELLO: [u8; 8] = [0x4F, 0x4C, 0x45, 0x48, 1, 0, 1, 0];
const AUTHENTICATE: [u8; 8] = [17, 0, 0, 0, 0xF3, 0xFF, 0xFF, 0xFF];
const CLOSE: [u8; 8] = [0xFE, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0];

/// An event with its bytes copied out.
#[derive(Debug, Clone, PartialEq)]
enum Seen {
    Hello { tls: bool },
    Request(u32, bool, Vec<u8>),
    Login(Vec<u8>),
    TooLarge(u32),
    Malformed,
    Close,
}

/// Polls to the end as a host would, granting every AUTHENTICATE.
fn drain(connection: &mut ServerConnection, seen: &mut Vec<Seen>) {
    while let Some(event) = connection.poll() {
        let event = match event {
            Event::Hello(hello) => Seen::Hello { tls: hello.tls },
            Event::Request { code, flag, payload } => Seen::Request(code, flag, payload.to_vec()),
            Event::LoginResponse(answer) => Seen::Login(answer.to_vec()),
            Event::TooLarge { code } => Seen::TooLarge(code),
            Event::Malformed(_) => Seen::Malformed,
            Event::Close => Seen::Close,
        };
        if matches!(event, Seen::Request(17, ..)) {
            connection.challenge_sent();
        }
        seen.push(event);
    }
}

/// Feeds pieces through the buffer the host reads into.
fn feed<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Seen> {
    let mut connection = ServerConnection::new();
    let mut seen = Vec::new();
    for mut piece in pieces {
        while !piece.is_empty() {
            let room = connection.read_space();
            let count = room.len().min(piece.len());
            room[..count].copy_from_slice(&piece[..count]);
            connection.advance(count);
            drain(&mut connection, &mut seen);
            piece = &piece[count..];
        }
    }
    seen
}

fn frame(code: u32, length_word: u32, payload: &[u8]) -> Vec<u8> {
    [&Header { id: code, len: length_word }.to_bytes()[..], payload].concat()
}

/// A whole conversation and the events it must give.
fn conversation() -> (Vec<u8>, Vec<Seen>) {
    let large = vec![0xA5; 6000];
    let bytes = [
        &HELLO[..],
        &AUTHENTICATE,
        &[7; 32],
        &frame(0x00B4_0001, 0, &[]),
        &frame(20, FLAG | 3, b"abc"),
        &frame(0x7777, 6000, &large),
        &CLOSE,
    ]
    .concat();
    let seen = vec![
        Seen::Hello { tls: false },
        Seen::Request(17, false, vec![]),
        Seen::Login(vec![7; 32]),
        Seen::Request(0x00B4_0001, false, vec![]),
        Seen::Request(20, true, b"abc".to_vec()),
        Seen::Request(0x7777, false, large),
        Seen::Close,
    ];
    (bytes, seen)
}

#[test]
fn one_byte_at_a_time_and_all_at_once_give_the_same_events() {
    let (bytes, expected) = conversation();
    assert_eq!(feed(bytes.chunks(1)), expected);
    assert_eq!(feed([&bytes[..]]), expected);

    let mut connection = ServerConnection::new();
    let mut seen = Vec::new();
    connection.receive(&bytes);
    drain(&mut connection, &mut seen);
    assert_eq!(seen, expected);
    assert!(connection.has_ended());
}

#[test]
fn every_two_way_split_gives_the_same_events() {
    let (bytes, expected) = conversation();
    for at in (0..120).chain(bytes.len() - 20..bytes.len()) {
        assert_eq!(feed([&bytes[..at], &bytes[at..]]), expected, "split at {at}");
    }
}

#[test]
fn clear_bytes_behind_a_tls_hello_are_not_taken_for_decrypted_ones() {
    let injected = [&TLS_HELLO[..], &AUTHENTICATE].concat();
    assert_eq!(feed([&injected[..]]), [Seen::Malformed]);
    // The host shakes hands between the reads; what it feeds then is decrypted.
    assert_eq!(
        feed([&TLS_HELLO[..], &AUTHENTICATE]),
        [Seen::Hello { tls: true }, Seen::Request(17, false, vec![])]
    );
}

#[test]
fn the_bound_is_the_operations_own_and_is_checked_on_the_header_alone() {
    let limit = EddsaSign::SPEC.max_request as u32;
    let with = |code, len| feed([&HELLO[..], &frame(code, len, &[])]).pop();
    assert_eq!(with(71, limit), Some(Seen::Hello { tls: false }), "waits for the payload");
    assert_eq!(with(71, limit + 1), Some(Seen::TooLarge(71)));
    assert_eq!(with(71, FLAG | (limit + 1)), Some(Seen::TooLarge(71)));
    assert_eq!(with(0x7777, MAX_PAYLOAD as u32 + 1), Some(Seen::TooLarge(0x7777)));
    assert_eq!(with(0x7777, u32::MAX), Some(Seen::TooLarge(0x7777)));
    assert_eq!(with(17, 0), Some(Seen::Malformed), "AUTHENTICATE has no payload");
}

#[test]
fn memory_follows_the_bytes_that_arrived() {
    let mut connection = ServerConnection::new();
    assert_eq!(connection.buffered_memory(), 0);
    connection.receive(&HELLO);
    connection.receive(&frame(71, 4 << 20, &[1; 10]));
    while let Some(event) = connection.poll() {
        assert!(matches!(event, Event::Hello(_)));
    }
    assert!(connection.read_space().len() <= IDLE_BUFFER, "an announced length allocates nothing");
    assert!(connection.buffered_memory() <= IDLE_BUFFER);

    let mut left = (4 << 20) - 10;
    while left > 0 {
        let count = connection.read_space().len().min(left);
        connection.advance(count);
        left -= count;
    }
    assert!(matches!(connection.poll(), Some(Event::Request { code: 71, .. })));
    assert!(connection.poll().is_none());
    connection.read_space();
    assert_eq!(connection.buffered_memory(), IDLE_BUFFER, "an idle connection is small again");
}

#[test]
fn nothing_follows_the_end() {
    let bytes = [&HELLO[..], &CLOSE, &AUTHENTICATE].concat();
    assert_eq!(feed([&bytes[..]]), [Seen::Hello { tls: false }, Seen::Close]);
    assert_eq!(feed([&b"GET / HTTP/1.1\r\n"[..]]), [Seen::Malformed]);
}

#[test]
fn a_request_is_what_the_client_encodes() {
    let mut bytes = HELLO.to_vec();
    let name = ObjectName::new("k").unwrap();
    encode_request(&EddsaSign { name, mode: 0, data: vec![1, 2, 3].into() }, &mut bytes);
    let Some(Seen::Request(71, _, payload)) = feed([&bytes[..]]).pop() else { panic!("no request") };
    assert_eq!(&payload[payload.len() - 3..], [1, 2, 3]);
}

proptest! {
    #[test]
    fn garbage_never_panics_and_splits_never_matter(
        start in prop::bool::ANY,
        tail in prop::collection::vec(any::<u8>(), 0..300),
        sizes in prop::collection::vec(1usize..40, 1..20),
    ) {
        let mut bytes = if start { HELLO.to_vec() } else { Vec::new() };
        bytes.extend_from_slice(&tail);
        let whole = feed([&bytes[..]]);
        let mut rest = &bytes[..];
        let mut pieces = Vec::new();
        for size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, after) = rest.split_at((*size).min(rest.len()));
            pieces.push(piece);
            rest = after;
        }
        prop_assert_eq!(feed(pieces), whole);
    }
}
