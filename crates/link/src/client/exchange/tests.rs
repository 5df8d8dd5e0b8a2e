//! Tests of the exchange: every split of a reply, every reply shape, and replies no device should send.

use super::*;
use bancada_wire::codec::{Items, SecretTail, Tail};
use bancada_wire::frame::{NOTIFY_ERR, NOTIFY_OK};
use bancada_wire::op::{
    A_TOKEN_INFINITE, A_TOKEN_LIST, AToken, AccessToken, EddsaSign, GetRandom, ObjExp, Ping,
};
use bancada_wire::reply::Reply;
use bancada_wire::text::ObjectName;
use proptest::prelude::*;

fn exchange() -> Exchange {
    Exchange::new("hsm:4433".to_owned())
}

/// Feeds `pieces` to the call under way and ends it.
fn run<'a, O: Operation>(
    exchange: &mut Exchange,
    operation: &O,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Result<O::Response> {
    exchange.begin(operation)?;
    for mut piece in pieces {
        while !piece.is_empty() {
            let Some(space) = exchange.read_space() else { return Err(Error::misuse("bytes left over")) };
            let count = space.len().min(piece.len());
            space[..count].copy_from_slice(&piece[..count]);
            exchange.received(count)?;
            piece = &piece[count..];
        }
    }
    exchange.finish::<O>()
}

fn random(length: usize) -> (GetRandom, Vec<u8>) {
    let mut reply = Reply::new();
    let bytes: Vec<u8> = (0..length).map(|i| i as u8).collect();
    reply.ok(&SecretTail::from(bytes), ReplyShape::Single);
    (GetRandom { length: length as u32 }, reply.bytes().to_vec())
}

fn token_list(count: u8) -> (AToken, Items<AccessToken, { 1 << 20 }>, Vec<u8>) {
    let list = AToken { operation: A_TOKEN_LIST, key: [0; 16].into(), expiration: 0 };
    let token = |row| AccessToken { key: [row; 16].into(), expiration: A_TOKEN_INFINITE };
    let tokens = Items((0..count).map(token).collect());
    let mut reply = Reply::new();
    reply.ok(&tokens, list.reply_shape());
    (list, tokens, reply.bytes().to_vec())
}

#[test]
fn every_split_of_a_reply_gives_the_same_response() {
    let mut exchange = exchange();
    let (operation, bytes) = random(40);
    for at in 0..=bytes.len() {
        let response = run(&mut exchange, &operation, [&bytes[..at], &bytes[at..]]).unwrap();
        assert_eq!(response.expose(), &bytes[HEADER_LEN..], "split at {at}");
    }
    let (operation, tokens, bytes) = token_list(3);
    for at in 0..=bytes.len() {
        let response = run(&mut exchange, &operation, [&bytes[..at], &bytes[at..]]).unwrap();
        assert_eq!(response, tokens, "split at {at}");
    }
    let response = run(&mut exchange, &operation, bytes.chunks(1)).unwrap();
    assert_eq!(response, tokens);
}

#[test]
fn a_list_without_records_and_a_reply_with_its_own_header_record_are_read() {
    let mut exchange = exchange();
    let (operation, tokens, bytes) = token_list(0);
    assert_eq!(run(&mut exchange, &operation, [&bytes[..]]).unwrap(), tokens);

    let mut reply = Reply::new();
    reply.ok(&Tail(vec![9; 3000]), ReplyShape::SplitHeader);
    let export = ObjExp { name: ObjectName::new("k").unwrap(), flags: 0 };
    let response = run(&mut exchange, &export, reply.records()).unwrap();
    assert_eq!(response.expose(), [9; 3000]);
}

#[test]
fn a_refusal_leaves_the_session_usable() {
    let mut exchange = exchange();
    let refusal = Header::error(Status::ERR_ACCESS_DENIED).to_bytes();
    let error = run(&mut exchange, &Ping, [&refusal[..]]).unwrap_err();
    assert_eq!(error, Error::Device { operation: "PING", status: Status::ERR_ACCESS_DENIED });
    // In the middle of a list, too.
    let (operation, _, bytes) = token_list(2);
    let broken = [&bytes[..32], &refusal].concat();
    assert_eq!(
        run(&mut exchange, &operation, [&broken[..]]).unwrap_err().status(),
        Status::ERR_ACCESS_DENIED
    );
    let (operation, bytes) = random(4);
    assert!(run(&mut exchange, &operation, [&bytes[..]]).is_ok());
}

#[test]
fn an_abandoned_call_poisons_the_session() {
    let mut exchange = exchange();
    exchange.begin(&Ping).unwrap();
    let error = exchange.begin(&Ping).unwrap_err();
    assert!(matches!(&error, Error::Misuse(text) if text.contains("open a new session")), "{error}");
    assert!(exchange.goodbye().is_none(), "nothing is said in the middle of a call");
}

