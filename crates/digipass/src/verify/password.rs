//! Verification of a one-time password, with or without challenge and static PIN.
//!
//! Vendor docs, pages AAL2VerifyPassword(Ex), Time-based algorithms, Event-based algorithms, Challenge-Response Authentication policy
//! (CheckChallenge). Our choice where those are silent: see docs/digipass.md, "Passwords".

use std::fmt;

use bancada_crypto::ct_eq;
use bancada_crypto::hash::{self, HashAlg};

use super::search::{At, Hit, Spans, Trial, pin_text};
use super::{Verified, checks, count_success, fail, fields, gate, refuse, response, stored_time};
use crate::blob::{Application, Clear, Kind};
use crate::role::RoleKeys;
use crate::suite::{Inputs, Question128};
use crate::{Blob, Context, ReturnCode, encoding, pin, virtual_token};

/// What a user typed. What it prints of itself leaves the password out, for there may be a PIN in it.
#[derive(Clone, Copy, Default)]
pub struct Password<'a> {
    /// The response; static PIN before it and twice a new PIN behind it, where there is a PIN. Ends at a zero byte; spaces at its end
    /// do not count.
    pub password: Option<&'a [u8]>,
    /// The challenge it answers; `None` and empty mean none.
    pub challenge: Option<&'a [u8]>,
}

impl fmt::Debug for Password<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let challenge = self.challenge.map(String::from_utf8_lossy);
        f.debug_struct("Password").field("challenge", &challenge).finish_non_exhaustive()
    }
}

/// Verifies a password and updates the BLOB, which must be stored whatever the result.
///
/// # Errors
/// 130, 412 to 414, 1118, 9xx; 1103, 132; -105 to -107, 1039, 1040, 1116, 1117, -201, -207; 208, 202, 205; -202 to -206; 2;
/// 131, 140, -101 to -103, -108; 201 and 1; 802, 803, 804 and 2 for the change of the PIN, which leave the BLOB as it was, so that the response
/// can be typed again (our choice).
pub fn verify_password(
    cx: &Context<'_>,
    blob: &mut Blob,
    request: &Password<'_>,
) -> Result<Verified, ReturnCode> {
    let password = encoding::text(request.password.ok_or(ReturnCode::RESPONSE_POINTER)?);
    let mut app = Application::open(cx, blob)?;
    // The table of AAL2VerifyPassword(Ex) has no 1000.
    checks::password(&app).map_err(checks::of_another_type)?;
    gate(cx, &mut app, blob, cx.params.password_threshold(), ReturnCode::IDENTIFICATION_THRESHOLD)?;
    match virtual_token::verify_without_pin(cx, &mut app, password) {
        Some(Ok(verified)) => {
            app.state.pin_reset = false;
            app.store(blob);
            return Ok(verified);
        }
        Some(Err(code)) => return Err(fail(&mut app, blob, code)),
        None => {}
    }
    let read = pin::split(&app, password)
        .and_then(|parts| Ok((response::read(&app.profile, parts.response)?, parts)));
    let (expected, parts) = match read {
        Ok(read) => read,
        Err(code) => return Err(refuse(&mut app, blob, code)),
    };
    if !pin::holds(&app, &parts) {
        return Err(fail(&mut app, blob, ReturnCode::STATIC_PASSWORD_FAILED));
    }
    let verified = match verify_response(cx, &mut app, expected, request.challenge) {
        Ok(verified) => verified,
        // Tried as the virtual token's, which needs no challenge: what is wrong with one must not make a guess free.
        Err(code) if virtual_token::stands_in(cx, &app) => return Err(fail(&mut app, blob, code)),
        Err(code) => return Err(refuse(&mut app, blob, code)),
    };
    match pin::change(&app, &parts)? {
        None => {
            app.state.pin_reset = false;
            app.store(blob);
        }
        Some(new_pin) => {
            pin::set(&mut app, new_pin);
            *blob = app.seal(cx)?;
        }
    }
    Ok(verified)
}

/// Verifies a response that was read, the device's or the backup virtual token's, and updates the application (not its BLOB) when it
/// holds.
pub(crate) fn verify_response(
    cx: &Context<'_>,
    app: &mut Application,
    expected: u64,
    challenge: Option<&[u8]>,
) -> Result<Verified, ReturnCode> {
    let device = if app.state.primary {
        verify_device(cx, app, expected, challenge)
    } else {
        Err(ReturnCode::NOT_VERIFIED)
    };
    match device {
        Err(code) => virtual_token::verify(cx, app, expected).unwrap_or(Err(code)),
        verified => verified,
    }
}

