//! Signatures, encryption, MACs and agreement (§6).

use bancada_crypto::cipher::{Mode, Padding, SymAlg, SymKey};
use bancada_crypto::hash::HashAlg;
use bancada_crypto::mac::{cmac_3des, cmac_aes, hmac};
use bancada_wire::status::Status;

use super::rules::{self, Algorithm, Kind, Use};
use super::state::{MaterialId, Origin};
use super::{Fault, Model, fault, require};
use crate::check::{Check, Scheme, hash_of};
use crate::scenario::number::*;
use crate::scenario::{Call, Change, Crypt, Data, Handle};

type Answer = Result<(Check, Option<Origin>), Fault>;

impl Model {
    pub(super) fn crypto_call(&mut self, handle: Handle, call: &Call) -> Answer {
        match call {
            Call::RsaSign { name, padding, hash, digest } => {
                let scheme = Scheme::Rsa { padding: *padding, hash: *hash };
                self.sign(handle, name, scheme, digest)
            }
            Call::EccSign { name, hash, digest } => {
                self.ecc_hash(handle, name, *hash, digest)?;
                self.sign(handle, name, Scheme::Ecdsa, digest)
            }
            Call::EddsaSign { name, data } => self.sign(handle, name, Scheme::Eddsa, data),
            Call::RsaVerify { name, padding, hash, digest, signature } => {
                let scheme = Scheme::Rsa { padding: *padding, hash: *hash };
                self.verify(handle, name, &scheme, digest, signature)
            }
            Call::EccVerify { name, hash, digest, signature } => {
                self.ecc_hash(handle, name, *hash, digest)?;
                self.verify(handle, name, &Scheme::Ecdsa, digest, signature)
            }
            Call::EddsaVerify { name, data, signature } => {
                self.verify(handle, name, &Scheme::Eddsa, data, signature)
            }
            Call::OpenEnvelope { name, block } => self.rsa_decrypt(handle, name, PKCS1, 0, block),
            Call::RsaDecrypt { name, padding, hash, block } => {
                self.rsa_decrypt(handle, name, *padding, *hash, block)
            }
            Call::Encrypt { name, crypt, data } => self.encrypt(handle, name, crypt, data),
            Call::Decrypt { name, crypt, data } => self.decrypt(handle, name, crypt, data),
            Call::Mac { name, algorithm, data } => self.mac(handle, name, *algorithm, data),
            Call::GenEcdh { name, derivation, length, info, peer } => {
                self.agree(handle, name, (*derivation, *length, info), peer)
            }
            _ => Err(Fault::Unknown),
        }
    }

    /// The key of a signature, its hash and padding checked.
    fn signing_key(
        &self,
        handle: Handle,
        name: &str,
        scheme: &Scheme,
        message: &Data,
    ) -> Result<MaterialId, Fault> {
        let kind = match scheme {
            Scheme::Rsa { .. } => Kind::Rsa,
            Scheme::Ecdsa => Kind::Ecc,
            Scheme::Eddsa => Kind::Eddsa,
        };
        let (material, _, key) = self.key(handle, name, |known| known.kind == kind, Some(Use::Sign))?;
        if let Scheme::Rsa { padding, hash } = scheme {
            require(rules::hash_approved(*hash, self.mode), Status::ERR_NON_APPROVED_OPERATION)?;
            // The hash is looked at before the padding; bytes behind it mean nothing.
            let known = hash_of(*hash).ok_or(Fault::Status(Status::ERR_INVALID_HASH))?;
            let padded = matches!(*padding, RSA_PKCS1 | RSA_PSS | RSA_X931);
            require(padded, Status::ERR_INVALID_PAYLOAD)?;
            let numbered = matches!(*hash, SHA1 | SHA224 | SHA256 | SHA384 | SHA512);
            require(*padding != RSA_X931 || numbered, Status::ERR_NOT_IMPLEMENTED)?;
            // No document tells how long the salt is, so nor when it does not fit.
            let salted = 2 * known.output_len() + 2 <= key.bits as usize / 8;
            if message.bytes().len() != known.output_len() || (*padding == RSA_PSS && !salted) {
                return Err(Fault::Unknown);
            }
        }
        Ok(material)
    }

