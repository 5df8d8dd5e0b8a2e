//! Activation on the host's side: one step for single-device licences, two messages for multi-device licences.
//!
//! Vendor docs, pages Two-step activation, AAL2GenMessageActivation1, AAL2VerifyDeviceCode, AAL2GenMessageActivation2, AAL2GenActivationCodeXErc;
//! 108 characters for activation message 2 and 26 for a device code are theirs. The rest is our choice. Activation data and
//! activation message 1 travel under keys made of the customer master key; message 1 carries the licence's root key and the challenge.
//! A device code is type 2, identifier 10, proof 13 and a check digit. Message 2, under a key only that device has, carries the
//! payload key and a number from which host and device make the keys of the instance.

use bancada_crypto::random::Random;
use zeroize::Zeroizing;

use super::payload::PayloadKey;
use super::{Header, MessageType, PayloadKeyBlob, Protection, seal};
use crate::blob::layout::MAX_KEY;
use crate::blob::{Application, Kind, Secrets, State};
use crate::role::{Key, RoleKeys, derive};
use crate::suite::{Inputs, Responder, Suite};
use crate::vector::{ActivationVector, MessageVector, StaticVector, Template};
use crate::verify::fields::{Purpose, digest_question};
use crate::verify::{Verified, checks, count_success, fail, gate, refuse, stored_time};
use crate::{Blob, Context, Owner, ReturnCode, encoding, virtual_token};

/// Characters of a device code.
pub const DEVICE_CODE_LEN: usize = 26;
/// Decimal digits of the proof in a device code.
const PROOF_LEN: u8 = 13;
const TYPE_LEN: usize = 2;
const ID_LEN: usize = 10;
/// Characters of the challenge that can bind activation message 1.
const CHALLENGE_LEN: usize = 16;
/// The most bytes of an application in activation data: name, event, length of the key and key.
const APPLICATION_ROOM: usize = 12 + 4 + 1 + MAX_KEY;
/// Bytes of the number that tells instances apart.
pub(crate) const NONCE_LEN: usize = 14;

/// What a device code tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedDevice {
    /// Identifier of the device, 10 decimal digits.
    pub device_id: String,
    /// Type of the device, 0 to 99.
    pub device_type: u8,
    /// The score the device reported.
    pub verified: Verified,
}

/// A new instance of a multi-device licence.
#[derive(Debug, Clone)]
pub struct Instance {
    /// Its number, from 1.
    pub sequence: u8,
    /// Its type: TYP and the type of the device.
    pub token_type: String,
    /// A BLOB for each application of the static vector.
    pub blobs: Vec<Blob>,
    /// Activation message 2, 108 hexadecimal characters.
    pub message: String,
}

/// The activation data of a single-device licence: the keys of its applications, encrypted for clients of this customer.
///
/// `shared` is a secret the user has by another way, empty for none. Every call gives the same keys, so that a device can be activated
/// again; event counters go on where the host is.
///
/// # Errors
/// 808 for none or more than 8 BLOBs; 807; the codes of vectors and of opening a BLOB; 1118 when the static vector lacks an
/// application; the codes of the key service.
pub fn gen_activation_data(
    cx: &Context<'_>,
    blobs: &[Blob],
    static_vector: Option<&[u8]>,
    shared: &[u8],
) -> Result<String, ReturnCode> {
    let vector = StaticVector::parse(static_vector)?;
    let first = blobs.first().filter(|_| blobs.len() <= 8).ok_or(ReturnCode::APPLICATION_COUNT)?;
    let serial = first.owner().serial;
    // With room for everything: a vector that grows leaves keys behind in what it had before.
    let mut body = Zeroizing::new(Vec::with_capacity(1 + blobs.len() * APPLICATION_ROOM));
    body.push(blobs.len() as u8);
    for blob in blobs {
        if blob.owner().serial != serial {
            return Err(ReturnCode::SERIAL_DIFFERS);
        }
        let app = Application::open(cx, blob)?;
        if !vector.applications.iter().any(|template| template.name == app.owner.application) {
            return Err(ReturnCode::UNSUPPORTED_BLOB);
        }
        let key = app.secrets.expose_key();
        body.extend_from_slice(&app.owner.application);
        body.extend_from_slice(&app.state.next_event.to_be_bytes());
        body.push(key.len() as u8);
        body.extend_from_slice(key);
    }
    let key = activation_data_key(&vector, &serial, shared);
    seal(&header(cx, MessageType::ACTIVATION_DATA, serial, 0), &key, &[], &body)
}

