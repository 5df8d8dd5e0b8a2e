//! Messages of the Secure Channel and of activations, and the vectors they go with.

use bancada_crypto::cipher::{Mode, Padding, SymAlg, SymKey};
use bancada_crypto::hash::HashAlg;
use bancada_crypto::mac::Hmac;
use bancada_crypto::random::SeededRandom;
use bancada_digipass::KernelParams;
use bancada_digipass::authenticator::Authenticator;
use bancada_digipass::encoding::to_hex;
use bancada_digipass::message::activation::{
    gen_message_activation1, gen_message_activation2, verify_device_code,
};
use bancada_digipass::message::channel::{
    RequestBody, gen_message_deactivation, gen_message_request, proc_message_information,
    proc_message_response,
};
use bancada_digipass::message::{Header, MAX_BODY, PayloadKeyBlob, Protection};
use bancada_digipass::vector::{ActivationVector, MessageVector, StaticVector};

use super::{NOW, SERIAL, context, definitions, derive, params, static_vector, text};
use crate::input::Input;

/// A form: a message in hexadecimal, its bytes, a body to seal, or a payload key BLOB.
pub fn message(data: &[u8]) {
    let mut input = Input::new(data);
    match input.u8() % 4 {
        0 => both_ends(input.rest()),
        1 => both_ends(to_hex(input.rest()).as_bytes()),
        2 => sealed(&mut input),
        _ => payload_key(input.rest()),
    }
}

fn channel_key() -> PayloadKeyBlob {
    let params = KernelParams::default();
    definitions()[0].payload_key_blob(&context(&params, NOW)).expect("a key").expect("it has one")
}

/// Everything that reads messages, at host and device.
fn both_ends(message: &[u8]) {
    let params = KernelParams::default();
    let (cx, key) = (context(&params, NOW), channel_key());
    let request = gen_message_request(&cx, &key, Some(vector(Protection::Signed).as_bytes()), None);
    let request = request.expect("a request");
    let header = Header::of_message(Some(message));
    let answers = [
        proc_message_response(&cx, &key, Some(message), Some(request.as_bytes())).is_ok(),
        proc_message_response(&cx, &key, Some(request.as_bytes()), Some(message)).is_ok(),
        proc_message_information(&cx, &key, Some(message)).is_ok(),
    ];
    assert!(!answers[1], "a request is no response");
    let mut device = Authenticator::new(&definitions()).expect("a device");
    let message = text(message);
    let opened = device.open_request(message);
    let responded = device.respond_to(message, NOW, Ok(b"body"));
    let deactivated = device.deactivate(message);
    match header {
        Ok(header) => {
            assert!(header.serial.iter().all(u8::is_ascii_alphanumeric) && header.version() <= 2);
            let protected = header.protection != Protection::None;
            assert!(!(protected && opened.is_ok()) || responded.is_ok());
        }
        Err(_) => assert!(!answers[0] && !answers[2] && opened.is_err() && deactivated.is_err()),
    }
}

fn vector(protection: Protection) -> String {
    MessageVector { protection, customer: [7; 10] }.to_hex()
}

/// What one end seals the other opens.
fn sealed(input: &mut Input<'_>) {
    let (protection, instance) =
        (input.pick(&[Protection::None, Protection::Encrypted, Protection::Signed]), input.u8());
    let body = input.rest();
    let params = KernelParams::default();
    let (cx, key, vector) = (context(&params, NOW), channel_key(), vector(protection));
    let vector = Some(vector.as_bytes());
    let request = gen_message_request(&cx, &key, vector, Some(to_hex(body).as_bytes()));
    assert_eq!(request.is_ok(), body.len() <= MAX_BODY);
    let Ok(request) = request else { return };
    let mut device = Authenticator::new(&definitions()).expect("a device");
    let parsed = RequestBody::parse(body);
    match (device.open_request(&request), parsed) {
        (Ok(opened), Ok(body)) => {
            assert_eq!(opened.text, body.text);
            assert_eq!(opened.application.is_some(), body.application != 0);
        }
        (Err(_), Err(_)) => {}
        (opened, Ok(body)) => assert!(opened.is_err() && usize::from(body.application) > definitions().len()),
        (Ok(_), Err(_)) => panic!("the device opened a body that is none"),
    }
    let response = device.respond_to(&request, NOW, Ok(body)).expect("a response");
    let back = proc_message_response(&cx, &key, Some(response.as_bytes()), Some(request.as_bytes()));
    assert_eq!(back, Ok(to_hex(body)));
    if let Ok(message) = gen_message_deactivation(&cx, &key, vector, i32::from(instance)) {
        assert!(device.deactivate(&message).is_err(), "the device is no instance of a licence");
    }
}

