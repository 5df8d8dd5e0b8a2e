//! The frame of the protocol: greeting, notices, flags, sizes and how replies are cut (npm hsm-dinamo 4.9.1).

use bancada_link::client::Exchange;
use bancada_link::{Credentials, DEFAULT_PORT};
use bancada_wire::codec;
use bancada_wire::frame::{
    FLAG, HEADER_LEN, HELLO, HELLO_ACK_LEN, HELLO_OK_AT, HELLO_OK_NT, Header, Hello, LAST_RECORD, NOTIFY_CID,
    NOTIFY_CLOSE, NOTIFY_ERR, NOTIFY_OK, NOTIFY_OK_RM1, NOTIFY_OK_RM2, OperatingMode, is_acknowledgement,
};
use bancada_wire::op::{
    A_TOKEN_INFINITE, A_TOKEN_LIST, AToken, AccessToken, AsymExp, AuthenticateResponse, EccSign, EccVerify2,
    EddsaVerify, KekWrapObj, LOGIN_RESPONSE_LEN, LoginResponse, MAX_SEGMENT, MOfNSplit, MOfNSplitResponse,
    OBJ_EXP_RAW, Operation, Origin, P8Export, P10Csr, ReplyShape, RsaSign, RsaVerify, SPECS, encode_request,
};
use bancada_wire::reply::Reply;
use bancada_wire::status::Status;
use bancada_wire::text::{OBJECT_LEN, ObjectName, PASSWORD_LEN, USER_LEN, UserName};

use super::code::{EDDSA_DATA_LEN, OBJECT_NAME_LEN, width};
use super::file::{Field, FieldType, Layout, Transport, Wire, WireRule};
use super::ledger::Ledger;
use super::opening::opened;

pub(super) fn compare(facts: &Wire, ledger: &mut Ledger) {
    transport(&facts.transport, ledger);
    for magic in &facts.magic {
        let fact = format!("wire/magic/{}", magic.name);
        let code = match magic.name.as_str() {
            "AAP_HND_SHAKE" => HELLO,
            "AAP_HSHAKE_OK_NT" => HELLO_OK_NT,
            "AAP_HSHAKE_OK_AT" => HELLO_OK_AT,
            _ => {
                ledger.leave(&fact);
                continue;
            }
        };
        ledger.same(&fact, magic.value, code);
        ledger.same(&fact, magic.wire.as_str(), hex::encode(code.to_le_bytes()));
        ledger.same(&fact, true, is_acknowledgement(magic.value));
    }
    numbers("notify", facts.notify.iter().map(|row| (row.name.as_str(), row.value)), &notices(), ledger);
    numbers("flag", facts.flag.iter().map(|row| (row.name.as_str(), row.value)), &flags(), ledger);
    numbers("size", facts.size.iter().map(|row| (row.name.as_str(), row.bytes)), &sizes(), ledger);
    let markers = [
        ("LAST_OBJ_LEN_MARKER", LAST_RECORD.to_string()),
        ("MC_A_TOKEN_INFINITE", format!("0x{A_TOKEN_INFINITE:X}")),
    ];
    let documented: Vec<_> =
        facts.marker.iter().map(|row| (row.name.as_str(), row.value.to_string())).collect();
    numbers("marker", documented.into_iter(), &markers, ledger);
    facts.layout.iter().for_each(|layout| compare_layout(layout, ledger));
    facts.rule.iter().for_each(|rule| compare_rule(rule, ledger));
}

/// Compares named values both ways.
fn numbers<'a, T: PartialEq + std::fmt::Display + Clone>(
    kind: &str,
    documented: impl Iterator<Item = (&'a str, T)>,
    code: &[(&str, T)],
    ledger: &mut Ledger,
) {
    let mut seen = Vec::new();
    for (name, value) in documented {
        let fact = format!("wire/{kind}/{name}");
        match code.iter().find(|(known, _)| *known == name) {
            Some((_, known)) => ledger.same(&fact, value, known.clone()),
            None => ledger.leave(&fact),
        }
        seen.push(name);
    }
    for (name, value) in code.iter().filter(|(name, _)| !seen.contains(name)) {
        ledger.differs(&format!("wire/{kind}/{name}"), "nothing", value);
    }
}

