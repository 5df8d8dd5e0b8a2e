//! The signature over an activation message 2 or a request message (AAL2VerifyMessageSignature, AAL2VerifyMessageSignatureICSF).
//!
//! Vendor docs, page AAL2VerifyMessageSignatureICSF. Our choice: a message is signed as data fields, SHA-256 of its bytes in four
//! fields of 16 hexadecimal characters, so the application needs four fields that take them, and the codes of data fields say what is
//! missing; a message without time stamp counts as too old (1364) whenever an age is asked for; so does one from more than a minute in
//! the future.

use super::{MessageBytes, MessageType};
use crate::blob::Application;
use crate::verify::fields::{Purpose, of_message};
use crate::verify::{Signed, Verified, checks, verify_signed};
use crate::{Blob, Context, ReturnCode};

/// How far the clock of the host that made a message may be ahead, in seconds.
const AHEAD_S: u64 = 60;

/// What is verified.
#[derive(Debug, Clone, Copy, Default)]
pub struct MessageSignature<'a> {
    /// Greatest age of the message in seconds, 0 for any.
    pub expiration_s: i32,
    /// The signature as typed.
    pub signature: Option<&'a [u8]>,
    /// The message in hexadecimal.
    pub message: Option<&'a [u8]>,
    /// When it was signed by the device's own clock, in seconds since 1970, or at which event; 0 for now.
    pub deferred: u32,
}

/// Verifies the signature over a message and updates the BLOB, which must be stored whatever the result. The host code is the
/// confirmation code.
///
/// # Errors
/// 139, 1301, 1300, 1299, 1339, 1337, 1363, 1364; 412 to 414, 1118, 9xx; 1103, 132, -105 to -107, 1116, 1117, -201, -207, 208,
/// 1309; 203, 205, 207; -202 to -206; 141, -102, -103, -108; 204, 206 and 1.
pub fn verify_message_signature(
    cx: &Context<'_>,
    blob: &mut Blob,
    request: &MessageSignature<'_>,
) -> Result<Verified, ReturnCode> {
    let signature = request.signature.ok_or(ReturnCode::SIGNATURE_POINTER)?;
    let message = MessageBytes::parse(request.message)?;
    if !matches!(message.header.message_type, MessageType::ACTIVATION_2 | MessageType::REQUEST) {
        return Err(ReturnCode::MESSAGE_VERSION);
    }
    check_age(cx, message.header.time, request.expiration_s)?;
    let app = Application::open(cx, blob)?;
    checks::signature(&app)?;
    if !app.profile.secure_channel {
        return Err(ReturnCode::NOT_FOR_SECURE_CHANNEL);
    }
    let message = of_message(&message.bytes);
    let signed = Signed { purpose: Purpose::Message, fields: &message.fields(), deferred: request.deferred };
    verify_signed(cx, app, blob, signature, &signed)
}

fn check_age(cx: &Context<'_>, time: Option<u32>, expiration_s: i32) -> Result<(), ReturnCode> {
    let most_s = u64::try_from(expiration_s).map_err(|_| ReturnCode::EXPIRATION_VALUE)?;
    if most_s == 0 {
        return Ok(());
    }
    let made = u64::from(time.ok_or(ReturnCode::MESSAGE_EXPIRED)?);
    if cx.now.saturating_sub(made) > most_s || made.saturating_sub(cx.now) > AHEAD_S {
        return Err(ReturnCode::MESSAGE_EXPIRED);
    }
    Ok(())
}
