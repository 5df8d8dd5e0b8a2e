//! Operations: one type each for the request and the response, and a [`Spec`] that says how the device treats it.
//!
//! To read how one looks, start with [`Ping`]. Opcodes and layouts the vendor's public client shows are the
//! vendor's (npm `@dinamonetworks/hsm-dinamo` 4.9.1); what it does not show uses the private range
//! [`PRIVATE_RANGE`], marked [`Origin::Ours`], so that nobody mistakes it for the vendor's.

use crate::codec::{self, Decode, DecodeError, Encode};
use crate::frame::{FLAG, HEADER_LEN, Header};

mod a_token;
mod assign_otp;
mod asym_enc;
mod asym_exp;
mod authenticate;
mod block_object;
mod block_user;
mod change_pwd;
mod create_blob;
mod create_key;
mod create_usr;
mod delete_usr;
mod ecc_sign;
mod ecc_verify2;
mod eddsa_sign;
mod eddsa_verify;
mod gen_ecdh;
mod get_pwd_policy;
mod get_random;
mod grant;
mod hash_cont;
mod hash_end;
mod hash_start;
mod kek_wrap_obj;
mod key_imp;
mod list;
mod list_grants;
mod list_objects;
mod list_users;
mod log_read;
mod log_truncate;
mod login_anonymous;
mod login_challenge;
mod login_otp;
mod m_of_n_recover;
mod m_of_n_split;
mod mac;
mod obj_exp;
mod object_info;
mod p10_csr;
mod p8_export;
mod p8_import;
mod ping;
mod remove_object;
mod reset_password;
mod resync_otp;
mod rsa_decrypt;
mod rsa_sign;
mod rsa_verify;
mod server_info;
mod session_info;
mod set_op_mode;
mod set_pwd_policy;
mod set_user_acl;
mod spec;
mod sym_crypt;
mod unassign_otp;
mod user_info;

pub use a_token::*;
pub use assign_otp::*;
pub use asym_enc::*;
pub use asym_exp::*;
pub use authenticate::*;
pub use block_object::*;
pub use block_user::*;
pub use change_pwd::*;
pub use create_blob::*;
pub use create_key::*;
pub use create_usr::*;
pub use delete_usr::*;
pub use ecc_sign::*;
pub use ecc_verify2::*;
pub use eddsa_sign::*;
pub use eddsa_verify::*;
pub use gen_ecdh::*;
pub use get_pwd_policy::*;
pub use get_random::*;
pub use grant::*;
pub use hash_cont::*;
pub use hash_end::*;
pub use hash_start::*;
pub use kek_wrap_obj::*;
pub use key_imp::*;
pub use list::SPECS;
pub use list_grants::*;
pub use list_objects::*;
pub use list_users::*;
pub use log_read::*;
pub use log_truncate::*;
pub use login_anonymous::*;
pub use login_challenge::*;
pub use login_otp::*;
pub use m_of_n_recover::*;
pub use m_of_n_split::*;
pub use mac::*;
pub use obj_exp::*;
pub use object_info::*;
pub use p8_export::*;
pub use p8_import::*;
pub use p10_csr::*;
pub use ping::*;
pub use remove_object::*;
pub use reset_password::*;
pub use resync_otp::*;
pub use rsa_decrypt::*;
pub use rsa_sign::*;
pub use rsa_verify::*;
pub use server_info::*;
pub use session_info::*;
pub use set_op_mode::*;
pub use set_pwd_policy::*;
pub use set_user_acl::*;
pub use spec::{Auth, Cost, Effect, FlagUse, Modes, Origin, PRIVATE_RANGE, ReplyShape, Retry, Spec};
pub use sym_crypt::*;
pub use unassign_otp::*;
pub use user_info::*;

/// A request the device understands, with its response and the way the device treats it.
pub trait Operation: Encode + Decode<()> + Sized {
    /// What a success reply carries.
    type Response: Encode + Decode<()>;
    /// Everything about the operation but its payload.
    const SPEC: Spec;

    /// Bit 31 of the request's length word.
    fn flag(&self) -> bool {
        matches!(Self::SPEC.flag, FlagUse::Always)
    }

    /// The request with what bit 31 says; only called where the bit is a choice.
    #[must_use]
    fn with_flag(self, _flag: bool) -> Self {
        self
    }

    /// How the reply to this request is cut into records.
    fn reply_shape(&self) -> ReplyShape {
        Self::SPEC.reply
    }
}

/// Finds an operation by its opcode.
#[must_use]
pub fn spec(code: u32) -> Option<&'static Spec> {
    SPECS.binary_search_by_key(&code, |spec| spec.code).ok().map(|row| &SPECS[row])
}

/// Appends the frame of a request to `out`.
pub fn encode_request<O: Operation>(operation: &O, out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(&[0; HEADER_LEN]);
    codec::encode(operation, out);
    let length = (out.len() - start - HEADER_LEN) as u32;
    let flag = if operation.flag() { FLAG } else { 0 };
    let header = Header { id: O::SPEC.code, len: length | flag };
    out[start..start + HEADER_LEN].copy_from_slice(&header.to_bytes());
}

/// Reads a request from its payload and bit 31 of its length word.
///
/// # Errors
/// [`DecodeError`] when the payload is not one of `O`, or the bit is not what `O` demands.
pub fn decode_request<O: Operation>(payload: &[u8], flag: bool) -> Result<O, DecodeError> {
    match (O::SPEC.flag, flag) {
        (FlagUse::Never, true) | (FlagUse::Always, false) => Err(DecodeError::Value),
        (FlagUse::Choice, flag) => codec::decode::<O>(payload).map(|operation| operation.with_flag(flag)),
        _ => codec::decode(payload),
    }
}

#[cfg(test)]
mod tests;
