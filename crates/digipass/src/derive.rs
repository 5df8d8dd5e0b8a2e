//! Binding an authenticator to its device: the derivation code on the host's side (AAL2DeriveTokenBlobs).
//!
//! Vendor docs, pages AAL2DeriveTokenBlobs and Digipass binding. The layout of the code is our choice: the response of the first application,
//! made with the already bound key; 9 characters of diversifier; one check digit. Format 0 writes the diversifier in decimal, 1 in
//! hexadecimal. The check digit is Luhn's, decimal when format and responses are decimal, else hexadecimal. The base key stays in the
//! BLOB, so deriving again replaces the binding.

use std::fmt;

use zeroize::Zeroizing;

use crate::blob::Application;
use crate::suite::ResponseFormat;
use crate::verify::{Verified, checks, gate, refuse, response, verify_response};
use crate::{Blob, Context, ReturnCode, encoding};

/// Characters of the diversifier.
pub(crate) const DIVERSIFIER_LEN: usize = 9;
/// The longest derivation code (vendor docs, AAL2GenDeriveTokenBlobsCmd).
pub const MAX_CODE: usize = 26;
/// The shortest: no response has fewer than 4 characters.
pub const MIN_CODE: usize = 4 + DIVERSIFIER_LEN + 1;
/// The most BLOBs of one call.
pub const MAX_BLOBS: usize = 8;

/// How the diversifier is written. The vendor's values are not public; 0 is what public callers pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DerivationFormat {
    /// 0: decimal digits.
    #[default]
    Decimal,
    /// 1: hexadecimal digits.
    Hex,
}

/// What a derivation is asked with. It does not print the code, which carries the diversifier.
#[derive(Clone, Copy, Default)]
pub struct Derivation<'a> {
    /// The number of BLOBs the caller says there are.
    pub count: i32,
    /// The challenge the code answers; `None` and empty mean none.
    pub challenge: Option<&'a [u8]>,
    /// The derivation code.
    pub code: Option<&'a [u8]>,
    /// The number of a [`DerivationFormat`].
    pub format: u32,
}

impl fmt::Debug for Derivation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let challenge = self.challenge.map(String::from_utf8_lossy);
        f.debug_struct("Derivation")
            .field("count", &self.count)
            .field("challenge", &challenge)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

/// Verifies a derivation code with the first BLOB and binds all BLOBs to the device it was made on, all or none.
///
/// `None` stands for a null pointer; those behind the last BLOB are unused places, though `count` may include them (a
/// public caller always passes 8). After a failure the first BLOB may have changed and must be stored; the others have not.
///
/// # Errors
/// 1110, 808, 510, 807, 1114; 412 to 414, 1118, 9xx, 1103, 1000, 132; -105 to -107, 1039, 1040, -201, -207; 208, 202, 205; 1111,
/// 1112, -202, -203, -205, -206, 1113, 1109; 131, 140, -101 to -103, -108; 201 and 1.
pub fn derive_token_blobs(
    cx: &Context<'_>,
    blobs: &mut [Option<Blob>],
    request: &Derivation<'_>,
) -> Result<Verified, ReturnCode> {
    let code = encoding::text(request.code.ok_or(ReturnCode::DERIVATION_CODE_POINTER)?);
    let count = usize::try_from(request.count).ok().filter(|count| (1..=MAX_BLOBS).contains(count));
    let count = count.ok_or(ReturnCode::APPLICATION_COUNT)?;
    let used = blobs.iter().take(count).rposition(Option::is_some).ok_or(ReturnCode::DATA_POINTER)? + 1;
    let present: Vec<&Blob> =
        blobs[..used].iter().map(Option::as_ref).collect::<Option<_>>().ok_or(ReturnCode::DATA_POINTER)?;
    if present.iter().any(|blob| blob.owner().serial != present[0].owner().serial) {
        return Err(ReturnCode::SERIAL_DIFFERS);
    }
    let format = DerivationFormat::from_number(request.format).ok_or(ReturnCode::DERIVATION_CODE_FORMAT)?;
    let mut apps = Application::open_each(cx, &present)?;
    check(&apps)?;
    let mut first_blob = present[0].clone();
    let result = verify(cx, &mut apps[0], &mut first_blob, code, format, request.challenge);
    let (verified, diversifier) = match result {
        Ok(accepted) => accepted,
        Err(code) => {
            blobs[0] = Some(first_blob);
            return Err(code);
        }
    };
    let mut bound = Vec::with_capacity(used);
    for app in &mut apps {
        app.secrets.diversifier = diversifier;
        app.state.derived = true;
        bound.push(Some(app.seal(cx)?));
    }
    blobs[..used].clone_from_slice(&bound);
    Ok(verified)
}

