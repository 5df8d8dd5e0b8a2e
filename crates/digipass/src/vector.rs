//! The vectors a customer configures hosts and clients with: static, message and activation vector. All layouts are our choice.
//!
//! The static vector is hexadecimal TLV (tag 1 byte, length 2 bytes, big-endian) in one outer element, as the vendor's is in outline
//! (public client samples); its parts: version, serial number prefix, customer master key, post-activation application, and the
//! applications each with name and profile. A message vector has 26 hexadecimal characters: version, protection, and ten bytes that tell
//! customers apart. An activation vector has 20: version, instances allowed, and a check value of the licence.

use std::fmt;

use bancada_crypto::ct_eq;
use bancada_crypto::random::Random;
use zeroize::Zeroizing;

use crate::blob::{Owner, Profile};
use crate::message::Protection;
use crate::role::{Key, derive};
use crate::{Definition, ReturnCode, encoding};

const OUTER: u8 = 0x38;
const VERSION: u8 = 0x08;
const PREFIX: u8 = 0x01;
const MASTER_KEY: u8 = 0x02;
const POST_ACTIVATION: u8 = 0x03;
const APPLICATION: u8 = 0x11;
const NAME: u8 = 0x15;
const PROFILE: u8 = 0x16;

/// The most characters of a static vector (public callers give 4094 and one more).
pub const MAX_STATIC_VECTOR: usize = 4094;

/// What every client of a customer has in common.
#[derive(Clone, PartialEq, Eq)]
pub struct StaticVector {
    /// First three characters of the serial numbers of activated software authenticators.
    pub prefix: [u8; 3],
    /// The customer's master key: it protects activation data on its way.
    pub master_key: Zeroizing<[u8; 16]>,
    /// Which application signs activation message 2, from 1; 0 for none.
    pub post_activation: u8,
    /// The applications an activation makes, up to 8.
    pub applications: Vec<Template>,
}

/// An application an activation makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The name, filled with spaces.
    pub name: [u8; 12],
    /// What it is and can do.
    pub profile: Profile,
}

/// How a customer's Secure Channel messages are protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageVector {
    /// The protection of requests.
    pub protection: Protection,
    /// Ten bytes that tell customers apart.
    pub customer: [u8; 10],
}

/// What a multi-device licence allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivationVector {
    /// Instances allowed, 1 to 99.
    pub instances: u8,
    check: [u8; 8],
}

impl StaticVector {
    /// A vector with a random master key, for these applications.
    #[must_use]
    pub fn generate(prefix: [u8; 3], applications: Vec<Template>, random: &mut dyn Random) -> Self {
        let mut master_key = Zeroizing::new([0; 16]);
        random.fill(&mut *master_key);
        Self { prefix, master_key, post_activation: 0, applications }
    }

    /// The hexadecimal form.
    #[must_use]
    pub fn to_hex(&self) -> Zeroizing<String> {
        // With room for everything: a vector that grows leaves the key behind in what it had before.
        let mut inner = Zeroizing::new(Vec::with_capacity(MAX_STATIC_VECTOR / 2));
        put(&mut inner, VERSION, &[1]);
        put(&mut inner, PREFIX, &self.prefix);
        put(&mut inner, MASTER_KEY, &*self.master_key);
        put(&mut inner, POST_ACTIVATION, &[self.post_activation]);
        for template in &self.applications {
            let mut body = Vec::new();
            put(&mut body, NAME, &template.name);
            put(&mut body, PROFILE, &template.profile.pack());
            put(&mut inner, APPLICATION, &body);
        }
        let mut outer = Zeroizing::new(Vec::with_capacity(inner.len() + 3));
        put(&mut outer, OUTER, &inner);
        Zeroizing::new(encoding::to_hex(&outer))
    }

    /// Reads the hexadecimal form.
    ///
    /// # Errors
    /// [`ReturnCode::STATIC_VECTOR_LENGTH`] when it is missing, empty or too long, [`ReturnCode::INPUT_CORRUPTED`] when it is not hexadecimal,
    /// [`ReturnCode::TLV_LENGTH`] when a length runs over the end, [`ReturnCode::TLV_MISSING`] when a part is missing or malformed.
    pub fn parse(text: Option<&[u8]>) -> Result<Self, ReturnCode> {
        let text = encoding::text(text.unwrap_or_default());
        if text.is_empty() || text.len() > MAX_STATIC_VECTOR {
            return Err(ReturnCode::STATIC_VECTOR_LENGTH);
        }
        let bytes = Zeroizing::new(encoding::from_hex(text).ok_or(ReturnCode::INPUT_CORRUPTED)?);
        let inner =
            elements(&bytes)?.into_iter().find(|(tag, _)| *tag == OUTER).ok_or(ReturnCode::TLV_MISSING)?.1;
        let parts = elements(inner)?;
        let part = |wanted| parts.iter().find(|(tag, _)| *tag == wanted).map(|(_, value)| *value);
        if part(VERSION) != Some(&[1][..]) {
            return Err(ReturnCode::TLV_MISSING);
        }
        let mut applications = Vec::new();
        for (_, value) in parts.iter().filter(|(tag, _)| *tag == APPLICATION) {
            applications.push(Template::parse(value)?);
        }
        if applications.is_empty() || applications.len() > 8 {
            return Err(ReturnCode::TLV_MISSING);
        }
        Ok(Self {
            prefix: exact(part(PREFIX))?,
            master_key: Zeroizing::new(exact(part(MASTER_KEY))?),
            post_activation: exact::<1>(part(POST_ACTIVATION))?[0],
            applications,
        })
    }

