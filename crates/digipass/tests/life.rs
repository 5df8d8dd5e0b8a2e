//! Whole lives of tokens, from import to replacement, through the public interface alone: sealed in software and by a key service that
//! goes away half-way.
#![allow(clippy::unwrap_used, reason = "a failed test panics")]

use bancada_crypto::cipher::SymAlg;
use bancada_crypto::random::SeededRandom;
use bancada_digipass::authenticator::{Authenticator, Prompt};
use bancada_digipass::blob::{Kind, Profile};
use bancada_digipass::derive::{Derivation, DerivationFormat, derive_token_blobs};
use bancada_digipass::import::{ImportFile, read_dpx, transport_key, write_dpx};
use bancada_digipass::keys::{InProcessKeys, InitialVector};
use bancada_digipass::manage::{
    generate_challenge, get_property, id, reset_token_info, set_property, sync_token_and_host,
};
use bancada_digipass::message::activation::{
    gen_activation_data, gen_message_activation1, gen_message_activation2, verify_device_code,
};
use bancada_digipass::message::channel::{RequestBody, gen_message_request, proc_message_response};
use bancada_digipass::message::{
    MessageSignature, Protection, gen_payload_key_blob, verify_message_signature,
};
use bancada_digipass::vector::{ActivationVector, MessageVector, StaticVector, Template};
use bancada_digipass::verify::{Password, verify_password};
use bancada_digipass::{Blob, Context, Definition, KernelParams, Owner, ReturnCode, Sealing};

const NOW: u64 = 1_700_000_000;
const KEY: &str = "11111111111111111111111111111111";

/// A host: its clock, its parameters, and the key service it may have.
struct Host {
    now: u64,
    params: KernelParams,
    keys: Option<InProcessKeys>,
}

impl Host {
    fn cx(&self) -> Context<'_> {
        let sealing = match &self.keys {
            None => Sealing::Software,
            Some(service) => Sealing::Service { service, key: "STORAGE", iv: InitialVector([7; 8]) },
        };
        Context { now: self.now, params: &self.params, sealing }
    }

    fn verify(&self, blob: &mut Blob, otp: &str, challenge: Option<&str>) -> i32 {
        let request = Password { password: Some(otp.as_bytes()), challenge: challenge.map(str::as_bytes) };
        verify_password(&self.cx(), blob, &request).map_or_else(|code| code, |verified| verified.code()).0
    }
}

/// Hosts that seal in every way there is.
fn hosts() -> Vec<Host> {
    let service = |alg: SymAlg| {
        let keys = InProcessKeys::new(Box::new(SeededRandom::from_u64(3)));
        let key: Vec<u8> = (0..alg.key_len() as u8).collect();
        keys.add("STORAGE", alg, &key, true).unwrap();
        Some(keys)
    };
    let params = || KernelParams { check_challenge: 0, ..KernelParams::default() };
    let sealings = [
        None,
        service(SymAlg::Des3_112),
        service(SymAlg::Des3_168),
        service(SymAlg::Aes128),
        service(SymAlg::Aes256),
    ];
    sealings.into_iter().map(|keys| Host { now: NOW, params: params(), keys }).collect()
}

fn definition(kind: Kind, suite: &str, name: &str) -> Definition {
    let mut profile = Profile::new(*b"MOB30", kind, suite.parse().unwrap());
    profile.derivation = true;
    profile.secure_channel = kind == Kind::Signature;
    profile.virtual_token = kind == Kind::ResponseOnly;
    let owner = Owner::new("VDS0000001", name).unwrap();
    Definition::generate(owner, profile, &mut SeededRandom::from_u64(name.len() as u64))
}

/// An import file with a licence of this kind.
fn import(definitions: Vec<Definition>, templates: &[Definition]) -> ImportFile {
    let template = |d: &Definition| Template { name: d.owner.application, profile: d.profile.clone() };
    let templates = templates.iter().map(template).collect();
    let mut vector = StaticVector::generate(*b"VDS", templates, &mut SeededRandom::from_u64(4));
    vector.post_activation = 2;
    let file = ImportFile {
        static_vector: Some(vector),
        message_vector: Some(MessageVector { protection: Protection::Encrypted, customer: [1; 10] }),
        tokens: vec![definitions],
    };
    let text = write_dpx(&file, &transport_key(KEY).unwrap(), &mut SeededRandom::from_u64(5)).unwrap();
    read_dpx(&text, &transport_key(KEY).unwrap()).unwrap()
}

