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

/// A login that ends the connection.
const DENIED: Fault = Fault::Ended(Status::ERR_ACCESS_DENIED);

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
        return Err(Fault::Ended(Status::ERR_ACCESS_DENIED_USR_BLOCKED));
    }
    if !proved {
        return wrong(cx, &user, DENIED);
    }
    let mut next = user.as_ref().clone();
    let kind = match (&mut next.otp, otp) {
        (None, None) => Kind::Password,
        (None, Some(_)) => return Err(Fault::Ended(Status::ERR_ACCESS_DENIED_TOKEN_NOT_NEEDED)),
        (Some(_), None) => return Err(Fault::Ended(Status::ERR_ACCESS_DENIED_TOKEN_NEEDED)),
        (Some(generator), Some(given)) => match accept(generator, given, cx.env.now_ms) {
            Verdict::Good(counter) => {
                generator.next = counter + 1;
                Kind::PasswordOtp
            }
            Verdict::Wrong => return wrong(cx, &user, DENIED),
            Verdict::Replayed => return wrong(cx, &user, Fault::Ended(Status::ERR_REPLAY_DETECTED)),
        },
    };
    let user = if next.otp.is_some() || user.attempts > 0 {
        next.attempts = 0;
        cx.replace_user(&user, &next)?;
        cx.hsm.vault.user(&user.name)?.ok_or(DENIED)?
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
        return Err(Fault::Ended(Status::ERR_ACCESS_DENIED_USR_BLOCKED));
    }
    let mut name = [0; 16];
    name[..user.name.len()].copy_from_slice(user.name.as_bytes());
    let mut tokens = Tokens::load(&cx.hsm.tokens, &user.name)?;
    let kept = tokens.list.len();
    tokens.list.retain(|token| !token.expired(cx.env.now_ms));
    let mut found = false;
    for token in &tokens.list {
        found |= ct_eq(&login::token_cmac(&token.key, &name, challenge)?, &response.proof);
    }
    // Expired tokens are purged when their owner tries a token login (vendor header dinamo.h, DManageATokenCache).
    if tokens.list.len() != kept {
        tokens.save(&cx.hsm.tokens, &user.name, cx.env)?;
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
        return Err(Fault::Refused(Status::ERR_PWD_EXPIRED));
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
    cx.replace_user(user, &next)?;
    cx.audit(format_args!("wrong login of {}, attempt {}", user.name, next.attempts));
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
    let digits = given.len() as u32;
    // Offset 16 is dynamic truncation (`OATH_SA_v1_HOTP_DYN_TRUNC_OFF`).
    let offset = Some(generator.truncation_offset).filter(|offset| *offset < 16);
    let matches = |counter: u64| {
        otp::hotp_truncated(HashAlg::Sha1, &generator.seed, counter, digits, offset)
            .is_ok_and(|expected| ct_eq(expected.as_bytes(), given))
    };
    let (from, upto) = match generator.time_step {
        0 => (generator.next.saturating_sub(WINDOW), generator.next.saturating_add(WINDOW)),
        step => {
            let now = (now_ms / 1000).saturating_sub(generator.t0) / u64::from(step);
            (now.saturating_sub(WINDOW), now.saturating_add(WINDOW + 1))
        }
    };
    // All are computed, so that the time taken does not tell which one matched; a fresh match beats a used one.
    let (mut fresh, mut used) = (None, false);
    for counter in from..upto {
        if matches(counter) {
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

/// Counters that are tried to either side when a generator is looked for again (our choice).
const RESYNC_WINDOW: u64 = 1000;

/// The counter or step to go on from, if `first` and `second` follow each other somewhere near.
pub(crate) fn resync(generator: &Otp, first: &[u8], second: &[u8], now_ms: u64) -> Option<u64> {
    let offset = Some(generator.truncation_offset).filter(|offset| *offset < 16);
    let matches = |counter: u64, given: &[u8]| {
        otp::hotp_truncated(HashAlg::Sha1, &generator.seed, counter, given.len() as u32, offset)
            .is_ok_and(|expected| ct_eq(expected.as_bytes(), given))
    };
    let middle = match generator.time_step {
        0 => generator.next,
        step => (now_ms / 1000).saturating_sub(generator.t0) / u64::from(step),
    };
    // Passwords that were used already do not bring a generator back to where it was.
    let from = middle.saturating_sub(RESYNC_WINDOW).max(generator.next);
    (from..middle.saturating_add(RESYNC_WINDOW))
        .find(|counter| matches(*counter, first) && matches(*counter + 1, second))
        .map(|counter| counter + 2)
}
