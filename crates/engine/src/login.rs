//! Logging in: the proofs, the one-time passwords, the wrong tries, and the password's age, in the order of
//! docs/device.md §3.

use crate::context::Context;
use crate::fault::{Fault, Outcome};
use crate::session::{Identity, Kind, Phase};
use crate::token::Tokens;
use crate::user::{Otp, User};
use bancada_crypto::hash::HashAlg;
use bancada_crypto::{ct_eq, login, otp};
use bancada_wire::op::LoginResponse;
use bancada_wire::status::Status;
use std::sync::Arc;

/// Counters or steps that are tried to either side (vendor docs: look-ahead window 10).
const WINDOW: u64 = 10;

/// What a login says that is wrong. The gate ends the connection of any login that fails.
const DENIED: Fault = Fault::Refused(Status::ERR_ACCESS_DENIED);

/// Logs in with a proof of the password, and perhaps a one-time password.
pub(crate) fn with_password(
    cx: &mut Context<'_, '_>,
    response: &LoginResponse,
    challenge: &[u8; 16],
    otp: Option<&[u8]>,
) -> Outcome<()> {
    let user = find(cx, response)?;
    // The proof of an unknown user is computed too: the answer takes as long.
    let digest = user.as_ref().map_or([0; 16], |user| user.password);
    let proved = ct_eq(&login::chap(&digest, challenge), &response.proof);
    let Some(user) = user else { return Err(DENIED) };
    if user.blocked {
        return Err(Status::ERR_ACCESS_DENIED_USR_BLOCKED.into());
    }
    if !proved {
        return wrong(cx, &user, DENIED);
    }
    let mut next = user.as_ref().clone();
    let kind = match (&mut next.otp, otp) {
        (None, None) => Kind::Password,
        (None, Some(_)) => return Err(Status::ERR_ACCESS_DENIED_TOKEN_NOT_NEEDED.into()),
        (Some(_), None) => return Err(Status::ERR_ACCESS_DENIED_TOKEN_NEEDED.into()),
        (Some(generator), Some(given)) => match accept(generator, given, cx.env.now_ms) {
            Verdict::Good(counter) => {
                generator.next = counter + 1;
                Kind::PasswordOtp
            }
            Verdict::Wrong => return wrong(cx, &user, DENIED),
            Verdict::Replayed => return wrong(cx, &user, Status::ERR_REPLAY_DETECTED.into()),
        },
    };
    let user = if next.otp.is_some() || user.attempts > 0 {
        next.attempts = 0;
        cx.replace_user(&user, next)?
    } else {
        user
    };
    open(cx, user, kind)
}

/// Logs in with an access token.
pub(crate) fn with_token(
    cx: &mut Context<'_, '_>,
    response: &LoginResponse,
    challenge: &[u8; 16],
) -> Outcome<()> {
    let user = find(cx, response)?.ok_or(DENIED)?;
    if user.blocked {
        return Err(Status::ERR_ACCESS_DENIED_USR_BLOCKED.into());
    }
    let mut name = [0; 16];
    name[..user.name.len()].copy_from_slice(user.name.as_bytes());
    let mut tokens = Tokens::load(&cx.hsm.tokens, &user)?;
    let kept = tokens.list.len();
    tokens.list.retain(|token| !token.expired(cx.env.now_ms));
    let mut found = false;
    for token in &tokens.list {
        found |= ct_eq(&login::token_cmac(&token.key, &name, challenge)?, &response.proof);
    }
    // Expired tokens are purged when their owner tries a token login (vendor header dinamo.h, DManageATokenCache).
    if tokens.list.len() != kept {
        tokens.save(&cx.hsm.tokens, &user, cx.env)?;
    }
    if !found {
        return Err(DENIED);
    }
    cx.session.phase = Phase::User(Identity { user, kind: Kind::Token });
    cx.audit(format_args!("login with token"));
    Ok(())
}

/// Opens the session; when the password has expired, only for changing it.
fn open(cx: &mut Context<'_, '_>, user: Arc<User>, kind: Kind) -> Outcome<()> {
    let expired = user.password_expired(&cx.session.settings.policy, cx.env.now_ms);
    let identity = Identity { user, kind };
    if expired {
        cx.session.phase = Phase::Expired(identity);
        return Err(Fault::Opened(Status::ERR_PWD_EXPIRED));
    }
    cx.session.phase = Phase::User(identity);
    cx.audit(format_args!("login with {}", kind.name()));
    Ok(())
}

