//! Greetings and logins: what our client writes, what our device reads and answers.

use bancada_conformance::facts::opened;
use bancada_conformance::golden::Exchange;
use bancada_link::client::Exchange as Client;
use bancada_link::server::{Event, ServerConnection};
use bancada_link::{Credentials, Error};
use bancada_wire::codec;
use bancada_wire::frame::{Hello, OperatingMode, is_acknowledgement};
use bancada_wire::op::{AuthenticateResponse, LOGIN_RESPONSE_LEN, LoginResponse, ReplyShape};
use bancada_wire::reply::Reply;
use bancada_wire::status::Status;
use bancada_wire::text::UserName;

use crate::hold::feed;

const HELLO: [u8; 8] = [0x4F, 0x4C, 0x45, 0x48, 0, 0, 1, 0];
const ACKNOWLEDGED: [u8; 4] = [0x4F, 0x4C, 0x45, 0x48];
const CHALLENGE: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const OTHER_CHALLENGE: [u8; 16] =
    [0xF0, 0xE1, 0xD2, 0xC3, 0xB4, 0xA5, 0x96, 0x87, 0x78, 0x69, 0x5A, 0x4B, 0x3C, 0x2D, 0x1E, 0x0F];

fn alice() -> Credentials {
    Credentials::user("alice", "12345678").unwrap()
}

pub(crate) fn greeting(exchange: &Exchange) {
    let (tls, token) = match exchange.name.as_str() {
        "hello in clear" => (false, false),
        "hello with TLS" => (true, false),
        "hello with a token" => (false, true),
        "hello with TLS and a token" => (true, true),
        "another protocol" => return no_greeting(exchange),
        name => panic!("no values for {name}"),
    };
    let credentials = if token { Credentials::token("alice", [0x5A; 16]).unwrap() } else { alice() };
    let opened = opened(&credentials, tls, &[&exchange.answer()]).unwrap();
    assert_eq!(opened.sent[0], exchange.client, "{}", exchange.name);
    assert_eq!(opened.tls_after, tls.then_some(1), "{}", exchange.name);
    // The acknowledgement was accepted: the client went on to ask for a challenge.
    assert_eq!(opened.sent[1], [17, 0, 0, 0, 0xF3, 0xFF, 0xFF, 0xFF], "{}", exchange.name);

    let mut device = ServerConnection::new();
    feed(&mut device, &exchange.client);
    assert_eq!(device.poll(), Some(Event::Hello(Hello { tls, token })), "{}", exchange.name);
    let word = *exchange.server[0].first_chunk().unwrap();
    assert!(
        exchange.server[0].len() == 4 && is_acknowledgement(u32::from_le_bytes(word)),
        "{}",
        exchange.name
    );
    assert!(is_acknowledgement(Hello { tls, token }.acknowledgement()), "{}", exchange.name);
}

/// The device gives up at the first header.
fn no_greeting(exchange: &Exchange) {
    let mut device = ServerConnection::new();
    feed(&mut device, &exchange.client);
    assert!(matches!(device.poll(), Some(Event::Malformed(_))), "{}", exchange.name);
    assert!(exchange.server.is_empty(), "{}", exchange.name);
}

pub(crate) fn login(exchange: &Exchange) {
    let master = || Credentials::user("master", "sixteen-letters!").unwrap();
    let token = || Credentials::token("alice", [0x5A; 16]).unwrap();
    match exchange.name.as_str() {
        "challenge" => challenge(exchange, OperatingMode::Nrm, CHALLENGE),
        "challenge in RM1" => challenge(exchange, OperatingMode::Rm1, CHALLENGE),
        "challenge in RM2" => challenge(exchange, OperatingMode::Rm2, OTHER_CHALLENGE),
        "password proof" => proof(exchange, &alice(), CHALLENGE),
        "password proof of a full field" => proof(exchange, &master(), OTHER_CHALLENGE),
        "token proof" => proof(exchange, &token(), CHALLENGE),
        "proof refused" => refused(exchange),
        "password expired" => expired(exchange),
        name => panic!("no values for {name}"),
    }
}

