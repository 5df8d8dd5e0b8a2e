//! Operations: opcode, flag, layout of request and reply (npm hsm-dinamo 4.9.1) against the types of `bancada_wire::op`.
//!
//! A payload is put together from the documented fields, each with bytes of its own. The code's type is then
//! filled field by field from those bytes; encoding it must give the payload again, and decoding the payload
//! must give a value that encodes to it. So a field of another width, in another place, or under another name
//! shows.

use bancada_wire::algorithm::mode;
use bancada_wire::codec::{self, Items};
use bancada_wire::frame::{HEADER_LEN, Header};
use bancada_wire::op::{
    self, A_TOKEN_ISSUE, A_TOKEN_LIST, A_TOKEN_REVOKE, DELETE_COMMIT, FlagUse, KEK_EXPORT, KEK_IMPORT,
    Operation, Origin, RSA_PAD_PKCS1, RSA_PAD_PSS, RSA_PAD_X931, SPECS, decode_request, encode_request,
};

use super::file::{Field, FieldType, OperationFact, Operations};
use super::ledger::Ledger;
use super::probe::Probe;

pub(super) fn compare(facts: &Operations, ledger: &mut Ledger) {
    for operation in &facts.operation {
        let fact = format!("operations/{}", operation.name);
        ledger.same(&format!("{fact}/name"), true, operation.constant.ends_with(&operation.name));
        match op::spec(operation.opcode) {
            Some(spec) => {
                ledger.same(&format!("{fact}/opcode"), operation.name.as_str(), spec.name);
                ledger.same(&format!("{fact}/flag"), flag_use(operation), format!("{:?}", spec.flag));
                ledger.same(
                    &format!("{fact}/layout_known"),
                    operation.layout_known,
                    spec.origin == Origin::Vendor,
                );
                fields(&fact, operation, ledger);
                layout(&fact, operation, ledger);
            }
            None if !operation.layout_known => {
                ledger.leave(&format!("operations/without-layout/{}", operation.name));
            }
            None => ledger.leave(&fact),
        }
    }
    for spec in SPECS {
        let documented = facts.operation.iter().find(|operation| operation.opcode == spec.code);
        if documented.is_some() != (spec.origin == Origin::Vendor) {
            let documented = documented.map_or("nothing", |operation| operation.name.as_str());
            let code = format!("has opcode {} as {:?}", spec.code, spec.origin);
            ledger.differs(&format!("operations/{}/opcode", spec.name), documented, code);
        }
    }
}

fn flag_use(operation: &OperationFact) -> String {
    let flag = match operation.fqn_flag.as_deref() {
        None => FlagUse::Never,
        Some("always") => FlagUse::Always,
        Some("x509") => FlagUse::Choice,
        Some(other) => return other.to_owned(),
    };
    format!("{flag:?}")
}

/// Claims about single fields that the layout does not show.
fn fields(fact: &str, operation: &OperationFact, ledger: &mut Ledger) {
    for field in operation.payload.iter().chain(&operation.reply).flatten() {
        let fact = format!("{fact}/{}", field.name);
        if let Some(encoding) = &field.encoding {
            ledger.leave(&format!("{fact}/encoding/{encoding}"));
        }
        if field.trailing_zeros {
            ledger.leave(&format!("{fact}/trailing_zeros"));
        }
        let values =
            field.value.map(|value| vec![value]).or_else(|| field.values.clone()).unwrap_or_default();
        let known = known_values(&operation.name, &field.name);
        for value in &values {
            let fact = format!("{fact}/value/{value}");
            if known.contains(value) {
                ledger.same(&fact, *value, *value);
            } else {
                ledger.leave(&fact);
            }
        }
        for value in known.iter().filter(|value| !values.contains(value)) {
            ledger.differs(&format!("{fact}/value/{value}"), "nothing", value);
        }
    }
}

/// Values the code names for a field.
fn known_values(operation: &str, field: &str) -> Vec<u64> {
    let values: &[u8] = match (operation, field) {
        ("DELETE_USR", "commit") => &[DELETE_COMMIT],
        ("KEK_WRAP_OBJ", "operation") => &[KEK_EXPORT, KEK_IMPORT],
        ("KEK_WRAP_OBJ", "mode") => &[mode::ECB, mode::CBC],
        ("A_TOKEN", "operation") => &[A_TOKEN_ISSUE, A_TOKEN_REVOKE, A_TOKEN_LIST],
        ("RSA_SIGN" | "RSA_VERIFY", "padding") => &[RSA_PAD_PKCS1, RSA_PAD_PSS, RSA_PAD_X931],
        _ => &[],
    };
    values.iter().copied().map(u64::from).collect()
}

