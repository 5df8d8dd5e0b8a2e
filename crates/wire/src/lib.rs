//! The AAP wire protocol: frames, operations and status codes as typed values.

pub mod status;
