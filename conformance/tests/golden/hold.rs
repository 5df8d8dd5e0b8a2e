//! Holding one exchange to typed values: both directions, through the codec and through both ends of `link`.

use std::fmt::Debug;

use bancada_conformance::golden::Exchange;
use bancada_link::Error;
use bancada_link::client;
use bancada_link::server::{Event, ServerConnection};
use bancada_wire::frame::Hello;
use bancada_wire::op::{Operation, decode_request, encode_request};
use bancada_wire::reply::Reply;
use bancada_wire::status::Status;

/// The request has these bytes and these values; so has the reply, cut as it stands there.
pub(crate) fn holds<O>(exchange: &Exchange, request: O, response: O::Response)
where
    O: Operation<Response: PartialEq + Debug> + PartialEq + Debug,
{
    asks(&exchange.name, &exchange.client, &request);
    let mut reply = Reply::new();
    reply.ok(&response, request.reply_shape());
    cut(exchange, &reply);
    assert_eq!(answered(exchange, &request).as_ref(), Ok(&response), "{}", exchange.name);
}

/// The request has these bytes and these values; the reply is this error.
pub(crate) fn fails<O>(exchange: &Exchange, request: O, status: Status)
where
    O: Operation<Response: PartialEq + Debug> + PartialEq + Debug,
{
    asks(&exchange.name, &exchange.client, &request);
    let mut reply = Reply::new();
    reply.error(status);
    cut(exchange, &reply);
    let operation = O::SPEC.name;
    assert_eq!(answered(exchange, &request), Err(Error::Device { operation, status }), "{}", exchange.name);
}

/// Encoder and decoder agree with the bytes of a request.
pub(crate) fn asks<O: Operation + PartialEq + Debug>(name: &str, bytes: &[u8], request: &O) {
    let mut frame = Vec::new();
    encode_request(request, &mut frame);
    assert_eq!(hex::encode(&frame), hex::encode(bytes), "{name}: our encoder");

    let mut device = ServerConnection::new();
    feed(&mut device, &Hello { tls: false, token: false }.to_header().to_bytes());
    assert!(matches!(device.poll(), Some(Event::Hello(_))), "{name}");
    for byte in bytes {
        assert_eq!(device.poll(), None, "{name}: a request before its last byte");
        feed(&mut device, std::slice::from_ref(byte));
    }
    match device.poll() {
        Some(Event::Request { code, flag, payload }) => {
            assert_eq!(code, O::SPEC.code, "{name}");
            assert_eq!(decode_request::<O>(payload, flag).as_ref(), Ok(request), "{name}: our decoder");
        }
        event => panic!("{name}: {event:?}"),
    }
}

/// Bytes arrive at the device.
pub(crate) fn feed(device: &mut ServerConnection, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        let room = device.read_space();
        let count = room.len().min(bytes.len());
        room[..count].copy_from_slice(&bytes[..count]);
        device.advance(count);
        bytes = &bytes[count..];
    }
}

fn cut(exchange: &Exchange, reply: &Reply) {
    let records: Vec<_> = reply.records().map(hex::encode).collect();
    let expected: Vec<_> = exchange.server.iter().map(hex::encode).collect();
    assert_eq!(records, expected, "{}: our reply", exchange.name);
}

/// What our client makes of the answer, byte by byte.
fn answered<O: Operation>(exchange: &Exchange, request: &O) -> Result<O::Response, Error> {
    let mut client = client::Exchange::new("golden".to_owned());
    client.begin(request)?;
    assert_eq!(client.request(), exchange.client, "{}", exchange.name);
    for byte in exchange.answer() {
        let room = client.read_space();
        let room = room.unwrap_or_else(|| panic!("{}: complete before its last byte", exchange.name));
        room[0] = byte;
        client.received(1)?;
    }
    assert!(client.read_space().is_none(), "{}: waits for more", exchange.name);
    client.finish::<O>()
}
