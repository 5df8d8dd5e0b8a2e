//! Whether an application may do what is asked, and whether its configuration makes sense.
//!
//! Import takes what a file says; these checks report what cannot work, with the codes the vendor's tables name for it. Which
//! contradiction has which code is our choice.

use crate::ReturnCode;
use crate::blob::{Clear, Kind, MAX_FIELDS, Profile};
use crate::suite::{QuestionFormat, ResponseFormat};

/// For passwords: kind, configuration, enabled.
pub(crate) fn password(app: &Clear) -> Result<(), ReturnCode> {
    let profile = &app.profile;
    kind(profile)?;
    if !profile.kind.has_passwords() {
        return Err(ReturnCode::TOKEN_TYPE);
    }
    if profile.kind == Kind::ChallengeResponse {
        if profile.suite.question.is_none() {
            return Err(ReturnCode::UNSUPPORTED_BLOB);
        }
        if profile.fields.len() != 1 {
            return Err(ReturnCode::CHALLENGE_NUMBER);
        }
    }
    fields(profile)?;
    response(profile)?;
    enabled(app)
}

/// For signatures: kind, configuration, enabled. Their tables have no 1000, so an EMV-CAP application is of another type (132).
pub(crate) fn signature(app: &Clear) -> Result<(), ReturnCode> {
    let profile = &app.profile;
    kind(profile).map_err(of_another_type)?;
    if !profile.kind.has_signatures() {
        return Err(ReturnCode::TOKEN_TYPE);
    }
    if profile.suite.question.is_none() {
        return Err(ReturnCode::UNSUPPORTED_BLOB);
    }
    fields(profile)?;
    // The table of AAL2VerifyMessageSignature has no codes of its own for the lengths of the algorithm.
    response(profile).map_err(|code| match code {
        ReturnCode::RESPONSE_LENGTH_ALGORITHM => ReturnCode::RESPONSE_BOUNDS,
        ReturnCode::HOST_CODE_LENGTH_ALGORITHM => ReturnCode::UNSUPPORTED_BLOB,
        code => code,
    })?;
    enabled(app)
}

/// The kinds no ordinary operation takes.
pub(crate) fn kind(profile: &Profile) -> Result<(), ReturnCode> {
    match profile.kind {
        Kind::UnlockV2 => Err(ReturnCode::UNLOCK_V2),
        Kind::EmvCap => Err(ReturnCode::EMV_CAP),
        _ => Ok(()),
    }
}

/// 132 in place of 1000, for functions whose tables have no 1000.
pub(crate) fn of_another_type(code: ReturnCode) -> ReturnCode {
    if code == ReturnCode::EMV_CAP { ReturnCode::TOKEN_TYPE } else { code }
}

/// Disabled by TOKEN_STATUS 0.
pub(crate) fn enabled(app: &Clear) -> Result<(), ReturnCode> {
    if app.state.primary || app.state.backup { Ok(()) } else { Err(ReturnCode::APPLICATION_DISABLED) }
}

fn fields(profile: &Profile) -> Result<(), ReturnCode> {
    if profile.fields.len() > MAX_FIELDS {
        return Err(ReturnCode::CHALLENGE_NUMBER);
    }
    let question = profile.suite.question;
    for field in &profile.fields {
        if field.min > field.max {
            return Err(ReturnCode::CHALLENGE_MINIMUM);
        }
        if question.is_some_and(|question| field.max > question.max) {
            return Err(ReturnCode::CHALLENGE_MAXIMUM);
        }
        if field.check_digit
            && question.is_some_and(|question| question.format == QuestionFormat::Alphanumeric)
        {
            return Err(ReturnCode::CHALLENGE_CHECK_DIGIT_NOT_ALLOWED);
        }
    }
    Ok(())
}

fn response(profile: &Profile) -> Result<(), ReturnCode> {
    let digits = profile.suite.digits;
    if !(4..=16).contains(&digits) || profile.response_len() > 16 {
        return Err(ReturnCode::RESPONSE_BOUNDS);
    }
    match profile.suite.format {
        ResponseFormat::Unspecified => return Err(ReturnCode::RESPONSE_CHARACTER_SET),
        ResponseFormat::Hex if profile.response_check_digit => {
            return Err(ReturnCode::RESPONSE_CHECK_DIGIT_NOT_ALLOWED);
        }
        ResponseFormat::Hex | ResponseFormat::Decimal => {}
    }
    if profile.score && digits < 7 {
        return Err(ReturnCode::RESPONSE_LENGTH_ALGORITHM);
    }
    let host = profile.host_code_len;
    if host > 10 || (profile.score && (1..4).contains(&host)) {
        return Err(ReturnCode::HOST_CODE_LENGTH_ALGORITHM);
    }
    Ok(())
}