fn applications() -> Vec<Definition> {
    vec![
        definition(Kind::ResponseOnly, "TOTP-SHA256-8-T36S", "OTP"),
        definition(Kind::Signature, "OCRA-1:HOTP-SHA256-8:QH64-T36S", "SIGNATURE"),
        definition(Kind::ChallengeResponse, "OCRA-1:HOTP-SHA256-6:QN08", "ANSWER"),
    ]
}

#[test]
fn a_single_device_licence_lives() {
    for mut host in hosts() {
        let file = import(applications(), &applications());
        let vector = file.static_vector.as_ref().unwrap().to_hex();
        let blobs: Vec<Blob> =
            file.tokens[0].iter().map(|definition| definition.blob(&host.cx()).unwrap()).collect();
        assert_eq!(get_property(&host.cx(), &blobs[0], id::DERIVATION_SUPPORTED).unwrap().text, "YES");
        let data = gen_activation_data(&host.cx(), &blobs, Some(vector.as_bytes()), b"").unwrap();
        let mut phone = Authenticator::activate(&vector, &data, b"").unwrap();
        let prompt = Prompt { application: Some("OTP"), now: host.now, score: 0 };
        let code = phone.derivation_code(&prompt, b"phone", None, DerivationFormat::Decimal).unwrap();
        let mut blobs: Vec<Option<Blob>> = blobs.into_iter().map(Some).collect();
        let request = Derivation { count: 3, challenge: None, code: Some(code.as_bytes()), format: 0 };
        assert_eq!(derive_token_blobs(&host.cx(), &mut blobs, &request).unwrap().code(), ReturnCode::SUCCESS);
        let mut blobs: Vec<Blob> = blobs.into_iter().flatten().collect();

        // The key service goes away and comes back; the BLOBs are as they were.
        if let Some(keys) = &host.keys {
            keys.set_open(false);
            assert_eq!(host.verify(&mut blobs[0].clone(), "12345678", None), 900);
            keys.set_open(true);
        }
        host.now += 36;
        let prompt = Prompt { now: host.now, ..prompt };
        let otp = phone.password(&prompt, None).unwrap().text;
        assert_eq!(
            (host.verify(&mut blobs[0], &otp, None), host.verify(&mut blobs[0], &otp, None)),
            (0, 201)
        );
        let challenge =
            generate_challenge(&host.cx(), &mut blobs[2], &mut SeededRandom::from_u64(6)).unwrap();
        host.params.check_challenge = 1;
        let answer =
            phone.password(&Prompt { application: Some("ANSWER"), ..prompt }, Some(&challenge)).unwrap().text;
        assert_eq!(host.verify(&mut blobs[2], &answer, Some(&challenge)), 0);

        // The phone is lost: the licence is activated on another one, and the first stops working.
        reset_token_info(&host.cx(), &mut blobs[0]).unwrap();
        host.now += 36;
        host.params.check_challenge = 0;
        let prompt = Prompt { now: host.now, ..prompt };
        let data = gen_activation_data(&host.cx(), &blobs, Some(vector.as_bytes()), b"").unwrap();
        let mut second = Authenticator::activate(&vector, &data, b"").unwrap();
        let code = second.derivation_code(&prompt, b"second phone", None, DerivationFormat::Hex).unwrap();
        let mut blobs: Vec<Option<Blob>> = blobs.into_iter().map(Some).collect();
        let request = Derivation { count: 3, challenge: None, code: Some(code.as_bytes()), format: 1 };
        derive_token_blobs(&host.cx(), &mut blobs, &request).unwrap();
        host.now += 36;
        let prompt = Prompt { now: host.now, ..prompt };
        let blob = blobs[0].as_mut().unwrap();
        let (old, new) =
            (phone.password(&prompt, None).unwrap().text, second.password(&prompt, None).unwrap().text);
        assert_eq!((host.verify(blob, &old, None), host.verify(blob, &new, None)), (1, 0));
    }
}

