//! Signatures over data fields (vendor docs, pages AAL2VerifySignature(Ex), Online mode, Offline mode).

use bancada_digipass::KernelParams;
use bancada_digipass::verify::{SignatureRequest, verify_signature};

use super::SIGNATURE;
use super::arg::{BlobPlace, Buffer, Fields, Params, Place, Text};
use super::output::{CODE_PLACE, Output};
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
        verify(&DPData, &CallParms.0, &signed, None)
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
        verify(&DPData, &CallParms.0, &signed, Some(&out))
    }
}

struct Signed<'a> {
    signature: Option<&'a [u8]>,
    fields: &'a Fields,
    count: i32,
    deferred: i32,
}

fn verify(
    place: &BlobPlace,
    params: &KernelParams,
    signed: &Signed<'_>,
    out: Option<&Output<'_>>,
) -> Outcome {
    let mut blob = place.load()?;
    let signature = Some(signed.signature.ok_or(bancada_digipass::ReturnCode::SIGNATURE_POINTER)?);
    let fields = signed.fields.get(signed.count)?;
    let fields: Vec<&[u8]> = fields.iter().map(|field| field.as_slice()).collect();
    let request = SignatureRequest { signature, fields: Some(&fields), deferred: unsigned(signed.deferred) };
    let result = Call::software(params).run(|cx| verify_signature(cx, &mut blob, &request));
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
