//! A connection as the device sees it: who it is, how far its login got, and what dies with it.

use crate::object::Object;
use crate::store::Revision;
use crate::stream::Streams;
use crate::user::User;
use crate::vault::Settings;
use bancada_wire::frame::Hello;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How a session was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Without a user.
    Anonymous,
    /// With a password.
    Password,
    /// With a password and a one-time password.
    PasswordOtp,
    /// With an access token.
    Token,
}

impl Kind {
    /// Number of the kind in SESSION_INFO.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Anonymous => 0,
            Self::Password => 1,
            Self::PasswordOtp => 2,
            Self::Token => 3,
        }
    }

    /// A word for people and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Password => "password",
            Self::PasswordOtp => "password+otp",
            Self::Token => "token",
        }
    }
}

/// Who is logged in.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) user: Arc<User>,
    pub(crate) kind: Kind,
}

/// How far a connection got.
pub(crate) enum Phase {
    /// Before the login.
    Start,
    /// AUTHENTICATE gave this challenge; the answer comes next, without a header.
    Challenged([u8; 16]),
    /// LOGIN_CHALLENGE gave this challenge; LOGIN_OTP comes next.
    ChallengedOtp([u8; 16]),
    /// Open, without a user.
    Anonymous,
    /// Open, but only to change the password.
    Expired(Identity),
    /// Open.
    User(Identity),
}

/// One connection's session. The host owns it and hands it to every call.
pub struct Session {
    pub(crate) id: u64,
    /// Correlation id of audit lines.
    pub(crate) correlation: u32,
    pub(crate) phase: Phase,
    /// The hello announced a login by access token.
    pub(crate) token_login: bool,
    pub(crate) cipher: &'static str,
    /// Temporary objects by name; the unnamed one under the empty name.
    pub(crate) temporary: BTreeMap<String, Arc<Object>>,
    pub(crate) streams: Streams,
    pub(crate) last_activity_ms: u64,
    /// Operating mode and policy as of `seen`.
    pub(crate) settings: Arc<Settings>,
    /// Revision of the store at which user and settings were last looked at.
    pub(crate) seen: Option<Revision>,
}

impl Session {
    pub(crate) fn new(id: u64, hello: Hello, cipher: &'static str, now_ms: u64) -> Self {
        Self {
            id,
            // The lower half of the identifier: unique among the sessions a log still tells of.
            correlation: id as u32,
            phase: Phase::Start,
            token_login: hello.token,
            cipher,
            temporary: BTreeMap::new(),
            streams: Streams::default(),
            last_activity_ms: now_ms,
            settings: Arc::default(),
            seen: None,
        }
    }

    /// Identifier of the session on this node.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Name of the user; `None` before the login and in an anonymous session.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.identity().map(|identity| identity.user.name.as_str())
    }

    /// How it was opened; `None` before the login.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match &self.phase {
            Phase::Start | Phase::Challenged(_) | Phase::ChallengedOtp(_) => None,
            Phase::Anonymous => Some(Kind::Anonymous),
            Phase::Expired(identity) | Phase::User(identity) => Some(identity.kind),
        }
    }

    /// Whether the next thing on the wire is the 32-byte answer to a challenge, without a header.
    #[must_use]
    pub fn expects_login_response(&self) -> bool {
        matches!(self.phase, Phase::Challenged(_))
    }

    /// When the peer last asked for something, milliseconds since 1970 UTC.
    #[must_use]
    pub fn last_activity_ms(&self) -> u64 {
        self.last_activity_ms
    }

    pub(crate) fn identity(&self) -> Option<&Identity> {
        match &self.phase {
            Phase::Expired(identity) | Phase::User(identity) => Some(identity),
            _ => None,
        }
    }
}
