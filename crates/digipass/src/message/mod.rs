//! Secure Channel messages: header, protection, and the forms callers get them in.
//!
//! Public (vendor docs, pages AAL2GetMessageProperties and AAL2GenMessageRequest): hexadecimal, at most 1070 characters, bodies of at most 512
//! bytes; types 03 request, 23 response, 3F error response, 24 information; protection 00 none, 01 AES-128-CTR with HMAC-SHA-256,
//! 11 HMAC-SHA-256 alone; a protocol version, the serial number, and since SDK 3.15.1 a time stamp. The bytes are our choice:
//! type 1, version 1, protection 1, serial number in base 36 7, time 4 (version 2 only), instance 1, body, and 8 bytes of HMAC. The
//! counter starts from an HMAC of header and tag, so equal keystreams need equal messages. Types 01, 02 and 04 are ours.

pub mod activation;
pub mod channel;
mod payload;
mod verify;

pub(crate) use payload::PayloadKey;
pub use payload::{PAYLOAD_KEY_BLOB_LEN, PayloadKeyBlob, gen_payload_key_blob, migrate_payload_key_blob};
pub use verify::{MessageSignature, verify_message_signature};

use bancada_crypto::cipher::{Mode, Padding, SymAlg, SymKey};
use bancada_crypto::ct_eq;
use bancada_crypto::hash::HashAlg;
use bancada_crypto::mac::Hmac;
use zeroize::Zeroizing;

use crate::role::{Key, derive};
use crate::{ReturnCode, encoding};

/// The most characters of a message.
pub const MAX_MESSAGE: usize = 1070;
/// The most bytes of a body.
pub const MAX_BODY: usize = 512;
/// The most characters of activation data, which carries the keys of up to 8 applications (vendor header aal2sdk.h 3.10.1).
pub const MAX_ACTIVATION_DATA: usize = 4142;

const TAG_LEN: usize = 8;
const SERIAL_LEN: usize = 7;

/// What a message is for. Numbers this version does not know can be read, and no function takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageType(pub u8);

impl MessageType {
    /// Activation message 1 (our number).
    pub const ACTIVATION_1: Self = Self(0x01);
    /// Activation message 2 (our number).
    pub const ACTIVATION_2: Self = Self(0x02);
    /// A request to the authenticator.
    pub const REQUEST: Self = Self(0x03);
    /// The end of an instance (our number).
    pub const DEACTIVATION: Self = Self(0x04);
    /// The activation data of one-step activation (our number).
    pub const ACTIVATION_DATA: Self = Self(0x05);
    /// An authenticator's answer.
    pub const RESPONSE: Self = Self(0x23);
    /// What an authenticator reports unasked.
    pub const INFORMATION: Self = Self(0x24);
    /// An authenticator's refusal.
    pub const RESPONSE_ERROR: Self = Self(0x3f);

    fn most_body(self) -> usize {
        if self == Self::ACTIVATION_DATA {
            (MAX_ACTIVATION_DATA - (MAX_MESSAGE - 2 * MAX_BODY)) / 2
        } else {
            MAX_BODY
        }
    }
}

/// How a message is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// 00: not at all.
    None,
    /// 01: AES-128-CTR and HMAC-SHA-256.
    Encrypted,
    /// 11: HMAC-SHA-256.
    Signed,
}

/// What a message says in clear (AAL2GetMessageProperties).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// What it is for.
    pub message_type: MessageType,
    /// How it is protected.
    pub protection: Protection,
    /// The serial number.
    pub serial: [u8; 10],
    /// When it was made, in seconds since 1970; `None` in version 1, which has no time stamp.
    pub time: Option<u32>,
    /// Number of the instance it is for, 0 for none in particular.
    pub instance: u8,
}

impl Protection {
    /// The number in the message.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::None => 0x00,
            Self::Encrypted => 0x01,
            Self::Signed => 0x11,
        }
    }

    /// The protection of a number, if there is one.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            0x00 => Some(Self::None),
            0x01 => Some(Self::Encrypted),
            0x11 => Some(Self::Signed),
            _ => None,
        }
    }
}

impl Header {
    /// The protocol version: 2, or 1 without time stamp.
    #[must_use]
    pub fn version(&self) -> u8 {
        if self.time.is_some() { 2 } else { 1 }
    }

