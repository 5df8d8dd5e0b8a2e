//! Handlers: one file an operation, straight-line, without authorisation code.

use crate::context::Context;
use crate::fault::Outcome;
use bancada_wire::op::{self, Operation, ReplyShape, Spec};
use bancada_wire::reply::Reply;
use bancada_wire::status::Status;

/// What the device does for an operation.
///
/// The gate has checked everything up to the payload's form; the handler reaches keys through [`Context`] only.
pub(crate) trait Handle: Operation {
    /// Does it. Run again from the start when another write came first.
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<Self::Response>;

    /// Whether the reply's NOTIFY code names the operating mode.
    const NAMES_MODE: bool = false;
}

/// An operation as the gate sees it.
pub(crate) struct Row {
    pub(crate) spec: &'static Spec,
    pub(crate) run: fn(&mut Context<'_, '_>, &[u8], bool, &mut Reply) -> Outcome<()>,
}

/// Finds the row of an opcode.
pub(crate) fn find(code: u32) -> Option<&'static Row> {
    ROWS.binary_search_by_key(&code, |row| row.spec.code).ok().map(|at| &ROWS[at])
}

/// Decodes, handles and replies.
fn run<O: Handle>(cx: &mut Context<'_, '_>, payload: &[u8], flag: bool, reply: &mut Reply) -> Outcome<()> {
    let operation: O = op::decode_request(payload, flag).map_err(|_| Status::ERR_INVALID_PAYLOAD)?;
    let response = operation.handle(cx)?;
    if O::NAMES_MODE {
        reply.ok_with(cx.mode().notify_code(), &response, ReplyShape::Single);
    } else {
        reply.ok(&response, operation.reply_shape());
    }
    Ok(())
}

macro_rules! rows {
    ($($module:ident $operation:ident,)*) => {
        /// Every operation, in order of opcode. One without a handler does not compile.
        static ROWS: &[Row] = &[$(Row { spec: &<op::$operation as Operation>::SPEC, run: run::<op::$operation> }),*];
    };
}
bancada_wire::for_each_operation!(rows);

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
mod sym_crypt;
mod unassign_otp;
mod user_info;
