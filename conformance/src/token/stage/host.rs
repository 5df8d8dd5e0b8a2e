//! What the host is asked to verify: passwords, signatures and derivation codes of the devices.

use bancada_digipass::encoding::check_digit;

use super::device::Press;
use super::{After, Expect, Prepared, Stage, Submission};
use crate::token::action::{Action, At, Challenge, From, PinUse, Spoil};
use crate::token::call::Operation;
use crate::token::model::signature::Signed;
use crate::token::model::window::Clock;
use crate::token::model::{Application, Form, Question, Response, Typed, accepted};

impl Stage {
    /// A device responds, and the host verifies.
    pub(super) fn respond(&mut self, action: &Action) -> Option<Prepared> {
        match action {
            Action::Password { app, device, at, score, spoil, challenge, pin } => {
                let app = self.app(*app)?;
                let typed = self.type_password(app, *device, (*at, *score, *spoil), *challenge, *pin)?;
                self.first(app, Submission::Password(typed))
            }
            Action::Sign { app, device, at, score, spoil, fields, flaw, later } => {
                let app = self.app(*app)?;
                let traits = &self.apps[app].model.traits;
                let mut data: Vec<String> = (1..=*fields)
                    .map(|field| traits.data_field.checked(format!("{}", field * 1111)))
                    .collect();
                // What no device signs, the host may still be given.
                let signable = (1..=if traits.one_field { 1 } else { 8 }).contains(fields);
                let first = vec![traits.data_field.checked("1111".to_owned())];
                let question = Question::Fields(if signable { data.clone() } else { first });
                if let Some(last) = data.last_mut() {
                    *last = traits.data_field.flawed(last, *flaw);
                }
                let mut signed = self.sign(app, *device, (*at, *score, *spoil), question, *later)?;
                signed.question = Question::Fields(data);
                self.first(app, Submission::Signature(signed))
            }
            Action::SignMessage { app, device, at, score, spoil, flaw, age } => {
                let app = self.app(*app)?;
                self.sign_message(app, *device, (*at, *score, *spoil), *flaw, *age)
            }
            _ => None,
        }
    }

    pub(super) fn first(&mut self, app: usize, submission: Submission) -> Option<Prepared> {
        let prepared = self.submit(app, &submission);
        self.history.push((app, submission));
        prepared
    }

    /// Hands something to the host, and lets the model judge it.
    pub(super) fn submit(&mut self, app: usize, submission: &Submission) -> Option<Prepared> {
        let (operation, response, texts, numbers, code) = match submission {
            Submission::Password(typed) => {
                // A PIN of another length than when it was typed takes the password apart in another way, and so does a reset.
                let model = &self.apps.get(app)?.model;
                let asked = model.traits.pin && model.pin.enabled;
                let known = if asked { model.pin.text.as_str() } else { "" };
                let apart = match &typed.pin {
                    Some(pin) if asked && model.pin.reset => pin == known && typed.form != Form::Short,
                    Some(pin) => pin.len() == known.len(),
                    None => asked && model.pin.reset,
                };
                if !apart || typed.new_pin.is_some() && !asked {
                    return None;
                }
                let code = self.judge(app, |model, host| model.verify_password(host, typed));
                let pin = typed.pin.as_deref().unwrap_or_default();
                let mut text = format!("{pin}{}", typed.response.text);
                if let Some((new, again)) = &typed.new_pin {
                    text += &format!("{new}{again}");
                }
                (
                    Operation::Password,
                    &typed.response,
                    vec![Some(text), typed.challenge.clone()],
                    vec![],
                    code,
                )
            }
            Submission::Signature(signed) => {
                let code = self.judge(app, |model, host| model.verify_signature(host, signed));
                let mut texts = vec![Some(signed.response.text.clone())];
                if let Question::Fields(fields) = &signed.question {
                    texts.extend(fields.iter().cloned().map(Some));
                }
                let deferred = i32::try_from(signed.deferred).ok()?;
                (Operation::Signature, &signed.response, texts, vec![deferred], code)
            }
            Submission::Message { signed, form, made, expiration } => {
                let code = self.judge(app, |model, host| {
                    model.verify_message(host, signed, (*form, *made), i64::from(*expiration))
                });
                let Question::Message(message) = &signed.question else { return None };
                let texts = vec![Some(signed.response.text.clone()), Some(message.clone())];
                (Operation::Message, &signed.response, texts, vec![*expiration, 0], code)
            }
            Submission::Derivation { derivation, code, count, hex, misuse } => {
                return self.bind(app, (derivation, code), (*count, *hex), *misuse);
            }
        };
        let text = response.host_code.clone().filter(|_| code == accepted(response.score));
        let call = self.call(operation, &[app], texts, numbers);
        Some(Prepared { call, expect: Expect { code, text, numbers: None }, after: After::Apps(vec![app]) })
    }

