//! Calls: what a session is asked to do, in terms every client could understand.

use serde::{Deserialize, Serialize};

use super::data::hex_bytes;
use super::{Data, Expiry, Otp};

/// An operation with its arguments. Numbers are the vendor's (header dinamo.h, 2021-03-31).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "call", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the arguments are named as in the operations of bancada-wire")]
pub enum Call {
    /// Asks for a sign of life.
    Ping,
    /// Asks about the device.
    ServerInfo,
    /// Asks about the session.
    SessionInfo,
    /// Changes the own password.
    ChangePassword { password: String },
    /// Creates a user.
    CreateUser { user: String, password: String, acl: u32 },
    /// Removes a user.
    DeleteUser { user: String, commit: u8 },
    /// Lists users.
    ListUsers { after: String, max: u32 },
    /// Asks about a user; empty for oneself.
    UserInfo { user: String },
    /// Blocks or unblocks a user.
    BlockUser { user: String, blocked: bool },
    /// Gives another user a new password.
    ResetPassword { user: String, password: String },
    /// Sets a user's permissions.
    SetAcl { user: String, acl: u32 },
    /// Binds a one-time password generator to a user.
    AssignOtp {
        user: String,
        totp: bool,
        #[serde(with = "hex_bytes")]
        key: Vec<u8>,
    },
    /// Takes the generator away.
    UnassignOtp { user: String },
    /// Finds a generator again from two consecutive passwords.
    ResyncOtp { user: String, first: Otp, second: Otp },
    /// Lets a user into the own partition.
    Grant { user: String, acl: u32 },
    /// Lists trusters (1) or trustees (2).
    ListGrants { user: String, direction: u8 },
    /// Reads the password policy.
    GetPolicy,
    /// Sets the password policy.
    SetPolicy { policy: Policy },
    /// Makes a key.
    CreateKey { name: String, algorithm: u32, attributes: u32 },
    /// Imports a key in clear.
    ImportKey { name: String, algorithm: u32, attributes: u32, material: Data },
    /// Exports an object in clear.
    ExportObject { name: String, raw: bool },
    /// Exports a public key.
    ExportPublic { name: String, x509: bool },
    /// Removes an object.
    RemoveObject { name: String },
    /// Lists objects.
    ListObjects { partition: String, after: String, max: u32 },
    /// Blocks or unblocks an object.
    BlockObject { name: String, blocked: bool },
    /// Asks about an object.
    ObjectInfo { name: String },
    /// Stores bytes or a certificate.
    CreateBlob { name: String, data: Data },
    /// Signs a digest with RSA.
    RsaSign { name: String, padding: u8, hash: u8, digest: Data },
    /// Verifies an RSA signature.
    RsaVerify { name: String, padding: u8, hash: u8, digest: Data, signature: Data },
    /// Signs a digest with ECDSA.
    EccSign { name: String, hash: u8, digest: Data },
    /// Verifies an ECDSA signature.
    EccVerify { name: String, hash: u8, digest: Data, signature: Data },
    /// Signs data with EdDSA.
    EddsaSign { name: String, data: Data },
    /// Verifies an EdDSA signature.
    EddsaVerify { name: String, data: Data, signature: Data },
    /// Opens an RSA envelope.
    OpenEnvelope { name: String, block: Data },
    /// Decrypts a block with RSA.
    RsaDecrypt { name: String, padding: u8, hash: u8, block: Data },
    /// Encrypts with a symmetric key.
    Encrypt { name: String, crypt: Crypt, data: Data },
    /// Decrypts with a symmetric key.
    Decrypt { name: String, crypt: Crypt, data: Data },
    /// Computes a MAC in one go.
    Mac { name: String, algorithm: u8, data: Data },
    /// Starts a hash or MAC over a stream.
    HashStart { algorithm: u8, key: String },
    /// Feeds a running hash.
    HashCont { ticket: Data, data: Data },
    /// Ends a running hash.
    HashEnd { ticket: Data },
    /// Hashes a stream with the client's own means.
    Hash { algorithm: u8, key: String, data: Data },
    /// Agrees on a secret.
    GenEcdh {
        name: String,
        derivation: u8,
        length: u16,
        #[serde(with = "hex_bytes")]
        info: Vec<u8>,
        peer: Data,
    },
    /// Exports a key encrypted by another key.
    KekExport {
        mode: u8,
        padding: u8,
        #[serde(with = "hex_bytes")]
        iv: Vec<u8>,
        kek: String,
        name: String,
    },
    /// Imports a key encrypted by another key.
    KekImport {
        mode: u8,
        padding: u8,
        #[serde(with = "hex_bytes")]
        iv: Vec<u8>,
        kek: String,
        name: String,
        algorithm: u32,
        attributes: u32,
        data: Data,
    },
    /// Makes a PKCS#10 certification request.
    Csr { name: String, subject: String, hash: Option<u8> },
    /// Exports a private key in an encrypted PKCS#8 envelope.
    P8Export { name: String, password: String },
    /// Imports a private key from an encrypted PKCS#8 envelope.
    P8Import { name: String, algorithm: u32, attributes: u32, password: String, envelope: Data },
    /// Issues an access token.
    IssueToken { expires: Expiry },
    /// Revokes an access token.
    RevokeToken { key: Data },
    /// Lists the own access tokens.
    ListTokens,
    /// Splits a secret; all zero to have one drawn.
    Split {
        #[serde(with = "hex_bytes")]
        secret: Vec<u8>,
        m: u8,
        n: u8,
    },
    /// Recovers a secret from parts of 27 bytes, picked by position.
    Recover { parts: Data, pick: Vec<u8> },
    /// Draws random bytes.
    Random { length: u32 },
    /// Changes the operating mode.
    SetMode { mode: u32 },
    /// Reads the audit log.
    LogRead { start: u32, max: u32 },
    /// Empties the audit log.
    LogTruncate,
}

