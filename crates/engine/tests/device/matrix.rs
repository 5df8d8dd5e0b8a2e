//! The order of checks, for every operation: docs/device.md §§1–2, computed from the operation's SPEC and compared.

use crate::audit::lines;
use crate::common::*;
use crate::samples::{OWNERS, Sample, bench};
use bancada_wire::frame::{HEADER_LEN, OperatingMode};
use bancada_wire::op::{
    self, Auth, BlockObject, Effect, FlagUse, LoginOtp, Operation, PRIVATE_RANGE, Ping, Spec, decode_request,
    encode_request,
};
use bancada_wire::status::Status;

/// An operation, with its sample.
pub(crate) struct Row {
    pub(crate) spec: &'static Spec,
    pub(crate) uses: &'static [&'static str],
    /// Payload and bit 31.
    pub(crate) request: fn(OperatingMode) -> (Vec<u8>, bool),
    pub(crate) is_well_formed: fn(&[u8], bool) -> bool,
    pub(crate) prepare: fn(&mut Peer),
    pub(crate) call: fn(&mut Peer, OperatingMode) -> Status,
    pub(crate) outcome: fn(OperatingMode) -> Status,
}

fn request<O: Sample>(mode: OperatingMode) -> (Vec<u8>, bool) {
    let sample = O::sample(mode);
    let mut bytes = Vec::new();
    encode_request(&sample, &mut bytes);
    (bytes.split_off(HEADER_LEN), sample.flag())
}

fn is_well_formed<O: Operation>(payload: &[u8], flag: bool) -> bool {
    decode_request::<O>(payload, flag).is_ok()
}

fn call<O: Sample>(peer: &mut Peer, mode: OperatingMode) -> Status {
    peer.call(&O::sample(mode)).err().unwrap_or(Status::SUCCESS)
}

macro_rules! rows {
    ($($module:ident $operation:ident,)*) => {
        pub(crate) static ROWS: &[Row] = &[$(Row {
            spec: &<op::$operation as Operation>::SPEC,
            uses: <op::$operation as Sample>::USES,
            request: request::<op::$operation>,
            is_well_formed: is_well_formed::<op::$operation>,
            prepare: <op::$operation as Sample>::prepare,
            call: call::<op::$operation>,
            outcome: <op::$operation as Sample>::outcome,
        }),*];
    };
}
bancada_wire::for_each_operation!(rows);

/// What a connection is when the request comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    NoSession,
    Anonymous,
    Expired,
    /// A user without permissions.
    Plain,
    /// A user with the operation's permissions and no others.
    Exact,
    Operator,
}

const STATES: [State; 6] =
    [State::NoSession, State::Anonymous, State::Expired, State::Plain, State::Exact, State::Operator];

impl State {
    fn open(self, device: &Device) -> Peer {
        match self {
            Self::NoSession => device.connect(),
            Self::Anonymous => device.anonymous(),
            Self::Expired => {
                let mut peer = device.connect();
                assert_eq!(peer.login("late", PASSWORD), Err(Status::ERR_PWD_EXPIRED));
                peer
            }
            Self::Plain => device.login("plain"),
            Self::Exact => device.login("exact"),
            Self::Operator => device.login("opera"),
        }
    }
}

/// What is wrong with the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Good,
    Malformed,
    TooLarge,
}

