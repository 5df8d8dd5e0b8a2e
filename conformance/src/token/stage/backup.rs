//! The virtual token gives passwords, which are submitted later.

use super::{After, Expect, Prepared, Stage, Submission};
use crate::token::action::Action;
use crate::token::call::{Operation, Reply};
use crate::token::model::{Application, Form, Question, Response, Typed};

impl Stage {
    /// The virtual token responds.
    pub(super) fn lend(&mut self, action: &Action) -> Option<Prepared> {
        match action {
            Action::BackupPassword { app } => self.lend_password(self.app(*app)?),
            Action::BackupSign { app } => self.lend_signature(self.app(*app)?),
            _ => None,
        }
    }

    fn lend_password(&mut self, app: usize) -> Option<Prepared> {
        let code = self.judge(app, Application::lend_password);
        let response = self.lent_response(app);
        let pin = Some(String::new());
        let typed = Typed { pin, response, form: Form::Whole, new_pin: None, challenge: None };
        let call = self.call(Operation::GenPassword, &[app], vec![None], Vec::new());
        let after = After::Backup(app, Box::new(Submission::Password(typed)));
        Some(Prepared { call, expect: Expect { code, ..Expect::default() }, after })
    }

    /// Who has a device has no virtual token that signs.
    fn lend_signature(&self, app: usize) -> Option<Prepared> {
        let code = self.apps.get(app)?.model.lend_signature();
        let call = self.call(Operation::GenSignature, &[app], vec![Some("1111".to_owned())], vec![0]);
        Some(Prepared { call, expect: Expect { code, ..Expect::default() }, after: After::Apps(vec![app]) })
    }

    /// What is known of a response before it is there.
    fn lent_response(&self, app: usize) -> Response {
        let model = self.apps[app].model.as_backup();
        let step = model.step_of(self.now as i64 + self.parms.adjust_s() + model.deviation);
        Response {
            text: String::new(),
            value: String::new(),
            host_code: None,
            maker: model.owner,
            backup: true,
            bound: model.bound.clone(),
            step,
            event: 0,
            question: Question::None,
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
