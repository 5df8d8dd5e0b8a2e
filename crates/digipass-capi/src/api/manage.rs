//! Administration of an application (vendor docs, pages AAL2ResetTokenInfo, AAL2ChangeStaticPassword, AAL2ResetStaticPassword, AAL2Unlock,
//! AAL2MigrateBlob(Ex), AAL2MigrateBlobICSF).

use bancada_digipass::{Context, KernelParams, ReturnCode, encoding, manage, pin};

use super::arg::{BlobPlace, Buffer, Params, Text};
use super::{KEY_NAME, VECTOR};
use crate::backend::{Call, Outcome};

/// Width of a static PIN: 8 characters, and one more to see that it is too long.
const PIN: usize = 9;
/// Width of the number a locked device shows: 16 digits, and one more to see that it is too long.
const NUMBER: usize = 17;

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
        let mut blob = DPData.load()?;
        let (first, second) = (StaticPassword1.get().unwrap_or_default(), StaticPassword2.get().unwrap_or_default());
        Call::software(&CallParms.0).run(|cx| pin::change_static_password(cx, &mut blob, first, second))?;
        DPData.store(&blob);
        Ok(ReturnCode::SUCCESS)
    }

    /// Takes the static PIN away; the user chooses one with the next password.
    fn AAL2ResetStaticPassword(DPData: BlobPlace, CallParms: Params) {
        let mut blob = DPData.load()?;
        Call::software(&CallParms.0).run(|cx| pin::reset_static_password(cx, &mut blob))?;
        DPData.store(&blob);
        Ok(ReturnCode::SUCCESS)
    }

    /// The code that unlocks a device, for the number it shows, into a place of 17 bytes.
    fn AAL2Unlock(DPData: BlobPlace, CallParms: Params, RandomNumber: Text<NUMBER>, UnlockCode: Buffer) {
        let mut blob = DPData.load()?;
        if UnlockCode.is_null() {
            return Err(ReturnCode::UNLOCK_POINTER);
        }
        let code = Call::software(&CallParms.0).run(|cx| manage::unlock(cx, &mut blob, RandomNumber.get()))?;
        UnlockCode.write_text(&code);
        DPData.store(&blob);
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
        let old_name = aOldStorageKeyName.get().filter(|name| !encoding::text(name).is_empty());
        let old = match old_name {
            None => Call::software(&CallParms.0),
            Some(name) => Call::service(&CallParms.0, Some(name), aOldInitialVector.get()),
        };
        let new = Call::service(&CallParms.0, aNewStorageKeyName.get(), aNewInitialVector.get());
        old.run(|from| new.run(|to| manage::migrate_blob(from, to, &mut blob)))?;
        DPBlob.store(&blob);
        Ok(ReturnCode::SUCCESS)
    }
}

fn migrate(
    place: &BlobPlace,
    params: &KernelParams,
    derive_vector: i32,
    storage_derive_keys: [i32; 8],
) -> Outcome {
    let mut blob = place.load()?;
    let target = KernelParams { derive_vector, storage_derive_keys, ..params.clone() };
    Call::software(params)
        .run(|cx| manage::migrate_blob(cx, &Context { params: &target, ..*cx }, &mut blob))?;
    place.store(&blob);
    Ok(ReturnCode::SUCCESS)
}
