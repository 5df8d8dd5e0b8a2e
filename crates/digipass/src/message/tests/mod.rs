//! Activation, and messages of the Secure Channel, between host and device.

mod requests;

use bancada_crypto::random::SeededRandom;
use proptest::prelude::*;

use super::activation::{
    Instance, gen_activation_data, gen_message_activation1, gen_message_activation2, verify_device_code,
};
use super::channel::*;
use super::*;
use crate::authenticator::{Authenticator, PendingActivation, Prompt};
use crate::blob::Kind::*;
use crate::manage::generate_challenge;
use crate::testing::{NOW, RO, SG, definition};
use crate::vector::{ActivationVector, MessageVector, StaticVector, Template};
use crate::verify::{Password, verify_password};
use crate::{Blob, Context, Definition, KernelParams, Sealing};

/// A multi-device licence on its host.
struct Licence {
    params: KernelParams,
    now: u64,
    blob: Blob,
    static_vector: String,
    message_vector: String,
    activation_vector: String,
    payload_key: PayloadKeyBlob,
    random: SeededRandom,
}

fn context(params: &KernelParams, now: u64) -> Context<'_> {
    Context { now, params, sealing: Sealing::Software }
}

fn templates() -> Vec<Template> {
    let mut otp = definition(ResponseOnly, RO, "OTP");
    let mut sign = definition(Signature, SG, "SIGN");
    otp.profile.score = true;
    sign.profile.secure_channel = true;
    [otp, sign].map(|d| Template { name: d.owner.application, profile: d.profile }).to_vec()
}

fn licence_definition() -> Definition {
    let mut licence = definition(MasterActivation, "OCRA-1:HOTP-SHA256-8:QH16", "ACTIVATION");
    licence.instances = 2;
    licence.profile.score = true;
    licence
}

impl Licence {
    fn new(protection: Protection) -> Self {
        let params = KernelParams { check_challenge: 0, ..KernelParams::default() };
        let mut random = SeededRandom::from_u64(5);
        let definition = licence_definition();
        let blob = definition.blob(&context(&params, NOW)).unwrap();
        let mut vector = StaticVector::generate(*b"VDS", templates(), &mut random);
        vector.post_activation = 2;
        let message_vector = MessageVector { protection, customer: [9; 10] }.to_hex();
        let cx = context(&params, NOW);
        let payload_key =
            gen_payload_key_blob(&cx, &blob, Some(message_vector.as_bytes()), &mut random).unwrap();
        Self {
            now: NOW,
            blob,
            static_vector: vector.to_hex().to_string(),
            message_vector,
            activation_vector: ActivationVector::of(&definition).to_hex(),
            payload_key,
            random,
            params: params.clone(),
        }
    }

    fn cx(&self) -> Context<'_> {
        context(&self.params, self.now)
    }

    fn message1(&self, challenge: Option<&str>) -> Result<String, ReturnCode> {
        gen_message_activation1(
            &self.cx(),
            &self.blob,
            challenge.map(str::as_bytes),
            Some(self.static_vector.as_bytes()),
            Some(self.message_vector.as_bytes()),
            Some(self.activation_vector.as_bytes()),
        )
    }

    fn begin(&self, fingerprint: &[u8], challenge: Option<&str>) -> PendingActivation {
        let message = self.message1(challenge).unwrap();
        Authenticator::begin_activation(&self.static_vector, &message, fingerprint, 7).unwrap()
    }

    fn device_code(
        &mut self,
        code: &str,
        challenge: Option<&str>,
    ) -> Result<activation::VerifiedDevice, ReturnCode> {
        let mut blob = self.blob.clone();
        let result =
            verify_device_code(&self.cx(), &mut blob, challenge.map(str::as_bytes), Some(code.as_bytes()));
        self.blob = blob;
        result
    }

    fn message2(&mut self, device_id: &str) -> Result<Instance, ReturnCode> {
        let mut blob = self.blob.clone();
        let mut random = std::mem::replace(&mut self.random, SeededRandom::from_u64(0));
        let result = gen_message_activation2(
            &self.cx(),
            &mut blob,
            Some(&self.payload_key),
            Some(self.static_vector.as_bytes()),
            Some(self.message_vector.as_bytes()),
            Some(device_id.as_bytes()),
            &mut random,
        );
        self.random = random;
        self.blob = blob;
        result
    }

    fn activate(&mut self, fingerprint: &[u8]) -> (Authenticator, Instance) {
        let pending = self.begin(fingerprint, None);
        let device = self.device_code(&pending.device_code(0), None).unwrap();
        let instance = self.message2(&device.device_id).unwrap();
        (pending.complete(&instance.message).unwrap(), instance)
    }

    fn request(&self, body: &RequestBody) -> String {
        let (key, vector) = (&self.payload_key, Some(self.message_vector.as_bytes()));
        gen_message_request(&self.cx(), key, vector, Some(body.to_hex().as_bytes())).unwrap()
    }

    fn verify(&self, blob: &mut Blob, signature: &str, message: &str, expiration_s: i32) -> i32 {
        let request = MessageSignature {
            expiration_s,
            signature: Some(signature.as_bytes()),
            message: Some(message.as_bytes()),
            deferred: 0,
        };
        verify_message_signature(&self.cx(), blob, &request)
            .map_or_else(|code| code, |verified| verified.code())
            .0
    }
}

