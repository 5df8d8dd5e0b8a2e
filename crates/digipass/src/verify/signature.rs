//! Verification of a signature over data fields, and what signatures over messages share with it.
//!
//! Vendor docs, pages AAL2VerifySignature(Ex), Online mode, Offline mode, Event-based algorithms. OnLineSG 0 leaves time of use and
//! deviation as they are; a deferred time is the device's own; events know neither 204 nor 206. What tells OnLineSG 1 from 2 and 0 from 3 is not
//! public; our choice: 1 refuses earlier steps (206) and the same signature again (204); 2 refuses earlier steps (206) and every
//! second signature within a step (204); 3 is offline like 0, refuses the same signature again (204) and notes the time of use. Its first signature
//! that is not deferred teaches the clock's deviation; 1 and 2 always do.

use bancada_crypto::ct_eq;

use super::password::mark;
use super::search::{At, Hit, Spans, Trial, pin_text};
use super::{Verified, checks, count_success, fail, fields, gate, refuse, response, stored_time};
use crate::blob::{Application, Clear};
use crate::role::RoleKeys;
use crate::suite::{Inputs, Question128};
use crate::{Blob, Context, ReturnCode, encoding};

/// A signature and what it was made over.
#[derive(Debug, Clone, Copy, Default)]
pub struct SignatureRequest<'a> {
    /// The signature as typed.
    pub signature: Option<&'a [u8]>,
    /// The data fields; each ends at a zero byte, spaces at its end do not count.
    pub fields: Option<&'a [&'a [u8]]>,
    /// When it was made by the device's own clock, in seconds since 1970, or for event-based applications at which event; 0 for now.
    pub deferred: u32,
}

/// Verifies a signature and updates the BLOB, which must be stored whatever the result.
///
/// # Errors
/// 139, 148; 412 to 414, 1118, 9xx; 1103, 132; -105 to -107, 1116, 1117, -201, -207; 208, 203, 205, 207; -202 to -206;
/// 141, -101 to -103, -108; 204, 206 and 1.
pub fn verify_signature(
    cx: &Context<'_>,
    blob: &mut Blob,
    request: &SignatureRequest<'_>,
) -> Result<Verified, ReturnCode> {
    let signature = request.signature.ok_or(ReturnCode::SIGNATURE_POINTER)?;
    let given = request.fields.ok_or(ReturnCode::DATA_FIELDS_POINTER)?;
    let app = Application::open(cx, blob)?;
    checks::signature(&app)?;
    let fields: Vec<&[u8]> = given.iter().map(|field| encoding::text(field)).collect();
    let signed = Signed { purpose: fields::Purpose::Fields, fields: &fields, deferred: request.deferred };
    verify_signed(cx, app, blob, signature, &signed)
}

/// What a signature is made over.
pub(crate) struct Signed<'a> {
    pub(crate) purpose: fields::Purpose,
    pub(crate) fields: &'a [&'a [u8]],
    pub(crate) deferred: u32,
}

/// Verifies a signature of an application that passed [`checks::signature`].
pub(crate) fn verify_signed(
    cx: &Context<'_>,
    mut app: Application,
    blob: &mut Blob,
    signature: &[u8],
    signed: &Signed<'_>,
) -> Result<Verified, ReturnCode> {
    gate(cx, &mut app, blob, cx.params.signature_threshold(), ReturnCode::SIGNATURE_THRESHOLD)?;
    let online = cx.params.online();
    if matches!(online, 1 | 2) && signed.deferred != 0 {
        return Err(ReturnCode::DEFERRED_NOT_ALLOWED);
    }
    let expected = match response::read(&app.profile, encoding::text(signature)) {
        Ok(expected) => expected,
        Err(code) => return Err(refuse(&mut app, blob, code)),
    };
    fields::data(&app.profile, signed.fields)?;
    let question = fields::signature_question(&app.profile, signed.purpose, signed.fields)?;
    match verify(cx, &mut app, expected, &question, signed.deferred) {
        Ok(verified) => {
            app.store(blob);
            Ok(verified)
        }
        Err(code) => Err(fail(&mut app, blob, code)),
    }
}

