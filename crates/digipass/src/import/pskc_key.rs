//! The keys of a PSKC file: pre-shared or from a passphrase, and what they decrypt (RFC 6030 section 6, XML Encryption, RFC 8018).

use std::num::NonZeroU32;

use bancada_crypto::cipher::{Mode, Padding, SymAlg, SymKey};
use bancada_crypto::ct_eq;
use bancada_crypto::hash::HashAlg;
use bancada_crypto::kdf::pbkdf2;
use bancada_crypto::mac::Hmac;
use roxmltree::Node;
use zeroize::Zeroizing;

use super::ImportError;
use super::pskc::{base64_of, child, text_of};

const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
const PBKDF2: &str = "http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#pbkdf2";
const PBKDF2_11: &str = "http://www.w3.org/2009/xmlenc11#pbkdf2";
const HMAC_SHA1: &str = "http://www.w3.org/2000/09/xmldsig#hmac-sha1";

/// The most rounds of a key derivation, so that a file cannot keep a host busy for long.
const MOST_ROUNDS: u32 = 2_000_000;

/// What opens a PSKC file.
#[derive(Clone, Copy)]
pub enum PskcKey<'a> {
    /// Nothing: its secrets must be in clear.
    None,
    /// A pre-shared key.
    PreShared(&'a [u8]),
    /// A passphrase, from which PBKDF2 makes the key.
    Passphrase(&'a str),
}

/// Opens the encrypted values of one file.
pub(super) struct Opener {
    key: Option<Zeroizing<Vec<u8>>>,
    mac: Option<(HashAlg, Zeroizing<Vec<u8>>)>,
}

impl Opener {
    /// From the container's EncryptionKey and MACMethod elements and the user's key.
    pub(super) fn new(container: Node<'_, '_>, key: PskcKey<'_>) -> Result<Self, ImportError> {
        let declared = child(container, "EncryptionKey");
        let key = match (declared, key) {
            (None, _) | (_, PskcKey::None) => None,
            (Some(declared), key) => Some(encryption_key(declared, key)?),
        };
        let mut opener = Self { key, mac: None };
        if let (Some(method), Some(key)) = (child(container, "MACMethod"), opener.key.clone()) {
            let alg = mac_algorithm(method.attribute("Algorithm").unwrap_or_default())?;
            // Without a key of its own the code is made with the encryption key.
            let mac_key = match child(method, "MACKey") {
                Some(element) => opener.decrypt(element, "MACKey")?.0,
                None => key,
            };
            opener.mac = Some((alg, mac_key));
        }
        Ok(opener)
    }

    /// The value of an EncryptedValue element, whose code stands in a ValueMAC element beside it.
    pub(super) fn open(&self, data: Node<'_, '_>, place: &str) -> Result<Zeroizing<Vec<u8>>, ImportError> {
        let Some(value) = child(data, "EncryptedValue") else {
            return Err(ImportError::content(place, "it has neither PlainValue nor EncryptedValue"));
        };
        let (cipher_value, wraps) = cipher_value(value, place)?;
        match (child(data, "ValueMAC"), &self.mac) {
            (Some(code), Some((alg, key))) => {
                let mut mac = Hmac::new(*alg, key);
                mac.update(&cipher_value);
                if !ct_eq(&mac.finish(), &base64_of(code, place)?) {
                    return Err(ImportError::WrongKey);
                }
            }
            // Key wrap proves itself; anything else must not be decrypted unproven (RFC 6030 section 6.2).
            (None, _) if wraps => {}
            (_, None) if self.key.is_some() => {
                return Err(ImportError::content(
                    place,
                    "the container names no MACMethod for its encrypted values",
                ));
            }
            (None, _) => return Err(ImportError::content(place, "ValueMAC is missing")),
            (Some(_), None) => {}
        }
        Ok(self.decrypt(value, place)?.0)
    }

    fn decrypt(&self, element: Node<'_, '_>, place: &str) -> Result<(Zeroizing<Vec<u8>>, bool), ImportError> {
        let key = self.key.as_ref().ok_or(ImportError::WrongKey)?;
        let method = child(element, "EncryptionMethod")
            .and_then(|method| method.attribute("Algorithm"))
            .unwrap_or_default();
        let (alg, wraps) = algorithm(method, place)?;
        let key = SymKey::new(alg, key).map_err(|_| ImportError::WrongKey)?;
        let (bytes, _) = cipher_value(element, place)?;
        let mut out = Zeroizing::new(Vec::new());
        let result = if wraps {
            key.decrypt(Mode::Kw, Padding::None, &[], &bytes, &mut out)
        } else {
            let (iv, data) = bytes
                .split_at_checked(alg.block_len())
                .ok_or_else(|| ImportError::content(place, "the encrypted value is too short"))?;
            key.decrypt(Mode::Cbc, Padding::None, iv, data, &mut out)
        };
        result.map_err(|_| ImportError::WrongKey)?;
        if !wraps {
            unpad(&mut out, alg.block_len())?;
        }
        Ok((out, wraps))
    }
}

/// Removes the padding of XML Encryption: the last byte tells how many there are.
fn unpad(data: &mut Vec<u8>, block: usize) -> Result<(), ImportError> {
    let count = data.last().map_or(0, |last| usize::from(*last));
    if count == 0 || count > block || count > data.len() {
        return Err(ImportError::WrongKey);
    }
    data.truncate(data.len() - count);
    Ok(())
}

fn cipher_value(element: Node<'_, '_>, place: &str) -> Result<(Vec<u8>, bool), ImportError> {
    let method = child(element, "EncryptionMethod")
        .and_then(|method| method.attribute("Algorithm"))
        .unwrap_or_default();
    let value = child(element, "CipherData").and_then(|data| child(data, "CipherValue"));
    let value = value.ok_or_else(|| ImportError::content(place, "CipherValue is missing"))?;
    Ok((base64_of(value, place)?, method.contains("#kw-")))
}

fn algorithm(name: &str, place: &str) -> Result<(SymAlg, bool), ImportError> {
    Ok(match name.strip_prefix(XENC).unwrap_or_default() {
        "aes128-cbc" => (SymAlg::Aes128, false),
        "aes192-cbc" => (SymAlg::Aes192, false),
        "aes256-cbc" => (SymAlg::Aes256, false),
        "tripledes-cbc" => (SymAlg::Des3_168, false),
        "kw-aes128" => (SymAlg::Aes128, true),
        "kw-aes192" => (SymAlg::Aes192, true),
        "kw-aes256" => (SymAlg::Aes256, true),
        _ => return Err(ImportError::unsupported(place, format!("the encryption `{}`", short(name)))),
    })
}

fn mac_algorithm(name: &str) -> Result<HashAlg, ImportError> {
    match name.rsplit('#').next().unwrap_or_default() {
        "hmac-sha1" => Ok(HashAlg::Sha1),
        "hmac-sha256" => Ok(HashAlg::Sha256),
        "hmac-sha512" => Ok(HashAlg::Sha512),
        _ => Err(ImportError::unsupported("MACMethod", format!("the algorithm `{}`", short(name)))),
    }
}

fn encryption_key(declared: Node<'_, '_>, key: PskcKey<'_>) -> Result<Zeroizing<Vec<u8>>, ImportError> {
    if child(declared, "X509Data").is_some() {
        return Err(ImportError::unsupported("EncryptionKey", "encryption for a certificate"));
    }
    match (child(declared, "DerivedKey"), key) {
        (Some(derived), PskcKey::Passphrase(passphrase)) => derived_key(derived, passphrase),
        (_, PskcKey::PreShared(key)) => Ok(Zeroizing::new(key.to_vec())),
        (None, _) => {
            Err(ImportError::content("EncryptionKey", "the file wants a pre-shared key, not a passphrase"))
        }
        (Some(_), PskcKey::None) => Err(ImportError::WrongKey),
    }
}

fn derived_key(derived: Node<'_, '_>, passphrase: &str) -> Result<Zeroizing<Vec<u8>>, ImportError> {
    let place = "KeyDerivationMethod";
    let method = child(derived, place)
        .ok_or_else(|| ImportError::content("DerivedKey", "KeyDerivationMethod is missing"))?;
    let name = method.attribute("Algorithm").unwrap_or_default();
    if name != PBKDF2 && name != PBKDF2_11 {
        return Err(ImportError::unsupported(place, format!("the derivation `{}`", short(name))));
    }
    let missing = |what: &str| ImportError::content(place, format!("{what} is missing or out of range"));
    let params = child(method, "PBKDF2-params").ok_or_else(|| missing("PBKDF2-params"))?;
    let salt =
        child(params, "Salt").and_then(|salt| child(salt, "Specified")).ok_or_else(|| missing("Salt"))?;
    let salt = base64_of(salt, place)?;
    let number = |name: &str| child(params, name).and_then(|node| text_of(node).parse::<u32>().ok());
    let rounds = number("IterationCount").filter(|rounds| *rounds <= MOST_ROUNDS).and_then(NonZeroU32::new);
    let rounds = rounds.ok_or_else(|| missing("IterationCount"))?;
    let len = number("KeyLength").filter(|len| (1..=64).contains(len)).ok_or_else(|| missing("KeyLength"))?;
    let prf = child(params, "PRF").and_then(|prf| prf.attribute("Algorithm")).unwrap_or(HMAC_SHA1);
    let mut key = Zeroizing::new(vec![0; len as usize]);
    pbkdf2(mac_algorithm(prf)?, rounds, &salt, passphrase.as_bytes(), &mut key).map_err(|_| {
        ImportError::unsupported(place, format!("the pseudo-random function `{}`", short(prf)))
    })?;
    Ok(key)
}

fn short(name: &str) -> String {
    name.chars().take(80).collect()
}
