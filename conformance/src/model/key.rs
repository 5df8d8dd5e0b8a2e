//! Keys: made, imported, exported, wrapped and put into envelopes (§5 to §7).

use bancada_crypto::ec::{Curve, EcPrivateKey};
use bancada_crypto::edwards::{Ed25519PrivateKey, X25519PrivateKey};
use bancada_crypto::rsa::RsaPrivateKey;
use bancada_wire::status::Status;

use super::object::Place;
use super::rules::{Algorithm, Kind, Use, algorithm};
use super::state::{Body, Material, MaterialId, Object, Origin};
use super::{Fault, Model, fault, require};
use crate::check::{Check, PublicRef};
use crate::scenario::number::*;
use crate::scenario::{Call, Change, Data, Handle, Slot};

type Answer = Result<(Check, Option<Origin>), Fault>;

/// The operating mode closes this way in or out.
const CLOSED: Fault = Fault::Status(Status::ERR_NON_APPROVED_OPERATION);

/// What is to be made: where, as what, and out of which material.
struct Order<'a> {
    name: &'a str,
    algorithm: u32,
    attributes: u32,
    /// RSA keys come in clear or under a key: no way in the restricted modes.
    clear: bool,
}

impl Model {
    pub(super) fn key_call(&mut self, handle: Handle, call: &Call, into: Option<Slot>) -> Answer {
        match call {
            Call::CreateKey { name, algorithm, attributes } => {
                let order = Order { name, algorithm: *algorithm, attributes: *attributes, clear: false };
                self.make(handle, &order, |model| Ok((model.new_material(Material::default()), *algorithm)))
            }
            Call::ImportKey { name, algorithm, attributes, material } => {
                let order = Order { name, algorithm: *algorithm, attributes: *attributes, clear: true };
                self.make(handle, &order, |model| model.imported(*algorithm, material))
            }
            Call::KekImport { .. } => self.kek_import(handle, call),
            Call::P8Import { name, algorithm, attributes, password, envelope } => {
                let order = Order { name, algorithm: *algorithm, attributes: *attributes, clear: false };
                self.make(handle, &order, |model| model.opened(*algorithm, password, envelope))
            }
            Call::ExportObject { name, .. } => self.export(handle, name),
            Call::ExportPublic { name, x509 } => self.export_public(handle, name, *x509, into),
            Call::KekExport { .. } => self.kek_export(handle, call),
            Call::P8Export { name, password } => self.p8_export(handle, name, password),
            Call::Csr { name, subject, hash } => self.csr(handle, name, subject, *hash),
            _ => Err(Fault::Unknown),
        }
    }

    /// In the order of §5: the name's form, algorithm and mode, the right to create, "exists already", material.
    fn make(
        &mut self,
        handle: Handle,
        order: &Order<'_>,
        material: impl FnOnce(&mut Self) -> Result<(MaterialId, u32), Fault>,
    ) -> Answer {
        let place = self.place(handle, order.name, order.attributes & TEMPORARY != 0)?;
        Self::attributes_fit(order.attributes)?;
        if !matches!(order.algorithm, IMPORT_RSA | IMPORT_ECC | IMPORT_ECX) {
            algorithm(order.algorithm, self.mode)?;
        }
        if self.mode != NRM && order.clear {
            // What the key is shows only when it is read, and when the closed way in is looked at, no document tells.
            let mut tried = self.clone();
            let vacant = tried.may_create(handle, &place).and_then(|()| tried.vacant(handle, &place));
            let (made, number) = vacant.and_then(|()| material(&mut tried)).map_err(|_| Fault::Unknown)?;
            let known = algorithm(number, self.mode)?;
            require(known.kind != Kind::Rsa, Status::ERR_NON_APPROVED_OPERATION)?;
            return tried.settled(handle, &place, order, made, number).inspect(|_| *self = tried);
        }
        self.may_create(handle, &place)?;
        self.vacant(handle, &place)?;
        let (made, number) = material(self)?;
        self.settled(handle, &place, order, made, number)
    }

    fn settled(
        &mut self,
        handle: Handle,
        place: &Place,
        order: &Order<'_>,
        material: MaterialId,
        algorithm: u32,
    ) -> Answer {
        let body = Body::Key(material);
        let object = Object { algorithm, attributes: order.attributes, blocked: false, body };
        self.put(handle, place, object).map(|check| (check, None))
    }

