//! The static PIN: before a response, changed behind it, or set by the administrator.
//!
//! Vendor docs, pages AAL2VerifyPassword, AAL2ChangeStaticPassword, AAL2ResetStaticPassword, AAL2SetTokenProperty. Our choice: a PIN has up
//! to 8 letters and digits; a change that is not allowed, does not repeat itself, or is demanded and missing, has code 2 and does
//! not count as an error.

use bancada_crypto::ct_eq;

use crate::blob::Application;
use crate::{Blob, Context, ReturnCode, encoding};

/// The longest PIN.
pub(crate) const MAX_PIN: usize = 8;

/// A password taken apart.
pub(crate) struct Parts<'a> {
    pin: &'a [u8],
    pub(crate) response: &'a [u8],
    pub(crate) new_pin: Option<&'a [u8]>,
    repeated: bool,
}

/// Replaces the PIN without asking for the old one (AAL2ChangeStaticPassword).
///
/// # Errors
/// The codes of opening a BLOB; [`ReturnCode::PIN_NOT_SUPPORTED`]; 2 when the two differ or are not acceptable.
pub fn change_static_password(
    cx: &Context<'_>,
    blob: &mut Blob,
    new_pin: &[u8],
    again: &[u8],
) -> Result<(), ReturnCode> {
    let mut app = supported(cx, blob)?;
    let (new_pin, again) = (encoding::text(new_pin), encoding::text(again));
    if !ct_eq(new_pin, again) || !acceptable(&app, new_pin) {
        return Err(ReturnCode::STATIC_PASSWORD_FAILED);
    }
    set(&mut app, new_pin);
    *blob = app.seal(cx)?;
    Ok(())
}

/// Takes the PIN away, so that the user chooses one with the next password (AAL2ResetStaticPassword).
///
/// # Errors
/// The codes of opening a BLOB; [`ReturnCode::PIN_NOT_SUPPORTED`].
pub fn reset_static_password(cx: &Context<'_>, blob: &mut Blob) -> Result<(), ReturnCode> {
    let mut app = supported(cx, blob)?;
    set(&mut app, &[]);
    app.state.pin_change_forced = true;
    *blob = app.seal(cx)?;
    Ok(())
}

/// Takes a password apart by the lengths of PIN and response.
pub(crate) fn split<'a>(app: &Application, password: &'a [u8]) -> Result<Parts<'a>, ReturnCode> {
    let response_len = app.profile.response_len();
    let pin_len = if in_use(app) { usize::from(app.state.pin_len) } else { 0 };
    if password.len() < pin_len + response_len {
        return Err(ReturnCode::RESPONSE_TOO_SHORT);
    }
    let (pin, rest) = password.split_at(pin_len);
    if !in_use(app) {
        return Ok(Parts { pin, response: rest, new_pin: None, repeated: true });
    }
    let (response, new_pins) = rest.split_at(response_len);
    if new_pins.is_empty() {
        return Ok(Parts { pin, response, new_pin: None, repeated: true });
    }
    let (first, second) = new_pins.split_at(new_pins.len() / 2);
    if first.len() != second.len() || first.len() > MAX_PIN {
        return Err(ReturnCode::RESPONSE_TOO_LONG);
    }
    Ok(Parts { pin, response, new_pin: Some(first), repeated: ct_eq(first, second) })
}

/// Whether the PIN before the response is the right one.
pub(crate) fn holds(app: &Application, parts: &Parts<'_>) -> bool {
    ct_eq(parts.pin, &app.secrets.pin[..parts.pin.len().min(MAX_PIN)])
}

/// Whether the change asked for is allowed, and whether one that is demanded is there.
pub(crate) fn check_change(app: &Application, parts: &Parts<'_>) -> Result<(), ReturnCode> {
    let good = match parts.new_pin {
        None => !(in_use(app) && app.state.pin_change_forced),
        Some(new_pin) => app.state.pin_change_on && parts.repeated && acceptable(app, new_pin),
    };
    if good { Ok(()) } else { Err(ReturnCode::STATIC_PASSWORD_FAILED) }
}

/// Sets the PIN; the BLOB must be sealed anew.
pub(crate) fn set(app: &mut Application, new_pin: &[u8]) {
    let len = new_pin.len().min(MAX_PIN);
    let pin = &mut app.change_secrets().pin;
    pin.fill(0);
    pin[..len].copy_from_slice(&new_pin[..len]);
    app.state.pin_len = len as u8;
    app.state.pin_change_forced = false;
}

/// Whether a text can be this application's PIN.
pub(crate) fn acceptable(app: &Application, new_pin: &[u8]) -> bool {
    let least = usize::from(app.state.pin_min_len.clamp(3, 8));
    (least..=MAX_PIN).contains(&new_pin.len()) && new_pin.iter().all(u8::is_ascii_alphanumeric)
}

fn in_use(app: &Application) -> bool {
    app.profile.pin && app.state.pin_enabled
}

fn supported(cx: &Context<'_>, blob: &Blob) -> Result<Application, ReturnCode> {
    let app = Application::open(cx, blob)?;
    if app.profile.pin { Ok(app) } else { Err(ReturnCode::PIN_NOT_SUPPORTED) }
}