#[test]
fn a_lost_connection_stays_lost() {
    let mut exchange = exchange();
    exchange.begin(&Ping).unwrap();
    let error = exchange.received(0).unwrap_err();
    assert!(matches!(error, Error::Io { doing: Doing::Receive, kind: io::ErrorKind::UnexpectedEof, .. }));
    let error = exchange.begin(&Ping).unwrap_err();
    assert!(matches!(&error, Error::Io { kind: io::ErrorKind::NotConnected, .. }));
    assert!(error.to_string().ends_with("Open a new session"), "{error}");

    let mut closed = self::exchange();
    let close = Header { id: NOTIFY_CLOSE, len: 0 }.to_bytes();
    assert!(matches!(run(&mut closed, &Ping, [&close[..]]), Err(Error::Io { doing: Doing::Receive, .. })));
}

#[test]
fn replies_no_device_should_send_lose_the_session() {
    let ok = |len: u32| Header { id: NOTIFY_OK, len }.to_bytes();
    let cases: [(&[u8], &str); 5] = [
        (&Header { id: 7, len: 0 }.to_bytes(), "has the code 0x00000007"),
        (&ok(MAX_REPLY as u32 + 1), "is larger than 64 MiB"),
        (&[ok(0), ok(0)].concat(), "is followed by bytes nobody asked for"),
        (&[&ok(1)[..], &[0]].concat(), "cannot be read"),
        (&[Header::error(Status::ERR_UNKNOWN).to_bytes(), ok(0)].concat(), "is followed by bytes"),
    ];
    for (bytes, expected) in cases {
        let mut exchange = exchange();
        let error = run(&mut exchange, &Ping, [bytes]).unwrap_err();
        assert!(matches!(&error, Error::PeerMisbehaved(text) if text.contains(expected)), "{error}");
        assert!(exchange.check_usable().is_err());
    }
}

#[test]
fn an_endless_list_ends_at_the_bound_without_memory() {
    let mut exchange = exchange();
    let (list, ..) = token_list(0);
    exchange.begin(&list).unwrap();
    let mut fed = 0;
    let error = loop {
        assert!(fed <= 2 * MAX_REPLY, "the list goes on for ever");
        let space = exchange.read_space().unwrap();
        let count = space.len() / HEADER_LEN * HEADER_LEN;
        space[..count].fill(0);
        fed += count;
        if let Err(error) = exchange.received(count) {
            break error;
        }
        assert!(exchange.input.capacity() <= 4 << 10);
    };
    assert!(error.to_string().contains("larger than 64 MiB"), "{error}");
}

#[test]
fn memory_follows_the_reply_and_is_given_back() {
    let mut exchange = exchange();
    exchange.begin(&GetRandom { length: 0 }).unwrap();
    let header = Header { id: NOTIFY_OK, len: 60 << 20 }.to_bytes();
    exchange.read_space().unwrap()[..8].copy_from_slice(&header);
    exchange.received(8).unwrap();
    exchange.read_space();
    assert!(exchange.input.capacity() <= 8 << 10, "an announced length allocates nothing");

    let mut exchange = self::exchange();
    let (operation, bytes) = random(300_000);
    let response = run(&mut exchange, &operation, [&bytes[..]]).unwrap();
    assert_eq!(response.expose().len(), 300_000);
    assert!(exchange.input.capacity() <= KEEP);
}

#[test]
fn a_request_too_large_is_refused_before_it_is_sent() {
    let mut exchange = exchange();
    let name = ObjectName::new("k").unwrap();
    let sign = EddsaSign { name, mode: 0, data: Tail(vec![0; (4 << 20) + 1]) };
    let error = exchange.begin(&sign).unwrap_err();
    assert!(matches!(&error, Error::Misuse(text) if text.contains("is too large")), "{error}");
    assert!(exchange.request().is_empty());
    assert!(exchange.begin(&Ping).is_ok(), "nothing was sent, so the session goes on");
    assert_eq!(exchange.request().len(), HEADER_LEN);
}

#[test]
fn goodbye_is_said_once() {
    let mut exchange = exchange();
    assert_eq!(exchange.goodbye(), Some([0xFE, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]));
    assert_eq!(exchange.goodbye(), None);
}

proptest! {
    #[test]
    fn garbage_never_panics(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        ok in any::<bool>(),
        piece in 1usize..50,
    ) {
        let mut reply = if ok { NOTIFY_OK.to_le_bytes().to_vec() } else { NOTIFY_ERR.to_le_bytes().to_vec() };
        reply.extend(&bytes);
        for start in [0, 4] {
            let _ = run(&mut exchange(), &Ping, reply[start..].chunks(piece));
            let _ = run(&mut exchange(), &token_list(0).0, reply[start..].chunks(piece));
        }
    }
}