    /// Material imported in clear, with the algorithm it turns out to be of.
    fn imported(&mut self, wanted: u32, data: &Data) -> Result<(MaterialId, u32), Fault> {
        if let Data::Slot { slot, change } = data
            && let Some(Origin::Exported { material, algorithm: exported }) = self.slots.get(slot)
        {
            let (material, exported) = (*material, *exported);
            return match change {
                Change::None if wanted == exported => Ok((material, exported)),
                Change::Cut(1..) if algorithm(exported, NRM).is_ok_and(Algorithm::symmetric) => {
                    fault(Status::ERR_INVALID_KEY)
                }
                _ => Err(Fault::Unknown),
            };
        }
        let bytes = self.known_bytes(data).ok_or(Fault::Unknown)?;
        let (material, found) = parse(wanted, &bytes)?;
        Ok((self.new_material(material), found))
    }

    /// Material out of a PKCS#8 envelope.
    fn opened(&mut self, wanted: u32, password: &str, data: &Data) -> Result<(MaterialId, u32), Fault> {
        require((8..=16).contains(&password.len()), Status::ERR_INVALID_SECRET)?;
        let slot = match data {
            Data::Slot { slot, change: Change::None } => slot,
            _ => return Err(Fault::Unknown),
        };
        match self.slots.get(slot) {
            Some(Origin::Envelope { material, algorithm, password: right }) => {
                require(right == password, Status::ERR_INVALID_SECRET)?;
                match wanted == *algorithm {
                    true => Ok((*material, *algorithm)),
                    false => Err(Fault::Unknown),
                }
            }
            _ => Err(Fault::Unknown),
        }
    }

    fn exportable(&self, handle: Handle, name: &str) -> Result<(MaterialId, u32), Fault> {
        let (material, object, known) = self.key(handle, name, |_| true, None)?;
        require(object.attributes & EXPORTABLE != 0, Status::ERR_OBJ_NOT_EXPORTABLE)?;
        require(known.kind != Kind::Rsa || self.mode == NRM, Status::ERR_NON_APPROVED_OPERATION)?;
        Ok((material, object.algorithm))
    }

    fn export(&mut self, handle: Handle, name: &str) -> Answer {
        let (_, object, _) = self.find(handle, name)?;
        if let Body::Blob(bytes) = &object.body {
            require(!object.blocked, Status::ERR_ACCESS_DENIED_OBJ_BLOCKED)?;
            return Ok((Check::Bytes(bytes.clone()), Some(Origin::Plain(bytes.clone()))));
        }
        let (material, number) = self.exportable(handle, name)?;
        let check = match (&self.materials[material], algorithm(number, NRM)) {
            (Material { raw: Some(raw), .. }, _) => Check::Bytes(raw.clone()),
            (_, Ok(known)) if known.symmetric() => Check::Length(known.bits as usize / 8),
            (Material { public, .. }, _) => Check::Private { algorithm: number, public: public.clone() },
        };
        Ok((check, Some(Origin::Exported { material, algorithm: number })))
    }

    fn export_public(&mut self, handle: Handle, name: &str, x509: bool, into: Option<Slot>) -> Answer {
        let (material, object, _) = self.key(handle, name, |known| !known.symmetric(), None)?;
        let algorithm = object.algorithm;
        let same = self.materials[material].public.clone();
        if let (None, Some(slot)) = (&same, into) {
            self.materials[material].public = Some(PublicRef::Slot(slot));
        }
        Ok((Check::Public { algorithm, x509, same }, Some(Origin::Public { material })))
    }

