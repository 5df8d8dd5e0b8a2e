//! The raw driver: bytes over TCP, with `bancada-wire` for the layouts and nothing of the clients.
//!
//! It is also the runner's own hand, which sets the stage where a client cannot.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use bancada_crypto::login::{chap, password_digest, token_cmac};
use bancada_wire::codec;
use bancada_wire::frame::{
    FLAG, HEADER_LEN, HELLO_ACK_LEN, Header, Hello, LAST_RECORD, NOTIFY_CID, NOTIFY_CLOSE, OperatingMode,
    is_acknowledgement,
};
use bancada_wire::op::{self, Operation, ReplyShape};
use bancada_wire::text::{FixedText, Password};

use super::{ACTION_TIMEOUT_MS, Driver};
use crate::outcome::{Outcome, Value};
use crate::perform::{Caller, Failure, otp_field, perform, try_perform};
use crate::scenario::{Call, Handle, Login, Malformed};

/// Payload bytes beyond which a reply is taken for nonsense.
const MAX_REPLY: usize = 64 << 20;

/// Plays actions as bytes over TCP.
#[derive(Debug)]
pub struct RawDriver {
    address: SocketAddr,
    sessions: BTreeMap<Handle, Connection>,
}

/// One connection.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
}

/// Collects the frame of a request instead of sending it.
struct Recorder {
    frame: Vec<u8>,
    max_request: usize,
}

impl RawDriver {
    /// A driver for the device at an address.
    #[must_use]
    pub fn new(address: SocketAddr) -> Self {
        Self { address, sessions: BTreeMap::new() }
    }

    fn session(&mut self, handle: Handle) -> Result<&mut Connection, Outcome> {
        self.sessions.get_mut(&handle).ok_or_else(|| Outcome::Broken("no such session".to_owned()))
    }
}

impl Driver for RawDriver {
    fn name(&self) -> &'static str {
        "raw"
    }

    fn open(&mut self, handle: Handle, login: &Login, tls: Option<bool>) -> Outcome {
        if tls == Some(true) {
            return Outcome::CannotExpress("the raw driver speaks without TLS");
        }
        let mut connection = match Connection::open(self.address) {
            Ok(connection) => connection,
            Err(failure) => return outcome(failure),
        };
        match connection.login(login) {
            Ok(mode) => {
                self.sessions.insert(handle, connection);
                Outcome::Ok(Value::Opened { mode: Some(mode.number()) })
            }
            Err(Failure::Status(status)) => {
                if status == bancada_wire::status::Status::ERR_PWD_EXPIRED {
                    self.sessions.insert(handle, connection);
                }
                Outcome::Status(status)
            }
            Err(failure) => outcome(failure),
        }
    }

    fn close(&mut self, handle: Handle) -> Outcome {
        if let Some(mut connection) = self.sessions.remove(&handle) {
            let header = Header { id: NOTIFY_CLOSE, len: 0 };
            if connection.send(&header.to_bytes()).is_ok() {
                connection.wait_for_end();
            }
        }
        Outcome::Ok(Value::None)
    }

    fn disconnect(&mut self, handle: Handle) -> Outcome {
        self.sessions.remove(&handle);
        Outcome::Ok(Value::None)
    }

    fn call(&mut self, handle: Handle, call: &Call) -> Outcome {
        match self.session(handle) {
            Ok(connection) => perform(connection, call),
            Err(outcome) => outcome,
        }
    }

    fn malformed(&mut self, handle: Handle, frame: &Malformed) -> Outcome {
        let connection = match self.session(handle) {
            Ok(connection) => connection,
            Err(outcome) => return outcome,
        };
        let bytes = match malformed_frame(frame) {
            Ok(bytes) => bytes,
            Err(failure) => return outcome(failure),
        };
        match connection.send(&bytes).and_then(|()| connection.reply(ReplyShape::Single)) {
            Ok(payload) => Outcome::Ok(Value::Bytes(payload)),
            Err(failure) => outcome(failure),
        }
    }

    fn reset(&mut self) {
        self.sessions.clear();
    }
}

fn outcome(failure: Failure) -> Outcome {
    match failure {
        Failure::Status(status) => Outcome::Status(status),
        Failure::Disconnected => Outcome::Disconnected,
        Failure::CannotExpress(reason) => Outcome::CannotExpress(reason),
        Failure::Broken(reason) => Outcome::Broken(reason),
    }
}

