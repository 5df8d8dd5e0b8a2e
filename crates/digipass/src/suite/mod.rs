//! The algorithm of an application as a value and as a name: HOTP (RFC 4226), TOTP (RFC 6238), OCRA (RFC 6287 section 6).
//!
//! Our choice: names that begin with `BANCADA-1:` take what the RFCs do not offer: up to 16 characters, and hexadecimal responses
//! (`12H`). `HOTP-SHA1-6` and `TOTP-SHA256-8-T30S` are written after the OCRA pattern; the RFCs have no names for them.

mod compute;

pub use compute::{Inputs, Question128, Responder, ocra, question};

use std::fmt;
use std::str::FromStr;

use bancada_crypto::hash::HashAlg;
use thiserror::Error;

/// The prefix of names with what the RFCs do not offer.
const EXTENSION: &str = "BANCADA-1:";
/// Room for every name.
const LONGEST_NAME: usize = 64;

/// How a response is computed and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suite {
    /// Which standard.
    pub algorithm: Algorithm,
    /// The digest inside the HMAC.
    pub hash: Hash,
    /// Characters of the response, without its check digit. 0 in OCRA: the whole HMAC in hexadecimal.
    pub digits: u8,
    /// The characters of the response.
    pub format: ResponseFormat,
    /// Whether a counter of events goes into the computation.
    pub counter: bool,
    /// The challenge that goes into the computation.
    pub question: Option<Question>,
    /// The digest of the PIN that goes into the computation.
    pub pin: Option<Hash>,
    /// The length in bytes of the session data that goes into the computation, 0 to 512.
    pub session: Option<u16>,
    /// The length of the time step that goes into the computation.
    pub time: Option<TimeStep>,
}

/// Which standard a response follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RFC 4226.
    Hotp,
    /// RFC 6238.
    Totp,
    /// RFC 6287.
    Ocra,
}

/// The digests the standards know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

/// The characters of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseFormat {
    /// Not said: such an application can verify nothing.
    Unspecified,
    /// Decimal digits.
    Decimal,
    /// Hexadecimal digits (our extension).
    Hex,
}

/// The challenge of a suite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// Its characters.
    pub format: QuestionFormat,
    /// Its greatest length in characters, 4 to 64.
    pub max: u8,
}

/// The characters of a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionFormat {
    /// Letters and digits.
    Alphanumeric,
    /// Decimal digits.
    Numeric,
    /// Hexadecimal digits.
    Hex,
}

/// A time step: RFC 6287 section 6.3 allows 1 to 59 seconds, 1 to 59 minutes, and 1 to 48 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeStep {
    count: u8,
    unit: u8,
}

/// Why a name is not a suite.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{name}` is not a suite: {reason}; compare RFC 6287 section 6, for example OCRA-1:HOTP-SHA256-8:QN08-T30S"
)]
pub struct SuiteError {
    name: String,
    reason: &'static str,
}

impl Hash {
    /// The digest itself.
    #[must_use]
    pub const fn alg(self) -> HashAlg {
        match self {
            Self::Sha1 => HashAlg::Sha1,
            Self::Sha256 => HashAlg::Sha256,
            Self::Sha512 => HashAlg::Sha512,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Sha1, Self::Sha256, Self::Sha512].into_iter().find(|hash| hash.name() == name)
    }
}

impl TimeStep {
    /// A step of so many seconds, if the standard can express it.
    #[must_use]
    pub const fn from_seconds(seconds: u32) -> Option<Self> {
        let (count, unit) = match seconds {
            1..=59 => (seconds, b'S'),
            60..=3540 if seconds.is_multiple_of(60) => (seconds / 60, b'M'),
            3600..=172_800 if seconds.is_multiple_of(3600) => (seconds / 3600, b'H'),
            _ => return None,
        };
        Some(Self { count: count as u8, unit })
    }

    /// The length in seconds, at least 1.
    #[must_use]
    pub const fn seconds(self) -> u32 {
        let count = self.count as u32;
        match self.unit {
            b'S' => count,
            b'M' => count * 60,
            _ => count * 3600,
        }
    }

