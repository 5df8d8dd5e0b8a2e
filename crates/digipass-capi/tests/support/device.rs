//! The device at the other end of a test program: it issues BLOBs and answers what a user would read off a telephone.

use std::path::{Path, PathBuf};

use bancada_crypto::cipher::SymAlg;
use bancada_crypto::random::SeededRandom;
use bancada_digipass::authenticator::{Authenticator, PendingActivation, Prompt};
use bancada_digipass::blob::{Kind, Profile};
use bancada_digipass::derive::DerivationFormat;
use bancada_digipass::encoding::{from_hex, to_hex};
use bancada_digipass::import::{ImportFile, transport_key, write_dpx};
use bancada_digipass::keys::{InProcessKeys, InitialVector};
use bancada_digipass::message::Protection;
use bancada_digipass::vector::{MessageVector, StaticVector, Template};
use bancada_digipass::{Blob, Context, Definition, KernelParams, Owner, Sealing};

/// The named key of the key service.
pub(crate) const STORAGE_KEY: &str = "00112233445566778899AABBCCDDEEFF0123456789ABCDEF";
/// What opens the import files.
const TRANSPORT_KEY: &str = "11111111111111111111111111111111";

/// What stops and starts a key service.
pub(crate) type Service = Box<dyn FnMut(&str)>;

/// Devices of one serial number, and a stranger.
pub(crate) struct Device {
    now: u64,
    score: u8,
    chosen: usize,
    definitions: Vec<Definition>,
    stranger: Definition,
    authenticators: Vec<Authenticator>,
    host_code: String,
    shown: Vec<String>,
    pending: Vec<PendingActivation>,
    service: Option<Service>,
    key_file: PathBuf,
}

