//! What a life issues: definitions with keys, and the licence's vectors.

use bancada_crypto::random::SeededRandom;
use bancada_digipass::blob::{Kind, Profile};
use bancada_digipass::import::{ImportFile, transport_key, write_dpx};
use bancada_digipass::message::Protection;
use bancada_digipass::vector::{ActivationVector, MessageVector, StaticVector, Template};
use bancada_digipass::{Context, Definition, Owner, ReturnCode, Sealing};

use super::device::Device;
use super::licence::Office;
use super::sealing::Seal;
use super::{Seat, Stage};
use crate::token::action::{Life, Mode, Shape};
use crate::token::model::{Application, Backup, Field, Pin, Traits};

/// Devices of a single-device licence that have its keys.
const TWINS: usize = 2;
/// The transport key of import files.
pub(super) const TRANSPORT_KEY: &str = "00112233445566778899AABBCCDDEEFF";
/// The PIN at the beginning.
const PIN: &str = "1234";

impl Shape {
    /// The application as the kernel knows it.
    ///
    /// # Errors
    /// [`ReturnCode::UNSUPPORTED_BLOB`] when the suite has no such name.
    fn profile(&self) -> Result<Profile, ReturnCode> {
        let kind = match self.mode {
            Mode::RO => Kind::ResponseOnly,
            Mode::CR => Kind::ChallengeResponse,
            Mode::SG => Kind::Signature,
            Mode::MM => Kind::MultiMode,
        };
        let suite = self.suite.parse().map_err(|_| ReturnCode::UNSUPPORTED_BLOB)?;
        let mut profile = Profile::new(*b"MOB30", kind, suite);
        profile.response_check_digit = self.check_digit;
        profile.host_code_len = self.host_code;
        profile.score = self.score;
        profile.pin = self.pin;
        profile.derivation = self.derivation;
        profile.secure_channel = self.secure_channel;
        profile.unlock = self.unlock;
        profile.virtual_token = self.backup.is_some();
        for field in &mut profile.fields {
            field.min = if self.least > 0 { self.least } else { field.min };
            field.check_digit = self.field_check;
        }
        Ok(profile)
    }

    /// What its challenges are like.
    fn field(&self) -> Field {
        let decimal = self.suite.contains("QN08");
        let most = if decimal { 8 } else { 16 };
        let least = match self.least {
            0 if self.mode == Mode::CR => most,
            0 => 1,
            least => usize::from(least),
        };
        Field { least, most, decimal, free: false, check: self.field_check }
    }

    /// Its traits, from the name of its suite.
    #[must_use]
    pub fn traits(&self) -> Traits {
        let words: Vec<&str> = self.suite.split([':', '-']).collect();
        let time = words.iter().rev().find_map(|word| {
            let (count, unit) = word.strip_prefix('T')?.split_at_checked(word.len() - 2)?;
            let unit = match unit {
                "S" => 1,
                "M" => 60,
                _ => return None,
            };
            count.parse::<i64>().ok().map(|count| count * unit)
        });
        let ocra = self.suite.contains(":QN") || self.suite.contains("-QN") || self.suite.contains("QH");
        Traits {
            passwords: self.mode != Mode::SG,
            challenge: self.mode == Mode::CR,
            challenge_allowed: matches!(self.mode, Mode::CR | Mode::MM),
            signatures: matches!(self.mode, Mode::SG | Mode::MM),
            one_field: !self.suite.contains("QH64"),
            step_s: time.unwrap_or_default(),
            events: if ocra { words.contains(&"C") } else { time.is_none() },
            derivation: self.derivation,
            pin: self.pin,
            secure_channel: self.secure_channel,
            unlock: self.unlock,
            backup: self.backup.is_some(),
            challenge_field: self.field(),
            data_field: Field { free: self.suite.contains("QH64"), ..self.field() },
            hex: words
                .iter()
                .any(|word| word.strip_suffix('H').is_some_and(|digits| digits.parse::<u8>().is_ok())),
        }
    }

    /// The application in the model, right after it was issued.
    fn issued(&self, owner: (usize, u8)) -> Application {
        let text = if self.pin { PIN.to_owned() } else { String::new() };
        let pin =
            Pin { text, enabled: self.pin, change_on: true, change_forced: false, reset: false, min_len: 3 };
        // In a licence, nothing says how long the virtual token may be used.
        let (uses, days) = self.backup.filter(|_| owner.1 == 0).unwrap_or((255, 0));
        let backup = Backup { uses, days, ..Backup::default() };
        Application::issued(self.traits(), owner, pin, backup)
    }
}