fn challenge(exchange: &Exchange, mode: OperatingMode, challenge: [u8; 16]) {
    let opened = opened(&alice(), false, &[&ACKNOWLEDGED, &exchange.answer()]).unwrap();
    assert_eq!(opened.sent[..2], [HELLO.to_vec(), exchange.client.clone()], "{}", exchange.name);
    assert_eq!(opened.sent.len(), 3, "{}: the challenge was not answered", exchange.name);

    let mut device = greeted();
    feed(&mut device, &exchange.client);
    let request = Some(Event::Request { code: 17, flag: false, payload: &[] });
    assert_eq!(device.poll(), request, "{}", exchange.name);
    let mut reply = Reply::new();
    reply.ok_with(mode.notify_code(), &AuthenticateResponse { challenge }, ReplyShape::Single);
    assert_eq!(reply.records().collect::<Vec<_>>(), exchange.server, "{}", exchange.name);
}

/// The answer to a challenge; gives what the client made of the device's reply.
fn answer(exchange: &Exchange, credentials: &Credentials, challenge: [u8; 16]) -> Result<bool, Error> {
    let challenge = [&[0, 0, 0, 0, 16, 0, 0, 0][..], &challenge].concat();
    let unanswered = opened(credentials, false, &[&ACKNOWLEDGED, &challenge]).unwrap();
    assert_eq!(hex::encode(&unanswered.sent[2]), hex::encode(&exchange.client), "{}", exchange.name);
    opened(credentials, false, &[&ACKNOWLEDGED, &challenge, &exchange.answer()]).map(|opened| opened.done)
}

fn proof(exchange: &Exchange, credentials: &Credentials, challenge: [u8; 16]) {
    assert_eq!(answer(exchange, credentials, challenge), Ok(true), "{}", exchange.name);
    assert_eq!(exchange.server, [[0; 8]], "{}", exchange.name);
    received(exchange, credentials.user_name().unwrap());
}

/// The device reads 32 bytes without a header: proof, then user.
fn received(exchange: &Exchange, user: &str) {
    let mut device = greeted();
    feed(&mut device, &[17, 0, 0, 0, 0xF3, 0xFF, 0xFF, 0xFF]);
    assert!(matches!(device.poll(), Some(Event::Request { .. })), "{}", exchange.name);
    device.challenge_sent();
    feed(&mut device, &exchange.client);
    let bytes: &[u8; LOGIN_RESPONSE_LEN] = exchange.client.first_chunk().unwrap();
    assert_eq!(device.poll(), Some(Event::LoginResponse(bytes)), "{}", exchange.name);
    let proof = *bytes.first_chunk().unwrap();
    let response = LoginResponse { proof, user: UserName::new(user).unwrap() };
    assert_eq!(codec::decode::<LoginResponse>(bytes), Ok(response), "{}", exchange.name);
}

fn refused(exchange: &Exchange) {
    received(exchange, "alice");
    let mut reply = Reply::new();
    reply.error(Status::ERR_ACCESS_DENIED);
    assert_eq!(reply.records().collect::<Vec<_>>(), exchange.server, "{}", exchange.name);
    let challenge = [&[0, 0, 0, 0, 16, 0, 0, 0][..], &CHALLENGE].concat();
    let error = opened(&alice(), false, &[&ACKNOWLEDGED, &challenge, &exchange.answer()]).unwrap_err();
    assert!(matches!(error, Error::Device { status: Status::ERR_ACCESS_DENIED, .. }), "{error}");
}

fn expired(exchange: &Exchange) {
    let mut reply = Reply::new();
    reply.error(Status::ERR_PWD_EXPIRED);
    assert_eq!(reply.records().collect::<Vec<_>>(), exchange.server, "{}", exchange.name);
    // The session stays: it may change the password.
    assert_eq!(answer(exchange, &alice(), CHALLENGE), Ok(true), "{}", exchange.name);
}

/// The frame that ends a session.
pub(crate) fn close(exchange: &Exchange) {
    let goodbye = Client::new("golden".to_owned()).goodbye().unwrap();
    assert_eq!(exchange.client, goodbye, "{}", exchange.name);
    assert!(exchange.server.is_empty(), "{}", exchange.name);
    let mut device = greeted();
    feed(&mut device, &exchange.client);
    assert_eq!(device.poll(), Some(Event::Close), "{}", exchange.name);
}

fn greeted() -> ServerConnection {
    let mut device = ServerConnection::new();
    feed(&mut device, &HELLO);
    assert!(matches!(device.poll(), Some(Event::Hello(_))));
    device
}
