//! Secrets of a BLOB stand nowhere in clear: not in the BLOB after any call that changes it, not in what anything prints of itself.
//!
//! That the search would find one is shown with a key service that does not encrypt.
#![allow(clippy::unwrap_used, reason = "a failed test panics")]

use bancada_crypto::cipher::SymAlg;
use bancada_crypto::random::SeededRandom;
use bancada_digipass::authenticator::{Authenticator, Prompt};
use bancada_digipass::blob::{Kind, Profile};
use bancada_digipass::derive::{Derivation, DerivationFormat, derive_token_blobs};
use bancada_digipass::encoding::{from_base64, from_hex, to_hex};
use bancada_digipass::keys::{InProcessKeys, InitialVector, KeyAlgorithm, KeyError};
use bancada_digipass::manage::{
    gen_unlock_auth_code, generate_challenge, get_property, id, migrate_blob, reset_token_info,
};
use bancada_digipass::suite::Inputs;
use bancada_digipass::verify::{Password, verify_password};
use bancada_digipass::virtual_token::gen_password;
use bancada_digipass::{Blob, Context, Definition, KernelParams, KeyService, Owner, Sealing};

const NOW: u64 = 1_700_000_000;
const PIN: &str = "90817263";
const NEW_PIN: &str = "35142607";
const SUITE: &str = "OCRA-1:HOTP-SHA256-8:QN08-T36S";

/// Secrets by name.
type Secrets = Vec<(&'static str, Vec<u8>)>;
/// BLOBs by what was done last.
type Stages = Vec<(&'static str, Blob)>;

/// Stands in for an HSM whose encryption does nothing.
struct Glass;

impl KeyService for Glass {
    fn decrypt(&self, _: &str, _: &InitialVector, _: &mut [u8]) -> Result<(), KeyError> {
        Ok(())
    }

    fn encrypt(&self, _: &str, _: &InitialVector, _: &mut [u8]) -> Result<KeyAlgorithm, KeyError> {
        Ok(KeyAlgorithm::Aes)
    }

    fn random(&self, out: &mut [u8]) -> Result<(), KeyError> {
        out.fill(0x55);
        Ok(())
    }
}

fn issued(kind: Kind, suite: &str) -> Definition {
    let owner = Owner::new("VDS0000001", "APP").unwrap();
    let mut profile = Profile::new(*b"MOB30", kind, suite.parse().unwrap());
    profile.pin = true;
    profile.derivation = true;
    profile.unlock = true;
    profile.host_code_len = 6;
    let mut definition = Definition::generate(owner, profile, &mut SeededRandom::from_u64(77));
    PIN.clone_into(&mut definition.pin);
    definition
}

fn service(service: &dyn KeyService) -> Sealing<'_> {
    Sealing::Service { service, key: "STORAGE", iv: InitialVector([3; 8]) }
}

/// The secrets that stand in clear: in the bytes, in what their Base64 says, or written in hexadecimal, in any letter case.
fn found<'a>(bytes: &[u8], secrets: &[(&'a str, Vec<u8>)]) -> Vec<&'a str> {
    let lower = bytes.to_ascii_lowercase();
    let mut forms = vec![bytes.to_vec(), lower];
    forms.extend((24 < bytes.len()).then(|| from_base64(&bytes[24..])).flatten());
    let holds = |part: &[u8]| forms.iter().any(|form| form.windows(part.len()).any(|at| at == part));
    let stands = |secret: &[u8]| {
        let written = to_hex(secret).to_ascii_lowercase();
        secret.windows(8).any(&holds) || written.as_bytes().windows(16).any(&holds)
    };
    secrets.iter().filter(|(_, secret)| stands(secret)).map(|(name, _)| *name).collect()
}

