//! Bringing the BLOBs of one authenticator into line (AAL2SyncTokenBlob).
//!
//! Vendor docs, pages AAL2SyncTokenBlob and AAL2AuthorizeUnlock, and the history in the vendor header aal2sdk.h 3.10.1: the most recently used
//! application gives time, deviation and static PIN to the others, and the unlock counter follows the highest, but for Unlock Version 2;
//! of two BLOBs of one application, the one with a virtual token gives its support, and the status, to the other. Our choice: docs/digipass.md, "BLOBs of one authenticator".

use bancada_crypto::ct_eq;

use crate::blob::{Application, Kind};
use crate::{Blob, Context, ReturnCode, pin};

/// The most BLOBs of a call.
const MAX_BLOBS: usize = 8;

/// Synchronises BLOBs of one serial number with each other; all of them or none.
///
/// # Errors
/// [`ReturnCode::APPLICATION_COUNT`] unless there are 1 to 8; [`ReturnCode::SERIAL_DIFFERS`]; the codes of opening a BLOB; 1000; 1118 when two BLOBs
/// of one application have different keys (our choice); the codes of the key service.
pub fn sync_token_blobs(cx: &Context<'_>, blobs: &mut [Blob]) -> Result<(), ReturnCode> {
    if blobs.is_empty() || blobs.len() > MAX_BLOBS {
        return Err(ReturnCode::APPLICATION_COUNT);
    }
    if blobs.iter().any(|blob| blob.owner().serial != blobs[0].owner().serial) {
        return Err(ReturnCode::SERIAL_DIFFERS);
    }
    let mut apps = Application::open_each(cx, &blobs.iter().collect::<Vec<_>>())?;
    if apps.iter().any(|app| app.profile.kind == Kind::EmvCap) {
        return Err(ReturnCode::EMV_CAP);
    }
    share_virtual_tokens(&mut apps)?;
    // Before the times of use become the same.
    share_pin(&mut apps);
    share_time(&mut apps);
    share_unlock_counter(&mut apps);
    let sealed = apps.iter().map(|app| app.seal(cx)).collect::<Result<Vec<_>, _>>()?;
    blobs.clone_from_slice(&sealed);
    Ok(())
}

fn share_virtual_tokens(apps: &mut [Application]) -> Result<(), ReturnCode> {
    for to in 0..apps.len() {
        for from in 0..apps.len() {
            if from == to || apps[from].owner != apps[to].owner {
                continue;
            }
            if !ct_eq(apps[from].secrets.expose_key(), apps[to].secrets.expose_key()) {
                return Err(ReturnCode::UNSUPPORTED_BLOB);
            }
            let giver = apps[from].clone();
            let taker = &mut apps[to];
            if giver.profile.virtual_token && !taker.profile.virtual_token && !taker.profile.virtual_primary {
                taker.profile.virtual_token = true;
                let (state, given) = (&mut taker.state, &giver.state);
                (state.primary, state.backup) = (given.primary, given.backup);
                (state.virtual_uses, state.virtual_grace) = (given.virtual_uses, given.virtual_grace);
                state.grace_started = given.grace_started;
            }
        }
    }
    Ok(())
}

/// The place of the most recently used application of some, the first of equals; `None` when none was ever used.
fn latest(apps: &[Application], some: impl Fn(&Application) -> bool) -> Option<usize> {
    let used = apps.iter().enumerate().filter(|(_, app)| some(app) && app.state.last_time_used > 0);
    used.max_by_key(|(place, app)| (app.state.last_time_used, usize::MAX - place)).map(|(place, _)| place)
}

fn share_time(apps: &mut [Application]) {
    let timed = |app: &Application| app.profile.suite.time.is_some();
    let Some(place) = latest(apps, timed) else { return };
    let given = apps[place].state.clone();
    for app in apps.iter_mut().filter(|app| timed(app)) {
        app.state.shift_s = given.shift_s;
        app.state.last_time_used = given.last_time_used;
        app.state.unsynchronised &= given.unsynchronised;
    }
}

fn share_pin(apps: &mut [Application]) {
    let with_pin = |app: &Application| app.profile.pin;
    // One that has no PIN, or does not ask for it, must not take that of others away.
    let Some(place) = latest(apps, |app| pin::in_use(app) && app.state.pin_len > 0) else { return };
    let given = apps[place].clone();
    for app in apps.iter_mut().filter(|app| with_pin(app)) {
        *app.secrets.pin = *given.secrets.pin;
        app.state.pin_len = given.state.pin_len;
        app.state.pin_reset = given.state.pin_reset;
        app.state.pin_change_forced = given.state.pin_change_forced;
    }
}

fn share_unlock_counter(apps: &mut [Application]) {
    let counts = |app: &Application| {
        app.profile.unlock && !matches!(app.profile.kind, Kind::UnlockV2 | Kind::MasterActivation)
    };
    let highest = apps.iter().filter(|app| counts(app)).map(|app| app.state.counter).max().unwrap_or(0);
    for app in apps.iter_mut().filter(|app| counts(app)) {
        app.state.counter = highest;
    }
}

#[cfg(test)]
mod tests;
