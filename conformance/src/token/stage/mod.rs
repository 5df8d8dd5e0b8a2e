//! The stage of a life: the host with its BLOBs, the devices, and the model of what the BLOBs hold. Actions become calls here.

mod administer;
mod backup;
mod bind;
mod device;
mod host;
mod licence;
mod message;
mod sealing;
mod secrets;
mod state;

use bancada_digipass::KernelParams;

use super::action::{Action, Life, Misuse};
use super::call::{Operation, Reply, Sealer, TokenCall};
use super::model::licence::Licence;
use super::model::password::Derivation;
use super::model::signature::Signed;
use super::model::{Application, Host, Parms, Response, Typed, parms::place};
use device::Device;
use licence::Office;
use sealing::Seal;

/// When lives begin, in seconds since 1970.
const START: u64 = 1_700_000_000;

/// Host, devices and model.
#[derive(Clone)]
pub struct Stage {
    now: u64,
    parms: Parms,
    /// Who seals the BLOBs at the beginning.
    home: Sealer,
    /// The import file, if the life begins with one.
    file: Option<String>,
    /// The static vector of a single-device licence.
    static_vector: String,
    apps: Vec<Seat>,
    devices: Vec<Device>,
    history: Vec<(usize, Submission)>,
    office: Option<Office>,
    /// The response made last, before anything was done to it.
    last: Option<Response>,
}

/// One application on the host: its BLOB, and what the model knows of it.
#[derive(Clone)]
struct Seat {
    blob: String,
    model: Application,
    check_digit: bool,
    score: bool,
    seal: Seal,
}

/// What was submitted, to be submitted again.
#[derive(Clone)]
enum Submission {
    Password(Typed),
    Signature(Signed),
    Message { signed: Signed, form: i32, made: Option<i64>, expiration: i32 },
    Derivation { derivation: Derivation, code: String, count: usize, hex: bool, misuse: Misuse },
}

/// A call, and what it must come to.
pub struct Prepared {
    /// The call.
    pub call: TokenCall,
    /// What it must come to.
    pub expect: Expect,
    after: After,
}

/// What a call must come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expect {
    /// The return code.
    pub code: i32,
    /// The first text, where it is known and the call succeeds.
    pub text: Option<String>,
    /// The numbers, where they are known.
    pub numbers: Option<Vec<i32>>,
}

/// Where the answer goes.
#[derive(Clone)]
enum After {
    /// BLOBs of these applications.
    Apps(Vec<usize>),
    /// The same, and the challenge.
    Challenge(usize),
    /// Things of the licence.
    Licence(licence::Due),
    /// A BLOB that is sealed otherwise from now on.
    Sealed(usize, Seal),
    /// The response of a virtual token, to be submitted later.
    Backup(usize, Box<Submission>),
    /// Activation data for a device, under a shared secret; the user may mistype it.
    Activation { device: usize, shared: u8, mistyped: bool },
    /// Nothing changes.
    Nothing,
}

impl Stage {
    /// The stage at the beginning of a life.
    ///
    /// # Errors
    /// When the life asks for an application there cannot be.
    pub fn new(life: &Life, home: Sealer) -> Result<Self, String> {
        let mut parms = Parms::default();
        for (place, value) in &life.parms {
            *parms.0.get_mut(*place).ok_or("there is no such kernel parameter")? = *value;
        }
        let mut stage = Self {
            now: START,
            parms,
            home,
            file: None,
            static_vector: String::new(),
            apps: Vec::new(),
            devices: Vec::new(),
            history: Vec::new(),
            office: None,
            last: None,
        };
        stage.issue(life).map_err(|code| format!("the token cannot be issued: {}", code.text()))?;
        Ok(stage)
    }

