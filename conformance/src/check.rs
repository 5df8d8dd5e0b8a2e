//! Checks: what the model says about a success, verified on the value itself by the runner's own means.

use bancada_crypto::ec::EcPublicKey;
use bancada_crypto::edwards::{Ed25519PrivateKey, Ed25519PublicKey, X25519PrivateKey, X25519PublicKey};
use bancada_crypto::hash::HashAlg;
use bancada_crypto::rsa::{RsaPrivateKey, RsaPublicKey, max_pss_salt_len};
use bancada_wire::status::Status;

use crate::memory::Memory;
use crate::outcome::{ObjectRow, Outcome, UserRow, Value, status_text};
use crate::scenario::number::{self, ACL_VIRTUAL_OTP, EXPORTABLE};
use crate::scenario::{MASTER, Policy, Slot};

mod der;
mod log;

/// What an action must come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expect {
    /// It says nothing, because what it refers to is not there; it is not played.
    Skip,
    /// No document tells; the client must not fail over it.
    Any,
    /// Success, and the value fits.
    Ok(Check),
    /// This error.
    Status(Status),
    /// The connection is gone.
    Disconnected,
}

/// What a value must be.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields say what they are")]
pub enum Check {
    /// Whatever it is.
    Any,
    /// Exactly these bytes.
    Bytes(Vec<u8>),
    /// The bytes an earlier action kept.
    SameAs(Slot),
    /// So many bytes.
    Length(usize),
    /// A signature that verifies under a public key.
    Signature { public: PublicRef, scheme: Scheme, message: Vec<u8> },
    /// A public key of an algorithm, in SubjectPublicKeyInfo or the shorter form; the same as another one.
    Public { algorithm: u32, x509: bool, same: Option<PublicRef> },
    /// A private key whose public half is known.
    Private { algorithm: u32, public: Option<PublicRef> },
    /// A certification request, signed by the key it names, with the subject's common name in it.
    Request { public: Option<PublicRef>, common_name: String },
    /// An encrypted PKCS#8 envelope.
    Envelope,
    /// These users, in this order.
    Users(Vec<UserRow>),
    /// This user.
    User(UserRow),
    /// These objects, in this order; attributes count as far as exportability and usage profile.
    Objects(Vec<ObjectRow>),
    /// This object.
    Object(ObjectRow),
    /// These permissions, in whatever order.
    Grants(Vec<(String, u32)>),
    /// This policy.
    Policy(Policy),
    /// A token of 16 bytes; the moment of its expiry, if told, is this.
    Token { expiration: Option<u64> },
    /// The tokens in these slots, in whatever order.
    Tokens(Vec<Slot>),
    /// `n` parts of 27 bytes and this secret; any other than zero when none was given.
    Split { secret: Option<Vec<u8>>, n: u8 },
    /// A session opened; a device in this mode.
    Opened { mode: u32 },
    /// A session of this kind.
    Session { kind: u8, mode: u32, user: String, tls: Option<bool> },
    /// A device in this mode, with so many users and permanent objects.
    Server { mode: u32, users: u64, objects: u64 },
    /// Lines in the documented format; so many at least, and at most.
    Log { least: usize, most: usize },
}

/// Where a public key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicRef {
    /// In a slot.
    Slot(Slot),
    /// Here, as DER.
    Der(Vec<u8>),
}

/// How a message was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the vendor's numbers")]
pub enum Scheme {
    /// RSA over a digest.
    Rsa { padding: u8, hash: u8 },
    /// ECDSA over a digest.
    Ecdsa,
    /// Ed25519 over the message.
    Eddsa,
}

impl std::fmt::Display for Expect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Skip => f.write_str("nothing"),
            Self::Any => f.write_str("any answer of the device"),
            Self::Ok(Check::Any) => f.write_str("success"),
            Self::Ok(check) => write!(f, "success with {check:?}"),
            Self::Status(status) => f.write_str(&status_text(*status)),
            Self::Disconnected => f.write_str("the connection to be gone"),
        }
    }
}