impl Connection {
    /// Connects and greets without TLS.
    ///
    /// # Errors
    /// [`Failure`] when there is no connection or no acknowledgement.
    pub fn open(address: SocketAddr) -> Result<Self, Failure> {
        let timeout = Duration::from_millis(ACTION_TIMEOUT_MS);
        let stream = TcpStream::connect_timeout(&address, timeout).map_err(|error| io(&error))?;
        let set = |result: std::io::Result<()>| result.map_err(|error| io(&error));
        set(stream.set_read_timeout(Some(timeout)))?;
        set(stream.set_write_timeout(Some(timeout)))?;
        set(stream.set_nodelay(true))?;
        Ok(Self { stream })
    }

    /// Greets and logs in.
    fn login(&mut self, login: &Login) -> Result<OperatingMode, Failure> {
        let hello = Hello { tls: false, token: matches!(login, Login::Token { .. }) };
        self.send(&hello.to_header().to_bytes())?;
        let mut word = [0; HELLO_ACK_LEN];
        self.receive(&mut word)?;
        if !is_acknowledgement(u32::from_le_bytes(word)) {
            return Err(Failure::Broken(format!("the hello was answered with {}", hex::encode(word))));
        }
        match login {
            Login::Anonymous => {
                let reply = self.call(op::LoginAnonymous)?;
                known_mode(reply.mode)
            }
            Login::OneTime { user, password, otp } => {
                let granted = self.call(op::LoginChallenge)?;
                let proof = chap(&digest_of(password)?, &granted.challenge);
                let user = FixedText::new(user)?;
                self.call(op::LoginOtp { proof, user, otp: otp_field(otp)? })?;
                known_mode(granted.mode)
            }
            Login::Password { user, password } => {
                let digest = digest_of(password)?;
                self.answer_challenge(user, |_, challenge| Ok(chap(&digest, challenge)))
            }
            Login::Token { user, key } => {
                let key = <[u8; 16]>::try_from(key.bytes())
                    .map_err(|_| Failure::CannotExpress("a token's key has 16 bytes"))?;
                self.answer_challenge(user, |user, challenge| {
                    token_cmac(&key, user, challenge).map_err(|error| Failure::Broken(error.to_string()))
                })
            }
        }
    }

    /// AUTHENTICATE: asks for a challenge and answers it.
    pub(crate) fn answer_challenge(
        &mut self,
        user: &str,
        proof: impl FnOnce(&[u8; 16], &[u8; 16]) -> Result<[u8; 16], Failure>,
    ) -> Result<OperatingMode, Failure> {
        self.send(&Header { id: op::Authenticate::SPEC.code, len: NOTIFY_CID }.to_bytes())?;
        let header = self.header()?;
        let mode = OperatingMode::from_notify_code(header.id)
            .ok_or_else(|| Failure::Broken(format!("the challenge came under {:#x}", header.id)))?;
        let mut challenge = [0; 16];
        if header.len != 16 {
            return Err(Failure::Broken(format!("a challenge of {} bytes", header.len)));
        }
        self.receive(&mut challenge)?;
        let name: FixedText<16> = FixedText::new(user)?;
        let mut padded = [0; 16];
        padded[..name.as_bytes().len()].copy_from_slice(name.as_bytes());
        let answer = [proof(&padded, &challenge)?, padded].concat();
        self.send(&answer)?;
        self.reply(ReplyShape::Single)?;
        Ok(mode)
    }

    /// Sends bytes.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.stream.write_all(bytes).map_err(|error| io(&error))
    }

    /// Receives exactly so many bytes.
    pub(crate) fn receive(&mut self, bytes: &mut [u8]) -> Result<(), Failure> {
        self.stream.read_exact(bytes).map_err(|error| io(&error))
    }

    fn header(&mut self) -> Result<Header, Failure> {
        let mut bytes = [0; HEADER_LEN];
        self.receive(&mut bytes)?;
        let header = Header::from_bytes(bytes);
        header.status().map_or(Ok(header), |status| Err(Failure::Status(status)))
    }

    fn reply(&mut self, shape: ReplyShape) -> Result<Vec<u8>, Failure> {
        let mut payload = Vec::new();
        loop {
            let header = self.header()?;
            if header.id != 0 {
                return Err(Failure::Broken(format!("a reply under {:#x}", header.id)));
            }
            let records = matches!(shape, ReplyShape::Records { .. });
            if records && header.len == LAST_RECORD {
                return Ok(payload);
            }
            let start = payload.len();
            let end = start + header.len as usize;
            if end > MAX_REPLY {
                return Err(Failure::Broken(format!("a reply of {end} bytes")));
            }
            payload.resize(end, 0);
            self.receive(&mut payload[start..])?;
            if !records {
                return Ok(payload);
            }
        }
    }

    /// Reads until the device has closed, so that what it does on a close is done.
    fn wait_for_end(&mut self) {
        let mut byte = [0];
        while matches!(self.stream.read(&mut byte), Ok(1)) {}
    }
}

