//! The virtual token: responses made by the host. A primary one is an authenticator without a device; a backup one stands in for a device.
//!
//! Vendor docs, pages Virtual Mobile Authenticator Service, AAL2GenPassword(Ex), AAL2GenSignature(Ex), AAL2SetTokenProperty: a primary one
//! emulates the device; a backup one makes time-based passwords without challenge and static PIN and does not sign; each response made
//! counts. Our choice: docs/digipass.md, "Virtual tokens".

use std::fmt;

use crate::blob::{Application, Profile};
use crate::role::{Key, RoleKeys};
use crate::suite::{Algorithm, Inputs, Question128, Responder, Suite, TimeStep};
use crate::verify::fields::Purpose;
use crate::verify::{
    At, Spans, Trial, Verified, checks, count_success, effective_challenge, fields, host_time, response,
    stored_time,
};
use crate::{Blob, Context, ReturnCode, encoding};

/// Uses that mean no limit.
pub(crate) const UNLIMITED: u8 = 255;

const DAY_S: u64 = 86_400;
/// The step of a backup virtual token of an application without time.
const STEP_S: u32 = 36;

/// What a virtual token says. It does not print it.
#[derive(Clone, PartialEq, Eq)]
pub struct Generated {
    /// The password or the signature.
    pub text: String,
    /// The code the host will answer with, empty when the application has none.
    pub host_code: String,
}

impl fmt::Debug for Generated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Generated(..)")
    }
}

/// The password the virtual token gives now (AAL2GenPassword, AAL2GenPasswordEx). It counts as a use; the BLOB must be stored.
///
/// # Errors
/// The codes of opening a BLOB, of its kind and configuration; 208; 211 for an application that is no virtual token and has none, which
/// real tokens are; 202; 209; 210; of a primary one 131, 140 and the challenge codes, by CheckChallenge.
pub fn gen_password(
    cx: &Context<'_>,
    blob: &mut Blob,
    challenge: Option<&[u8]>,
) -> Result<Generated, ReturnCode> {
    let mut app = Application::open(cx, blob)?;
    checks::password(&app).map_err(checks::of_another_type)?;
    permit(cx, &app, cx.params.password_threshold(), ReturnCode::IDENTIFICATION_THRESHOLD)?;
    let made = if app.profile.virtual_primary {
        let challenge = effective_challenge(cx, &app, challenge)?;
        let question = fields::password_question(&app.profile, challenge.as_deref())?;
        device_responds(cx, &app, &question, None)
    } else {
        backup_responds(cx, &app)
    };
    count_use(cx, &mut app);
    app.store(blob);
    Ok(made)
}

/// The signature a primary virtual token gives now, or at the deferred time or event (AAL2GenSignature, AAL2GenSignatureEx). It counts as a
/// use; the BLOB must be stored.
///
/// # Errors
/// 148; the codes of opening a BLOB, of its kind and configuration; 208; 211 as for [`gen_password`]; 1104 for a backup virtual token; 203;
/// 209; 210; 207 for deferred data when OnLineSG is 1 or 2; the codes of data fields.
pub fn gen_signature(
    cx: &Context<'_>,
    blob: &mut Blob,
    data: Option<&[&[u8]]>,
    deferred: u32,
) -> Result<Generated, ReturnCode> {
    let data = data.ok_or(ReturnCode::DATA_FIELDS_POINTER)?;
    let mut app = Application::open(cx, blob)?;
    checks::signature(&app)?;
    if app.profile.virtual_token && !app.profile.virtual_primary {
        return Err(ReturnCode::NOT_PRIMARY_VIRTUAL);
    }
    permit(cx, &app, cx.params.signature_threshold(), ReturnCode::SIGNATURE_THRESHOLD)?;
    if matches!(cx.params.online(), 1 | 2) && deferred != 0 {
        return Err(ReturnCode::DEFERRED_NOT_ALLOWED);
    }
    let data: Vec<&[u8]> = data.iter().map(|field| encoding::text(field)).collect();
    fields::data(&app.profile, &data)?;
    let question = fields::signature_question(&app.profile, Purpose::Fields, &data)?;
    let event = app.state.next_event;
    let at = match (deferred, app.profile.suite.counter) {
        (0, _) => None,
        (event, true) => {
            app.state.next_event = event;
            None
        }
        (time, false) => Some(i64::from(time)),
    };
    let made = device_responds(cx, &app, &question, at);
    app.state.next_event = event;
    count_use(cx, &mut app);
    app.store(blob);
    Ok(made)
}

/// Whether a response may be the backup virtual token's.
pub(crate) fn stands_in(cx: &Context<'_>, app: &Application) -> bool {
    let backup = app.profile.virtual_token && !app.profile.virtual_primary && app.state.backup;
    backup && !is_over(cx, app)
}

