//! Signatures over data fields (vendor docs, pages AAL2VerifySignature(Ex), AAL2GenSignature(Ex), Online mode, Offline mode).

use bancada_digipass::ReturnCode;
use bancada_digipass::verify::{SignatureRequest, verify_signature};
use bancada_digipass::virtual_token::gen_signature;

use super::arg::{BlobPlace, Buffer, Fields, Params, Place, Text};
use super::output::{CODE_PLACE, Output};
use super::{KEY_NAME, SIGNATURE, VECTOR};
use crate::backend::{Call, Outcome};

entries! {
    /// Verifies a signature over `FieldCount` data fields of 20 bytes each.
    fn AAL2VerifySignature(
        DPData: BlobPlace,
        CallParms: Params,
        Signature: Text<SIGNATURE>,
        SignedDataFields: Fields,
        FieldCount: i32,
        DeferredSignatureData: i32,
    ) {
        let signed = Signed { signature: Signature.get(), fields: &SignedDataFields, count: FieldCount, deferred: DeferredSignatureData };
        verify(&Call::software(&CallParms.0), &DPData, &signed, None)
    }

    /// Verifies a signature and gives the confirmation code for the user, up to 16 characters.
    fn AAL2VerifySignatureEx(
        DPData: BlobPlace,
        CallParms: Params,
        Signature: Text<SIGNATURE>,
        SignedDataFields: Fields,
        FieldCount: i32,
        DeferredSignatureData: i32,
        ConfirmationCode: Buffer,
        ConfirmationCodeLength: Place<i32>,
    ) {
        let signed = Signed { signature: Signature.get(), fields: &SignedDataFields, count: FieldCount, deferred: DeferredSignatureData };
        let out = Output { text: &ConfirmationCode, length: &ConfirmationCodeLength, recommended: CODE_PLACE };
        verify(&Call::software(&CallParms.0), &DPData, &signed, Some(&out))
    }

    /// The same for a BLOB that a named key in an HSM seals.
    fn AAL2VerifySignatureICSF(
        DPBlob: BlobPlace,
        CallParms: Params,
        aStorageKeyNameIn: Text<KEY_NAME>,
        aInitialVectorIn: Text<VECTOR>,
        aSignatureIn: Text<SIGNATURE>,
        aSignedDataFieldsIn: Fields,
        FieldCountIn: i32,
        DeferredSignatureDataIn: i32,
        ConfirmationCode: Buffer,
        ConfirmationCodeLength: Place<i32>,
    ) {
        let signed = Signed {
            signature: aSignatureIn.get(),
            fields: &aSignedDataFieldsIn,
            count: FieldCountIn,
            deferred: DeferredSignatureDataIn,
        };
        let out = Output { text: &ConfirmationCode, length: &ConfirmationCodeLength, recommended: CODE_PLACE };
        let call = Call::service(&CallParms.0, aStorageKeyNameIn.get(), aInitialVectorIn.get());
        verify(&call, &DPBlob, &signed, Some(&out))
    }

    /// The signature of a primary virtual token, into a place of 18 bytes; other tokens are refused.
    fn AAL2GenSignature(
        DPData: BlobPlace,
        CallParms: Params,
        Signature: Buffer,
        SignedDataFields: Fields,
        FieldCount: i32,
        DeferredSignatureDate: i32,
    ) {
        let wanted = Wanted { fields: &SignedDataFields, count: FieldCount, deferred: DeferredSignatureDate };
        generate(&DPData, &CallParms, &Signature, &wanted, None)
    }

    /// The same, and the confirmation code with which the host will answer that signature, up to 16 characters.
    fn AAL2GenSignatureEx(
        DPData: BlobPlace,
        CallParms: Params,
        Signature: Buffer,
        SignedDataFields: Fields,
        FieldCount: i32,
        DeferredSignatureDate: i32,
        ConfirmationCode: Buffer,
        ConfirmationCodeLength: Place<i32>,
    ) {
        let wanted = Wanted { fields: &SignedDataFields, count: FieldCount, deferred: DeferredSignatureDate };
        let out = Output { text: &ConfirmationCode, length: &ConfirmationCodeLength, recommended: CODE_PLACE };
        generate(&DPData, &CallParms, &Signature, &wanted, Some(&out))
    }
}

struct Wanted<'a> {
    fields: &'a Fields,
    count: i32,
    deferred: i32,
}

fn generate(
    place: &BlobPlace,
    params: &Params,
    signature: &Buffer,
    wanted: &Wanted<'_>,
    out: Option<&Output<'_>>,
) -> Outcome {
    let mut blob = place.load()?;
    if signature.is_null() {
        return Err(ReturnCode::SIGNATURE_POINTER);
    }
    let fields = wanted.fields.get(wanted.count)?;
    let fields: Vec<&[u8]> = fields.iter().map(|field| field.as_slice()).collect();
    let deferred = unsigned(wanted.deferred);
    let made = Call::software(&params.0).run(|cx| gen_signature(cx, &mut blob, Some(&fields), deferred))?;
    if let Some(out) = out {
        out.put(&made.host_code)?;
    }
    signature.write_text(&made.text);
    place.store(&blob);
    Ok(ReturnCode::SUCCESS)
}

struct Signed<'a> {
    signature: Option<&'a [u8]>,
    fields: &'a Fields,
    count: i32,
    deferred: i32,
}

fn verify(call: &Call<'_>, place: &BlobPlace, signed: &Signed<'_>, out: Option<&Output<'_>>) -> Outcome {
    let mut blob = place.load()?;
    let signature = Some(signed.signature.ok_or(ReturnCode::SIGNATURE_POINTER)?);
    let fields = signed.fields.get(signed.count)?;
    let fields: Vec<&[u8]> = fields.iter().map(|field| field.as_slice()).collect();
    let request = SignatureRequest { signature, fields: Some(&fields), deferred: unsigned(signed.deferred) };
    let result = call.run(|cx| verify_signature(cx, &mut blob, &request));
    if let (Ok(verified), Some(out)) = (&result, out) {
        out.put(&verified.host_code)?;
    }
    place.store(&blob);
    result.map(|verified| verified.code())
}

/// Deferred data: the 32 bits as an unsigned number, since COBOL programs pass them as one and times beyond 2038 need them.
pub(super) fn unsigned(deferred: i32) -> u32 {
    deferred.cast_unsigned()
}