    fn ecc_hash(&self, handle: Handle, name: &str, hash: u8, digest: &Data) -> Result<(), Fault> {
        self.key(handle, name, |known| known.kind == Kind::Ecc, Some(Use::Sign))?;
        require(rules::hash_approved(hash, self.mode), Status::ERR_NON_APPROVED_OPERATION)?;
        let known = hash_of(hash).ok_or(Fault::Status(Status::ERR_INVALID_HASH))?;
        let right = self.known_bytes(digest).is_some_and(|digest| digest.len() == known.output_len());
        require(right, Status::ERR_INVALID_HASH)
    }

    fn sign(&self, handle: Handle, name: &str, scheme: Scheme, message: &Data) -> Answer {
        let material = self.signing_key(handle, name, &scheme, message)?;
        let message = self.known_bytes(message).ok_or(Fault::Unknown)?;
        let origin = Origin::Signature { material, scheme: scheme.clone(), message: message.clone() };
        let check = match &self.materials[material].public {
            Some(public) => Check::Signature { public: public.clone(), scheme, message },
            None => Check::Any,
        };
        Ok((check, Some(origin)))
    }

    /// A signature verifies when it was made by the same key over the same message in the same way.
    fn verify(
        &self,
        handle: Handle,
        name: &str,
        scheme: &Scheme,
        message: &Data,
        signature: &Data,
    ) -> Answer {
        let verifying = self.signing_key(handle, name, scheme, message)?;
        let said = self.known_bytes(message).ok_or(Fault::Unknown)?;
        let good = match signature {
            // The field is zero-padded, and the last byte may have been zero.
            Data::Slot { change: Change::Cut(_), .. } if *scheme == Scheme::Eddsa => {
                return Err(Fault::Unknown);
            }
            Data::Slot { slot, change: Change::None } => matches!(
                self.slots.get(slot),
                Some(Origin::Signature { material, scheme: by, message })
                    if *material == verifying && by == scheme && *message == said
            ),
            _ => false,
        };
        require(good, Status::ERR_INVALID_SIGNATURE)?;
        Ok((Check::Any, None))
    }

    /// Only what the runner itself encrypted under the key can be told beforehand.
    fn rsa_decrypt(&self, handle: Handle, name: &str, padding: u8, hash: u8, block: &Data) -> Answer {
        let (material, ..) = self.key(handle, name, |known| known.kind == Kind::Rsa, Some(Use::Cipher))?;
        require(matches!(padding, NO_PADDING | OAEP | PKCS1), Status::ERR_INVALID_PAYLOAD)?;
        let Data::Sealed { public, padding: by, message } = block else { return Err(Fault::Unknown) };
        let same = matches!(
            self.slots.get(public),
            Some(Origin::Public { material: of }) if *of == material
        );
        match same && *by == padding && (padding != OAEP || matches!(hash, 0 | SHA1)) {
            true => Ok((Check::Bytes(message.clone()), None)),
            false => Err(Fault::Unknown),
        }
    }

    fn cipher_key(
        &self,
        handle: Handle,
        name: &str,
        crypt: &Crypt,
    ) -> Result<(MaterialId, Algorithm), Fault> {
        let (material, _, known) = self.key(handle, name, Algorithm::cipher, Some(Use::Cipher))?;
        let published = matches!(crypt.mode, ECB | CBC | CTR | GCM | KW);
        require(
            !published || rules::cipher_approved(known.kind, crypt.mode, self.mode),
            Status::ERR_NON_APPROVED_OPERATION,
        )?;
        let vector = match crypt.mode {
            ECB | KW => crypt.iv.is_empty(),
            CBC | CTR => crypt.iv.len() == known.block(),
            GCM => !crypt.iv.is_empty(),
            _ => return fault(Status::ERR_INVALID_PAYLOAD),
        };
        let padding = match crypt.mode {
            ECB | CBC => matches!(crypt.padding, NO_PADDING | PKCS5 | ZERO_PADDING),
            _ => crypt.padding == NO_PADDING,
        };
        let fits = vector && padding && (crypt.mode == GCM || crypt.aad.is_empty());
        require(fits, Status::ERR_INVALID_PAYLOAD)?;
        match known.kind == Kind::Aes || matches!(crypt.mode, ECB | CBC) {
            true => Ok((material, known)),
            false => Err(Fault::Unknown),
        }
    }

