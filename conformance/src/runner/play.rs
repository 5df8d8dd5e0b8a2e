//! Plays a list of steps through a driver and compares each outcome with the model and with what the step states.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail};

use crate::check::{Check, Expect, compare};
use crate::driver::Driver;
use crate::driver::raw::RawDriver;
use crate::memory::Memory;
use crate::model::Model;
use crate::outcome::{Outcome, Value};
use crate::scenario::{Action, Call, Expiry, Handle, Login, Otp};
use crate::target::Target;
use bancada_wire::status::Status;

/// The handle of the session that asks a device for its operating mode.
const PROBE: Handle = Handle::MAX;

/// An action with what its author says it comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The action.
    pub action: Action,
    /// What it comes to.
    pub stated: Stated,
}

/// What a step's author says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stated {
    /// Nothing: the model alone decides.
    Nothing,
    /// Success.
    Ok,
    /// Success with these bytes.
    Bytes(Vec<u8>),
    /// This error.
    Status(Status),
    /// The connection is gone.
    Disconnected,
}

/// What playing came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Played {
    /// Steps compared.
    pub compared: usize,
    /// Steps the client under test has no way to say, with the reason.
    pub unexpressed: Vec<(usize, &'static str)>,
    /// Steps that were not played because what they refer to is not there.
    pub skipped: usize,
    /// The first difference.
    pub difference: Option<Difference>,
}

/// A difference between what was expected and what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Position of the step.
    pub index: usize,
    /// Name of its action.
    pub action: String,
    /// The difference in words.
    pub text: String,
    /// What kind of difference it is, to tell one from another while shrinking.
    pub kind: String,
    /// It differs from what the case states, where the model predicts nothing else.
    pub by_case: bool,
}

/// A driver at a target, ready to play.
pub struct Bench<'a> {
    /// The target.
    pub target: &'a Target,
    /// The client under test.
    pub driver: &'a mut dyn Driver,
    aide: RawDriver,
    aided: BTreeSet<Handle>,
}

impl Stated {
    /// The expectation it amounts to; `None` when nothing is stated.
    #[must_use]
    pub fn expect(&self) -> Option<Expect> {
        Some(match self {
            Self::Nothing => return None,
            Self::Ok => Expect::Ok(Check::Any),
            Self::Bytes(bytes) => Expect::Ok(Check::Bytes(bytes.clone())),
            Self::Status(status) => Expect::Status(*status),
            Self::Disconnected => Expect::Disconnected,
        })
    }
}

impl<'a> Bench<'a> {
    /// A driver at a target.
    pub fn new(target: &'a Target, driver: &'a mut dyn Driver) -> Self {
        let aide = RawDriver::new(target.address);
        Self { target, driver, aide, aided: BTreeSet::new() }
    }

    /// Plays steps from the factory state on; stops at the first difference.
    ///
    /// # Errors
    /// When the target itself fails: its admin API, not an action.
    pub fn play(&mut self, steps: &[Step]) -> anyhow::Result<Played> {
        let mode = self.begin()?;
        let mut model = Model::factory(&self.target.user, &self.target.password, mode);
        let mut memory = Memory::default();
        let mut played = Played::default();
        for (index, step) in steps.iter().enumerate() {
            let before = model.clone();
            let expect = model.step(&step.action);
            if expect == Expect::Skip {
                played.skipped += 1;
                continue;
            }
            let Some(action) = self.resolved(&step.action, &memory)? else {
                model = before;
                played.skipped += 1;
                continue;
            };
            let outcome = self.perform(&action)?;
            let outcome = self.known_there(&action, outcome);
            if let Outcome::CannotExpress(reason) = outcome {
                model = before;
                played.unexpressed.push((index, reason));
                continue;
            }
            played.compared += 1;
            // What a step left out would have changed, the case's author could not know.
            let stated = if played.unexpressed.is_empty() { step.stated.expect() } else { None };
            if let Some(difference) = differs(index, step, (&expect, stated.as_ref()), &outcome, &memory) {
                played.difference = Some(difference);
                break;
            }
            if let (Action::Call { into: Some(slot), .. }, Outcome::Ok(value)) = (&step.action, &outcome)
                && let Some(bytes) = value.to_slot()
            {
                memory.keep(*slot, bytes);
            }
            // The device did something no document tells: what comes next cannot be predicted.
            if expect == Expect::Any && matches!(outcome, Outcome::Ok(_)) {
                break;
            }
        }
        self.driver.reset();
        self.aide.reset();
        Ok(played)
    }

