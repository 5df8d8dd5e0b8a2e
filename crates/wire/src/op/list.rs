//! The one list of operations: everything that must know them all is made from it.

use super::{Operation, Spec};

/// Calls `$callback! { module Type, … }` with every operation, in order of opcode.
#[macro_export]
macro_rules! for_each_operation {
    ($callback:ident) => {
        $callback! {
            create_key CreateKey,
            asym_enc AsymEnc,
            asym_exp AsymExp,
            hash_start HashStart,
            hash_cont HashCont,
            hash_end HashEnd,
            authenticate Authenticate,
            change_pwd ChangePwd,
            key_imp KeyImp,
            obj_exp ObjExp,
            create_usr CreateUsr,
            delete_usr DeleteUsr,
            create_blob CreateBlob,
            ecc_sign EccSign,
            kek_wrap_obj KekWrapObj,
            p10_csr P10Csr,
            p8_export P8Export,
            p8_import P8Import,
            a_token AToken,
            rsa_sign RsaSign,
            rsa_verify RsaVerify,
            ecc_verify2 EccVerify2,
            eddsa_sign EddsaSign,
            eddsa_verify EddsaVerify,
            m_of_n_split MOfNSplit,
            m_of_n_recover MOfNRecover,
            ping Ping,
            login_anonymous LoginAnonymous,
            login_challenge LoginChallenge,
            login_otp LoginOtp,
            session_info SessionInfo,
            server_info ServerInfo,
            set_op_mode SetOpMode,
            log_read LogRead,
            log_truncate LogTruncate,
            get_random GetRandom,
            list_objects ListObjects,
            object_info ObjectInfo,
            remove_object RemoveObject,
            block_object BlockObject,
            list_users ListUsers,
            user_info UserInfo,
            block_user BlockUser,
            reset_password ResetPassword,
            set_user_acl SetUserAcl,
            assign_otp AssignOtp,
            unassign_otp UnassignOtp,
            resync_otp ResyncOtp,
            grant Grant,
            list_grants ListGrants,
            get_pwd_policy GetPwdPolicy,
            set_pwd_policy SetPwdPolicy,
            sym_crypt SymCrypt,
            mac Mac,
            rsa_decrypt RsaDecrypt,
            gen_ecdh GenEcdh,
        }
    };
}

macro_rules! specs {
    ($($module:ident $operation:ident,)*) => {
        /// The [`Spec`] of every operation, in order of opcode.
        pub const SPECS: &[Spec] = &[$(<super::$operation as Operation>::SPEC),*];
    };
}
for_each_operation!(specs);

// A code used twice, or a row out of order, does not compile.
const _: () = {
    let mut row = 1;
    while row < SPECS.len() {
        assert!(
            SPECS[row - 1].code < SPECS[row].code,
            "operations must stand in order of opcode, each used once"
        );
        row += 1;
    }
};
