//! The software authenticator: what a test holds in place of the phone or the token.
//!
//! It keeps the keys of its applications, its events and its clock's deviation, and computes what the kernel verifies. Time is an
//! argument, as everywhere in this crate.

mod activate;
mod store;

pub use activate::{OpenedRequest, PendingActivation};

use std::fmt;

use zeroize::Zeroizing;

use crate::blob::{Kind, Profile};
use crate::definition::Definition;
use crate::derive::{self, DerivationFormat};
use crate::role::RoleKeys;
use crate::suite::{Inputs, Question128, Responder};
use crate::verify::fields::{self, Purpose};
use crate::verify::response;
use crate::{ReturnCode, encoding, manage};

/// An activated authenticator.
#[derive(Clone)]
pub struct Authenticator {
    pub(crate) serial: [u8; 10],
    pub(crate) applications: Vec<DeviceApplication>,
    /// Seconds the clock is ahead of the host's, to play a clock that drifts.
    pub clock_shift_s: i64,
    pub(crate) payload_key: Option<Zeroizing<[u8; 16]>>,
    pub(crate) sequence: u8,
}

/// One application on the device.
#[derive(Clone)]
pub(crate) struct DeviceApplication {
    pub(crate) name: [u8; 12],
    pub(crate) profile: Profile,
    pub(crate) key: Zeroizing<Vec<u8>>,
    pub(crate) diversifier: u64,
    pub(crate) next_event: u32,
    pub(crate) pin: Zeroizing<Vec<u8>>,
}

/// What the device shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The response to type in, with its check digit if it has one.
    pub text: String,
    /// The code the host must show, empty when there is none.
    pub host_code: String,
}

/// What a response is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Prompt<'a> {
    /// Name of the application; `None` for the first.
    pub application: Option<&'a str>,
    /// The host's time in seconds since 1970; the device's clock is [`Authenticator::clock_shift_s`] ahead of it.
    pub now: u64,
    /// The score to report, 0 to 7: bits context 1, user 2, platform 4. Applications without scores ignore it.
    pub score: u8,
}

impl Authenticator {
    /// An authenticator with these applications, which must be of one serial number.
    ///
    /// # Errors
    /// [`ReturnCode::APPLICATION_COUNT`] for none or more than 8; [`ReturnCode::SERIAL_DIFFERS`].
    pub fn new(definitions: &[Definition]) -> Result<Self, ReturnCode> {
        let first = definitions.first().ok_or(ReturnCode::APPLICATION_COUNT)?;
        if definitions.len() > 8 {
            return Err(ReturnCode::APPLICATION_COUNT);
        }
        if definitions.iter().any(|definition| definition.owner.serial != first.owner.serial) {
            return Err(ReturnCode::SERIAL_DIFFERS);
        }
        let application = |definition: &Definition| DeviceApplication {
            name: definition.owner.application,
            profile: definition.profile.clone(),
            key: definition.key.clone(),
            diversifier: 0,
            next_event: definition.next_event,
            pin: Zeroizing::new(definition.pin.as_bytes().to_vec()),
        };
        Ok(Self {
            serial: first.owner.serial,
            applications: definitions.iter().map(application).collect(),
            clock_shift_s: 0,
            payload_key: definitions.iter().find_map(|definition| definition.payload_key.clone()),
            sequence: 0,
        })
    }

    /// A one-time password, answering a challenge if one is given. Events go on by one.
    ///
    /// # Errors
    /// [`ReturnCode::PROPERTY`] when there is no such application; [`ReturnCode::TOKEN_TYPE`] when it has no passwords; 131 and the
    /// challenge codes.
    pub fn password(&mut self, prompt: &Prompt<'_>, challenge: Option<&str>) -> Result<Response, ReturnCode> {
        let time = self.time(prompt);
        let app = self.application(prompt)?;
        if !app.profile.kind.has_passwords() {
            return Err(ReturnCode::TOKEN_TYPE);
        }
        let challenge = challenge.map(str::as_bytes).filter(|text| !text.is_empty());
        match challenge {
            Some(text) if app.profile.kind != Kind::ResponseOnly => fields::challenge(&app.profile, text)?,
            Some(_) => return Err(ReturnCode::CHALLENGE_NOT_SUPPORTED),
            None if app.profile.kind == Kind::ChallengeResponse => return Err(ReturnCode::CHALLENGE_MISSING),
            None => {}
        }
        let question = fields::password_question(&app.profile, challenge)?;
        Ok(app.respond(&question, time, prompt.score))
    }

    /// A signature over data fields. Events go on by one.
    ///
    /// # Errors
    /// [`ReturnCode::PROPERTY`] when there is no such application; [`ReturnCode::TOKEN_TYPE`] when it does not sign; the codes of
    /// data fields.
    pub fn sign(&mut self, prompt: &Prompt<'_>, data: &[&str]) -> Result<Response, ReturnCode> {
        let data: Vec<&[u8]> = data.iter().map(|field| field.as_bytes()).collect();
        self.sign_fields(prompt, Purpose::Fields, &data)
    }

