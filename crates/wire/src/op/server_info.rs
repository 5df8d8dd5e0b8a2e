//! SERVER_INFO: tells about the device.
//!
//! Source: vendor header dinamo.h, DGetHsmInfo; wire form ours.

use crate::codec::{Decode, Encode};
use crate::op::{Auth, Operation, Spec};
use crate::text::FixedText;

/// Tells about the device.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ServerInfo;

/// Reply to [`ServerInfo`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ServerInfoResponse {
    /// Model.
    pub model: FixedText<33>,
    /// Serial number.
    pub serial: FixedText<33>,
    /// Version of the engine.
    pub engine: FixedText<33>,
    /// Version of the simulator.
    pub firmware: FixedText<33>,
    /// Operating mode, see `OperatingMode::number`.
    pub mode: u32,
    /// Date and time in milliseconds since 1970 UTC.
    pub now_ms: u64,
    /// Open sessions on this node.
    pub sessions: u32,
    /// Users.
    pub users: u64,
    /// Permanent objects.
    pub objects: u64,
    /// Operations served by this node since it started.
    pub operations: u64,
    /// Identifies the server master key.
    pub master_key_id: [u8; 8],
}

impl Operation for ServerInfo {
    type Response = ServerInfoResponse;
    const SPEC: Spec = Spec::ours(0x10, "SERVER_INFO", "vendor header dinamo.h, DGetHsmInfo; wire form ours")
        .auth(Auth::Anonymous);
}
