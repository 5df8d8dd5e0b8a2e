//! The office that activates the devices of a multi-device licence.

use bancada_digipass::authenticator::{Authenticator, PendingActivation};
use bancada_digipass::encoding::check_digit;
use bancada_digipass::message::channel::RequestBody;

use super::device::Device;
use super::sealing::Seal;
use super::{After, Expect, Prepared, Seat, Stage};
use crate::token::action::{Action, Shape};
use crate::token::call::{Operation, Reply, TokenCall};
use crate::token::model::licence::Licence;

/// What the host keeps of a licence, and the device that is being activated.
#[derive(Clone)]
pub(super) struct Office {
    pub(super) blob: String,
    pub(super) model: Licence,
    pub(super) shapes: Vec<Shape>,
    pub(super) static_vector: String,
    pub(super) message_vector: String,
    pub(super) activation_vector: String,
    /// The first message, and the type and number of the device that took it.
    pub(super) first_message: Option<String>,
    pub(super) device_type: u8,
    pub(super) fingerprints: u8,
    pub(super) device_id: Option<String>,
    /// First message, type and number of the device whose code was verified last.
    pub(super) verified: Option<(String, u8, u8)>,
    pub(super) payload_key: Option<String>,
    /// The last message to be signed, and when it was made.
    pub(super) message: Option<(String, i64)>,
    /// The last request, and the one before.
    pub(super) request: Option<String>,
    pub(super) earlier: Option<String>,
    /// Who seals its BLOBs.
    pub(super) seal: Seal,
}

/// What an answer brings.
#[derive(Clone, Copy)]
pub(super) enum Due {
    Licence,
    Sealed(Seal),
    FirstMessage,
    DeviceCode,
    Instance,
    PayloadKey,
    Request,
    Deactivation(usize),
}

impl Office {
    fn pending(&self) -> Option<PendingActivation> {
        let (message, device_type, number) = self.begun()?;
        let fingerprint = format!("device {number}");
        let fingerprint = fingerprint.as_bytes();
        Authenticator::begin_activation(&self.static_vector, &message, fingerprint, device_type).ok()
    }

    fn begun(&self) -> Option<(String, u8, u8)> {
        Some((self.first_message.clone()?, self.device_type, self.fingerprints))
    }
}

impl Stage {
    /// Calls of the licence. Without payload key, a request is first the making of one.
    pub(super) fn license(&mut self, action: &Action) -> Option<Prepared> {
        let threshold = self.parms.i_threshold();
        let mut office = self.office.take()?;
        let prepared = self.office_call(&mut office, action, threshold);
        self.office = Some(office);
        prepared
    }

    fn office_call(&self, office: &mut Office, action: &Action, threshold: i64) -> Option<Prepared> {
        let text = |text: &String| Some(text.clone());
        let (statics, messages) = (text(&office.static_vector), text(&office.message_vector));
        let mut code = 0;
        let (operation, texts, numbers, due) = match action {
            Action::Begin { device_type } => {
                office.device_type = device_type % 100;
                office.fingerprints = office.fingerprints.wrapping_add(1);
                let texts = vec![None, statics, messages, text(&office.activation_vector)];
                (Operation::FirstMessage, texts, Vec::new(), Due::FirstMessage)
            }
            Action::DeviceCode { wrong } => {
                let mut device_code = office.pending()?.device_code(0);
                if *wrong {
                    device_code = another_proof(&device_code)?;
                }
                code = office.model.device_code(threshold, !wrong);
                (Operation::DeviceCode, vec![None, Some(device_code)], Vec::new(), Due::DeviceCode)
            }
            Action::Instance => {
                code = office.model.instance();
                let id = office.device_id.clone().unwrap_or_else(|| "0000000001".to_owned());
                let texts = vec![statics, messages, office.payload_key.clone(), Some(id)];
                (Operation::SecondMessage, texts, Vec::new(), Due::Instance)
            }
            Action::Request { app } => match &office.payload_key {
                None => (Operation::PayloadKey, vec![messages], Vec::new(), Due::PayloadKey),
                Some(key) => {
                    let application = (app % office.shapes.len() + 1) as u8;
                    let body = RequestBody { application, text: b"pay".to_vec() }.to_hex();
                    let texts = vec![text(key), messages, Some(body)];
                    (Operation::Request, texts, Vec::new(), Due::Request)
                }
            },
            Action::Deactivate { device } => {
                let place = device.checked_rem(self.devices.len())?;
                let texts = vec![text(office.payload_key.as_ref()?), messages];
                let instance = i32::from(self.devices[place].instance);
                (Operation::Deactivation, texts, vec![instance], Due::Deactivation(place))
            }
            _ => return None,
        };
        let with_key = matches!(operation, Operation::Request | Operation::Deactivation);
        let blobs = if with_key { Vec::new() } else { vec![office.blob.clone()] };
        Some(Prepared {
            call: self.licence_call(office, operation, (blobs, texts, numbers)),
            expect: Expect { code, ..Expect::default() },
            after: After::Licence(due),
        })
    }