/// Activation message 1 of a licence, the same for all its devices; a challenge binds the device code to this activation.
///
/// With CheckChallenge 1 the challenge must be the one stored in the BLOB, with 2 the stored one is used, else it is taken as passed.
///
/// # Errors
/// The codes of vectors and of opening a BLOB; 132, 208; 131, 140, -101, -102, -108;
/// [`ReturnCode::FOREIGN_VECTOR`] when the activation vector is of another licence.
pub fn gen_message_activation1(
    cx: &Context<'_>,
    licence: &Blob,
    challenge: Option<&[u8]>,
    static_vector: Option<&[u8]>,
    message_vector: Option<&[u8]>,
    activation_vector: Option<&[u8]>,
) -> Result<String, ReturnCode> {
    let vector = StaticVector::parse(static_vector)?;
    MessageVector::parse(message_vector)?;
    let activation = ActivationVector::parse(activation_vector)?;
    let app = open_licence(cx, licence)?;
    if !activation.belongs_to(app.secrets.expose_key()) {
        return Err(ReturnCode::FOREIGN_VECTOR);
    }
    let challenge = binding_challenge(cx, &app, challenge)?;
    let serial = app.owner.serial;
    let body = Zeroizing::new([&root_key(&app)[..], &challenge].concat());
    let key = activation_1_key(&vector, &serial);
    seal(&header(cx, MessageType::ACTIVATION_1, serial, 0), &key, &[], &body)
}

/// Verifies a device code and notes the device in the licence's BLOB, which must be stored whatever the result.
///
/// # Errors
/// 130; the codes of opening a BLOB; 132, 208, 202, 205; -202, -203, -205, -204; 131, 140, -101, -102, -108; 1.
pub fn verify_device_code(
    cx: &Context<'_>,
    licence: &mut Blob,
    challenge: Option<&[u8]>,
    code: Option<&[u8]>,
) -> Result<VerifiedDevice, ReturnCode> {
    let code = encoding::text(code.ok_or(ReturnCode::RESPONSE_POINTER)?);
    let mut app = open_licence(cx, licence)?;
    gate(cx, &mut app, licence, cx.params.password_threshold(), ReturnCode::IDENTIFICATION_THRESHOLD)?;
    let (device, proof) = match read_device_code(code) {
        Ok(read) => read,
        Err(code) => return Err(refuse(&mut app, licence, code)),
    };
    let challenge = binding_challenge(cx, &app, challenge)?;
    let roles = device_code_roles(&root_key(&app));
    let expected = |score: &u8| device_proof(&roles.response(*score), &device, &challenge) == proof;
    let Some(score) = (0..=app.profile.top_score()).find(expected) else {
        return Err(fail(&mut app, licence, ReturnCode::NOT_VERIFIED));
    };
    count_success(&mut app);
    app.state.unsynchronised = false;
    app.state.last_time_used = stored_time(cx);
    app.state.last_response = device.id.to_be_bytes();
    app.state.device_type = device.device_type;
    app.store(licence);
    let verified = Verified { score, host_code: String::new() };
    Ok(VerifiedDevice { device_id: format!("{:010}", device.id), device_type: device.device_type, verified })
}

