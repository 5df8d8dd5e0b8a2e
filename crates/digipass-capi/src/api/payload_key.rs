//! Payload key BLOBs (vendor docs, pages AAL2GenPayloadKeyBlob, AAL2MigratePKBlob(Ex), and their ICSF editions).

use bancada_crypto::random::SystemRandom;
use bancada_digipass::message::{self, PayloadKeyBlob};
use bancada_digipass::{KernelParams, ReturnCode, encoding};

use super::arg::{BlobPlace, Buffer, Params, PayloadKeyPlace, Place, Text, Word};
use super::manage::{under_another_key, under_other_values};
use super::output::Output;
use super::{KEY_NAME, MESSAGE_VECTOR, PAYLOAD_KEY, VECTOR};
use crate::backend::{Call, Outcome};

entries! {
    /// Makes the payload key of a licence, into a place of 89 bytes.
    fn AAL2GenPayloadKeyBlob(
        DPMAData: BlobPlace,
        CallParms: Params,
        MessageVector: Word<MESSAGE_VECTOR>,
        PKBlob: Buffer,
        PKBlobLength: Place<i32>,
    ) {
        let out = Output { text: &PKBlob, length: &PKBlobLength, recommended: PAYLOAD_KEY };
        payload_key(&Call::software(&CallParms.0), &DPMAData, MessageVector.get(), &out)
    }

    /// The same, sealed by a named key in an HSM, whose random numbers are used.
    fn AAL2GenPayloadKeyBlobICSF(
        DPMAData: BlobPlace,
        CallParms: Params,
        aStorageKeyNameIn: Text<KEY_NAME>,
        aInitialVectorIn: Text<VECTOR>,
        MessageVector: Word<MESSAGE_VECTOR>,
        PKBlob: Buffer,
        PKBlobLength: Place<i32>,
    ) {
        let out = Output { text: &PKBlob, length: &PKBlobLength, recommended: PAYLOAD_KEY };
        let call = Call::service(&CallParms.0, aStorageKeyNameIn.get(), aInitialVectorIn.get());
        payload_key(&call, &DPMAData, MessageVector.get(), &out)
    }

    /// Seals a payload key under another derive vector and other derive keys than those of `CallParms`.
    fn AAL2MigratePKBlob(
        PKBlob: PayloadKeyPlace,
        CallParms: Params,
        DeriveVector: i32,
        StorageDeriveKey1: i32,
        StorageDeriveKey2: i32,
        StorageDeriveKey3: i32,
        StorageDeriveKey4: i32,
    ) {
        let keys = [StorageDeriveKey1, StorageDeriveKey2, StorageDeriveKey3, StorageDeriveKey4, 0, 0, 0, 0];
        migrate(&PKBlob, &CallParms.0, DeriveVector, keys)
    }

    /// Seals a payload key under another derive vector and all eight derive keys of version 4.0.
    fn AAL2MigratePKBlobEx(
        PKBlob: PayloadKeyPlace,
        CallParms: Params,
        DeriveVector: i32,
        StorageDeriveKey1: i32,
        StorageDeriveKey2: i32,
        StorageDeriveKey3: i32,
        StorageDeriveKey4: i32,
        StorageDeriveKey5: i32,
        StorageDeriveKey6: i32,
        StorageDeriveKey7: i32,
        StorageDeriveKey8: i32,
    ) {
        let keys = [
            StorageDeriveKey1,
            StorageDeriveKey2,
            StorageDeriveKey3,
            StorageDeriveKey4,
            StorageDeriveKey5,
            StorageDeriveKey6,
            StorageDeriveKey7,
            StorageDeriveKey8,
        ];
        migrate(&PKBlob, &CallParms.0, DeriveVector, keys)
    }

    /// Seals a payload key under a named key in an HSM. It was sealed under another, or by this library when the old name is null or empty.
    fn AAL2MigratePKBlobICSF(
        PKBlob: PayloadKeyPlace,
        CallParms: Params,
        aOldStorageKeyName: Text<KEY_NAME>,
        aOldInitialVector: Text<VECTOR>,
        aNewStorageKeyName: Text<KEY_NAME>,
        aNewInitialVector: Text<VECTOR>,
    ) {
        let mut blob = PKBlob.load()?;
        let (old, new) = ([aOldStorageKeyName.get(), aOldInitialVector.get()], [aNewStorageKeyName.get(), aNewInitialVector.get()]);
        under_another_key(&CallParms.0, old, new, |from, to| message::migrate_payload_key_blob(from, to, &mut blob))?;
        PKBlob.store(&blob);
        Ok(ReturnCode::SUCCESS)
    }
}

/// The payload key BLOB of an argument, none for a null pointer or an empty text.
///
/// # Errors
/// [`ReturnCode::PAYLOAD_KEY_POINTER`] when it is shorter than 88 characters.
pub(super) fn payload_key_blob(text: Option<&[u8]>) -> Result<Option<PayloadKeyBlob>, ReturnCode> {
    let text = text.filter(|text| !encoding::text(text).is_empty());
    text.map(PayloadKeyBlob::from_bytes).transpose()
}

fn payload_key(call: &Call<'_>, licence: &BlobPlace, vector: Option<&[u8]>, out: &Output<'_>) -> Outcome {
    let licence = licence.load()?;
    let blob = call.run(|cx| message::gen_payload_key_blob(cx, &licence, vector, &mut SystemRandom))?;
    out.put(&String::from_utf8_lossy(blob.as_bytes()))?;
    Ok(ReturnCode::SUCCESS)
}

fn migrate(
    place: &PayloadKeyPlace,
    params: &KernelParams,
    derive_vector: i32,
    storage_derive_keys: [i32; 8],
) -> Outcome {
    let mut blob = place.load()?;
    under_other_values(params, derive_vector, storage_derive_keys, |from, to| {
        message::migrate_payload_key_blob(from, to, &mut blob)
    })?;
    place.store(&blob);
    Ok(ReturnCode::SUCCESS)
}
