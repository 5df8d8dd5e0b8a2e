//! The device at the other end of a test program: it issues BLOBs and answers what a user would read off a telephone.

use std::path::{Path, PathBuf};

use bancada_crypto::cipher::SymAlg;
use bancada_crypto::random::SeededRandom;
use bancada_digipass::authenticator::{Authenticator, Prompt};
use bancada_digipass::blob::{Kind, Profile};
use bancada_digipass::derive::DerivationFormat;
use bancada_digipass::keys::{InProcessKeys, InitialVector};
use bancada_digipass::{Blob, Context, Definition, KernelParams, Owner, Sealing};

/// The named key of the key service.
const STORAGE_KEY: &str = "00112233445566778899AABBCCDDEEFF0123456789ABCDEF";

/// Devices of one serial number, and a stranger.
pub(crate) struct Device {
    now: u64,
    score: u8,
    chosen: usize,
    definitions: Vec<Definition>,
    stranger: Definition,
    authenticators: Vec<Authenticator>,
    host_code: String,
    key_file: PathBuf,
}

impl Device {
    /// A device whose key service has its keys in a file of this folder.
    pub(crate) fn new(folder: &Path) -> Self {
        let key_file = folder.join("keys");
        std::fs::write(&key_file, format!("STORAGE.KEY 3DES {STORAGE_KEY}\n")).unwrap();
        let definitions = vec![
            definition("VDS0000001", "AUTH", Kind::ResponseOnly, "TOTP-SHA256-8-T36S", |profile| {
                profile.host_code_len = 6;
                profile.derivation = true;
                profile.score = true;
                profile.pin = true;
                profile.unlock = true;
            }),
            definition(
                "VDS0000001",
                "CHAL",
                Kind::ChallengeResponse,
                "OCRA-1:HOTP-SHA256-8:QN08-T36S",
                |_| {},
            ),
            definition("VDS0000001", "SIGN", Kind::Signature, "OCRA-1:HOTP-SHA256-8:QH64-T36S", |profile| {
                profile.host_code_len = 4;
                profile.derivation = true;
            }),
            definition("VDS0000001", "VIRT", Kind::ResponseOnly, "TOTP-SHA256-6-T36S", |profile| {
                profile.virtual_token = true;
            }),
        ];
        let stranger =
            definition("VDS0000002", "OTHER", Kind::ResponseOnly, "TOTP-SHA256-8-T36S", |profile| {
                profile.derivation = true;
            });
        Self {
            now: 0,
            score: 0,
            chosen: 0,
            definitions,
            stranger,
            authenticators: Vec::new(),
            host_code: String::new(),
            key_file,
        }
    }

    /// The file of the key service's keys.
    pub(crate) fn key_file(&self) -> &Path {
        &self.key_file
    }

    /// Answers one line of a program.
    pub(crate) fn answer(&mut self, line: &str) -> String {
        let (command, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (name, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let name_or_none = Some(name).filter(|name| !name.is_empty());
        let prompt = Prompt { application: name_or_none, now: self.now, score: self.score };
        match command {
            "time" => self.now = name.parse().unwrap(),
            "score" => self.score = name.parse().unwrap(),
            "use" => self.chosen = name.parse().unwrap(),
            "blob" => return self.issue(name, Sealing::Software).to_hex(),
            "sealed" => return self.sealed(name, rest),
            "host-code" => return self.host_code.clone(),
            "password" => {
                let challenge = Some(rest).filter(|text| !text.is_empty());
                let response = self.authenticator().password(&prompt, challenge).unwrap();
                self.host_code = response.host_code;
                return response.text;
            }
            "sign" => {
                let fields: Vec<&str> = rest.split(',').collect();
                let response = self.authenticator().sign(&prompt, &fields).unwrap();
                self.host_code = response.host_code;
                return response.text;
            }
            "derive" => {
                let format = DerivationFormat::Decimal;
                return self.authenticator().derivation_code(&prompt, rest.as_bytes(), None, format).unwrap();
            }
            "unlock" => return self.authenticator().unlock_code(&prompt, rest).unwrap(),
            _ => panic!("the program asked for `{line}`"),
        }
        "ok".to_owned()
    }

    /// The chosen device; devices are made when they are first chosen.
    fn authenticator(&mut self) -> &mut Authenticator {
        while self.authenticators.len() <= self.chosen {
            self.authenticators.push(Authenticator::new(&self.definitions).unwrap());
        }
        &mut self.authenticators[self.chosen]
    }

    fn issue(&self, name: &str, sealing: Sealing<'_>) -> Blob {
        let named = |definition: &&Definition| definition.owner.application_text() == name;
        let definition = self.definitions.iter().chain([&self.stranger]).find(named).unwrap();
        definition.blob(&Context { now: self.now, params: &KernelParams::default(), sealing }).unwrap()
    }

    fn sealed(&self, name: &str, rest: &str) -> String {
        let (key, vector) = rest.split_once(' ').unwrap();
        let keys = InProcessKeys::new(Box::new(SeededRandom::from_u64(1)));
        let value = bancada_digipass::encoding::from_hex(STORAGE_KEY.as_bytes()).unwrap();
        keys.add(key, SymAlg::Des3_168, &value, true).unwrap();
        let iv = InitialVector::parse(Some(vector.as_bytes())).unwrap();
        self.issue(name, Sealing::Service { service: &keys, key, iv }).to_hex()
    }
}

fn definition(
    serial: &str,
    application: &str,
    kind: Kind,
    suite: &str,
    change: impl FnOnce(&mut Profile),
) -> Definition {
    let mut profile = Profile::new(*b"MOB30", kind, suite.parse().unwrap());
    change(&mut profile);
    let owner = Owner::new(serial, application).unwrap();
    let start = application.bytes().fold(0, |sum: u64, byte| sum * 31 + u64::from(byte));
    let mut definition = Definition::generate(owner, profile, &mut SeededRandom::from_u64(start));
    definition.pin_rules.enabled = false;
    definition
}
