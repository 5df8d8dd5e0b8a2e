//! Random sequences of requests, valid and garbage: one well-formed answer each, a session that stays consistent, and the
//! same answers from a second device that is asked the same.

use crate::common::*;
use crate::matrix::ROWS;
use crate::samples::bench;
use bancada_engine::Kind;
use bancada_wire::frame::{HEADER_LEN, Header, LAST_RECORD, OperatingMode};
use bancada_wire::op::*;
use bancada_wire::status::Status;
use proptest::prelude::*;
use std::sync::LazyLock;

const PEERS: usize = 3;
const USERS: [&str; 7] = ["opera", "plain", "exact", "victim", "late", "otto", "nobody"];
/// RSA sizes that take long to make.
const SLOW: [u32; 6] = [11, 124, 126, 127, 128, 129];
/// Operations whose answers hold what the library draws: nonces, salts, and keys that were made.
const DRAWN: [&str; 8] =
    ["ECC_SIGN", "RSA_SIGN", "P10_CSR", "ASYM_EXP", "OBJ_EXP", "P8_EXPORT", "KEK_WRAP_OBJ", "GEN_ECDH"];

/// The samples, made once: a signature among them would be another one each time.
static REQUESTS: LazyLock<Vec<(Vec<u8>, bool)>> =
    LazyLock::new(|| ROWS.iter().map(|row| (row.request)(OperatingMode::Nrm)).collect());

#[derive(Debug, Clone)]
enum Step {
    /// A sample as it is.
    Sample(usize),
    /// A sample with some bytes changed, cut or lengthened.
    Damaged {
        row: usize,
        changes: Vec<(prop::sample::Index, u8)>,
        length: Option<prop::sample::Index>,
        flip: bool,
    },
    /// Bytes nobody made.
    Garbage {
        code: u32,
        flag: bool,
        payload: Vec<u8>,
    },
    TooLarge(usize),
    Login {
        user: usize,
        right: bool,
    },
    LoginOtp {
        counter: u64,
    },
    Anonymous,
    Hangup,
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let row = 0..ROWS.len();
    prop_oneof![
        6 => row.clone().prop_map(Step::Sample),
        6 => (
            row.clone(),
            prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
            prop::option::weighted(0.3, any::<prop::sample::Index>()),
            prop::bool::weighted(0.1),
        )
            .prop_map(|(row, changes, length, flip)| Step::Damaged { row, changes, length, flip }),
        2 => (0..ROWS.len(), any::<bool>(), prop::collection::vec(any::<u8>(), 0..200))
            .prop_map(|(row, flag, payload)| Step::Garbage { code: ROWS[row].spec.code, flag, payload }),
        1 => (any::<u32>(), any::<bool>(), prop::collection::vec(any::<u8>(), 0..20))
            .prop_map(|(code, flag, payload)| Step::Garbage { code, flag, payload }),
        1 => row.prop_map(Step::TooLarge),
        4 => (0..USERS.len(), prop::bool::weighted(0.8)).prop_map(|(user, right)| Step::Login { user, right }),
        1 => (0..12_u64).prop_map(|counter| Step::LoginOtp { counter }),
        1 => Just(Step::Anonymous),
        1 => Just(Step::Hangup),
        1 => (0..40 * DAY_MS).prop_map(Step::Wait),
    ]
}

/// A device with peers that do what the steps say.
struct Play {
    device: Device,
    peers: Vec<Peer>,
}

impl Play {
    fn new() -> Self {
        let device = bench(OperatingMode::Nrm, 0);
        let peers = (0..PEERS).map(|_| device.connect()).collect();
        Self { device, peers }
    }

    /// Does one step and gives what the device said.
    fn step(&mut self, at: usize, step: &Step) -> Option<(u32, Answer)> {
        let peer = &mut self.peers[at % PEERS];
        let before = peer.session.kind();
        let (code, answer) = match step {
            Step::Sample(row) => {
                let (payload, flag) = REQUESTS[*row].clone();
                send(peer, ROWS[*row].spec.code, flag, payload)
            }
            Step::Damaged { row, changes, length, flip } => {
                let (mut payload, flag) = REQUESTS[*row].clone();
                if !payload.is_empty() {
                    for (place, value) in changes {
                        let place = place.index(payload.len());
                        payload[place] = *value;
                    }
                }
                if let Some(length) = length {
                    payload.resize(length.index(payload.len() + 20), 0);
                }
                send(peer, ROWS[*row].spec.code, flag != *flip, payload)
            }
            Step::Garbage { code, flag, payload } => send(peer, *code, *flag, payload.clone()),
            Step::TooLarge(row) => {
                let spec = ROWS[*row].spec;
                (spec.code, peer.frame(spec.code, false, &vec![0; spec.max_request + 1]))
            }
            Step::Login { user: name, right } => {
                let challenge = peer.send(&Authenticate);
                if challenge.status == Status::SUCCESS {
                    let challenge = challenge.bytes.last_chunk().unwrap();
                    let text = if *right { PASSWORD } else { "wrong-one" };
                    let answer = peer.answer_challenge(proof(text, challenge), user(USERS[*name]));
                    (0, answer)
                } else {
                    (Authenticate::SPEC.code, challenge)
                }
            }
            Step::LoginOtp { counter } => {
                let given = one_time(&crate::samples::OTP_SEED, *counter);
                let _ = peer.login_otp("otto", PASSWORD, &given);
                self.renew(at);
                return None;
            }
            Step::Anonymous => (LoginAnonymous::SPEC.code, peer.send(&LoginAnonymous)),
            Step::Hangup => {
                self.peers[at % PEERS] = self.device.connect();
                return None;
            }
            Step::Wait(milliseconds) => {
                self.device.advance(*milliseconds);
                return None;
            }
        };
        check(peer, code, before, &answer);
        self.renew(at);
        Some((code, answer))
    }

