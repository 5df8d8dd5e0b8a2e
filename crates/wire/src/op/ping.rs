//! PING: asks for a sign of life and keeps the session from idling out.
//!
//! Source: vendor header dinamo.h, DAdmOperation AO_KEEPALIVE; wire form ours.

use crate::codec::{Decode, Encode};
use crate::op::{Auth, Operation, Spec};

/// Asks for a sign of life and keeps the session from idling out.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Ping;

impl Operation for Ping {
    type Response = ();
    const SPEC: Spec =
        Spec::ours(0x01, "PING", "vendor header dinamo.h, DAdmOperation AO_KEEPALIVE; wire form ours")
            .auth(Auth::Anonymous);
}
