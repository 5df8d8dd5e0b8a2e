//! Hand-written cases: each holds the clients to one clause of a document, and says itself what must happen.
//!
//! The model must agree with every one of them, which is a test of the model.

use bancada_wire::status::Status;

use crate::runner::play::{Stated, Step};
use crate::scenario::{
    Action, Call, Change, Data, Handle, Login, MASTER, MASTER_PASSWORD, Malformed, Scenario, Slot,
};

mod a_token;
mod assign_otp;
mod asym_enc;
mod asym_exp;
mod authenticate;
mod block_object;
mod block_user;
mod change_pwd;
mod create_blob;
mod create_key;
mod create_usr;
mod delete_usr;
mod ecc_sign;
mod ecc_verify2;
mod eddsa_sign;
mod eddsa_verify;
mod gen_ecdh;
mod get_pwd_policy;
mod get_random;
mod grant;
mod hash_cont;
mod hash_end;
mod hash_start;
mod kek_wrap_obj;
mod key_imp;
mod list;
mod list_grants;
mod list_objects;
mod list_users;
mod log_read;
mod log_truncate;
mod login_anonymous;
mod login_challenge;
mod login_otp;
mod m_of_n_recover;
mod m_of_n_split;
mod mac;
mod obj_exp;
mod object_info;
mod p10_csr;
mod p8_export;
mod p8_import;
mod ping;
mod remove_object;
mod reset_password;
mod resync_otp;
mod rsa_decrypt;
mod rsa_sign;
mod rsa_verify;
mod say;
mod server_info;
mod session_info;
mod session_page;
mod set_op_mode;
mod set_pwd_policy;
mod set_user_acl;
mod sym_crypt;
mod unassign_otp;
mod user_info;

pub use list::{AREAS, all, operations_without_cases};

/// The handle of the session the runner plays itself, to set the stage.
pub const AIDE: Handle = 0;

/// A scenario with the clause it comes from.
#[derive(Debug, Clone)]
pub struct Case {
    /// What it shows, as a sentence.
    pub name: &'static str,
    /// Document and place.
    pub clause: &'static str,
    /// Operation it is about, as the module is called; `session_page` for the vendor's Session page.
    pub about: &'static str,
    /// The steps.
    pub steps: Vec<Step>,
    /// It may be played on a device someone owns: it works in the user's own partition and cleans up.
    pub harmless: bool,
}

impl Case {
    /// An empty case.
    #[must_use]
    pub fn new(name: &'static str, clause: &'static str) -> Self {
        Self { name, clause, about: "", steps: Vec::new(), harmless: false }
    }

    /// Marks the case as fit for a device someone owns.
    #[must_use]
    pub fn harmless(self) -> Self {
        Self { harmless: true, ..self }
    }

    /// The scenario without what its author says of it.
    #[must_use]
    pub fn scenario(&self) -> Scenario {
        Scenario { actions: self.steps.iter().map(|step| step.action.clone()).collect() }
    }

    /// Any step.
    #[must_use]
    pub fn step(mut self, action: Action, stated: Stated) -> Self {
        self.steps.push(Step { action, stated });
        self
    }

    /// Opens session 0 as the factory operator, played by the runner itself.
    #[must_use]
    pub fn aide(self) -> Self {
        let login = password_login(MASTER, MASTER_PASSWORD);
        self.step(Action::Open { handle: AIDE, login, tls: None, aide: true }, Stated::Ok)
    }

    /// Opens session 1 as the factory operator.
    #[must_use]
    pub fn master(self) -> Self {
        self.open(1, MASTER, MASTER_PASSWORD)
    }

    /// Opens a session with user and password.
    #[must_use]
    pub fn open(self, handle: Handle, user: &str, password: &str) -> Self {
        self.login(handle, password_login(user, password))
    }

    /// Opens a session in some way.
    #[must_use]
    pub fn login(self, handle: Handle, login: Login) -> Self {
        self.step(Action::Open { handle, login, tls: None, aide: false }, Stated::Ok)
    }

    /// Opens a session as the factory operator, with TLS or without.
    #[must_use]
    pub fn open_tls(self, handle: Handle, tls: bool) -> Self {
        let login = password_login(MASTER, MASTER_PASSWORD);
        self.step(Action::Open { handle, login, tls: Some(tls), aide: false }, Stated::Ok)
    }

    /// A login that is refused. With `D_ERR_PWD_EXPIRED` the session is there all the same.
    #[must_use]
    pub fn refused(self, handle: Handle, login: Login, status: Status) -> Self {
        self.step(Action::Open { handle, login, tls: None, aide: false }, Stated::Status(status))
    }