    /// Brings everything to its start, and tells the device's operating mode.
    fn begin(&mut self) -> anyhow::Result<u32> {
        self.driver.reset();
        self.aide.reset();
        self.aided.clear();
        if let Some(admin) = &self.target.admin {
            admin.reset().context("the device could not be brought to its factory state")?;
            return Ok(0);
        }
        let login =
            Login::Password { user: self.target.user.clone(), password: self.target.password.clone() };
        let mode = match self.driver.open(PROBE, &login, None) {
            Outcome::Ok(Value::Opened { mode }) => mode.unwrap_or_default(),
            outcome => bail!("{} cannot log in at {}: {outcome}", self.target.user, self.target.address),
        };
        self.driver.close(PROBE);
        Ok(mode)
    }

    /// A device someone owns need not know the operations that are this project's own.
    fn known_there(&self, action: &Action, outcome: Outcome) -> Outcome {
        match (action, &outcome) {
            (Action::Call { call, .. }, Outcome::Status(Status::ERR_INVALID_OPERATION))
                if !self.target.is_owned() && !call.is_vendors() =>
            {
                Outcome::CannotExpress("the device does not know this operation, which is not the vendor's")
            }
            _ => outcome,
        }
    }

    /// The action with its references resolved; `None` when a slot is empty.
    fn resolved(&self, action: &Action, memory: &Memory) -> anyhow::Result<Option<Action>> {
        let now_s = if needs_clock(action) { self.target.now_s()? } else { 0 };
        Ok(match action {
            Action::Open { handle, login, tls, aide } => memory
                .resolve_login(login, now_s)
                .map(|login| Action::Open { handle: *handle, login, tls: *tls, aide: *aide }),
            Action::Call { handle, call, into } => {
                memory.resolve(call, now_s).map(|call| Action::Call { handle: *handle, call, into: *into })
            }
            other => Some(other.clone()),
        })
    }

    fn perform(&mut self, action: &Action) -> anyhow::Result<Outcome> {
        match action {
            Action::AdvanceClock { seconds } => match &self.target.admin {
                Some(admin) => {
                    admin.advance(*seconds)?;
                    return Ok(Outcome::Ok(Value::None));
                }
                None => return Ok(Outcome::CannotExpress("the device's clock cannot be moved")),
            },
            Action::Open { handle, aide, .. } => {
                match aide {
                    true => self.aided.insert(*handle),
                    false => self.aided.remove(handle),
                };
            }
            _ => {}
        }
        let aided = action.handle().is_some_and(|handle| self.aided.contains(&handle));
        Ok(if aided { self.aide.play(action) } else { self.driver.play(action) })
    }
}

fn needs_clock(action: &Action) -> bool {
    matches!(
        action,
        Action::Open { login: Login::OneTime { otp: Otp::Totp { .. }, .. }, .. }
            | Action::Call { call: Call::IssueToken { expires: Expiry::In(_) }, .. }
            | Action::Call { call: Call::ResyncOtp { .. }, .. }
    )
}

fn differs(
    index: usize,
    step: &Step,
    (expect, stated): (&Expect, Option<&Expect>),
    outcome: &Outcome,
    memory: &Memory,
) -> Option<Difference> {
    let judged = [Some((expect, false)), stated.map(|stated| (stated, true))];
    judged.into_iter().flatten().find_map(|(expect, by_case)| {
        compare(expect, outcome, memory).err().map(|text| Difference {
            index,
            action: step.action.name(),
            text: format!("{}: {text}", if by_case { "the case" } else { "the model" }),
            kind: format!("{} {} {}", step.action.name(), kind_of_expect(expect), kind_of(outcome)),
            by_case,
        })
    })
}

fn kind_of_expect(expect: &Expect) -> String {
    match expect {
        Expect::Skip | Expect::Any => "any".to_owned(),
        Expect::Ok(_) => "ok".to_owned(),
        Expect::Status(status) => status.code().to_string(),
        Expect::Disconnected => "gone".to_owned(),
    }
}

fn kind_of(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Ok(_) => "ok".to_owned(),
        Outcome::Status(status) => status.code().to_string(),
        Outcome::Disconnected => "gone".to_owned(),
        Outcome::CannotExpress(_) => "cannot".to_owned(),
        Outcome::Broken(_) => "broken".to_owned(),
    }
}
