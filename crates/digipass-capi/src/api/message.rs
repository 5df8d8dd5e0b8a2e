//! Secure Channel messages and the signatures over them (vendor docs, pages AAL2VerifyMessageSignature(ICSF), AAL2GenMessageRequest,
//! AAL2GenMessageDeactivation, AAL2GetMessageProperties, and their ICSF editions). What devices send is in `response.rs`.
//!
//! Lengths that the documented prototypes show as `aat_ascii*` are `aat_int32*`, as in the sister functions and the COBOL layout.

use bancada_digipass::message::{self, Header, MessageSignature, Protection, channel};
use bancada_digipass::{ReturnCode, encoding};

use super::arg::{BlobPlace, Buffer, Params, Place, Text, Word};
use super::output::{CODE_PLACE, Output};
use super::payload_key::payload_key_blob;
use super::signature::unsigned;
use super::{KEY_NAME, MESSAGE, MESSAGE_VECTOR, PAYLOAD_KEY, SIGNATURE, VECTOR};
use crate::backend::{Call, Outcome};

/// Width of a clear body: 1024 hexadecimal characters, and one more to see that it is too long. Also bytes of a place for one.
pub(super) const BODY: usize = 1025;
/// Bytes of a place for a deactivation message.
const DEACTIVATION_PLACE: usize = 51;

entries! {
    /// Verifies the signature over an activation message 2 or a request message, and gives the confirmation code.
    fn AAL2VerifyMessageSignature(
        DPData: BlobPlace,
        CallParms: Params,
        MessageExpirationTime: i32,
        Signature: Text<SIGNATURE>,
        SignedMessage: Word<MESSAGE>,
        DeferredSignatureData: i32,
        ConfirmationCode: Buffer,
        ConfirmationCodeLength: Place<i32>,
    ) {
        let request = MessageSignature {
            expiration_s: MessageExpirationTime,
            signature: Signature.get(),
            message: SignedMessage.get(),
            deferred: unsigned(DeferredSignatureData),
        };
        let out = Output { text: &ConfirmationCode, length: &ConfirmationCodeLength, recommended: CODE_PLACE };
        verify(&Call::software(&CallParms.0), &DPData, &request, &out)
    }

    /// The same for a BLOB that a named key in an HSM seals.
    fn AAL2VerifyMessageSignatureICSF(
        DPData: BlobPlace,
        CallParms: Params,
        aStorageKeyNameIn: Text<KEY_NAME>,
        aInitialVectorIn: Text<VECTOR>,
        MessageExpirationTime: i32,
        Signature: Text<SIGNATURE>,
        SignedMessage: Word<MESSAGE>,
        DeferredSignatureData: i32,
        ConfirmationCode: Buffer,
        ConfirmationCodeLength: Place<i32>,
    ) {
        let request = MessageSignature {
            expiration_s: MessageExpirationTime,
            signature: Signature.get(),
            message: SignedMessage.get(),
            deferred: unsigned(DeferredSignatureData),
        };
        let out = Output { text: &ConfirmationCode, length: &ConfirmationCodeLength, recommended: CODE_PLACE };
        verify(&Call::service(&CallParms.0, aStorageKeyNameIn.get(), aInitialVectorIn.get()), &DPData, &request, &out)
    }

    /// Makes a request message from a clear body, both hexadecimal, into a place of 1071 bytes. `PKBlob` may be null or empty when the
    /// message vector asks for no protection.
    fn AAL2GenMessageRequest(
        PKBlob: Text<PAYLOAD_KEY>,
        CallParms: Params,
        MessageVector: Word<MESSAGE_VECTOR>,
        RequestBody: Word<BODY>,
        RequestMessage: Buffer,
        RequestMessageLength: Place<i32>,
    ) {
        let out = Output { text: &RequestMessage, length: &RequestMessageLength, recommended: MESSAGE };
        request(&Call::software(&CallParms.0), PKBlob.get(), MessageVector.get(), RequestBody.get(), &out)
    }

    /// The same with a payload key that a named key in an HSM seals.
    fn AAL2GenMessageRequestICSF(
        PKBlob: Text<PAYLOAD_KEY>,
        CallParms: Params,
        aStorageKeyNameIn: Text<KEY_NAME>,
        aInitialVectorIn: Text<VECTOR>,
        MessageVector: Word<MESSAGE_VECTOR>,
        RequestBody: Word<BODY>,
        RequestMessage: Buffer,
        RequestMessageLength: Place<i32>,
    ) {
        let out = Output { text: &RequestMessage, length: &RequestMessageLength, recommended: MESSAGE };
        let call = Call::service(&CallParms.0, aStorageKeyNameIn.get(), aInitialVectorIn.get());
        request(&call, PKBlob.get(), MessageVector.get(), RequestBody.get(), &out)
    }

    /// Makes the message that ends an instance, into a place of 51 bytes.
    fn AAL2GenMessageDeactivation(
        PKBlob: Text<PAYLOAD_KEY>,
        CallParms: Params,
        MessageVector: Word<MESSAGE_VECTOR>,
        SeqNum: i32,
        DeactivationMessage: Buffer,
        DeactivationMessageLength: Place<i32>,
    ) {
        let out = Output { text: &DeactivationMessage, length: &DeactivationMessageLength, recommended: DEACTIVATION_PLACE };
        deactivation(&Call::software(&CallParms.0), PKBlob.get(), MessageVector.get(), SeqNum, &out)
    }

    /// The same with a payload key that a named key in an HSM seals.
    fn AAL2GenMessageDeactivationICSF(
        PKBlob: Text<PAYLOAD_KEY>,
        CallParms: Params,
        aStorageKeyNameIn: Text<KEY_NAME>,
        aInitialVectorIn: Text<VECTOR>,
        MessageVector: Word<MESSAGE_VECTOR>,
        SeqNum: i32,
        DeactivationMessage: Buffer,
        DeactivationMessageLength: Place<i32>,
    ) {
        let out = Output { text: &DeactivationMessage, length: &DeactivationMessageLength, recommended: DEACTIVATION_PLACE };
        let call = Call::service(&CallParms.0, aStorageKeyNameIn.get(), aInitialVectorIn.get());
        deactivation(&call, PKBlob.get(), MessageVector.get(), SeqNum, &out)
    }

    /// What a message says in clear: protocol version, type, protection, whether it is encrypted and signed, and the serial number
    /// into a place of 11 bytes.
    fn AAL2GetMessageProperties(
        Message: Word<MESSAGE>,
        MessageProtocolVersion: Place<i32>,
        MessageType: Place<i32>,
        MessageProtectionType: Place<i32>,
        IsMessageEncrypted: Place<i32>,
        IsMessageSigned: Place<i32>,
        MessageSerial: Buffer,
    ) {
        let header = Header::of_message(Message.get())?;
        MessageProtocolVersion.set(header.version().into());
        MessageType.set(header.message_type.0.into());
        MessageProtectionType.set(header.protection.number().into());
        IsMessageEncrypted.set((header.protection == Protection::Encrypted).into());
        IsMessageSigned.set((header.protection != Protection::None).into());
        MessageSerial.write_text(&String::from_utf8_lossy(&header.serial));
        Ok(ReturnCode::SUCCESS)
    }
}

