//! The computation of a response: the data input and the truncation of RFC 6287 sections 5 and 6, RFC 4226 section 5.3.
//!
//! Our choice beyond the RFCs: for 11 to 16 decimal digits and for hexadecimal responses, eight bytes are taken instead of four,
//! at the last digest byte's low half modulo the number of places where eight bytes fit; decimal drops the top bit and takes the
//! remainder, hexadecimal takes the leading half-bytes.

use std::fmt;

use bancada_crypto::hash::{self, Digest};
use bancada_crypto::mac::Hmac;
use zeroize::Zeroizing;

use super::{Algorithm, Hash, QuestionFormat, ResponseFormat, Suite};
use crate::encoding;

/// A challenge as it enters the computation: 128 bytes, filled with zeros on the right.
pub type Question128 = [u8; 128];

/// What enters a computation. What the suite does not ask for is not looked at. It prints neither PIN nor session data.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The counter of events.
    pub counter: u64,
    /// The challenge.
    pub question: &'a Question128,
    /// The PIN, not its digest.
    pub pin: &'a [u8],
    /// The session data; cut or filled with zeros on the left to the suite's length.
    pub session: &'a [u8],
    /// The number of whole time steps since 1970.
    pub step: u64,
}

impl fmt::Debug for Inputs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inputs")
            .field("counter", &self.counter)
            .field("step", &self.step)
            .finish_non_exhaustive()
    }
}

/// The response of a suite to inputs, as text. A suite with 0 digits gives the whole HMAC in hexadecimal.
#[must_use]
pub fn ocra(suite: &Suite, key: &[u8], inputs: &Inputs<'_>) -> String {
    let responder = Responder::new(suite, key);
    let opened = responder.open(inputs);
    if suite.digits == 0 {
        return encoding::to_hex(&responder.digest(opened, inputs.step));
    }
    suite.write(responder.value(&opened, inputs.step))
}

/// A challenge in the form RFC 6287 section 5.1 gives it, `None` if a character does not fit the format or there are more than 128
/// (two challenges of mutual authentication in one).
///
/// Numeric challenges become hexadecimal as a number and stand at the left; so does an odd number of half-bytes, as in the
/// reference implementation of the RFC.
#[must_use]
pub fn question(format: QuestionFormat, text: &[u8]) -> Option<Question128> {
    let mut out = [0; 128];
    if text.len() > 128 {
        return None;
    }
    let digits = match format {
        QuestionFormat::Alphanumeric => {
            out[..text.len()].copy_from_slice(text);
            return Some(out);
        }
        QuestionFormat::Hex => {
            text.iter().map(|byte| encoding::nibble(*byte)).collect::<Option<Vec<u8>>>()?
        }
        QuestionFormat::Numeric => decimal_to_nibbles(text)?,
    };
    for (place, digit) in digits.iter().enumerate() {
        *out.get_mut(place / 2)? |= if place % 2 == 0 { digit << 4 } else { *digit };
    }
    Some(out)
}

/// A suite under a key, the key schedule computed once.
pub struct Responder {
    suite: Suite,
    start: Hmac,
}

impl Responder {
    /// A suite under a key of any length.
    #[must_use]
    pub fn new(suite: &Suite, key: &[u8]) -> Self {
        let mut start = Hmac::new(suite.hash.alg(), key);
        if suite.algorithm == Algorithm::Ocra {
            start.update(suite.name().as_bytes());
            start.update(&[0]);
        }
        Self { suite: *suite, start }
    }

    /// The computation with everything absorbed but the time step, so that many steps can be tried.
    #[must_use]
    pub fn open(&self, inputs: &Inputs<'_>) -> Hmac {
        let mut mac = self.start.clone();
        if self.suite.counter {
            mac.update(&inputs.counter.to_be_bytes());
        }
        if self.suite.question.is_some() {
            mac.update(inputs.question);
        }
        if let Some(alg) = self.suite.pin {
            mac.update(&digest(alg, inputs.pin));
        }
        if let Some(length) = self.suite.session {
            let length = usize::from(length);
            let data = &inputs.session[..inputs.session.len().min(length)];
            mac.update(&vec![0; length - data.len()]);
            mac.update(data);
        }
        mac
    }

    /// The response at a time step as a number; [`Suite::write`] makes it text and [`Suite::read`] compares.
    #[must_use]
    pub fn value(&self, opened: &Hmac, step: u64) -> u64 {
        truncate(&self.suite, &self.digest(opened.clone(), step))
    }

    fn digest(&self, mut mac: Hmac, step: u64) -> Digest {
        if self.suite.time.is_some() {
            mac.update(&step.to_be_bytes());
        }
        mac.finish()
    }
}

impl Suite {
    /// The number of a response written in the suite's format and length, `None` if it is not.
    #[must_use]
    pub fn read(&self, response: &[u8]) -> Option<u64> {
        let base = match self.format {
            ResponseFormat::Unspecified => return None,
            ResponseFormat::Decimal => 10,
            ResponseFormat::Hex => 16,
        };
        if response.len() != usize::from(self.digits) || response.len() > 16 {
            return None;
        }
        response.iter().try_fold(0u64, |value, byte| {
            let digit = char::from(*byte).to_digit(base)?;
            Some(value * u64::from(base) + u64::from(digit))
        })
    }

    /// A response as text. Hexadecimal is in upper case.
    #[must_use]
    pub fn write(&self, value: u64) -> String {
        let width = usize::from(self.digits);
        if self.format == ResponseFormat::Hex {
            format!("{value:0width$X}")
        } else {
            format!("{value:0width$}")
        }
    }
}

fn truncate(suite: &Suite, digest: &[u8]) -> u64 {
    let Some(last) = digest.last() else { return 0 };
    let digits = u32::from(suite.digits).min(16);
    let low = usize::from(last & 15);
    if suite.format != ResponseFormat::Hex && digits <= 10 {
        let value = u32::from_be_bytes(bytes_at(digest, low)) & 0x7fff_ffff;
        return u64::from(value) % 10u64.pow(digits);
    }
    let value = u64::from_be_bytes(bytes_at(digest, low % (digest.len() - 7)));
    match suite.format {
        ResponseFormat::Hex => value.checked_shr(64 - 4 * digits).unwrap_or(0),
        ResponseFormat::Decimal | ResponseFormat::Unspecified => {
            (value & (u64::MAX >> 1)) % 10u64.pow(digits)
        }
    }
}

/// Digests are at least 20 bytes and offsets at most 15 for 4 bytes, 12 for 8: the bytes are always there.
fn bytes_at<const N: usize>(digest: &[u8], offset: usize) -> [u8; N] {
    std::array::from_fn(|place| digest[offset + place])
}

fn digest(alg: Hash, data: &[u8]) -> Zeroizing<Digest> {
    Zeroizing::new(hash::digest(alg.alg(), data))
}

/// The hexadecimal digits of a decimal number, without leading zeros, at least one.
fn decimal_to_nibbles(text: &[u8]) -> Option<Vec<u8>> {
    let mut nibbles: Vec<u8> = vec![0];
    for byte in text {
        let mut carry = u32::from(char::from(*byte).to_digit(10)? as u8);
        for nibble in &mut nibbles {
            let value = u32::from(*nibble) * 10 + carry;
            *nibble = (value % 16) as u8;
            carry = value / 16;
        }
        while carry > 0 {
            nibbles.push((carry % 16) as u8);
            carry /= 16;
        }
    }
    nibbles.reverse();
    Some(nibbles)
}