impl Caller for Connection {
    fn call<O: Operation>(&mut self, operation: O) -> Result<O::Response, Failure> {
        let mut frame = Vec::new();
        op::encode_request(&operation, &mut frame);
        self.send(&frame)?;
        let payload = self.reply(operation.reply_shape())?;
        codec::decode(&payload)
            .map_err(|error| Failure::Broken(format!("the reply to {} is malformed: {error}", O::SPEC.name)))
    }
}

impl Caller for Recorder {
    fn call<O: Operation>(&mut self, operation: O) -> Result<O::Response, Failure> {
        op::encode_request(&operation, &mut self.frame);
        self.max_request = O::SPEC.max_request;
        Err(Failure::Disconnected)
    }
}

/// The bytes of a malformed frame.
fn malformed_frame(frame: &Malformed) -> Result<Vec<u8>, Failure> {
    let (Malformed::Truncated { call }
    | Malformed::Trailing { call }
    | Malformed::WrongFlag { call }
    | Malformed::TooLarge { call }) = frame
    else {
        return Ok(match frame {
            Malformed::Garbage { bytes } => bytes.clone(),
            Malformed::UnknownOpcode { opcode, payload } => {
                let header = Header { id: *opcode, len: payload.len() as u32 };
                [&header.to_bytes(), payload.as_slice()].concat()
            }
            _ => Header { id: op::Authenticate::SPEC.code, len: NOTIFY_CID }.to_bytes().to_vec(),
        });
    };
    let mut recorder = Recorder { frame: Vec::new(), max_request: 0 };
    if let Err(failure @ (Failure::CannotExpress(_) | Failure::Broken(_))) = try_perform(&mut recorder, call)
    {
        return Err(failure);
    }
    let mut bytes = recorder.frame;
    let header = bytes
        .first_chunk::<HEADER_LEN>()
        .map(|header| Header::from_bytes(*header))
        .ok_or_else(|| Failure::Broken("the call made no frame".to_owned()))?;
    let len = match frame {
        Malformed::Truncated { .. } => {
            if bytes.len() == HEADER_LEN {
                return Err(Failure::CannotExpress("there is no payload to cut"));
            }
            bytes.pop();
            header.len - 1
        }
        Malformed::Trailing { .. } => {
            bytes.push(0x5A);
            header.len + 1
        }
        Malformed::WrongFlag { .. } => header.len ^ FLAG,
        _ => {
            bytes.truncate(HEADER_LEN);
            (recorder.max_request as u32 + 1) | (header.len & FLAG)
        }
    };
    bytes[..HEADER_LEN].copy_from_slice(&Header { id: header.id, len }.to_bytes());
    Ok(bytes)
}

fn digest_of(password: &str) -> Result<[u8; 16], Failure> {
    Ok(password_digest(Password::new(password)?.expose()))
}

fn known_mode(number: u32) -> Result<OperatingMode, Failure> {
    OperatingMode::from_number(number)
        .ok_or_else(|| Failure::Broken(format!("operating mode {number} is unknown")))
}

fn io(error: &std::io::Error) -> Failure {
    match error.kind() {
        ErrorKind::UnexpectedEof
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::NotConnected => Failure::Disconnected,
        ErrorKind::WouldBlock | ErrorKind::TimedOut => {
            Failure::Broken(format!("no answer within {ACTION_TIMEOUT_MS} ms"))
        }
        _ => Failure::Broken(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_frames_are_wrong_in_one_way() {
        let call = Call::Random { length: 5 };
        let good = [0x20, 0, 0xB4, 0, 4, 0, 0, 0, 5, 0, 0, 0];
        let bytes = |frame: Malformed| malformed_frame(&frame).unwrap();
        assert_eq!(bytes(Malformed::Truncated { call: call.clone() })[..7], [0x20, 0, 0xB4, 0, 3, 0, 0]);
        assert_eq!(bytes(Malformed::Truncated { call: call.clone() }).len(), good.len() - 1);
        assert_eq!(bytes(Malformed::Trailing { call: call.clone() }).len(), good.len() + 1);
        assert_eq!(bytes(Malformed::WrongFlag { call: call.clone() })[4..8], [4, 0, 0, 0x80]);
        assert_eq!(bytes(Malformed::TooLarge { call })[4..], (8193u32).to_le_bytes());
        assert_eq!(bytes(Malformed::Garbage { bytes: vec![7; 3] }), [7; 3]);
        assert_eq!(bytes(Malformed::SecondLogin), [17, 0, 0, 0, 0xF3, 0xFF, 0xFF, 0xFF]);
    }
}