#[test]
fn identifiers_of_devices_are_ten_digits() {
    let mut licence = Licence::new(Protection::Encrypted);
    // One whose number a sign could make as long again.
    let codes: Vec<String> = (0u8..=255).map(|byte| licence.begin(&[byte], None).device_code(0)).collect();
    let code = codes.iter().find(|code| code[2..].starts_with('0')).unwrap();
    let id = licence.device_code(code, None).unwrap().device_id;
    assert_eq!(licence.message2(&id.replacen('0', "+", 1)).err(), Some(ReturnCode::NOT_VERIFIED));
    assert!(licence.message2(&id).is_ok());
}

#[test]
fn a_multi_device_licence_lives() {
    let mut licence = Licence::new(Protection::Encrypted);
    let pending = licence.begin(b"phone", None);
    let code = pending.device_code(0);
    assert_eq!(code.len(), 26);
    let device = licence.device_code(&code, None).unwrap();
    assert_eq!((device.device_type, device.device_id.len(), device.verified.score), (7, 10, 0));
    assert_eq!(licence.message2("0000000001").err(), Some(ReturnCode::NOT_VERIFIED));
    let mut instance = licence.message2(&device.device_id).unwrap();
    assert_eq!((instance.message.len(), instance.sequence, instance.token_type.as_str()), (108, 1, "TYP07"));
    assert_eq!(
        licence.message2(&device.device_id).err(),
        Some(ReturnCode::NOT_VERIFIED),
        "once per device code"
    );
    let mut phone = pending.complete(&instance.message).unwrap();
    assert_eq!((phone.sequence(), phone.applications()), (1, vec!["OTP".to_owned(), "SIGN".to_owned()]));

    let signer = pending.post_activation_application().unwrap();
    let prompt = Prompt { application: Some(&signer), now: NOW, score: 0 };
    let signature = phone.sign_message(&prompt, &instance.message).unwrap().text;
    assert_eq!(licence.verify(&mut instance.blobs[1], &signature, &instance.message, 60), 0);
    assert_eq!(licence.verify(&mut instance.blobs[0], &signature, &instance.message, 60), 132);
    let prompt = Prompt { application: Some("OTP"), now: NOW, score: 4 };
    let otp = phone.password(&prompt, None).unwrap().text;
    let request = Password { password: Some(otp.as_bytes()), challenge: None };
    let verified = verify_password(&licence.cx(), &mut instance.blobs[0], &request).unwrap();
    assert_eq!(verified.code(), ReturnCode::PLATFORM_WARNING);

    let (mut tablet, mut second) = licence.activate(b"tablet");
    assert_eq!((second.sequence, tablet.sequence()), (2, 2));
    let prompt = Prompt { application: Some("OTP"), now: NOW, score: 0 };
    let otp = tablet.password(&prompt, None).unwrap().text;
    let request = Password { password: Some(otp.as_bytes()), challenge: None };
    assert!(verify_password(&licence.cx(), &mut instance.blobs[0], &request).is_err(), "instances differ");
    assert!(verify_password(&licence.cx(), &mut second.blobs[0], &request).is_ok());
    let third = licence.begin(b"third", None);
    let device = licence.device_code(&third.device_code(0), None).unwrap();
    assert_eq!(licence.message2(&device.device_id).err(), Some(ReturnCode::SEQUENCE_EXHAUSTED));
    assert_eq!(third.complete(&second.message).err(), Some(ReturnCode::MESSAGE_AUTHENTICITY));
}