    /// The name of the application that signs activation message 2, if one is named.
    #[must_use]
    pub fn post_activation_application(&self) -> Option<String> {
        let place = usize::from(self.post_activation).checked_sub(1)?;
        let name = self.applications.get(place)?.name;
        Some(String::from_utf8_lossy(name.trim_ascii_end()).into_owned())
    }

    /// The key under which activation data travels.
    pub(crate) fn transport_key(&self, purpose: &str, serial: &[u8; 10]) -> Key {
        derive(&*self.master_key, purpose, &[serial])
    }
}

impl Template {
    fn parse(bytes: &[u8]) -> Result<Self, ReturnCode> {
        let parts = elements(bytes)?;
        let part = |wanted| parts.iter().find(|(tag, _)| *tag == wanted).map(|(_, value)| *value);
        let name = exact(part(NAME))?;
        let text = std::str::from_utf8(&name).map_err(|_| ReturnCode::TLV_MISSING)?;
        Owner::new("0000000000", text).ok_or(ReturnCode::TLV_MISSING)?;
        let profile = Profile::unpack(&exact(part(PROFILE))?).ok_or(ReturnCode::TLV_MISSING)?;
        Ok(Self { name, profile })
    }
}

impl fmt::Debug for StaticVector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaticVector")
            .field("prefix", &String::from_utf8_lossy(&self.prefix))
            .field("applications", &self.applications.len())
            .finish_non_exhaustive()
    }
}

impl MessageVector {
    /// The 26 hexadecimal characters.
    #[must_use]
    pub fn to_hex(&self) -> String {
        let mut bytes = [0; 13];
        bytes[0] = 1;
        bytes[1] = self.protection.number();
        bytes[3..].copy_from_slice(&self.customer);
        encoding::to_hex(&bytes)
    }

    /// Reads the 26 hexadecimal characters.
    ///
    /// # Errors
    /// [`ReturnCode::TLV_POINTER`] when it is missing or empty, [`ReturnCode::INPUT_CORRUPTED`] when it is not hexadecimal,
    /// [`ReturnCode::TLV_LENGTH`] for another length, [`ReturnCode::TLV_MISSING`] for another version or protection.
    pub fn parse(text: Option<&[u8]>) -> Result<Self, ReturnCode> {
        let bytes: [u8; 13] = hex(text, 26)?.try_into().map_err(|_| ReturnCode::TLV_LENGTH)?;
        let protection =
            Protection::from_number(bytes[1]).filter(|_| bytes[0] == 1).ok_or(ReturnCode::TLV_MISSING)?;
        Ok(Self { protection, customer: std::array::from_fn(|place| bytes[3 + place]) })
    }
}

impl ActivationVector {
    /// The vector of a licence.
    #[must_use]
    pub fn of(licence: &Definition) -> Self {
        Self { instances: licence.instances, check: check(&licence.key, licence.instances) }
    }

    /// The 20 hexadecimal characters.
    #[must_use]
    pub fn to_hex(&self) -> String {
        encoding::to_hex(&[&[1, self.instances][..], &self.check].concat())
    }

    /// Reads the 20 hexadecimal characters.
    ///
    /// # Errors
    /// As for [`MessageVector::parse`].
    pub fn parse(text: Option<&[u8]>) -> Result<Self, ReturnCode> {
        let bytes: [u8; 10] = hex(text, 20)?.try_into().map_err(|_| ReturnCode::TLV_LENGTH)?;
        if bytes[0] != 1 {
            return Err(ReturnCode::TLV_MISSING);
        }
        Ok(Self { instances: bytes[1], check: std::array::from_fn(|place| bytes[2 + place]) })
    }

    /// Whether the vector is that of the licence with this key.
    pub(crate) fn belongs_to(&self, licence_key: &[u8]) -> bool {
        ct_eq(&self.check, &check(licence_key, self.instances))
    }
}

fn check(licence_key: &[u8], instances: u8) -> [u8; 8] {
    let value = derive(licence_key, "bancada digipass activation vector 1", &[&[instances]]);
    std::array::from_fn(|place| value[place])
}

