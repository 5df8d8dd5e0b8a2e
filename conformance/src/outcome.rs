//! Outcomes: what an action came to, in terms that are the same for every client.

use bancada_wire::status::Status;
use serde::Serialize;

/// What an action came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It succeeded.
    Ok(Value),
    /// The device answered with an error.
    Status(Status),
    /// The connection is gone.
    Disconnected,
    /// The client has no way to say this; the reason tells why.
    CannotExpress(&'static str),
    /// The client itself failed: a malformed reply, a timeout, a fault of the driver.
    Broken(String),
}

/// What a success carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Nothing.
    None,
    /// Bytes.
    Bytes(#[serde(with = "crate::scenario_hex")] Vec<u8>),
    /// Users of a list.
    Users(Vec<UserRow>),
    /// One user.
    User(UserRow),
    /// Objects of a list.
    Objects(Vec<ObjectRow>),
    /// One object.
    Object(ObjectRow),
    /// Permissions between partitions: the other user and what is permitted.
    Grants(Vec<(String, u32)>),
    /// The password policy, in the order of its fields.
    Policy(crate::scenario::Policy),
    /// An issued token.
    Token {
        /// Its key.
        #[serde(with = "crate::scenario_hex")]
        key: Vec<u8>,
        /// When it expires, in the unit of its issue; `None` where the client does not tell.
        expiration: Option<u64>,
    },
    /// Keys of the own tokens.
    Tokens(Vec<Vec<u8>>),
    /// A split secret.
    Split {
        /// The secret.
        #[serde(with = "crate::scenario_hex")]
        secret: Vec<u8>,
        /// Its parts, one after the other.
        #[serde(with = "crate::scenario_hex")]
        parts: Vec<u8>,
    },
    /// An opened session; the mode where the client tells it.
    Opened {
        /// Operating mode.
        mode: Option<u32>,
    },
    /// What a session is.
    Session {
        /// 0 anonymous, 1 password, 2 with one-time password, 3 token.
        kind: u8,
        /// Operating mode.
        mode: u32,
        /// User.
        user: String,
        /// Cipher suite; empty in a clear session.
        cipher: String,
    },
    /// What the device is.
    Server {
        /// Operating mode.
        mode: u32,
        /// Users.
        users: u64,
        /// Permanent objects.
        objects: u64,
        /// Whether model, serial number and versions are filled.
        named: bool,
    },
    /// A piece of the audit log.
    Log {
        /// Counter to go on from.
        next: u32,
        /// Its lines.
        text: String,
    },
}

/// One user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the fields are those of UserEntry in bancada-wire")]
pub struct UserRow {
    pub user: String,
    pub acl: u32,
    pub blocked: bool,
    pub attempts: u32,
    pub expires: bool,
}

/// One object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ObjectRow {
    /// Name without partition; the partition where the client asks about one object.
    pub name: String,
    /// Algorithm or type.
    pub algorithm: u32,
    /// Attributes and usage profile.
    pub attributes: u32,
    /// Blocked.
    pub blocked: bool,
    /// Dies with the session.
    pub temporary: bool,
    /// Size of the key in bits; `None` in lists.
    pub key_bits: Option<u32>,
}

impl Value {
    /// The bytes a slot keeps of this value.
    #[must_use]
    pub fn to_slot(&self) -> Option<Vec<u8>> {
        match self {
            Self::Bytes(bytes) | Self::Token { key: bytes, .. } | Self::Split { parts: bytes, .. } => {
                Some(bytes.clone())
            }
            _ => None,
        }
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ok(value) => write!(f, "success, {value}"),
            Self::Status(status) => write!(f, "{}", status_text(*status)),
            Self::Disconnected => f.write_str("the connection is gone"),
            Self::CannotExpress(reason) => write!(f, "cannot be expressed: {reason}"),
            Self::Broken(reason) => write!(f, "the client failed: {reason}"),
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match serde_json::to_string(self) {
            Ok(text) if text.len() <= 400 => f.write_str(&text),
            Ok(text) => {
                write!(f, "{}… ({} characters)", text.chars().take(400).collect::<String>(), text.len())
            }
            Err(_) => write!(f, "{self:?}"),
        }
    }
}

/// A status as people read it: name and number.
#[must_use]
pub fn status_text(status: Status) -> String {
    match status.name() {
        Some(name) => format!("{name} ({})", status.code()),
        None => format!("status {}", status.code()),
    }
}