impl DerivationFormat {
    /// The format of a number, if there is one.
    #[must_use]
    pub const fn from_number(number: u32) -> Option<Self> {
        match number {
            0 => Some(Self::Decimal),
            1 => Some(Self::Hex),
            _ => None,
        }
    }

    /// The base of the diversifier.
    pub(crate) const fn base(self) -> u32 {
        match self {
            Self::Decimal => 10,
            Self::Hex => 16,
        }
    }

    /// The base of the check digit, given the characters of the response.
    pub(crate) const fn check_base(self, responses: ResponseFormat) -> u32 {
        match (self, responses) {
            (Self::Decimal, ResponseFormat::Decimal) => 10,
            _ => 16,
        }
    }
}

/// All applications must take part; the first must have passwords.
fn check(apps: &[Application]) -> Result<(), ReturnCode> {
    for app in apps {
        checks::kind(&app.profile)?;
    }
    // The table of this function has no codes of its own for check digits that are not allowed.
    checks::password(&apps[0]).map_err(|code| match code {
        ReturnCode::RESPONSE_CHECK_DIGIT_NOT_ALLOWED | ReturnCode::CHALLENGE_CHECK_DIGIT_NOT_ALLOWED => {
            ReturnCode::UNSUPPORTED_BLOB
        }
        code => code,
    })?;
    if apps.iter().any(|app| !app.profile.derivation) {
        return Err(ReturnCode::UNSUPPORTED_BLOB);
    }
    if apps[0].state.primary { Ok(()) } else { Err(ReturnCode::APPLICATION_DISABLED) }
}

/// Verifies the code with the first application, which is changed only if it holds; the error is counted in `blob`.
fn verify(
    cx: &Context<'_>,
    app: &mut Application,
    blob: &mut Blob,
    code: &[u8],
    format: DerivationFormat,
    challenge: Option<&[u8]>,
) -> Result<(Verified, u64), ReturnCode> {
    gate(cx, app, blob, cx.params.password_threshold(), ReturnCode::IDENTIFICATION_THRESHOLD)?;
    let (expected, diversifier) = match split(app, code, format) {
        Ok(parts) => parts,
        Err(code) => return Err(refuse(app, blob, code)),
    };
    let mut bound = app.clone();
    bound.secrets.diversifier = diversifier;
    // A virtual token has no device to bind to.
    bound.state.backup = false;
    match verify_response(cx, &mut bound, expected, challenge) {
        Ok(verified) => {
            bound.state.backup = app.state.backup;
            *app = bound;
            Ok((verified, diversifier))
        }
        Err(code) => Err(refuse(app, blob, code)),
    }
}

/// The response and the diversifier of a derivation code.
///
/// The function's table has -202 and -203 beside 1111, and no -204: so what is wrong with the response in the code is told as such, and
/// 1111 is for what is no derivation code of any application.
fn split(app: &Application, code: &[u8], format: DerivationFormat) -> Result<(u64, u64), ReturnCode> {
    let tail = DIVERSIFIER_LEN + 1;
    if !(MIN_CODE..=MAX_CODE).contains(&code.len()) {
        return Err(ReturnCode::DERIVATION_CODE_LENGTH);
    }
    let (response, rest) = code.split_at(code.len() - tail);
    let check_base = format.check_base(app.profile.suite.format);
    let (diversifier, check) = rest.split_at(DIVERSIFIER_LEN);
    let in_base = |base: u32| move |byte: &u8| char::from(*byte).is_digit(base);
    if !diversifier.iter().all(in_base(format.base())) || !check.iter().all(in_base(check_base)) {
        return Err(ReturnCode::DERIVATION_CODE_CHARACTER);
    }
    let digits = usize::from(app.profile.suite.digits);
    let expected = response::read_plain(&app.profile.suite, response, digits, digits)?;
    if !encoding::check_digit_holds(code, check_base) {
        return Err(ReturnCode::DERIVATION_CODE_CHECK_DIGIT);
    }
    let diversifier = diversifier.iter().fold(0u64, |value, byte| {
        value * u64::from(format.base()) + u64::from(char::from(*byte).to_digit(format.base()).unwrap_or(0))
    });
    if diversifier == 0 { Err(ReturnCode::DERIVATION_CODE) } else { Ok((expected, diversifier)) }
}

/// The diversifier of a device from its fingerprint: never 0, and as many as the format can write.
pub(crate) fn diversifier(fingerprint: &[u8], serial: &[u8; 10], format: DerivationFormat) -> u64 {
    let digest: Zeroizing<Vec<u8>> =
        crate::role::derive(fingerprint, "bancada digipass diversifier 1", &[serial]);
    let value = u64::from_be_bytes(std::array::from_fn(|place| digest[place]));
    1 + value % (u64::from(format.base()).pow(DIVERSIFIER_LEN as u32) - 1)
}

#[cfg(test)]
mod tests;