    fn encrypt(&self, handle: Handle, name: &str, crypt: &Crypt, data: &Data) -> Answer {
        let (material, known) = self.cipher_key(handle, name, crypt)?;
        let message = self.known_bytes(data).ok_or(Fault::Unknown)?;
        let whole = message.len() % known.block() == 0;
        match crypt.mode {
            ECB | CBC if crypt.padding == NO_PADDING => require(whole, Status::ERR_INVALID_PAYLOAD)?,
            KW => require(message.len() >= 16 && message.len() % 8 == 0, Status::ERR_INVALID_PAYLOAD)?,
            _ => {}
        }
        let check = match self.materials[material].raw.as_deref().and_then(|raw| sym_key(known, raw)) {
            Some(key) => encrypted(&key, crypt, &message).map_or(Check::Any, Check::Bytes),
            None => Check::Length(encrypted_length(crypt, known.block(), message.len())),
        };
        Ok((check, Some(Origin::Encrypted { material, crypt: crypt.clone(), message })))
    }

    fn decrypt(&self, handle: Handle, name: &str, crypt: &Crypt, data: &Data) -> Answer {
        let (material, _) = self.cipher_key(handle, name, crypt)?;
        let Data::Slot { slot, change } = data else { return Err(Fault::Unknown) };
        let Some(Origin::Encrypted { material: by, crypt: how, message }) = self.slots.get(slot) else {
            return Err(Fault::Unknown);
        };
        let same = *by == material && how == crypt;
        match (same && *change == Change::None, crypt.mode) {
            (true, ECB | CBC) if crypt.padding == ZERO_PADDING => Err(Fault::Unknown),
            (true, _) => Ok((Check::Bytes(message.clone()), None)),
            (false, GCM) if how.mode == GCM && how.tag == crypt.tag && !matches!(change, Change::Cut(_)) => {
                fault(Status::ERR_OPERATION_FAILED)
            }
            (false, _) => Err(Fault::Unknown),
        }
    }

    fn mac(&self, handle: Handle, name: &str, number: u8, data: &Data) -> Answer {
        let material = self.mac_key(handle, name, number)?;
        let message = self.known_bytes(data).ok_or(Fault::Unknown)?;
        Ok((
            self.mac_check(material, number, &message),
            Some(Origin::Mac { material, algorithm: number, message }),
        ))
    }

    /// The key of a MAC; 5537 for a number that names none.
    pub(super) fn mac_key(&self, handle: Handle, name: &str, number: u8) -> Result<MaterialId, Fault> {
        let fits = |key: u32| rules::mac_key_fits(number, key);
        let (material, object, _) = self.key(handle, name, |_| true, Some(Use::Mac))?;
        match fits(object.algorithm) {
            None => return fault(Status::ERR_INVALID_HASH),
            Some(false) => return fault(Status::ERR_INVALID_KEY),
            Some(true) => {}
        }
        require(rules::mac_approved(number, self.mode), Status::ERR_NON_APPROVED_OPERATION)?;
        Ok(material)
    }

    /// What a MAC must be: its value where the key is known, what it was before, or its length.
    pub(super) fn mac_check(&self, material: MaterialId, number: u8, message: &[u8]) -> Check {
        if let Some(value) =
            self.materials[material].raw.as_deref().and_then(|raw| mac_value(number, raw, message))
        {
            return Check::Bytes(value);
        }
        let before = self.slots.iter().find(|(_, origin)| {
            matches!(origin, Origin::Mac { material: m, algorithm: a, message: s }
                if *m == material && *a == number && s == message)
        });
        match before {
            Some((slot, _)) => Check::SameAs(*slot),
            None => Check::Length(mac_length(number)),
        }
    }