    /// A call that succeeds.
    #[must_use]
    pub fn ok(self, handle: Handle, call: Call) -> Self {
        self.step(Action::Call { handle, call, into: None }, Stated::Ok)
    }

    /// A call that succeeds, its result kept.
    #[must_use]
    pub fn keep(self, handle: Handle, call: Call, slot: Slot) -> Self {
        self.step(Action::Call { handle, call, into: Some(slot) }, Stated::Ok)
    }

    /// A call that gives these bytes.
    #[must_use]
    pub fn gives(self, handle: Handle, call: Call, bytes: &[u8]) -> Self {
        self.step(Action::Call { handle, call, into: None }, Stated::Bytes(bytes.to_vec()))
    }

    /// A call that is refused.
    #[must_use]
    pub fn fails(self, handle: Handle, call: Call, status: Status) -> Self {
        self.step(Action::Call { handle, call, into: None }, Stated::Status(status))
    }

    /// A call that finds the connection gone.
    #[must_use]
    pub fn gone(self, handle: Handle, call: Call) -> Self {
        self.step(Action::Call { handle, call, into: None }, Stated::Disconnected)
    }

    /// A frame that is refused.
    #[must_use]
    pub fn malformed(self, handle: Handle, frame: Malformed, status: Status) -> Self {
        self.step(Action::Malformed { handle, frame }, Stated::Status(status))
    }

    /// Closes a session.
    #[must_use]
    pub fn close(self, handle: Handle) -> Self {
        self.step(Action::Close { handle }, Stated::Ok)
    }

    /// Drops a session's connection.
    #[must_use]
    pub fn disconnect(self, handle: Handle) -> Self {
        self.step(Action::Disconnect { handle }, Stated::Ok)
    }

    /// Advances the clock.
    #[must_use]
    pub fn advance(self, seconds: u64) -> Self {
        self.step(Action::AdvanceClock { seconds }, Stated::Ok)
    }
}

/// A login with user and password.
#[must_use]
pub fn password_login(user: &str, password: &str) -> Login {
    Login::Password { user: user.to_owned(), password: password.to_owned() }
}

/// A slot, tampered with.
#[must_use]
pub fn tampered(slot: Slot) -> Data {
    Data::Slot { slot, change: Change::Flip(9) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::check::{Check, Expect};
    use crate::model::Model;

    fn agrees(stated: &Stated, expect: &Expect) -> bool {
        match (stated, expect) {
            (Stated::Nothing, expect) => *expect != Expect::Skip,
            (Stated::Ok, Expect::Ok(_)) => true,
            (Stated::Bytes(bytes), Expect::Ok(Check::Bytes(known))) => bytes == known,
            (Stated::Bytes(_), Expect::Ok(_)) => true,
            (Stated::Status(status), Expect::Status(known)) => status == known,
            (Stated::Disconnected, Expect::Disconnected) => true,
            // The author knows a document the model does not follow.
            (_, Expect::Any) => true,
            _ => false,
        }
    }

    #[test]
    fn the_model_agrees_with_every_case() {
        for case in all() {
            let mut model = Model::default();
            for (index, step) in case.steps.iter().enumerate() {
                let expect = model.step(&step.action);
                assert!(
                    agrees(&step.stated, &expect),
                    "{} / {}, step {index} {:?}: the case says {:?}, the model {expect}",
                    case.about,
                    case.name,
                    step.action,
                    step.stated,
                );
            }
        }
    }

    #[test]
    fn every_operation_has_cases_and_every_case_a_name_and_a_clause() {
        assert_eq!(operations_without_cases(), Vec::<&str>::new());
        let mut names = BTreeSet::new();
        for case in all() {
            assert!(names.insert((case.about, case.name)), "{} / {} stands twice", case.about, case.name);
            assert!(!case.clause.is_empty() && !case.steps.is_empty(), "{}", case.name);
            assert!(AREAS.iter().any(|(_, about)| about.contains(&case.about)), "{} has no area", case.about);
        }
    }

    #[test]
    fn harmless_cases_need_no_second_user_and_no_clock() {
        for case in all().into_iter().filter(|case| case.harmless) {
            for step in &case.steps {
                let fine = match &step.action {
                    Action::AdvanceClock { .. } | Action::Malformed { .. } => false,
                    Action::Open { login: Login::Password { user, .. }, aide, .. } => user == MASTER && !aide,
                    Action::Call { call, .. } => !matches!(
                        call,
                        Call::SetMode { .. }
                            | Call::SetPolicy { .. }
                            | Call::LogTruncate
                            | Call::ChangePassword { .. }
                    ),
                    _ => true,
                };
                assert!(fine, "{}: {:?}", case.name, step.action);
            }
        }
    }
}
