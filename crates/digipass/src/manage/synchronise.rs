//! Synchronisation of a token that ran away, by two responses in a row.
//!
//! Vendor docs, pages AAL2SyncTokenAndHost(ICSF) and AAL2ProcSyncTokenAndHostRpl: SyncWindow limits how far off the clock may be; passwords carry the
//! static PIN; answers to two challenges may fall in one time step with CheckChallenge 4; idle days and errors count. Our choice: ten event
//! windows are looked ahead; the second response must be of a later step at most a password window on, or of the very next event.

use std::cell::Cell;

use crate::blob::{Application, Kind, State};
use crate::pin::{self, Parts};
use crate::role::RoleKeys;
use crate::suite::Question128;
use crate::verify::{
    At, Hit, Password, Span, Spans, Trial, Verified, checks, count_success, fail, fields, gate, mark, refuse,
    response, stored_time,
};
use crate::{Blob, Context, ReturnCode, encoding};

/// Learns clock and event from two responses in a row, of an application with or without challenges.
///
/// Challenges are those passed, whatever CheckChallenge says. Success counts as a use and clears the errors; failure is counted. A new static PIN
/// may stand behind either password.
///
/// # Errors
/// 130; the codes of opening a BLOB, of its kind and configuration; 132 also for an application with neither time nor events; 208, 202, 205; of the form
/// of responses and challenges; 2; 131; 201 and 1; 802 to 804 and 2 for the change of the PIN, which leave the BLOB as it was.
pub fn sync_token_and_host(
    cx: &Context<'_>,
    blob: &mut Blob,
    first: &Password<'_>,
    second: &Password<'_>,
) -> Result<Verified, ReturnCode> {
    let texts = [first.password, second.password].map(|text| text.map(encoding::text));
    let [Some(one), Some(two)] = texts else { return Err(ReturnCode::RESPONSE_POINTER) };
    let mut app = Application::open(cx, blob)?;
    checks::kind(&app.profile)?;
    if app.profile.suite.time.is_none() && !app.profile.suite.counter {
        return Err(ReturnCode::TOKEN_TYPE);
    }
    checks::password(&app)?;
    gate(cx, &mut app, blob, cx.params.password_threshold(), ReturnCode::IDENTIFICATION_THRESHOLD)?;
    let read = |text| {
        let parts = pin::split(&app, text)?;
        Ok((response::read(&app.profile, parts.response)?, parts))
    };
    let ((value_one, one), (value_two, two)) = match (read(one), read(two)) {
        (Ok(one), Ok(two)) => (one, two),
        (Err(code), _) | (_, Err(code)) => return Err(refuse(&mut app, blob, code)),
    };
    if !(pin::holds(&app, &one) && pin::holds(&app, &two)) {
        return Err(fail(&mut app, blob, ReturnCode::STATIC_PASSWORD_FAILED));
    }
    let ask_one = Asked { value: value_one, question: question(&app, first.challenge)? };
    let ask_two = Asked { value: value_two, question: question(&app, second.challenge)? };
    let hit = match find(cx, &app, &ask_one, &ask_two) {
        Some(Ok(hit)) => hit,
        Some(Err(code)) => return Err(fail(&mut app, blob, code)),
        None => return Err(fail(&mut app, blob, ReturnCode::NOT_VERIFIED)),
    };
    learn(cx, &mut app, &hit);
    app.state.last_response = mark(ask_two.value, &ask_two.question);
    match change(&app, &one, &two)? {
        None => {
            app.state.pin_reset = false;
            app.store(blob);
        }
        Some(new_pin) => {
            pin::set(&mut app, new_pin);
            *blob = app.seal(cx)?;
        }
    }
    Ok(Verified { score: hit.score, host_code: String::new() })
}

/// The new PIN behind either password; the later one counts.
fn change<'a>(app: &Application, one: &Parts<'a>, two: &Parts<'a>) -> Result<Option<&'a [u8]>, ReturnCode> {
    const DEMANDED: ReturnCode = ReturnCode::PIN_CHANGE_MANDATORY;
    match (pin::change(app, one), pin::change(app, two)) {
        (Ok(_) | Err(DEMANDED), Ok(Some(new_pin))) => Ok(Some(new_pin)),
        (Ok(Some(new_pin)), Ok(None) | Err(DEMANDED)) => Ok(Some(new_pin)),
        (Err(code), _) | (_, Err(code)) => Err(code),
        (Ok(None), Ok(None)) => Ok(None),
    }
}

