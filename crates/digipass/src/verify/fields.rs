//! Challenges and data fields: their form, and what of them enters the computation.
//!
//! Our choice: a suite with `QH64` signs SHA-256 of the fields (a purpose byte, the number of fields, and each field after its length); any
//! other suite signs exactly one field as RFC 6287 section 7.3 says. Fields are put in upper case (vendor docs, page E-signature
//! generation). A check digit is decimal where all characters are, else hexadecimal.

use bancada_crypto::hash::{self, HashAlg};

use crate::blob::{DataField, Profile};
use crate::suite::{Question128, QuestionFormat, question};
use crate::{ReturnCode, encoding};

/// Characters of a data field that are neither letter nor digit (same page).
const PUNCTUATION: &[u8] = b"%&'()*+,-./:;<=>?_ ";

/// What a digest of fields is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A password without a challenge.
    Plain = 1,
    /// A signature over data fields.
    Fields = 2,
    /// A signature over a Secure Channel message.
    Message = 3,
    /// An unlock code for the number a locked device shows.
    Unlock = 4,
    /// The proof in a device code.
    Device = 5,
    /// An unlock authentication code.
    UnlockAuth = 6,
}

/// Whether a challenge has the form the application takes.
pub(crate) fn challenge(profile: &Profile, text: &[u8]) -> Result<(), ReturnCode> {
    let question = profile.suite.question.ok_or(ReturnCode::CHALLENGE_NOT_SUPPORTED)?;
    let field = profile.fields.first().ok_or(ReturnCode::CHALLENGE_NUMBER)?;
    check(*field, Some(question.format), text)
}

/// Whether data fields have the form the application takes.
pub(crate) fn data(profile: &Profile, given: &[&[u8]]) -> Result<(), ReturnCode> {
    let question = profile.suite.question.ok_or(ReturnCode::UNSUPPORTED_BLOB)?;
    if given.is_empty() || given.len() > profile.fields.len() || (question.max != 64 && given.len() != 1) {
        return Err(ReturnCode::FIELD_COUNT);
    }
    // A digest is hexadecimal whatever the fields are made of, so QH64 leaves the fields free.
    let format = if hashes(profile) { None } else { Some(question.format) };
    given.iter().zip(&profile.fields).try_for_each(|(text, field)| check(*field, format, text))
}

/// What enters the computation for a password.
pub(crate) fn password_question(
    profile: &Profile,
    challenge: Option<&[u8]>,
) -> Result<Question128, ReturnCode> {
    match (profile.suite.question, challenge) {
        (None, _) => Ok([0; 128]),
        (Some(format), Some(text)) => question(format.format, text).ok_or(ReturnCode::CHALLENGE_CHARACTER),
        (Some(_), None) if hashes(profile) => Ok(digest_question(Purpose::Plain, &[])),
        (Some(_), None) => Ok([0; 128]),
    }
}

/// What enters the computation for a signature over checked fields, which it takes in upper case.
pub(crate) fn signature_question(
    profile: &Profile,
    purpose: Purpose,
    fields: &[&[u8]],
) -> Result<Question128, ReturnCode> {
    if hashes(profile) {
        return Ok(digest_of(purpose, fields, u8::to_ascii_uppercase));
    }
    let format = profile.suite.question.ok_or(ReturnCode::UNSUPPORTED_BLOB)?.format;
    match fields {
        [field] => question(format, &field.to_ascii_uppercase()).ok_or(ReturnCode::CHALLENGE_CHARACTER),
        _ => Err(ReturnCode::FIELD_COUNT),
    }
}

/// A Secure Channel message as data fields: SHA-256 of its bytes, in four fields of 16 hexadecimal characters.
pub(crate) struct OfMessage([u8; 64]);

/// The data fields of a message.
pub(crate) fn of_message(message: &[u8]) -> OfMessage {
    let mut text = [0; 64];
    encoding::hex_into(&hash::digest(HashAlg::Sha256, message), &mut text);
    OfMessage(text)
}

impl OfMessage {
    /// The four fields.
    pub(crate) fn fields(&self) -> [&[u8]; 4] {
        std::array::from_fn(|place| &self.0[place * 16..(place + 1) * 16])
    }
}

/// Whether signatures of this application are over a digest.
pub(crate) fn hashes(profile: &Profile) -> bool {
    profile
        .suite
        .question
        .is_some_and(|question| question.format == QuestionFormat::Hex && question.max == 64)
}

fn check(field: DataField, format: Option<QuestionFormat>, text: &[u8]) -> Result<(), ReturnCode> {
    if text.len() < usize::from(field.min) {
        return Err(ReturnCode::CHALLENGE_TOO_SHORT);
    }
    if text.len() > usize::from(field.max) {
        return Err(ReturnCode::CHALLENGE_TOO_LONG);
    }
    let fits = match format {
        Some(QuestionFormat::Numeric) => text.iter().all(u8::is_ascii_digit),
        Some(QuestionFormat::Hex) => text.iter().all(u8::is_ascii_hexdigit),
        Some(QuestionFormat::Alphanumeric) => text.iter().all(u8::is_ascii_alphanumeric),
        None => text.iter().all(|byte| byte.is_ascii_alphanumeric() || PUNCTUATION.contains(byte)),
    };
    if !fits {
        return Err(ReturnCode::CHALLENGE_CHARACTER);
    }
    if !field.check_digit {
        return Ok(());
    }
    let decimal = format != Some(QuestionFormat::Hex) && text.iter().all(u8::is_ascii_digit);
    let holds = encoding::check_digit_holds(text, if decimal { 10 } else { 16 });
    if holds { Ok(()) } else { Err(ReturnCode::CHALLENGE_CHECK_DIGIT) }
}

/// A digest of fields for a purpose, as a challenge.
pub(crate) fn digest_question(purpose: Purpose, fields: &[&[u8]]) -> Question128 {
    digest_of(purpose, fields, |byte| *byte)
}

fn digest_of(purpose: Purpose, fields: &[&[u8]], form: impl Fn(&u8) -> u8) -> Question128 {
    let mut signed = Vec::with_capacity(2 + fields.iter().map(|field| 1 + field.len()).sum::<usize>());
    signed.extend_from_slice(&[purpose as u8, fields.len() as u8]);
    for field in fields {
        signed.push(field.len() as u8);
        signed.extend(field.iter().map(&form));
    }
    let mut out = [0; 128];
    out[..32].copy_from_slice(&hash::digest(HashAlg::Sha256, &signed));
    out
}