fn payload_key(bytes: &[u8]) {
    let Ok(mut blob) = PayloadKeyBlob::from_bytes(bytes) else { return };
    let params = KernelParams::default();
    let cx = context(&params, NOW);
    drop(format!("{blob:?}"));
    drop(gen_message_request(&cx, &blob, Some(vector(Protection::Encrypted).as_bytes()), None));
    let _ = bancada_digipass::message::migrate_payload_key_blob(&cx, &cx, &mut blob);
}

/// A form: a vector, a message under a static vector, or a body that is sealed first.
pub fn activation(data: &[u8]) {
    let mut input = Input::new(data);
    match input.u8() % 4 {
        0 => vectors(input.rest()),
        1 => messages(text(input.rest())),
        2 => bodies(&mut input),
        _ => licence(&mut input),
    }
}

/// The three vectors: what decodes encodes to text that decodes the same.
fn vectors(text: &[u8]) {
    if let Ok(vector) = StaticVector::parse(Some(text)) {
        let hex = vector.to_hex();
        // Of a part that stands there twice only the first counts, so the text itself may be another.
        assert!(StaticVector::parse(Some(hex.as_bytes())).as_ref() == Ok(&vector));
        drop((vector.post_activation_application(), format!("{vector:?}")));
    }
    if let Ok(vector) = MessageVector::parse(Some(text)) {
        assert_eq!(MessageVector::parse(Some(vector.to_hex().as_bytes())), Ok(vector));
    }
    if let Ok(vector) = ActivationVector::parse(Some(text)) {
        assert_eq!(ActivationVector::parse(Some(vector.to_hex().as_bytes())), Ok(vector));
    }
}

fn messages(message: &str) {
    let vector = static_vector().to_hex();
    let _ = Authenticator::activate(&vector, message, b"shared");
    let _ = Authenticator::begin_activation(&vector, message, b"phone", 1);
}

/// Any body in activation data and in activation message 1, under the right keys; then any body in message 2.
fn bodies(input: &mut Input<'_>) {
    let (instance, half) = (input.u8(), usize::from(input.u16() % 600));
    let (one, two) = (input.take(half), input.rest());
    let (vector, serial) = (static_vector(), SERIAL.as_bytes());
    let transport = |purpose| derive(&*vector.master_key, purpose, &[serial]);
    let data = transport("bancada digipass activation data 1");
    let data = derive(&data, "bancada digipass shared secret 1", &[b"shared"]);
    let hex = vector.to_hex();
    if let Ok(mut device) = Authenticator::activate(&hex, &seal(5, instance, &data, one), b"shared") {
        super::device::use_everything(&mut device, two);
    }
    let message_1 = seal(1, instance, &transport("bancada digipass activation message 1"), one);
    let Ok(pending) = Authenticator::begin_activation(&hex, &message_1, b"phone", instance) else { return };
    assert_eq!(pending.device_code(instance).len(), 26);
    let _ = (pending.post_activation_application(), format!("{pending:?}"));
    let digest = derive(b"phone", "bancada digipass device identifier 1", &[serial]);
    let key = derive(&one[..32], "bancada digipass activation message 2", &[&digest[..4]]);
    if let Ok(mut device) = pending.complete(&seal(2, instance, &key, two)) {
        super::device::use_everything(&mut device, two);
    }
}

