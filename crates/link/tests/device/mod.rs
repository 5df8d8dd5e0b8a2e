//! A scripted device for the tests of the clients: `ServerConnection` on a thread, with faults on demand.
//!
//! It knows just enough operations to show every reply shape and every way to log in. It is no simulator.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::{sleep, spawn};
use std::time::Duration;

use bancada_crypto::login::{chap, password_digest, token_cmac};
use bancada_link::server::{Event, ServerConnection};
use bancada_wire::codec::{Decode, Encode, Items, SecretTail, Tail, decode};
use bancada_wire::frame::{Hello, OperatingMode};
use bancada_wire::op::{
    self, AToken, AccessToken, Authenticate, AuthenticateResponse, ChangePwd, GetRandom, HashCont, HashEnd,
    HashStart, HashStartResponse, LoginAnonymous, LoginAnonymousResponse, LoginChallenge,
    LoginChallengeResponse, LoginOtp, LoginResponse, ObjExp, Operation, Ping, ReplyShape, SymCrypt,
};
use bancada_wire::reply::Reply;
use bancada_wire::status::Status;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing.
    None,
    /// The password has expired.
    Expired,
    /// Replies leave one byte at a time.
    Trickle,
    /// Nothing is answered after the login.
    Silent,
    /// The connection ends at the first request after the login.
    CloseOnRequest,
    /// So many connections end right after the hello.
    DropHellos(usize),
    /// The connection ends when the login proof arrives.
    CloseOnProof,
    /// A byte too many follows each reply after the login.
    ExtraByte,
}

/// What a device saw, for the test to look at.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) connections: usize,
    pub(crate) goodbyes: usize,
    /// Lengths of the HASH_CONT segments.
    pub(crate) segments: Vec<u16>,
}

/// A device that listens on loopback until the test process ends.
pub(crate) struct Device {
    pub(crate) address: SocketAddr,
    /// The device's certificate and that of the authority that issued it, DER.
    pub(crate) certificate: Vec<u8>,
    pub(crate) authority: Vec<u8>,
    seen: Arc<Mutex<Seen>>,
}

pub(crate) const CHALLENGE: [u8; 16] = [0xC5; 16];
pub(crate) const TOKEN_KEY: [u8; 16] = [7; 16];

impl Device {
    pub(crate) fn start(fault: Fault) -> Self {
        let (tls, certificate, authority) = tls_config();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let shared = Arc::clone(&seen);
        spawn(move || {
            for tcp in listener.incoming() {
                let number = {
                    let mut seen = shared.lock().unwrap();
                    seen.connections += 1;
                    seen.connections
                };
                let (tls, seen) = (Arc::clone(&tls), Arc::clone(&shared));
                spawn(move || {
                    Connection::new(tcp.unwrap(), tls, fault, number, seen).serve();
                });
            }
        });
        Self { address, certificate, authority, seen }
    }

    pub(crate) fn address(&self) -> String {
        self.address.to_string()
    }

    /// Waits until what the device saw satisfies `condition`.
    pub(crate) fn wait_for(&self, condition: impl Fn(&Seen) -> bool) -> bool {
        for _ in 0..200 {
            if condition(&self.seen.lock().unwrap()) {
                return true;
            }
            sleep(Duration::from_millis(10));
        }
        false
    }

    pub(crate) fn seen<T>(&self, look: impl FnOnce(&Seen) -> T) -> T {
        look(&self.seen.lock().unwrap())
    }
}

fn tls_config() -> (Arc<rustls::ServerConfig>, Vec<u8>, Vec<u8>) {
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::new(vec![]).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = authority.self_signed(&authority_key).unwrap().der().to_vec();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().unwrap();
    let leaf =
        CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from(leaf.der().to_vec())],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )
        .unwrap();
    (Arc::new(config), leaf.der().to_vec(), root)
}

enum Transport {
    Clear(TcpStream),
    Tls(Box<rustls::StreamOwned<rustls::ServerConnection, TcpStream>>),
}

impl Transport {
    fn read(&mut self, space: &mut [u8]) -> usize {
        match self {
            Self::Clear(tcp) => tcp.read(space),
            Self::Tls(tls) => tls.read(space),
        }
        .unwrap_or(0)
    }

