//! The client's end of a connection: what a device may answer, to the login and to requests; and a client's settings.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use bancada_link::client::{Action, Exchange, MAX_REPLY, Opening, change_password};
use bancada_link::config::{self, ClientConfig};
use bancada_link::tls::{ServerTrust, client_config};
use bancada_link::{Address, Credentials, Error};
use bancada_wire::codec;
use bancada_wire::frame::{HEADER_LEN, Header, LAST_RECORD, NOTIFY_CLOSE, OperatingMode};
use bancada_wire::op::{FlagUse, Operation, ReplyShape, decode_request};
use bancada_wire::status::Status;

use crate::input::{Input, pieces};
use crate::memory::bounded;
use crate::wire;

/// A login: one byte for its kind and for TLS, one for the sizes of the pieces, then what the device answers.
pub fn opening(data: &[u8]) {
    let mut input = Input::new(data);
    let (kind, seed) = (input.u8(), input.u8());
    let credentials = match kind & 3 {
        0 => Credentials::user("master", "12345678"),
        1 => Credentials::user_otp("master", "12345678", "123456"),
        2 => Credentials::token("master", [7; 16]),
        _ => Ok(Credentials::anonymous()),
    };
    let credentials = credentials.expect("these fit their fields");
    bounded(data.len(), || log_in(&credentials, kind & 4 != 0, pieces(input.rest(), seed)));
}

fn log_in<'a>(credentials: &Credentials, tls: bool, mut pieces: impl Iterator<Item = &'a [u8]>) {
    let mut opening = Opening::new(credentials, tls);
    let (mut sent, mut tls_started) = (0, false);
    let mut piece: &[u8] = &[];
    loop {
        match opening.step() {
            Ok(Action::Send(bytes)) => {
                assert!(!bytes.is_empty());
                assert!(sent == 0 || tls_started == tls, "a login before TLS");
                sent += 1;
                assert!(sent <= 3, "more than a hello, a request and a proof");
            }
            Ok(Action::StartTls) => {
                assert!(tls && !tls_started && sent == 1);
                tls_started = true;
            }
            Ok(Action::Receive(space)) => {
                assert!(!space.is_empty(), "nothing to read and nothing to do");
                if piece.is_empty() {
                    let Some(next) = pieces.next() else { return };
                    piece = next;
                }
                let count = space.len().min(piece.len());
                space[..count].copy_from_slice(&piece[..count]);
                piece = &piece[count..];
                opening.received(count);
            }
            Ok(Action::Done(_)) => {
                assert!(sent >= 2 && tls_started == tls && !opening.may_restart());
                return;
            }
            Err(error) => {
                assert!(!matches!(error, Error::Misuse(_)), "a peer cannot misuse our client: {error}");
                return;
            }
        }
    }
}

/// What a device answers to one request.
pub(crate) struct Conversation<'a> {
    /// First byte of the request's payload: where the shape of the reply depends on the request, it is here.
    first: u8,
    seed: u8,
    reply: &'a [u8],
}

/// Opcode, first byte of the request, one byte for the sizes of the pieces, then what the device answers.
pub fn exchange(data: &[u8]) {
    let mut input = Input::new(data);
    let code = input.u32();
    let conversation = Conversation { first: input.u8(), seed: input.u8(), reply: input.rest() };
    (wire::row(code).exchange)(conversation);
}

/// How a call ended.
#[derive(Debug, PartialEq)]
enum Outcome {
    /// With a response, encoded again.
    Response(Vec<u8>),
    Refused(Status),
    /// The peer broke the protocol or left.
    Lost,
    /// It did not end: bytes are missing.
    Waiting,
}

pub(crate) fn converse<O: Operation>(conversation: Conversation<'_>) {
    let Conversation { first, seed, reply } = conversation;
    let Some(request) = sample::<O>(first) else { return };
    let (expected, used) = model::<O>(reply, request.reply_shape());
    let one_by_one = bounded(reply.len(), || call(&request, reply.chunks(1)));
    assert_eq!(one_by_one, expected, "{}", O::SPEC.name);
    let cut = bounded(reply.len(), || call(&request, pieces(reply, seed)));
    // Bytes behind a reply nobody sees when they come later, and that end the session when they come along.
    let trailing = cut == Outcome::Lost && used < reply.len();
    assert!(trailing || cut == expected, "{}: {cut:?} where {expected:?} was right", O::SPEC.name);
}

/// A request whose payload is `first` and zeros.
fn sample<O: Operation>(first: u8) -> Option<O> {
    static LENGTHS: Mutex<BTreeMap<u32, Option<usize>>> = Mutex::new(BTreeMap::new());
    let flag = matches!(O::SPEC.flag, FlagUse::Always);
    let decode = |payload: &[u8]| decode_request::<O>(payload, flag).ok();
    let mut lengths = LENGTHS.lock().unwrap_or_else(PoisonError::into_inner);
    let shortest = || (0..4096).find(|length| decode(&vec![0; *length]).is_some());
    let length = (*lengths.entry(O::SPEC.code).or_insert_with(shortest))?;
    let mut payload = vec![0; length];
    payload.iter_mut().take(1).for_each(|byte| *byte = first);
    decode(&payload)
}

