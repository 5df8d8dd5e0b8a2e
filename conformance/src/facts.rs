//! Facts: what the public documents say, compared with `bancada-wire`. A value that differs, or a fact that is missing,
//! is a defect of one of the two.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use bancada_wire::op::{self, FlagUse, Operation, Origin};
use bancada_wire::status::Status;
use bancada_wire::{algorithm, for_each_operation, frame, text};
use serde::Deserialize;

use crate::runner::play::Difference;
use crate::runner::verdict::{Failure, Outcome, Verdict};
use crate::scenario::Scenario;

mod constants;

const STATUS: &str = include_str!("../facts/status.toml");
const OPERATIONS: &str = include_str!("../facts/operations.toml");
const CONSTANTS: &str = include_str!("../facts/constants.toml");
const WIRE: &str = include_str!("../facts/wire.toml");
const CAPTURES: &str = include_str!("../facts/captures.toml");

/// One comparison: its name, the file of its facts, and the function that makes it and counts what it compared.
type Comparison = (&'static str, &'static str, fn() -> anyhow::Result<usize>);

/// Every comparison.
const COMPARISONS: &[Comparison] = &[
    ("return codes have the vendor's names and numbers", "conformance/facts/status.toml", statuses),
    ("operations have the vendor's opcodes and flags", "conformance/facts/operations.toml", operations),
    ("numbers have the vendor's values", "conformance/facts/constants.toml", numbers),
    ("frames have the vendor's words and sizes", "conformance/facts/wire.toml", words),
    ("captured requests decode and encode to the same bytes", "conformance/facts/captures.toml", captures),
    ("captured requests have the layout the documents state", "conformance/facts/operations.toml", layouts),
    ("captured login proofs are those of this project", "conformance/facts/captures.toml", proofs),
];

/// Makes every comparison.
#[must_use]
pub fn check() -> Vec<Verdict> {
    COMPARISONS.iter().map(|(name, file, compare)| verdict(name, file, *compare)).collect()
}

fn verdict(name: &str, file: &str, compare: fn() -> anyhow::Result<usize>) -> Verdict {
    let start = Instant::now();
    let compared = compare();
    let time: Duration = start.elapsed();
    let (result, compared) = match compared {
        Ok(compared) => (Outcome::Passed, compared),
        Err(error) => {
            let text = format!("{error:#}");
            let difference = Difference {
                index: 0,
                action: name.to_owned(),
                text,
                kind: "fact".to_owned(),
                by_case: false,
            };
            let failure = Failure {
                difference,
                scenario: Scenario::default(),
                replay: vec!["cargo test -p bancada-conformance facts".to_owned()],
            };
            (Outcome::Failed(failure), 0)
        }
    };
    Verdict {
        client: "facts",
        area: "facts",
        about: "facts".to_owned(),
        name: name.to_owned(),
        clause: file.to_owned(),
        result,
        time,
        compared,
        unexpressed: 0,
    }
}

#[derive(Deserialize)]
struct StatusFile {
    status: Vec<StatusFact>,
}

#[derive(Deserialize)]
struct StatusFact {
    name: String,
    code: i32,
}

fn statuses() -> anyhow::Result<usize> {
    let file: StatusFile = toml::from_str(STATUS)?;
    for fact in &file.status {
        match Status::from_name(&fact.name) {
            Some(status) if status.code() == fact.code => {}
            Some(status) => bail!("{} is {} in the documents, {} here", fact.name, fact.code, status.code()),
            None => bail!("{} ({}) is in the documents, not here", fact.name, fact.code),
        }
    }
    for status in Status::all() {
        let stated = file.status.iter().any(|fact| fact.code == status.code());
        ensure!(stated, "{status:?} is here, and no fact states it");
    }
    Ok(file.status.len())
}

#[derive(Deserialize)]
struct OperationFile {
    operation: Vec<OperationFact>,
}

#[derive(Deserialize)]
struct OperationFact {
    name: String,
    opcode: u32,
    #[serde(default)]
    fqn_flag: Option<String>,
    #[serde(default)]
    payload: Vec<FieldFact>,
}