/// Compares an outcome with what was expected.
///
/// # Errors
/// The difference, in words.
pub fn compare(expect: &Expect, outcome: &Outcome, memory: &Memory) -> Result<(), String> {
    match (expect, outcome) {
        (Expect::Skip, _) => Ok(()),
        (Expect::Any, Outcome::Ok(_) | Outcome::Status(_)) => Ok(()),
        (Expect::Ok(check), Outcome::Ok(value)) => {
            check.holds(value, memory).map_err(|reason| format!("{reason}; got {value}"))
        }
        (Expect::Status(status), Outcome::Status(got)) if status == got => Ok(()),
        (Expect::Disconnected, Outcome::Disconnected) => Ok(()),
        _ => Err(format!("expected {expect}, got {outcome}")),
    }
}

impl Check {
    /// Whether a value fits.
    ///
    /// # Errors
    /// The difference, in words.
    pub fn holds(&self, value: &Value, memory: &Memory) -> Result<(), String> {
        match (self, value) {
            (Self::Any, _) => Ok(()),
            (Self::Bytes(bytes), Value::Bytes(got)) => {
                equal("the bytes", &hex::encode(bytes), &hex::encode(got))
            }
            (Self::SameAs(slot), Value::Bytes(got)) => match memory.slot(*slot) {
                Some(bytes) => equal("the bytes", &hex::encode(bytes), &hex::encode(got)),
                None => Ok(()),
            },
            (Self::Length(length), Value::Bytes(got)) => equal("the length", length, &got.len()),
            (Self::Users(users), Value::Users(got)) => equal("the list", users, &visible_all(got)),
            (Self::User(user), Value::User(got)) => equal("the user", user, &visible(got)),
            (Self::Objects(objects), Value::Objects(got)) => {
                let named = got.iter().filter(|row| !row.name.is_empty());
                equal("the list", objects, &named.map(|row| stated(row, None)).collect())
            }
            (Self::Object(object), Value::Object(got)) => {
                equal("the object", object, &stated(got, object.key_bits))
            }
            (Self::Grants(grants), Value::Grants(got)) => {
                equal("the permissions", &sorted(grants), &sorted(got))
            }
            (Self::Policy(policy), Value::Policy(got)) => {
                equal("the policy", &effective(*policy), &effective(*got))
            }
            (Self::Opened { mode }, Value::Opened { mode: got }) => {
                got.map_or(Ok(()), |got| equal("the operating mode", mode, &got))
            }
            (
                Self::Session { kind, mode, user, tls },
                Value::Session { kind: k, mode: m, user: u, cipher },
            ) => {
                equal("the kind of session", kind, k)?;
                equal("the operating mode", mode, m)?;
                equal("the user", user, u)?;
                tls.map_or(Ok(()), |tls| equal("whether a cipher suite is named", &tls, &!cipher.is_empty()))
            }
            (
                Self::Server { mode, users, objects },
                Value::Server { mode: m, users: u, objects: o, named },
            ) => {
                equal("the operating mode", mode, m)?;
                equal("the number of users", users, u)?;
                equal("the number of objects", objects, o)?;
                equal("whether model, serial number and versions are told", &true, named)
            }
            (Self::Log { least, most }, Value::Log { next, text }) => log::check(text, *next, *least, *most),
            _ => self.holds_secret(value, memory),
        }
    }