    /// Reads the header of a message.
    ///
    /// # Errors
    /// 1301 when there is none, 1300 for a bad number of characters, 1299 when it is not hexadecimal;
    /// [`ReturnCode::MESSAGE_LENGTH`] when it is cut short,
    /// [`ReturnCode::MESSAGE_VERSION`] for an unknown version or protection. An unknown type passes.
    pub fn of_message(text: Option<&[u8]>) -> Result<Self, ReturnCode> {
        Ok(MessageBytes::parse(text)?.header)
    }

    fn pack(&self) -> Vec<u8> {
        let mut out = vec![self.message_type.0, self.version(), self.protection.number()];
        let serial = self
            .serial
            .iter()
            .fold(0u64, |value, byte| value * 36 + u64::from(char::from(*byte).to_digit(36).unwrap_or(0)));
        out.extend_from_slice(&serial.to_be_bytes()[8 - SERIAL_LEN..]);
        out.extend(self.time.iter().flat_map(|time| time.to_be_bytes()));
        out.push(self.instance);
        out
    }

    fn unpack(bytes: &[u8]) -> Result<(Self, usize), ReturnCode> {
        let [message_type, version, protection, rest @ ..] = bytes else {
            return Err(ReturnCode::MESSAGE_LENGTH);
        };
        let known = matches!(version, 1 | 2);
        let protection =
            Protection::from_number(*protection).filter(|_| known).ok_or(ReturnCode::MESSAGE_VERSION)?;
        let (serial, rest) = rest.split_first_chunk::<SERIAL_LEN>().ok_or(ReturnCode::MESSAGE_LENGTH)?;
        let mut value = serial.iter().fold(0u64, |value, byte| value << 8 | u64::from(*byte));
        let mut serial = [b'0'; 10];
        for place in serial.iter_mut().rev() {
            *place = char::from_digit((value % 36) as u32, 36)
                .map_or(b'0', |digit| digit.to_ascii_uppercase() as u8);
            value /= 36;
        }
        if value != 0 {
            return Err(ReturnCode::MESSAGE_VERSION);
        }
        let (time, rest) = match version {
            1 => (None, rest),
            _ => {
                let (time, rest) = rest.split_first_chunk().ok_or(ReturnCode::MESSAGE_LENGTH)?;
                (Some(u32::from_be_bytes(*time)), rest)
            }
        };
        let instance = *rest.first().ok_or(ReturnCode::MESSAGE_LENGTH)?;
        let header = Self { message_type: MessageType(*message_type), protection, serial, time, instance };
        Ok((header, bytes.len() - rest.len() + 1))
    }
}

/// A message whose form is right; nothing is known yet about who made it.
pub(crate) struct MessageBytes {
    pub(crate) header: Header,
    pub(crate) bytes: Vec<u8>,
    header_len: usize,
}

impl MessageBytes {
    /// Reads activation data, which may be longer than other messages.
    ///
    /// # Errors
    /// As for [`parse`](Self::parse).
    pub(crate) fn parse_activation_data(text: Option<&[u8]>) -> Result<Self, ReturnCode> {
        Self::parse_up_to(text, MAX_ACTIVATION_DATA)
    }

    /// Reads the hexadecimal form.
    ///
    /// # Errors
    /// 1301 when there is none, 1300 for a bad number of characters, 1299 when it is not hexadecimal, 1337, 1339.
    pub(crate) fn parse(text: Option<&[u8]>) -> Result<Self, ReturnCode> {
        Self::parse_up_to(text, MAX_MESSAGE)
    }

    fn parse_up_to(text: Option<&[u8]>, most: usize) -> Result<Self, ReturnCode> {
        let text = encoding::text(text.ok_or(ReturnCode::SIGNED_MESSAGE_POINTER)?);
        if text.is_empty() || text.len() > most || !text.len().is_multiple_of(2) {
            return Err(ReturnCode::SIGNED_MESSAGE_LENGTH);
        }
        let bytes = encoding::from_hex(text).ok_or(ReturnCode::MESSAGE_NOT_HEX)?;
        let (header, header_len) = Header::unpack(&bytes)?;
        let rest = bytes.len() - header_len;
        let tag_len = if header.protection == Protection::None { 0 } else { TAG_LEN };
        if rest < tag_len || rest - tag_len > header.message_type.most_body() {
            return Err(ReturnCode::MESSAGE_LENGTH);
        }
        Ok(Self { header, bytes, header_len })
    }

