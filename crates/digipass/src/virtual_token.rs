//! The virtual token: a response made by the host for a user without the device, for a limited number of uses or days.
//!
//! Vendor docs, pages AAL2GenPassword, AAL2GenSignature and AAL2SetTokenProperty (VIRTUAL_TOKEN_GRACE_PERIOD, VIRTUAL_TOKEN_REMAIN_USE). Our choice: it
//! has a key of its own, so the response of the device is never given away; the days begin with its first accepted use.

use crate::blob::{Application, Kind};
use crate::role::RoleKeys;
use crate::suite::{Inputs, Question128, Responder};
use crate::verify::fields::Purpose;
use crate::verify::{checks, fields, response};
use crate::{Blob, Context, ReturnCode, encoding};

/// Uses that mean no limit.
pub(crate) const UNLIMITED: u8 = 255;

/// The response the virtual token gives now (AAL2GenPassword). The BLOB does not change.
///
/// # Errors
/// The codes of opening a BLOB and of its kind; [`ReturnCode::VIRTUAL_NOT_ALLOWED`] for an application without a usable
/// virtual token, which real tokens are; 131 and the challenge codes.
pub fn gen_password(cx: &Context<'_>, blob: &Blob, challenge: Option<&[u8]>) -> Result<String, ReturnCode> {
    let app = Application::open(cx, blob)?;
    checks::password(&app)?;
    if !usable(cx, &app) {
        return Err(ReturnCode::VIRTUAL_NOT_ALLOWED);
    }
    let challenge = challenge.map(encoding::text).filter(|text| !text.is_empty());
    if let Some(text) = challenge {
        fields::challenge(&app.profile, text)?;
    } else if app.profile.kind == Kind::ChallengeResponse {
        return Err(ReturnCode::CHALLENGE_MISSING);
    }
    let question = fields::password_question(&app.profile, challenge)?;
    Ok(respond(cx, &app, &question, cx.now))
}

/// The signature the virtual token gives now, or at the deferred time or event (AAL2GenSignature). The BLOB does not change.
///
/// # Errors
/// The codes of opening a BLOB and of its kind; [`ReturnCode::VIRTUAL_NOT_ALLOWED`] as for [`gen_password`]; the codes of data fields.
pub fn gen_signature(
    cx: &Context<'_>,
    blob: &Blob,
    data: Option<&[&[u8]]>,
    deferred: u32,
) -> Result<String, ReturnCode> {
    let data = data.ok_or(ReturnCode::DATA_FIELDS_POINTER)?;
    let mut app = Application::open(cx, blob)?;
    checks::signature(&app)?;
    if !usable(cx, &app) {
        return Err(ReturnCode::VIRTUAL_NOT_ALLOWED);
    }
    let data: Vec<&[u8]> = data.iter().map(|field| encoding::text(field)).collect();
    fields::data(&app.profile, &data)?;
    let question = fields::signature_question(&app.profile, Purpose::Fields, &data)?;
    let at = match (deferred, app.profile.suite.counter) {
        (0, _) => cx.now,
        (event, true) => {
            app.state.next_event = event;
            cx.now
        }
        (time, false) => u64::from(time),
    };
    Ok(respond(cx, &app, &question, at))
}

fn respond(cx: &Context<'_>, app: &Application, question: &Question128, at: u64) -> String {
    let key = RoleKeys::new(app.secrets.expose_key(), app.secrets.diversifier).virtual_token();
    let at = i64::try_from(at).unwrap_or(i64::MAX).saturating_add(cx.params.clock_adjustment_s());
    let at = at.saturating_add(i64::from(app.state.shift_s));
    let step = app.profile.suite.time.map_or(0, |step| at.div_euclid(i64::from(step.seconds())));
    let inputs = Inputs {
        counter: u64::from(app.state.next_event),
        question,
        pin: &app.secrets.pin[..usize::from(app.state.pin_len)],
        session: &[],
        step: u64::try_from(step).unwrap_or(0),
    };
    let responder = Responder::new(&app.profile.suite, &key);
    response::write(&app.profile, responder.value(&responder.open(&inputs), inputs.step))
}

/// Whether the virtual token may be used now.
pub(crate) fn usable(cx: &Context<'_>, app: &Application) -> bool {
    let state = &app.state;
    let in_time = !state.grace_started || today(cx) <= state.virtual_grace;
    app.profile.virtual_token && state.backup && state.virtual_uses > 0 && in_time
}

/// Counts an accepted use.
pub(crate) fn count_use(cx: &Context<'_>, app: &mut Application) {
    let state = &mut app.state;
    if state.virtual_uses != UNLIMITED {
        state.virtual_uses = state.virtual_uses.saturating_sub(1);
    }
    if !state.grace_started && state.virtual_grace > 0 {
        state.virtual_grace = today(cx).saturating_add(state.virtual_grace);
        state.grace_started = true;
    }
}

/// The day since 1970.
fn today(cx: &Context<'_>) -> u16 {
    u16::try_from(cx.now / 86_400).unwrap_or(u16::MAX)
}
