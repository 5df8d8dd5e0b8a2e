//! What takes two things: derivation codes and the BLOBs they bind, activation data, and synchronisation by two passwords.

use bancada_digipass::authenticator::Authenticator;
use bancada_digipass::derive::DerivationFormat;
use bancada_digipass::encoding::check_digit;

use super::device::{Device, Press};
use super::host::{another, challenges};
use super::{After, Expect, Prepared, Stage, Submission};
use crate::token::action::{Action, At, Challenge, Misuse, Spoil};
use crate::token::call::{Operation, Reply};
use crate::token::model::password::{Derivation, derive};
use crate::token::model::window::Clock;
use crate::token::model::{Application, Form, Question, Response};

/// One of three secrets the user has by another way; the first is none.
fn shared_secret(number: u8) -> Option<String> {
    match number % 3 {
        0 => None,
        number => Some(format!("secret {number}")),
    }
}

impl Stage {
    /// Derivation, activation and synchronisation.
    pub(super) fn pair(&mut self, action: &Action) -> Option<Prepared> {
        match action {
            Action::Derive { app, count, device, at, fingerprint, hex, spoil, misuse } => {
                let app = self.app(*app)?;
                self.derive(app, (*count, *misuse), *device, *at, (*fingerprint, *hex), *spoil)
            }
            Action::Synchronise { app, device, steps, gap, wrong } => {
                let app = self.app(*app)?;
                self.synchronise(app, *device, (*steps, *gap), *wrong)
            }
            Action::Activate { device, shared, mistyped } => {
                self.activation_data(*device, *shared, *mistyped)
            }
            _ => None,
        }
    }

    fn derive(
        &mut self,
        app: usize,
        (count, misuse): (usize, Misuse),
        device: usize,
        at: At,
        (fingerprint, hex): (u8, bool),
        spoil: Spoil,
    ) -> Option<Prepared> {
        let host = self.host();
        let model = &self.apps.get(app)?.model;
        let (answered, challenge) = challenges(model, Challenge::Least);
        let question = answered.map_or(Question::None, Question::Challenge);
        if self.office.is_some() || !model.traits.passwords {
            return None;
        }
        let piece = *model.pieces(host, Clock::Password).first()?;
        let press = Press {
            place: model.owner.0,
            step_s: model.traits.step_s,
            step: (piece.middle + at.steps).max(1),
            event: model.next_event + at.events.max(0),
            events: model.traits.events,
            now: host.now,
            score: 0,
            question: &question,
        };
        let fingerprint = format!("device {fingerprint}");
        let format = if hex { DerivationFormat::Hex } else { DerivationFormat::Decimal };
        let base = if hex || model.traits.hex { 16 } else { 10 };
        let device = device.checked_rem(self.devices.len())?;
        let (mut code, mut response) = self.devices.get_mut(device)?.derive(&press, &fingerprint, format)?;
        let mistyped = spoil.form == Form::Mistyped;
        if spoil.wrong {
            let body = another(&code[..code.len() - 1], false, self.apps[app].model.traits.hex);
            code = format!("{body}{}", char::from(check_digit(body.as_bytes(), base)?));
            response.wrong = true;
        }
        if mistyped {
            let last = code.pop()?.to_digit(base)?;
            code.push(char::from_digit((last + 1) % base, base)?.to_ascii_uppercase());
        }
        let letter = spoil.form == Form::Letter;
        if letter {
            let place = code.len().checked_sub(3)?;
            code.replace_range(place..=place, "X");
        }
        let derivation = Derivation { response, letter, mistyped, challenge };
        let count = 1 + count % self.apps.len();
        self.first(app, Submission::Derivation { derivation, code, count, hex, misuse })
    }

