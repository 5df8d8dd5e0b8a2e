//! One connection from the peer's side: frames out, replies in, and whether the device ended it.

use super::Device;
use bancada_crypto::hash::HashAlg;
use bancada_crypto::random::SeededRandom;
use bancada_crypto::{login, otp};
use bancada_engine::{Env, Request, Session};
use bancada_wire::codec;
use bancada_wire::frame::{HEADER_LEN, Header, Hello, LAST_RECORD, OperatingMode};
use bancada_wire::op::{
    A_TOKEN_ISSUE, AToken, Authenticate, LoginChallenge, LoginOtp, LoginResponse, Operation, ReplyShape,
    encode_request, spec,
};
use bancada_wire::reply::Reply;
use bancada_wire::status::Status;
use bancada_wire::text::{FixedSecret, Password, UserName};

/// What a peer got for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: Status,
    /// The device ends the connection.
    pub(crate) ends: bool,
    /// All bytes of the reply.
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    /// Status and whether the connection ends: what tests compare.
    pub(crate) fn verdict(&self) -> (Status, bool) {
        (self.status, self.ends)
    }
}

/// One connection.
pub(crate) struct Peer {
    device: Device,
    random: SeededRandom,
    pub(crate) session: Session,
    reply: Reply,
    connected: bool,
}

impl Peer {
    pub(crate) fn new(device: Device, hello: Hello) -> Self {
        let mut random = device.random();
        let mut env = Env { now_ms: device.now_ms(), random: &mut random };
        let session = device.hsm.session(hello, "", &mut env);
        Self { device, random, session, reply: Reply::new(), connected: true }
    }

    /// Whether the device has left the connection open.
    pub(crate) fn is_connected(&self) -> bool {
        self.connected
    }

    fn execute(&mut self, request: Request<'_>) -> Answer {
        assert!(self.connected, "the device has ended this connection");
        self.reply.clear(0);
        let mut env = Env { now_ms: self.device.now_ms(), random: &mut self.random };
        self.device.hsm.execute(&mut self.session, &mut env, request, &mut self.reply);
        let bytes = self.reply.bytes().to_vec();
        let records: usize = self.reply.records().map(<[u8]>::len).sum();
        assert_eq!(records, bytes.len(), "the records are the reply");
        let answer = Answer { status: self.reply.status(), ends: self.reply.disconnects(), bytes };
        if answer.status != Status::SUCCESS {
            assert_eq!(answer.bytes.len(), HEADER_LEN, "an error is a header and nothing else");
            assert!(answer.status.name().is_some(), "{:?} is no published status", answer.status);
        }
        self.connected = !answer.ends;
        answer
    }

    /// Sends a frame, the way a host hands it over: its payload, or that it is too large.
    pub(crate) fn frame(&mut self, code: u32, flag: bool, payload: &[u8]) -> Answer {
        match spec(code) {
            Some(spec) if payload.len() > spec.max_request => self.execute(Request::TooLarge { code }),
            _ => self.execute(Request::Frame { code, flag, payload }),
        }
    }

    /// Sends a frame whose payload is too large although the host did not notice.
    pub(crate) fn unchecked_frame(&mut self, code: u32, flag: bool, payload: &[u8]) -> Answer {
        self.execute(Request::Frame { code, flag, payload })
    }

    /// Sends a request and gives the bare answer.
    pub(crate) fn send<O: Operation>(&mut self, operation: &O) -> Answer {
        let mut bytes = Vec::new();
        encode_request(operation, &mut bytes);
        let (header, payload) = bytes.split_first_chunk::<HEADER_LEN>().unwrap();
        let header = Header::from_bytes(*header);
        assert_eq!(header.request_len(), payload.len());
        self.frame(header.id, header.flag(), payload)
    }

    /// Sends a request and reads the reply.
    pub(crate) fn call<O: Operation>(&mut self, operation: &O) -> Result<O::Response, Status> {
        let answer = self.send(operation);
        if answer.status != Status::SUCCESS {
            return Err(answer.status);
        }
        let payload = payload(&answer.bytes, operation.reply_shape());
        Ok(codec::decode(&payload).unwrap_or_else(|error| panic!("{}: {error}", O::SPEC.name)))
    }

    /// Calls, and says whether the connection has ended, too.
    pub(crate) fn verdict<O: Operation>(&mut self, operation: &O) -> (Status, bool) {
        self.send(operation).verdict()
    }