    fn new(count: u8, unit: u8) -> Option<Self> {
        let most = match unit {
            b'S' | b'M' => 59,
            b'H' => 48,
            _ => return None,
        };
        (1..=most).contains(&count).then_some(Self { count, unit })
    }
}

impl fmt::Display for TimeStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{}{}", self.count, char::from(self.unit))
    }
}

impl Suite {
    /// The name: what the OCRA_SUITE property shows, and for OCRA part of what is computed.
    #[must_use]
    pub fn name(&self) -> String {
        let mut name = String::with_capacity(LONGEST_NAME);
        if !self.is_standard() {
            name.push_str(EXTENSION);
        } else if self.algorithm == Algorithm::Ocra {
            name.push_str("OCRA-1:");
        }
        name.push_str(if self.algorithm == Algorithm::Totp { "TOTP-" } else { "HOTP-" });
        name.push_str(self.hash.name());
        name.push('-');
        push_number(&mut name, self.digits.into(), 1);
        match self.format {
            ResponseFormat::Unspecified => name.push('U'),
            ResponseFormat::Decimal => {}
            ResponseFormat::Hex => name.push('H'),
        }
        if self.algorithm != Algorithm::Hotp {
            self.push_inputs(&mut name);
        }
        name
    }

    /// What enters the computation, each input after its separator.
    fn push_inputs(&self, name: &mut String) {
        let mut separator = if self.algorithm == Algorithm::Ocra { ':' } else { '-' };
        let mut part = |name: &mut String, kind: char| {
            name.push(std::mem::replace(&mut separator, '-'));
            name.push(kind);
        };
        if self.counter {
            part(name, 'C');
        }
        if let Some(question) = self.question {
            part(name, 'Q');
            name.push(['A', 'N', 'H'][question.format as usize]);
            push_number(name, question.max.into(), 2);
        }
        if let Some(pin) = self.pin {
            part(name, 'P');
            name.push_str(pin.name());
        }
        if let Some(session) = self.session {
            part(name, 'S');
            push_number(name, session, 3);
        }
        if let Some(time) = self.time {
            part(name, 'T');
            push_number(name, time.count.into(), 1);
            name.push(char::from(time.unit));
        }
    }

    /// Whether the RFCs cover this suite, so that other products compute the same.
    #[must_use]
    pub fn is_standard(&self) -> bool {
        let digits = match self.algorithm {
            Algorithm::Ocra => self.digits == 0 || (4..=10).contains(&self.digits),
            Algorithm::Hotp | Algorithm::Totp => (6..=10).contains(&self.digits),
        };
        digits && self.format == ResponseFormat::Decimal
    }

    /// `OCRA-1:HOTP-SHA256-n:QH64` for so many decimal digits: a code over a digest, with neither time nor events.
    pub(crate) const fn signing(digits: u8) -> Self {
        Self {
            algorithm: Algorithm::Ocra,
            hash: Hash::Sha256,
            digits,
            format: ResponseFormat::Decimal,
            counter: false,
            question: Some(Question { format: QuestionFormat::Hex, max: 64 }),
            pin: None,
            session: None,
            time: None,
        }
    }

    /// Length of the packed form in bytes.
    pub const PACKED: usize = 10;

    /// The form stored in a BLOB: algorithm, digest, digits, format, counter, question format and length, PIN digest, time unit
    /// and count (our choice). Session data cannot be packed.
    #[must_use]
    pub(crate) fn pack(&self) -> [u8; Self::PACKED] {
        let hash = |hash: Option<Hash>| hash.map_or(0, |hash| 1 + hash as u8);
        let (question, max) =
            self.question.map_or((0, 0), |question| (1 + question.format as u8, question.max));
        let (unit, count) = self.time.map_or((0, 0), |time| (time.unit, time.count));
        [
            self.algorithm as u8,
            hash(Some(self.hash)),
            self.digits,
            self.format as u8,
            u8::from(self.counter),
            question,
            max,
            hash(self.pin),
            unit,
            count,
        ]
    }

