//! Scenarios: lists of abstract actions that every client is asked to play, stored and replayed as JSON.
//!
//! Nothing here knows a client, a wire form or the model.

use serde::{Deserialize, Serialize};

mod call;
mod data;
pub mod generate;
pub mod material;
pub mod number;

pub use call::{Call, Crypt, Policy};
pub(crate) use data::hex_bytes;
pub use data::{Change, Data, Expiry, Otp};

/// Number of a session within a scenario.
pub type Handle = u8;

/// Number of a place where a result is kept for later actions. A scenario uses each slot once.
pub type Slot = u16;

/// The factory operator.
pub const MASTER: &str = "master";

/// The factory operator's password on a simulated device.
pub const MASTER_PASSWORD: &str = "12345678";

/// A list of actions, played one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The actions.
    pub actions: Vec<Action>,
}

/// One step of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Opens a session under `handle`.
    Open {
        /// Handle that names the session from now on.
        handle: Handle,
        /// How to log in.
        login: Login,
        /// Encrypted or not; `None` leaves it to the client.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tls: Option<bool>,
        /// The runner's own raw bytes play this session whatever the client: it sets the stage.
        #[serde(default, skip_serializing_if = "is_false")]
        aide: bool,
    },
    /// Closes a session as the protocol says.
    Close {
        /// The session.
        handle: Handle,
    },
    /// Drops a session's connection without a word.
    Disconnect {
        /// The session.
        handle: Handle,
    },
    /// Advances the device's clock.
    AdvanceClock {
        /// By how much.
        seconds: u64,
    },
    /// Calls an operation.
    Call {
        /// The session.
        handle: Handle,
        /// The operation.
        call: Call,
        /// Where to keep the result's bytes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        into: Option<Slot>,
    },
    /// Sends a frame no client of good faith would send.
    Malformed {
        /// The session.
        handle: Handle,
        /// What is wrong with it.
        frame: Malformed,
    },
}

/// How a session is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "with", rename_all = "snake_case", deny_unknown_fields)]
pub enum Login {
    /// User and password.
    Password {
        /// Name of the user.
        user: String,
        /// Its password.
        password: String,
    },
    /// User, password and one-time password.
    OneTime {
        /// Name of the user.
        user: String,
        /// Its password.
        password: String,
        /// The one-time password.
        otp: Otp,
    },
    /// Access token.
    Token {
        /// Name of the user.
        user: String,
        /// Key of the token, 16 bytes.
        key: Data,
    },
    /// No user.
    Anonymous,
}

/// A frame that is wrong in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "frame", rename_all = "snake_case", deny_unknown_fields)]
pub enum Malformed {
    /// The call's payload without its last byte.
    Truncated {
        /// The call.
        call: Call,
    },
    /// The call's payload with one byte more.
    Trailing {
        /// The call.
        call: Call,
    },
    /// The call with bit 31 of its length word inverted.
    WrongFlag {
        /// The call.
        call: Call,
    },
    /// A header that announces more than the call's operation allows; no payload follows.
    TooLarge {
        /// The call.
        call: Call,
    },
    /// An opcode nobody uses.
    UnknownOpcode {
        /// The opcode.
        opcode: u32,
        /// The payload.
        #[serde(with = "data::hex_bytes")]
        payload: Vec<u8>,
    },
    /// A header that announces more than any frame carries, whatever its opcode.
    Garbage {
        /// The header and what follows it.
        #[serde(with = "data::hex_bytes")]
        bytes: Vec<u8>,
    },
    /// A login operation in a session that is open already.
    SecondLogin,
}

impl Action {
    /// The session an action is about.
    #[must_use]
    pub fn handle(&self) -> Option<Handle> {
        match self {
            Self::Open { handle, .. }
            | Self::Close { handle }
            | Self::Disconnect { handle }
            | Self::Call { handle, .. }
            | Self::Malformed { handle, .. } => Some(*handle),
            Self::AdvanceClock { .. } => None,
        }
    }

    /// A short name, for tables and messages.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Open { login, .. } => match login {
                Login::Password { .. } => "open with password".to_owned(),
                Login::OneTime { .. } => "open with one-time password".to_owned(),
                Login::Token { .. } => "open with token".to_owned(),
                Login::Anonymous => "open anonymously".to_owned(),
            },
            Self::Close { .. } => "close".to_owned(),
            Self::Disconnect { .. } => "disconnect".to_owned(),
            Self::AdvanceClock { .. } => "advance the clock".to_owned(),
            Self::Call { call, .. } => call.name(),
            Self::Malformed { .. } => "malformed frame".to_owned(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scenarios_are_stored_and_read_back() {
        let scenario = Scenario {
            actions: vec![
                Action::Open {
                    handle: 1,
                    login: Login::Password { user: "master".into(), password: "12345678".into() },
                    tls: Some(true),
                    aide: false,
                },
                Action::Call {
                    handle: 1,
                    call: Call::EddsaSign { name: "k".into(), data: Data::Bytes(vec![1, 0xAB]) },
                    into: Some(3),
                },
                Action::Malformed { handle: 1, frame: Malformed::Trailing { call: Call::Ping } },
            ],
        };
        let text = serde_json::to_string_pretty(&scenario).unwrap();
        assert!(text.contains("01ab"), "{text}");
        assert_eq!(serde_json::from_str::<Scenario>(&text).unwrap(), scenario);
        assert!(serde_json::from_str::<Scenario>(r#"{"actions":[{"do":"dance"}]}"#).is_err());
    }
}