/// The bytes of a caller's hexadecimal text of at most `most` characters.
fn hex(text: Option<&[u8]>, most: usize) -> Result<Vec<u8>, ReturnCode> {
    let text = encoding::text(text.unwrap_or_default());
    if text.is_empty() {
        return Err(ReturnCode::TLV_POINTER);
    }
    if text.len() > most {
        return Err(ReturnCode::TLV_LENGTH);
    }
    encoding::from_hex(text).ok_or(ReturnCode::INPUT_CORRUPTED)
}

fn put(out: &mut Vec<u8>, tag: u8, value: &[u8]) {
    out.push(tag);
    out.extend_from_slice(&(value.len() as u16).to_be_bytes());
    out.extend_from_slice(value);
}

fn elements(mut bytes: &[u8]) -> Result<Vec<(u8, &[u8])>, ReturnCode> {
    let mut out = Vec::new();
    while let Some(([tag, high, low], rest)) = bytes.split_first_chunk() {
        let len = usize::from(u16::from_be_bytes([*high, *low]));
        let (value, rest) = rest.split_at_checked(len).ok_or(ReturnCode::TLV_LENGTH)?;
        out.push((*tag, value));
        bytes = rest;
    }
    if bytes.is_empty() { Ok(out) } else { Err(ReturnCode::TLV_LENGTH) }
}

fn exact<const N: usize>(value: Option<&[u8]>) -> Result<[u8; N], ReturnCode> {
    value.and_then(|value| value.try_into().ok()).ok_or(ReturnCode::TLV_MISSING)
}

#[cfg(test)]
mod tests {
    use bancada_crypto::random::SeededRandom;
    use proptest::prelude::*;

    use super::*;
    use crate::blob::Kind;
    use crate::testing::{RO, SG, definition};

    fn sample() -> StaticVector {
        let template = |kind, suite, name| {
            let definition = definition(kind, suite, name);
            Template { name: definition.owner.application, profile: definition.profile }
        };
        let applications =
            vec![template(Kind::ResponseOnly, RO, "OTP"), template(Kind::Signature, SG, "SIGN")];
        StaticVector {
            post_activation: 2,
            ..StaticVector::generate(*b"VDS", applications, &mut SeededRandom::from_u64(1))
        }
    }

    #[test]
    fn vectors_are_read_as_written() {
        let vector = sample();
        let text = vector.to_hex();
        assert_eq!(StaticVector::parse(Some(text.as_bytes())).unwrap(), vector);
        assert_eq!(vector.post_activation_application().as_deref(), Some("SIGN"));
        assert!(!format!("{vector:?}").contains(&encoding::to_hex(&*vector.master_key)[..8]));
        for (text, code) in [
            ("", ReturnCode::STATIC_VECTOR_LENGTH),
            ("   ", ReturnCode::STATIC_VECTOR_LENGTH),
            ("380", ReturnCode::INPUT_CORRUPTED),
            ("38000108", ReturnCode::TLV_LENGTH),
            ("3800040800", ReturnCode::TLV_LENGTH),
            ("38000408000102", ReturnCode::TLV_MISSING),
            ("3900040800 ", ReturnCode::TLV_LENGTH),
        ] {
            assert_eq!(StaticVector::parse(Some(text.as_bytes())).err(), Some(code), "{text}");
        }
        assert_eq!(StaticVector::parse(None).err(), Some(ReturnCode::STATIC_VECTOR_LENGTH));
        let long = "0".repeat(MAX_STATIC_VECTOR + 1);
        assert_eq!(StaticVector::parse(Some(long.as_bytes())).err(), Some(ReturnCode::STATIC_VECTOR_LENGTH));
        assert_eq!(MessageVector::parse(None).err(), Some(ReturnCode::TLV_POINTER));
        let message = MessageVector { protection: Protection::Signed, customer: [7; 10] };
        assert_eq!(MessageVector::parse(Some(message.to_hex().as_bytes())), Ok(message));
        let mut licence = definition(Kind::MasterActivation, "OCRA-1:HOTP-SHA256-8:QN16", "MA");
        licence.instances = 3;
        let activation = ActivationVector::of(&licence);
        assert_eq!(ActivationVector::parse(Some(activation.to_hex().as_bytes())), Ok(activation));
        assert!(activation.belongs_to(&licence.key) && !activation.belongs_to(b"other"));
    }

    proptest! {
        #[test]
        fn any_text_is_a_vector_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), cut in 0usize..400) {
            let text = encoding::to_hex(&bytes);
            let _ = StaticVector::parse(Some(&bytes));
            let _ = StaticVector::parse(Some(text.as_bytes()));
            let _ = MessageVector::parse(Some(text.as_bytes()));
            let _ = ActivationVector::parse(Some(text.as_bytes()));
            let good = sample().to_hex();
            let cut = cut % good.len();
            let damaged = format!("{}{text}{}", &good[..cut], &good[cut..]);
            let _ = StaticVector::parse(Some(damaged.as_bytes()));
        }
    }
}