    /// The inverse of [`pack`](Self::pack); `None` for bytes it does not make.
    #[must_use]
    pub(crate) fn unpack(bytes: &[u8; Self::PACKED]) -> Option<Self> {
        let hash = |byte| match byte {
            0 => Some(None),
            1 => Some(Some(Hash::Sha1)),
            2 => Some(Some(Hash::Sha256)),
            3 => Some(Some(Hash::Sha512)),
            _ => None,
        };
        let question = match (bytes[5], bytes[6]) {
            (0, 0) => None,
            (kind @ 1..=3, max) => {
                let formats = [QuestionFormat::Alphanumeric, QuestionFormat::Numeric, QuestionFormat::Hex];
                Some(Question { format: formats[usize::from(kind - 1)], max })
            }
            _ => return None,
        };
        let suite = Self {
            algorithm: *[Algorithm::Hotp, Algorithm::Totp, Algorithm::Ocra].get(usize::from(bytes[0]))?,
            hash: hash(bytes[1])??,
            digits: bytes[2],
            format: *[ResponseFormat::Unspecified, ResponseFormat::Decimal, ResponseFormat::Hex]
                .get(usize::from(bytes[3]))?,
            counter: bytes[4] == 1,
            question,
            pin: hash(bytes[7])?,
            session: None,
            time: if bytes[8] == 0 { None } else { Some(TimeStep::new(bytes[9], bytes[8])?) },
        };
        suite.fault().is_none().then_some(suite)
    }

    /// What contradicts itself in the suite, if anything.
    fn fault(&self) -> Option<&'static str> {
        if let Some(question) = self.question
            && !(4..=64).contains(&question.max)
        {
            return Some("a challenge is 4 to 64 characters long");
        }
        if self.session.is_some_and(|length| length > 512) {
            return Some("session data is at most 512 bytes long");
        }
        let extras = self.question.is_some() || self.pin.is_some() || self.session.is_some();
        match self.algorithm {
            Algorithm::Ocra if self.question.is_none() => Some("OCRA needs a challenge (Q)"),
            Algorithm::Ocra => None,
            Algorithm::Hotp if extras || self.time.is_some() || !self.counter => {
                Some("HOTP takes nothing but a counter")
            }
            Algorithm::Totp if extras || self.time.is_none() || self.counter => {
                Some("TOTP takes nothing but the time")
            }
            Algorithm::Hotp | Algorithm::Totp => None,
        }
    }

    fn parse_core(&mut self, core: &str) -> Result<(), &'static str> {
        let mut parts = core.split('-');
        self.algorithm = match parts.next() {
            Some("HOTP") => Algorithm::Hotp,
            Some("TOTP") => Algorithm::Totp,
            _ => return Err("the function must be HOTP or TOTP"),
        };
        self.hash = parts.next().and_then(Hash::parse).ok_or("the digest must be SHA1, SHA256 or SHA512")?;
        let digits = parts.next().ok_or("the number of digits is missing")?;
        let (digits, format) = match digits.as_bytes().last() {
            Some(b'H') => (&digits[..digits.len() - 1], ResponseFormat::Hex),
            Some(b'U') => (&digits[..digits.len() - 1], ResponseFormat::Unspecified),
            _ => (digits, ResponseFormat::Decimal),
        };
        self.format = format;
        self.digits = number(digits, 2).ok_or("the number of digits must be 0 to 99")?;
        if self.algorithm == Algorithm::Totp {
            let time = parts
                .next()
                .and_then(|part| part.strip_prefix('T'))
                .ok_or("TOTP needs a time step (T30S)")?;
            self.time = Some(parse_time(time).ok_or("the time step must be 1-59S, 1-59M or 1-48H")?);
        }
        if parts.next().is_some() { Err("there is more than function, digest and digits") } else { Ok(()) }
    }

    fn parse_inputs(&mut self, inputs: &str) -> Result<(), &'static str> {
        let mut last = 0;
        for part in inputs.split('-') {
            let kind = part.chars().next().ok_or("an input is empty")?;
            let rank = "CQPST".find(kind).ok_or("inputs begin with C, Q, P, S or T")? + 1;
            if rank <= last {
                return Err("inputs must come in the order C, Q, P, S, T, each once");
            }
            last = rank;
            let rest = &part[1..];
            match kind {
                'C' if rest.is_empty() => self.counter = true,
                'C' => return Err("C stands alone"),
                'Q' => {
                    self.question =
                        Some(parse_question(rest).ok_or("the challenge must be QA, QN or QH and 04 to 64")?);
                }
                'P' => {
                    self.pin =
                        Some(Hash::parse(rest).ok_or("the PIN digest must be SHA1, SHA256 or SHA512")?);
                }
                'S' => {
                    self.session = Some(parse_session(rest).ok_or("session data must be S and 000 to 512")?);
                }
                _ => self.time = Some(parse_time(rest).ok_or("the time step must be 1-59S, 1-59M or 1-48H")?),
            }
        }
        Ok(())
    }

    fn parse(name: &str) -> Result<Self, &'static str> {
        let mut suite = Self {
            algorithm: Algorithm::Ocra,
            hash: Hash::Sha1,
            digits: 0,
            format: ResponseFormat::Decimal,
            counter: false,
            question: None,
            pin: None,
            session: None,
            time: None,
        };
        let (rest, extended) = match (name.strip_prefix(EXTENSION), name.strip_prefix("OCRA-1:")) {
            (Some(rest), _) => (rest, true),
            (None, Some(rest)) if rest.contains(':') => (rest, false),
            (None, Some(_)) => return Err("the inputs after the function are missing"),
            (None, None) if name.contains(':') => return Err("it must begin with OCRA-1:"),
            (None, None) => (name, false),
        };
        match rest.split_once(':') {
            None => {
                suite.parse_core(rest)?;
                suite.counter = suite.algorithm == Algorithm::Hotp;
            }
            Some((core, inputs)) => {
                suite.parse_core(core)?;
                if suite.algorithm != Algorithm::Hotp {
                    return Err("OCRA builds on HOTP");
                }
                suite.algorithm = Algorithm::Ocra;
                suite.parse_inputs(inputs)?;
            }
        }
        match suite.fault() {
            Some(reason) => Err(reason),
            None if suite.is_standard() == extended => {
                Err("the RFCs name 4 to 10 digits (HOTP: 6); others begin with BANCADA-1:")
            }
            None => Ok(suite),
        }
    }
}

