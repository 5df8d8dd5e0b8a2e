//! The words a seed file uses for the numbers of the protocol (vendor header dinamo.h, without the prefixes).

use bancada_wire::acl;
use bancada_wire::algorithm::{attribute, key};
use zeroize::Zeroizing;

/// Attribute of a key that may leave the device.
pub(super) const EXPORTABLE: u32 = attribute::EXPORTABLE_KEY;

const PERMISSIONS: [(&str, u32); 13] = [
    ("OBJ_DEL", acl::OBJ_DEL),
    ("OBJ_READ", acl::OBJ_READ),
    ("OBJ_CREATE", acl::OBJ_CREATE),
    ("OBJ_UPDATE", acl::OBJ_UPDATE),
    ("USR_CREATE", acl::USR_CREATE),
    ("USR_DELETE", acl::USR_DELETE),
    ("USR_REMOTE_LOG", acl::USR_REMOTE_LOG),
    ("USR_LIST", acl::USR_LIST),
    ("SYS_OPERATOR", acl::SYS_OPERATOR),
    ("SYS_BACKUP", acl::SYS_BACKUP),
    ("SYS_UPDATE_HSM", acl::SYS_UPDATE_HSM),
    ("NS_AUTHORIZATION", acl::NS_AUTHORIZATION),
    ("DEFAULT_OWNER", acl::DEFAULT_OWNER),
];

const USAGES: [(&str, u32); 5] = [
    ("DIG_SIG", attribute::AUP_DIG_SIG),
    ("DATA_CRYPTO", attribute::AUP_DATA_CRYPTO),
    ("KEK", attribute::AUP_KEK),
    ("MAC", attribute::AUP_MAC),
    ("KDF", attribute::AUP_KDF),
];

/// The bits of a permission, with or without `ACL_`.
pub(super) fn permission(name: &str) -> Option<u32> {
    find(&PERMISSIONS, name.strip_prefix("ACL_").unwrap_or(name))
}

/// Names of every permission.
pub(super) fn permissions() -> impl Iterator<Item = &'static str> {
    PERMISSIONS.iter().map(|(name, _)| *name)
}

/// The number of an algorithm, with or without `ALG_`, and with the vendor's `3DES` for our `DES3`.
pub(super) fn algorithm(name: &str) -> Option<u32> {
    let name = name.strip_prefix("ALG_").unwrap_or(name);
    let ours = name.strip_prefix("3DES").map(|rest| format!("DES3{rest}"));
    find(key::ALL, ours.as_deref().unwrap_or(name))
}

/// Names of every algorithm.
pub(super) fn algorithms() -> impl Iterator<Item = &'static str> {
    key::ALL.iter().map(|(name, _)| *name)
}

/// The bits of a usage profile, with or without `AUP_`.
pub(super) fn usage(name: &str) -> Option<u32> {
    find(&USAGES, name.strip_prefix("AUP_").unwrap_or(name))
}

/// Names of every usage profile.
pub(super) fn usages() -> impl Iterator<Item = &'static str> {
    USAGES.iter().map(|(name, _)| *name)
}

/// Bytes written in hexadecimal, white space apart.
pub(crate) fn hex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() / 2));
    let mut high = None;
    for letter in text.chars().filter(|letter| !letter.is_ascii_whitespace()) {
        let digit = letter.to_digit(16)? as u8;
        match high.take() {
            None => high = Some(digit),
            Some(high) => bytes.push(high << 4 | digit),
        }
    }
    high.is_none().then_some(bytes)
}

fn find(table: &[(&str, u32)], name: &str) -> Option<u32> {
    table.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_with_and_without_the_vendors_prefix() {
        assert_eq!(permission("ACL_USR_CREATE"), Some(0x10));
        assert_eq!(permission("USR_LIST"), Some(0x40));
        assert_eq!(permission("USR_NOBODY"), None);
        assert_eq!(algorithm("ALG_RSA_2048"), Some(6));
        assert_eq!(algorithm("3DES_168"), algorithm("DES3_168"));
        assert_eq!(algorithm("RSA_1"), None);
        assert_eq!(usage("AUP_KEK"), Some(0x0300_0000));
    }

    #[test]
    fn hexadecimal_is_read_in_pairs() {
        assert_eq!(hex("00 fF\n10").map(|bytes| bytes.to_vec()), Some(vec![0, 255, 16]));
        assert!(hex("0").is_none() && hex("0g").is_none() && hex("é0").is_none());
    }
}