/// Makes the next instance of a licence for the device that was verified last: once, with the licence's BLOB changed. A challenge is
/// used up by it.
///
/// # Errors
/// The codes of vectors, of payload keys and of opening a BLOB; 132, 208; 1 when the device is not the one verified last;
/// [`ReturnCode::SEQUENCE_EXHAUSTED`]; [`ReturnCode::FOREIGN_VECTOR`] for another licence's payload key; the codes of the key service.
pub fn gen_message_activation2(
    cx: &Context<'_>,
    licence: &mut Blob,
    payload_key: Option<&PayloadKeyBlob>,
    static_vector: Option<&[u8]>,
    message_vector: Option<&[u8]>,
    device_id: Option<&[u8]>,
    random: &mut dyn Random,
) -> Result<Instance, ReturnCode> {
    let vector = StaticVector::parse(static_vector)?;
    MessageVector::parse(message_vector)?;
    let mut app = open_licence(cx, licence)?;
    let id = std::str::from_utf8(encoding::text(device_id.unwrap_or_default())).ok();
    let id = id
        .filter(|id| id.len() == ID_LEN && id.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|id| id.parse::<u32>().ok())
        .filter(|id| *id != 0);
    let id = id.filter(|id| id.to_be_bytes() == app.state.last_response).ok_or(ReturnCode::NOT_VERIFIED)?;
    let sequence = u8::try_from(app.state.counter).unwrap_or(u8::MAX).saturating_add(1);
    if sequence > app.state.sequence.min(99) {
        return Err(ReturnCode::SEQUENCE_EXHAUSTED);
    }
    let payload = payload_key.map(|blob| PayloadKey::open(cx, blob)).transpose()?;
    if payload.as_ref().is_some_and(|payload| payload.serial != app.owner.serial) {
        return Err(ReturnCode::FOREIGN_VECTOR);
    }
    let mut nonce = Zeroizing::new([0; NONCE_LEN]);
    cx.random(random, &mut *nonce)?;
    let root = root_key(&app);
    let new = NewInstance { root: &root, device_id: id, sequence, nonce: &nonce };
    let model = token_type(app.state.device_type);
    let blob_of = |template: &Template| new.blob(cx, &app.owner, template, model, app.state.device_type);
    let blobs = vector.applications.iter().map(blob_of).collect::<Result<Vec<_>, _>>()?;
    let mut body = Zeroizing::new(Vec::with_capacity(1 + 16 + NONCE_LEN));
    body.push(u8::from(payload.is_some()));
    body.extend_from_slice(payload.as_ref().map_or(&[0; 16][..], |payload| &payload.key[..]));
    body.extend_from_slice(&*nonce);
    let header = header(cx, MessageType::ACTIVATION_2, app.owner.serial, sequence);
    let message = seal(&header, &activation_2_key(&root, id), &[], &body)?;
    app.state.counter = sequence.into();
    app.state.last_response = [0; 4];
    app.state.challenge.clear();
    app.store(licence);
    let token_type = String::from_utf8_lossy(&model).into_owned();
    Ok(Instance { sequence, token_type, blobs, message })
}

/// A device as its code names it.
pub(crate) struct Device {
    pub(crate) id: u32,
    pub(crate) device_type: u8,
}

/// What the keys of an instance follow from, on both sides.
pub(crate) struct NewInstance<'a> {
    pub(crate) root: &'a [u8],
    pub(crate) device_id: u32,
    pub(crate) sequence: u8,
    pub(crate) nonce: &'a [u8; NONCE_LEN],
}

impl NewInstance<'_> {
    /// The key of one application.
    pub(crate) fn key(&self, application: &[u8; 12]) -> Key {
        let parts = [&self.device_id.to_be_bytes()[..], &[self.sequence], self.nonce, application];
        derive(self.root, "bancada digipass instance 1", &parts)
    }

    fn blob(
        &self,
        cx: &Context<'_>,
        licence: &Owner,
        template: &Template,
        model: [u8; 5],
        device_type: u8,
    ) -> Result<Blob, ReturnCode> {
        let mut profile = template.profile.clone();
        profile.model = model;
        let state = State {
            primary: true,
            unsynchronised: true,
            pin_change_on: true,
            pin_min_len: 3,
            sequence: self.sequence,
            device_type,
            virtual_uses: virtual_token::UNLIMITED,
            ..State::default()
        };
        let owner = Owner { serial: licence.serial, application: template.name };
        let secrets = Secrets::new(&self.key(&template.name)).ok_or(ReturnCode::IMPORT_CONTENT)?;
        Application::new(owner, profile, state, secrets).seal(cx)
    }
}

/// TYP and the type of the device in two digits (vendor docs, Digipass data model).
pub(crate) fn token_type(device_type: u8) -> [u8; 5] {
    [b'T', b'Y', b'P', b'0' + device_type / 10 % 10, b'0' + device_type % 10]
}

/// The key activation data travels under.
pub(crate) fn activation_data_key(vector: &StaticVector, serial: &[u8; 10], shared: &[u8]) -> Key {
    let key = vector.transport_key("bancada digipass activation data 1", serial);
    derive(&key, "bancada digipass shared secret 1", &[shared])
}

/// The key activation message 1 travels under.
pub(crate) fn activation_1_key(vector: &StaticVector, serial: &[u8; 10]) -> Key {
    vector.transport_key("bancada digipass activation message 1", serial)
}

/// The key activation message 2 travels under.
pub(crate) fn activation_2_key(root: &[u8], device_id: u32) -> Key {
    derive(root, "bancada digipass activation message 2", &[&device_id.to_be_bytes()])
}