/// What a device and its user know, and what a host stores after every step of a life; each step changes the BLOB.
fn life(definition: &Definition, sealing: Sealing<'_>) -> (Secrets, Stages) {
    let params = KernelParams { check_challenge: 0, ..KernelParams::default() };
    let cx = |now| Context { now, params: &params, sealing };
    let mut secrets = vec![
        ("key", definition.key.to_vec()),
        ("PIN", PIN.as_bytes().to_vec()),
        ("new PIN", NEW_PIN.as_bytes().to_vec()),
    ];
    let mut device = Authenticator::new(std::slice::from_ref(definition)).unwrap();
    let mut blob = definition.blob(&cx(NOW)).unwrap();
    let mut stages = vec![("issued", blob.clone())];
    let challenged = definition.profile.kind == Kind::ChallengeResponse;
    let mut respond = |device: &mut Authenticator, now| {
        let prompt = Prompt { application: None, now, score: 0 };
        let response = device.password(&prompt, challenged.then_some("12345678")).unwrap();
        secrets.push(("response", response.text.clone().into_bytes()));
        response.text
    };
    let challenge = challenged.then_some(&b"12345678"[..]);
    let check = |blob: &mut Blob, now, text: &str| {
        let request = Password { password: Some(text.as_bytes()), challenge };
        verify_password(&cx(now), blob, &request).map_or_else(|code| code, |verified| verified.code()).0
    };
    let first = respond(&mut device, NOW);
    assert_eq!(check(&mut blob, NOW, &format!("{NEW_PIN}{first}")), 2);
    stages.push(("after a wrong PIN", blob.clone()));
    assert_eq!(check(&mut blob, NOW, &format!("{PIN}{first}")), 0);
    stages.push(("after a password", blob.clone()));
    let second = respond(&mut device, NOW + 36);
    assert_eq!(check(&mut blob, NOW + 36, &format!("{PIN}{second}{NEW_PIN}{NEW_PIN}")), 0);
    stages.push(("after a change of PIN", blob.clone()));
    reset_token_info(&cx(NOW), &mut blob).unwrap();
    stages.push(("after a reset", blob.clone()));
    let prompt = Prompt { application: None, now: NOW + 72, score: 0 };
    let text = challenged.then_some("12345678");
    let code = device.derivation_code(&prompt, b"a telephone", text, DerivationFormat::Decimal).unwrap();
    let mut blobs = [Some(blob)];
    let request = Derivation { count: 1, challenge, code: Some(code.as_bytes()), format: 0 };
    derive_token_blobs(&cx(NOW + 72), &mut blobs, &request).unwrap();
    let [Some(bound)] = blobs else { unreachable!() };
    stages.push(("after a derivation", bound.clone()));
    let (other, mut moved) = (KernelParams { derive_vector: 5, ..params.clone() }, bound);
    let to = Context { now: NOW, params: &other, sealing };
    migrate_blob(&cx(NOW), &to, &mut moved).unwrap();
    stages.push(("after a migration", moved));
    (secrets, stages)
}

#[test]
fn blobs_hide_their_secrets_all_their_life() {
    let keys = InProcessKeys::new(Box::new(SeededRandom::from_u64(1)));
    keys.add("STORAGE", SymAlg::Aes256, &[9; 32], true).unwrap();
    for (kind, suite) in [(Kind::ResponseOnly, "TOTP-SHA256-8-T36S"), (Kind::ChallengeResponse, SUITE)] {
        let definition = issued(kind, suite);
        for sealing in [Sealing::Software, service(&keys)] {
            let (secrets, stages) = life(&definition, sealing);
            for (stage, blob) in &stages {
                assert_eq!(found(blob.as_bytes(), &secrets), [""; 0], "{sealing:?} {stage}");
                assert_eq!(found(blob.to_hex().as_bytes(), &secrets), [""; 0], "{sealing:?} {stage}");
            }
        }
        // The same search, where nothing is encrypted: it finds the key, and the PIN as long as it is the PIN.
        let (secrets, stages) = life(&definition, service(&Glass));
        for (stage, blob) in &stages {
            let changed = stages.iter().position(|(name, _)| name == stage).unwrap() > 2;
            let pin = if changed { "new PIN" } else { "PIN" };
            assert_eq!(found(blob.as_bytes(), &secrets), ["key", pin], "{stage}");
        }
        assert_eq!(found(format!("trace: {}", to_hex(&definition.key)).as_bytes(), &secrets), ["key"]);
    }
}

