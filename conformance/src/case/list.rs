//! The one list of cases: the modules of every operation, joined with the list of operations of `bancada-wire`.

use bancada_wire::for_each_operation;

use super::Case;

macro_rules! gather {
    ($($module:ident $operation:ident,)*) => {
        /// The cases of each operation, by the name of its module.
        fn by_operation() -> Vec<(&'static str, Vec<Case>)> {
            vec![$((stringify!($module), super::$module::cases())),*]
        }
    };
}
for_each_operation!(gather);

/// Areas of the report, and what belongs to each.
pub const AREAS: &[(&str, &[&str])] = &[
    (
        "sessions",
        &[
            "session_page",
            "authenticate",
            "login_anonymous",
            "login_challenge",
            "login_otp",
            "session_info",
            "ping",
        ],
    ),
    (
        "users",
        &[
            "create_usr",
            "delete_usr",
            "change_pwd",
            "list_users",
            "user_info",
            "block_user",
            "reset_password",
            "set_user_acl",
            "assign_otp",
            "unassign_otp",
            "resync_otp",
            "grant",
            "list_grants",
            "get_pwd_policy",
            "set_pwd_policy",
        ],
    ),
    ("tokens", &["a_token"]),
    (
        "objects",
        &[
            "create_key",
            "key_imp",
            "obj_exp",
            "asym_exp",
            "create_blob",
            "list_objects",
            "object_info",
            "remove_object",
            "block_object",
            "kek_wrap_obj",
            "p10_csr",
            "p8_export",
            "p8_import",
        ],
    ),
    ("signatures", &["rsa_sign", "rsa_verify", "ecc_sign", "ecc_verify2", "eddsa_sign", "eddsa_verify"]),
    (
        "encryption",
        &["asym_enc", "rsa_decrypt", "sym_crypt", "mac", "hash_start", "hash_cont", "hash_end", "gen_ecdh"],
    ),
    ("secrets", &["m_of_n_split", "m_of_n_recover", "get_random"]),
    ("device", &["server_info", "set_op_mode", "log_read", "log_truncate"]),
];

/// Every case, those of the vendor's Session page first.
#[must_use]
pub fn all() -> Vec<Case> {
    let page = std::iter::once(("session_page", super::session_page::cases()));
    page.chain(by_operation())
        .flat_map(|(about, cases)| cases.into_iter().map(move |case| Case { about, ..case }))
        .collect()
}

/// Operations nobody wrote a case for.
#[must_use]
pub fn operations_without_cases() -> Vec<&'static str> {
    by_operation().into_iter().filter(|(_, cases)| cases.is_empty()).map(|(name, _)| name).collect()
}
