//! The device: requests of a logged-in session, of a guest, of a user whose password expired, and of nobody yet.

use std::sync::{Arc, LazyLock};

use bancada_crypto::Zeroizing;
use bancada_crypto::login::{chap, password_digest};
use bancada_crypto::random::SeededRandom;
use bancada_engine::seed::Seed;
use bancada_engine::store::{Batch, Change, Store};
use bancada_engine::{Env, Hsm, HsmConfig, Kind, Request, Session};
use bancada_store::MemoryStore;
use bancada_wire::algorithm::key;
use bancada_wire::codec;
use bancada_wire::frame::{FLAG, HEADER_LEN, Header, Hello, NOTIFY_CID, NOTIFY_CLOSE, OperatingMode};
use bancada_wire::op::{
    A_TOKEN_INFINITE, A_TOKEN_ISSUE, AToken, Auth, Authenticate, CreateKey, LOGIN_RESPONSE_LEN,
    LoginAnonymous, LoginResponse, Operation, P8Import, encode_request,
};
use bancada_wire::reply::Reply;
use bancada_wire::text::UserName;

use crate::input::Input;
use crate::keys::is_laborious;
use crate::wire;

/// The server master key of every device here.
pub(crate) const MASTER_KEY: [u8; 32] = [0x42; 32];
/// When every device here starts, milliseconds since 1970 UTC: a day in November 2023.
const START_MS: u64 = 1_700_000_000_000;
/// Requests of one input: some take tens of milliseconds.
const MAX_REQUESTS: usize = 24;

/// Records of a store, sealed as the device left them.
pub(crate) type Records = Vec<(Vec<u8>, Vec<u8>)>;

/// The durable and the volatile store of a device in the state of `device.toml`, one pair for each operating mode.
pub(crate) static STATES: LazyLock<[(Records, Records); 3]> =
    LazyLock::new(|| OperatingMode::ALL.map(prepared));

/// A device with one connection.
pub(crate) struct Bench {
    hsm: Hsm,
    session: Session,
    random: SeededRandom,
    now_ms: u64,
    reply: Reply,
}

/// Who sends the requests.
#[derive(Clone, Copy, PartialEq)]
enum Start {
    Nobody { token: bool },
    Anonymous,
    User(&'static str, &'static str),
}

const STARTS: [(Start, OperatingMode); 8] = [
    (MASTER, OperatingMode::Nrm),
    (Start::Nobody { token: false }, OperatingMode::Nrm),
    (Start::Nobody { token: true }, OperatingMode::Nrm),
    (Start::Anonymous, OperatingMode::Nrm),
    (EXPIRED, OperatingMode::Nrm),
    (ALICE, OperatingMode::Nrm),
    (MASTER, OperatingMode::Rm1),
    (MASTER, OperatingMode::Rm2),
];
const MASTER: Start = Start::User("master", "12345678");
const ALICE: Start = Start::User("alice", "alice-pass-1");
const EXPIRED: Start = Start::User("late", "late-pass-1");

/// Who sends requests and in which operating mode (one byte), then frames; a login response where one is due.
///
/// A payload ends where its length word says, or with the input.
pub fn execute(data: &[u8]) {
    let mut input = Input::new(data);
    let (start, mode) = input.pick(&STARTS);
    let (durable, volatile) = &STATES[mode.number() as usize];
    let mut bench = Bench::open(store(durable), store(volatile)).expect("the prepared state opens");
    bench.connect(Hello { tls: false, token: start == Start::Nobody { token: true } });
    bench.start(start);
    for _ in 0..MAX_REQUESTS {
        if input.is_empty() {
            break;
        }
        if bench.session.expects_login_response() {
            bench.serve(Request::LoginResponse(&input.array()));
        } else {
            let header = Header::from_bytes(input.array::<HEADER_LEN>());
            if header.id == NOTIFY_CLOSE {
                break;
            }
            // AUTHENTICATE has a word of its own in the place of its length.
            let authenticate = header == (Header { id: Authenticate::SPEC.code, len: NOTIFY_CID });
            let payload = if authenticate { &[] } else { input.take(header.request_len()) };
            let flag = header.flag() && !authenticate;
            if takes_long(header.id, payload) {
                continue;
            }
            bench.frame(header.id, flag, payload, start == ALICE);
        }
        if bench.reply.disconnects() {
            break;
        }
    }
    bench.close();
}

/// Key generation for large RSA keys and key derivation with many iterations: right, and no use to a fuzzer.
fn takes_long(code: u32, payload: &[u8]) -> bool {
    let algorithm = Input::new(payload).u32();
    let large = matches!(algorithm, key::RSA_2048 | key::RSA_4096 | key::RSA_1152..=key::RSA_1536);
    (code == CreateKey::SPEC.code && large) || (code == P8Import::SPEC.code && is_laborious(payload))
}

/// A memory store with these records.
pub(crate) fn store(records: &Records) -> Arc<MemoryStore> {
    let put = |(key, value): &(Vec<u8>, Vec<u8>)| Change::Put { key: key.clone(), value: value.clone() };
    let store = MemoryStore::new();
    let batch = Batch { conditions: Vec::new(), changes: records.iter().map(put).collect() };
    if !batch.changes.is_empty() {
        store.commit(&batch).expect("a memory store takes small records");
    }
    Arc::new(store)
}

/// Everything in a store.
fn records(store: &MemoryStore) -> Records {
    let entries = store.scan(b"", None, usize::MAX).expect("a memory store can be read");
    entries.into_iter().map(|(key, versioned)| (key, versioned.value)).collect()
}