    fn agree(&self, handle: Handle, name: &str, how: (u8, u16, &Vec<u8>), peer: &Data) -> Answer {
        let (derivation, length, info) = how;
        let agrees = |known: Algorithm| matches!(known.kind, Kind::Ecc | Kind::Xdh);
        let (mine, object, known) = self.key(handle, name, agrees, None)?;
        require(object.attributes & AUP_MASK == 0, Status::ERR_INVALID_KEY)?;
        let fits = match derivation {
            KDF_RAW => length == 0 && info.is_empty(),
            KDF_X963_SHA256 => length > 0,
            _ => return fault(Status::ERR_INVALID_PAYLOAD),
        };
        require(fits, Status::ERR_INVALID_PAYLOAD)?;
        let Data::Slot { slot, change: Change::None } = peer else { return Err(Fault::Unknown) };
        let Some(Origin::Public { material: theirs }) = self.slots.get(slot) else {
            return Err(Fault::Unknown);
        };
        let same_curve = self.algorithm_of(*theirs).is_some_and(|number| number == object.algorithm);
        if !same_curve {
            return Err(Fault::Unknown);
        }
        let mut pair = [mine, *theirs];
        pair.sort_unstable();
        let origin = Origin::Agreed { pair, derivation, length, info: info.clone() };
        let before = self.slots.iter().find(|(_, known)| **known == origin);
        let check = match (before, derivation) {
            (Some((slot, _)), _) => Check::SameAs(*slot),
            (None, KDF_RAW) => Check::Length(known.bits.div_ceil(8) as usize),
            (None, _) => Check::Length(usize::from(length)),
        };
        Ok((check, Some(origin)))
    }

    /// The algorithm of some key made of a material.
    fn algorithm_of(&self, material: MaterialId) -> Option<u32> {
        let permanent = self.users.values().flat_map(|user| user.objects.values());
        let temporary = self.sessions.values().flat_map(|session| session.temporary.values());
        permanent
            .chain(temporary)
            .find(|object| matches!(object.body, super::Body::Key(of) if of == material))
            .map(|object| object.algorithm)
    }
}

fn sym_key(known: Algorithm, raw: &[u8]) -> Option<SymKey> {
    let alg = match (known.kind, known.bits) {
        (Kind::Des, _) => SymAlg::Des,
        (Kind::Des2, _) => SymAlg::Des3_112,
        (Kind::Des3, _) => SymAlg::Des3_168,
        (Kind::Aes, 128) => SymAlg::Aes128,
        (Kind::Aes, 192) => SymAlg::Aes192,
        (Kind::Aes, _) => SymAlg::Aes256,
        _ => return None,
    };
    SymKey::new(alg, raw).ok()
}

fn encrypted(key: &SymKey, crypt: &Crypt, message: &[u8]) -> Option<Vec<u8>> {
    let mode = match crypt.mode {
        ECB => Mode::Ecb,
        CBC => Mode::Cbc,
        CTR => Mode::Ctr,
        GCM => Mode::Gcm { tag_len: tag_length(crypt), aad: &crypt.aad },
        _ => Mode::Kw,
    };
    let padding = match crypt.padding {
        PKCS5 => Padding::Pkcs5,
        ZERO_PADDING => Padding::Zero,
        _ => Padding::None,
    };
    let mut out = Vec::new();
    key.encrypt(mode, padding, &crypt.iv, message, &mut out).ok().map(|()| out)
}

fn tag_length(crypt: &Crypt) -> usize {
    if crypt.tag == 0 { 16 } else { usize::from(crypt.tag) }
}

fn encrypted_length(crypt: &Crypt, block: usize, length: usize) -> usize {
    match (crypt.mode, crypt.padding) {
        (ECB | CBC, PKCS5) => (length / block + 1) * block,
        (ECB | CBC, ZERO_PADDING) => length.div_ceil(block) * block,
        (GCM, _) => length + tag_length(crypt),
        (KW, _) => length + 8,
        _ => length,
    }
}

fn mac_hash(number: u8) -> Option<HashAlg> {
    Some(match u32::from(number) {
        HMAC_MD5 => HashAlg::Md5,
        HMAC_SHA1 => HashAlg::Sha1,
        HMAC_SHA256 => HashAlg::Sha256,
        HMAC_SHA384 => HashAlg::Sha384,
        HMAC_SHA512 => HashAlg::Sha512,
        _ => return None,
    })
}

fn mac_value(number: u8, key: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    match (mac_hash(number), number) {
        (Some(hash), _) => Some(hmac(hash, key, message).to_vec()),
        (None, CMAC_AES) => cmac_aes(key, message).ok().map(|mac| mac.to_vec()),
        (None, _) => cmac_3des(key, message).ok().map(|mac| mac.to_vec()),
    }
}

fn mac_length(number: u8) -> usize {
    match (mac_hash(number), number) {
        (Some(hash), _) => hash.output_len(),
        (None, CMAC_AES) => 16,
        (None, _) => 8,
    }
}