impl Device {
    /// A device whose key service has its keys in a file of this folder.
    pub(crate) fn new(folder: &Path) -> Self {
        let key_file = folder.join("keys");
        write_keys(&key_file);
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
            definition("VDS0000001", "VSIG", Kind::MultiMode, "OCRA-1:HOTP-SHA256-8:QH64-T36S", |profile| {
                profile.virtual_primary = true;
                profile.host_code_len = 6;
            }),
            definition("VDS0000001", "UNLOCK", Kind::UnlockV2, "OCRA-1:HOTP-SHA256-8:QN08", |_| {}),
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
            shown: Vec::new(),
            pending: Vec::new(),
            service: None,
            key_file,
        }
    }

    /// Lets a function stop and start the key service instead of the file of keys.
    pub(crate) fn serve(&mut self, service: Service) {
        self.service = Some(service);
    }

    /// What only devices, users and key services know: keys and storage key in hexadecimal, and every response a device gave.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let keys = self.definitions.iter().map(|definition| to_hex(&definition.key));
        let fixed = [STORAGE_KEY.to_owned(), TRANSPORT_KEY.to_owned()];
        keys.chain(fixed).chain(self.shown.iter().cloned()).collect()
    }

    /// The file of the key service's keys.
    pub(crate) fn key_file(&self) -> &Path {
        &self.key_file
    }

    /// Answers one line of a program.
    pub(crate) fn answer(&mut self, line: &str) -> String {
        let answer = self.reply(line);
        if ["password", "sign", "derive", "sign-message", "host-code", "blob", "sealed"]
            .iter()
            .any(|command| line.split(' ').next() == Some(command))
        {
            self.shown.push(answer.clone());
        }
        answer
    }

    fn reply(&mut self, line: &str) -> String {
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
            "sign-message" => {
                let response = self.authenticator().sign_message(&prompt, rest).unwrap();
                self.host_code = response.host_code;
                return response.text;
            }
            "dpx" => return self.file(name),
            "transport-key" => return TRANSPORT_KEY.to_owned(),
            "activate" => self.activate(name, rest),
            "begin" => return self.begin(name, rest),
            "complete" => return self.complete(name, rest),
            "open-request" => {
                let opened = self.authenticator().open_request(name).unwrap();
                let text = String::from_utf8(opened.text).unwrap();
                return format!("{} {text}", opened.application.unwrap());
            }
            "respond" | "refuse" => {
                let (body, now) = (from_hex(rest.as_bytes()).unwrap(), self.now);
                let body = if command == "respond" { Ok(&body[..]) } else { Err(&body[..]) };
                return self.authenticator().respond_to(name, now, body).unwrap();
            }
            "inform" => {
                let (body, now) = (from_hex(rest.as_bytes()).unwrap(), self.now);
                return self.authenticator().inform(now, &body).unwrap();
            }
            "connect" => {
                self.chosen = self.authenticators.len();
                self.authenticators.push(Authenticator::new(&connected()).unwrap());
            }
            "deactivate" => self.authenticator().deactivate(name).unwrap(),
            "applications" => return self.authenticator().applications().len().to_string(),
            "service" if self.service.is_some() => self.service.as_mut().unwrap()(name),
            "service" if name == "stop" => std::fs::remove_file(&self.key_file).unwrap(),
            "service" => write_keys(&self.key_file),
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

    /// Writes an import file and gives its path.
    fn file(&self, which: &str) -> String {
        let random = &mut SeededRandom::from_u64(77);
        let template = |definition: &Definition| Template {
            name: definition.owner.application,
            profile: definition.profile.clone(),
        };
        let message_vector = MessageVector { protection: Protection::Encrypted, customer: [9; 10] };
        let templates = applications("VDS0000001").iter().map(template).collect();
        let mut vector = StaticVector::generate(*b"VDS", templates, random);
        vector.post_activation = 2;
        let file = if which == "sdl" {
            let tokens = vec![applications("VDS0000001"), applications("VDS0000002")];
            ImportFile { static_vector: Some(vector), message_vector: None, tokens }
        } else if which == "connected" {
            let message_vector = Some(message_vector);
            ImportFile { static_vector: Some(vector), message_vector, tokens: vec![connected()] }
        } else {
            let suite = "OCRA-1:HOTP-SHA256-8:QH16";
            let mut licence = definition("VDS0000009", "ACTIVATION", Kind::MasterActivation, suite, |_| {});
            licence.instances = 2;
            ImportFile {
                static_vector: Some(vector),
                message_vector: Some(message_vector),
                tokens: vec![vec![licence]],
            }
        };
        let text = write_dpx(&file, &transport_key(TRANSPORT_KEY).unwrap(), random).unwrap();
        let path = self.key_file.with_file_name(format!("{which}.dpx"));
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Activates a device in one step: static vector, activation data, and the secret the user knows.
    fn activate(&mut self, place: &str, rest: &str) {
        let mut parts = rest.splitn(3, ' ');
        let (vector, data) = (parts.next().unwrap(), parts.next().unwrap());
        let shared = parts.next().unwrap_or_default();
        let authenticator = Authenticator::activate(vector, data, shared.as_bytes()).unwrap();
        self.put(place.parse().unwrap(), authenticator);
    }

    /// Begins an activation in two steps: static vector and message 1.
    fn begin(&mut self, place: &str, rest: &str) -> String {
        let (vector, message) = rest.split_once(' ').unwrap();
        let pending =
            Authenticator::begin_activation(vector, message, format!("device {place}").as_bytes(), 7)
                .unwrap();
        let code = pending.device_code(self.score);
        self.pending.push(pending);
        code
    }

    /// Completes the activation that was begun last; gives the application that signs message 2.
    fn complete(&mut self, place: &str, message: &str) -> String {
        let pending = self.pending.pop().unwrap();
        self.put(place.parse().unwrap(), pending.complete(message).unwrap());
        pending.post_activation_application().unwrap()
    }

    fn put(&mut self, place: usize, authenticator: Authenticator) {
        self.authenticators.truncate(place);
        assert_eq!(self.authenticators.len(), place, "devices are activated in order");
        self.authenticators.push(authenticator);
    }

    fn issue(&self, name: &str, sealing: Sealing<'_>) -> Blob {
        let named = |definition: &&Definition| definition.owner.application_text() == name;
        let definition = self.definitions.iter().chain([&self.stranger]).find(named).unwrap();
        definition.blob(&Context { now: self.now, params: &KernelParams::default(), sealing }).unwrap()
    }

    fn sealed(&self, name: &str, rest: &str) -> String {
        let (key, vector) = rest.split_once(' ').unwrap();
        let keys = InProcessKeys::new(Box::new(SeededRandom::from_u64(1)));
        let value = from_hex(STORAGE_KEY.as_bytes()).unwrap();
        keys.add(key, SymAlg::Des3_168, &value, true).unwrap();
        let iv = InitialVector::parse(Some(vector.as_bytes())).unwrap();
        self.issue(name, Sealing::Service { service: &keys, key, iv }).to_hex()
    }
}

/// The applications of a single-device licence.
fn applications(serial: &str) -> Vec<Definition> {
    let otp = definition(serial, "OTP", Kind::ResponseOnly, "TOTP-SHA256-8-T36S", |profile| {
        profile.derivation = true;
    });
    let sign = definition(serial, "SIGN", Kind::Signature, "OCRA-1:HOTP-SHA256-8:QH64-T36S", |profile| {
        profile.derivation = true;
        profile.secure_channel = true;
        profile.host_code_len = 4;
    });
    vec![otp, sign]
}

/// The applications of a device that has a Secure Channel from the factory.
fn connected() -> Vec<Definition> {
    let mut applications = applications("VDS0000003");
    applications[0].payload_key = Some(zeroize::Zeroizing::new([7; 16]));
    applications
}

/// The keys of the key service.
fn write_keys(path: &Path) {
    let other = STORAGE_KEY.replace('0', "A");
    let keys = format!("# the HSM's\nSTORAGE.KEY 3DES {STORAGE_KEY}\nOTHER.KEY AES192 {other}\n");
    std::fs::write(path, keys).unwrap();
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
