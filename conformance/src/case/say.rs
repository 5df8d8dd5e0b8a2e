//! Calls in few words, for cases.

use crate::scenario::number::{EXPORTABLE, NO_PADDING};
use crate::scenario::{Call, Crypt, Data};

pub(super) fn create_user(user: &str, password: &str, acl: u32) -> Call {
    Call::CreateUser { user: user.to_owned(), password: password.to_owned(), acl }
}

pub(super) fn delete_user(user: &str) -> Call {
    Call::DeleteUser { user: user.to_owned(), commit: 1 }
}

pub(super) fn set_acl(user: &str, acl: u32) -> Call {
    Call::SetAcl { user: user.to_owned(), acl }
}

pub(super) fn block_user(user: &str, blocked: bool) -> Call {
    Call::BlockUser { user: user.to_owned(), blocked }
}

pub(super) fn change_password(password: &str) -> Call {
    Call::ChangePassword { password: password.to_owned() }
}

pub(super) fn user_info(user: &str) -> Call {
    Call::UserInfo { user: user.to_owned() }
}

pub(super) fn grant(user: &str, acl: u32) -> Call {
    Call::Grant { user: user.to_owned(), acl }
}

pub(super) fn create_key(name: &str, algorithm: u32, attributes: u32) -> Call {
    Call::CreateKey { name: name.to_owned(), algorithm, attributes }
}

pub(super) fn import_key(name: &str, algorithm: u32, attributes: u32, material: impl Into<Data>) -> Call {
    Call::ImportKey { name: name.to_owned(), algorithm, attributes, material: material.into() }
}

/// Imports an exportable key.
pub(super) fn import(name: &str, algorithm: u32, material: impl Into<Data>) -> Call {
    import_key(name, algorithm, EXPORTABLE, material)
}

pub(super) fn export(name: &str) -> Call {
    Call::ExportObject { name: name.to_owned(), raw: false }
}

pub(super) fn public(name: &str) -> Call {
    Call::ExportPublic { name: name.to_owned(), x509: true }
}

pub(super) fn remove(name: &str) -> Call {
    Call::RemoveObject { name: name.to_owned() }
}

pub(super) fn info(name: &str) -> Call {
    Call::ObjectInfo { name: name.to_owned() }
}

pub(super) fn list() -> Call {
    Call::ListObjects { partition: String::new(), after: String::new(), max: 1024 }
}

pub(super) fn block(name: &str, blocked: bool) -> Call {
    Call::BlockObject { name: name.to_owned(), blocked }
}

pub(super) fn blob(name: &str, data: impl Into<Data>) -> Call {
    Call::CreateBlob { name: name.to_owned(), data: data.into() }
}

pub(super) fn rsa_sign(name: &str, padding: u8, hash: u8, digest: impl Into<Data>) -> Call {
    Call::RsaSign { name: name.to_owned(), padding, hash, digest: digest.into() }
}

pub(super) fn rsa_verify(
    name: &str,
    padding: u8,
    hash: u8,
    digest: impl Into<Data>,
    signature: impl Into<Data>,
) -> Call {
    Call::RsaVerify {
        name: name.to_owned(),
        padding,
        hash,
        digest: digest.into(),
        signature: signature.into(),
    }
}

pub(super) fn ecc_sign(name: &str, hash: u8, digest: impl Into<Data>) -> Call {
    Call::EccSign { name: name.to_owned(), hash, digest: digest.into() }
}

pub(super) fn ecc_verify(name: &str, hash: u8, digest: impl Into<Data>, signature: impl Into<Data>) -> Call {
    Call::EccVerify { name: name.to_owned(), hash, digest: digest.into(), signature: signature.into() }
}

pub(super) fn eddsa_sign(name: &str, data: impl Into<Data>) -> Call {
    Call::EddsaSign { name: name.to_owned(), data: data.into() }
}

pub(super) fn eddsa_verify(name: &str, data: impl Into<Data>, signature: impl Into<Data>) -> Call {
    Call::EddsaVerify { name: name.to_owned(), data: data.into(), signature: signature.into() }
}

pub(super) fn mac(name: &str, algorithm: u8, data: impl Into<Data>) -> Call {
    Call::Mac { name: name.to_owned(), algorithm, data: data.into() }
}

pub(super) fn hash(algorithm: u8, key: &str, data: impl Into<Data>) -> Call {
    Call::Hash { algorithm, key: key.to_owned(), data: data.into() }
}

pub(super) fn encrypt(name: &str, crypt: Crypt, data: impl Into<Data>) -> Call {
    Call::Encrypt { name: name.to_owned(), crypt, data: data.into() }
}

pub(super) fn decrypt(name: &str, crypt: Crypt, data: impl Into<Data>) -> Call {
    Call::Decrypt { name: name.to_owned(), crypt, data: data.into() }
}

/// A mode with a vector, no padding, no additional data.
pub(super) fn with(mode: u8, iv: &[u8]) -> Crypt {
    Crypt { mode, padding: NO_PADDING, tag: 0, iv: iv.to_vec(), aad: Vec::new() }
}

/// Bytes written in hexadecimal.
pub(super) fn hex(text: &str) -> Vec<u8> {
    hex::decode(text).unwrap_or_default()
}

/// A digest of 32 bytes.
pub(super) const DIGEST_256: [u8; 32] = [0xA7; 32];
