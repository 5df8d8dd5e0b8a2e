//! The structures of the C interface, byte for byte (vendor docs, pages TDigipassBlob and TKernelParms; vendor header aal2sdk.h 3.10.1).
//!
//! `aat_int32` has 4 bytes here whatever the caller's compiler says: that is what the vendor's 64-bit Linux library reads, and what callers
//! that pass fields of 8 bytes live with.

use std::ffi::{c_char, c_void};

use bancada_digipass::params::FIELD_COUNT;

/// The BLOB of one application: 248 bytes, no padding, alignment 1.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct TDigipassBlob {
    /// Serial number, not terminated.
    pub serial: [c_char; 10],
    /// Application name, filled with spaces, not terminated.
    pub app_name: [c_char; 12],
    /// Flags, part of the state.
    pub dp_flags: [u8; 2],
    /// Base64 of 168 bytes, not terminated.
    pub blob: [c_char; 224],
}

/// The kernel parameters: a count, and as many valid fields behind it.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct TKernelParms {
    /// ParmCount: number of valid fields, 0 to 23.
    pub parm_count: i32,
    /// The fields in the vendor's order; 19 of them up to version 3.22.
    pub fields: [i32; FIELD_COUNT],
}

/// What AAL2GetTokenInfo tells, each a string that ends with a zero byte.
#[repr(C)]
#[derive(Clone, Copy)]
#[expect(
    missing_docs,
    reason = "the vendor's names; the meaning of each is on `bancada_digipass::manage::TokenInfo`"
)]
pub struct TDigipassInfo {
    pub token_model: [c_char; 6],
    pub use_count: [c_char; 7],
    pub last_time_used: [c_char; 25],
    pub last_time_shift: [c_char; 7],
    pub error_count: [c_char; 4],
    pub code_word: [c_char; 9],
    pub triple_des: [c_char; 4],
    pub max_input_fields: [c_char; 2],
    pub response_length: [c_char; 3],
    pub response_type: [c_char; 4],
    pub response_checksum: [c_char; 4],
    pub time_step_used: [c_char; 7],
}

/// A property asked for by its number, and the place for its value.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct TData {
    /// The property.
    pub kind: u32,
    /// Out: bytes of the value.
    pub size: u16,
    /// Bytes of the place.
    pub allocated_size: u16,
    /// The place.
    pub value: *mut u8,
}

/// A handle of an import: two pointers that only this library understands.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct TDPXHandle {
    /// The first pointer.
    pub context: *mut c_void,
    /// The second pointer.
    pub data: *mut c_void,
}

const _: () = {
    assert!(
        size_of::<TDigipassBlob>() == bancada_digipass::blob::BLOB_LEN && align_of::<TDigipassBlob>() == 1
    );
    assert!(size_of::<TKernelParms>() == 96 && size_of::<TDigipassInfo>() == 82);
    assert!(size_of::<TData>() == 8 + size_of::<usize>());
};