/// Verifies a response of the backup virtual token and updates the application when it holds; `None` when it is not one of its.
pub(crate) fn verify(
    cx: &Context<'_>,
    app: &mut Application,
    expected: u64,
) -> Option<Result<Verified, ReturnCode>> {
    if !stands_in(cx, app) {
        return None;
    }
    let profile = backup_profile(&app.profile);
    let roles = RoleKeys::new(app.secrets.expose_key(), app.secrets.diversifier);
    let keys: [(u8, Key); 1] = [(0, roles.virtual_token())];
    let (step, width) = (profile.suite.time?, cx.params.password_window_steps());
    let dynamic = cx.params.password_window_is_dynamic();
    let spans = Spans::new(cx, &app.state, i64::from(step.seconds()), At::Host, width, dynamic);
    let trial = Trial {
        suite: &profile.suite,
        keys: &keys,
        question: &[0; 128],
        pin: &[],
        spans: &spans.spans,
        events: (0, 1),
    };
    let last = u64::from(app.state.last_step);
    let found =
        trial.find(expected, |hit| if hit.step > last { Ok(()) } else { Err(ReturnCode::CODE_REPLAY) })?;
    Some(found.map(|hit| {
        count_success(app);
        app.state.last_step = u32::try_from(hit.step).unwrap_or(u32::MAX);
        app.state.last_time_used = stored_time(cx);
        app.state.last_was_virtual = true;
        let inputs = Inputs { counter: 0, question: &[0; 128], pin: &[], session: &[], step: hit.step };
        Verified { score: 0, host_code: response::host_code(&profile, &roles, 0, &inputs) }
    }))
}

/// Verifies a password of an application with a static PIN that may be the backup virtual token's, which has none.
pub(crate) fn verify_without_pin(
    cx: &Context<'_>,
    app: &mut Application,
    password: &[u8],
) -> Option<Result<Verified, ReturnCode>> {
    if !crate::pin::in_use(app) || password.len() != app.profile.response_len() {
        return None;
    }
    verify(cx, app, response::read(&app.profile, password).ok()?)
}

/// The day since 1970 that begins so many days from now, or within a day after that.
pub(crate) fn end_of(cx: &Context<'_>, days: u16) -> u16 {
    let end_s = cx.now.saturating_add(u64::from(days) * DAY_S);
    u16::try_from(end_s.div_ceil(DAY_S)).unwrap_or(u16::MAX)
}

/// Whether the virtual token may make a response now.
fn permit(
    cx: &Context<'_>,
    app: &Application,
    threshold: Option<u32>,
    refused: ReturnCode,
) -> Result<(), ReturnCode> {
    let (profile, state) = (&app.profile, &app.state);
    if !profile.virtual_primary && !profile.virtual_token {
        return Err(ReturnCode::VIRTUAL_NOT_SUPPORTED);
    }
    if !(if profile.virtual_primary { state.primary } else { state.backup }) {
        return Err(ReturnCode::APPLICATION_DISABLED);
    }
    if threshold.is_some_and(|limit| u32::from(state.error_count) >= limit) {
        return Err(refused);
    }
    if is_over(cx, app) {
        return Err(ReturnCode::GRACE_EXPIRED);
    }
    if state.virtual_uses == 0 {
        return Err(ReturnCode::USES_REACHED);
    }
    Ok(())
}

fn is_over(cx: &Context<'_>, app: &Application) -> bool {
    app.state.grace_started && cx.now > u64::from(app.state.virtual_grace) * DAY_S
}

fn count_use(cx: &Context<'_>, app: &mut Application) {
    let state = &mut app.state;
    if state.virtual_uses != UNLIMITED {
        state.virtual_uses = state.virtual_uses.saturating_sub(1);
    }
    if !state.grace_started && state.virtual_grace > 0 {
        state.virtual_grace = end_of(cx, state.virtual_grace);
        state.grace_started = true;
    }
}

/// The application as its backup virtual token computes: time, and nothing else.
fn backup_profile(profile: &Profile) -> Profile {
    let suite = profile.suite;
    let mut backup = profile.clone();
    backup.suite = Suite {
        algorithm: Algorithm::Totp,
        counter: false,
        question: None,
        pin: None,
        session: None,
        time: suite.time.or(TimeStep::from_seconds(STEP_S)),
        ..suite
    };
    backup
}

fn backup_responds(cx: &Context<'_>, app: &Application) -> Generated {
    let roles = RoleKeys::new(app.secrets.expose_key(), app.secrets.diversifier);
    let profile = backup_profile(&app.profile);
    let inputs = Inputs {
        counter: 0,
        question: &[0; 128],
        pin: &[],
        session: &[],
        step: step_at(cx, app, profile.suite, None),
    };
    respond(&profile, &roles, &roles.virtual_token(), &inputs)
}

fn device_responds(
    cx: &Context<'_>,
    app: &Application,
    question: &Question128,
    at: Option<i64>,
) -> Generated {
    let roles = RoleKeys::new(app.secrets.expose_key(), app.secrets.diversifier);
    let inputs = Inputs {
        counter: u64::from(app.state.next_event),
        question,
        pin: &app.secrets.pin[..usize::from(app.state.pin_len)],
        session: &[],
        step: step_at(cx, app, app.profile.suite, at),
    };
    respond(&app.profile, &roles, &roles.response(0), &inputs)
}

fn respond(profile: &Profile, roles: &RoleKeys, key: &Key, inputs: &Inputs<'_>) -> Generated {
    let responder = Responder::new(&profile.suite, key);
    let text = response::write(profile, responder.value(&responder.open(inputs), inputs.step));
    Generated { text, host_code: response::host_code(profile, roles, 0, inputs) }
}

/// The step of the authenticator's own time `at`, or of now as the host believes the authenticator to count it.
fn step_at(cx: &Context<'_>, app: &Application, suite: Suite, at: Option<i64>) -> u64 {
    let at = at.unwrap_or_else(|| host_time(cx).saturating_add(i64::from(app.state.shift_s)));
    let step = suite.time.map_or(0, |step| at.div_euclid(i64::from(step.seconds())));
    u64::try_from(step).unwrap_or(0)
}

#[cfg(test)]
mod tests;