    /// Writes and flushes; a client that has gone away is no failure of the test.
    fn write(&mut self, bytes: &[u8]) {
        let _ = match self {
            Self::Clear(tcp) => tcp.write_all(bytes),
            Self::Tls(tls) => tls.write_all(bytes).and_then(|()| tls.flush()),
        };
    }
}

/// An event without its borrow.
enum Heard {
    Hello(Hello),
    Request(u32, bool, Vec<u8>),
    Proof([u8; 32]),
    End,
}

struct Connection {
    transport: Option<Transport>,
    tls: Arc<rustls::ServerConfig>,
    machine: ServerConnection,
    fault: Fault,
    number: usize,
    seen: Arc<Mutex<Seen>>,
    token: bool,
    logged_in: bool,
    expired: bool,
}

impl Connection {
    fn new(
        tcp: TcpStream,
        tls: Arc<rustls::ServerConfig>,
        fault: Fault,
        number: usize,
        seen: Arc<Mutex<Seen>>,
    ) -> Self {
        tcp.set_nodelay(true).unwrap();
        Self {
            transport: Some(Transport::Clear(tcp)),
            tls,
            machine: ServerConnection::new(),
            fault,
            number,
            seen,
            token: false,
            logged_in: false,
            expired: fault == Fault::Expired,
        }
    }

    fn serve(mut self) {
        loop {
            while let Some(heard) = self.hear() {
                if !self.answer(heard) {
                    return;
                }
            }
            let Some(transport) = &mut self.transport else { return };
            match transport.read(self.machine.read_space()) {
                0 => return,
                count => self.machine.advance(count),
            }
        }
    }

    fn hear(&mut self) -> Option<Heard> {
        Some(match self.machine.poll()? {
            Event::Hello(hello) => Heard::Hello(hello),
            Event::Request { code, flag, payload } => Heard::Request(code, flag, payload.to_vec()),
            Event::LoginResponse(answer) => Heard::Proof(*answer),
            Event::Close => {
                self.seen.lock().unwrap().goodbyes += 1;
                Heard::End
            }
            Event::TooLarge { .. } | Event::Malformed(_) => Heard::End,
        })
    }

    /// Answers; `false` ends the connection.
    fn answer(&mut self, heard: Heard) -> bool {
        match heard {
            Heard::End => false,
            Heard::Hello(hello) => self.hello(hello),
            Heard::Proof(answer) => {
                let answer: LoginResponse = decode(&answer).unwrap();
                self.login(self.proof() == answer.proof)
            }
            Heard::Request(code, flag, payload) if self.logged_in => self.request(code, flag, &payload),
            Heard::Request(code, _, payload) => self.login_request(code, &payload),
        }
    }

    fn hello(&mut self, hello: Hello) -> bool {
        if matches!(self.fault, Fault::DropHellos(count) if self.number <= count) {
            return false;
        }
        self.token = hello.token;
        self.write(&hello.acknowledgement().to_le_bytes());
        if hello.tls
            && let Some(Transport::Clear(tcp)) = self.transport.take()
        {
            let tls = rustls::ServerConnection::new(Arc::clone(&self.tls)).unwrap();
            self.transport = Some(Transport::Tls(Box::new(rustls::StreamOwned::new(tls, tcp))));
        }
        true
    }

    fn proof(&self) -> [u8; 16] {
        match self.token {
            true => token_cmac(&TOKEN_KEY, b"master\0\0\0\0\0\0\0\0\0\0", &CHALLENGE).unwrap(),
            false => chap(&password_digest(b"12345678\0\0\0\0\0\0\0\0"), &CHALLENGE),
        }
    }

    fn login_request(&mut self, code: u32, payload: &[u8]) -> bool {
        let mut reply = Reply::new();
        if code == Authenticate::SPEC.code {
            let challenge = AuthenticateResponse { challenge: CHALLENGE };
            reply.ok_with(OperatingMode::Rm1.notify_code(), &challenge, ReplyShape::Single);
            self.machine.challenge_sent();
        } else if code == LoginChallenge::SPEC.code {
            reply.ok(&LoginChallengeResponse { mode: 1, challenge: CHALLENGE }, ReplyShape::Single);
        } else if code == LoginAnonymous::SPEC.code {
            reply.ok(&LoginAnonymousResponse { mode: 1 }, ReplyShape::Single);
            self.logged_in = true;
        } else if code == LoginOtp::SPEC.code {
            let login: LoginOtp = decode(payload).unwrap();
            return self.login(login.proof == self.proof() && login.otp.expose_text() == b"123456");
        } else {
            reply.error(Status::ERR_ACCESS_DENIED);
        }
        self.write(reply.bytes());
        true
    }