#[test]
fn a_multi_device_licence_lives() {
    for mut host in hosts() {
        let mut licence = definition(Kind::MasterActivation, "OCRA-1:HOTP-SHA256-8:QH16", "ACTIVATION");
        licence.instances = 5;
        let file = import(vec![licence], &applications());
        let (licence, vector) = (&file.tokens[0][0], file.static_vector.as_ref().unwrap().to_hex());
        let (message_vector, activation_vector) =
            (file.message_vector.unwrap().to_hex(), ActivationVector::of(licence).to_hex());
        let (vector_bytes, message_vector) = (Some(vector.as_bytes()), Some(message_vector.as_bytes()));
        let mut random = SeededRandom::from_u64(7);
        let mut blob = licence.blob(&host.cx()).unwrap();
        let key = gen_payload_key_blob(&host.cx(), &blob, message_vector, &mut random).unwrap();
        let activation = Some(activation_vector.as_bytes());
        let message_1 =
            gen_message_activation1(&host.cx(), &blob, None, vector_bytes, message_vector, activation)
                .unwrap();
        let pending = Authenticator::begin_activation(&vector, &message_1, b"phone", 7).unwrap();
        let code = pending.device_code(0);
        let device = verify_device_code(&host.cx(), &mut blob, None, Some(code.as_bytes())).unwrap();
        let device_id = Some(device.device_id.as_bytes());
        let instance = gen_message_activation2(
            &host.cx(),
            &mut blob,
            Some(&key),
            vector_bytes,
            message_vector,
            device_id,
            &mut random,
        );
        let mut instance = instance.unwrap();
        let uses = get_property(&host.cx(), &instance.blobs[0], id::VIRTUAL_TOKEN_REMAIN_USE).unwrap();
        assert_eq!(uses.text, "DISABLE", "nothing limits the uses of an instance's virtual token");
        let mut phone = pending.complete(&instance.message).unwrap();
        let signer = pending.post_activation_application().unwrap();
        let sign = |phone: &mut Authenticator, host: &Host, message: &str| {
            phone
                .sign_message(&Prompt { application: Some(&signer), now: host.now, score: 0 }, message)
                .unwrap()
                .text
        };
        let verify = |host: &Host, blob: &mut Blob, signature: &str, message: &str| {
            let request = MessageSignature {
                expiration_s: 120,
                signature: Some(signature.as_bytes()),
                message: Some(message.as_bytes()),
                deferred: 0,
            };
            verify_message_signature(&host.cx(), blob, &request)
                .map_or_else(|code| code, |verified| verified.code())
                .0
        };
        let signature = sign(&mut phone, &host, &instance.message);
        assert_eq!(verify(&host, &mut instance.blobs[1], &signature, &instance.message), 0);

        host.now += 60;
        let body = RequestBody { application: 2, text: b"Pay 12.50 to Alice?".to_vec() }.to_hex();
        let request = gen_message_request(&host.cx(), &key, message_vector, Some(body.as_bytes())).unwrap();
        assert_eq!(phone.open_request(&request).unwrap().application.as_deref(), Some("SIGNATURE"));
        let signature = sign(&mut phone, &host, &request);
        let answer = phone.respond_to(&request, host.now, Ok(b"confirmed")).unwrap();
        host.now += 119;
        assert_eq!(verify(&host, &mut instance.blobs[1], &signature, &request), 0);
        host.now += 2;
        assert_eq!(verify(&host, &mut instance.blobs[1], &signature, &request), 1364);
        let answer =
            proc_message_response(&host.cx(), &key, Some(answer.as_bytes()), Some(request.as_bytes()));
        assert_eq!(answer.unwrap(), bancada_digipass::encoding::to_hex(b"confirmed"));
    }
}

#[test]
fn a_device_that_is_not_enabled_does_not_synchronise() {
    let token = definition(Kind::ResponseOnly, "TOTP-SHA256-8-T36S", "OTP");
    let mut host = hosts().remove(0);
    let mut blob = token.blob(&host.cx()).unwrap();
    let mut device = Authenticator::new(&[token]).unwrap();
    let mut otp = |now| device.password(&Prompt { now, ..Prompt::default() }, None).unwrap().text;
    let (one, two) = (otp(host.now), otp(host.now + 36));
    let texts = [&one, &two].map(|text| Password { password: Some(text.as_bytes()), challenge: None });
    host.now += 36;
    set_property(&host.cx(), &mut blob, id::TOKEN_STATUS, 2).unwrap();
    let refused = sync_token_and_host(&host.cx(), &mut blob, &texts[0], &texts[1]);
    assert_eq!(refused, Err(ReturnCode::NOT_VERIFIED), "the virtual token alone is enabled");
    set_property(&host.cx(), &mut blob, id::TOKEN_STATUS, 3).unwrap();
    assert!(sync_token_and_host(&host.cx(), &mut blob, &texts[0], &texts[1]).is_ok());
}