#[test]
fn challenges_and_properties_tell_no_secret() {
    let definition = issued(Kind::ChallengeResponse, SUITE);
    let secrets = [("key", definition.key.to_vec()), ("PIN", PIN.as_bytes().to_vec())];
    let params = KernelParams::default();
    let cx = Context { now: NOW, params: &params, sealing: Sealing::Software };
    let mut blob = definition.blob(&cx).unwrap();
    generate_challenge(&cx, &mut blob, &mut SeededRandom::from_u64(4)).unwrap();
    assert_eq!(found(blob.as_bytes(), &secrets), [""; 0]);
    let mut read = 0;
    for property in (0..0x200).chain([id::TOKEN_MODEL]) {
        let Ok(value) = get_property(&cx, &blob, property) else { continue };
        read += 1;
        assert_eq!(found(format!("{value:?}").as_bytes(), &secrets), [""; 0], "property {property:#x}");
    }
    assert!(read > 25, "{read} properties");
}

/// What a log would get if a program printed what it holds.
#[test]
fn nothing_prints_its_secrets() {
    let definition = issued(Kind::ResponseOnly, "TOTP-SHA256-8-T36S");
    let params = KernelParams::default();
    let keys = InProcessKeys::new(Box::new(SeededRandom::from_u64(1)));
    keys.add("STORAGE", SymAlg::Aes128, b"sixteen secret b", true).unwrap();
    let cx = Context { now: NOW, params: &params, sealing: service(&keys) };
    let blob = definition.blob(&cx).unwrap();
    let mut device = Authenticator::new(std::slice::from_ref(&definition)).unwrap();
    let typed =
        format!("{PIN}{}", device.password(&Prompt { now: NOW, ..Prompt::default() }, None).unwrap().text);
    let request = Password { password: Some(typed.as_bytes()), challenge: Some(b"12345678") };
    let (question, pin) = ([0; 128], PIN.as_bytes());
    let inputs = Inputs { counter: 1, question: &question, pin, session: &[], step: 2 };
    let unlock = gen_unlock_auth_code(&cx, &blob, 0).unwrap();
    let mut emulated = issued(Kind::ResponseOnly, "TOTP-SHA256-8-T36S");
    emulated.profile.virtual_primary = true;
    let made = gen_password(&cx, &mut emulated.blob(&cx).unwrap(), None).unwrap();
    let prompt = Prompt { now: NOW, ..Prompt::default() };
    let code = device.derivation_code(&prompt, b"a telephone", None, DerivationFormat::Decimal).unwrap();
    let derivation = Derivation { count: 1, challenge: None, code: Some(code.as_bytes()), format: 0 };
    let printed = [
        format!("{unlock:?}"),
        format!("{made:?}"),
        format!("{derivation:?}"),
        format!("{definition:?}"),
        format!("{device:?}"),
        format!("{blob:?}"),
        format!("{cx:?}"),
        format!("{keys:?}"),
        format!("{request:?}"),
        format!("{inputs:?}"),
        format!("{definition:#?}{device:#?}{blob:#?}{cx:#?}{keys:#?}{request:#?}"),
    ];
    let secrets = [
        ("key", definition.key.to_vec()),
        ("PIN", PIN.as_bytes().to_vec()),
        ("storage key", b"sixteen secret b".to_vec()),
        ("unlock authentication code", unlock.code.clone().into_bytes()),
        ("password of the virtual token", made.text.clone().into_bytes()),
        ("derivation code", code.clone().into_bytes()),
        ("sealed part", from_base64(&blob.as_bytes()[24..]).unwrap()[80..160].to_vec()),
    ];
    let listed = |secret: &[u8]| {
        let bytes: Vec<String> = secret.iter().take(8).map(u8::to_string).collect();
        bytes.join(", ")
    };
    for text in &printed {
        assert_eq!(found(text.as_bytes(), &secrets), [""; 0], "{text}");
        let lines = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for (name, secret) in &secrets {
            assert!(!lines.contains(&listed(secret)), "{name} as a list of bytes in {text}");
        }
    }
    assert!(
        format!("{:?}", definition.key.as_slice()).contains(&listed(&definition.key)),
        "such a list would be found"
    );
    assert_eq!(from_hex(to_hex(&definition.key).as_bytes()).unwrap(), *definition.key);
}
