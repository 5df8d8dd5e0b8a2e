//! What the code knows by number: constants under the documents' groups and names, and the widths of fields.

use bancada_link::DEFAULT_PORT;
use bancada_wire::acl;
use bancada_wire::algorithm::{attribute, hash, key, mode, padding};
use bancada_wire::codec::{Items, ShortTail};
use bancada_wire::op::{
    A_TOKEN_INFINITE, A_TOKEN_ISSUE, A_TOKEN_LIST, A_TOKEN_REVOKE, AccessToken, AuthenticateResponse,
    EddsaSign, Operation, P8Export, P10Csr, RSA_PAD_PKCS1, RSA_PAD_PSS, RSA_PAD_X931,
};
use bancada_wire::text::{FixedSecret, FixedText, OBJECT_LEN, PASSWORD_LEN, USER_LEN};

/// Longest object name without its partition: what is left beside user, slash and NUL.
pub(super) const OBJECT_NAME_LEN: usize = OBJECT_LEN - USER_LEN - 2;
/// Bytes of EdDSA data in the largest request: a name and a mode stand before it.
pub(super) const EDDSA_DATA_LEN: usize = EddsaSign::SPEC.max_request - OBJECT_LEN - 1;

/// A number the code has.
pub(super) struct Known {
    pub(super) group: &'static str,
    pub(super) name: String,
    pub(super) value: i64,
}

/// Every number the code has under a name of the documents.
pub(super) fn constants() -> Vec<Known> {
    let mut known = Vec::new();
    for (group, rows) in
        [("acl", ACL), ("npm-user-permissions", NPM_ACL), ("key-flag", KEY_FLAGS), ("cipher-mode", MODES)]
            .into_iter()
            .chain([("direction", DIRECTIONS), ("padding", PADDINGS), ("key-usage-profile", PROFILES)])
            .chain([("import-algorithm", IMPORTS), ("npm-kek-object-type", NPM_IMPORTS)])
            .chain([
                ("npm-kek-mode", NPM_MODES),
                ("npm-pad-type", NPM_PADS),
                ("npm-key-attributes", NPM_FLAGS),
            ])
            .chain([("npm-kek-padding", NPM_KEK_PADS)])
    {
        known.extend(rows.iter().map(|(name, value)| Known {
            group,
            name: (*name).to_owned(),
            value: (*value).into(),
        }));
    }
    known.extend(lengths());
    known.extend(algorithms());
    known
}

fn lengths() -> impl Iterator<Item = Known> {
    let password = width(|export: &P8Export| &export.password);
    let token_key = width(|token: &AccessToken| &token.key);
    let rows = [
        ("network", "DEFAULT_PORT", DEFAULT_PORT.into()),
        ("length", "MAX_USR_PWD", PASSWORD_LEN as i64),
        ("length", "MAX_USR_LEN", USER_LEN as i64),
        ("length", "MAX_OBJ_NAME_LEN", OBJECT_NAME_LEN as i64),
        ("length", "MAX_OBJ_ID_BIN_LEN", OBJECT_NAME_LEN as i64 + 1),
        ("length", "MAX_OBJ_ID", OBJECT_NAME_LEN as i64 + 1),
        ("length", "MAX_OBJ_ID_LEN", OBJECT_LEN as i64),
        ("length", "MAX_OBJ_ID_FQN_LEN", OBJECT_LEN as i64),
        ("certificate", "CORE_P10_CSR_DN_MAX_LEN", width(|csr: &P10Csr| &csr.subject) as i64 - 1),
        ("certificate", "CORE_P8_EXPORT_PWD_LEN", password as i64),
        ("certificate", "ND_MAX_P8_PWD_LEN", password as i64),
        ("signature-flag", "DN_SIG_EDDSA_MAX_DATA_LEN", EDDSA_DATA_LEN as i64),
        ("access-token", "DN_USR_A_TOKEN_KLEN", token_key as i64),
        ("access-token", "DN_RND_CHAP_LEN", width(|reply: &AuthenticateResponse| &reply.challenge) as i64),
        ("access-token", "DN_A_TOKEN_OP_ISSUE", A_TOKEN_ISSUE.into()),
        ("access-token", "DN_A_TOKEN_OP_REVOKE", A_TOKEN_REVOKE.into()),
        ("access-token", "DN_A_TOKEN_OP_LIST", A_TOKEN_LIST.into()),
        ("access-token", "DN_A_TOKEN_INFINITE", A_TOKEN_INFINITE.cast_signed()),
        ("object", "BLOB_TYPE", key::OBJ_BLOB.into()),
        ("object", "ALG_OBJ", key::OBJ_BLOB.into()),
    ];
    rows.into_iter().map(|(group, name, value)| Known { group, name: name.to_owned(), value })
}