    /// The object is looked at before the key that encrypts, modes after both, then strengths.
    fn kek_export(&mut self, handle: Handle, call: &Call) -> Answer {
        let Call::KekExport { mode, padding, iv, kek, name } = call else { return Err(Fault::Unknown) };
        let wrapping = self.key(handle, kek, Algorithm::cipher, Some(Use::Wrap));
        let wrapping = wrapping.map(|(kek, _, known)| (kek, known.strength()));
        let (material, number) = match self.exportable(handle, name) {
            Err(fault) if fault == CLOSED && wrapping.is_err() => return Err(Fault::Unknown),
            wrapped => wrapped?,
        };
        let (kek, strength) = wrapping?;
        let known = algorithm(number, NRM)?;
        require(strength >= known.strength(), Status::ERR_INVALID_KEY)?;
        require(matches!(*mode, ECB | CBC), Status::ERR_INVALID_PAYLOAD)?;
        require(matches!(*padding, NO_PADDING | PKCS5 | ZERO_PADDING), Status::ERR_INVALID_PAYLOAD)?;
        let check = match (known.symmetric(), *padding) {
            (true, PKCS5) => Check::Length((known.bits as usize / 8 / 16 + 1) * 16),
            (true, _) if known.bits % 128 == 0 => Check::Length(known.bits as usize / 8),
            (_, PKCS5) => Check::Any,
            _ => return Err(Fault::Unknown),
        };
        let origin = Origin::Wrapped {
            material,
            algorithm: number,
            kek,
            mode: *mode,
            padding: *padding,
            iv: if *mode == CBC { iv.clone() } else { Vec::new() },
        };
        Ok((check, Some(origin)))
    }

    fn kek_import(&mut self, handle: Handle, call: &Call) -> Answer {
        let Call::KekImport { mode, padding, iv, kek, name, algorithm, attributes, data } = call else {
            return Err(Fault::Unknown);
        };
        let wrapping = self.key(handle, kek, Algorithm::cipher, Some(Use::Wrap)).map(|(kek, ..)| kek);
        let order = Order { name, algorithm: *algorithm, attributes: *attributes, clear: true };
        let slot = match data {
            Data::Slot { slot, change: Change::None } => Some(*slot),
            _ => None,
        };
        let mut tried = self.clone();
        let used_iv = if *mode == CBC { iv.as_slice() } else { &[] };
        let made = tried.make(handle, &order, |model| {
            let origin = slot.and_then(|slot| model.slots.get(&slot));
            match (origin, &wrapping) {
                (
                    Some(Origin::Wrapped { material, algorithm: of, kek: by, mode: m, padding: p, iv: v }),
                    Ok(kek),
                ) if by == kek && m == mode && p == padding && v == used_iv && of == algorithm => {
                    Ok((*material, *of))
                }
                _ => Err(Fault::Unknown),
            }
        });
        match (wrapping, made) {
            (Ok(_), Ok(answer)) => {
                *self = tried;
                Ok(answer)
            }
            // The object's place is looked at before the key that encrypts, the wrapped bytes after it.
            (Err(fault), Ok(_) | Err(Fault::Unknown)) => Err(fault),
            (Err(_), Err(CLOSED)) => Err(Fault::Unknown),
            (_, Err(fault)) => Err(fault),
        }
    }

    fn p8_export(&mut self, handle: Handle, name: &str, password: &str) -> Answer {
        let (material, object, _) = self.key(handle, name, |known| !known.symmetric(), None)?;
        require(object.attributes & EXPORTABLE != 0, Status::ERR_OBJ_NOT_EXPORTABLE)?;
        require((8..=16).contains(&password.len()), Status::ERR_INVALID_SECRET)?;
        let origin =
            Origin::Envelope { material, algorithm: object.algorithm, password: password.to_owned() };
        Ok((Check::Envelope, Some(origin)))
    }

    fn csr(&mut self, handle: Handle, name: &str, subject: &str, hash: Option<u8>) -> Answer {
        let signs = |known: Algorithm| matches!(known.kind, Kind::Rsa | Kind::Ecc | Kind::Eddsa);
        let (material, _, known) = self.key(handle, name, signs, Some(Use::Sign))?;
        match hash {
            None => {}
            Some(_) if known.kind == Kind::Eddsa => return Err(Fault::Unknown),
            Some(CSR_SHA1) => require(self.mode != RM2, Status::ERR_NON_APPROVED_OPERATION)?,
            Some(2..=5) => {}
            Some(6..=9) => return Err(Fault::Unknown),
            Some(_) => return fault(Status::ERR_INVALID_HASH),
        }
        let common_name = subject.strip_prefix("/CN=").and_then(|rest| rest.split('/').next());
        let common_name = common_name.filter(|name| !name.is_empty()).ok_or(Fault::Unknown)?.to_owned();
        let public = self.materials[material].public.clone();
        Ok((Check::Request { public, common_name }, None))
    }