    fn type_password(
        &mut self,
        app: usize,
        device: usize,
        (at, score, spoil): (At, u8, Spoil),
        challenge: Challenge,
        pin: PinUse,
    ) -> Option<Typed> {
        let model = &self.apps.get(app)?.model;
        let (answered, passed) = challenges(model, challenge);
        let question = answered.map_or(Question::None, Question::Challenge);
        let asked = model.traits.pin && model.pin.enabled;
        let reset = asked && model.pin.reset;
        let known = model.pin.text.clone();
        let mut response = self.response(app, device, (at, score), &question, Clock::Password)?;
        let mut form = self.spoil(app, &mut response, spoil);
        let changed = |number: u16| format!("{:05}", u32::from(number) + 10_000);
        let (pin, new_pin) = match pin {
            _ if !asked => (Some(String::new()), None),
            PinUse::LeftOut(number) if reset => (None, Some((changed(number), changed(number)))),
            PinUse::Forgotten if reset => (None, None),
            PinUse::Wrong if !reset => (Some("9".repeat(known.len())), None),
            PinUse::Right | PinUse::Wrong | PinUse::LeftOut(_) | PinUse::Forgotten => (Some(known), None),
            PinUse::Change(number) => (Some(known), Some((changed(number), changed(number)))),
            PinUse::Differ => (Some(known), Some(("12345".to_owned(), "54321".to_owned()))),
            PinUse::Short => (Some(known), Some(("12".to_owned(), "12".to_owned()))),
        };
        // Where a PIN and a new one may stand, a length that is wrong is read as something else.
        if asked && form == Form::Long || (reset || new_pin.is_some()) && form == Form::Short {
            form = Form::Whole;
            response = self.last.clone()?;
        }
        Some(Typed { pin, response, form, new_pin, challenge: passed })
    }

    /// A response of a device where an action says, for a host that looks around a time.
    pub(super) fn response(
        &mut self,
        app: usize,
        device: usize,
        (at, score): (At, u8),
        question: &Question,
        clock: Clock,
    ) -> Option<Response> {
        let host = self.host();
        let model = &self.apps.get(app)?.model;
        let signs = matches!(question, Question::Fields(_) | Question::Message(_));
        if !(if signs { model.traits.signatures } else { model.traits.passwords }) {
            return None;
        }
        let signature = clock != Clock::Password;
        let pieces = model.pieces(host, clock);
        let piece = pieces.get(usize::from(at.piece) % pieces.len())?;
        let last = if signature { model.signature_step } else { model.password_step };
        let from = match at.from {
            From::Low => piece.middle - piece.reach,
            From::High => piece.middle + piece.reach,
            From::Last if last > 0 => last,
            From::Middle | From::Last => piece.middle,
        };
        let online = !signature || matches!(host.parms.online(), 1 | 2);
        let around = (!online).then_some(model.next_event - 1);
        let event = if at.edge { model.events(host, around).1 } else { model.next_event };
        let press = Press {
            place: model.owner.0,
            step_s: model.traits.step_s,
            step: (from + at.steps).max(1),
            event: event + at.events,
            events: model.traits.events,
            now: self.now as i64,
            score: if self.scores(app) { score & 7 } else { 0 },
            question,
        };
        let device = device.checked_rem(self.devices.len())?;
        let mut response = self.devices.get_mut(device)?.press(&press)?;
        if self.apps[app].check_digit {
            response.value.pop();
        }
        self.last = Some(response.clone());
        Some(response)
    }