impl FromStr for Suite {
    type Err = SuiteError;

    fn from_str(name: &str) -> Result<Self, SuiteError> {
        Self::parse(name).map_err(|reason| SuiteError { name: name.chars().take(80).collect(), reason })
    }
}

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

/// Writes a number of up to five digits, with zeros before it up to a width. A name is part of every OCRA computation, so
/// it is written without the formatter, which takes several times as long.
fn push_number(name: &mut String, value: u16, width: u32) {
    let digits = value.checked_ilog10().map_or(1, |log| log + 1).max(width);
    name.extend((0..digits).rev().map(|place| char::from(b'0' + (value / 10u16.pow(place) % 10) as u8)));
}

/// A decimal number of 1 to `digits` digits, without sign or space.
fn number<T: FromStr>(text: &str, digits: usize) -> Option<T> {
    let plain = (1..=digits).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

fn parse_question(text: &str) -> Option<Question> {
    let format = match text.chars().next()? {
        'A' => QuestionFormat::Alphanumeric,
        'N' => QuestionFormat::Numeric,
        'H' => QuestionFormat::Hex,
        _ => return None,
    };
    let max = number(&text[1..], 2)?;
    (text.len() == 3 && (4..=64).contains(&max)).then_some(Question { format, max })
}

fn parse_session(text: &str) -> Option<u16> {
    number(text, 3).filter(|length| text.len() == 3 && *length <= 512)
}

fn parse_time(text: &str) -> Option<TimeStep> {
    let (count, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    // A leading zero would give two names to one step, and the name is part of what is computed.
    let count = number::<u8>(count, 2).filter(|_| !count.starts_with('0'))?;
    TimeStep::new(count, unit.as_bytes()[0])
}

#[cfg(test)]
mod tests;