/// The keys that prove a device code, by score.
pub(crate) fn device_code_roles(root: &[u8]) -> RoleKeys {
    RoleKeys::new(&derive(root, "bancada digipass device code 1", &[]), 0)
}

/// The proof in a device code.
pub(crate) fn device_proof(key: &[u8], device: &Device, challenge: &[u8]) -> u64 {
    let suite = proof_suite();
    let fields: [&[u8]; 3] = [&[device.device_type], &device.id.to_be_bytes(), challenge];
    let question = digest_question(Purpose::Device, &fields);
    let inputs = Inputs { counter: 0, question: &question, pin: &[], session: &[], step: 0 };
    let responder = Responder::new(&suite, key);
    responder.value(&responder.open(&inputs), 0)
}

/// A device code, with its check digit.
pub(crate) fn write_device_code(device: &Device, proof: u64) -> String {
    let mut code = format!("{:02}{:010}{}", device.device_type, device.id, proof_suite().write(proof));
    code.extend(encoding::check_digit(code.as_bytes(), 10).map(char::from));
    code
}

fn read_device_code(code: &[u8]) -> Result<(Device, u64), ReturnCode> {
    if code.len() < DEVICE_CODE_LEN {
        return Err(ReturnCode::RESPONSE_TOO_SHORT);
    }
    if code.len() > DEVICE_CODE_LEN {
        return Err(ReturnCode::RESPONSE_TOO_LONG);
    }
    if !code.iter().all(u8::is_ascii_digit) {
        return Err(ReturnCode::RESPONSE_NOT_DECIMAL);
    }
    if !encoding::check_digit_holds(code, 10) {
        return Err(ReturnCode::RESPONSE_CHECK_DIGIT);
    }
    let number = |range: &[u8]| range.iter().fold(0u64, |value, byte| value * 10 + u64::from(byte - b'0'));
    let device_type = number(&code[..TYPE_LEN]) as u8;
    // An identifier that no device can have proves nothing.
    let id =
        u32::try_from(number(&code[TYPE_LEN..TYPE_LEN + ID_LEN])).map_err(|_| ReturnCode::NOT_VERIFIED)?;
    Ok((Device { id, device_type }, number(&code[TYPE_LEN + ID_LEN..DEVICE_CODE_LEN - 1])))
}

fn proof_suite() -> Suite {
    Suite::signing(PROOF_LEN)
}

fn root_key(app: &Application) -> Key {
    derive(app.secrets.expose_key(), "bancada digipass licence root 1", &[&app.owner.serial])
}

fn open_licence(cx: &Context<'_>, licence: &Blob) -> Result<Application, ReturnCode> {
    let app = Application::open(cx, licence)?;
    checks::kind(&app.profile)?;
    if app.profile.kind != Kind::MasterActivation {
        return Err(ReturnCode::TOKEN_TYPE);
    }
    if app.state.primary { Ok(app) } else { Err(ReturnCode::APPLICATION_DISABLED) }
}

/// The challenge that binds an activation, empty for none: 16 hexadecimal digits, compared in upper case.
fn binding_challenge(
    cx: &Context<'_>,
    app: &Application,
    passed: Option<&[u8]>,
) -> Result<Vec<u8>, ReturnCode> {
    let passed = encoding::text(passed.unwrap_or_default()).to_ascii_uppercase();
    let check = cx.params.challenge_check();
    let stored = app.state.challenge.as_bytes();
    let challenge = if check == 2 { stored.to_vec() } else { passed };
    if challenge.is_empty() {
        return if matches!(check, 1 | 2) { Err(ReturnCode::CHALLENGE_MISSING) } else { Ok(challenge) };
    }
    match challenge.len() {
        0..CHALLENGE_LEN => return Err(ReturnCode::CHALLENGE_TOO_SHORT),
        CHALLENGE_LEN => {}
        _ => return Err(ReturnCode::CHALLENGE_TOO_LONG),
    }
    if !challenge.iter().all(u8::is_ascii_hexdigit) {
        return Err(ReturnCode::CHALLENGE_CHARACTER);
    }
    if check == 1 && challenge != stored { Err(ReturnCode::CHALLENGE_CORRUPTED) } else { Ok(challenge) }
}

fn header(cx: &Context<'_>, message_type: MessageType, serial: [u8; 10], instance: u8) -> Header {
    Header { message_type, protection: Protection::Encrypted, serial, time: Some(stored_time(cx)), instance }
}
