//! The model of a token's state: which return code a call comes to and what it changes (docs/digipass.md, sections 1 to 7 and 11).
//!
//! It computes no code. What a response was made with is known, for the software authenticator made it; the rules decide whether the
//! kernel must accept it.

pub mod backup;
pub mod field;
pub mod licence;
pub mod parms;
pub mod password;
pub mod signature;
pub mod window;

pub use parms::Parms;

/// Seconds of a day.
const DAY_S: i64 = 86_400;
/// Greatest error count.
const MAX_ERRORS: u16 = 32_767;

/// What an application is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traits {
    /// Verifies passwords.
    pub passwords: bool,
    /// Passwords answer a challenge, always.
    pub challenge: bool,
    /// Passwords may answer a challenge.
    pub challenge_allowed: bool,
    /// Verifies signatures.
    pub signatures: bool,
    /// Takes one data field only.
    pub one_field: bool,
    /// Seconds of a time step, 0 without time.
    pub step_s: i64,
    /// Counts events.
    pub events: bool,
    /// Can be bound to a device.
    pub derivation: bool,
    /// Can have a static PIN.
    pub pin: bool,
    /// Signs Secure Channel messages.
    pub secure_channel: bool,
    /// Has unlock codes.
    pub unlock: bool,
    /// Responses are hexadecimal.
    pub hex: bool,
    /// Has a virtual token.
    pub backup: bool,
    /// What challenges are like.
    pub challenge_field: Field,
    /// What data fields are like.
    pub data_field: Field,
}

/// What challenges and data fields are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Fewest characters.
    pub least: usize,
    /// Most characters.
    pub most: usize,
    /// They are decimal, else hexadecimal.
    pub decimal: bool,
    /// They take other letters too, and punctuation.
    pub free: bool,
    /// They end with a check digit.
    pub check: bool,
}

/// What a response answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Nothing.
    None,
    /// A challenge.
    Challenge(String),
    /// Data fields.
    Fields(Vec<String>),
    /// A message.
    Message(String),
}

/// What a response was made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// As the device showed it, or with an error in it.
    pub text: String,
    /// The same without its check digit, by which it is known again.
    pub value: String,
    /// The host code the device showed with it.
    pub host_code: Option<String>,
    /// Which application of which instance made it.
    pub maker: (usize, u8),
    /// The virtual token made it.
    pub backup: bool,
    /// The fingerprint its key was bound to.
    pub bound: Option<String>,
    /// The time step, if the suite has time.
    pub step: i64,
    /// The event, if the suite has events.
    pub event: i64,
    /// What it answers.
    pub question: Question,
    /// The reported score.
    pub score: u8,
    /// It is not what the device showed: a character differs.
    pub wrong: bool,
}

/// The last accepted response: its value and what it answered.
pub type Mark = (String, Question);

/// State and traits of one application on the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// What it is.
    pub traits: Traits,
    /// Which application of which instance it is.
    pub owner: (usize, u8),
    /// The device's responses are accepted.
    pub primary: bool,
    /// The virtual token.
    pub backup: Backup,
    /// Errors in a row.
    pub errors: u16,
    /// Uses.
    pub uses: u32,
    /// LAST_TIME_USED, 0 for never.
    pub last_used: i64,
    /// Deviation of the device's clock in seconds.
    pub deviation: i64,
    /// The event expected next.
    pub next_event: i64,
    /// The latest accepted step of a password.
    pub password_step: i64,
    /// The latest accepted step of a signature.
    pub signature_step: i64,
    /// The last accepted response.
    pub mark: Option<Mark>,
    /// The stored challenge.
    pub challenge: Option<String>,
    /// The synchronisation window waits.
    pub waiting: bool,
    /// The fingerprint of the device it is bound to.
    pub bound: Option<String>,
    /// The static PIN.
    pub pin: Pin,
}

/// The virtual token of an application.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backup {
    /// Its responses are accepted.
    pub enabled: bool,
    /// Uses left, 255 for any number.
    pub uses: u8,
    /// Days, 0 for any number; once begun, the day with whose beginning it ends.
    pub days: u16,
    /// The days have begun.
    pub begun: bool,
    /// The last accepted response was its.
    pub last: bool,
}

