//! Verification of passwords and signatures: what both have in common.
//!
//! The order of checks, which callers may rely on (our choice where the vendor's documents leave it open): pointers; Base64, version,
//! checksum and key service; kind of application; configuration of the application; disabled; threshold; idle days; deferred
//! data; form of the response; static PIN; challenge or data fields; the response itself. A wrong PIN, a wrong or malformed response, a replay
//! and a call above the threshold count as errors; nothing else does, but for a password tried as a virtual token's without the right challenge.

pub(crate) mod checks;
pub(crate) mod fields;
mod password;
pub(crate) mod response;
mod search;
mod signature;

pub use password::{Password, verify_password};
pub(crate) use password::{effective_challenge, mark, verify_response};
pub(crate) use search::{At, Hit, Span, Spans, Trial, host_time};
pub use signature::{SignatureRequest, verify_signature};
pub(crate) use signature::{Signed, verify_signed};

use crate::blob::Clear;
use crate::{Blob, Context, ReturnCode};

/// What a successful verification tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// The score the authenticator reported: bits context 1, user 2, platform 4; 0 when nothing is wrong.
    pub score: u8,
    /// The code that proves the host to the user, empty when the application has none.
    pub host_code: String,
}

impl Verified {
    /// 0, or 10001 to 10007 when the authenticator reported a warning.
    #[must_use]
    pub fn code(&self) -> ReturnCode {
        match self.score & 7 {
            0 => ReturnCode::SUCCESS,
            score => ReturnCode(10_000 + i32::from(score)),
        }
    }
}

/// The most errors that are counted (vendor docs, page AAL2GetTokenProperty).
const MAX_ERRORS: u16 = 32_767;
/// The most uses that are counted (same page).
const MAX_USES: u32 = 999_999;

/// Counts an error, writes the BLOB and gives the code back.
pub(crate) fn fail(app: &mut Clear, blob: &mut Blob, code: ReturnCode) -> ReturnCode {
    app.state.error_count = app.state.error_count.saturating_add(1).min(MAX_ERRORS);
    app.store(blob);
    code
}

/// Counts what is wrong with a response, its form included, as an error and writes the BLOB; other refusals leave it as it was. A public
/// caller relies on the count after responses of a wrong form.
pub(crate) fn refuse(app: &mut Clear, blob: &mut Blob, code: ReturnCode) -> ReturnCode {
    match code {
        ReturnCode::NOT_VERIFIED
        | ReturnCode::CODE_REPLAY
        | ReturnCode::RESPONSE_TOO_SHORT
        | ReturnCode::RESPONSE_TOO_LONG
        | ReturnCode::RESPONSE_CHECK_DIGIT
        | ReturnCode::RESPONSE_NOT_DECIMAL
        | ReturnCode::RESPONSE_NOT_HEX => fail(app, blob, code),
        _ => code,
    }
}

/// Counts a success.
pub(crate) fn count_success(app: &mut Clear) {
    app.state.error_count = 0;
    app.state.use_count = app.state.use_count.saturating_add(1).min(MAX_USES);
}

/// Threshold and idle days.
pub(crate) fn gate(
    cx: &Context<'_>,
    app: &mut Clear,
    blob: &mut Blob,
    threshold: Option<u32>,
    refused: ReturnCode,
) -> Result<(), ReturnCode> {
    self::threshold(app, blob, threshold, refused)?;
    // A token that was never used, or was reset, is not idle.
    let last = u64::from(app.state.last_time_used);
    if let Some(days) = cx.params.idle_days()
        && last > 0
        && !app.state.unsynchronised
        && cx.now.saturating_sub(last) > u64::from(days) * 86_400
    {
        return Err(ReturnCode::INACTIVE);
    }
    Ok(())
}

/// The threshold alone; a call above it counts.
pub(crate) fn threshold(
    app: &mut Clear,
    blob: &mut Blob,
    threshold: Option<u32>,
    refused: ReturnCode,
) -> Result<(), ReturnCode> {
    let met = threshold.is_some_and(|limit| u32::from(app.state.error_count) >= limit);
    if met { Err(fail(app, blob, refused)) } else { Ok(()) }
}

/// The host's time as a BLOB keeps it.
pub(crate) fn stored_time(cx: &Context<'_>) -> u32 {
    u32::try_from(cx.now).unwrap_or(u32::MAX)
}

#[cfg(test)]
pub(crate) mod tests;