/// The algorithm tables, under the vendor's names; a key pair's public half has bit 31 set.
fn algorithms() -> Vec<Known> {
    let mut known = Vec::new();
    for (name, number) in key::ALL {
        let group = match *name {
            name if name.starts_with("RSA_") => "rsa",
            name if name.starts_with("ECC_") => "ecc",
            name if name.starts_with("ECX_") => "ecx",
            name if name.starts_with("OBJ_") => "object",
            name if name.starts_with("HMAC_") => "mac",
            _ => "symmetric",
        };
        known.push(Known { group, name: vendor_name(name), value: (*number).into() });
        let public = match group {
            "rsa" => "rsa-public",
            "ecc" => "ecc-public",
            "ecx" => "ecx-public",
            _ => continue,
        };
        let value = (number | key::PUBLIC).cast_signed().into();
        known.push(Known { group: public, name: vendor_name(name) + "_PUB", value });
    }
    for (name, number) in hash::ALL {
        let group = if name.starts_with("HMAC_") || name.starts_with("CMAC_") { "mac" } else { "hash" };
        known.push(Known { group, name: vendor_name(name), value: (*number).into() });
    }
    known
}

/// A Rust name cannot begin with a digit, so `3DES` is `DES3` in the code.
fn vendor_name(name: &str) -> String {
    match name.strip_prefix("DES3_") {
        Some(bits) => format!("ALG_3DES_{bits}"),
        None => format!("ALG_{name}"),
    }
}

/// A field whose type fixes the bytes it has or may have.
pub(super) trait Width {
    /// Those bytes.
    const WIDTH: usize;
}

impl<const N: usize> Width for [u8; N] {
    const WIDTH: usize = N;
}

impl<const N: usize> Width for FixedText<N> {
    const WIDTH: usize = N;
}

impl<const N: usize> Width for FixedSecret<N> {
    const WIDTH: usize = N;
}

impl<const N: usize> Width for ShortTail<N> {
    const WIDTH: usize = N;
}

impl<T: Width, const MAX: usize> Width for Items<T, MAX> {
    const WIDTH: usize = T::WIDTH;
}

/// Bytes of a field: of all of it, of the most it may have, or of one item of many.
pub(super) fn width<S, F: Width>(_field: fn(&S) -> &F) -> usize {
    F::WIDTH
}

type Rows = &'static [(&'static str, u32)];

const ACL: Rows = &[
    ("ACL_NOP", 0),
    ("ACL_OBJ_DEL", acl::OBJ_DEL),
    ("ACL_OBJ_READ", acl::OBJ_READ),
    ("ACL_OBJ_LIST", acl::OBJ_READ),
    ("ACL_OBJ_CREATE", acl::OBJ_CREATE),
    ("ACL_OBJ_UPDATE", acl::OBJ_UPDATE),
    ("ACL_OBJ_WRITE", acl::OBJ_UPDATE),
    ("ACL_USR_CREATE", acl::USR_CREATE),
    ("ACL_USR_DELETE", acl::USR_DELETE),
    ("ACL_USR_REMOTE_LOG", acl::USR_REMOTE_LOG),
    ("ACL_USR_LIST", acl::USR_LIST),
    ("ACL_SYS_OPERATOR", acl::SYS_OPERATOR),
    ("ACL_SYS_BACKUP", acl::SYS_BACKUP),
    ("ACL_SYS_RESTORE", acl::SYS_BACKUP),
    ("ACL_SYS_UDATE_HSM", acl::SYS_UPDATE_HSM),
    ("ACL_NS_AUTHORIZATION", acl::NS_AUTHORIZATION),
    ("ACL_VIRTUAL_X509_AUTH", acl::VIRTUAL_X509_AUTH),
    ("ACL_VIRTUAL_OTP_AUTH", acl::VIRTUAL_OTP_AUTH),
    ("ACL_CHANGE_PWD_NEXT_TIME", acl::CHANGE_PWD_NEXT_TIME),
    ("ACL_DEFAULT_OWNER", acl::DEFAULT_OWNER),
];