#[test]
fn device_codes_report_scores_and_are_checked() {
    let mut licence = Licence::new(Protection::Encrypted);
    let pending = licence.begin(b"phone", None);
    for score in 0..8 {
        assert_eq!(licence.device_code(&pending.device_code(score), None).unwrap().verified.score, score);
    }
    let code = pending.device_code(0);
    let other = if code.starts_with('0') { "1" } else { "0" };
    for (code, expected) in [
        (code[1..].to_owned(), ReturnCode::RESPONSE_TOO_SHORT),
        (format!("{code}0"), ReturnCode::RESPONSE_TOO_LONG),
        (format!("A{}", &code[1..]), ReturnCode::RESPONSE_NOT_DECIMAL),
        (format!("{other}{}", &code[1..]), ReturnCode::RESPONSE_CHECK_DIGIT),
    ] {
        assert_eq!(licence.device_code(&code, None).err(), Some(expected));
    }
    licence.params.i_threshold = 5;
    let huge = format!("07{}{}", "9".repeat(10), "0".repeat(13));
    let check = encoding::check_digit(huge.as_bytes(), 10).unwrap();
    let huge = format!("{huge}{}", char::from(check));
    assert_eq!(licence.device_code(&huge, None).err(), Some(ReturnCode::NOT_VERIFIED));
    // The four malformed ones and the impossible identifier counted.
    assert_eq!(licence.device_code(&code, None).err(), Some(ReturnCode::IDENTIFICATION_THRESHOLD));
    licence.params.i_threshold = 7;
    let wrong = Licence::new(Protection::Encrypted);
    let foreign = wrong.begin(b"phone", Some("0123456789ABCDEF")).device_code(0);
    assert_eq!(licence.device_code(&foreign, None).err(), Some(ReturnCode::NOT_VERIFIED));
    assert_eq!(licence.device_code(&code, None).err(), Some(ReturnCode::IDENTIFICATION_THRESHOLD));
}

#[test]
fn a_challenge_binds_an_activation() {
    let mut licence = Licence::new(Protection::Encrypted);
    licence.params.check_challenge = 1;
    assert_eq!(licence.message1(None), Err(ReturnCode::CHALLENGE_MISSING));
    let make = |licence: &mut Licence, start| {
        let mut blob = licence.blob.clone();
        let challenge =
            generate_challenge(&licence.cx(), &mut blob, &mut SeededRandom::from_u64(start)).unwrap();
        licence.blob = blob;
        challenge
    };
    let first = make(&mut licence, 1);
    assert_eq!(first.len(), 16);
    let pending = licence.begin(b"phone", Some(&first));
    let second = make(&mut licence, 2);
    assert_eq!(licence.message1(Some(&first)), Err(ReturnCode::CHALLENGE_CORRUPTED));
    let code = pending.device_code(0);
    assert_eq!(licence.device_code(&code, Some(&first)).err(), Some(ReturnCode::CHALLENGE_CORRUPTED));
    assert_eq!(licence.device_code(&code, Some(&second)).err(), Some(ReturnCode::NOT_VERIFIED));
    let code = licence.begin(b"phone", Some(&second)).device_code(0);
    for (challenge, expected) in [
        (None, ReturnCode::CHALLENGE_MISSING),
        (Some("1"), ReturnCode::CHALLENGE_TOO_SHORT),
        (Some("12345678901234567"), ReturnCode::CHALLENGE_TOO_LONG),
        (Some("123456789012345G"), ReturnCode::CHALLENGE_CHARACTER),
    ] {
        assert_eq!(licence.device_code(&code, challenge).err(), Some(expected));
    }
    assert!(licence.device_code(&code, Some(&second.to_lowercase())).is_ok());
}