fn find(cx: &Context<'_, '_>, response: &LoginResponse) -> Outcome<Option<Arc<User>>> {
    match User::check_name(response.user.as_str()) {
        Ok(name) => Ok(cx.hsm.vault.user(name)?),
        Err(_) => Ok(None),
    }
}

/// Counts a wrong login, and blocks the user when it is one too many.
fn wrong(cx: &mut Context<'_, '_>, user: &Arc<User>, fault: Fault) -> Outcome<()> {
    let mut next = user.as_ref().clone();
    next.attempts = next.attempts.saturating_add(1);
    if next.attempts >= cx.session.settings.policy.max_invalid_logins() {
        next.blocked = true;
    }
    let user = cx.replace_user(user, next)?;
    cx.audit(format_args!("wrong login of {}, attempt {}", user.name, user.attempts));
    Err(fault)
}

/// What a generator says of a one-time password.
pub(crate) enum Verdict {
    /// It is the one of this counter or step.
    Good(u64),
    /// It was used already.
    Replayed,
    /// It is none of those near.
    Wrong,
}

/// Looks for a one-time password around where its generator should be.
pub(crate) fn accept(generator: &Otp, given: &[u8], now_ms: u64) -> Verdict {
    let (from, upto) = match step_now(generator, now_ms) {
        None => (generator.next.saturating_sub(WINDOW), generator.next.saturating_add(WINDOW)),
        Some(step) => {
            let middle = step.saturating_add_signed(generator.drift);
            (middle.saturating_sub(WINDOW), middle.saturating_add(WINDOW + 1))
        }
    };
    // All are computed, so that the time taken does not tell which one matched; a fresh match beats a used one.
    let (mut fresh, mut used) = (None, false);
    for counter in from..upto {
        if is_password(generator, counter, given) {
            if counter < generator.next {
                used = true;
            } else if fresh.is_none() {
                fresh = Some(counter);
            }
        }
    }
    match (fresh, used) {
        (Some(counter), _) => Verdict::Good(counter),
        (None, true) => Verdict::Replayed,
        (None, false) => Verdict::Wrong,
    }
}

/// Counters ahead, or steps to either side, that are tried when a generator is looked for again (our choice).
const RESYNC_WINDOW: u64 = 1000;

/// Finds a generator again, if `first` and `second` are two passwords that follow each other somewhere near and were
/// not used yet; the generator goes on behind them.
pub(crate) fn resync(generator: &mut Otp, first: &[u8], second: &[u8], now_ms: u64) -> bool {
    let now = step_now(generator, now_ms);
    let middle = now.unwrap_or(generator.next);
    let from = middle.saturating_sub(RESYNC_WINDOW).max(generator.next);
    let found = (from..middle.saturating_add(RESYNC_WINDOW)).find(|counter| {
        is_password(generator, *counter, first) && is_password(generator, counter.saturating_add(1), second)
    });
    let Some(counter) = found else { return false };
    generator.next = counter.saturating_add(2);
    if let Some(now) = now {
        // The second password is the one the generator shows now.
        generator.drift = counter.saturating_add(1).wrapping_sub(now).cast_signed();
    }
    true
}

/// The time step the device's clock is in; `None` for a generator that counts.
fn step_now(generator: &Otp, now_ms: u64) -> Option<u64> {
    (now_ms / 1000).saturating_sub(generator.t0).checked_div(generator.time_step.into())
}

/// Whether `given` is the password of a counter or step.
fn is_password(generator: &Otp, counter: u64, given: &[u8]) -> bool {
    // Offset 16 is dynamic truncation (`OATH_SA_v1_HOTP_DYN_TRUNC_OFF`).
    let offset = Some(generator.truncation_offset).filter(|offset| *offset < 16);
    otp::hotp_truncated(HashAlg::Sha1, &generator.seed, counter, given.len() as u32, offset)
        .is_ok_and(|expected| ct_eq(expected.as_bytes(), given))
}