fn verify_device(
    cx: &Context<'_>,
    app: &mut Application,
    expected: u64,
    challenge: Option<&[u8]>,
) -> Result<Verified, ReturnCode> {
    let roles = RoleKeys::new(app.secrets.expose_key(), app.secrets.diversifier);
    let challenge = effective_challenge(cx, app, challenge)?;
    let question = fields::password_question(&app.profile, challenge.as_deref())?;
    let mark = mark(expected, &question);
    let suite = app.profile.suite;
    let width = cx.params.password_window_steps();
    let spans = suite.time.map(|step| {
        let dynamic = cx.params.password_window_is_dynamic();
        Spans::new(cx, &app.state, i64::from(step.seconds()), At::Host, width, dynamic)
    });
    let keys: Vec<_> = (0..=app.profile.top_score()).map(|score| (score, roles.response(score))).collect();
    let pin = pin_text(&app.secrets.pin, app.state.pin_len);
    let trial = Trial {
        suite: &suite,
        keys: &keys,
        question: &question,
        pin: &pin,
        spans: spans.as_ref().map_or(&[], |spans| &spans.spans),
        events: (app.state.next_event, cx.params.events()),
    };
    let check = cx.params.challenge_check();
    let found = trial.find(expected, |hit| fresh(app, check, challenge.is_some(), hit, mark));
    let hit = found.ok_or(ReturnCode::NOT_VERIFIED)??;
    let inputs = Inputs {
        counter: u64::from(hit.event),
        question: &question,
        pin: &pin,
        session: &[],
        step: hit.step,
    };
    let host_code = response::host_code(&app.profile, &roles, hit.score, &inputs);
    accept(cx, app, &hit, spans.as_ref(), mark);
    app.state.last_was_virtual = false;
    Ok(Verified { score: hit.score, host_code })
}

/// The challenge that counts, by CheckChallenge: 2 takes the stored one, 1 compares with it, else what was passed.
pub(crate) fn effective_challenge(
    cx: &Context<'_>,
    app: &Application,
    passed: Option<&[u8]>,
) -> Result<Option<Vec<u8>>, ReturnCode> {
    let passed = passed.map(encoding::text).filter(|text| !text.is_empty());
    let check = cx.params.challenge_check();
    let stored = Some(app.state.challenge.as_bytes()).filter(|text| !text.is_empty());
    match app.profile.kind {
        Kind::ChallengeResponse => {}
        // A multi-mode application answers a challenge when there is one.
        Kind::MultiMode if passed.is_some() => {}
        _ => return Ok(None),
    }
    let challenge = if check == 2 { stored } else { passed }.ok_or(ReturnCode::CHALLENGE_MISSING)?;
    fields::challenge(&app.profile, challenge)?;
    if check == 1 && !stored.is_some_and(|stored| stored.eq_ignore_ascii_case(challenge)) {
        return Err(ReturnCode::CHALLENGE_CORRUPTED);
    }
    Ok(Some(challenge.to_vec()))
}

/// Whether a hit is newer than what was accepted before.
fn fresh(
    app: &Application,
    check: i32,
    challenged: bool,
    hit: &Hit,
    mark: [u8; 4],
) -> Result<(), ReturnCode> {
    let state = &app.state;
    if app.profile.suite.counter {
        return Ok(());
    }
    let repeated = ct_eq(&mark, &state.last_response);
    let last = u64::from(state.last_step);
    let fresh = match (app.profile.suite.time.is_some(), challenged) {
        (true, false) => hit.step > last,
        (true, true) => match check {
            3 => hit.step > last,
            4 => hit.step > last || (hit.step == last && !repeated),
            _ => hit.step >= last,
        },
        // Neither time nor events: only the challenge tells two responses apart.
        (false, true) => !(check == 4 && repeated),
        (false, false) => true,
    };
    if fresh { Ok(()) } else { Err(ReturnCode::CODE_REPLAY) }
}

fn accept(cx: &Context<'_>, app: &mut Clear, hit: &Hit, spans: Option<&Spans>, mark: [u8; 4]) {
    count_success(app);
    let state = &mut app.state;
    if let Some(spans) = spans {
        state.shift_s = spans.shift_after(hit.step);
        state.last_step = u32::try_from(hit.step).unwrap_or(u32::MAX).max(state.last_step);
    }
    if app.profile.suite.counter {
        state.next_event = hit.event.saturating_add(1);
    }
    state.last_time_used = stored_time(cx);
    state.unsynchronised = false;
    state.last_response = mark;
    state.challenge.clear();
}

/// Four bytes by which a response to a question is known again.
pub(crate) fn mark(response: u64, question: &Question128) -> [u8; 4] {
    let mut answered = [0; 8 + size_of::<Question128>()];
    answered[..8].copy_from_slice(&response.to_be_bytes());
    answered[8..].copy_from_slice(question);
    let value = hash::digest(HashAlg::Sha256, &answered);
    std::array::from_fn(|place| value[place])
}