const NPM_ACL: Rows = &[
    ("NOP", 0),
    ("OBJ_DEL", acl::OBJ_DEL),
    ("OBJ_CREATE", acl::OBJ_CREATE),
    ("OBJ_READ", acl::OBJ_READ),
    ("OBJ_UPDATE", acl::OBJ_UPDATE),
    ("OBJ_WRITE", acl::OBJ_UPDATE),
    ("USR_CREATE", acl::USR_CREATE),
    ("USR_DELETE", acl::USR_DELETE),
    ("USR_REMOTE_LOG", acl::USR_REMOTE_LOG),
    ("USR_LIST", acl::USR_LIST),
    ("SYS_OPERATOR", acl::SYS_OPERATOR),
    ("SYS_BACKUP", acl::SYS_BACKUP),
    ("SYS_RESTORE", acl::SYS_BACKUP),
    ("SYS_UDATE_HSM", acl::SYS_UPDATE_HSM),
];

const KEY_FLAGS: Rows = &[
    ("EXPORTABLE_KEY", attribute::EXPORTABLE_KEY),
    ("NO_CRYPTO", attribute::NO_CRYPTO),
    ("TEMPORARY_KEY", attribute::TEMPORARY_KEY),
    ("PERMANENT_KEY", attribute::PERMANENT_KEY),
    ("RSA_PUB_EXP3", attribute::RSA_PUB_EXP3),
    ("MOD_SPB_RELATED", attribute::SPB_RELATED),
    ("TSP_KEY", attribute::TSP_KEY),
    ("BCHAIN_KEY", attribute::BCHAIN_KEY),
];

const NPM_FLAGS: Rows = &[
    ("BCHAIN_KEY", attribute::BCHAIN_KEY),
    ("EXPORTABLE_KEY", attribute::EXPORTABLE_KEY),
    ("TEMPORARY_KEY", attribute::TEMPORARY_KEY),
];

const PROFILES: Rows = &[
    ("AUP_DIG_SIG", attribute::AUP_DIG_SIG),
    ("AUP_DATA_CRYPTO", attribute::AUP_DATA_CRYPTO),
    ("AUP_KeK", attribute::AUP_KEK),
    ("AUP_MAC", attribute::AUP_MAC),
    ("AUP_KDF", attribute::AUP_KDF),
    ("AUP_SPB_PK", attribute::AUP_LAST),
    ("AUP_RESERVED_MASK", attribute::PROFILE_MASK),
];

const MODES: Rows = &[
    ("MODE_ECB", mode::ECB as u32),
    ("MODE_CBC", mode::CBC as u32),
    ("MODE_CTR", mode::CTR as u32),
    ("MODE_GCM", mode::GCM as u32),
    ("MODE_KW", mode::KW as u32),
];

const NPM_MODES: Rows = &[("MODE_ECB", mode::ECB as u32), ("MODE_CBC", mode::CBC as u32)];

const DIRECTIONS: Rows = &[("D_ENCRYPT", mode::ENCRYPT as u32), ("D_DECRYPT", mode::DECRYPT as u32)];

const PADDINGS: Rows = &[
    ("D_NO_PADDING", padding::NONE as u32),
    ("D_PKCS5_PADDING", padding::PKCS5 as u32),
    ("D_ZERO_PADDING", padding::ZERO as u32),
    ("D_OAEP_PADDING", padding::RSA_OAEP as u32),
    ("D_PKCS1_PADDING", padding::RSA_PKCS1 as u32),
];

const NPM_KEK_PADS: Rows = &[
    ("UNUSED_PAD", padding::NONE as u32),
    ("P5_PAD", padding::PKCS5 as u32),
    ("_0_PAD", padding::ZERO as u32),
    ("OAEP_PAD", padding::RSA_OAEP as u32),
    ("P1_PAD", padding::RSA_PKCS1 as u32),
];

const NPM_PADS: Rows =
    &[("PKCS1_V1_5", RSA_PAD_PKCS1 as u32), ("PSS", RSA_PAD_PSS as u32), ("X931", RSA_PAD_X931 as u32)];

const IMPORTS: Rows = &[
    ("D_IMPORT_ALG_PRIV_KEY_RSA", key::IMPORT_RSA),
    ("D_IMPORT_ALG_PRIV_KEY_ECC", key::IMPORT_ECC),
    ("D_IMPORT_ALG_PRIV_KEY_P8", key::IMPORT_P8),
    ("D_IMPORT_ALG_PRIV_KEY_ECX", key::IMPORT_ECX),
];

const NPM_IMPORTS: Rows = &[
    ("T_P_RSA", key::IMPORT_RSA),
    ("T_P_ECC", key::IMPORT_ECC),
    ("T_P8", key::IMPORT_P8),
    ("T_P_ECX", key::IMPORT_ECX),
];