#[derive(Deserialize)]
struct FieldFact {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    width: Option<usize>,
    #[serde(default)]
    value: Option<toml::Value>,
    #[serde(default)]
    optional: bool,
}

fn operations() -> anyhow::Result<usize> {
    let file: OperationFile = toml::from_str(OPERATIONS)?;
    let mut compared = 0;
    for spec in op::SPECS.iter().filter(|spec| spec.origin == Origin::Vendor) {
        let fact = file
            .operation
            .iter()
            .find(|fact| fact.name == spec.name)
            .with_context(|| format!("{} is marked as the vendor's, and no fact states it", spec.name))?;
        ensure!(
            fact.opcode == spec.code,
            "{} is {} in the documents, {} here",
            spec.name,
            fact.opcode,
            spec.code
        );
        let flag = match fact.fqn_flag.as_deref() {
            None => FlagUse::Never,
            Some("always") => FlagUse::Always,
            Some(_) => FlagUse::Choice,
        };
        ensure!(
            flag == spec.flag,
            "{}: bit 31 is {flag:?} in the documents, {:?} here",
            spec.name,
            spec.flag
        );
        compared += 1;
    }
    for spec in op::SPECS.iter().filter(|spec| spec.origin == Origin::Ours) {
        let taken = file.operation.iter().find(|fact| fact.opcode == spec.code);
        ensure!(taken.is_none(), "{} takes an opcode of the vendor's, {}", spec.name, spec.code);
    }
    Ok(compared)
}

#[derive(Deserialize)]
struct ConstantFile {
    group: Vec<ConstantGroup>,
}

#[derive(Deserialize)]
struct ConstantGroup {
    constants: Vec<ConstantFact>,
}

#[derive(Deserialize)]
struct ConstantFact {
    name: String,
    value: toml::Value,
}

fn numbers() -> anyhow::Result<usize> {
    let file: ConstantFile = toml::from_str(CONSTANTS)?;
    let facts: BTreeMap<&str, i64> = file
        .group
        .iter()
        .flat_map(|group| &group.constants)
        .filter_map(|fact| Some((fact.name.as_str(), fact.value.as_integer()?)))
        .collect();
    let compare = |name: &str, value: i64| {
        let stated = facts.get(name).with_context(|| format!("{name} is here, and no fact states it"))?;
        ensure!(*stated == value, "{name} is {stated} in the documents, {value} here");
        Ok(())
    };
    let tables = [constants::NUMBERS, constants::NPM_NUMBERS, constants::PERMISSIONS];
    let mut compared = 0;
    for (name, value) in tables.into_iter().flatten() {
        compare(name, *value)?;
        compared += 1;
    }
    let keys = algorithm::key::ALL.iter().map(|(name, value)| (*name, i64::from(*value)));
    let hashes = algorithm::hash::ALL.iter().map(|(name, value)| (*name, i64::from(*value)));
    for (name, value) in keys.chain(hashes) {
        let vendors = match name.strip_prefix("DES3_") {
            Some(bits) => format!("ALG_3DES_{bits}"),
            None => format!("ALG_{name}"),
        };
        compare(&vendors, value)?;
        compared += 1;
    }
    Ok(compared)
}

#[derive(Deserialize)]
struct WireFile {
    magic: Vec<WordFact>,
    notify: Vec<WordFact>,
    flag: Vec<WordFact>,
    marker: Vec<WordFact>,
    size: Vec<SizeFact>,
}

#[derive(Deserialize)]
struct WordFact {
    name: String,
    value: toml::Value,
}

#[derive(Deserialize)]
struct SizeFact {
    name: String,
    #[serde(default)]
    bytes: Option<usize>,
}

