//! A device in someone's hands: the software authenticator, and what is known of it besides.

use bancada_digipass::authenticator::{Authenticator, Prompt};
use bancada_digipass::derive::DerivationFormat;
use bancada_digipass::{Definition, ReturnCode};

use super::secrets::name;
use crate::token::model::{Question, Response};

/// Events a device is brought forward at most.
const MOST_PRESSES: i64 = 2_000;

/// One device.
#[derive(Clone)]
pub(super) struct Device {
    pub(super) authenticator: Authenticator,
    /// Number of the instance, 0 in a single-device licence.
    pub(super) instance: u8,
    /// The fingerprint its keys are bound to.
    pub(super) bound: Option<String>,
    /// The next event of each application.
    pub(super) events: Vec<i64>,
}

/// What a device is asked for.
pub(super) struct Press<'a> {
    /// Which application.
    pub(super) place: usize,
    /// Seconds of a step, 0 without time.
    pub(super) step_s: i64,
    /// The step it is made in.
    pub(super) step: i64,
    /// The event to make it at, if the device is not beyond it.
    pub(super) event: i64,
    /// Whether there are events.
    pub(super) events: bool,
    /// The host's time, for what does not depend on it.
    pub(super) now: i64,
    /// The score.
    pub(super) score: u8,
    /// What is answered.
    pub(super) question: &'a Question,
}

impl Device {
    /// A device with the keys of these definitions.
    pub(super) fn issued(definitions: &[Definition]) -> Result<Self, ReturnCode> {
        Ok(Self {
            authenticator: Authenticator::new(definitions)?,
            instance: 0,
            bound: None,
            events: vec![0; definitions.len()],
        })
    }

    /// A response, unless the device has no such application or cannot answer that.
    pub(super) fn press(&mut self, press: &Press<'_>) -> Option<Response> {
        let (text, host_code, event) = self.forward(press, |device, prompt| {
            let made = match press.question {
                Question::None => device.authenticator.password(prompt, None),
                Question::Challenge(text) => device.authenticator.password(prompt, Some(text)),
                Question::Fields(fields) => {
                    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
                    device.authenticator.sign(prompt, &fields)
                }
                Question::Message(message) => device.authenticator.sign_message(prompt, message),
            };
            made.ok().map(|made| (made.text, made.host_code))
        })?;
        Some(self.response(press, text, host_code, event))
    }

    /// A derivation code, and the response in it. The device is bound to the fingerprint from now on.
    pub(super) fn derive(
        &mut self,
        press: &Press<'_>,
        fingerprint: &str,
        format: DerivationFormat,
    ) -> Option<(String, Response)> {
        let challenge = match press.question {
            Question::Challenge(text) => Some(text.clone()),
            _ => None,
        };
        let (code, _, event) = self.forward(press, |device, prompt| {
            let bytes = fingerprint.as_bytes();
            let code = device.authenticator.derivation_code(prompt, bytes, challenge.as_deref(), format);
            code.ok().map(|code| (code, String::new()))
        })?;
        // The two formats have different diversifiers.
        self.bound = Some(format!("{fingerprint} {format:?}"));
        let text = code.get(..code.len().checked_sub(10)?)?.to_owned();
        Some((code, self.response(press, text, String::new(), event)))
    }

    fn response(&self, press: &Press<'_>, text: String, host_code: String, event: i64) -> Response {
        Response {
            value: text.clone(),
            text,
            host_code: Some(host_code),
            backup: false,
            maker: (press.place, self.instance),
            bound: self.bound.clone(),
            step: press.step,
            event,
            question: press.question.clone(),
            score: press.score,
            wrong: false,
        }
    }

    /// Brings the device to the event, and presses once more.
    fn forward(
        &mut self,
        press: &Press<'_>,
        make: impl Fn(&mut Self, &Prompt<'_>) -> Option<(String, String)>,
    ) -> Option<(String, String, i64)> {
        let name = name(press.place);
        let now = if press.step_s == 0 { press.now } else { press.step * press.step_s + press.step_s / 2 };
        let prompt = Prompt { application: Some(&name), now: u64::try_from(now).ok()?, score: press.score };
        let next = *self.events.get(press.place)?;
        let spare = if press.events { (press.event - next).clamp(0, MOST_PRESSES) } else { 0 };
        for _ in 0..spare {
            let wasted = match press.question {
                Question::None => self.authenticator.password(&prompt, None),
                Question::Challenge(text) => self.authenticator.password(&prompt, Some(text)),
                _ => self.authenticator.sign(&prompt, &["1"]),
            };
            wasted.ok()?;
            self.events[press.place] += 1;
        }
        let (text, host_code) = make(self, &prompt)?;
        let event = next + spare;
        self.events[press.place] = event + 1;
        Some((text, host_code, if press.events { event } else { 0 }))
    }
}