/// Checks 1 to 6 of docs/device.md §1; `None` when the request passes them all.
fn expected(spec: &Spec, state: State, mode: OperatingMode, form: Form) -> Option<(Status, bool)> {
    let login_failed = state == State::NoSession && spec.code == LoginOtp::SPEC.code;
    let ends = state == State::Expired || login_failed;
    if form == Form::TooLarge {
        return Some((Status::ERR_INVALID_PAYLOAD, true));
    }
    if !spec.modes.contains(mode) {
        return Some((Status::ERR_NON_APPROVED_OPERATION, ends));
    }
    let refused = match (state, spec.auth) {
        (State::NoSession, Auth::Login) => None,
        (State::NoSession, _) => Some(Status::ERR_ACCESS_DENIED),
        (State::Expired, Auth::ExpiredPassword) => None,
        (State::Expired, _) => Some(Status::ERR_PWD_EXPIRED),
        (_, Auth::Login) => Some(Status::ERR_INVALID_OPERATION),
        (State::Anonymous, Auth::Anonymous) => None,
        (State::Anonymous, _) => Some(Status::ERR_ACCESS_DENIED),
        _ => None,
    };
    let permitted = spec.permission == 0 || matches!(state, State::Exact | State::Operator);
    match (refused, permitted, form) {
        (Some(status), ..) => Some((status, ends)),
        (None, false, _) => Some((Status::ERR_ACCESS_DENIED, ends)),
        (None, true, Form::Malformed) => Some((Status::ERR_INVALID_PAYLOAD, ends)),
        (None, true, _) => None,
    }
}

/// Every payload made from the sample, with what is wrong with it.
fn variations(row: &Row, mode: OperatingMode) -> Vec<(Form, Vec<u8>, bool)> {
    let (payload, flag) = (row.request)(mode);
    let mut trailing = payload.clone();
    trailing.push(0);
    let mut candidates: Vec<_> = (0..payload.len()).map(|end| (payload[..end].to_vec(), flag)).collect();
    candidates.push((trailing, flag));
    candidates.push((payload.clone(), !flag));
    if row.spec.flag != FlagUse::Choice {
        assert!(!(row.is_well_formed)(&payload, !flag), "{}: bit 31 is looked at", row.spec.name);
    }
    let mut all = vec![(Form::Good, payload, flag)];
    for (payload, flag) in candidates {
        let form = if (row.is_well_formed)(&payload, flag) { Form::Good } else { Form::Malformed };
        all.push((form, payload, flag));
    }
    all.push((Form::TooLarge, vec![0; row.spec.max_request + 1], flag));
    all
}

/// Sends everything that checks 1 to 6 refuse.
fn refusals(row: &Row, mode: OperatingMode) {
    let device = bench(mode, row.spec.permission);
    let variations = variations(row, mode);
    for state in STATES {
        let mut peer = state.open(&device);
        for (form, payload, flag) in &variations {
            let Some(expected) = expected(row.spec, state, mode, *form) else { continue };
            if !peer.is_connected() {
                peer = state.open(&device);
            }
            let answer = peer.frame(row.spec.code, *flag, payload);
            let what = (row.spec.name, state, mode, form, payload.len(), flag);
            assert_eq!(answer.verdict(), expected, "{what:?}");
        }
    }
}

/// Sends what they let pass, each to a device of its own.
fn grants(row: &Row, mode: OperatingMode) {
    for state in STATES {
        if expected(row.spec, state, mode, Form::Good).is_some() {
            continue;
        }
        let device = bench(mode, row.spec.permission);
        let mut peer = state.open(&device);
        (row.prepare)(&mut peer);
        let status = (row.call)(&mut peer, mode);
        let what = (row.spec.name, state, mode);
        assert_eq!(status, (row.outcome)(mode), "{what:?}");
        if row.spec.effect == Effect::Write && status == Status::SUCCESS && !UNLOGGED.contains(&row.spec.name)
        {
            let told = lines(&mut device.master());
            let is_told = told.iter().any(|line| line.contains(&format!("|{} ", row.spec.name)));
            assert!(is_told, "{what:?}: every write leaves a line");
        }
        let failed_login = state == State::NoSession && status != Status::SUCCESS;
        assert_eq!(peer.is_connected(), !failed_login, "{what:?}");
        if !matches!(state, State::NoSession) {
            assert_eq!(peer.call(&Ping), Ok(()), "{what:?}: the session goes on");
        }
    }
}

/// What writes and has no line of its own: the sample of A_TOKEN only lists, and a truncated log tells of itself.
const UNLOGGED: [&str; 2] = ["A_TOKEN", "LOG_TRUNCATE"];