/// How an operation's types are filled from documented fields.
trait Filled: Operation {
    fn request(probe: &mut Probe<'_>) -> Result<Self, String>;
    fn response(probe: &mut Probe<'_>) -> Result<Self::Response, String>;
}

macro_rules! response {
    ($probe:ident, ()) => { () };
    ($probe:ident, $fact:literal) => { $probe.take($fact)? };
    ($probe:ident, [$type:ident { $($field:ident: $fact:literal),* }]) => {
        Items(vec![op::$type { $($field: $probe.take($fact)?),* }])
    };
    ($probe:ident, ($type:ident { $($field:ident: $fact:literal),* })) => {
        op::$type { $($field: $probe.take($fact)?),* }
    };
}

/// Rows `Type { field: "documented name", … } => response`: nothing, one field, a record each, or a structure.
macro_rules! filled {
    ($($type:ident { $($field:ident: $fact:literal),* $(; $other:ident: $value:expr)? } => $response:tt,)*) => {
        $(impl Filled for op::$type {
            fn request(probe: &mut Probe<'_>) -> Result<Self, String> {
                Ok(Self { $($field: probe.take($fact)?,)* $($other: $value)? })
            }
            fn response(_probe: &mut Probe<'_>) -> Result<Self::Response, String> {
                Ok(response!(_probe, $response))
            }
        })*

        fn layout(fact: &str, operation: &OperationFact, ledger: &mut Ledger) {
            match operation.opcode {
                $(op::$type::CODE => layout_of::<op::$type>(fact, operation, ledger),)*
                op::Authenticate::CODE => ledger.leave(&format!("{fact}/layout")),
                opcode => ledger.differs(&format!("{fact}/layout"), opcode, "has the opcode, this table has not"),
            }
        }
    };
}

/// An operation's opcode as a pattern.
trait Code {
    const CODE: u32;
}

impl<O: Operation> Code for O {
    const CODE: u32 = O::SPEC.code;
}

filled! {
    CreateKey { algorithm: "algorithm", attributes: "attributes", name: "name" } => (),
    AsymEnc { name: "name", block: "block" } => "plaintext",
    AsymExp { name: "name"; x509: false } => "public_key",
    HashStart { algorithm: "algorithm", key: "name" } => (HashStartResponse { ticket: "ticket" }),
    HashCont { ticket: "ticket", length: "length", data: "data" } => (),
    HashEnd { ticket: "ticket" } => "digest",
    ChangePwd { password: "password" } => (),
    KeyImp { algorithm: "algorithm", attributes: "attributes", name: "name", material: "data" } => (),
    ObjExp { name: "name", flags: "flags" } => "data",
    CreateUsr { user: "user", password: "password", acl: "permissions" } => (),
    DeleteUsr { commit: "commit", user: "user" } => (),
    CreateBlob { name: "name", length: "length", data: "data" } => (),
    EccSign { name: "name", hash_algorithm: "hash_algorithm", hash: "hash" } => "signature",
    KekWrapObj {
        operation: "operation", mode: "mode", padding: "padding", iv: "iv", kek: "kek", name: "name",
        algorithm: "object_type", attributes: "attributes", data: "data"
    } => "data",
    P10Csr { name: "name", version: "version", subject: "distinguished_name", hash: "hash" } => "request",
    P8Export { name: "name", password: "password" } => "envelope",
    P8Import {
        algorithm: "key_type", attributes: "attributes", name: "name", password: "password", envelope: "envelope"
    } => (),
    AToken { operation: "operation", key: "key", expiration: "expiration" }
        => [AccessToken { key: "key", expiration: "expiration" }],
    RsaSign { name: "name", padding: "padding", hash_algorithm: "hash_algorithm", hash: "hash" } => "signature",
    RsaVerify {
        name: "name", padding: "padding", hash_algorithm: "hash_algorithm", hash: "hash", signature: "signature"
    } => (),
    EccVerify2 {
        name: "name", padding: "padding", hash_algorithm: "hash_algorithm", hash: "hash", signature: "signature"
    } => (),
    EddsaSign { name: "name", mode: "mode", data: "data" } => "signature",
    EddsaVerify { name: "name", mode: "mode", signature: "signature", data: "data" } => (),
    MOfNSplit { secret: "secret", m: "m", n: "n" }
        => (MOfNSplitResponse { secret: "secret", entropy: "entropy", parts: "parts" }),
    MOfNRecover { parts: "parts" } => (MOfNRecoverResponse { secret: "secret" }),
}

fn layout_of<O: Filled>(fact: &str, operation: &OperationFact, ledger: &mut Ledger) {
    let payload = operation.payload.as_deref().unwrap_or_default();
    let reply = operation.reply.as_deref().unwrap_or_default();
    settle(&format!("{fact}/payload"), request_layout::<O>(payload, None, true), ledger);
    for field in payload.iter().filter(|field| field.optional) {
        let without = request_layout::<O>(payload, None, false);
        settle(&format!("{fact}/{}/optional", field.name), without, ledger);
    }
    for (field, max) in payload.iter().filter_map(|field| Some((field, field.max?))) {
        let fact = format!("{fact}/{}/max", field.name);
        let (fits, longer) = (
            request_layout::<O>(payload, Some(max), true),
            request_layout::<O>(payload, Some(max + 1), true),
        );
        match (fits, longer) {
            (Ok(()), Err(_)) => ledger.same(&fact, max, max),
            (Ok(()), Ok(())) => ledger.leave(&fact),
            (fits, _) => settle(&fact, fits, ledger),
        }
    }
    settle(&format!("{fact}/reply"), response_layout::<O>(reply), ledger);
}

fn settle(fact: &str, outcome: Result<(), String>, ledger: &mut Ledger) {
    match outcome {
        Ok(()) => ledger.same(fact, true, true),
        Err(code) => ledger.differs(fact, "another layout", code),
    }
}

/// Whether the request type has the documented fields and no others.
fn request_layout<O: Filled>(fields: &[Field], rest: Option<usize>, optional: bool) -> Result<(), String> {
    let mut probe = Probe::new(fields, rest, optional)?;
    let payload = probe.bytes();
    if payload.len() > O::SPEC.max_request {
        return Err(format!("takes at most {} bytes of request, not {}", O::SPEC.max_request, payload.len()));
    }
    let request = O::request(&mut probe)?;
    if let [left, ..] = probe.left()[..] {
        return Err(format!("has no field {left}"));
    }
    let flags: &[bool] = match O::SPEC.flag {
        FlagUse::Never => &[false],
        FlagUse::Always => &[true],
        FlagUse::Choice => &[true, false],
    };
    for flag in [true, false] {
        match decode_request::<O>(&payload, flag) {
            Ok(_) if !flags.contains(&flag) => return Err(format!("takes bit 31 as {flag}")),
            Err(error) if flags.contains(&flag) => {
                return Err(format!("refuses the documented bytes: {error}"));
            }
            Ok(read) => same_frame(&payload, flag, &read)?,
            Err(_) => {}
        }
    }
    match O::SPEC.flag {
        FlagUse::Choice => same_frame(&payload, false, &request.with_flag(false)),
        flag => same_frame(&payload, flag == FlagUse::Always, &request),
    }
}

fn same_frame<O: Operation>(payload: &[u8], flag: bool, request: &O) -> Result<(), String> {
    let mut frame = Vec::new();
    encode_request(request, &mut frame);
    let Some((header, encoded)) = frame.split_first_chunk::<HEADER_LEN>() else {
        return Err("writes no header".to_owned());
    };
    let header = Header::from_bytes(*header);
    if header.id != O::SPEC.code || header.request_len() != payload.len() || header.flag() != flag {
        return Err(format!("writes the header {header:?} before {} bytes", payload.len()));
    }
    first_difference(payload, encoded)
}

/// Whether the response type has the documented fields and no others.
fn response_layout<O: Filled>(fields: &[Field]) -> Result<(), String> {
    let mut probe = Probe::new(fields, None, true)?;
    let payload = probe.bytes();
    let response = O::response(&mut probe)?;
    if let [left, ..] = probe.left()[..] {
        return Err(format!("has no field {left}"));
    }
    let mut encoded = Vec::new();
    codec::encode(&response, &mut encoded);
    first_difference(&payload, &encoded)?;
    let read: O::Response =
        codec::decode(&payload).map_err(|error| format!("refuses the documented bytes: {error}"))?;
    encoded.clear();
    codec::encode(&read, &mut encoded);
    first_difference(&payload, &encoded)
}

fn first_difference(documented: &[u8], code: &[u8]) -> Result<(), String> {
    match documented.iter().zip(code).position(|(documented, code)| documented != code) {
        Some(at) => Err(format!("parts at byte {at} of the payload")),
        None if documented.len() != code.len() => {
            Err(format!("has {} bytes where {} are documented", code.len(), documented.len()))
        }
        None => Ok(()),
    }
}

/// Bytes of all fields of fixed width, for captures of operations the code does not have.
pub(super) fn fixed_length(fields: &[Field]) -> (usize, bool) {
    let open = fields
        .iter()
        .any(|field| field.optional || matches!(field.kind, FieldType::Rest | FieldType::Repeat));
    (fields.iter().filter(|field| !field.optional).filter_map(super::frame::fixed_width).sum(), open)
}