fn verify(
    cx: &Context<'_>,
    app: &mut Application,
    expected: u64,
    question: &Question128,
    deferred: u32,
) -> Result<Verified, ReturnCode> {
    let online = cx.params.online();
    let suite = app.profile.suite;
    let roles = RoleKeys::new(app.secrets.expose_key(), app.secrets.diversifier);
    let at = match deferred {
        0 => At::Host,
        _ if suite.counter => At::Host,
        time => At::Device(time.into()),
    };
    let spans = suite.time.map(|step| {
        let (width, dynamic) = (cx.params.signature_window_steps(), cx.params.signature_window_is_dynamic());
        Spans::new(cx, &app.state, i64::from(step.seconds()), at, width, dynamic)
    });
    // A backup virtual token does not sign.
    let scores = (0..=app.profile.top_score()).filter(|_| app.state.primary);
    let keys: Vec<_> = scores.map(|score| (score, roles.response(score))).collect();
    let pin = pin_text(&app.secrets.pin, app.state.pin_len);
    let trial = Trial {
        suite: &suite,
        keys: &keys,
        question,
        pin: &pin,
        spans: spans.as_ref().map_or(&[], |spans| &spans.spans),
        events: events(cx, app, deferred),
    };
    // An application that is asked offline keeps no response to compare with.
    let mark = if cx.params.online() == 0 { [0; 4] } else { mark(expected, question) };
    let found = trial.find(expected, |hit| fresh(app, online, hit, mark));
    let hit = found.ok_or(ReturnCode::NOT_VERIFIED)??;
    let inputs = Inputs { counter: u64::from(hit.event), question, pin: &pin, session: &[], step: hit.step };
    let host_code = response::host_code(&app.profile, &roles, hit.score, &inputs);
    accept(cx, app, &hit, spans.as_ref(), mark, deferred);
    app.state.last_was_virtual = false;
    Ok(Verified { score: hit.score, host_code })
}

/// First event and number of events: forwards when online, around the current or the deferred event when offline.
fn events(cx: &Context<'_>, app: &Application, deferred: u32) -> (u32, u32) {
    let window = cx.params.events();
    if matches!(cx.params.online(), 1 | 2) {
        return (app.state.next_event, window);
    }
    let current = if deferred == 0 { i64::from(app.state.next_event) - 1 } else { i64::from(deferred) };
    let half = i64::from(window / 2);
    let first = (current - half + 1).max(0);
    let last = (current + half).min(i64::from(u32::MAX));
    (u32::try_from(first).unwrap_or(u32::MAX), u32::try_from(last - first + 1).unwrap_or(0))
}

fn fresh(app: &Application, online: i32, hit: &Hit, mark: [u8; 4]) -> Result<(), ReturnCode> {
    let repeated = ct_eq(&mark, &app.state.last_response);
    let last = u64::from(app.state.last_signature_step);
    let timed = app.profile.suite.time.is_some();
    match online {
        // Neither replay nor order is told where there are events (vendor docs, Event-based algorithms).
        _ if app.profile.suite.counter => Ok(()),
        1 | 2 if timed && hit.step < last => Err(ReturnCode::CHRONOLOGY),
        2 if timed && hit.step == last => Err(ReturnCode::DUPLICATE_SIGNATURE),
        1..=3 if repeated && (!timed || hit.step <= last) => Err(ReturnCode::DUPLICATE_SIGNATURE),
        _ => Ok(()),
    }
}

fn accept(cx: &Context<'_>, app: &mut Clear, hit: &Hit, spans: Option<&Spans>, mark: [u8; 4], deferred: u32) {
    count_success(app);
    let online = cx.params.online();
    let state = &mut app.state;
    if app.profile.suite.counter {
        state.next_event = state.next_event.max(hit.event.saturating_add(1));
    }
    if online == 0 {
        return;
    }
    state.last_response = mark;
    state.last_time_used = stored_time(cx);
    if spans.is_some() {
        // Never backwards: what an offline signature was late for stays used.
        let step = u32::try_from(hit.step).unwrap_or(u32::MAX);
        state.last_signature_step = state.last_signature_step.max(step);
    }
    if online != 3 || state.unsynchronised && deferred == 0 {
        state.shift_s = spans.map_or(state.shift_s, |spans| spans.shift_after(hit.step));
        state.unsynchronised = false;
    }
}

#[cfg(test)]
mod tests;