fn call<'a, O: Operation>(request: &O, pieces: impl Iterator<Item = &'a [u8]>) -> Outcome {
    let mut exchange = Exchange::new("device:4433".to_owned());
    exchange.begin(request).expect("a small request fits");
    for mut piece in pieces {
        while !piece.is_empty() {
            let Some(space) = exchange.read_space() else { return finish::<O>(exchange) };
            assert!(!space.is_empty(), "no space to read into");
            let count = space.len().min(piece.len());
            space[..count].copy_from_slice(&piece[..count]);
            if let Err(error) = exchange.received(count) {
                assert!(!matches!(error, Error::Misuse(_)), "a peer cannot misuse our client: {error}");
                assert!(exchange.read_space().is_none() && exchange.check_usable().is_err());
                return Outcome::Lost;
            }
            piece = &piece[count..];
        }
    }
    finish::<O>(exchange)
}

fn finish<O: Operation>(mut exchange: Exchange) -> Outcome {
    if exchange.read_space().is_some() {
        assert!(exchange.received(0).is_err(), "the end of the connection is an error");
        return Outcome::Waiting;
    }
    match exchange.finish::<O>() {
        Ok(response) => {
            assert!(exchange.check_usable().is_ok());
            let mut bytes = Vec::new();
            codec::encode(&response, &mut bytes);
            Outcome::Response(bytes)
        }
        Err(Error::Device { status, .. }) => {
            assert!(exchange.check_usable().is_ok());
            Outcome::Refused(status)
        }
        Err(Error::PeerMisbehaved(_)) => {
            assert!(exchange.check_usable().is_err());
            Outcome::Lost
        }
        Err(error) => panic!("a complete reply ended in {error}"),
    }
}

/// The protocol's rules for a reply a second time, on bytes that are all there; and how many of them it takes.
fn model<O: Operation>(reply: &[u8], shape: ReplyShape) -> (Outcome, usize) {
    let records = matches!(shape, ReplyShape::Records { .. });
    let (mut rest, mut payload) = (reply, Vec::new());
    loop {
        let Some((header, after)) = rest.split_first_chunk::<HEADER_LEN>() else {
            return (Outcome::Waiting, reply.len());
        };
        let header = Header::from_bytes(*header);
        let length = header.len as usize;
        rest = after;
        if let Some(status) = header.status() {
            return (Outcome::Refused(status), reply.len() - rest.len());
        }
        if header.id == NOTIFY_CLOSE || OperatingMode::from_notify_code(header.id).is_none() {
            return (Outcome::Lost, reply.len());
        }
        let last = records && header.len == LAST_RECORD;
        if !last {
            if length + payload.len() > MAX_REPLY {
                return (Outcome::Lost, reply.len());
            }
            let Some((frame, after)) = rest.split_at_checked(length) else {
                return (Outcome::Waiting, reply.len());
            };
            payload.extend_from_slice(frame);
            rest = after;
        }
        if last || !records {
            let readable = codec::decode::<O::Response>(&payload).is_ok();
            let outcome = if readable { Outcome::Response(payload) } else { Outcome::Lost };
            return (outcome, reply.len() - rest.len());
        }
    }
}

/// What a person or an environment gives a client: addresses, access tokens, passwords, variables, certificates.
pub fn settings(data: &[u8]) {
    let mut input = Input::new(data);
    let kind = input.u8();
    let bytes = input.rest();
    let text = String::from_utf8_lossy(bytes);
    match kind % 5 {
        0 => {
            let Ok(address) = text.parse::<Address>() else { return };
            let shown = address.to_string();
            assert_eq!(shown.parse::<Address>().as_ref(), Ok(&address), "{shown}");
        }
        1 => {
            let Ok(credentials) = Credentials::token_text(&text) else { return };
            assert!(credentials.user_name().is_some_and(|name| !name.is_empty()));
            assert!(format!("{credentials:?}").contains("[secret]"));
        }
        2 => {
            let changed = change_password(&text);
            assert_eq!(changed.is_ok(), text.len() <= 16 && !text.contains('\0'));
        }
        3 => {
            let mut values = text.lines();
            let names = [
                config::CONNECT_TIMEOUT,
                config::SEND_TIMEOUT,
                config::RECV_TIMEOUT,
                config::MAX_CONNECT_RETRIES,
                config::MAX_SOCKET_RETRIES,
            ];
            let found: BTreeMap<_, _> =
                names.into_iter().filter_map(|name| Some((name, values.next()?))).collect();
            let lookup = |name: &str| found.get(name).map(|value| (*value).to_owned());
            let Ok(config) = ClientConfig::from_lookup(lookup) else { return };
            config.check().expect("what was read can be used");
            assert!(config.max_connect_retries <= 16 && config.max_socket_retries <= 16);
        }
        _ => drop(client_config(&ServerTrust::Roots(vec![bytes.to_vec()]))),
    }
}