fn matrix(mode: OperatingMode) {
    for row in ROWS {
        refusals(row, mode);
        grants(row, mode);
    }
}

#[test]
fn every_operation_in_nrm() {
    matrix(OperatingMode::Nrm);
}

#[test]
fn every_operation_in_rm1() {
    matrix(OperatingMode::Rm1);
}

#[test]
fn every_operation_in_rm2() {
    matrix(OperatingMode::Rm2);
}

/// Payloads that are too large even though the host did not stop them.
#[test]
fn the_device_itself_refuses_a_payload_that_is_too_large() {
    let device = bench(OperatingMode::Nrm, 0);
    for row in ROWS {
        let mut peer = device.login("opera");
        let answer = peer.unchecked_frame(row.spec.code, false, &vec![0; row.spec.max_request + 1]);
        assert_eq!(answer.verdict(), (Status::ERR_INVALID_PAYLOAD, true), "{}", row.spec.name);
    }
}

/// Whatever a well-formed but shortened request says, there is one answer and the session lives.
#[test]
fn shortened_requests_that_are_well_formed_are_answered() {
    for row in ROWS {
        let device = bench(OperatingMode::Nrm, row.spec.permission);
        let mut peer = device.login("opera");
        for (form, payload, flag) in variations(row, OperatingMode::Nrm).into_iter().skip(1) {
            if form == Form::Good && row.spec.auth != Auth::Login {
                let answer = peer.frame(row.spec.code, flag, &payload);
                assert!(!answer.ends, "{} {}", row.spec.name, payload.len());
            }
        }
        assert_eq!(peer.call(&Ping), Ok(()));
    }
}

#[test]
fn a_blocked_object_can_be_listed_and_asked_about_and_nothing_else() {
    let block = |peer: &mut Peer, name: &str| {
        peer.call(&BlockObject { name: object(name), blocked: 1 }).unwrap();
    };
    for row in ROWS.iter().filter(|row| row.spec.auth != Auth::Login) {
        for used in row.uses {
            let device = bench(OperatingMode::Nrm, row.spec.permission);
            let mut peer = device.login("opera");
            block(&mut peer, used);
            let status = (row.call)(&mut peer, OperatingMode::Nrm);
            assert_eq!(status, Status::ERR_ACCESS_DENIED_OBJ_BLOCKED, "{} with {used}", row.spec.name);
            assert!(peer.is_connected());
        }
        if row.uses.is_empty() {
            let device = bench(OperatingMode::Nrm, row.spec.permission);
            let mut peer = device.login("opera");
            (row.prepare)(&mut peer);
            for name in ["rsa", "ec", "ed", "x25", "aes", "kek", "doomed", "hmac"] {
                block(&mut peer, name);
            }
            assert_eq!((row.call)(&mut peer, OperatingMode::Nrm), Status::SUCCESS, "{}", row.spec.name);
        }
    }
}

#[test]
fn an_unknown_operation_is_refused_in_every_state() {
    let device = bench(OperatingMode::Nrm, 0);
    let known = |code: &u32| op::spec(*code).is_none();
    for code in
        [0, 1, 3, 80, PRIVATE_RANGE, PRIVATE_RANGE + 0xFFFF, u32::MAX].iter().filter(|code| known(code))
    {
        for state in STATES {
            for payload in [&[][..], &[0; 9000]] {
                let mut peer = state.open(&device);
                let ends = state == State::Expired;
                let answer = peer.frame(*code, false, payload);
                assert_eq!(answer.verdict(), (Status::ERR_INVALID_OPERATION, ends), "{code} {state:?}");
            }
        }
    }
}

#[test]
fn the_samples_belong_to_their_owners() {
    let device = bench(OperatingMode::Nrm, 0);
    for owner in OWNERS {
        let mut peer = device.login(owner);
        let info = peer.call(&op::ObjectInfo { name: object("rsa") }).unwrap();
        assert_eq!(info.partition.as_str(), Some(owner));
    }
}
