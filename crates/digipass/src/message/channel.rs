//! Life in the Secure Channel, on the host's side: requests, responses, information, deactivation.
//!
//! Vendor docs, pages AAL2GenMessageRequest, AAL2ProcMessageResponse, Request messages. The body of a request is made by the vendor's
//! separate messaging kit and is not public beyond its parts; [`RequestBody`] is ours. Responses are bound to their requests and must be
//! protected as they are; information must be protected.

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

/// A request message over a body in hexadecimal, in hexadecimal.
///
/// # Errors
/// The codes of vectors and of payload keys; 1299 when the body is not hexadecimal; 1339 for an odd or too long body.
pub fn gen_message_request(
    cx: &Context<'_>,
    payload_key: &PayloadKeyBlob,
    message_vector: Option<&[u8]>,
    body: Option<&[u8]>,
) -> Result<String, ReturnCode> {
    let body = body_bytes(body)?;
    generate(cx, payload_key, message_vector, MessageType::REQUEST, 0, &body)
}

/// The message that ends an instance.
///
/// # Errors
/// The codes of vectors and of payload keys; [`ReturnCode::PROPERTY_VALUE`] for an instance outside 1 to 99.
pub fn gen_message_deactivation(
    cx: &Context<'_>,
    payload_key: &PayloadKeyBlob,
    message_vector: Option<&[u8]>,
    instance: i32,
) -> Result<String, ReturnCode> {
    let instance = u8::try_from(instance).ok().filter(|number| (1..=99).contains(number));
    let instance = instance.ok_or(ReturnCode::PROPERTY_VALUE)?;
    generate(cx, payload_key, message_vector, MessageType::DEACTIVATION, instance, &[])
}

/// The body of a response, in hexadecimal, if it answers this request.
///
/// # Errors
/// The codes of messages and of payload keys; [`ReturnCode::NOT_A_RESPONSE`] when it is no response or reports an error;
/// [`ReturnCode::MESSAGE_AUTHENTICITY`] when it was not made for this request with this key.
pub fn proc_message_response(
    cx: &Context<'_>,
    payload_key: &PayloadKeyBlob,
    response: Option<&[u8]>,
    request: Option<&[u8]>,
) -> Result<String, ReturnCode> {
    let request = MessageBytes::parse(request)?;
    let response = MessageBytes::parse(response)?;
    let key = key_for(cx, payload_key, &response)?;
    if response.header.protection != request.header.protection {
        return Err(ReturnCode::MESSAGE_AUTHENTICITY);
    }
    let body = response.open(&*key.key, &request.bytes)?;
    match response.header.message_type {
        MessageType::RESPONSE => Ok(encoding::to_hex(&body)),
        _ => Err(ReturnCode::NOT_A_RESPONSE),
    }
}

/// The body of an information message, in hexadecimal.
///
/// # Errors
/// As for [`proc_message_response`].
pub fn proc_message_information(
    cx: &Context<'_>,
    payload_key: &PayloadKeyBlob,
    message: Option<&[u8]>,
) -> Result<String, ReturnCode> {
    let message = MessageBytes::parse(message)?;
    let key = key_for(cx, payload_key, &message)?;
    if message.header.protection == Protection::None {
        return Err(ReturnCode::MESSAGE_AUTHENTICITY);
    }
    let body = message.open(&*key.key, &[])?;
    match message.header.message_type {
        MessageType::INFORMATION => Ok(encoding::to_hex(&body)),
        _ => Err(ReturnCode::NOT_A_RESPONSE),
    }
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
    payload_key: &PayloadKeyBlob,
    message_vector: Option<&[u8]>,
    message_type: MessageType,
    instance: u8,
    body: &[u8],
) -> Result<String, ReturnCode> {
    let vector = MessageVector::parse(message_vector)?;
    let key = PayloadKey::open(cx, payload_key)?;
    let header = Header {
        message_type,
        protection: vector.protection,
        serial: key.serial,
        time: Some(stored_time(cx)),
        instance,
    };
    seal(&header, &*key.key, &[], body)
}

fn key_for(
    cx: &Context<'_>,
    blob: &PayloadKeyBlob,
    message: &MessageBytes,
) -> Result<PayloadKey, ReturnCode> {
    let key = PayloadKey::open(cx, blob)?;
    if key.serial == message.header.serial { Ok(key) } else { Err(ReturnCode::FOREIGN_VECTOR) }
}
