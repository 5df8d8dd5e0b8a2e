//! The static PIN: before a response, changed behind it, or set by the administrator.
//!
//! Vendor docs, pages AAL2VerifyPassword(Ex), AAL2ChangeStaticPassword, AAL2ResetStaticPassword, AAL2SetTokenProperty: the forms of a password, the
//! order (PIN, response, change), the codes 2, 801 to 806, the characters. Our choice, where they are silent: docs/digipass.md, "Static PIN".

use bancada_crypto::ct_eq;

use crate::blob::{Application, Clear};
use crate::verify::checks;
use crate::{Blob, Context, ReturnCode, encoding};

/// The longest PIN.
pub(crate) const MAX_PIN: usize = 8;
/// The characters besides letters and digits that ASCII and EBCDIC share (page AAL2ChangeStaticPassword), the space left out: it fills fields.
const PUNCTUATION: &[u8] = b"\"%&'()*+,-./:;<=>?_";

/// A password taken apart.
pub(crate) struct Parts<'a> {
    /// The PIN; `None` when it was left out, which a reset allows.
    pin: Option<&'a [u8]>,
    pub(crate) response: &'a [u8],
    /// A new PIN twice, or nothing.
    new_pins: &'a [u8],
}

/// Replaces the PIN without asking for the old one (AAL2ChangeStaticPassword).
///
/// # Errors
/// 130 when an entry is missing; the codes of opening a BLOB; 1103, 1000; 801; 803 and 804 for the length of the first entry; 805 when the
/// second differs; 2 for a character PINs cannot have (our choice: the page has no code for it). The BLOB is then as it was.
pub fn change_static_password(
    cx: &Context<'_>,
    blob: &mut Blob,
    new_pin: Option<&[u8]>,
    again: Option<&[u8]>,
) -> Result<(), ReturnCode> {
    let [Some(new_pin), Some(again)] = [new_pin, again].map(|text| text.map(encoding::text)) else {
        return Err(ReturnCode::RESPONSE_POINTER);
    };
    let mut app = Application::open(cx, blob)?;
    supported(&app)?;
    length(&app, new_pin)?;
    if !ct_eq(new_pin, again) {
        return Err(ReturnCode::PIN_NOT_EQUAL);
    }
    characters(new_pin)?;
    set(&mut app, new_pin);
    *blob = app.seal(cx)?;
    Ok(())
}

/// Lets the next password carry a new PIN twice in place of the PIN, which stays valid until then (AAL2ResetStaticPassword).
///
/// # Errors
/// The codes of opening a BLOB; 1103, 1000; 801; 806 unless the user may change the PIN.
pub fn reset_static_password(cx: &Context<'_>, blob: &mut Blob) -> Result<(), ReturnCode> {
    let mut app = Clear::look(cx, blob)?;
    supported(&app)?;
    if !app.state.pin_change_on {
        return Err(ReturnCode::PIN_CHANGE_NOT_SUPPORTED);
    }
    app.state.pin_reset = true;
    app.store(blob);
    Ok(())
}

/// Takes a password apart by the lengths of PIN and response. After a reset, one that does not begin with the PIN begins with the response.
pub(crate) fn split<'a>(app: &Application, password: &'a [u8]) -> Result<Parts<'a>, ReturnCode> {
    let response_len = app.profile.response_len();
    if !in_use(app) {
        return Ok(Parts { pin: Some(&[]), response: password, new_pins: &[] });
    }
    let pin_len = usize::from(app.state.pin_len);
    let begins = password.get(..pin_len).is_some_and(|pin| is_pin(app, pin));
    let left_out = app.state.pin_reset && !(begins && password.len() >= pin_len + response_len);
    let pin_len = if left_out { 0 } else { pin_len };
    if password.len() < pin_len + response_len {
        return Err(ReturnCode::RESPONSE_TOO_SHORT);
    }
    let (pin, rest) = password.split_at(pin_len);
    let (response, new_pins) = rest.split_at(response_len);
    if new_pins.len() <= 2 * MAX_PIN && !new_pins.len().is_multiple_of(2) {
        return Err(ReturnCode::RESPONSE_TOO_LONG);
    }
    Ok(Parts { pin: (!left_out).then_some(pin), response, new_pins })
}

/// Whether the PIN before the response is the right one, or may be missing.
pub(crate) fn holds(app: &Application, parts: &Parts<'_>) -> bool {
    !in_use(app) || parts.pin.is_none_or(|pin| is_pin(app, pin))
}

/// The new PIN behind the response, if there is one and it is acceptable.
///
/// # Errors
/// 802 when one is demanded and missing; 803, 804; 2 when the user may not change the PIN, the two entries differ, or have a character
/// that PINs cannot have (our choice: the page of AAL2VerifyPassword has no codes for these).
pub(crate) fn change<'a>(app: &Application, parts: &Parts<'a>) -> Result<Option<&'a [u8]>, ReturnCode> {
    let state = &app.state;
    if parts.new_pins.is_empty() {
        let demanded = in_use(app) && (state.pin_change_forced || parts.pin.is_none());
        return if demanded { Err(ReturnCode::PIN_CHANGE_MANDATORY) } else { Ok(None) };
    }
    if !(state.pin_change_on || state.pin_change_forced) {
        return Err(ReturnCode::STATIC_PASSWORD_FAILED);
    }
    let (first, second) = parts.new_pins.split_at(parts.new_pins.len() / 2);
    length(app, first)?;
    if !ct_eq(first, second) {
        return Err(ReturnCode::STATIC_PASSWORD_FAILED);
    }
    characters(first)?;
    Ok(Some(first))
}

/// Sets the PIN; the BLOB must be sealed anew.
pub(crate) fn set(app: &mut Application, new_pin: &[u8]) {
    let len = new_pin.len().min(MAX_PIN);
    let pin = &mut app.secrets.pin;
    pin.fill(0);
    pin[..len].copy_from_slice(&new_pin[..len]);
    app.state.pin_len = len as u8;
    app.state.pin_change_forced = false;
    app.state.pin_reset = false;
}

/// Whether passwords begin with a PIN.
pub(crate) fn in_use(app: &Clear) -> bool {
    app.profile.pin && app.state.pin_enabled
}

fn is_pin(app: &Application, text: &[u8]) -> bool {
    ct_eq(text, &app.secrets.pin[..usize::from(app.state.pin_len).min(MAX_PIN)])
}

fn length(app: &Application, new_pin: &[u8]) -> Result<(), ReturnCode> {
    if new_pin.len() < usize::from(app.state.pin_min_len.clamp(3, 8)) {
        return Err(ReturnCode::PIN_TOO_SHORT);
    }
    if new_pin.len() > MAX_PIN {
        return Err(ReturnCode::PIN_TOO_LONG);
    }
    Ok(())
}

fn characters(new_pin: &[u8]) -> Result<(), ReturnCode> {
    let known = |byte: &u8| byte.is_ascii_alphanumeric() || PUNCTUATION.contains(byte);
    if new_pin.iter().all(known) { Ok(()) } else { Err(ReturnCode::STATIC_PASSWORD_FAILED) }
}

fn supported(app: &Clear) -> Result<(), ReturnCode> {
    checks::kind(&app.profile)?;
    if app.profile.pin { Ok(()) } else { Err(ReturnCode::PIN_NOT_SUPPORTED) }
}

#[cfg(test)]
mod tests;