    /// What an action comes to: a call, or nothing when it has no meaning here. The model has moved on when there is one.
    pub fn prepare(&mut self, action: &Action) -> Option<Prepared> {
        match action {
            Action::Advance { seconds } => {
                self.now += u64::from(*seconds);
                None
            }
            Action::PutBack { seconds } => {
                self.now = self.now.saturating_sub(u64::from(*seconds)).max(START / 2);
                None
            }
            Action::Parameter { place, value } => {
                *self.parms.0.get_mut(*place)? = *value;
                None
            }
            Action::Begin { .. }
            | Action::DeviceCode { .. }
            | Action::Instance
            | Action::Request { .. }
            | Action::Deactivate { .. } => self.license(action),
            Action::Respond { .. } | Action::ReadMessage => self.message(action),
            Action::BackupPassword { .. } | Action::BackupSign { .. } => self.lend(action),
            Action::Migrate { .. } | Action::OtherSeal { .. } => self.seal(action),
            Action::Password { .. } | Action::Sign { .. } | Action::SignMessage { .. } => {
                self.respond(action)
            }
            Action::Derive { .. } | Action::Synchronise { .. } | Action::Activate { .. } => self.pair(action),
            Action::Again { back } => {
                let place = self.history.len().checked_sub(1 + back % self.history.len().max(1))?;
                let (app, submission) = self.history.get(place)?.clone();
                self.submit(app, &submission)
            }
            _ => self.administer(action),
        }
    }

    /// Takes the answer of a call that came to what it must.
    ///
    /// # Errors
    /// When what came out is of no use to the devices.
    pub fn take(&mut self, prepared: &Prepared, reply: &Reply) -> Result<(), String> {
        match &prepared.after {
            After::Apps(places) => self.keep(places, reply),
            After::Challenge(place) => {
                self.keep(&[*place], reply);
                if reply.code == 0 {
                    let text = reply.texts.first().ok_or("there is no challenge")?;
                    self.apps[*place].model.challenge = Some(text.clone());
                }
            }
            After::Licence(due) => self.take_licence(due, reply)?,
            After::Sealed(place, seal) => {
                self.keep(&[*place], reply);
                self.apps[*place].seal = *seal;
            }
            After::Backup(app, submission) => {
                self.keep(&[*app], reply);
                self.lent(*app, submission, reply)?;
            }
            After::Activation { device, shared, mistyped } => {
                self.activate(*device, (*shared, *mistyped), reply)?;
            }
            After::Nothing => {}
        }
        Ok(())
    }

    fn keep(&mut self, places: &[usize], reply: &Reply) {
        for (place, blob) in places.iter().zip(&reply.blobs) {
            if let Some(seat) = self.apps.get_mut(*place) {
                seat.blob.clone_from(blob);
            }
        }
    }

    fn host(&self) -> Host<'_> {
        Host { now: self.now as i64, parms: &self.parms }
    }

    /// The place of an application, counted round.
    fn app(&self, app: usize) -> Option<usize> {
        app.checked_rem(self.apps.len())
    }

    /// Lets the model of an application judge.
    fn judge<T>(&mut self, app: usize, judge: impl FnOnce(&mut Application, Host<'_>) -> T) -> T {
        let host = Host { now: self.now as i64, parms: &self.parms };
        judge(&mut self.apps[app].model, host)
    }

    fn call(
        &self,
        operation: Operation,
        apps: &[usize],
        texts: Vec<Option<String>>,
        numbers: Vec<i32>,
    ) -> TokenCall {
        let blobs = apps.iter().map(|app| self.apps[*app].blob.clone()).collect();
        let seal = apps.first().map_or_else(|| self.issued_seal(), |app| self.apps[*app].seal);
        let parms = seal.parms(self.parms.0);
        TokenCall { operation, now: self.now, parms, sealer: seal.sealer, blobs, texts, numbers }
    }

    /// The parameters of the licence's calls: no challenge takes part, and it is never idle.
    fn licence_parms(&self) -> [i32; 23] {
        let mut parms = self.parms.0;
        parms[place::CHECK_CHALLENGE] = 0;
        parms[place::CHK_INACT_DAYS] = 0;
        parms
    }

    /// The parameters BLOBs are issued under.
    fn issuing(&self) -> KernelParams {
        KernelParams::from_fields(23, &self.parms.0)
    }

    fn licence_model(instances: u8) -> Licence {
        Licence { allowed: instances, ..Licence::default() }
    }
}