fn prepared(mode: OperatingMode) -> (Records, Records) {
    let (durable, volatile) = (Arc::new(MemoryStore::new()), Arc::new(MemoryStore::new()));
    let mut bench = Bench::open(durable.clone(), volatile.clone()).expect("an empty store opens");
    let seed =
        bancada_simulator::seed::parse(include_str!("../device.toml")).expect("device.toml is a seed file");
    let env = &mut Env { now_ms: bench.now_ms, random: &mut bench.random };
    let keys = seed.keys.clone();
    bench.hsm.apply(&Seed { mode: Some(mode), keys: Vec::new(), ..seed }, env).expect("device.toml is right");
    for key in keys {
        let applied = bench.hsm.apply(&Seed { keys: vec![key], ..Seed::default() }, env);
        assert!(applied.is_ok() || mode != OperatingMode::Nrm, "{applied:?}");
    }
    bench.connect(Hello { tls: false, token: false });
    bench.start(MASTER);
    bench.call(&AToken { operation: A_TOKEN_ISSUE, key: [0; 16].into(), expiration: A_TOKEN_INFINITE });
    assert!(bench.reply.status().is_success());
    (records(&durable), records(&volatile))
}

impl Bench {
    /// A device on these stores.
    pub(crate) fn open(durable: Arc<dyn Store>, volatile: Arc<dyn Store>) -> Option<Self> {
        let mut random = SeededRandom::new([3; 32]);
        let mut env = Env { now_ms: START_MS, random: &mut random };
        let master_key = Zeroizing::new(MASTER_KEY);
        let hsm = Hsm::open(HsmConfig::default(), &master_key, durable, volatile, &mut env).ok()?;
        let session = hsm.session(Hello { tls: false, token: false }, "", &mut env);
        Some(Self { hsm, session, random, now_ms: START_MS, reply: Reply::new() })
    }

    /// A new connection in place of the old one.
    fn connect(&mut self, hello: Hello) {
        self.close();
        let mut env = Env { now_ms: self.now_ms, random: &mut self.random };
        self.session = self.hsm.session(hello, "", &mut env);
    }

    fn start(&mut self, start: Start) {
        match start {
            Start::Nobody { .. } => {}
            Start::Anonymous => {
                self.call(&LoginAnonymous);
                assert_eq!(self.session.kind(), Some(Kind::Anonymous));
            }
            Start::User(name, password) => {
                self.log_in(name, password);
                assert_eq!(self.session.user(), Some(name), "{:?}", self.reply.status());
            }
        }
    }

    /// Logs in with a password, if the device still knows the user.
    pub(crate) fn log_in(&mut self, name: &str, password: &str) {
        self.serve(Request::Frame { code: Authenticate::SPEC.code, flag: false, payload: &[] });
        let Some(challenge) = self.reply.bytes().get(HEADER_LEN..).and_then(|bytes| bytes.first_chunk())
        else {
            return;
        };
        let mut padded = [0; 16];
        padded[..password.len()].copy_from_slice(password.as_bytes());
        let proof = chap(&password_digest(&padded), challenge);
        let mut answer = Vec::new();
        codec::encode(
            &LoginResponse { proof, user: UserName::new(name).expect("a short name") },
            &mut answer,
        );
        let answer: &[u8; LOGIN_RESPONSE_LEN] = answer.first_chunk().expect("a login response has 32 bytes");
        self.serve(Request::LoginResponse(answer));
    }

    /// Sends a request as a client encodes it.
    pub(crate) fn call<O: Operation>(&mut self, operation: &O) {
        let mut frame = Vec::new();
        encode_request(operation, &mut frame);
        self.frame(O::SPEC.code, operation.flag(), &frame[HEADER_LEN..], false);
    }

    /// Sends a request and asserts what holds of every answer to one.
    fn frame(&mut self, code: u32, flag: bool, payload: &[u8], unprivileged: bool) {
        let kind = self.session.kind();
        self.serve(Request::Frame { code, flag, payload });
        if !self.reply.status().is_success() {
            return;
        }
        let spec = Hsm::spec(code).expect("an unknown operation succeeded");
        assert!(payload.len() <= spec.max_request, "{} is larger than it may be", spec.name);
        match kind {
            None => assert_eq!(spec.auth, Auth::Login, "{} before the login", spec.name),
            Some(Kind::Anonymous) => assert_eq!(spec.auth, Auth::Anonymous, "{} by a guest", spec.name),
            Some(_) => assert_ne!(spec.auth, Auth::Login, "{} after the login", spec.name),
        }
        assert!(!unprivileged || spec.permission == 0, "{} without its permission", spec.name);
        wire::check_answer(code, flag, payload, self.reply.bytes());
    }

    /// Has the device serve a request and asserts what holds of every reply.
    fn serve(&mut self, request: Request<'_>) {
        self.now_ms += 1000;
        self.reply.clear(1 << 10);
        let mut env = Env { now_ms: self.now_ms, random: &mut self.random };
        self.hsm.execute(&mut self.session, &mut env, request, &mut self.reply);
        let bytes = self.reply.bytes();
        assert_eq!(self.reply.records().collect::<Vec<_>>().concat(), bytes);
        let status = self.reply.status();
        assert!(status.name().is_some(), "a status without a name: {status}");
        let header = bytes.first_chunk::<HEADER_LEN>().map(|header| Header::from_bytes(*header));
        let header = header.expect("no reply");
        assert_eq!(header.status().is_none(), status.is_success());
        assert!(status.is_success() || (bytes.len() == HEADER_LEN && header.len & FLAG != 0));
    }

    fn close(&mut self) {
        let mut env = Env { now_ms: self.now_ms, random: &mut self.random };
        self.hsm.close(&self.session, &mut env);
    }
}
