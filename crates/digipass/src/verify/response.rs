//! The form of a response: length, characters, check digit; and of a host code.

use crate::blob::Profile;
use crate::role::RoleKeys;
use crate::suite::{Inputs, Responder, ResponseFormat, Suite};
use crate::{ReturnCode, encoding};

/// The number of a response, with its check digit if the application has one.
pub(crate) fn read(profile: &Profile, text: &[u8]) -> Result<u64, ReturnCode> {
    let digits = usize::from(profile.suite.digits);
    let plain = read_plain(&profile.suite, text, profile.response_len(), digits)?;
    if profile.response_check_digit && !encoding::check_digit_holds(text, 10) {
        return Err(ReturnCode::RESPONSE_CHECK_DIGIT);
    }
    Ok(plain)
}

/// The number of the first `digits` characters of a text that must have `len` in all.
pub(crate) fn read_plain(suite: &Suite, text: &[u8], len: usize, digits: usize) -> Result<u64, ReturnCode> {
    if text.len() < len {
        return Err(ReturnCode::RESPONSE_TOO_SHORT);
    }
    if text.len() > len {
        return Err(ReturnCode::RESPONSE_TOO_LONG);
    }
    let (base, code) = match suite.format {
        ResponseFormat::Hex => (16, ReturnCode::RESPONSE_NOT_HEX),
        ResponseFormat::Decimal | ResponseFormat::Unspecified => (10, ReturnCode::RESPONSE_NOT_DECIMAL),
    };
    if !text.iter().all(|byte| char::from(*byte).is_digit(base)) {
        return Err(code);
    }
    suite.read(&text[..digits]).ok_or(code)
}

/// A response as text, with its check digit if the application has one.
pub(crate) fn write(profile: &Profile, value: u64) -> String {
    let mut text = profile.suite.write(value);
    if profile.response_check_digit
        && let Some(digit) = encoding::check_digit(text.as_bytes(), 10)
    {
        text.push(char::from(digit));
    }
    text
}

/// The host code that answers a response with a score, decimal; empty when the application has none.
pub(crate) fn host_code(profile: &Profile, roles: &RoleKeys, score: u8, inputs: &Inputs<'_>) -> String {
    if profile.host_code_len == 0 {
        return String::new();
    }
    let suite = Suite { digits: profile.host_code_len, format: ResponseFormat::Decimal, ..profile.suite };
    let responder = Responder::new(&suite, &roles.host_code(score));
    suite.write(responder.value(&responder.open(inputs), inputs.step))
}