    /// The body, if the message was made with this key and context.
    ///
    /// # Errors
    /// [`ReturnCode::MESSAGE_AUTHENTICITY`] otherwise.
    pub(crate) fn open(&self, key: &[u8], context: &[u8]) -> Result<Zeroizing<Vec<u8>>, ReturnCode> {
        let (header, rest) = self.bytes.split_at(self.header_len);
        if self.header.protection == Protection::None {
            return Ok(Zeroizing::new(rest.to_vec()));
        }
        let keys = Keys::new(key);
        let (body, tag) = rest.split_at(rest.len() - TAG_LEN);
        let mut plain = Zeroizing::new(body.to_vec());
        if self.header.protection == Protection::Encrypted {
            plain = keys.crypt(header, tag, body)?;
        }
        if ct_eq(&keys.tag(header, context, &plain), tag) {
            Ok(plain)
        } else {
            Err(ReturnCode::MESSAGE_AUTHENTICITY)
        }
    }
}

impl MessageBytes {
    /// The body of an activation message, which is always encrypted.
    ///
    /// # Errors
    /// [`ReturnCode::MESSAGE_VERSION`] for another type, [`ReturnCode::MESSAGE_AUTHENTICITY`] when the key is another or it is not encrypted.
    pub(crate) fn open_activation(
        &self,
        expected: MessageType,
        key: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, ReturnCode> {
        if self.header.message_type != expected {
            return Err(ReturnCode::MESSAGE_VERSION);
        }
        if self.header.protection != Protection::Encrypted {
            return Err(ReturnCode::MESSAGE_AUTHENTICITY);
        }
        self.open(key, &[])
    }
}

/// A message of a header and a body under a key, in hexadecimal.
///
/// `context` is what the message belongs to (a response to its request) without repeating it.
///
/// # Errors
/// [`ReturnCode::MESSAGE_LENGTH`] for a body of more than 512 bytes.
pub(crate) fn seal(header: &Header, key: &[u8], context: &[u8], body: &[u8]) -> Result<String, ReturnCode> {
    if body.len() > header.message_type.most_body() {
        return Err(ReturnCode::MESSAGE_LENGTH);
    }
    let mut out = header.pack();
    if header.protection == Protection::None {
        out.extend_from_slice(body);
        return Ok(encoding::to_hex(&out));
    }
    let keys = Keys::new(key);
    let tag = keys.tag(&out, context, body);
    let body = match header.protection {
        Protection::Encrypted => keys.crypt(&out, &tag, body)?,
        _ => Zeroizing::new(body.to_vec()),
    };
    out.extend_from_slice(&body);
    out.extend_from_slice(&tag);
    Ok(encoding::to_hex(&out))
}

struct Keys {
    encryption: Key,
    authentication: Key,
}

impl Keys {
    fn new(key: &[u8]) -> Self {
        Self {
            encryption: derive(key, "bancada digipass message encryption 1", &[]),
            authentication: derive(key, "bancada digipass message authentication 1", &[]),
        }
    }

    fn tag(&self, header: &[u8], context: &[u8], body: &[u8]) -> [u8; TAG_LEN] {
        let value = self.mac(b"tag", &[header, context, body]);
        std::array::from_fn(|place| value[place])
    }

    /// Encrypts or decrypts: they are the same.
    fn crypt(&self, header: &[u8], tag: &[u8], body: &[u8]) -> Result<Zeroizing<Vec<u8>>, ReturnCode> {
        let counter = self.mac(b"counter", &[header, tag]);
        let key = SymKey::new(SymAlg::Aes128, &self.encryption[..16]).map_err(|_| ReturnCode::MEMORY)?;
        let mut out = Zeroizing::new(Vec::with_capacity(body.len()));
        key.encrypt(Mode::Ctr, Padding::None, &counter[..16], body, &mut out)
            .map_err(|_| ReturnCode::MEMORY)?;
        Ok(out)
    }

    fn mac(&self, purpose: &[u8], parts: &[&[u8]]) -> Zeroizing<bancada_crypto::hash::Digest> {
        let mut mac = Hmac::new(HashAlg::Sha256, &self.authentication);
        for part in [purpose].iter().chain(parts) {
            mac.update(&(part.len() as u32).to_be_bytes());
            mac.update(part);
        }
        Zeroizing::new(mac.finish())
    }
}

#[cfg(test)]
mod tests;