#[test]
fn vectors_and_keys_of_another_licence_are_refused() {
    let licence = Licence::new(Protection::Encrypted);
    let mut stranger = licence_definition();
    stranger.key = Zeroizing::new(vec![1; 32]);
    let foreign = ActivationVector::of(&stranger).to_hex();
    let mut other = Licence::new(Protection::Encrypted);
    let own = std::mem::replace(&mut other.activation_vector, foreign);
    assert_eq!(other.message1(None), Err(ReturnCode::FOREIGN_VECTOR));
    other.activation_vector = own;
    stranger.owner = crate::Owner::new("VDS9999999", "ACTIVATION").unwrap();
    let blob = stranger.blob(&licence.cx()).unwrap();
    let vector = Some(licence.message_vector.as_bytes());
    let key = gen_payload_key_blob(&licence.cx(), &blob, vector, &mut SeededRandom::from_u64(1)).unwrap();
    let (_, instance) = other.activate(b"phone");
    let device = other.begin(b"phone", None);
    let device = other.device_code(&device.device_code(0), None).unwrap();
    other.payload_key = key;
    assert_eq!(other.message2(&device.device_id).err(), Some(ReturnCode::FOREIGN_VECTOR));
    let result =
        gen_payload_key_blob(&licence.cx(), &instance.blobs[0], vector, &mut SeededRandom::from_u64(1));
    assert_eq!(result, Err(ReturnCode::TOKEN_TYPE));
}

#[test]
fn malformed_messages_are_named() {
    let parse = |text: &str| Header::of_message(Some(text.as_bytes())).map(drop);
    assert_eq!(Header::of_message(None).err(), Some(ReturnCode::SIGNED_MESSAGE_POINTER));
    for (text, code) in [
        (String::new(), 1300),
        ("030".to_owned(), 1300),
        ("0".repeat(1072), 1300),
        ("0G".to_owned(), 1299),
        ("03".to_owned(), 1339),
        ("0302".to_owned(), 1339),
        ("030201".to_owned(), 1339),
        ("030301".to_owned(), 1337),
        ("030202".to_owned(), 1337),
        (format!("030201{}", "F".repeat(14)), 1337),
        (format!("030201{}", "0".repeat(38)), 1339),
        (format!("030200{}", "0".repeat(1064)), 1339),
    ] {
        assert_eq!(parse(&text), Err(ReturnCode(code)), "{text}");
    }
    assert_eq!(parse(&format!("030201{}", "0".repeat(40))), Ok(()));
}

#[test]
fn single_device_licences_are_activated_from_their_data() {
    let params = KernelParams::default();
    let cx = context(&params, NOW);
    let names = ["OTP", "SIGN", "A3", "A4", "A5", "A6", "A7", "A8"];
    let definitions: Vec<Definition> =
        names.iter().map(|name| definition(ResponseOnly, "TOTP-SHA512-8-T36S", name)).collect();
    let mut blobs: Vec<Blob> = definitions.iter().map(|definition| definition.blob(&cx).unwrap()).collect();
    let templates = definitions
        .iter()
        .map(|d| Template { name: d.owner.application, profile: d.profile.clone() })
        .collect();
    let vector = StaticVector::generate(*b"VDS", templates, &mut SeededRandom::from_u64(1)).to_hex();
    let data = gen_activation_data(&cx, &blobs, Some(vector.as_bytes()), b"1234").unwrap();
    assert!(data.len() <= MAX_ACTIVATION_DATA);
    let mut phone = Authenticator::activate(&vector, &data, b"1234").unwrap();
    let prompt = Prompt { application: Some("A8"), now: NOW, score: 0 };
    let otp = phone.password(&prompt, None).unwrap().text;
    let request = Password { password: Some(otp.as_bytes()), challenge: None };
    assert!(verify_password(&cx, &mut blobs[7], &request).is_ok());
    assert_eq!(
        Authenticator::activate(&vector, &data, b"1235").err(),
        Some(ReturnCode::MESSAGE_AUTHENTICITY)
    );
    let other = StaticVector::generate(*b"VDS", tests::templates(), &mut SeededRandom::from_u64(2)).to_hex();
    assert_eq!(Authenticator::activate(&other, &data, b"1234").err(), Some(ReturnCode::MESSAGE_AUTHENTICITY));
    let result = gen_activation_data(&cx, &blobs, Some(other.as_bytes()), b"");
    assert_eq!(result, Err(ReturnCode::UNSUPPORTED_BLOB));
    assert_eq!(
        gen_activation_data(&cx, &[], Some(vector.as_bytes()), b""),
        Err(ReturnCode::APPLICATION_COUNT)
    );
}