    /// Answers a challenge with 32 bytes.
    pub(crate) fn answer_challenge(&mut self, proof: [u8; 16], user: UserName) -> Answer {
        assert!(self.session.expects_login_response());
        let mut bytes = Vec::new();
        codec::encode(&LoginResponse { proof, user }, &mut bytes);
        let answer = self.execute(Request::LoginResponse(bytes.first_chunk().unwrap()));
        if answer.status == Status::SUCCESS {
            assert_eq!(payload(&answer.bytes, ReplyShape::Single), []);
        }
        answer
    }

    /// Asks for a challenge, and says which operating mode the reply names.
    pub(crate) fn challenge(&mut self) -> (OperatingMode, [u8; 16]) {
        let answer = self.send(&Authenticate);
        assert_eq!(answer.status, Status::SUCCESS);
        let id = Header::from_bytes(*answer.bytes.first_chunk().unwrap()).id;
        (OperatingMode::from_notify_code(id).unwrap(), *answer.bytes.last_chunk().unwrap())
    }

    /// Logs in with a password.
    pub(crate) fn login(&mut self, user: &str, password: &str) -> Result<(), Status> {
        let (_, challenge) = self.challenge();
        result(&self.answer_challenge(proof(password, &challenge), UserName::new(user).unwrap()))
    }

    /// Logs in with a password and a one-time password.
    pub(crate) fn login_otp(&mut self, user: &str, password: &str, given: &str) -> Result<(), Status> {
        let challenge = self.call(&LoginChallenge)?.challenge;
        self.call(&LoginOtp {
            proof: proof(password, &challenge),
            user: UserName::new(user).unwrap(),
            otp: FixedSecret::new(given).unwrap(),
        })
    }

    /// Logs in with an access token.
    pub(crate) fn login_token(&mut self, user: &str, key: &[u8; 16]) -> Result<(), Status> {
        let (_, challenge) = self.challenge();
        let mut name = [0; 16];
        name[..user.len()].copy_from_slice(user.as_bytes());
        let proof = login::token_cmac(key, &name, &challenge).unwrap();
        result(&self.answer_challenge(proof, UserName::from(name)))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let mut env = Env { now_ms: self.device.now_ms(), random: &mut self.random };
        self.device.hsm.close(&self.session, &mut env);
    }
}

/// The proof of a password.
pub(crate) fn proof(password: &str, challenge: &[u8; 16]) -> [u8; 16] {
    let digest = login::password_digest(Password::new(password).unwrap().expose());
    login::chap(&digest, challenge)
}

/// Has a session issue an access token.
pub(crate) fn issue(peer: &mut Peer, expiration: u64) -> [u8; 16] {
    let issued = peer.call(&AToken { operation: A_TOKEN_ISSUE, key: [0; 16].into(), expiration }).unwrap();
    assert_eq!(issued.0.len(), 1);
    *issued.0[0].key.expose()
}

/// A one-time password of six digits.
pub(crate) fn one_time(seed: &[u8], counter: u64) -> String {
    otp::hotp(HashAlg::Sha1, seed, counter, 6).unwrap()
}

fn result(answer: &Answer) -> Result<(), Status> {
    if answer.status == Status::SUCCESS { Ok(()) } else { Err(answer.status) }
}

/// The payload of a success reply, out of exactly the frames its shape asks for.
pub(crate) fn payload(bytes: &[u8], shape: ReplyShape) -> Vec<u8> {
    let mut payload = Vec::new();
    let mut rest = bytes;
    loop {
        let (header, after) = rest.split_first_chunk::<HEADER_LEN>().unwrap();
        let header = Header::from_bytes(*header);
        assert!(OperatingMode::from_notify_code(header.id).is_some(), "{header:?} is no success");
        match shape {
            ReplyShape::Records { .. } if header.len == LAST_RECORD => {
                assert_eq!(after, [], "nothing follows the last record");
                return payload;
            }
            ReplyShape::Records { size } => {
                assert!(header.len as usize <= size);
                let (record, next) = after.split_at(header.len as usize);
                payload.extend_from_slice(record);
                rest = next;
            }
            ReplyShape::Single | ReplyShape::SplitHeader => {
                assert_eq!(header.len as usize, after.len(), "one frame, nothing behind it");
                return after.to_vec();
            }
        }
    }
}