/// How to encrypt or decrypt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crypt {
    /// Mode (`MODE_*`).
    pub mode: u8,
    /// Padding (`D_*_PADDING`).
    pub padding: u8,
    /// GCM: bytes of the tag; 0 for 16.
    #[serde(default)]
    pub tag: u8,
    /// Vector, counter block or nonce.
    #[serde(with = "hex_bytes", default)]
    pub iv: Vec<u8>,
    /// GCM: additional data.
    #[serde(with = "hex_bytes", default)]
    pub aad: Vec<u8>,
}

/// Rules for passwords (`PWD_SEC_POLICY`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of PwdPolicy in bancada-wire")]
pub struct Policy {
    pub max_invalid_logins: u8,
    pub expiration_days: u8,
    pub history: u8,
    pub min_length: u8,
    pub min_special: u8,
    pub min_upper: u8,
    pub min_lower: u8,
}

impl Call {
    /// The call's name as it is stored: `create_key`.
    #[must_use]
    pub fn name(&self) -> String {
        match serde_json::to_value(self).ok().and_then(|value| value["call"].as_str().map(str::to_owned)) {
            Some(name) => name,
            None => format!("{self:?}"),
        }
    }

    /// Whether the vendor's public client shows the operation; the others are this project's own.
    #[must_use]
    pub fn is_vendors(&self) -> bool {
        matches!(
            self,
            Self::ChangePassword { .. }
                | Self::CreateUser { .. }
                | Self::DeleteUser { .. }
                | Self::CreateKey { .. }
                | Self::ImportKey { .. }
                | Self::ExportObject { .. }
                | Self::ExportPublic { .. }
                | Self::CreateBlob { .. }
                | Self::RsaSign { .. }
                | Self::RsaVerify { .. }
                | Self::EccSign { .. }
                | Self::EccVerify { .. }
                | Self::EddsaSign { .. }
                | Self::EddsaVerify { .. }
                | Self::OpenEnvelope { .. }
                | Self::HashStart { .. }
                | Self::HashCont { .. }
                | Self::HashEnd { .. }
                | Self::Hash { .. }
                | Self::KekExport { .. }
                | Self::KekImport { .. }
                | Self::Csr { .. }
                | Self::P8Export { .. }
                | Self::P8Import { .. }
                | Self::IssueToken { .. }
                | Self::RevokeToken { .. }
                | Self::ListTokens
                | Self::Split { .. }
                | Self::Recover { .. }
        )
    }

    /// Every place in the call that holds bytes which may come from an earlier result.
    pub fn data_mut(&mut self) -> Vec<&mut Data> {
        match self {
            Self::ImportKey { material: data, .. }
            | Self::CreateBlob { data, .. }
            | Self::RsaSign { digest: data, .. }
            | Self::EccSign { digest: data, .. }
            | Self::EddsaSign { data, .. }
            | Self::OpenEnvelope { block: data, .. }
            | Self::RsaDecrypt { block: data, .. }
            | Self::Encrypt { data, .. }
            | Self::Decrypt { data, .. }
            | Self::Mac { data, .. }
            | Self::HashEnd { ticket: data }
            | Self::Hash { data, .. }
            | Self::GenEcdh { peer: data, .. }
            | Self::KekImport { data, .. }
            | Self::P8Import { envelope: data, .. }
            | Self::RevokeToken { key: data }
            | Self::Recover { parts: data, .. } => vec![data],
            Self::RsaVerify { digest: first, signature: second, .. }
            | Self::EccVerify { digest: first, signature: second, .. }
            | Self::EddsaVerify { data: first, signature: second, .. }
            | Self::HashCont { ticket: first, data: second } => vec![first, second],
            _ => Vec::new(),
        }
    }

    /// The names of objects in the call.
    pub fn object_names_mut(&mut self) -> Vec<&mut String> {
        match self {
            Self::CreateKey { name, .. }
            | Self::ImportKey { name, .. }
            | Self::ExportObject { name, .. }
            | Self::ExportPublic { name, .. }
            | Self::RemoveObject { name }
            | Self::BlockObject { name, .. }
            | Self::ObjectInfo { name }
            | Self::CreateBlob { name, .. }
            | Self::RsaSign { name, .. }
            | Self::RsaVerify { name, .. }
            | Self::EccSign { name, .. }
            | Self::EccVerify { name, .. }
            | Self::EddsaSign { name, .. }
            | Self::EddsaVerify { name, .. }
            | Self::OpenEnvelope { name, .. }
            | Self::RsaDecrypt { name, .. }
            | Self::Encrypt { name, .. }
            | Self::Decrypt { name, .. }
            | Self::Mac { name, .. }
            | Self::HashStart { key: name, .. }
            | Self::Hash { key: name, .. }
            | Self::GenEcdh { name, .. }
            | Self::Csr { name, .. }
            | Self::P8Export { name, .. }
            | Self::P8Import { name, .. } => vec![name],
            Self::KekExport { kek, name, .. } | Self::KekImport { kek, name, .. } => vec![kek, name],
            _ => Vec::new(),
        }
    }
}