    /// Connects again where the device has ended a connection.
    fn renew(&mut self, at: usize) {
        if !self.peers[at % PEERS].is_connected() {
            self.peers[at % PEERS] = self.device.connect();
        }
    }
}

/// Sends a frame, or the 32 bytes a session waits for; never asks for a key that takes long to make.
fn send(peer: &mut Peer, code: u32, flag: bool, mut payload: Vec<u8>) -> (u32, Answer) {
    if peer.session.expects_login_response() {
        payload.resize(32, 0);
        let (proof, name) = payload.split_first_chunk::<16>().unwrap();
        return (0, peer.answer_challenge(*proof, (*name.first_chunk().unwrap()).into()));
    }
    if code == CreateKey::SPEC.code
        && let Some(algorithm) = payload.first_chunk_mut::<4>()
        && SLOW.contains(&u32::from_le_bytes(*algorithm))
    {
        *algorithm = 5_u32.to_le_bytes();
    }
    (code, peer.frame(code, flag, &payload))
}

/// One well-formed answer, and a session that is what it was unless the operation says otherwise.
fn check(peer: &Peer, code: u32, before: Option<Kind>, answer: &Answer) {
    let name = spec(code).map_or("login or unknown", |spec| spec.name);
    if answer.status == Status::SUCCESS {
        let mut rest = &answer.bytes[..];
        while let Some((header, after)) = rest.split_first_chunk::<HEADER_LEN>() {
            let length = Header::from_bytes(*header).len;
            rest = if length == LAST_RECORD { after } else { &after[length as usize..] };
        }
        assert_eq!(rest, [], "{name}: whole frames");
    }
    let logs_in = before.is_none();
    if !logs_in && !answer.ends {
        assert_eq!(peer.session.kind(), before, "{name}: {:?}", answer.status);
    }
    if logs_in && answer.status != Status::SUCCESS && answer.status != Status::ERR_PWD_EXPIRED {
        assert_eq!(peer.session.kind(), None, "{name}: nobody is logged in by an error");
    }
    assert!(answer.status == Status::SUCCESS || !answer.status.is_success());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_requests_are_answered_and_answered_alike(
        steps in prop::collection::vec((0..PEERS, step()), 1..80),
    ) {
        let (mut play, mut again) = (Play::new(), Play::new());
        for (at, step) in &steps {
            let (one, other) = (play.step(*at, step), again.step(*at, step));
            match (&one, &other) {
                (Some((code, one)), Some((_, other)))
                    if spec(*code).is_some_and(|spec| DRAWN.contains(&spec.name)) =>
                {
                    prop_assert_eq!(one.verdict(), other.verdict());
                }
                _ => prop_assert_eq!(&one, &other),
            }
        }
        let info = play.device.anonymous().call(&ServerInfo).unwrap();
        prop_assert_eq!(info.sessions as usize, PEERS + 1, "every session that ended was counted out");
        let users = play.device.hsm.users().unwrap();
        prop_assert_eq!(users.len() as u64, info.users);
        // Every object that is stored can be read.
        for user in users {
            let mut page = Vec::new();
            play.device.within(|hsm, env| {
                let change = bancada_engine::UserChange {
                    blocked: Some(false),
                    must_change: Some(false),
                    expired: Some(false),
                    password: Some(PASSWORD.to_owned().into()),
                };
                hsm.set_user(&user.name, &change, env)
            }).unwrap();
            let mut peer = play.device.connect();
            if peer.login(&user.name, PASSWORD).is_ok() {
                let all = ListObjects { partition: Default::default(), after: Default::default(), max: 1024 };
                page = peer.call(&all).unwrap().0;
            }
            for entry in page {
                let shown = peer.call(&ObjectInfo { name: entry.name });
                prop_assert!(shown.is_ok());
            }
        }
    }
}

/// Every sample on two devices: byte for byte the same, but for the signatures that draw a nonce or a salt.
#[test]
fn the_same_calls_give_the_same_bytes() {
    for (row, (payload, flag)) in ROWS.iter().zip(REQUESTS.iter()) {
        if row.spec.auth == Auth::Login {
            continue;
        }
        let run = || {
            let device = bench(OperatingMode::Nrm, 0);
            let mut peer = device.login("opera");
            (row.prepare)(&mut peer);
            let answer = peer.frame(row.spec.code, *flag, payload);
            let token = issue(&mut peer, A_TOKEN_INFINITE);
            (answer, peer.call(&GetRandom { length: 64 }).unwrap(), token)
        };
        let (one, other) = (run(), run());
        assert_eq!(one.0.status, Status::SUCCESS, "{}", row.spec.name);
        if ["ECC_SIGN", "RSA_SIGN", "P10_CSR"].contains(&row.spec.name) {
            assert_ne!(one.0.bytes, other.0.bytes, "{}", row.spec.name);
            assert_eq!((one.1, one.2), (other.1, other.2), "{}", row.spec.name);
        } else {
            assert_eq!(one, other, "{}", row.spec.name);
        }
    }
}