#[test]
fn tokens_can_have_their_payload_key_from_the_factory() {
    let mut definition = definition(Signature, SG, "SIGN");
    definition.profile.secure_channel = true;
    definition.payload_key = Some(Zeroizing::new([3; 16]));
    let params = KernelParams::default();
    let cx = context(&params, NOW);
    let (mut blob, key) = (definition.blob(&cx).unwrap(), definition.payload_key_blob(&cx).unwrap().unwrap());
    let mut token = Authenticator::new(&[definition]).unwrap();
    let vector = MessageVector { protection: Protection::Encrypted, customer: [0; 10] }.to_hex();
    let body = RequestBody { application: 1, text: b"Pay?".to_vec() }.to_hex();
    let request = gen_message_request(&cx, &key, Some(vector.as_bytes()), Some(body.as_bytes())).unwrap();
    assert_eq!(token.open_request(&request).unwrap().application.as_deref(), Some("SIGN"));
    let signature = token.sign_message(&Prompt { now: NOW, ..Prompt::default() }, &request).unwrap().text;
    let request = MessageSignature {
        signature: Some(signature.as_bytes()),
        message: Some(request.as_bytes()),
        ..MessageSignature::default()
    };
    assert!(verify_message_signature(&cx, &mut blob, &request).is_ok());
}

proptest! {
    #[test]
    fn messages_come_back_as_they_were(
        body in proptest::collection::vec(any::<u8>(), 0..=512), key in any::<[u8; 16]>(),
        context in proptest::collection::vec(any::<u8>(), 0..9), serial in "[0-9A-Z]{10}", time in any::<Option<u32>>(), kind in 0..3usize,
    ) {
        let protection = [Protection::None, Protection::Encrypted, Protection::Signed][kind];
        let mut owner = [0; 10];
        owner.copy_from_slice(serial.as_bytes());
        let header = Header { message_type: MessageType::REQUEST, protection, serial: owner, time, instance: 3 };
        let text = seal(&header, &key, &context, &body).unwrap();
        prop_assert!(text.len() <= MAX_MESSAGE);
        let message = MessageBytes::parse(Some(text.as_bytes())).unwrap();
        prop_assert_eq!(message.header, header);
        prop_assert_eq!(&*message.open(&key, &context).unwrap(), &body);
        if protection != Protection::None {
            prop_assert!(message.open(&[0; 15], &context).is_err());
            prop_assert!(message.open(&key, b"0123456789").is_err());
        }
    }

    #[test]
    fn any_text_is_a_message_or_refused(text in proptest::collection::vec(any::<u8>(), 0..80), hex in "0[1-6]0[12](00|01|11)[0-9A-F]{0,80}") {
        let _ = Header::of_message(Some(&text));
        let licence = Licence::new(Protection::Encrypted);
        let _ = verify_device_code(&licence.cx(), &mut licence.blob.clone(), None, Some(&text));
        if let Ok(message) = MessageBytes::parse(Some(hex.as_bytes())) {
            let _ = message.open(&[1; 16], &[]);
            let _ = Authenticator::activate("38", &hex, b"");
        }
        let _ = RequestBody::parse(&text);
    }
}