impl Seat {
    /// An application right after it was issued, with its BLOB.
    pub(super) fn new(shape: &Shape, blob: String, owner: (usize, u8), seal: Seal) -> Self {
        let (check_digit, score) = (shape.check_digit, shape.score);
        Self { blob, model: shape.issued(owner), check_digit, score, seal }
    }
}

/// The name of an application.
pub(super) fn name(place: usize) -> String {
    format!("APP{}", place + 1)
}

fn definition(shape: &Shape, place: usize) -> Result<Definition, ReturnCode> {
    let owner = Owner::new("VDS0000001", &name(place)).ok_or(ReturnCode::IMPORT_CONTENT)?;
    let random = &mut SeededRandom::from_u64(1000 + place as u64);
    let mut definition = Definition::generate(owner, shape.profile()?, random);
    if shape.pin {
        PIN.clone_into(&mut definition.pin);
    }
    if let Some((uses, days)) = shape.backup {
        (definition.virtual_uses, definition.virtual_days) = (uses, days);
    }
    Ok(definition)
}

/// What every client of the customer has in common.
fn static_vector(shapes: &[Shape], random: &mut SeededRandom) -> Result<StaticVector, ReturnCode> {
    let mut templates = Vec::new();
    for (place, shape) in shapes.iter().enumerate() {
        let owner = Owner::new("VDS0000001", &name(place)).ok_or(ReturnCode::IMPORT_CONTENT)?;
        templates.push(Template { name: owner.application, profile: shape.profile()? });
    }
    Ok(StaticVector::generate(*b"VDS", templates, random))
}

impl Stage {
    /// Issues what the life is about.
    pub(super) fn issue(&mut self, life: &Life) -> Result<(), ReturnCode> {
        let mut file = ImportFile::default();
        if life.instances > 0 {
            self.issue_licence(life, &mut file)?;
        } else {
            self.issue_applications(life, &mut file)?;
        }
        if life.import.is_some() {
            let text = transport_key(TRANSPORT_KEY)
                .and_then(|key| write_dpx(&file, &key, &mut SeededRandom::from_u64(3000)));
            self.file = Some(text.map_err(|error| error.code())?);
        }
        Ok(())
    }

    fn issue_applications(&mut self, life: &Life, file: &mut ImportFile) -> Result<(), ReturnCode> {
        let params = self.issuing();
        let cx = Context { now: self.now, params: &params, sealing: Sealing::Software };
        let mut definitions = Vec::new();
        for (place, shape) in life.applications.iter().enumerate() {
            let definition = definition(shape, place)?;
            let blob = definition.blob(&cx)?.to_hex();
            let seal = self.issued_seal();
            self.apps.push(Seat::new(shape, blob, (place, 0), seal));
            definitions.push(definition);
        }
        for _ in 0..TWINS {
            self.devices.push(Device::issued(&definitions)?);
        }
        let vector = static_vector(&life.applications, &mut SeededRandom::from_u64(2000))?;
        self.static_vector = vector.to_hex().to_string();
        file.static_vector = Some(vector);
        file.tokens.push(definitions);
        Ok(())
    }

    fn issue_licence(&mut self, life: &Life, file: &mut ImportFile) -> Result<(), ReturnCode> {
        let params = self.issuing();
        let cx = Context { now: self.now, params: &params, sealing: Sealing::Software };
        let random = &mut SeededRandom::from_u64(2000);
        let vector = static_vector(&life.applications, random)?;
        let suite = "OCRA-1:HOTP-SHA256-8:QH16".parse().map_err(|_| ReturnCode::UNSUPPORTED_BLOB)?;
        let owner = Owner::new("VDS0000009", "ACTIVATION").ok_or(ReturnCode::IMPORT_CONTENT)?;
        let profile = Profile::new(*b"MOB30", Kind::MasterActivation, suite);
        let mut licence = Definition::generate(owner, profile, random);
        licence.instances = life.instances;
        let messages = MessageVector { protection: Protection::Encrypted, customer: [7; 10] };
        self.office = Some(Office {
            blob: licence.blob(&cx)?.to_hex(),
            model: Self::licence_model(life.instances),
            shapes: life.applications.clone(),
            static_vector: vector.to_hex().to_string(),
            message_vector: messages.to_hex(),
            activation_vector: ActivationVector::of(&licence).to_hex(),
            first_message: None,
            device_type: 0,
            fingerprints: 0,
            device_id: None,
            verified: None,
            payload_key: None,
            message: None,
            request: None,
            earlier: None,
            seal: self.issued_seal(),
        });
        file.static_vector = Some(vector);
        file.message_vector = Some(messages);
        file.tokens.push(vec![licence]);
        Ok(())
    }
}
