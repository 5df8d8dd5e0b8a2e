//! The wire protocol: headers, hellos, status codes, and the payloads of every operation.

use bancada_wire::codec;
use bancada_wire::for_each_operation;
use bancada_wire::frame::{
    self, FLAG, HEADER_LEN, Header, Hello, LAST_RECORD, OperatingMode, is_acknowledgement,
};
use bancada_wire::op::{self, Operation, ReplyShape};
use bancada_wire::reply::Reply;
use bancada_wire::status::Status;

use crate::client;
use crate::input::Input;
use crate::memory::bounded;

/// What a target does with each operation.
pub(crate) struct Row {
    pub(crate) code: u32,
    request: fn(&[u8], bool),
    response: fn(&[u8]),
    reply: fn(&[u8], ReplyShape),
    answer: fn(&[u8], bool, &[u8]),
    pub(crate) exchange: fn(client::Conversation<'_>),
}

macro_rules! rows {
    ($($module:ident $operation:ident,)*) => {
        /// Every operation, in order of opcode.
        static ROWS: &[Row] = &[$(Row {
            code: <op::$operation as Operation>::SPEC.code,
            request: decode_request::<op::$operation>,
            response: decode_response::<op::$operation>,
            reply: write_reply::<op::$operation>,
            answer: read_answer::<op::$operation>,
            exchange: client::converse::<op::$operation>,
        }),*];
    };
}
for_each_operation!(rows);

/// The operation with this opcode; any other number picks one too, so that no input is wasted.
pub(crate) fn row(code: u32) -> &'static Row {
    match ROWS.binary_search_by_key(&code, |row| row.code) {
        Ok(row) => &ROWS[row],
        Err(_) => &ROWS[code as usize % ROWS.len()],
    }
}

/// A header, and everything that can be read off it.
pub fn header(data: &[u8]) {
    let Some(bytes) = data.first_chunk::<HEADER_LEN>() else { return };
    let header = Header::from_bytes(*bytes);
    assert_eq!(header.to_bytes(), *bytes);
    assert_eq!(header.request_len() as u32 | if header.flag() { FLAG } else { 0 }, header.len);
    if let Some(status) = header.status() {
        assert_eq!(header.id, frame::NOTIFY_ERR);
        // Bit 31 is set by the device; the number below it is what counts.
        assert_eq!(Header::error(status).len, header.len | FLAG);
    }
    if let Some(mode) = OperatingMode::from_notify_code(header.id) {
        assert_eq!(mode.notify_code(), header.id);
    }
    if let Some(mode) = OperatingMode::from_number(header.id) {
        assert_eq!(mode.number(), header.id);
    }
    if let Some(spec) = op::spec(header.id) {
        assert_eq!(spec.code, header.id);
    }
}

/// A hello and its acknowledgement.
pub fn hello(data: &[u8]) {
    let Some(bytes) = data.first_chunk::<HEADER_LEN>() else { return };
    if let Some(hello) = Hello::from_header(Header::from_bytes(*bytes)) {
        assert_eq!(hello.to_header().to_bytes(), *bytes);
        assert!(is_acknowledgement(hello.acknowledgement()));
    }
    let mut input = Input::new(data);
    let word = input.u32();
    assert_eq!(is_acknowledgement(word), [b"OLEH", b"TNKO", b"TAKO"].contains(&&word.to_le_bytes()));
}

/// A status, from its number and from its name.
pub fn status(data: &[u8]) {
    let mut input = Input::new(data);
    let word = input.u32();
    let status = Status::from_wire(word);
    assert_eq!(status.to_wire(), word | FLAG);
    assert_eq!(status.code() as u32, word & !FLAG);
    assert_eq!(status.is_success(), word & !FLAG == 0);
    let shown = bounded(data.len(), || format!("{status} {status:?} {:?}", status.family()));
    assert!(shown.contains(&status.code().to_string()));
    assert!(!status.description().is_empty());
    if let Some(name) = status.name() {
        assert_eq!(Status::from_name(name), Some(status));
        assert!(status.family().is_some(), "{name} is in no family");
    }
    let text = String::from_utf8_lossy(input.rest());
    if let Some(named) = Status::from_name(&text) {
        assert!(named.name().is_some() && text.starts_with("D_"));
    }
}