/// Words of frames, by the names of the vendor's client.
const WORDS: &[(&str, u32)] = &[
    ("AAP_HND_SHAKE", frame::HELLO),
    ("AAP_HSHAKE_OK_NT", frame::HELLO_OK_NT),
    ("AAP_HSHAKE_OK_AT", frame::HELLO_OK_AT),
    ("NOTIFY_OK", frame::NOTIFY_OK),
    ("NOTIFY_OK_RM1", frame::NOTIFY_OK_RM1),
    ("NOTIFY_OK_RM2", frame::NOTIFY_OK_RM2),
    ("NOTIFY_CID", frame::NOTIFY_CID),
    ("NOTIFY_CLOSE", frame::NOTIFY_CLOSE),
    ("NOTIFY_ERR", frame::NOTIFY_ERR),
    ("AAP_v1", frame::HELLO_VERSION << 16),
    ("SESSION_A_TOKEN_AUTH", frame::HELLO_TOKEN),
    ("AAP_TLS", frame::HELLO_TLS),
    ("AAP_FQN_FLAG", frame::FLAG),
    ("LAST_OBJ_LEN_MARKER", frame::LAST_RECORD),
    ("MOD_CORE_ATTR_RAW", op::OBJ_EXP_RAW),
];

/// Sizes of fields, by the names of the vendor's client.
const SIZES: &[(&str, usize)] = &[
    ("AAP_HDR_LEN", frame::HEADER_LEN),
    ("AAP_HS_ACK_LEN", frame::HELLO_ACK_LEN),
    ("AAP_CHAP_RESP_LEN", op::LOGIN_RESPONSE_LEN),
    ("MAX_USR_LEN", text::USER_LEN),
    ("MAX_USR_PWD_LEN", text::PASSWORD_LEN),
    ("MAX_OBJ_FQN_LEN", text::OBJECT_LEN),
    ("SEG_LEN", op::MAX_SEGMENT),
    ("MC_M_OF_N_S_PARTLEN", 27),
    ("M_OF_N_SECRET_LEN", 24),
];

fn words() -> anyhow::Result<usize> {
    let file: WireFile = toml::from_str(WIRE)?;
    let facts: Vec<&WordFact> =
        [&file.magic, &file.notify, &file.flag, &file.marker].into_iter().flatten().collect();
    for (name, value) in WORDS {
        let fact = facts.iter().find(|fact| fact.name == *name);
        let stated = fact.and_then(|fact| fact.value.as_integer());
        let stated = stated.with_context(|| format!("no fact states {name}"))?;
        ensure!(stated == i64::from(*value), "{name} is {stated:#x} in the documents, {value:#x} here");
    }
    for (name, bytes) in SIZES {
        let fact = file.size.iter().find(|fact| fact.name == *name).and_then(|fact| fact.bytes);
        let stated = fact.with_context(|| format!("no fact states {name}"))?;
        ensure!(stated == *bytes, "{name} is {stated} bytes in the documents, {bytes} here");
    }
    Ok(WORDS.len() + SIZES.len())
}

#[derive(Deserialize)]
struct CaptureFile {
    capture: Vec<CaptureFact>,
    login: Vec<LoginFact>,
}

#[derive(Deserialize)]
struct CaptureFact {
    operation: String,
    call: String,
    request: String,
}

#[derive(Deserialize)]
struct LoginFact {
    kind: String,
    user: String,
    #[serde(default)]
    password: Option<String>,
    #[serde(default)]
    token_key: Option<String>,
    challenge: String,
    answer: String,
}

/// A captured request, taken apart as a frame.
fn frame_of(fact: &CaptureFact) -> anyhow::Result<(frame::Header, Vec<u8>)> {
    let bytes = hex::decode(&fact.request).with_context(|| format!("{}: not hexadecimal", fact.call))?;
    let (header, payload) = bytes.split_at_checked(frame::HEADER_LEN).context("no header")?;
    let header = frame::Header::from_bytes(header.try_into()?);
    ensure!(header.request_len() == payload.len(), "{}: the length word does not fit", fact.call);
    Ok((header, payload.to_vec()))
}

/// Decodes and encodes again; `None` for an operation this project does not have.
fn round_trip(header: frame::Header, payload: &[u8]) -> Option<anyhow::Result<Vec<u8>>> {
    fn through<O: Operation>(header: frame::Header, payload: &[u8]) -> anyhow::Result<Vec<u8>> {
        let operation = op::decode_request::<O>(payload, header.flag())?;
        let mut frame = Vec::new();
        op::encode_request(&operation, &mut frame);
        Ok(frame)
    }
    macro_rules! by_code {
        ($($module:ident $operation:ident,)*) => {
            match header.id {
                $(code if code == op::$operation::SPEC.code => {
                    Some(through::<op::$operation>(header, payload))
                })*
                _ => None,
            }
        };
    }
    for_each_operation!(by_code)
}

