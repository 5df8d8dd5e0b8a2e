//! Synchronisation of a token that ran away, by two responses in a row.
//!
//! Vendor docs, page AAL2SyncTokenAndHost. How far it looks is our choice: four times the synchronisation window (a day, by
//! default) or ten event windows; the second response must be of a later step within the password window, or of the very next event.

use std::cell::Cell;

use crate::blob::{Application, Kind};
use crate::params::SyncWindow;
use crate::role::RoleKeys;
use crate::suite::Question128;
use crate::verify::{
    Hit, Password, Span, Trial, Verified, checks, count_success, fail, fields, response, stored_time,
};
use crate::{Blob, Context, ReturnCode, encoding};

const DAY_S: i64 = 86_400;

/// Learns clock and event from two responses in a row, of an application with or without challenges; static PINs are left out.
///
/// Challenges are those passed, whatever CheckChallenge says. Success counts as a use and clears the errors; failure is counted.
///
/// # Errors
/// 130; the codes of opening a BLOB, of its kind and configuration; 208; of the form of responses and challenges; 131; 201 and 1.
pub fn sync_token_and_host(
    cx: &Context<'_>,
    blob: &mut Blob,
    first: &Password<'_>,
    second: &Password<'_>,
) -> Result<Verified, ReturnCode> {
    let texts = [first.password, second.password].map(|text| text.map(encoding::text));
    let [Some(one), Some(two)] = texts else { return Err(ReturnCode::RESPONSE_POINTER) };
    let mut app = Application::open(cx, blob)?;
    checks::password(&app)?;
    let one = Asked { value: response::read(&app.profile, one)?, question: question(&app, first.challenge)? };
    let two =
        Asked { value: response::read(&app.profile, two)?, question: question(&app, second.challenge)? };
    match find(cx, &app, &one, &two) {
        Some(Ok(hit)) => {
            learn(cx, &mut app, &hit);
            app.store(blob);
            Ok(Verified { score: hit.score, host_code: String::new() })
        }
        Some(Err(code)) => Err(fail(&mut app, blob, code)),
        None => Err(fail(&mut app, blob, ReturnCode::NOT_VERIFIED)),
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
    let spans = suite.time.map_or(Vec::new(), |step| {
        let step_s = i64::from(step.seconds());
        let reach_s = match cx.params.sync() {
            SyncWindow::Continuous { width_s } => width_s * 2,
            SyncWindow::Discrete { .. } => DAY_S / 2,
        };
        vec![Span { middle: host_step(cx, step_s), reach: (reach_s / step_s).max(window) }]
    });
    let pin = &app.secrets.pin[..usize::from(app.state.pin_len)];
    let second = Cell::new(None);
    let follows = |hit: &Hit| {
        // Later steps only: from one step after the first to a whole window after it.
        let middle = i64::try_from(hit.step).unwrap_or(i64::MAX).saturating_add(1);
        let after = [Span { middle: middle.saturating_add(window / 2), reach: window / 2 }];
        let events = (hit.event.saturating_add(1), 1);
        let second_trial =
            Trial { suite: &suite, keys: &keys, question: &two.question, pin, spans: &after, events };
        let fresh = |hit: &Hit| {
            let replay = suite.time.is_some() && !suite.counter && hit.step <= u64::from(app.state.last_step);
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