    /// A call with the licence's BLOB, or with its payload key.
    pub(super) fn licence_call(
        &self,
        office: &Office,
        operation: Operation,
        (blobs, texts, numbers): (Vec<String>, Vec<Option<String>>, Vec<i32>),
    ) -> TokenCall {
        let parms = office.seal.parms(self.licence_parms());
        TokenCall { operation, now: self.now, parms, sealer: office.seal.sealer, blobs, texts, numbers }
    }

    /// Takes what a call of the licence brought.
    pub(super) fn take_licence(&mut self, due: &Due, reply: &Reply) -> Result<(), String> {
        let Some(mut office) = self.office.take() else { return Ok(()) };
        if let (Some(blob), false) = (reply.blobs.first(), matches!(due, Due::Request | Due::Deactivation(_)))
        {
            office.blob.clone_from(blob);
        }
        let result =
            if matches!(reply.code, 0 | 100) { self.office_reply(&mut office, *due, reply) } else { Ok(()) };
        self.office = Some(office);
        result
    }

    fn office_reply(&mut self, office: &mut Office, due: Due, reply: &Reply) -> Result<(), String> {
        let text = reply.texts.first().cloned();
        match due {
            Due::Licence => {}
            Due::Sealed(seal) => office.seal = seal,
            Due::FirstMessage => {
                office.first_message = text;
                office.pending().ok_or("the device does not take the first message")?;
            }
            Due::DeviceCode => {
                if reply.numbers.first() != Some(&i32::from(office.device_type)) {
                    return Err(format!(
                        "the device has type {}, not {:?}",
                        office.device_type, reply.numbers
                    ));
                }
                office.device_id = text;
                office.verified = office.begun();
            }
            Due::Instance => self.activated(office, text.unwrap_or_default(), reply)?,
            Due::PayloadKey => office.payload_key = text,
            Due::Request => {
                office.message = Some((text.clone().unwrap_or_default(), self.now as i64));
                office.earlier = std::mem::replace(&mut office.request, text);
            }
            Due::Deactivation(place) => {
                let obeyed = self.devices[place].authenticator.deactivate(&text.unwrap_or_default());
                // A device activated before there was a payload key has none, and obeys nobody.
                if let Err(code) = obeyed
                    && code.0 != 19_003
                {
                    return Err(format!("the device does not obey: {}", code.text()));
                }
            }
        }
        Ok(())
    }

    fn activated(&mut self, office: &mut Office, message: String, reply: &Reply) -> Result<(), String> {
        let sequence = reply.numbers.first().and_then(|number| u8::try_from(*number).ok());
        let sequence = sequence.filter(|number| *number == office.model.made);
        let sequence =
            sequence.ok_or_else(|| format!("the instance has another number: {:?}", reply.numbers))?;
        let (first, device_type, number) = office.verified.take().ok_or("no device was verified")?;
        let fingerprint = format!("device {number}");
        let vector = &office.static_vector;
        let pending = Authenticator::begin_activation(vector, &first, fingerprint.as_bytes(), device_type)
            .map_err(|code| format!("the device does not take the first message: {}", code.text()))?;
        let authenticator = pending
            .complete(&message)
            .map_err(|code| format!("the device does not take the second message: {}", code.text()))?;
        let events = vec![0; office.shapes.len()];
        self.devices.push(Device { authenticator, instance: sequence, bound: None, events });
        let blobs = reply.blobs.get(1..).unwrap_or_default();
        if blobs.len() != office.shapes.len() {
            return Err(format!("{} BLOBs for {} applications", blobs.len(), office.shapes.len()));
        }
        for (place, (shape, blob)) in office.shapes.iter().zip(blobs).enumerate() {
            self.apps.push(Seat::new(shape, blob.clone(), (place, sequence), office.seal));
        }
        office.message = Some((message, self.now as i64));
        Ok(())
    }
}

/// A device code with another proof and a right check digit.
fn another_proof(code: &str) -> Option<String> {
    let mut digits = code.get(..code.len().checked_sub(1)?)?.as_bytes().to_vec();
    let digit = digits.get_mut(15)?;
    *digit = if *digit == b'9' { b'0' } else { *digit + 1 };
    digits.push(check_digit(&digits, 10)?);
    String::from_utf8(digits).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_proof_has_a_right_check_digit() {
        let mut code = b"0712345678901234567890123".to_vec();
        code.push(check_digit(&code, 10).unwrap());
        let other = another_proof(std::str::from_utf8(&code).unwrap()).unwrap();
        assert_ne!(other.as_bytes(), &code[..]);
        assert!(bancada_digipass::encoding::check_digit_holds(other.as_bytes(), 10));
    }
}
