//! What devices send (vendor docs, pages AAL2ProcMessageResponse, AAL2ProcMessageInformation, and their ICSF editions).
//!
//! A payload key BLOB is needed for protected messages only. Our choice: the codes for the places of an information message's body, and for
//! the message itself, are those of a response.

use bancada_digipass::message::channel;
use bancada_digipass::{Context, ReturnCode};

use super::arg::{Buffer, Params, Place, Text, Word};
use super::message::BODY;
use super::output::Output;
use super::payload_key::payload_key_blob;
use super::{KEY_NAME, MESSAGE, PAYLOAD_KEY, VECTOR};
use crate::backend::{Call, Outcome};

entries! {
    /// The clear body of the response to a request, hexadecimal, into a place of 1025 bytes. A device's error gives 5000 and its code.
    fn AAL2ProcMessageResponse(
        PKBlob: Text<PAYLOAD_KEY>,
        CallParms: Params,
        ResponseMessage: Word<MESSAGE>,
        RequestMessage: Word<MESSAGE>,
        ResponseBody: Buffer,
        ResponseBodyLength: Place<i32>,
    ) {
        let key = payload_key_blob(PKBlob.get())?;
        body(&Call::software(&CallParms.0), &ResponseBody, &ResponseBodyLength, |cx| {
            channel::proc_message_response(cx, key.as_ref(), ResponseMessage.get(), RequestMessage.get())
        })
    }

    /// The same with a payload key that a named key in an HSM seals.
    fn AAL2ProcMessageResponseICSF(
        PKBlob: Text<PAYLOAD_KEY>,
        CallParms: Params,
        aStorageKeyNameIn: Text<KEY_NAME>,
        aInitialVectorIn: Text<VECTOR>,
        ResponseMessage: Word<MESSAGE>,
        RequestMessage: Word<MESSAGE>,
        ResponseBody: Buffer,
        ResponseBodyLength: Place<i32>,
    ) {
        let key = payload_key_blob(PKBlob.get())?;
        let call = Call::service(&CallParms.0, aStorageKeyNameIn.get(), aInitialVectorIn.get());
        body(&call, &ResponseBody, &ResponseBodyLength, |cx| {
            channel::proc_message_response(cx, key.as_ref(), ResponseMessage.get(), RequestMessage.get())
        })
    }

    /// The clear body of an information message, hexadecimal, into a place of 1025 bytes.
    fn AAL2ProcMessageInformation(
        PKBlob: Text<PAYLOAD_KEY>,
        CallParms: Params,
        InformationMessage: Word<MESSAGE>,
        InformationBody: Buffer,
        InformationBodyLength: Place<i32>,
    ) {
        let key = payload_key_blob(PKBlob.get())?;
        body(&Call::software(&CallParms.0), &InformationBody, &InformationBodyLength, |cx| {
            channel::proc_message_information(cx, key.as_ref(), InformationMessage.get())
        })
    }

    /// The same with a payload key that a named key in an HSM seals.
    fn AAL2ProcMessageInformationICSF(
        PKBlob: Text<PAYLOAD_KEY>,
        CallParms: Params,
        aStorageKeyNameIn: Text<KEY_NAME>,
        aInitialVectorIn: Text<VECTOR>,
        InformationMessage: Word<MESSAGE>,
        InformationBody: Buffer,
        InformationBodyLength: Place<i32>,
    ) {
        let key = payload_key_blob(PKBlob.get())?;
        let call = Call::service(&CallParms.0, aStorageKeyNameIn.get(), aInitialVectorIn.get());
        body(&call, &InformationBody, &InformationBodyLength, |cx| {
            channel::proc_message_information(cx, key.as_ref(), InformationMessage.get())
        })
    }
}

/// Gives the body that `process` takes out of a message.
fn body(
    call: &Call<'_>,
    text: &Buffer,
    length: &Place<i32>,
    process: impl FnOnce(&Context<'_>) -> Result<String, ReturnCode>,
) -> Outcome {
    if text.is_null() {
        return Err(ReturnCode::RESPONSE_BODY_POINTER);
    }
    if length.is_null() {
        return Err(ReturnCode::RESPONSE_BODY_LENGTH_POINTER);
    }
    let body = call.run(process)?;
    let out = Output { text, length, recommended: BODY };
    out.put(&body).map_err(|_full| ReturnCode::RESPONSE_BODY_SIZE)?;
    Ok(ReturnCode::SUCCESS)
}