    fn holds_secret(&self, value: &Value, memory: &Memory) -> Result<(), String> {
        match (self, value) {
            (Self::Token { expiration }, Value::Token { key, expiration: got }) => {
                equal("the length of the token's key", &16, &key.len())?;
                match (expiration, got) {
                    (Some(expected), Some(got)) => equal("the token's expiry", expected, got),
                    _ => Ok(()),
                }
            }
            (Self::Tokens(slots), Value::Tokens(keys)) => {
                let expected: Vec<Vec<u8>> =
                    slots.iter().filter_map(|slot| memory.slot(*slot)).map(<[u8]>::to_vec).collect();
                equal("the tokens", &sorted(&expected), &sorted(keys))
            }
            (Self::Split { secret, n }, Value::Split { secret: got, parts }) => {
                equal("the length of all parts", &(usize::from(*n) * 27), &parts.len())?;
                match secret {
                    Some(secret) => equal("the secret", secret, got),
                    None if got.iter().all(|byte| *byte == 0) => {
                        Err("the secret drawn is all zero".to_owned())
                    }
                    None => Ok(()),
                }
            }
            (Self::Signature { public, scheme, message }, Value::Bytes(signature)) => {
                match public.der(memory) {
                    Some(der) => verify(&der, scheme, message, signature),
                    None if signature.is_empty() => Err("the signature is empty".to_owned()),
                    None => Ok(()),
                }
            }
            (Self::Public { algorithm, x509, same }, Value::Bytes(der)) => {
                public_key(*algorithm, *x509, der)?;
                match same.as_ref().and_then(|same| same.der(memory)) {
                    Some(other) => equal("the public key", &spki(&other), &spki(der)),
                    None => Ok(()),
                }
            }
            (Self::Private { algorithm, public }, Value::Bytes(der)) => {
                let own = private_to_spki(*algorithm, der)?;
                match public.as_ref().and_then(|public| public.der(memory)) {
                    Some(public) => equal("the public half", &spki(&public), &Some(own)),
                    None => Ok(()),
                }
            }
            (Self::Request { public, common_name }, Value::Bytes(der)) => {
                der::check_request(der, public.as_ref().and_then(|public| public.der(memory)), common_name)
            }
            (Self::Envelope, Value::Bytes(der)) => der::check_envelope(der),
            _ => Err(format!("expected {self:?}")),
        }
    }
}

impl PublicRef {
    fn der(&self, memory: &Memory) -> Option<Vec<u8>> {
        match self {
            Self::Slot(slot) => memory.slot(*slot).map(<[u8]>::to_vec),
            Self::Der(der) => Some(der.clone()),
        }
    }
}

/// The hash of a vendor number.
#[must_use]
pub fn hash_of(number: u8) -> Option<HashAlg> {
    Some(match number {
        number::MD5 => HashAlg::Md5,
        number::SHA1 => HashAlg::Sha1,
        number::SHA224 => HashAlg::Sha224,
        number::SHA256 => HashAlg::Sha256,
        number::SHA384 => HashAlg::Sha384,
        number::SHA512 => HashAlg::Sha512,
        number::SHA3_224 => HashAlg::Sha3_224,
        number::SHA3_256 => HashAlg::Sha3_256,
        number::SHA3_384 => HashAlg::Sha3_384,
        number::SHA3_512 => HashAlg::Sha3_512,
        _ => return None,
    })
}

/// An RSA public key in either form.
pub(crate) fn rsa_public(der: &[u8]) -> Option<RsaPublicKey> {
    RsaPublicKey::from_spki(der).or_else(|_| RsaPublicKey::from_pkcs1(der)).ok()
}

/// Verifies a signature by the runner's own means.
///
/// # Errors
/// The reason it does not verify.
pub fn verify(public: &[u8], scheme: &Scheme, message: &[u8], signature: &[u8]) -> Result<(), String> {
    let result = match scheme {
        Scheme::Rsa { padding, hash } => {
            let key = rsa_public(public).ok_or("the public key is no RSA key")?;
            let hash = hash_of(*hash).ok_or("the hash is unknown")?;
            match *padding {
                number::RSA_PKCS1 => key.verify_pkcs1(Some(hash), message, signature),
                number::RSA_PSS => pss(&key, hash, message, signature),
                _ => key.verify_x931(hash, message, signature),
            }
        }
        Scheme::Ecdsa => EcPublicKey::from_spki(public)
            .map_err(|error| format!("the public key is no ECC key: {error}"))?
            .verify_prehash(message, signature),
        Scheme::Eddsa => Ed25519PublicKey::from_spki(public)
            .map_err(|error| format!("the public key is no Ed25519 key: {error}"))?
            .verify(message, signature),
    };
    result.map_err(|error| format!("the signature does not verify under the exported public key: {error}"))
}

