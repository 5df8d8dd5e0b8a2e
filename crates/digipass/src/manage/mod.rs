//! Administration of an application: challenge, reset, synchronisation, unlocking, migration, properties.
//!
//! Vendor docs, pages AAL2GenerateChallenge(Ex), AAL2ResetTokenInfo, AAL2SyncTokenAndHost, AAL2SyncTokenBlob, AAL2Unlock, AAL2MigrateBlob(Ex).

mod blobs;
mod property;
mod synchronise;
mod unlock;

pub use blobs::sync_token_blobs;
pub use property::{INT_VALUE, PropertyValue, TokenInfo, get_property, id, set_property, token_info};
pub use synchronise::sync_token_and_host;
pub(crate) use unlock::unlock_code;
pub use unlock::{UnlockAuthCode, authorize_unlock, gen_unlock_auth_code, unlock};

use bancada_crypto::random::Random;

use crate::blob::{Application, Clear, Kind};
use crate::suite::QuestionFormat;
use crate::verify::checks;
use crate::{Blob, Context, ReturnCode, encoding};

/// The message that shows a challenge, as the vendor's client programs take it: the type of the authenticator and the challenge.
///
/// # Errors
/// The codes of opening a BLOB.
pub fn challenge_message(cx: &Context<'_>, blob: &Blob, challenge: &str) -> Result<String, ReturnCode> {
    let app = Clear::look(cx, blob)?;
    Ok(format!("{}: [{challenge}]", String::from_utf8_lossy(&app.profile.model)))
}

/// Makes a challenge and stores it in the BLOB.
///
/// It has the greatest length the application takes, decimal or hexadecimal as its suite says (decimal where letters are allowed too), and
/// ends with a check digit where one is demanded.
///
/// # Errors
/// The codes of opening a BLOB; 1103, 1000; 132 for an application that only signs; [`ReturnCode::CHALLENGE_NOT_SUPPORTED`] for another without
/// challenges; -107; 208; the codes of the key service.
pub fn generate_challenge(
    cx: &Context<'_>,
    blob: &mut Blob,
    random: &mut dyn Random,
) -> Result<String, ReturnCode> {
    let mut app = Clear::look(cx, blob)?;
    checks::kind(&app.profile)?;
    if app.profile.kind == Kind::Signature {
        return Err(ReturnCode::TOKEN_TYPE);
    }
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
/// The codes of opening a BLOB; 1103.
pub fn reset_token_info(cx: &Context<'_>, blob: &mut Blob) -> Result<(), ReturnCode> {
    let mut app = Clear::look(cx, blob)?;
    if app.profile.kind == Kind::UnlockV2 {
        return Err(ReturnCode::UNLOCK_V2);
    }
    app.state.error_count = 0;
    app.state.unsynchronised = true;
    app.store(blob);
    Ok(())
}

/// Moves a BLOB from one sealing to another: from the software key to a key service, between keys, to other derive values.
///
/// # Errors
/// The codes of opening under `from`, and of sealing under `to`; the BLOB is then as it was.
pub fn migrate_blob(from: &Context<'_>, to: &Context<'_>, blob: &mut Blob) -> Result<(), ReturnCode> {
    *blob = Application::open(from, blob)?.seal(to)?;
    Ok(())
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