/// An encrypted message of our Secure Channel.
fn seal(message_type: u8, instance: u8, key: &[u8], body: &[u8]) -> String {
    let serial = SERIAL
        .bytes()
        .fold(0u64, |value, byte| value * 36 + u64::from(char::from(byte).to_digit(36).unwrap_or(0)));
    let header =
        [&[message_type, 2, 1][..], &serial.to_be_bytes()[1..], &(NOW as u32).to_be_bytes(), &[instance]]
            .concat();
    let encryption = derive(key, "bancada digipass message encryption 1", &[]);
    let authentication = derive(key, "bancada digipass message authentication 1", &[]);
    let mac = |parts: &[&[u8]]| {
        let mut mac = Hmac::new(HashAlg::Sha256, &authentication);
        for part in parts {
            mac.update(&(part.len() as u32).to_be_bytes());
            mac.update(part);
        }
        mac.finish()
    };
    let tag = mac(&[b"tag", &header, &[], body]);
    let counter = mac(&[b"counter", &header, &tag[..8]]);
    let key = SymKey::new(SymAlg::Aes128, &encryption[..16]).expect("16 bytes");
    let mut out = header.clone();
    key.encrypt(Mode::Ctr, Padding::None, &counter[..16], body, &mut out).expect("any length");
    out.extend_from_slice(&tag[..8]);
    to_hex(&out)
}

/// The host's side of a licence: challenges, vectors, device codes and identifiers.
fn licence(input: &mut Input<'_>) {
    let params = params(input);
    let cx = context(&params, NOW);
    let definition = &definitions()[4];
    let mut licence = definition.blob(&cx).expect("a licence");
    let (statics, messages) = (static_vector().to_hex(), vector(Protection::Encrypted));
    let (statics, messages) = (Some(statics.as_bytes()), Some(messages.as_bytes()));
    let activation = ActivationVector::of(definition).to_hex();
    let [challenge, code, id] = std::array::from_fn(|_| super::calls::argument(input));
    let message =
        gen_message_activation1(&cx, &licence, challenge, statics, messages, Some(activation.as_bytes()));
    drop(gen_message_activation1(&cx, &licence, challenge, statics, messages, code));
    let mut id = id.map(<[u8]>::to_vec);
    let mut device = message
        .ok()
        .and_then(|message| Authenticator::begin_activation(text(statics?), &message, b"phone", 7).ok());
    let own = device.as_ref().map(|device| device.device_code(1));
    for code in [code, own.as_deref().map(str::as_bytes)] {
        if let Ok(verified) = verify_device_code(&cx, &mut licence, challenge, code) {
            id = Some(verified.device_id.into_bytes());
        }
    }
    let key = channel_key();
    let random = &mut SeededRandom::from_u64(6);
    let made =
        gen_message_activation2(&cx, &mut licence, Some(&key), statics, messages, id.as_deref(), random);
    if let (Ok(made), Some(device)) = (made, device.take()) {
        assert!(made.blobs.len() == 4 && (1..=3).contains(&made.sequence));
        device.complete(&made.message).expect("the device the licence was told of");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Messages sealed here are opened by the kernel.
    #[test]
    fn seals_are_the_kernels() {
        let (vector, definition) = (static_vector(), &definitions()[0]);
        let data = derive(&*vector.master_key, "bancada digipass activation data 1", &[SERIAL.as_bytes()]);
        let key = derive(&data, "bancada digipass shared secret 1", &[b"shared"]);
        let mut body = vec![1];
        body.extend_from_slice(&definition.owner.application);
        body.extend([0, 0, 0, 0, definition.key.len() as u8]);
        body.extend_from_slice(&definition.key);
        let message = seal(5, 0, &key, &body);
        let device = Authenticator::activate(&vector.to_hex(), &message, b"shared").unwrap();
        assert_eq!(device.applications(), ["RO"]);
    }
}