    /// Puts an error into a response.
    fn spoil(&self, app: usize, response: &mut Response, spoil: Spoil) -> Form {
        let seat = &self.apps[app];
        if spoil.wrong {
            response.wrong = true;
            response.text = another(&response.text, seat.check_digit, seat.model.traits.hex);
        }
        let text = &mut response.text;
        match spoil.form {
            Form::Whole => return Form::Whole,
            Form::Mistyped if !seat.check_digit => return Form::Whole,
            Form::Mistyped => {
                let last = text.pop().and_then(|digit| digit.to_digit(10)).unwrap_or_default();
                *text += &((last + 1) % 10).to_string();
            }
            Form::Short => {
                text.pop();
            }
            Form::Long => text.push('1'),
            Form::Letter => {
                text.replace_range(1..2, "x");
            }
        }
        response.wrong = true;
        spoil.form
    }

    pub(super) fn sign(
        &mut self,
        app: usize,
        device: usize,
        (at, score, spoil): (At, u8, Spoil),
        question: Question,
        later: i64,
    ) -> Option<Signed> {
        let deferred = self.deferred(app, later)?;
        let clock = match deferred {
            time if time != 0 && !self.apps[app].model.traits.events => Clock::Deferred(time),
            _ => Clock::Signature,
        };
        let mut response = self.response(app, device, (at, score), &question, clock)?;
        let form = self.spoil(app, &mut response, spoil);
        Some(Signed { response, form, question, deferred })
    }

    /// The deferred value that is so many steps or events ago.
    pub(super) fn deferred(&self, app: usize, later: i64) -> Option<i64> {
        let model = &self.apps.get(app)?.model;
        Some(match later {
            0 => 0,
            _ if model.traits.events => (model.next_event + later).max(1),
            _ if model.traits.step_s > 0 => self.now as i64 - later * model.traits.step_s,
            _ => 1,
        })
    }

    fn scores(&self, app: usize) -> bool {
        self.apps[app].score
    }
}

/// The challenge the device answers, and the one the host is given.
pub(super) fn challenges(model: &Application, challenge: Challenge) -> (Option<String>, Option<String>) {
    if !model.traits.challenge_allowed {
        return (None, None);
    }
    let field = model.traits.challenge_field;
    let own = |number: u8| match model.traits.challenge {
        true => field.checked(format!("{:08}", 11_111_111 * u32::from(number % 9 + 1))),
        false => field.checked(format!("{:016}", 1_111_111_111_111_111 * u64::from(number % 9 + 1))),
    };
    let stored = model.challenge.clone().unwrap_or_else(|| own(0));
    match challenge {
        Challenge::Least if !model.traits.challenge => (None, None),
        Challenge::Least | Challenge::Stored => (Some(stored.clone()), Some(stored)),
        Challenge::Own(number) => (Some(own(number)), Some(own(number))),
        Challenge::Crossed => (Some(stored), Some(own(7))),
        Challenge::Missing => (Some(stored), None),
        Challenge::Flawed(flaw) => {
            let passed = Some(field.flawed(&stored, flaw)).filter(|text| !text.is_empty());
            (Some(stored), passed)
        }
    }
}

/// Another response of the same form.
pub(super) fn another(text: &str, check: bool, hex: bool) -> String {
    let mut digits = text.as_bytes().to_vec();
    if check {
        digits.pop();
    }
    if let Some(digit) = digits.get_mut(3) {
        *digit = match *digit {
            b'9' if hex => b'A',
            b'9' | b'F' => b'0',
            other => other + 1,
        };
    }
    if check {
        digits.extend(check_digit(&digits, 10));
    }
    String::from_utf8_lossy(&digits).into_owned()
}
