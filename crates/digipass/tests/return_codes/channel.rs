//! What devices send, payload keys, and what BLOBs and import handles say without a key: what provokes each of their codes.
//!
//! The public copy of the page AAL2ProcMessageResponse ends in its table, so its list is what that page and those of the ICSF and HSM editions
//! show. Codes of places that are missing or too small belong to the C interface.

use bancada_crypto::cipher::SymAlg;
use bancada_crypto::random::SeededRandom;
use bancada_digipass::authenticator::Authenticator;
use bancada_digipass::blob::Kind;
use bancada_digipass::keys::{InProcessKeys, InitialVector};
use bancada_digipass::message::channel::{
    gen_message_deactivation, gen_message_request, proc_message_response,
};
use bancada_digipass::message::{PayloadKeyBlob, Protection, migrate_payload_key_blob};
use bancada_digipass::vector::MessageVector;
use bancada_digipass::{Blob, Context, Definition, KernelParams, ReturnCode, Sealing};
use zeroize::Zeroizing;

use crate::{NOW, Rows, Section, code, damaged, definition};

/// The codes of AAL2ProcMessageResponse; 5009 stands for 5000 and any error code of a device.
const RESPONSE_CODES: &[i32] =
    &[0, 412, 413, 414, 900, 908, 913, 951, 1346, 1348, 1349, 1350, 1351, 1352, 1353, 1354, 1355, 1361, 5009];

/// The codes of AAL2GenMessageDeactivation.
const DEACTIVATION_CODES: &[i32] = &[0, 412, 413, 1118, 1286, 1288, 1289, 1293];

/// The codes of AAL2MigratePKBlob and its ICSF edition.
const MIGRATION_CODES: &[i32] = &[0, 412, 413, 414, 900, 908, 913, 951, 1286];

/// The codes of AAL2GetBlobInfo.
const INFO_CODES: &[i32] = &[0, 510, 591, 1118];

/// The codes of AAL2DPXClose.
const CLOSE_CODES: &[i32] = &[0, -21, -30, -1501, -1502, -1503, -1504, -1505, -1507];

const RESPONSE_EXPLAINED: &[(i32, &str)] = &[
    (1349, "C interface: no place for the body"),
    (1350, "C interface: no place for its length"),
    (1351, "C interface: a place of 4 bytes for 4 characters"),
    (1352, "nothing: messages carry no nonce, so a response to another request gives 1361"),
];

const DEACTIVATION_EXPLAINED: &[(i32, &str)] = &[
    (1288, "nothing: the serial number stands in the payload key BLOB, under its checksum"),
    (1289, "nothing: as 1288"),
];

const INFO_EXPLAINED: &[(i32, &str)] = &[(591, "C interface: no place for the information")];

const CLOSE_EXPLAINED: &[(i32, &str)] = &[
    (0, "C interface: an open import"),
    (-21, "nothing: files are read whole when they are opened"),
    (-30, "C interface: AAL2DPXInit, when 64 imports are open"),
    (
        -1501,
        "C interface: no handle; for this code AAL2DPXGetErrorMsg has another sentence than AAL2GetErrorMsg",
    ),
    (-1502, "C interface: a handle that has been closed"),
    (-1503, "C interface: a handle whose second pointer is null"),
    (-1504, "C interface: a handle of other bytes"),
    (-1505, "C interface: a copy of a handle that has been closed"),
    (-1507, "C interface: AAL2DPXGetToken without the name of an application"),
];

/// Every section.
pub(crate) fn sections() -> Vec<Section> {
    vec![
        Section {
            title: "AAL2ProcMessageResponse (proc_message_response)",
            codes: RESPONSE_CODES,
            rows: response_rows(),
            explained: RESPONSE_EXPLAINED,
        },
        Section {
            title: "AAL2GenMessageDeactivation (gen_message_deactivation)",
            codes: DEACTIVATION_CODES,
            rows: deactivation_rows(),
            explained: DEACTIVATION_EXPLAINED,
        },
        Section {
            title: "AAL2MigratePKBlob (migrate_payload_key_blob)",
            codes: MIGRATION_CODES,
            rows: migration_rows(),
            explained: &[],
        },
        Section {
            title: "AAL2GetBlobInfo (Blob::encryption)",
            codes: INFO_CODES,
            rows: info_rows(),
            explained: INFO_EXPLAINED,
        },
        Section { title: "AAL2DPXClose", codes: CLOSE_CODES, rows: Vec::new(), explained: CLOSE_EXPLAINED },
    ]
}

