//! Administration of an application (vendor docs, pages AAL2ResetTokenInfo, AAL2ChangeStaticPassword(ICSF), AAL2ResetStaticPassword,
//! AAL2SyncTokenBlob, AAL2MigrateBlob(Ex), AAL2MigrateBlobICSF).

use bancada_digipass::{Context, KernelParams, ReturnCode, encoding, manage, pin};

use super::arg::{BlobPlace, BlobTable, Params, Text};
use super::{KEY_NAME, VECTOR};
use crate::backend::{Call, Outcome};

/// Width of a static PIN: 8 characters, and one more to see that it is too long.
const PIN: usize = 9;

entries! {
    /// Sets the error counter to 0 and lets the next verification use the synchronisation window.
    fn AAL2ResetTokenInfo(DPData: BlobPlace, CallParms: Params) {
        let mut blob = DPData.load()?;
        Call::software(&CallParms.0).run(|cx| manage::reset_token_info(cx, &mut blob))?;
        DPData.store(&blob);
        Ok(ReturnCode::SUCCESS)
    }

    /// Replaces the static PIN, given twice.
    fn AAL2ChangeStaticPassword(DPData: BlobPlace, CallParms: Params, StaticPassword1: Text<PIN>, StaticPassword2: Text<PIN>) {
        change(&Call::software(&CallParms.0), &DPData, StaticPassword1.get(), StaticPassword2.get())
    }

    /// The same for a BLOB that a named key in an HSM seals.
    fn AAL2ChangeStaticPasswordICSF(
        DPBlob: BlobPlace,
        CallParms: Params,
        aStorageKeyNameIn: Text<KEY_NAME>,
        aInitialVectorIn: Text<VECTOR>,
        NewStaticPassword1: Text<PIN>,
        NewStaticPassword2: Text<PIN>,
    ) {
        let call = Call::service(&CallParms.0, aStorageKeyNameIn.get(), aInitialVectorIn.get());
        change(&call, &DPBlob, NewStaticPassword1.get(), NewStaticPassword2.get())
    }

    /// Lets the next password carry a new PIN twice in place of the PIN.
    fn AAL2ResetStaticPassword(DPData: BlobPlace, CallParms: Params) {
        let mut blob = DPData.load()?;
        Call::software(&CallParms.0).run(|cx| pin::reset_static_password(cx, &mut blob))?;
        DPData.store(&blob);
        Ok(ReturnCode::SUCCESS)
    }

    /// Brings the BLOBs of one authenticator into line; all of them or none.
    fn AAL2SyncTokenBlob(DPData: BlobTable, Appl_Count: i16, CallParms: Params) {
        let places = DPData.places(i32::from(Appl_Count));
        if !(1..=8).contains(&Appl_Count) {
            return Err(ReturnCode::APPLICATION_COUNT);
        }
        if places.is_empty() {
            return Err(ReturnCode::DATA_POINTER);
        }
        let mut blobs = places.iter().map(BlobPlace::load).collect::<Result<Vec<_>, _>>()?;
        Call::software(&CallParms.0).run(|cx| manage::sync_token_blobs(cx, &mut blobs))?;
        for (place, blob) in places.iter().zip(&blobs) {
            place.store(blob);
        }
        Ok(ReturnCode::SUCCESS)
    }

    /// Seals a BLOB under another derive vector and other derive keys than those of `CallParms`.
    fn AAL2MigrateBlob(
        DPData: BlobPlace,
        CallParms: Params,
        DeriveVector: i32,
        StorageDeriveKey1: i32,
        StorageDeriveKey2: i32,
        StorageDeriveKey3: i32,
        StorageDeriveKey4: i32,
    ) {
        let keys = [StorageDeriveKey1, StorageDeriveKey2, StorageDeriveKey3, StorageDeriveKey4, 0, 0, 0, 0];
        migrate(&DPData, &CallParms.0, DeriveVector, keys)
    }

    /// Seals a BLOB under another derive vector and all eight derive keys of version 4.0.
    fn AAL2MigrateBlobEx(
        DPData: BlobPlace,
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
        migrate(&DPData, &CallParms.0, DeriveVector, keys)
    }

    /// Seals a BLOB under a named key in an HSM. It was sealed under another, or by this library when the old name is null or empty.
    fn AAL2MigrateBlobICSF(
        DPBlob: BlobPlace,
        CallParms: Params,
        aOldStorageKeyName: Text<KEY_NAME>,
        aOldInitialVector: Text<VECTOR>,
        aNewStorageKeyName: Text<KEY_NAME>,
        aNewInitialVector: Text<VECTOR>,
    ) {
        let mut blob = DPBlob.load()?;
        let (old, new) = ([aOldStorageKeyName.get(), aOldInitialVector.get()], [aNewStorageKeyName.get(), aNewInitialVector.get()]);
        under_another_key(&CallParms.0, old, new, |from, to| manage::migrate_blob(from, to, &mut blob))?;
        DPBlob.store(&blob);
        Ok(ReturnCode::SUCCESS)
    }
}

fn change(call: &Call<'_>, place: &BlobPlace, first: Option<&[u8]>, second: Option<&[u8]>) -> Outcome {
    let mut blob = place.load()?;
    call.run(|cx| pin::change_static_password(cx, &mut blob, first, second))?;
    place.store(&blob);
    Ok(ReturnCode::SUCCESS)
}

fn migrate(
    place: &BlobPlace,
    params: &KernelParams,
    derive_vector: i32,
    storage_derive_keys: [i32; 8],
) -> Outcome {
    let mut blob = place.load()?;
    under_other_values(params, derive_vector, storage_derive_keys, |from, to| {
        manage::migrate_blob(from, to, &mut blob)
    })?;
    place.store(&blob);
    Ok(ReturnCode::SUCCESS)
}

/// Gives `work` what a BLOB is sealed under now, and what it shall be sealed under: another derive vector and other derive keys.
pub(super) fn under_other_values(
    params: &KernelParams,
    derive_vector: i32,
    storage_derive_keys: [i32; 8],
    work: impl FnOnce(&Context<'_>, &Context<'_>) -> Result<(), ReturnCode>,
) -> Result<(), ReturnCode> {
    let target = KernelParams { derive_vector, storage_derive_keys, ..params.clone() };
    Call::software(params).run(|cx| work(cx, &Context { params: &target, ..*cx }))
}

/// The same for a named key with its initial vector. There is none now where the old name is null or empty.
pub(super) fn under_another_key(
    params: &KernelParams,
    [old_name, old_vector]: [Option<&[u8]>; 2],
    [new_name, new_vector]: [Option<&[u8]>; 2],
    work: impl FnOnce(&Context<'_>, &Context<'_>) -> Result<(), ReturnCode>,
) -> Result<(), ReturnCode> {
    let old = match old_name.filter(|name| !encoding::text(name).is_empty()) {
        None => Call::software(params),
        Some(name) => Call::service(params, Some(name), old_vector),
    };
    let new = Call::service(params, new_name, new_vector);
    old.run(|from| new.run(|to| work(from, to)))
}
