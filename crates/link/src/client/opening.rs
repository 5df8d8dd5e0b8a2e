//! From a fresh TCP connection to an open session: hello, TLS, login (npm `@dinamonetworks/hsm-dinamo` 4.9.1, `hsm/hsm`).

use bancada_crypto::login::{chap, password_digest, token_cmac};
use bancada_wire::codec;
use bancada_wire::frame::{
    HEADER_LEN, HELLO_ACK_LEN, Header, Hello, NOTIFY_CID, NOTIFY_ERR, NOTIFY_OK, OperatingMode,
    is_acknowledgement,
};
use bancada_wire::op::{
    Authenticate, LoginAnonymous, LoginChallenge, LoginOtp, LoginResponse, Operation, encode_request,
};
use bancada_wire::status::Status;
use bancada_wire::text::{Password, UserName};
use zeroize::{Zeroize, Zeroizing};

use crate::credentials::{Credentials, Kind};
use crate::error::{Error, Result};

/// What a driver does next.
#[derive(Debug, PartialEq, Eq)]
pub enum Action<'a> {
    /// Write all of this.
    Send(&'a [u8]),
    /// Shake hands for TLS; from here on write and read through it.
    StartTls,
    /// Read into this once, at most its size, and tell [`Opening::received`] how much came.
    Receive(&'a mut [u8]),
    /// Logged in.
    Done(Welcome),
}

/// What the device said when it let the client in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Welcome {
    /// The operating mode it is in.
    pub mode: OperatingMode,
    /// The password has expired: all this session may do is change it.
    pub password_expired: bool,
}

/// Name of the operation in errors, whichever way the login went.
pub(super) const LOGIN: &str = "LOGIN";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    SendHello,
    Acknowledgement,
    StartTls,
    SendFirst,
    FirstReply,
    SendProof,
    ProofReply,
    Done,
}

/// The steps that open a session, one [`Action`] at a time.
///
/// In the modes RM1 and RM2 the proof is the same as in NRM: the vendor's own client for these modes computes
/// another one from a key that is not public, while its npm client sends this.
pub struct Opening<'a> {
    credentials: &'a Credentials,
    tls: bool,
    state: State,
    out: Zeroizing<Vec<u8>>,
    input: [u8; 32],
    filled: usize,
    mode: OperatingMode,
    password_expired: bool,
}

impl<'a> Opening<'a> {
    /// Starts on a connection that was just made; `tls` asks for TLS.
    #[must_use]
    pub fn new(credentials: &'a Credentials, tls: bool) -> Self {
        Self {
            credentials,
            tls,
            state: State::SendHello,
            // The largest request on the way is LOGIN_OTP, 56 bytes; never growing leaves no copies of proofs.
            out: Zeroizing::new(Vec::with_capacity(128)),
            input: [0; 32],
            filled: 0,
            mode: OperatingMode::Nrm,
            password_expired: false,
        }
    }

