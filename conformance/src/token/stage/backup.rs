//! The virtual token gives responses, which are submitted later.

use super::host::challenges;
use super::{After, Expect, Prepared, Stage, Submission};
use crate::token::action::{Action, Challenge};
use crate::token::call::{Operation, Reply};
use crate::token::model::signature::Signed;
use crate::token::model::{Form, Question, Response, Typed};

impl Stage {
    /// The virtual token responds.
    pub(super) fn lend(&self, action: &Action) -> Option<Prepared> {
        match action {
            Action::BackupPassword { app, challenge } => self.lend_password(self.app(*app)?, *challenge),
            Action::BackupSign { app, fields, later } => {
                self.lend_signature(self.app(*app)?, *fields, *later)
            }
            _ => None,
        }
    }

    fn lend_password(&self, app: usize, challenge: Challenge) -> Option<Prepared> {
        let host = self.host();
        let model = &self.apps.get(app)?.model;
        let (_, passed) = challenges(model, challenge);
        let form = match &passed {
            None if model.traits.challenge => Err(131),
            None => Ok(()),
            Some(text) => model.traits.challenge_field.check(text),
        };
        let code = match model.lend(host, false) {
            0 => form.err().unwrap_or_default(),
            code => code,
        };
        let question = passed.clone().map_or(Question::None, Question::Challenge);
        let response = self.lent_response(app, question, host.now, model.next_event);
        let pin = if model.traits.pin && model.pin.enabled { model.pin.text.clone() } else { String::new() };
        let typed = Typed { pin, response, form: Form::Whole, new_pin: None, challenge: passed.clone() };
        let call = self.call(Operation::GenPassword, &[app], vec![passed], Vec::new());
        let after = After::Backup(app, Box::new(Submission::Password(typed)));
        Some(Prepared { call, expect: Expect { code, ..Expect::default() }, after })
    }

    fn lend_signature(&self, app: usize, fields: usize, later: i64) -> Option<Prepared> {
        let host = self.host();
        let model = &self.apps.get(app)?.model;
        let traits = &model.traits;
        let data: Vec<String> =
            (1..=fields).map(|field| traits.data_field.checked(format!("{}", field * 1111))).collect();
        let most = if traits.one_field { 1 } else { 8 };
        let code = match model.lend(host, true) {
            0 if !(1..=most).contains(&fields) => 141,
            code => code,
        };
        let deferred = self.deferred(app, later)?;
        let time = if deferred != 0 && !traits.events { deferred } else { host.now };
        let event = if deferred != 0 && traits.events { deferred } else { model.next_event };
        let question = Question::Fields(data.clone());
        let response = self.lent_response(app, question.clone(), time, event);
        let signed = Signed { response, form: Form::Whole, question, deferred };
        let texts = data.into_iter().map(Some).collect();
        let call = self.call(Operation::GenSignature, &[app], texts, vec![i32::try_from(deferred).ok()?]);
        let after = After::Backup(app, Box::new(Submission::Signature(signed)));
        Some(Prepared { call, expect: Expect { code, ..Expect::default() }, after })
    }

    /// What is known of a response before it is there.
    fn lent_response(&self, app: usize, question: Question, time: i64, event: i64) -> Response {
        let model = &self.apps[app].model;
        let step = match model.traits.step_s {
            0 => 0,
            _ => model.step_of(time + self.parms.adjust_s() + model.deviation),
        };
        Response {
            text: String::new(),
            value: String::new(),
            host_code: None,
            maker: model.owner,
            backup: true,
            bound: model.bound.clone(),
            step,
            event: if model.traits.events { event } else { 0 },
            question,
            score: 0,
            wrong: false,
        }
    }

    /// Takes what the virtual token gave.
    pub(super) fn lent(&mut self, app: usize, submission: &Submission, reply: &Reply) -> Result<(), String> {
        if reply.code != 0 {
            return Ok(());
        }
        let text = reply.texts.first().ok_or("there is no response")?;
        let mut submission = submission.clone();
        let response = match &mut submission {
            Submission::Password(typed) => &mut typed.response,
            Submission::Signature(signed) | Submission::Message { signed, .. } => &mut signed.response,
            Submission::Derivation { derivation, .. } => &mut derivation.response,
        };
        response.text.clone_from(text);
        response.value.clone_from(text);
        if self.apps[app].check_digit {
            response.value.pop();
        }
        self.history.push((app, submission));
        Ok(())
    }
}
