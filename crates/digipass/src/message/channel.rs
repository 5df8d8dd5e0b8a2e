//! Life in the Secure Channel, on the host's side: requests, responses, information, deactivation.
//!
//! Vendor docs, pages AAL2GenMessageRequest, AAL2ProcMessageResponse, AAL2ProcMessageInformation, AAL2GenMessageDeactivation, Request
//! messages. The body of a request is made by the vendor's separate messaging kit and is not public beyond its parts; [`RequestBody`] is
//! ours. A payload key is needed for protected messages only. Our choice: responses are bound to their requests by what is authenticated,
//! not by a nonce, and a request made without payload key is for [`ANYONE`].

use zeroize::Zeroizing;

use super::payload::PayloadKey;
use super::{Header, MessageBytes, MessageType, PayloadKeyBlob, Protection, seal};
use crate::vector::MessageVector;
use crate::verify::stored_time;
use crate::{Context, ReturnCode, encoding};

/// What a request asks: which application is to sign it, and a text to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestBody {
    /// The application that signs, from 1; 0 when no signature is wanted.
    pub application: u8,
    /// What the user is shown, at most 510 bytes.
    pub text: Vec<u8>,
}

/// The serial number of a request that was made without payload key BLOB, which is where serial numbers come from.
pub(crate) const ANYONE: [u8; 10] = *b"0000000000";

/// A request message over a body in hexadecimal, in hexadecimal.
///
/// # Errors
/// The codes of vectors and of payload keys; [`ReturnCode::PAYLOAD_KEY_MANDATORY`] when there is no key and the message vector asks for
/// protection; 1299 when the body is not hexadecimal; 1339 for an odd or too long body.
pub fn gen_message_request<'a>(
    cx: &Context<'_>,
    payload_key: impl Into<Option<&'a PayloadKeyBlob>>,
    message_vector: Option<&[u8]>,
    body: Option<&[u8]>,
) -> Result<String, ReturnCode> {
    let body = body_bytes(body)?;
    generate(cx, payload_key.into(), message_vector, MessageType::REQUEST, 0, &body)
}

/// The message that ends an instance.
///
/// # Errors
/// The codes of vectors and of payload keys; [`ReturnCode::SEQUENCE_NUMBER`] for an instance outside 1 to 99.
pub fn gen_message_deactivation(
    cx: &Context<'_>,
    payload_key: &PayloadKeyBlob,
    message_vector: Option<&[u8]>,
    instance: i32,
) -> Result<String, ReturnCode> {
    let instance = u8::try_from(instance).ok().filter(|number| (1..=99).contains(number));
    let instance = instance.ok_or(ReturnCode::SEQUENCE_NUMBER)?;
    generate(cx, Some(payload_key), message_vector, MessageType::DEACTIVATION, instance, &[])
}

/// The body of a response, in hexadecimal, if it answers this request. Unprotected messages need no key.
///
/// # Errors
/// [`ReturnCode::RESPONSE_MESSAGE_POINTER`], and 1301 for a missing request; the codes of messages and of payload keys;
/// [`ReturnCode::REQUEST_TYPE`], [`ReturnCode::RESPONSE_TYPE`], [`ReturnCode::RESPONSE_PROTECTION`];
/// [`ReturnCode::PAYLOAD_KEY_MANDATORY`]; [`ReturnCode::FOREIGN_VECTOR`] for another serial number;
/// [`ReturnCode::AUTHENTICATION_TAG`] when it was not made for this request with this key;
/// [`ReturnCode::of_device_error`] when it reports an error.
pub fn proc_message_response<'a>(
    cx: &Context<'_>,
    payload_key: impl Into<Option<&'a PayloadKeyBlob>>,
    response: Option<&[u8]>,
    request: Option<&[u8]>,
) -> Result<String, ReturnCode> {
    let response = MessageBytes::parse(Some(response.ok_or(ReturnCode::RESPONSE_MESSAGE_POINTER)?))?;
    let request = MessageBytes::parse(request)?;
    if request.header.message_type != MessageType::REQUEST {
        return Err(ReturnCode::REQUEST_TYPE);
    }
    if !matches!(response.header.message_type, MessageType::RESPONSE | MessageType::RESPONSE_ERROR) {
        return Err(ReturnCode::RESPONSE_TYPE);
    }
    if response.header.protection != request.header.protection {
        return Err(ReturnCode::RESPONSE_PROTECTION);
    }
    if request.header.serial != ANYONE && request.header.serial != response.header.serial {
        return Err(ReturnCode::FOREIGN_VECTOR);
    }
    let body = open(cx, payload_key.into(), &response, &request.bytes)?;
    if response.header.message_type == MessageType::RESPONSE_ERROR {
        return Err(ReturnCode::of_device_error(body.first().copied().unwrap_or(0)));
    }
    Ok(encoding::to_hex(&body))
}