/// A host and a device with a Secure Channel, and a request.
struct Channel {
    params: KernelParams,
    definition: Definition,
    device: Authenticator,
    vector: String,
    request: String,
}

impl Channel {
    fn new() -> Self {
        let mut definition = definition(Kind::Signature, "OCRA-1:HOTP-SHA256-8:QH64-T36S", "SIGN");
        definition.payload_key = Some(Zeroizing::new([3; 16]));
        let device = Authenticator::new(std::slice::from_ref(&definition)).unwrap();
        let vector = MessageVector { protection: Protection::Encrypted, customer: [0; 10] }.to_hex();
        let mut channel =
            Self { params: KernelParams::default(), definition, device, vector, request: String::new() };
        channel.request = channel.made(b"0101");
        channel
    }

    fn made(&self, body: &[u8]) -> String {
        gen_message_request(&self.cx(), &self.key(), Some(self.vector.as_bytes()), Some(body)).unwrap()
    }

    fn cx(&self) -> Context<'_> {
        Context { now: NOW, params: &self.params, sealing: Sealing::Software }
    }

    fn key(&self) -> PayloadKeyBlob {
        self.definition.payload_key_blob(&self.cx()).unwrap().unwrap()
    }

    fn answer(&self) -> String {
        self.device.respond_to(&self.request, NOW, Ok(b"yes")).unwrap()
    }

    fn process(&self, cx: &Context<'_>, key: Option<&PayloadKeyBlob>, response: &str, request: &str) -> i32 {
        let (response, request) = (Some(response.as_bytes()), Some(request.as_bytes()));
        code(proc_message_response(cx, key, response, request), |_| ReturnCode::SUCCESS)
    }
}

/// The key with one of its characters replaced.
fn damaged_key(key: &PayloadKeyBlob, place: usize, byte: u8) -> PayloadKeyBlob {
    let mut bytes = *key.as_bytes();
    bytes[place] = if bytes[place] == byte { b'Z' } else { byte };
    PayloadKeyBlob::from_bytes(&bytes).unwrap()
}

fn last_changed(text: &str) -> String {
    let (start, last) = text.split_at(text.len() - 1);
    format!("{start}{}", if last == "0" { "1" } else { "0" })
}

fn response_rows() -> Rows {
    let channel = Channel::new();
    let (cx, key, request, answer) = (channel.cx(), channel.key(), &channel.request, channel.answer());
    let with = |key: &PayloadKeyBlob| channel.process(&cx, Some(key), &answer, request);
    let gives = |response: &str, request: &str| channel.process(&cx, Some(&key), response, request);
    let unprotected = MessageVector { protection: Protection::None, customer: [0; 10] }.to_hex();
    let unprotected = gen_message_request(&cx, &key, Some(unprotected.as_bytes()), Some(b"0101")).unwrap();
    let plain = channel.device.respond_to(&unprotected, NOW, Ok(b"yes")).unwrap();
    let refusal = channel.device.respond_to(request, NOW, Err(&[9])).unwrap();
    let missing = proc_message_response(&cx, &key, None, Some(request.as_bytes()));
    let mut rows = vec![
        (0, "the answer to the request", gives(&answer, request)),
        (0, "an unprotected answer, without payload key", channel.process(&cx, None, &plain, &unprotected)),
        (412, "one character of the payload key BLOB changed", with(&damaged_key(&key, 60, b'A'))),
        (413, "a character that is not Base64", with(&damaged_key(&key, 60, b'!'))),
        (1346, "an unprotected answer to a protected request", gives(&plain, request)),
        (1348, "no response", code(missing, |_| ReturnCode::SUCCESS)),
        (1353, "a protected answer, without payload key", channel.process(&cx, None, &answer, request)),
        (1354, "the response in place of the request", gives(&answer, &answer)),
        (1355, "the request in place of the response", gives(request, request)),
        (1361, "its last digit changed", gives(&last_changed(&answer), request)),
        (1361, "the answer to another request", gives(&answer, &channel.made(b"0102"))),
        (5009, "the device refuses with its error code 9", gives(&refusal, request)),
    ];
    rows.extend(service_rows(|from, _, key| channel.process(from, Some(key), &answer, request)));
    rows
}