/// A request: opcode, length word with its flag, payload to the end.
pub fn request(data: &[u8]) {
    let mut input = Input::new(data);
    let (code, word) = (input.u32(), input.u32());
    (row(code).request)(input.rest(), word & FLAG != 0);
}

/// A response: opcode, a word that is not used, payload to the end.
pub fn response(data: &[u8]) {
    let mut input = Input::new(data);
    let (code, _) = (input.u32(), input.u32());
    (row(code).response)(input.rest());
}

/// A reply written by the device: opcode, the size of its records, the response to the end.
pub fn reply(data: &[u8]) {
    let mut input = Input::new(data);
    let (code, word) = (input.u32(), input.u32());
    let shape = match word & 3 {
        0 => ReplyShape::Single,
        1 => ReplyShape::SplitHeader,
        _ => ReplyShape::Records { size: (word >> 2) as usize & 0xFFF },
    };
    (row(code).reply)(input.rest(), shape);

    let status = Status::from_code(word as i32);
    let mut reply = Reply::new();
    reply.error(status);
    assert_eq!(reply.records().count(), 1);
    let sent = if status.code() < 0 { Status::ERR_UNKNOWN } else { status };
    assert_eq!(reply.status(), sent);
}

fn decode_request<O: Operation>(payload: &[u8], flag: bool) {
    let Ok(request) = bounded(payload.len(), || op::decode_request::<O>(payload, flag)) else { return };
    let mut frame = Vec::new();
    op::encode_request(&request, &mut frame);
    let (header, again) = frame.split_first_chunk().expect("a frame starts with a header");
    assert_eq!(again, payload, "{}", O::SPEC.name);
    assert_eq!(Header::from_bytes(*header).flag(), flag, "{}", O::SPEC.name);
    assert_eq!(Header::from_bytes(*header).request_len(), payload.len());
    // Whoever cuts a reply by its shape relies on records of at least a byte.
    assert!(!matches!(request.reply_shape(), ReplyShape::Records { size: 0 }));
}

fn decode_response<O: Operation>(payload: &[u8]) {
    let Ok(response) = bounded(payload.len(), || codec::decode::<O::Response>(payload)) else { return };
    let mut again = Vec::new();
    codec::encode(&response, &mut again);
    assert_eq!(again, payload, "{}", O::SPEC.name);
}

fn write_reply<O: Operation>(payload: &[u8], shape: ReplyShape) {
    let Ok(response) = codec::decode::<O::Response>(payload) else { return };
    let mut reply = Reply::new();
    reply.ok(&response, shape);
    assert!(reply.status().is_success() && !reply.disconnects());
    let records: Vec<&[u8]> = reply.records().collect();
    assert!(records.iter().all(|record| !record.is_empty()));
    assert_eq!(records.concat(), reply.bytes());
    assert_eq!(unframed(reply.bytes(), shape).as_deref(), Some(payload), "{} as {shape:?}", O::SPEC.name);
}

/// Asserts that `reply` is a success reply to this request: its frames and its payload have the right form.
pub(crate) fn check_answer(code: u32, flag: bool, payload: &[u8], reply: &[u8]) {
    (row(code).answer)(payload, flag, reply);
}

fn read_answer<O: Operation>(payload: &[u8], flag: bool, reply: &[u8]) {
    let name = O::SPEC.name;
    let request = op::decode_request::<O>(payload, flag);
    let Ok(request) = request else { panic!("{name} succeeded with a payload that is none of it") };
    let response = unframed(reply, request.reply_shape());
    let Some(response) = response else { panic!("the reply to {name} is not cut as it says") };
    assert!(codec::decode::<O::Response>(&response).is_ok(), "the reply to {name} is no response to it");
}

/// The payload of a success reply, read a second time in the simplest way.
pub(crate) fn unframed(mut bytes: &[u8], shape: ReplyShape) -> Option<Vec<u8>> {
    let mut payload = Vec::new();
    while let Some((header, after)) = bytes.split_first_chunk::<HEADER_LEN>() {
        let header = Header::from_bytes(*header);
        let records = matches!(shape, ReplyShape::Records { .. });
        OperatingMode::from_notify_code(header.id)?;
        if records && header.len == LAST_RECORD {
            return after.is_empty().then_some(payload);
        }
        let (frame, after) = after.split_at_checked(header.len as usize)?;
        payload.extend_from_slice(frame);
        if !records {
            return after.is_empty().then_some(payload);
        }
        bytes = after;
    }
    None
}
