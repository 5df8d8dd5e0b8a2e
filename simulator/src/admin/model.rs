//! What the admin API takes and gives.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Something was done.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Done {
    /// Always true.
    pub(crate) ok: bool,
}

/// The simulator is alive.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Health {
    /// `ok`, or `not ready` while a node does not accept connections.
    pub(crate) status: String,
}

/// A node.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct NodeView {
    /// Name: `hsm-1` for the first.
    pub(crate) name: String,
    /// Where it listens.
    pub(crate) address: String,
    /// Whether it was started and not stopped.
    pub(crate) running: bool,
    /// Connections that are open.
    pub(crate) sessions: usize,
    /// Faults it plays.
    pub(crate) faults: crate::node::Faults,
}

/// A connection.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct SessionView {
    /// Number of the connection, unique in the cluster.
    pub(crate) id: u64,
    /// Its node.
    pub(crate) node: String,
    /// The device's own number of the session, as SESSION_INFO tells it.
    pub(crate) session: u64,
    /// Address of the client.
    pub(crate) peer: String,
    /// Name of the user; null before the login and in an anonymous session.
    pub(crate) user: Option<String>,
    /// `connecting`, `login`, `anonymous`, `password`, `password+otp` or `token`.
    pub(crate) kind: String,
    /// When it was opened, milliseconds since 1970 UTC on the device's clock.
    pub(crate) since_ms: u64,
    /// Cipher suite, null for a clear connection.
    pub(crate) tls: Option<String>,
}

/// How many connections were closed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Closed {
    /// Their number.
    pub(crate) closed: usize,
}

/// A user.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct UserJson {
    /// Name.
    pub(crate) name: String,
    /// Permissions, `ACL_*` bits.
    pub(crate) acl: u32,
    /// Whether logging in is refused.
    pub(crate) blocked: bool,
    /// Wrong logins since the last good one.
    pub(crate) attempts: u32,
    /// Whether the password must be changed at the next login.
    pub(crate) must_change: bool,
    /// When the password expires, milliseconds since 1970 UTC; null for never.
    pub(crate) expires_ms: Option<u64>,
}

/// What to change of a user; what is left out stays.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct UserChangeJson {
    /// Refuse its logins, or no longer; unblocking forgets wrong logins.
    pub(crate) blocked: Option<bool>,
    /// Make its password expire now, or be valid again.
    pub(crate) expired: Option<bool>,
    /// Make it change its password at the next login, or no longer.
    pub(crate) must_change: Option<bool>,
    /// Set its password, without asking the policy.
    pub(crate) password: Option<String>,
}

/// The device's time.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct ClockView {
    /// Milliseconds since 1970 UTC.
    pub(crate) now_ms: u64,
    /// Milliseconds the clock was advanced by.
    pub(crate) offset_ms: u64,
}

/// How far to advance the clock: one of the two, or their sum.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Advance {
    /// Seconds.
    pub(crate) seconds: Option<u64>,
    /// Milliseconds.
    pub(crate) ms: Option<u64>,
}

/// An operating mode.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModeView {
    /// `NRM`, `RM1` or `RM2`.
    pub(crate) mode: String,
}

/// What to go back to.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Reset {
    /// The factory state, without the seed the simulator was started with.
    pub(crate) factory: bool,
}

/// A seed file inside JSON.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedText {
    /// The seed file.
    pub(crate) toml: String,
}