    /// Bytes that are known beforehand: given, or of a blob.
    pub(super) fn known_bytes(&self, data: &Data) -> Option<Vec<u8>> {
        match data {
            Data::Bytes(bytes) => Some(bytes.clone()),
            Data::Slot { slot, change } => match self.slots.get(slot)? {
                Origin::Plain(bytes) => {
                    let mut bytes = bytes.clone();
                    change.apply(&mut bytes);
                    Some(bytes)
                }
                _ => None,
            },
            Data::Sealed { .. } => None,
        }
    }
}

/// Reads key material given in clear: what it is, what is known of it.
fn parse(wanted: u32, bytes: &[u8]) -> Result<(Material, u32), Fault> {
    let public = |spki: Vec<u8>| Material { raw: None, public: Some(PublicRef::Der(spki)) };
    let bad = Fault::Status(Status::ERR_CANNOT_PARSE_DER_PRIV_KEY);
    let fits = |found: u32| match wanted {
        IMPORT_RSA | IMPORT_ECC | IMPORT_ECX => Ok(found),
        _ if wanted == found => Ok(found),
        _ => Err(Fault::Unknown),
    };
    let kind = match wanted {
        IMPORT_RSA => Kind::Rsa,
        IMPORT_ECC => Kind::Ecc,
        IMPORT_ECX => Kind::Eddsa,
        _ => {
            let known = algorithm(wanted, NRM)?;
            if known.symmetric() {
                let fits = bytes.len() == known.bits as usize / 8;
                // The header names the lengths of HMAC keys, not which goes with which hash.
                if !fits && known.kind == Kind::Hmac && matches!(bytes.len(), 16 | 20 | 32 | 48 | 64) {
                    return Err(Fault::Unknown);
                }
                require(fits, Status::ERR_INVALID_KEY)?;
                return Ok((Material { raw: Some(bytes.to_vec()), public: None }, wanted));
            }
            known.kind
        }
    };
    match kind {
        Kind::Rsa => {
            let key = RsaPrivateKey::from_pkcs1(bytes).map_err(|_| bad)?;
            let spki = key.public_key().map_err(|_| bad)?.to_spki();
            Ok((public(spki), fits(rsa_number(key.bits()))?))
        }
        Kind::Ecc => {
            let key = EcPrivateKey::from_sec1(bytes).map_err(|_| bad)?;
            let spki = key.public_key().map_err(|_| bad)?.to_spki();
            Ok((public(spki), fits(curve_number(key.curve()))?))
        }
        _ => {
            let edwards = Ed25519PrivateKey::from_pkcs8(bytes).and_then(|key| key.public());
            if let Ok(key) = edwards {
                return Ok((public(key.to_spki()), fits(ED25519)?));
            }
            let montgomery = X25519PrivateKey::from_pkcs8(bytes).and_then(|key| key.public());
            Ok((public(montgomery.map_err(|_| bad)?.to_spki()), fits(X25519)?))
        }
    }
}

fn rsa_number(bits: u32) -> u32 {
    match bits {
        1024 => RSA_1024,
        3072 => RSA_3072,
        4096 => RSA_4096,
        _ => RSA_2048,
    }
}

fn curve_number(curve: Curve) -> u32 {
    match curve {
        Curve::P256 => SECP256R1,
        Curve::P384 => SECP384R1,
        Curve::P521 => SECP521R1,
        Curve::Secp256k1 => SECP256K1,
        Curve::P224 => 28,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn material_is_read_as_what_it_is() {
        let symmetric = parse(AES_128, &[7; 16]).map(|(material, number)| (material.raw, number));
        assert_eq!(symmetric, Ok((Some(vec![7; 16]), AES_128)));
        assert!(parse(AES_128, &[7; 15]).is_err());
        assert_eq!(
            parse(IMPORT_RSA, b"nonsense").map(|(_, number)| number),
            fault(Status::ERR_CANNOT_PARSE_DER_PRIV_KEY)
        );
    }
}