/// The BLOB is left as it was when the confirmation code has no room.
fn verify(call: &Call<'_>, place: &BlobPlace, request: &MessageSignature<'_>, out: &Output<'_>) -> Outcome {
    let (outcome, code) = verify_into(call, place, request, |code| out.check(code))?;
    if let Some(code) = code {
        out.write(&code);
    }
    outcome
}

/// Verifies, and gives the outcome with the confirmation code of a success, if `fits` agrees to it.
pub(super) fn verify_into(
    call: &Call<'_>,
    place: &BlobPlace,
    request: &MessageSignature<'_>,
    fits: impl FnOnce(&str) -> Result<(), ReturnCode>,
) -> Result<(Outcome, Option<String>), ReturnCode> {
    let mut blob = place.load()?;
    let result = call.run(|cx| message::verify_message_signature(cx, &mut blob, request));
    if let Ok(verified) = &result {
        fits(&verified.host_code)?;
    }
    place.store(&blob);
    match result {
        Ok(verified) => Ok((Ok(verified.code()), Some(verified.host_code))),
        Err(code) => Ok((Err(code), None)),
    }
}

fn request(
    call: &Call<'_>,
    key: Option<&[u8]>,
    vector: Option<&[u8]>,
    body: Option<&[u8]>,
    out: &Output<'_>,
) -> Outcome {
    let key = payload_key_blob(key)?;
    let body = body.map(encoding::text);
    out.put(&call.run(|cx| channel::gen_message_request(cx, key.as_ref(), vector, body))?)?;
    Ok(ReturnCode::SUCCESS)
}

fn deactivation(
    call: &Call<'_>,
    key: Option<&[u8]>,
    vector: Option<&[u8]>,
    instance: i32,
    out: &Output<'_>,
) -> Outcome {
    let key = payload_key_blob(key)?.ok_or(ReturnCode::PAYLOAD_KEY_POINTER)?;
    out.put(&call.run(|cx| channel::gen_message_deactivation(cx, &key, vector, instance))?)?;
    Ok(ReturnCode::SUCCESS)
}
