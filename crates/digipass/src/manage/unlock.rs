//! Unlocking a device that locked itself after wrong PINs, and the codes by which a user may ask for that.
//!
//! Vendor docs, pages AAL2Unlock, AAL2GenUnlockAuthCode, AAL2AuthorizeUnlock, Digipass Management Service: the old mechanism uses the BLOB of any
//! application that supports it, Unlock Version 2 a BLOB of its own (mode UL). Unlock authentication codes are numbered; each is good once, in their
//! order, and the ones that were passed over are no good any more; six can be given out in advance. Our choice: docs/digipass.md, "Unlocking".

use std::fmt;

use bancada_crypto::ct_eq;

use crate::blob::{Application, Kind, MAX_COUNTER};
use crate::role::RoleKeys;
use crate::suite::{Inputs, Responder, Suite};
use crate::verify::fields::{Purpose, digest_question};
use crate::{Blob, Context, ReturnCode, encoding};

/// Characters of an unlock code and of an unlock authentication code: the vendor's have 7 or 8, and up to 8.
const UNLOCK_DIGITS: u8 = 8;
/// The longest number a locked device shows.
const MAX_NUMBER: usize = 8;
/// How far ahead authentication codes are given out and accepted.
const MAX_INDEX: u16 = 5;

/// An unlock authentication code, good until it or a later one is used. It does not print the code.
#[derive(Clone, PartialEq, Eq)]
pub struct UnlockAuthCode {
    /// The code, 8 decimal digits.
    pub code: String,
    /// Its number.
    pub counter: u16,
}

impl fmt::Debug for UnlockAuthCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnlockAuthCode").field("counter", &self.counter).finish_non_exhaustive()
    }
}

/// The code that unlocks a device, for the number the locked device shows: up to 8 decimal digits.
///
/// # Errors
/// [`ReturnCode::RANDOM_POINTER`]; the codes of opening a BLOB; 1000; [`ReturnCode::UNLOCK_NOT_SUPPORTED`]; 208; 1104 while only the backup virtual
/// token is enabled, which has no device; the codes of challenges for a malformed number.
pub fn unlock(cx: &Context<'_>, blob: &Blob, number: Option<&[u8]>) -> Result<String, ReturnCode> {
    let number = encoding::text(number.ok_or(ReturnCode::RANDOM_POINTER)?);
    let app = open(cx, blob)?;
    unlock_code(&RoleKeys::new(app.secrets.expose_key(), app.secrets.diversifier), number)
}

/// An unlock authentication code: the one that comes next (index 0), or up to five further on. The BLOB does not change.
///
/// # Errors
/// As [`unlock`]; 138 also for another index and when all codes are used up (our choice).
pub fn gen_unlock_auth_code(cx: &Context<'_>, blob: &Blob, index: i32) -> Result<UnlockAuthCode, ReturnCode> {
    let app = open(cx, blob)?;
    let index = u16::try_from(index).ok().filter(|index| *index <= MAX_INDEX);
    let counter = index.map(|index| app.state.counter + index).filter(|counter| *counter < MAX_COUNTER);
    let counter = counter.ok_or(ReturnCode::UNLOCK_NOT_SUPPORTED)?;
    Ok(UnlockAuthCode { code: auth_code(&app, counter), counter })
}

/// The unlock code for the number a locked device shows, for a user who has an unlock authentication code.
///
/// # Errors
/// As [`unlock`]; 130 when the authentication code is missing; 814 when it is too long; 202, so that codes cannot be guessed; 138 when all are used
/// up; 1 when it is not one of the next six, which counts as an error (our choice: the vendor's numbers for these are not public).
pub fn authorize_unlock(
    cx: &Context<'_>,
    blob: &mut Blob,
    auth: Option<&[u8]>,
    number: Option<&[u8]>,
) -> Result<String, ReturnCode> {
    let auth = encoding::text(auth.ok_or(ReturnCode::RESPONSE_POINTER)?);
    let number = encoding::text(number.ok_or(ReturnCode::RANDOM_POINTER)?);
    let mut app = open(cx, blob)?;
    if auth.len() > usize::from(UNLOCK_DIGITS) {
        return Err(ReturnCode::UNLOCK_AUTH_TOO_LONG);
    }
    let code = unlock_code(&RoleKeys::new(app.secrets.expose_key(), app.secrets.diversifier), number)?;
    let limit = cx.params.password_threshold();
    crate::verify::threshold(&mut app, blob, limit, ReturnCode::IDENTIFICATION_THRESHOLD)?;
    let next = app.state.counter;
    if next >= MAX_COUNTER {
        return Err(ReturnCode::UNLOCK_NOT_SUPPORTED);
    }
    let last = next.saturating_add(MAX_INDEX).min(MAX_COUNTER - 1);
    let found = (next..=last).find(|counter| ct_eq(auth_code(&app, *counter).as_bytes(), auth));
    let Some(found) = found else {
        return Err(crate::verify::fail(&mut app, blob, ReturnCode::NOT_VERIFIED));
    };
    app.state.counter = found + 1;
    app.store(blob);
    Ok(code)
}

/// The unlock code for a number.
pub(crate) fn unlock_code(roles: &RoleKeys, number: &[u8]) -> Result<String, ReturnCode> {
    if number.is_empty() {
        return Err(ReturnCode::CHALLENGE_TOO_SHORT);
    }
    if number.len() > MAX_NUMBER {
        return Err(ReturnCode::CHALLENGE_TOO_LONG);
    }
    if !number.iter().all(u8::is_ascii_digit) {
        return Err(ReturnCode::CHALLENGE_CHARACTER);
    }
    Ok(compute(roles, Purpose::Unlock, number))
}

fn open(cx: &Context<'_>, blob: &Blob) -> Result<Application, ReturnCode> {
    let app = Application::open(cx, blob)?;
    match app.profile.kind {
        Kind::EmvCap => return Err(ReturnCode::EMV_CAP),
        Kind::UnlockV2 => {}
        Kind::MasterActivation => return Err(ReturnCode::UNLOCK_NOT_SUPPORTED),
        _ if app.profile.unlock => {}
        _ => return Err(ReturnCode::UNLOCK_NOT_SUPPORTED),
    }
    match (app.state.primary, app.state.backup) {
        (true, _) => Ok(app),
        (false, true) => Err(ReturnCode::NOT_PRIMARY_VIRTUAL),
        (false, false) => Err(ReturnCode::APPLICATION_DISABLED),
    }
}

fn auth_code(app: &Application, counter: u16) -> String {
    let roles = RoleKeys::new(app.secrets.expose_key(), app.secrets.diversifier);
    compute(&roles, Purpose::UnlockAuth, &counter.to_be_bytes())
}

fn compute(roles: &RoleKeys, purpose: Purpose, input: &[u8]) -> String {
    let suite = Suite::signing(UNLOCK_DIGITS);
    let question = digest_question(purpose, &[input]);
    let inputs = Inputs { counter: 0, question: &question, pin: &[], session: &[], step: 0 };
    let responder = Responder::new(&suite, &roles.unlock());
    suite.write(responder.value(&responder.open(&inputs), 0))
}

#[cfg(test)]
mod tests;