fn captures() -> anyhow::Result<usize> {
    let file: CaptureFile = toml::from_str(CAPTURES)?;
    let mut compared = 0;
    for fact in &file.capture {
        let (header, payload) = frame_of(fact)?;
        match round_trip(header, &payload) {
            Some(made) => {
                let made =
                    hex::encode(made.with_context(|| format!("{}: the request is refused", fact.call))?);
                ensure!(made == fact.request, "{}: captured {}, made again {made}", fact.call, fact.request);
                compared += 1;
            }
            None => {
                let known = op::SPECS.iter().any(|spec| spec.name == fact.operation);
                ensure!(!known, "{}: {} has another opcode here", fact.call, fact.operation);
            }
        }
    }
    Ok(compared)
}

/// The fields the documents state add up to what the client really sent.
fn layouts() -> anyhow::Result<usize> {
    let captured: CaptureFile = toml::from_str(CAPTURES)?;
    let stated: OperationFile = toml::from_str(OPERATIONS)?;
    let mut compared = 0;
    for fact in &captured.capture {
        let (_, payload) = frame_of(fact)?;
        let operation = stated
            .operation
            .iter()
            .find(|operation| operation.name == fact.operation)
            .with_context(|| format!("{} was captured, and no fact states it", fact.operation))?;
        let mut at = 0;
        let mut open = false;
        for field in &operation.payload {
            let width = match (field.kind.as_str(), field.width) {
                ("u8", _) => 1,
                ("u16", _) => 2,
                ("u32", _) => 4,
                ("u64", _) => 8,
                ("rest" | "repeat", _) => {
                    open = true;
                    0
                }
                (_, Some(width)) => width,
                (kind, None) => bail!("{}: {} of type {kind} has no width", operation.name, field.name),
            };
            if let Some(expected) = field.value.as_ref().and_then(toml::Value::as_integer) {
                let bytes =
                    payload.get(at..at + width).with_context(|| format!("{}: too short", fact.call))?;
                let found = bytes.iter().rev().fold(0i64, |value, byte| (value << 8) | i64::from(*byte));
                ensure!(found == expected, "{}: {} is {found}, not {expected}", fact.call, field.name);
            }
            if field.optional && at >= payload.len() {
                continue;
            }
            at += width;
        }
        let fits = if open { at <= payload.len() } else { at == payload.len() };
        ensure!(fits, "{}: the stated fields have {at} bytes, the request {}", fact.call, payload.len());
        compared += 1;
    }
    Ok(compared)
}

fn proofs() -> anyhow::Result<usize> {
    let file: CaptureFile = toml::from_str(CAPTURES)?;
    for fact in &file.login {
        let challenge: [u8; 16] = hex::decode(&fact.challenge)?.try_into().ok().context("no challenge")?;
        let name = text::UserName::new(&fact.user)?;
        let mut user = [0; 16];
        user[..name.as_bytes().len()].copy_from_slice(name.as_bytes());
        let proof = match (&fact.password, &fact.token_key) {
            (Some(password), _) => {
                let padded = text::Password::new(password)?;
                bancada_crypto::login::chap(
                    &bancada_crypto::login::password_digest(padded.expose()),
                    &challenge,
                )
            }
            (None, Some(key)) => {
                let key: [u8; 16] = hex::decode(key)?.try_into().ok().context("no key")?;
                bancada_crypto::login::token_cmac(&key, &user, &challenge)?
            }
            (None, None) => bail!("{}: neither password nor token", fact.kind),
        };
        let answer = hex::encode([proof, user].concat());
        ensure!(answer == fact.answer, "{} login: captured {}, made here {answer}", fact.kind, fact.answer);
    }
    Ok(file.login.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_agrees() {
        for (name, _, compare) in COMPARISONS {
            match compare() {
                Ok(compared) => assert!(compared > 0, "{name}: nothing was compared"),
                Err(error) => panic!("{name}: {error:#}"),
            }
        }
    }
}
