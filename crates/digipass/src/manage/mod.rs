//! Administration of an application: challenge, reset, synchronisation, unlocking, migration, properties.
//!
//! Vendor docs, pages AAL2GenerateChallenge, AAL2ResetTokenInfo, AAL2SyncTokenAndHost, AAL2Unlock, AAL2MigrateBlob(Ex).

mod property;
mod synchronise;

pub use property::{INT_VALUE, PropertyValue, TokenInfo, get_property, id, set_property, token_info};
pub use synchronise::sync_token_and_host;

use bancada_crypto::random::Random;

use crate::blob::{Application, Kind};
use crate::role::RoleKeys;
use crate::suite::{Inputs, QuestionFormat, Responder, Suite};
use crate::verify::fields::Purpose;
use crate::verify::{checks, fields::digest_question};
use crate::{Blob, Context, ReturnCode, encoding};

/// Characters of an unlock code (our choice).
const UNLOCK_DIGITS: u8 = 8;

/// Makes a challenge and stores it in the BLOB.
///
/// It has the greatest length the application takes, decimal or hexadecimal as its suite says (decimal where letters are allowed too), and
/// ends with a check digit where one is demanded.
///
/// # Errors
/// The codes of opening a BLOB; 1103, 1000; [`ReturnCode::CHALLENGE_NOT_SUPPORTED`]; -107; 208; the codes of the key service.
pub fn generate_challenge(
    cx: &Context<'_>,
    blob: &mut Blob,
    random: &mut dyn Random,
) -> Result<String, ReturnCode> {
    let mut app = Application::open(cx, blob)?;
    checks::kind(&app.profile)?;
    checks::enabled(&app)?;
    let answers =
        matches!(app.profile.kind, Kind::ChallengeResponse | Kind::MultiMode | Kind::MasterActivation);
    let question =
        app.profile.suite.question.filter(|_| answers).ok_or(ReturnCode::CHALLENGE_NOT_SUPPORTED)?;
    let field = *app.profile.fields.first().ok_or(ReturnCode::CHALLENGE_NUMBER)?;
    let base = if question.format == QuestionFormat::Hex { 16 } else { 10 };
    let mut challenge = digits(cx, random, base, usize::from(field.max) - usize::from(field.check_digit))?;
    if field.check_digit {
        let digit = encoding::check_digit(challenge.as_bytes(), u32::from(base)).map(char::from);
        challenge.extend(digit);
    }
    app.state.challenge.clone_from(&challenge);
    app.store(blob);
    Ok(challenge)
}

/// Sets the error counter to 0 and makes the next verification use the synchronisation window; used codes stay used.
///
/// # Errors
/// The codes of opening a BLOB.
pub fn reset_token_info(cx: &Context<'_>, blob: &mut Blob) -> Result<(), ReturnCode> {
    let mut app = Application::open(cx, blob)?;
    app.state.error_count = 0;
    app.state.unsynchronised = true;
    app.store(blob);
    Ok(())
}

/// The code that unlocks a device, for the number the locked device shows: up to 16 decimal digits.
///
/// # Errors
/// [`ReturnCode::RANDOM_POINTER`]; the codes of opening a BLOB; 1103; [`ReturnCode::UNLOCK_NOT_SUPPORTED`]; the codes of
/// challenges for a malformed number.
pub fn unlock(cx: &Context<'_>, blob: &mut Blob, number: Option<&[u8]>) -> Result<String, ReturnCode> {
    let number = encoding::text(number.ok_or(ReturnCode::RANDOM_POINTER)?);
    let mut app = Application::open(cx, blob)?;
    checks::kind(&app.profile)?;
    if !app.profile.unlock {
        return Err(ReturnCode::UNLOCK_NOT_SUPPORTED);
    }
    let code = unlock_code(&RoleKeys::new(app.secrets.expose_key(), app.secrets.diversifier), number)?;
    app.state.counter = app.state.counter.saturating_add(1);
    app.store(blob);
    Ok(code)
}

/// Moves a BLOB from one sealing to another: from the software key to a key service, between keys, to other derive values.
///
/// # Errors
/// The codes of opening under `from`, and of sealing under `to`; the BLOB is then as it was.
pub fn migrate_blob(from: &Context<'_>, to: &Context<'_>, blob: &mut Blob) -> Result<(), ReturnCode> {
    *blob = Application::open(from, blob)?.seal(to)?;
    Ok(())
}

/// The unlock code for a number.
pub(crate) fn unlock_code(roles: &RoleKeys, number: &[u8]) -> Result<String, ReturnCode> {
    if number.is_empty() {
        return Err(ReturnCode::CHALLENGE_TOO_SHORT);
    }
    if number.len() > 16 {
        return Err(ReturnCode::CHALLENGE_TOO_LONG);
    }
    if !number.iter().all(u8::is_ascii_digit) {
        return Err(ReturnCode::CHALLENGE_CHARACTER);
    }
    let suite = Suite::signing(UNLOCK_DIGITS);
    let question = digest_question(Purpose::Unlock, &[number]);
    let inputs = Inputs { counter: 0, question: &question, pin: &[], session: &[], step: 0 };
    let responder = Responder::new(&suite, &roles.unlock());
    Ok(suite.write(responder.value(&responder.open(&inputs), 0)))
}

/// Random digits of a base, each equally likely.
pub(crate) fn digits(
    cx: &Context<'_>,
    random: &mut dyn Random,
    base: u8,
    count: usize,
) -> Result<String, ReturnCode> {
    let limit = 255 / base * base;
    let mut out = String::with_capacity(count);
    let mut bytes = [0; 32];
    while out.len() < count {
        cx.random(random, &mut bytes)?;
        let digits = bytes.iter().filter(|byte| **byte < limit).map(|byte| byte % base);
        out.extend(digits.filter_map(|digit| char::from_digit(u32::from(digit), u32::from(base))));
    }
    out.truncate(count);
    out.make_ascii_uppercase();
    Ok(out)
}

#[cfg(test)]
mod tests;
