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
    /// The BLOBs come from an import file, after an attempt with something wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<Import>,
    /// Kernel parameters that are not the default: place behind ParmCount, from 0, and value.
    pub parms: Vec<(usize, i32)>,
    /// What happens.
    pub actions: Vec<Action>,
}

/// What is wrong with the first attempt to read the import file; the second one is right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Import {
    /// Nothing, so that there is no second one.
    #[default]
    Right,
    /// The transport key is another one.
    OtherKey,
    /// The transport key is too short.
    ShortKey,
    /// The file is something else.
    OtherFile,
    /// A character of the file differs.
    Damaged,
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
    /// Uses and days of its virtual token, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup: Option<(u8, u16)>,
    /// Fewest characters of challenges and data fields, 0 for what there is without saying it.
    #[serde(default)]
    pub least: u8,
    /// Challenges and data fields end with a check digit.
    #[serde(default)]
    pub field_check: bool,
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
    /// The device answers the stored one, and one of another form is passed.
    Flawed(Flaw),
}

/// How the form of a challenge, or of the last data field, is broken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Flaw {
    /// Not at all.
    #[default]
    None,
    /// It is too short by one.
    Short,
    /// It is too long by one.
    Long,
    /// One character is a letter that no decimal or hexadecimal one has.
    Letter,
    /// One character is none it may have.
    Sign,
    /// Its last character is another one.
    Last,
}

/// What is wrong with the message of a signature. The device signs it as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MessageFlaw {
    /// Nothing.
    #[default]
    None,
    /// A character is missing.
    Odd,
    /// A character is not hexadecimal.
    Letter,
    /// It ends in its header.
    Cut,
    /// Its version is unknown.
    Version,
    /// It is of a type that nobody signs.
    Type,
    /// It carries no time.
    Timeless,
}

/// The greatest age allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Age {
    /// So many seconds.
    Plain(i32),
    /// So many seconds more than the message is old.
    Beyond(i32),
}

/// What is wrong with the arguments of a derivation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Misuse {
    /// Nothing.
    #[default]
    None,
    /// The count includes places without a BLOB, which is allowed.
    Eight,
    /// The count is another.
    Count(i32),
    /// The format is another.
    Format(i32),
    /// The last BLOB has another serial number.
    Foreign,
}

/// What a response message is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// A body of so many bytes.
    Body(usize),
    /// A refusal.
    Refusal,
    /// A body, and a character of the message differs.
    Damaged,
    /// A body, and the host takes it for the answer to the request before.
    Late,
}

/// With what a BLOB is opened that was sealed otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WrongSeal {
    /// Another derive vector.
    Vector,
    /// Another of the eight derive keys, counted round.
    DeriveKey(usize),
    /// Another named key, counted round.
    Key(usize),
    /// Another initial vector.
    InitialVector,
    /// A named key that is not there.
    NoKey,
    /// None, where a named key seals.
    NoService,
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
    /// It is put back.
    PutBack { seconds: u32 },
    /// The host changes a kernel parameter: place behind ParmCount, from 0, and value.
    Parameter { place: usize, value: i32 },
    /// A device makes a password and its user types it, with PIN and challenge.
    Password { app: usize, device: usize, at: At, score: u8, spoil: Spoil, challenge: Challenge, pin: PinUse },
    /// A device signs so many fields; `later` steps of time or events have passed since, which the host is told.
    Sign { app: usize, device: usize, at: At, score: u8, spoil: Spoil, fields: usize, flaw: Flaw, later: i64 },
    /// A device signs the last message, which may be of this age.
    SignMessage { app: usize, device: usize, at: At, score: u8, spoil: Spoil, flaw: MessageFlaw, age: Age },
    /// What was submitted so many submissions ago is submitted again.
    Again { back: usize },
    /// The host makes a challenge.
    MakeChallenge { app: usize },
    /// A device of this fingerprint makes a derivation code with the application; so many applications are bound.
    Derive {
        app: usize,
        count: usize,
        device: usize,
        at: At,
        fingerprint: u8,
        hex: bool,
        spoil: Spoil,
        misuse: Misuse,
    },
    /// A device makes two passwords, the second so many steps or events after the first.
    Synchronise { app: usize, device: usize, steps: i64, gap: i64, wrong: bool },
    /// Reset.
    Reset { app: usize },
    /// TOKEN_STATUS: 0 disabled, 1 the device, 2 the virtual token, 3 both.
    Status { app: usize, status: i32 },
    /// Uses of the virtual token, or its days.
    BackupLimit { app: usize, days: bool, value: i32 },
    /// The virtual token gives a password, which `Again` types.
    BackupPassword { app: usize },
    /// The virtual token is asked to sign.
    BackupSign { app: usize },
    /// The BLOB is sealed with a named key, counted round, or with other derive values.
    Migrate { app: usize, key: Option<usize>, value: i32 },
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
    /// The BLOB is opened with something it was not sealed with.
    OtherSeal { app: usize, with: WrongSeal },
    /// A device gets the keys of all applications as activation data, under one of three shared secrets.
    Activate { device: usize, shared: u8, mistyped: bool },
    /// A device of this type takes the licence's first message and answers with its device code.
    Begin { device_type: u8 },
    /// Its device code is typed.
    DeviceCode { wrong: bool },
    /// The second message is made, and the device completes its activation.
    Instance,
    /// The host makes a request that the application signs.
    Request { app: usize },
    /// A device answers the last request, and the host reads the answer.
    Respond { device: usize, answer: Answer },
    /// The properties of the last request are read.
    ReadMessage,
    /// The device obeys a deactivation.
    Deactivate { device: usize },
}