    fn login(&mut self, right: bool) -> bool {
        if self.fault == Fault::CloseOnProof {
            return false;
        }
        let mut reply = Reply::new();
        match (right, self.expired) {
            (false, _) => reply.error(Status::ERR_ACCESS_DENIED),
            (true, true) => reply.error(Status::ERR_PWD_EXPIRED),
            (true, false) => reply.ok(&(), ReplyShape::Single),
        }
        self.logged_in = right;
        self.write(reply.bytes());
        right
    }

    fn request(&mut self, code: u32, flag: bool, payload: &[u8]) -> bool {
        let mut reply = Reply::new();
        match self.fault {
            Fault::Silent => return true,
            Fault::CloseOnRequest => return false,
            _ => {}
        }
        if self.expired && code != ChangePwd::SPEC.code {
            reply.error(Status::ERR_PWD_EXPIRED);
            self.write(reply.bytes());
            return false;
        }
        self.execute(code, flag, payload, &mut reply);
        if self.fault == Fault::ExtraByte {
            self.write(&[reply.bytes(), &[0]].concat());
            return true;
        }
        for record in reply.records() {
            self.write(record);
        }
        true
    }

    fn execute(&mut self, code: u32, flag: bool, payload: &[u8], reply: &mut Reply) {
        fn read<O: Operation>(payload: &[u8], flag: bool) -> O {
            op::decode_request(payload, flag).unwrap()
        }
        fn ok<O: Operation<Response = R>, R: Encode + Decode<()>>(
            reply: &mut Reply,
            operation: &O,
            response: &R,
        ) {
            reply.ok(response, operation.reply_shape());
        }
        let mut seen = self.seen.lock().unwrap();
        match code {
            code if code == Ping::SPEC.code => ok(reply, &Ping, &()),
            code if code == ChangePwd::SPEC.code => {
                self.expired = false;
                ok(reply, &read::<ChangePwd>(payload, flag), &());
            }
            code if code == GetRandom::SPEC.code => {
                let request: GetRandom = read(payload, flag);
                let bytes: Vec<u8> = (0..request.length).map(|i| i as u8).collect();
                ok(reply, &request, &SecretTail::from(bytes));
            }
            code if code == SymCrypt::SPEC.code => {
                let request: SymCrypt = read(payload, flag);
                let echo = request.data.expose().to_vec();
                ok(reply, &request, &SecretTail::from(echo));
            }
            code if code == ObjExp::SPEC.code => {
                ok(reply, &read::<ObjExp>(payload, flag), &SecretTail::from(vec![9; 3000]));
            }
            code if code == AToken::SPEC.code => {
                let token = |row: u8| AccessToken { key: [row; 16].into(), expiration: u64::from(row) };
                ok(reply, &read::<AToken>(payload, flag), &Items((0..3).map(token).collect()));
            }
            code if code == HashStart::SPEC.code => {
                seen.segments.clear();
                ok(reply, &read::<HashStart>(payload, flag), &HashStartResponse { ticket: 5 });
            }
            code if code == HashCont::SPEC.code => {
                let segment: HashCont = read(payload, flag);
                assert_eq!(segment.ticket, 5);
                seen.segments.push(segment.length);
                ok(reply, &segment, &());
            }
            code if code == HashEnd::SPEC.code => {
                ok(reply, &read::<HashEnd>(payload, flag), &Tail(vec![0xAB; 32]));
            }
            _ => reply.error(Status::ERR_INVALID_PAYLOAD),
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        let Some(transport) = &mut self.transport else { return };
        let piece = if self.fault == Fault::Trickle { 1 } else { bytes.len().max(1) };
        for piece in bytes.chunks(piece) {
            transport.write(piece);
        }
    }
}