/// The body of an information message, in hexadecimal. Unprotected messages need no key.
///
/// # Errors
/// [`ReturnCode::RESPONSE_MESSAGE_POINTER`]; the codes of messages and of payload keys; [`ReturnCode::RESPONSE_TYPE`];
/// [`ReturnCode::PAYLOAD_KEY_MANDATORY`]; [`ReturnCode::FOREIGN_VECTOR`]; [`ReturnCode::AUTHENTICATION_TAG`].
pub fn proc_message_information<'a>(
    cx: &Context<'_>,
    payload_key: impl Into<Option<&'a PayloadKeyBlob>>,
    message: Option<&[u8]>,
) -> Result<String, ReturnCode> {
    let message = MessageBytes::parse(Some(message.ok_or(ReturnCode::RESPONSE_MESSAGE_POINTER)?))?;
    if message.header.message_type != MessageType::INFORMATION {
        return Err(ReturnCode::RESPONSE_TYPE);
    }
    Ok(encoding::to_hex(&open(cx, payload_key.into(), &message, &[])?))
}

impl RequestBody {
    /// The body in hexadecimal, as [`gen_message_request`] takes it: version 1, application, text.
    #[must_use]
    pub fn to_hex(&self) -> String {
        encoding::to_hex(&[&[1, self.application][..], &self.text].concat())
    }

    /// Reads the bytes of a body.
    ///
    /// # Errors
    /// [`ReturnCode::INPUT_CORRUPTED`] for a body of another make.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReturnCode> {
        match bytes {
            [1, application @ 0..=8, text @ ..] => {
                Ok(Self { application: *application, text: text.to_vec() })
            }
            _ => Err(ReturnCode::INPUT_CORRUPTED),
        }
    }
}

/// The bytes of a body in hexadecimal.
pub(crate) fn body_bytes(body: Option<&[u8]>) -> Result<Vec<u8>, ReturnCode> {
    let body = encoding::text(body.unwrap_or_default());
    if body.len() > 2 * super::MAX_BODY || !body.len().is_multiple_of(2) {
        return Err(ReturnCode::MESSAGE_LENGTH);
    }
    encoding::from_hex(body).ok_or(ReturnCode::MESSAGE_NOT_HEX)
}

fn generate(
    cx: &Context<'_>,
    payload_key: Option<&PayloadKeyBlob>,
    message_vector: Option<&[u8]>,
    message_type: MessageType,
    instance: u8,
    body: &[u8],
) -> Result<String, ReturnCode> {
    let protection = MessageVector::parse(message_vector)?.protection;
    let key = payload_key.map(|blob| PayloadKey::open(cx, blob)).transpose()?;
    if key.is_none() && protection != Protection::None {
        return Err(ReturnCode::PAYLOAD_KEY_MANDATORY);
    }
    let serial = key.as_ref().map_or(ANYONE, |key| key.serial);
    let header = Header { message_type, protection, serial, time: Some(stored_time(cx)), instance };
    seal(&header, key.as_ref().map_or(&[], |key| &key.key[..]), &[], body)
}

/// The body of a message from a device.
fn open(
    cx: &Context<'_>,
    payload_key: Option<&PayloadKeyBlob>,
    message: &MessageBytes,
    context: &[u8],
) -> Result<Zeroizing<Vec<u8>>, ReturnCode> {
    let key = payload_key.map(|blob| PayloadKey::open(cx, blob)).transpose()?;
    let bytes: &[u8] = match &key {
        None if message.header.protection == Protection::None => &[],
        None => return Err(ReturnCode::PAYLOAD_KEY_MANDATORY),
        Some(key) if key.serial == message.header.serial => &key.key[..],
        Some(_) => return Err(ReturnCode::FOREIGN_VECTOR),
    };
    message.open(bytes, context).map_err(|_forged| ReturnCode::AUTHENTICATION_TAG)
}