struct Asked {
    value: u64,
    question: Question128,
}

fn question(app: &Application, challenge: Option<&[u8]>) -> Result<Question128, ReturnCode> {
    let challenge = challenge.map(encoding::text).filter(|text| !text.is_empty());
    match (app.profile.kind, challenge) {
        (Kind::ResponseOnly, _) => return fields::password_question(&app.profile, None),
        (_, Some(text)) => fields::challenge(&app.profile, text)?,
        (Kind::ChallengeResponse, None) => return Err(ReturnCode::CHALLENGE_MISSING),
        (_, None) => {}
    }
    fields::password_question(&app.profile, challenge)
}

/// The second response, where it follows the first.
fn find(cx: &Context<'_>, app: &Application, one: &Asked, two: &Asked) -> Option<Result<Hit, ReturnCode>> {
    let suite = app.profile.suite;
    let roles = RoleKeys::new(app.secrets.expose_key(), app.secrets.diversifier);
    // Where the virtual token alone is enabled, the device's passwords hold nowhere.
    let scores = (0..=app.profile.top_score()).filter(|_| app.state.primary);
    let keys: Vec<_> = scores.map(|score| (score, roles.response(score))).collect();
    let window = cx.params.password_window_steps();
    // As far as after a reset, whatever the token's history.
    let waiting = State { unsynchronised: true, ..app.state.clone() };
    let spans = suite.time.map_or(Vec::new(), |step| {
        Spans::new(cx, &waiting, i64::from(step.seconds()), At::Host, window, false).spans
    });
    let same_step = cx.params.challenge_check() == 4 && one.question != two.question;
    let pin = &app.secrets.pin[..usize::from(app.state.pin_len)];
    let second = Cell::new(None);
    let follows = |hit: &Hit| {
        // From one step after the first to a whole window after it.
        let middle = i64::try_from(hit.step).unwrap_or(i64::MAX).saturating_add(1);
        let later = Span { middle: middle.saturating_add(window / 2), reach: window / 2 };
        let same = Span { middle: middle - 1, reach: 0 };
        let after = if same_step { vec![same, later] } else { vec![later] };
        let events = (hit.event.saturating_add(1), 1);
        let second_trial =
            Trial { suite: &suite, keys: &keys, question: &two.question, pin, spans: &after, events };
        let fresh = |hit: &Hit| {
            let old = hit.step <= u64::from(app.state.last_step);
            let replay = suite.time.is_some() && !suite.counter && old;
            if replay { Err(ReturnCode::CODE_REPLAY) } else { Ok(()) }
        };
        match second_trial.find(two.value, fresh) {
            Some(Ok(hit)) => {
                let _: () = second.set(Some(hit));
                Ok(())
            }
            Some(Err(code)) => Err(code),
            None => Err(ReturnCode::NOT_VERIFIED),
        }
    };
    let events = (app.state.next_event, cx.params.events() * 10);
    let trial = Trial { suite: &suite, keys: &keys, question: &one.question, pin, spans: &spans, events };
    let first = trial.find(one.value, follows)?;
    Some(first.and_then(|_| second.get().ok_or(ReturnCode::NOT_VERIFIED)))
}

fn learn(cx: &Context<'_>, app: &mut Application, hit: &Hit) {
    count_success(app);
    if let Some(step) = app.profile.suite.time {
        let step_s = i64::from(step.seconds());
        let steps = i64::try_from(hit.step).unwrap_or(i64::MAX).saturating_sub(host_step(cx, step_s));
        app.state.shift_s = i32::try_from(steps.saturating_mul(step_s)).unwrap_or(0);
        app.state.last_step = u32::try_from(hit.step).unwrap_or(u32::MAX).max(app.state.last_step);
    }
    if app.profile.suite.counter {
        app.state.next_event = hit.event.saturating_add(1);
    }
    app.state.unsynchronised = false;
    app.state.last_time_used = stored_time(cx);
}

fn host_step(cx: &Context<'_>, step_s: i64) -> i64 {
    let now = i64::try_from(cx.now).unwrap_or(i64::MAX);
    now.saturating_add(cx.params.clock_adjustment_s()).div_euclid(step_s)
}