/// The documents name a maximal salt and one as long as the hash; either is a PSS signature.
fn pss(
    key: &RsaPublicKey,
    hash: HashAlg,
    message: &[u8],
    signature: &[u8],
) -> Result<(), bancada_crypto::CryptoError> {
    key.verify_pss(hash, Some(hash.output_len()), message, signature)
        .or_else(|_| key.verify_pss(hash, Some(max_pss_salt_len(key.bits(), hash)), message, signature))
}

fn public_key(algorithm: u32, x509: bool, der: &[u8]) -> Result<(), String> {
    let known = match algorithm {
        number::RSA_1024 | number::RSA_2048 | number::RSA_3072 | number::RSA_4096 => {
            let key = if x509 { RsaPublicKey::from_spki(der) } else { RsaPublicKey::from_pkcs1(der) };
            key.map(|_| ())
        }
        number::ED25519 => Ed25519PublicKey::from_spki(der).map(|_| ()),
        number::X25519 => X25519PublicKey::from_spki(der).map(|_| ()),
        _ => EcPublicKey::from_spki(der).map(|_| ()),
    };
    known.map_err(|error| format!("not a public key in the form asked for: {error}"))
}

/// A public key in one form whatever form it came in.
pub(crate) fn spki(der: &[u8]) -> Option<Vec<u8>> {
    match rsa_public(der) {
        Some(key) => Some(key.to_spki()),
        None => Some(der.to_vec()),
    }
}

/// The public half of a private key as the device exports it in clear.
pub(crate) fn private_to_spki(algorithm: u32, der: &[u8]) -> Result<Vec<u8>, String> {
    let public = match algorithm {
        number::RSA_1024 | number::RSA_2048 | number::RSA_3072 | number::RSA_4096 => {
            RsaPrivateKey::from_pkcs1(der).and_then(|key| key.public_key()).map(|key| key.to_spki())
        }
        number::ED25519 => {
            Ed25519PrivateKey::from_pkcs8(der).and_then(|key| key.public()).map(|key| key.to_spki())
        }
        number::X25519 => {
            X25519PrivateKey::from_pkcs8(der).and_then(|key| key.public()).map(|key| key.to_spki())
        }
        _ => bancada_crypto::ec::EcPrivateKey::from_sec1(der)
            .and_then(|key| key.public_key())
            .map(|key| key.to_spki()),
    };
    public.map_err(|error| format!("not a private key in the documented form: {error}"))
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, expected: &T, got: &T) -> Result<(), String> {
    if expected == got {
        return Ok(());
    }
    Err(format!("{what} should be {expected:?}, not {got:?}"))
}

fn sorted<T: Ord + Clone>(items: &[T]) -> Vec<T> {
    let mut items = items.to_vec();
    items.sort();
    items
}

/// A row with what the model states of it: the bits of a mask that say how a user logs in, apart from that of
/// one-time passwords, are the device's own affair; of the factory operator only that it is one.
fn visible(row: &UserRow) -> UserRow {
    let mask = if row.user == MASTER { number::ACL_SYS_OPERATOR } else { number::ACL_ALL | ACL_VIRTUAL_OTP };
    UserRow { acl: row.acl & mask, ..row.clone() }
}

fn visible_all(rows: &[UserRow]) -> Vec<UserRow> {
    rows.iter().map(visible).collect()
}

/// A row with the attributes the documents speak of.
fn stated(row: &ObjectRow, expected_bits: Option<u32>) -> ObjectRow {
    ObjectRow {
        attributes: row.attributes & (EXPORTABLE | number::AUP_MASK),
        key_bits: expected_bits.and(row.key_bits),
        ..row.clone()
    }
}

/// A policy with its defaults written out: 0 stands for 7 wrong logins and for 8 characters.
pub(crate) fn effective(policy: Policy) -> Policy {
    Policy {
        max_invalid_logins: if policy.max_invalid_logins == 0 { 7 } else { policy.max_invalid_logins },
        min_length: policy.min_length.max(8),
        ..policy
    }
}
