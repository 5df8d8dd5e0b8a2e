//! What a life issues: definitions with keys, and the licence's vectors.

use bancada_crypto::random::SeededRandom;
use bancada_digipass::blob::{Kind, Profile};
use bancada_digipass::message::Protection;
use bancada_digipass::vector::{ActivationVector, MessageVector, StaticVector, Template};
use bancada_digipass::{Context, Definition, Owner, ReturnCode, Sealing};

use super::device::Device;
use super::licence::Office;
use super::{Seat, Stage};
use crate::token::action::{Life, Mode, Shape};
use crate::token::model::{Application, Pin, Traits};

/// Devices of a single-device licence that have its keys.
const TWINS: usize = 2;
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
        Ok(profile)
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
        Application::issued(self.traits(), owner, pin)
    }
}

impl Seat {
    /// An application right after it was issued, with its BLOB.
    pub(super) fn new(shape: &Shape, blob: String, owner: (usize, u8)) -> Self {
        Self { blob, model: shape.issued(owner), check_digit: shape.check_digit, score: shape.score }
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
    Ok(definition)
}

impl Stage {
    /// Issues what the life is about.
    pub(super) fn issue(&mut self, life: &Life) -> Result<(), ReturnCode> {
        if life.instances > 0 {
            return self.issue_licence(life);
        }
        let params = self.issuing();
        let cx = Context { now: self.now, params: &params, sealing: Sealing::Software };
        let mut definitions = Vec::new();
        for (place, shape) in life.applications.iter().enumerate() {
            let definition = definition(shape, place)?;
            let blob = definition.blob(&cx)?.to_hex();
            self.apps.push(Seat::new(shape, blob, (place, 0)));
            definitions.push(definition);
        }
        for _ in 0..TWINS {
            self.devices.push(Device::issued(&definitions)?);
        }
        Ok(())
    }

    fn issue_licence(&mut self, life: &Life) -> Result<(), ReturnCode> {
        let params = self.issuing();
        let cx = Context { now: self.now, params: &params, sealing: Sealing::Software };
        let random = &mut SeededRandom::from_u64(2000);
        let mut templates = Vec::new();
        for (place, shape) in life.applications.iter().enumerate() {
            let owner = Owner::new("VDS0000001", &name(place)).ok_or(ReturnCode::IMPORT_CONTENT)?;
            templates.push(Template { name: owner.application, profile: shape.profile()? });
        }
        let vector = StaticVector::generate(*b"VDS", templates, random);
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
        });
        Ok(())
    }
}
