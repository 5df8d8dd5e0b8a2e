//! What the vendor's client really wrote (npm hsm-dinamo 4.9.1, captured): our decoder reads it, our encoder writes it, our login answers the same.

use bancada_link::Credentials;
use bancada_wire::codec::DecodeError;
use bancada_wire::for_each_operation;
use bancada_wire::frame::{HEADER_LEN, HELLO, Header, NOTIFY_OK};
use bancada_wire::op::{Operation, decode_request, encode_request};

use super::file::{Captures, LoginCapture, Operations};
use super::ledger::Ledger;
use super::opening::opened;
use super::operation::fixed_length;

pub(super) fn compare(facts: &Captures, operations: &Operations, ledger: &mut Ledger) {
    for capture in &facts.capture {
        let fact = format!("captures/{}", capture.call);
        let documented = operations.operation.iter().find(|operation| operation.name == capture.operation);
        let frame = hex::decode(&capture.request).unwrap_or_default();
        let (Some(documented), Some((header, payload))) =
            (documented, frame.split_first_chunk::<HEADER_LEN>())
        else {
            ledger.differs(&fact, "a frame of a documented operation", "finds none");
            continue;
        };
        let header = Header::from_bytes(*header);
        ledger.same(&format!("{fact}/opcode"), header.id, documented.opcode);
        ledger.same(&format!("{fact}/length"), header.request_len(), payload.len());
        let (fixed, open) = fixed_length(documented.payload.as_deref().unwrap_or_default());
        let fits = if open { payload.len() >= fixed } else { payload.len() == fixed };
        ledger.same(&format!("{fact}/length"), true, fits);
        match again(header, payload) {
            Some(Ok(ours)) => ledger.same(&fact, capture.request.as_str(), hex::encode(ours)),
            Some(Err(error)) => ledger.differs(&fact, &capture.request, error),
            None => ledger.leave(&fact),
        }
    }
    facts.login.iter().for_each(|login| compare_login(login, ledger));
}

/// The captured token as text: `printf 'alice\0\0\0\0\0\0\0\0\0\0\0ZZZZZZZZZZZZZZZZ' | base64`.
const TOKEN_TEXT: &str = "YWxpY2UAAAAAAAAAAAAAAFpaWlpaWlpaWlpaWlpaWlo=";

macro_rules! again {
    ($($module:ident $operation:ident,)*) => {
        /// The frame of a request, decoded and encoded again; `None` for an operation the code does not have.
        fn again(header: Header, payload: &[u8]) -> Option<Result<Vec<u8>, DecodeError>> {
            $(if header.id == bancada_wire::op::$operation::SPEC.code {
                return Some(frame::<bancada_wire::op::$operation>(payload, header.flag()));
            })*
            None
        }
    };
}
for_each_operation!(again);

fn frame<O: Operation>(payload: &[u8], flag: bool) -> Result<Vec<u8>, DecodeError> {
    let request = decode_request::<O>(payload, flag)?;
    let mut frame = Vec::new();
    encode_request(&request, &mut frame);
    Ok(frame)
}

fn compare_login(login: &LoginCapture, ledger: &mut Ledger) {
    let fact = format!("captures/login/{}", login.kind);
    let credentials = match (&login.password, &login.token_key) {
        (Some(password), None) => Credentials::user(&login.user, password).ok(),
        (None, Some(key)) => {
            let key = hex::decode(key).ok().and_then(|key| <[u8; 16]>::try_from(key).ok());
            key.and_then(|key| Credentials::token(&login.user, key).ok())
        }
        _ => None,
    };
    let answer = credentials.map_or_else(|| "no credentials".to_owned(), |it| answer(&it, &login.challenge));
    ledger.same(&fact, login.answer.as_str(), answer.as_str());
    let rule = match login.kind.as_str() {
        "token" => "wire/rule/token-hash",
        _ => "wire/rule/password-hash",
    };
    ledger.same(rule, login.answer.as_str(), answer);
    if login.kind == "token" {
        let answer = Credentials::token_text(TOKEN_TEXT).map(|it| self::answer(&it, &login.challenge));
        let answer = answer.unwrap_or_else(|error| error.to_string());
        ledger.same("wire/rule/token-text", login.answer.as_str(), answer);
    }
}

/// The 32 bytes our client answers a challenge with, in hexadecimal.
fn answer(credentials: &Credentials, challenge: &str) -> String {
    let reply =
        [&Header { id: NOTIFY_OK, len: 16 }.to_bytes()[..], &hex::decode(challenge).unwrap_or_default()];
    match opened(credentials, false, &[&HELLO.to_le_bytes(), &reply.concat()]) {
        Ok(opened) => opened.sent.last().map_or_else(|| "nothing".to_owned(), hex::encode),
        Err(error) => error.to_string(),
    }
}