    /// Applications from `app` on, counted round, are bound.
    pub(super) fn bind(
        &mut self,
        app: usize,
        (derivation, code): (&Derivation, &str),
        (count, hex): (usize, bool),
        misuse: Misuse,
    ) -> Option<Prepared> {
        let places: Vec<usize> = (0..count).map(|next| (app + next) % self.apps.len()).collect();
        let mut told = (count as i32, i32::from(hex));
        let texts = vec![derivation.challenge.clone(), Some(code.to_owned())];
        let refused = match misuse {
            Misuse::None => None,
            Misuse::Eight => {
                told.0 = 8;
                None
            }
            Misuse::Count(count) => {
                told.0 = count;
                Some(808)
            }
            Misuse::Format(format) => {
                told.1 = format;
                Some(1114)
            }
            Misuse::Foreign => Some(807).filter(|_| count > 1),
        };
        let mut call = self.call(Operation::Derive, &places, texts, vec![told.0, told.1]);
        if let Some(code) = refused {
            if let (Misuse::Foreign, Some(last)) = (misuse, call.blobs.last_mut()) {
                // The last digit of the serial number.
                last.replace_range(18..20, "39");
            }
            return Some(Prepared {
                call,
                expect: Expect { code, ..Expect::default() },
                after: After::Nothing,
            });
        }
        let first = self.apps[app].seal;
        let closed = places.iter().any(|place| !self.apps[*place].seal.is_as(&first));
        let mut models: Vec<Application> =
            places.iter().map(|place| self.apps[*place].model.clone()).collect();
        let mut borrowed: Vec<&mut Application> = models.iter_mut().collect();
        let expected = if closed { first.invalid() } else { derive(&mut borrowed, self.host(), derivation) };
        for (place, model) in places.iter().zip(models) {
            self.apps[*place].model = model;
        }
        Some(Prepared {
            call,
            expect: Expect { code: expected, ..Expect::default() },
            after: After::Apps(places),
        })
    }

    /// Activation data with the keys of all applications.
    fn activation_data(&self, device: usize, shared: u8, mistyped: bool) -> Option<Prepared> {
        if self.office.is_some() {
            return None;
        }
        let places: Vec<usize> = (0..self.apps.len()).collect();
        let first = self.apps.first()?.seal;
        let closed = self.apps.iter().any(|seat| !seat.seal.is_as(&first));
        let texts = vec![Some(self.static_vector.clone()), shared_secret(shared)];
        let call = self.call(Operation::ActivationData, &places, texts, Vec::new());
        let expect = Expect { code: if closed { first.invalid() } else { 0 }, ..Expect::default() };
        Some(Prepared { call, expect, after: After::Activation { device, shared, mistyped } })
    }

    /// A device takes activation data.
    pub(super) fn activate(
        &mut self,
        device: usize,
        (shared, mistyped): (u8, bool),
        reply: &Reply,
    ) -> Result<(), String> {
        self.keep(&(0..self.apps.len()).collect::<Vec<_>>(), reply);
        if reply.code != 0 {
            return Ok(());
        }
        let data = reply.texts.first().ok_or("there is no activation data")?;
        let typed = shared_secret(if mistyped { shared + 1 } else { shared }).unwrap_or_default();
        let authenticator = match Authenticator::activate(&self.static_vector, data, typed.as_bytes()) {
            Ok(_) if mistyped => {
                return Err("the device takes activation data with another secret".to_owned());
            }
            Err(code) if mistyped && code.0 == 19_005 => return Ok(()),
            made => made.map_err(|code| format!("the device does not take the data: {}", code.text()))?,
        };
        let events = self.apps.iter().map(|seat| seat.model.next_event).collect();
        let place = device.checked_rem(self.devices.len()).ok_or("there is no device")?;
        self.devices[place] = Device { authenticator, instance: 0, bound: None, events };
        Ok(())
    }

    fn synchronise(
        &mut self,
        app: usize,
        device: usize,
        (steps, gap): (i64, i64),
        wrong: bool,
    ) -> Option<Prepared> {
        let host = self.host();
        let model = self.apps.get(app)?.model.clone();
        // The rules leave open how both time and events go together.
        let both = model.traits.step_s > 0 && model.traits.events;
        if !model.traits.passwords || both {
            return None;
        }
        let (answered, challenge) = challenges(&model, Challenge::Least);
        let question = answered.map_or(Question::None, Question::Challenge);
        let middle = model.step_of(host.now + host.parms.adjust_s());
        let device = device.checked_rem(self.devices.len())?;
        let mut press = Press {
            place: model.owner.0,
            step_s: model.traits.step_s,
            step: middle + steps,
            event: model.next_event,
            events: model.traits.events,
            now: host.now,
            score: 0,
            question: &question,
        };
        let first = self.devices.get_mut(device)?.press(&press)?;
        press.step += gap;
        press.event = first.event + gap;
        let mut second = self.devices.get_mut(device)?.press(&press)?;
        if wrong {
            second.wrong = true;
            second.text = another(&second.text, self.apps[app].check_digit, model.traits.hex);
        }
        let code = self.judge(app, |model, host| model.synchronise(host, &first, &second));
        let pin = if model.traits.pin && model.pin.enabled { model.pin.text.as_str() } else { "" };
        let typed = |response: &Response| Some(format!("{pin}{}", response.text));
        let texts = vec![typed(&first), challenge.clone(), typed(&second), challenge];
        let call = self.call(Operation::Synchronise, &[app], texts, Vec::new());
        Some(Prepared { call, expect: Expect { code, ..Expect::default() }, after: After::Apps(vec![app]) })
    }
}