    /// A signature over a Secure Channel message or an activation message, given in hexadecimal.
    ///
    /// # Errors
    /// As for [`sign`](Self::sign); [`ReturnCode::MESSAGE_NOT_HEX`].
    pub fn sign_message(&mut self, prompt: &Prompt<'_>, message: &str) -> Result<Response, ReturnCode> {
        let message = encoding::from_hex(message.as_bytes()).ok_or(ReturnCode::MESSAGE_NOT_HEX)?;
        self.sign_fields(prompt, Purpose::Message, &fields::of_message(&message).fields())
    }

    /// Binds the authenticator to the device of this fingerprint and gives the code that tells the host so. From here on every
    /// application answers as the bound one; the host's BLOBs must be derived before they verify again.
    ///
    /// # Errors
    /// As for [`password`](Self::password), for the application that answers.
    pub fn derivation_code(
        &mut self,
        prompt: &Prompt<'_>,
        fingerprint: &[u8],
        challenge: Option<&str>,
        format: DerivationFormat,
    ) -> Result<String, ReturnCode> {
        let before = self.clone();
        let diversifier = derive::diversifier(fingerprint, &self.serial, format);
        for app in &mut self.applications {
            app.diversifier = diversifier;
        }
        let response = match self.password(prompt, challenge) {
            Ok(response) => response.text,
            Err(code) => {
                *self = before;
                return Err(code);
            }
        };
        let suite = self.application(prompt)?.profile.suite;
        let mut code = response.get(..usize::from(suite.digits)).unwrap_or(&response).to_owned();
        code += &match format {
            DerivationFormat::Decimal => format!("{diversifier:09}"),
            DerivationFormat::Hex => format!("{diversifier:09X}"),
        };
        let check = encoding::check_digit(code.as_bytes(), format.check_base(suite.format));
        code.extend(check.map(char::from));
        Ok(code)
    }

    /// The unlock code the locked device accepts for the number it shows.
    ///
    /// # Errors
    /// [`ReturnCode::PROPERTY`] when there is no such application; the codes of challenges for a malformed number.
    pub fn unlock_code(&mut self, prompt: &Prompt<'_>, number: &str) -> Result<String, ReturnCode> {
        let app = self.application(prompt)?;
        manage::unlock_code(&RoleKeys::new(&app.key, app.diversifier), number.as_bytes())
    }

    /// The serial number.
    #[must_use]
    pub fn serial(&self) -> String {
        String::from_utf8_lossy(&self.serial).into_owned()
    }

    /// The names of the applications, without the spaces at their ends.
    #[must_use]
    pub fn applications(&self) -> Vec<String> {
        let name = |app: &DeviceApplication| String::from_utf8_lossy(app.name.trim_ascii_end()).into_owned();
        self.applications.iter().map(name).collect()
    }

    /// Number of the instance in a multi-device licence, 0 in others.
    #[must_use]
    pub fn sequence(&self) -> u8 {
        self.sequence
    }

    /// The PIN the suite computes with, after the user changed it.
    pub fn set_pin(&mut self, pin: &str) {
        for app in &mut self.applications {
            app.pin = Zeroizing::new(pin.as_bytes().to_vec());
        }
    }

    fn sign_fields(
        &mut self,
        prompt: &Prompt<'_>,
        purpose: Purpose,
        data: &[&[u8]],
    ) -> Result<Response, ReturnCode> {
        let time = self.time(prompt);
        let app = self.application(prompt)?;
        if !app.profile.kind.has_signatures() {
            return Err(ReturnCode::TOKEN_TYPE);
        }
        fields::data(&app.profile, data)?;
        let question = fields::signature_question(&app.profile, purpose, data)?;
        Ok(app.respond(&question, time, prompt.score))
    }

    pub(crate) fn time(&self, prompt: &Prompt<'_>) -> u64 {
        prompt.now.saturating_add_signed(self.clock_shift_s)
    }

    pub(crate) fn application(&mut self, prompt: &Prompt<'_>) -> Result<&mut DeviceApplication, ReturnCode> {
        let matches = |app: &&mut DeviceApplication| match prompt.application {
            None => true,
            Some(name) => {
                name.trim_end().eq_ignore_ascii_case(&String::from_utf8_lossy(app.name.trim_ascii_end()))
            }
        };
        self.applications.iter_mut().find(matches).ok_or(ReturnCode::PROPERTY)
    }
}

impl DeviceApplication {
    /// Computes a response and its host code, and goes on to the next event.
    pub(crate) fn respond(&mut self, question: &Question128, time: u64, score: u8) -> Response {
        let roles = RoleKeys::new(&self.key, self.diversifier);
        let score = if self.profile.score { score & 7 } else { 0 };
        let event = self.next_event;
        if self.profile.suite.counter {
            self.next_event = event.saturating_add(1);
        }
        let inputs = Inputs {
            counter: u64::from(event),
            question,
            pin: &self.pin,
            session: &[],
            step: self.profile.suite.time.map_or(0, |step| time / u64::from(step.seconds())),
        };
        let responder = Responder::new(&self.profile.suite, &roles.response(score));
        let value = responder.value(&responder.open(&inputs), inputs.step);
        Response {
            text: response::write(&self.profile, value),
            host_code: response::host_code(&self.profile, &roles, score, &inputs),
        }
    }
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authenticator")
            .field("serial", &self.serial())
            .field("applications", &self.applications())
            .field("sequence", &self.sequence)
            .finish_non_exhaustive()
    }
}
