//! Secure Channel messages: what is signed, what devices answer, and what a message tells in clear.

use super::{After, Expect, Prepared, Stage, Submission};
use crate::token::action::{Action, Age, Answer, At, MessageFlaw, Spoil};
use crate::token::call::Operation;
use crate::token::model::Question;

/// Hexadecimal digits of a message before its time: type, version, protection, serial number.
const BEFORE_TIME: usize = 20;
/// Hexadecimal digits of the time.
const TIME: usize = 8;
/// Serial number of the licence.
const SERIAL: &str = "VDS0000009";

impl Stage {
    /// A device signs a message that may have something wrong, and the host verifies.
    pub(super) fn sign_message(
        &mut self,
        app: usize,
        device: usize,
        with: (At, u8, Spoil),
        flaw: MessageFlaw,
        age: Age,
    ) -> Option<Prepared> {
        let (message, made) = self.office.as_ref()?.message.clone()?;
        let (flawed, form) = flawed(&message, flaw)?;
        let expiration = match age {
            Age::Plain(seconds) => seconds,
            Age::Beyond(more) => i32::try_from(self.now as i64 - made).ok()?.checked_add(more)?,
        };
        // What is no message, no device signs.
        let signable = !matches!(flaw, MessageFlaw::Odd | MessageFlaw::Letter);
        let question = Question::Message(if signable { flawed.clone() } else { message });
        let mut signed = self.sign(app, device, with, question, 0)?;
        signed.question = Question::Message(flawed);
        let made = (flaw != MessageFlaw::Timeless).then_some(made);
        self.first(app, Submission::Message { signed, form, made, expiration })
    }

    /// A device answers the last request, or the properties of that are read.
    pub(super) fn message(&self, action: &Action) -> Option<Prepared> {
        let office = self.office.as_ref()?;
        let request = office.request.clone()?;
        let (operation, texts, expect) = match action {
            Action::ReadMessage => {
                let numbers = Some(vec![2, 3, 1, 1, 1]);
                let expect = Expect { code: 0, text: Some(SERIAL.to_owned()), numbers };
                (Operation::MessageProperties, vec![Some(request)], expect)
            }
            Action::Respond { device, answer } => {
                let device = &self.devices[device.checked_rem(self.devices.len())?];
                let body = vec![0xa5; if let Answer::Body(length) = answer { *length } else { 7 }];
                let said = if *answer == Answer::Refusal { Err(&body[..]) } else { Ok(&body[..]) };
                // A device without payload key, or one that was deactivated, does not answer.
                let mut response = device.authenticator.respond_to(&request, self.now, said).ok()?;
                if *answer == Answer::Damaged {
                    let other = if response.ends_with('0') { '1' } else { '0' };
                    response.pop();
                    response.push(other);
                }
                let asked = match answer {
                    Answer::Late => office.earlier.clone().filter(|earlier| *earlier != request)?,
                    _ => request,
                };
                let (code, text) = match answer {
                    Answer::Body(_) => (0, Some(hex::encode_upper(&body))),
                    // The first byte of the body is the device's error code.
                    Answer::Refusal => (5000 + 0xa5, None),
                    Answer::Damaged | Answer::Late => (1361, None),
                };
                let texts = vec![office.payload_key.clone(), Some(response), Some(asked)];
                (Operation::Response, texts, Expect { code, text, numbers: None })
            }
            _ => return None,
        };
        let call = self.licence_call(office, operation, (Vec::new(), texts, Vec::new()));
        Some(Prepared { call, expect, after: After::Nothing })
    }
}

/// A message with something wrong, and the code of its form.
fn flawed(message: &str, flaw: MessageFlaw) -> Option<(String, i32)> {
    let mut text = message.to_owned();
    let code = match flaw {
        MessageFlaw::None => 0,
        MessageFlaw::Odd => {
            text.pop();
            1300
        }
        MessageFlaw::Letter => {
            text.pop();
            text.push('G');
            1299
        }
        MessageFlaw::Cut => {
            text.truncate(BEFORE_TIME);
            1339
        }
        MessageFlaw::Version => {
            text.replace_range(2..4, "03");
            1337
        }
        MessageFlaw::Type => {
            text.replace_range(..2, "23");
            1337
        }
        MessageFlaw::Timeless => {
            text.get(BEFORE_TIME..BEFORE_TIME + TIME)?;
            text.replace_range(2..4, "01");
            text.replace_range(BEFORE_TIME..BEFORE_TIME + TIME, "");
            0
        }
    };
    Some((text, code))
}