/// The static PIN of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The PIN, empty for none.
    pub text: String,
    /// It is asked for.
    pub enabled: bool,
    /// The user may change it.
    pub change_on: bool,
    /// The user must change it.
    pub change_forced: bool,
    /// A new one may take its place in the next password.
    pub reset: bool,
    /// Least length of a new one.
    pub min_len: usize,
}

/// A password as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// PIN before the response; `None` when it was left out after a reset.
    pub pin: Option<String>,
    /// The response.
    pub response: Response,
    /// How its form is broken.
    pub form: Form,
    /// A new PIN and its repetition.
    pub new_pin: Option<(String, String)>,
    /// The challenge that was passed.
    pub challenge: Option<String>,
}

/// How the form of a response is broken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Form {
    /// Not at all.
    #[default]
    Whole,
    /// Its last character is missing.
    Short,
    /// It has one more.
    Long,
    /// A character is none of a response.
    Letter,
    /// The check digit is another one.
    Mistyped,
}

/// When a call is made, and with what parameters.
#[derive(Debug, Clone, Copy)]
pub struct Host<'a> {
    /// Host time, seconds since 1970.
    pub now: i64,
    /// The kernel parameters.
    pub parms: &'a Parms,
}

/// The code of a right response.
#[must_use]
pub fn accepted(score: u8) -> i32 {
    if score == 0 { 0 } else { 10_000 + i32::from(score) }
}

impl Application {
    /// As it is right after import.
    #[must_use]
    pub fn issued(traits: Traits, owner: (usize, u8), pin: Pin, backup: Backup) -> Self {
        Self {
            traits,
            owner,
            primary: true,
            backup,
            errors: 0,
            uses: 0,
            last_used: 0,
            deviation: 0,
            next_event: 0,
            password_step: 0,
            signature_step: 0,
            mark: None,
            challenge: None,
            waiting: true,
            bound: None,
            pin,
        }
    }

    /// Not disabled.
    #[must_use]
    pub fn enabled(&self) -> bool {
        self.primary || self.backup.enabled
    }

    /// ResetTokenInfo: used codes stay used.
    pub fn reset(&mut self) {
        self.errors = 0;
        self.waiting = true;
    }

    /// Counts an error and gives its code back.
    pub(crate) fn fail(&mut self, code: i32) -> i32 {
        self.errors = self.errors.saturating_add(1).min(MAX_ERRORS);
        code
    }

    fn succeed(&mut self, backup: bool) {
        self.errors = 0;
        self.uses = (self.uses + 1).min(999_999);
        self.backup.last = backup;
    }

    /// Enabled, threshold, idle days (§1, 8 to 10).
    pub(crate) fn gate(&mut self, host: Host<'_>, threshold: i64, refused: i32) -> Result<(), i32> {
        if !self.enabled() {
            return Err(208);
        }
        if threshold > 0 && i64::from(self.errors) >= threshold {
            return Err(self.fail(refused));
        }
        let allowed = host.parms.idle_days();
        if allowed > 0 && self.last_used > 0 && !self.waiting && host.now - self.last_used > allowed * DAY_S {
            return Err(205);
        }
        Ok(())
    }

    /// Form of a response (§1, 12), which counts as an error.
    fn form(&mut self, form: Form) -> Result<(), i32> {
        let code = match form {
            Form::Whole => return Ok(()),
            Form::Short => -202,
            Form::Long => -203,
            Form::Letter if self.traits.hex => -206,
            Form::Letter => -205,
            Form::Mistyped => -204,
        };
        Err(self.fail(code))
    }

    /// Whether the response was made by this application's key, as it is bound now, over this question.
    fn made_here(&self, response: &Response, bound: Option<&String>, question: &Question) -> bool {
        !response.wrong
            && !response.backup
            && self.primary
            && response.maker == self.owner
            && response.bound.as_ref() == bound
            && response.question == *question
    }
}