fn transport(facts: &Transport, ledger: &mut Ledger) {
    ledger.same("wire/transport/port", facts.port, DEFAULT_PORT);
    let order = match Header::from_bytes([1, 0, 0, 0, 0, 0, 0, 0]).id {
        1 => "little",
        _ => "big",
    };
    ledger.same("wire/transport/byte_order", facts.byte_order.as_str(), order);
    let fact = "wire/transport/tls_position";
    let place = match opened(&Credentials::anonymous(), true, &[&HELLO.to_le_bytes()]) {
        Ok(opened) if opened.tls_after == Some(1) => "after the clear greeting, on the same connection",
        _ => "elsewhere",
    };
    ledger.same(fact, facts.tls_position.as_str(), place);
    for version in &facts.tls_versions {
        ledger.leave(&format!("wire/transport/tls_versions/{version}"));
    }
    for suite in &facts.cipher_suites {
        ledger.leave(&format!("wire/transport/cipher_suites/{} 0x{:04X}", suite.name, suite.code));
    }
    ledger.leave(&format!("wire/transport/server_certificate_checked/{}", facts.server_certificate_checked));
}

fn notices() -> [(&'static str, u32); 6] {
    [
        ("NOTIFY_OK", NOTIFY_OK),
        ("NOTIFY_OK_RM1", NOTIFY_OK_RM1),
        ("NOTIFY_OK_RM2", NOTIFY_OK_RM2),
        ("NOTIFY_CID", NOTIFY_CID),
        ("NOTIFY_CLOSE", NOTIFY_CLOSE),
        ("NOTIFY_ERR", NOTIFY_ERR),
    ]
}

/// The flags, each taken from bytes the code makes with and without it.
fn flags() -> [(&'static str, u32); 7] {
    let hello = |tls, token| Hello { tls, token }.to_header().len;
    let length = |x509| {
        let mut frame = Vec::new();
        encode_request(&AsymExp { name: ObjectName::EMPTY, x509 }, &mut frame);
        frame.first_chunk().map_or(0, |bytes| Header::from_bytes(*bytes).len)
    };
    let error = Header::error(Status::ERR_CANNOT_OPEN_OBJ).len;
    [
        ("AAP_v1", hello(false, false)),
        ("SESSION_A_TOKEN_AUTH", hello(false, true) ^ hello(false, false)),
        ("AAP_TLS", hello(true, false) ^ hello(false, false)),
        ("AAP_FQN_FLAG", FLAG),
        ("MOD_CORE_ASYM_EXP_FLAG_X509", length(true) ^ length(false)),
        ("MOD_CORE_ATTR_RAW", OBJ_EXP_RAW),
        ("TAC_ERROR_BIT", error ^ Status::ERR_CANNOT_OPEN_OBJ.code().cast_unsigned()),
    ]
}

fn sizes() -> [(&'static str, usize); 22] {
    [
        ("AAP_HDR_LEN", HEADER_LEN),
        ("AAP_HS_ACK_LEN", HELLO_ACK_LEN),
        ("AAP_CHAP_RND_LEN", width(|reply: &AuthenticateResponse| &reply.challenge)),
        ("AAP_CHAP_HASH_LEN", width(|answer: &LoginResponse| &answer.proof)),
        ("AAP_CHAP_RESP_LEN", LOGIN_RESPONSE_LEN),
        ("MAX_USR_LEN", USER_LEN),
        ("MAX_USR_PWD_LEN", PASSWORD_LEN),
        ("MAX_OBJ_ID", OBJECT_NAME_LEN + 1),
        ("MAX_OBJ_FQN_LEN", OBJECT_LEN),
        ("A_TOKEN_KLEN", width(|token: &AccessToken| &token.key)),
        ("MAX_HASH_LEN", width(|sign: &RsaSign| &sign.hash).max(width(|sign: &EccSign| &sign.hash))),
        ("SEG_LEN", MAX_SEGMENT),
        ("MAX_RSA_MOD_LEN", width(|verify: &RsaVerify| &verify.signature)),
        ("MAX_ECC_SIGN_DER", width(|verify: &EccVerify2| &verify.signature)),
        ("MOD_CORE_P10_CSR_DN_MAX_LEN", width(|csr: &P10Csr| &csr.subject) - 1),
        ("MAX_EdDSA_DATA_LEN", EDDSA_DATA_LEN),
        ("MAX_EdDSA_SIG_LEN", width(|verify: &EddsaVerify| &verify.signature)),
        ("INTERACTION_VECTOR_LEN", width(|wrap: &KekWrapObj| &wrap.iv)),
        ("P8_IMPORT_EXPORT_SECRET_MAX_LEN", width(|export: &P8Export| &export.password)),
        ("M_OF_N_SECRET_LEN", width(|split: &MOfNSplit| &split.secret)),
        ("MC_M_OF_N_ES_LEN", width(|split: &MOfNSplitResponse| &split.entropy)),
        ("MC_M_OF_N_S_PARTLEN", width(|split: &MOfNSplitResponse| &split.parts)),
    ]
}

/// Bytes the code makes where the documents give a layout.
fn sample(layout: &Layout) -> Option<Vec<u8>> {
    let challenge = AuthenticateResponse { challenge: *b"sixteen of them." };
    Some(match layout.name.as_str() {
        "header" => Header { id: 1, len: 2 }.to_bytes().to_vec(),
        "greeting" => Hello { tls: true, token: false }.to_header().to_bytes().to_vec(),
        "greeting-answer" => Hello { tls: false, token: true }.acknowledgement().to_le_bytes().to_vec(),
        "login-request" => {
            let user = Credentials::user("alice", "12345678").ok()?;
            opened(&user, false, &[&HELLO.to_le_bytes()]).ok()?.sent.pop()?
        }
        "login-challenge" => {
            let mut reply = Reply::new();
            reply.ok_with(OperatingMode::Rm1.notify_code(), &challenge, ReplyShape::Single);
            reply.records().next()?.to_vec()
        }
        "login-answer" => {
            let mut bytes = Vec::new();
            let user = UserName::new("alice").ok()?;
            codec::encode(&LoginResponse { proof: challenge.challenge, user }, &mut bytes);
            bytes
        }
        "close" => Exchange::new("nowhere".to_owned()).goodbye()?.to_vec(),
        "error" => Header::error(Status::from_code(layout.example_status?)).to_bytes().to_vec(),
        _ => return None,
    })
}

fn compare_layout(layout: &Layout, ledger: &mut Ledger) {
    let fact = format!("wire/layout/{}", layout.name);
    let Some(bytes) = sample(layout) else { return ledger.leave(&fact) };
    if let Some(example) = &layout.example {
        ledger.same(&fact, example.as_str(), hex::encode(&bytes));
    }
    let mut rest = bytes.as_slice();
    for field in &layout.fields {
        let Some((value, after)) = fixed_width(field).and_then(|width| rest.split_at_checked(width)) else {
            return ledger.differs(&fact, &field.name, "ends before it");
        };
        if let Some(documented) = field.value {
            let mut word = [0; 8];
            word[..value.len().min(8)].copy_from_slice(&value[..value.len().min(8)]);
            ledger.same(&fact, documented, u64::from_le_bytes(word));
        }
        rest = after;
    }
    ledger.same(&fact, 0, rest.len());
}

/// Bytes of a field of fixed width.
pub(super) fn fixed_width(field: &Field) -> Option<usize> {
    match field.kind {
        FieldType::U8 => Some(1),
        FieldType::U16 => Some(2),
        FieldType::U32 => Some(4),
        FieldType::U64 => Some(8),
        FieldType::Text | FieldType::Bytes => field.width,
        FieldType::Rest | FieldType::Repeat => None,
    }
}

fn compare_rule(rule: &WireRule, ledger: &mut Ledger) {
    let fact = format!("wire/rule/{}", rule.id);
    match rule.id.as_str() {
        "verify-false" => {
            ledger.same(&fact, rule.status.unwrap_or(0), Status::ERR_INVALID_SIGNATURE.code());
        }
        "one-reply-one-record" => {
            let single = |code| code != KekWrapObj::SPEC.code;
            for spec in SPECS.iter().filter(|spec| spec.origin == Origin::Vendor && single(spec.code)) {
                let cut = format!("{}: {:?}", spec.name, spec.reply);
                ledger.same(&fact, format!("{}: {:?}", spec.name, ReplyShape::Single), cut);
            }
        }
        "wrap-export-two-records" => {
            ledger.same(&fact, rule.opcode.unwrap_or(0), KekWrapObj::SPEC.code);
            let cut = format!("{:?}", KekWrapObj::SPEC.reply);
            ledger.same(&fact, format!("{:?}", ReplyShape::SplitHeader), cut);
        }
        "listing-records" => {
            let list = AToken { operation: A_TOKEN_LIST, key: [0; 16].into(), expiration: A_TOKEN_INFINITE };
            let mut token = Vec::new();
            codec::encode(&AccessToken { key: [0; 16].into(), expiration: 0 }, &mut token);
            let cut = format!("{:?}", list.reply_shape());
            ledger.same(&fact, rule.opcode.unwrap_or(0), AToken::SPEC.code);
            ledger.same(&fact, format!("{:?}", ReplyShape::Records { size: token.len() }), cut);
        }
        "name-without-nul" => {
            let name = "n".repeat(OBJECT_LEN);
            ledger.same(
                &fact,
                true,
                ObjectName::new(&name).is_ok_and(|name| name.as_bytes().len() == OBJECT_LEN),
            );
        }
        _ => ledger.leave(&fact),
    }
}