fn deactivation_rows() -> Rows {
    let channel = Channel::new();
    let (cx, key) = (channel.cx(), channel.key());
    let make = |key: &PayloadKeyBlob, instance| {
        let made = gen_message_deactivation(&cx, key, Some(channel.vector.as_bytes()), instance);
        code(made, |_| ReturnCode::SUCCESS)
    };
    let short = PayloadKeyBlob::from_bytes(&key.as_bytes()[..87]);
    vec![
        (0, "instance 1", make(&key, 1)),
        (412, "one character of the payload key BLOB changed", make(&damaged_key(&key, 60, b'A'), 1)),
        (413, "a character that is not Base64", make(&damaged_key(&key, 60, b'!'), 1)),
        (1118, "a payload key BLOB with another name", make(&damaged_key(&key, 12, b'X'), 1)),
        (1286, "87 characters", code(short, |_| ReturnCode::SUCCESS)),
        (1293, "instance 0", make(&key, 0)),
        (1293, "instance 100", make(&key, 100)),
    ]
}

fn migration_rows() -> Rows {
    let channel = Channel::new();
    let (cx, key) = (channel.cx(), channel.key());
    let other = KernelParams { derive_vector: 7, ..KernelParams::default() };
    let to = Context { params: &other, ..cx };
    let migrate = |mut key: PayloadKeyBlob| {
        code(migrate_payload_key_blob(&cx, &to, &mut key), |()| ReturnCode::SUCCESS)
    };
    let short = PayloadKeyBlob::from_bytes(&key.as_bytes()[..87]);
    let mut rows = vec![
        (0, "to another derive vector", migrate(key.clone())),
        (412, "one character changed", migrate(damaged_key(&key, 60, b'A'))),
        (413, "a character that is not Base64", migrate(damaged_key(&key, 60, b'!'))),
        (1286, "87 characters", code(short, |_| ReturnCode::SUCCESS)),
    ];
    rows.extend(service_rows(|from, to, key| {
        code(migrate_payload_key_blob(from, to, &mut key.clone()), |()| ReturnCode::SUCCESS)
    }));
    rows
}

/// What a key service refuses: `call` is given a context that opens and one that seals, and a payload key under a named key.
fn service_rows(call: impl Fn(&Context<'_>, &Context<'_>, &PayloadKeyBlob) -> i32) -> Rows {
    let channel = Channel::new();
    let keys = InProcessKeys::new(Box::new(SeededRandom::from_u64(1)));
    for (name, alg, len, usable) in [
        ("key", SymAlg::Aes256, 32, true),
        ("other", SymAlg::Des3_168, 24, true),
        ("blocked", SymAlg::Aes256, 32, false),
        ("single", SymAlg::Des, 8, true),
    ] {
        let value: Vec<u8> = (1..=len).collect();
        keys.add(name, alg, &value, usable).unwrap();
    }
    let params = KernelParams::default();
    let with = |key| {
        let sealing = Sealing::Service { service: &keys, key, iv: InitialVector::default() };
        Context { now: NOW, params: &params, sealing }
    };
    let mut sealed = channel.key();
    migrate_payload_key_blob(&channel.cx(), &with("key"), &mut sealed).unwrap();
    let opened = |name| call(&with(name), &with("key"), &sealed);
    let mut rows = vec![
        (0, "under a named key", opened("key")),
        (414, "sealed under another key of the HSM", opened("other")),
        (908, "a key name the HSM does not have", opened("none")),
        (913, "a key that may not be used for this", opened("blocked")),
        (951, "a single-DES key", opened("single")),
    ];
    keys.set_open(false);
    rows.push((900, "the HSM session is closed", opened("key")));
    rows
}

fn info_rows() -> Rows {
    let channel = Channel::new();
    let blob = channel.definition.blob(&channel.cx()).unwrap();
    let info = |blob: &Blob| code(blob.encryption(), |_| ReturnCode::SUCCESS);
    let short = Blob::from_bytes(&blob.as_bytes()[..247]);
    vec![
        (0, "a BLOB", info(&blob)),
        (510, "247 bytes of BLOB", code(short, |_| ReturnCode::SUCCESS)),
        (1118, "a version that does not exist", info(&damaged(&blob, 24, b'/'))),
        (1118, "a character that is not Base64", info(&damaged(&blob, 24, b'!'))),
    ]
}
