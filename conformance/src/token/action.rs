//! The life of a token: what is issued, and what happens to it. Where a response is made is told relative to what the kernel
//! looks at, so that edges are met whatever came before.

use serde::{Deserialize, Serialize};

use super::model::Form;

/// A life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Life {
    /// The applications of the token, or of each instance of the licence.
    pub applications: Vec<Shape>,
    /// Instances a multi-device licence allows; 0 for a single-device licence.
    pub instances: u8,
    /// Kernel parameters that are not the default: place behind ParmCount, from 0, and value.
    pub parms: Vec<(usize, i32)>,
    /// What happens.
    pub actions: Vec<Action>,
}

/// The kind of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// Response only.
    RO,
    /// Challenge and response.
    CR,
    /// Signatures.
    SG,
    /// All of them.
    MM,
}

/// What an application is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// Its kind.
    pub mode: Mode,
    /// Its suite.
    pub suite: String,
    /// Responses end with a check digit.
    pub check_digit: bool,
    /// Characters of the host code, 0 for none.
    pub host_code: u8,
    /// Responses carry scores.
    pub score: bool,
    /// It has the static PIN 1234.
    pub pin: bool,
    /// It can be bound.
    pub derivation: bool,
    /// It signs messages.
    pub secure_channel: bool,
    /// It has unlock codes.
    pub unlock: bool,
}

/// Where a response is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct At {
    /// Which piece of a discrete window, counted round.
    pub piece: u8,
    /// From where in time.
    pub from: From,
    /// Steps after it.
    pub steps: i64,
    /// Events after the one expected next, or with `edge` after the last one looked at.
    pub events: i64,
    /// See `events`.
    pub edge: bool,
}

/// A place in time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum From {
    /// The middle of the window.
    #[default]
    Middle,
    /// Its first step.
    Low,
    /// Its last step.
    High,
    /// The latest accepted step.
    Last,
}

/// What is wrong with a response.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spoil {
    /// A character differs.
    pub wrong: bool,
    /// Its form.
    pub form: Form,
}

/// Which challenge is answered and which is passed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Challenge {
    /// None where the application can do without, else as `Stored`.
    #[default]
    Least,
    /// The stored one, or one of the host's where none is stored.
    Stored,
    /// One of the host's.
    Own(u8),
    /// The device answers the stored one, and another one is passed.
    Crossed,
    /// The device answers the stored one, and none is passed.
    Missing,
}

/// What the user does about the static PIN.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PinUse {
    /// Types it.
    #[default]
    Right,
    /// Types another one.
    Wrong,
    /// Types it, and a new one twice.
    Change(u16),
    /// Types it, and two new ones that differ.
    Differ,
    /// Types it, and twice a new one that is too short.
    Short,
    /// After a reset, leaves it out and types a new one twice; else types it.
    LeftOut(u16),
    /// After a reset, leaves it out and types no new one; else types it.
    Forgotten,
}

/// Something that happens. Applications and devices are counted round, from 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each variant's sentence says what its fields are")]
pub enum Action {
    /// The host's clock goes on, by so many seconds.
    Advance { seconds: u32 },
    /// The host changes a kernel parameter: place behind ParmCount, from 0, and value.
    Parameter { place: usize, value: i32 },
    /// A device makes a password and its user types it, with PIN and challenge.
    Password { app: usize, device: usize, at: At, score: u8, spoil: Spoil, challenge: Challenge, pin: PinUse },
    /// A device signs so many fields; `later` steps of time or events have passed since, which the host is told.
    Sign { app: usize, device: usize, at: At, score: u8, spoil: Spoil, fields: usize, later: i64 },
    /// A device signs the last message, which may be so many seconds old.
    SignMessage { app: usize, device: usize, at: At, score: u8, spoil: Spoil, expiration: i32 },
    /// What was submitted so many submissions ago is submitted again.
    Again { back: usize },
    /// The host makes a challenge.
    MakeChallenge { app: usize },
    /// A device of this fingerprint makes a derivation code with the application; so many applications are bound.
    Derive { app: usize, count: usize, device: usize, at: At, fingerprint: u8, hex: bool, spoil: Spoil },
    /// A device makes two passwords, the second so many steps or events after the first.
    Synchronise { app: usize, device: usize, steps: i64, gap: i64, wrong: bool },
    /// Reset.
    Reset { app: usize },
    /// Enabled or disabled.
    Status { app: usize, enabled: bool },
    /// The host sets the PIN.
    SetPin { app: usize, pin: u16 },
    /// The host takes the PIN away.
    ClearPin { app: usize },
    /// The PIN is asked for, or not.
    PinEnabled { app: usize, enabled: bool },
    /// The device is locked and shows a number.
    Unlock { app: usize, device: usize, number: u32 },
    /// The properties that tell state.
    Inspect { app: usize },
    /// The BLOB is opened under another derive vector.
    OtherVector { app: usize },
    /// A device of this type takes the licence's first message and answers with its device code.
    Begin { device_type: u8 },
    /// Its device code is typed.
    DeviceCode { wrong: bool },
    /// The second message is made, and the device completes its activation.
    Instance,
    /// The host makes a request that the application signs.
    Request { app: usize },
    /// The device obeys a deactivation.
    Deactivate { device: usize },
}