    /// What to do next.
    ///
    /// # Errors
    /// [`Error::Device`] when the device refuses, [`Error::PeerMisbehaved`] when it breaks the protocol.
    pub fn step(&mut self) -> Result<Action<'_>> {
        self.read()?;
        Ok(match self.state {
            State::SendHello => {
                let hello = Hello { tls: self.tls, token: self.credentials.is_token() };
                self.send(State::Acknowledgement, |out| out.extend(hello.to_header().to_bytes()))
            }
            State::StartTls => {
                self.state = State::SendFirst;
                Action::StartTls
            }
            State::SendFirst => {
                let credentials = self.credentials;
                self.send(State::FirstReply, |out| first_request(credentials, out))
            }
            State::SendProof => {
                self.state = State::ProofReply;
                Action::Send(&self.out)
            }
            State::Acknowledgement | State::FirstReply | State::ProofReply => {
                let limit = self.reply_limit();
                Action::Receive(&mut self.input[self.filled..limit])
            }
            State::Done => Action::Done(Welcome { mode: self.mode, password_expired: self.password_expired }),
        })
    }

    /// Says how many bytes were read into [`Action::Receive`].
    pub fn received(&mut self, count: usize) {
        self.filled = (self.filled + count).min(self.input.len());
    }

    /// Whether opening may start over on another connection when this one breaks: as long as the proof was
    /// not sent, the device cannot have counted a login.
    #[must_use]
    pub fn may_restart(&self) -> bool {
        !matches!(self.state, State::ProofReply | State::Done)
    }

    fn send(&mut self, next: State, write: impl FnOnce(&mut Vec<u8>)) -> Action<'_> {
        self.out.clear();
        write(&mut self.out);
        self.state = next;
        Action::Send(&self.out)
    }

    /// Most bytes the reply under way can have. An acknowledgement may have 4 or 8: the vendor's npm client
    /// accepts both.
    fn reply_limit(&self) -> usize {
        match self.state {
            State::Acknowledgement => HEADER_LEN,
            State::FirstReply => match self.credentials.kind {
                Kind::User { .. } | Kind::Token { .. } => HEADER_LEN + 16,
                Kind::UserOtp { .. } => HEADER_LEN + 20,
                Kind::Anonymous => HEADER_LEN + 4,
            },
            _ => HEADER_LEN,
        }
    }

    /// Goes on when the reply under way is complete.
    fn read(&mut self) -> Result<()> {
        match self.state {
            State::Acknowledgement => self.read_acknowledgement(),
            State::FirstReply => self.read_first_reply(),
            State::ProofReply => self.read_proof_reply(),
            _ => Ok(()),
        }
    }

    fn read_acknowledgement(&mut self) -> Result<()> {
        let Some(word) = self.input[..self.filled].first_chunk::<HELLO_ACK_LEN>() else { return Ok(()) };
        let word = u32::from_le_bytes(*word);
        if word == NOTIFY_ERR {
            return match self.header() {
                Some(header) => Err(refused(Status::from_wire(header.len))),
                None => Ok(()),
            };
        }
        if !is_acknowledgement(word) {
            let text = format!("it answered the hello with 0x{word:08X}, which acknowledges nothing");
            return Err(Error::misbehaved(text));
        }
        if self.filled == HELLO_ACK_LEN || self.filled == HEADER_LEN {
            self.clear_input();
            self.state = if self.tls { State::StartTls } else { State::SendFirst };
        }
        Ok(())
    }

    fn read_first_reply(&mut self) -> Result<()> {
        let expected = self.reply_limit() - HEADER_LEN;
        let Some(id) = self.reply(expected)? else { return Ok(()) };
        let mut payload = Zeroizing::new([0; 24]);
        payload.copy_from_slice(&self.input[HEADER_LEN..]);
        let word = u32::from_le_bytes([payload[0], payload[1], payload[2], payload[3]]);
        let number = |word| {
            OperatingMode::from_number(word)
                .ok_or_else(|| Error::misbehaved(format!("it says its operating mode is {word}")))
        };
        self.out.zeroize();
        match &self.credentials.kind {
            Kind::User { user, password } => {
                self.mode = notify_mode(id)?;
                let proof = password_proof(password, &payload[..16])?;
                codec::encode(&LoginResponse { proof, user: *user }, &mut self.out);
            }
            Kind::Token { user, key } => {
                self.mode = notify_mode(id)?;
                let proof = token_proof(user, key.expose(), &payload[..16])?;
                codec::encode(&LoginResponse { proof, user: *user }, &mut self.out);
            }
            Kind::UserOtp { user, password, otp } => {
                self.mode = number(word)?;
                let proof = password_proof(password, &payload[4..20])?;
                encode_request(&LoginOtp { proof, user: *user, otp: otp.clone() }, &mut self.out);
            }
            Kind::Anonymous => self.mode = number(word)?,
        }
        let anonymous = matches!(self.credentials.kind, Kind::Anonymous);
        self.state = if anonymous { State::Done } else { State::SendProof };
        self.clear_input();
        Ok(())
    }

    fn read_proof_reply(&mut self) -> Result<()> {
        match self.reply(0) {
            Ok(None) => return Ok(()),
            Ok(Some(_)) => {}
            Err(Error::Device { status: Status::ERR_PWD_EXPIRED, .. }) => self.password_expired = true,
            Err(error) => return Err(error),
        }
        self.out.zeroize();
        self.state = State::Done;
        Ok(())
    }

    fn header(&self) -> Option<Header> {
        self.input[..self.filled].first_chunk().map(|bytes| Header::from_bytes(*bytes))
    }

    /// The NOTIFY code of a complete success reply with `expected` bytes of payload.
    fn reply(&self, expected: usize) -> Result<Option<u32>> {
        let Some(header) = self.header() else { return Ok(None) };
        if let Some(status) = header.status() {
            return Err(refused(status));
        }
        if OperatingMode::from_notify_code(header.id).is_none() {
            return Err(Error::misbehaved(format!("it answered a login with the code 0x{:08X}", header.id)));
        }
        if header.len as usize != expected {
            let text = format!("its login reply announces {} bytes where {expected} belong", header.len);
            return Err(Error::misbehaved(text));
        }
        Ok((self.filled >= HEADER_LEN + expected).then_some(header.id))
    }

    fn clear_input(&mut self) {
        self.input = [0; 32];
        self.filled = 0;
    }
}

impl std::fmt::Debug for Opening<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opening")
            .field("credentials", self.credentials)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

fn refused(status: Status) -> Error {
    Error::Device { operation: LOGIN, status }
}

fn first_request(credentials: &Credentials, out: &mut Vec<u8>) {
    match credentials.kind {
        Kind::User { .. } | Kind::Token { .. } => {
            out.extend(Header { id: Authenticate::SPEC.code, len: NOTIFY_CID }.to_bytes());
        }
        Kind::UserOtp { .. } => encode_request(&LoginChallenge, out),
        Kind::Anonymous => encode_request(&LoginAnonymous, out),
    }
}

/// A challenge's NOTIFY code names the mode; a plain success is NRM.
fn notify_mode(id: u32) -> Result<OperatingMode> {
    debug_assert_eq!(OperatingMode::Nrm.notify_code(), NOTIFY_OK);
    OperatingMode::from_notify_code(id)
        .ok_or_else(|| Error::misbehaved(format!("its challenge has the code 0x{id:08X}")))
}

fn password_proof(password: &Password, challenge: &[u8]) -> Result<[u8; 16]> {
    let digest = Zeroizing::new(password_digest(password.expose()));
    Ok(chap(&digest, &sixteen(challenge)?))
}

fn token_proof(user: &UserName, key: &[u8; 16], challenge: &[u8]) -> Result<[u8; 16]> {
    let mut padded = [0; 16];
    padded[..user.as_bytes().len()].copy_from_slice(user.as_bytes());
    token_cmac(key, &padded, &sixteen(challenge)?)
        .map_err(|error| Error::misuse(format!("the proof of the access token was not computed: {error}")))
}

fn sixteen(challenge: &[u8]) -> Result<[u8; 16]> {
    challenge.try_into().map_err(|_| Error::misbehaved("its challenge does not have 16 bytes"))
}

#[cfg(test)]
mod tests;
