//! The AAP wire protocol: frames, operations and status codes as typed values.
//!
//! No IO and no cryptography: bytes in, values out, and back. Nothing here panics on what a peer sends or
//! allocates more than a frame carries. Start with [`op::Ping`], then [`frame`].

pub mod acl;
pub mod algorithm;
pub mod codec;
pub mod frame;
pub mod op;
pub mod reply;
pub mod secret;
pub mod status;
pub mod text;
