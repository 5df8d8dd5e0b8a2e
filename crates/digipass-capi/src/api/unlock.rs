//! Unlocking (vendor docs, pages AAL2Unlock, AAL2GenUnlockAuthCode(ICSF), AAL2AuthorizeUnlock(ICSF); vendor header aal2sdk.h 3.10.1 for the counter, which
//! the page of AAL2GenUnlockAuthCode shows by value).

use bancada_digipass::{ReturnCode, manage};

use super::arg::{BlobPlace, Buffer, Params, Place, Text};
use super::{KEY_NAME, VECTOR};
use crate::backend::{Call, Outcome};

/// Width of the number a locked device shows, and of an unlock authentication code: 8 digits, and one more to see that it is too long.
const NUMBER: usize = 9;

entries! {
    /// The code that unlocks a device, for the number it shows, into a place of 9 bytes.
    fn AAL2Unlock(DPData: BlobPlace, CallParms: Params, RandomNumber: Text<NUMBER>, UnlockCode: Buffer) {
        let blob = DPData.load()?;
        if UnlockCode.is_null() {
            return Err(ReturnCode::UNLOCK_POINTER);
        }
        let code = Call::software(&CallParms.0).run(|cx| manage::unlock(cx, &blob, RandomNumber.get()))?;
        UnlockCode.write_text(&code);
        Ok(ReturnCode::SUCCESS)
    }

    /// The unlock authentication code that comes next, or one of the five behind it, into a place of 9 bytes.
    fn AAL2GenUnlockAuthCode(
        DPData: BlobPlace,
        CallParms: Params,
        UnlockAuthIndex: i32,
        UnlockAuthCode: Buffer,
        UnlockAuthCounter: Place<i32>,
    ) {
        let call = Call::software(&CallParms.0);
        generate(&call, &DPData, UnlockAuthIndex, &UnlockAuthCode, &UnlockAuthCounter)
    }

    /// The same for a BLOB that a named key in an HSM seals.
    fn AAL2GenUnlockAuthCodeICSF(
        DPData: BlobPlace,
        CallParms: Params,
        aStorageKeyNameIn: Text<KEY_NAME>,
        aInitialVectorIn: Text<VECTOR>,
        UnlockAuthIndex: i32,
        UnlockAuthCode: Buffer,
        UnlockAuthCounter: Place<i32>,
    ) {
        let call = Call::service(&CallParms.0, aStorageKeyNameIn.get(), aInitialVectorIn.get());
        generate(&call, &DPData, UnlockAuthIndex, &UnlockAuthCode, &UnlockAuthCounter)
    }

    /// The code that unlocks a device, for a user who has an unlock authentication code.
    fn AAL2AuthorizeUnlock(
        DPData: BlobPlace,
        CallParms: Params,
        aUnlockAuthCode: Text<NUMBER>,
        RandomNumber: Text<NUMBER>,
        UnlockCode: Buffer,
    ) {
        let call = Call::software(&CallParms.0);
        authorize(&call, &DPData, aUnlockAuthCode.get(), RandomNumber.get(), &UnlockCode)
    }

    /// The same for a BLOB that a named key in an HSM seals.
    fn AAL2AuthorizeUnlockICSF(
        DPData: BlobPlace,
        CallParms: Params,
        aStorageKeyNameIn: Text<KEY_NAME>,
        aInitialVectorIn: Text<VECTOR>,
        aUnlockAuthCode: Text<NUMBER>,
        RandomNumber: Text<NUMBER>,
        UnlockCode: Buffer,
    ) {
        let call = Call::service(&CallParms.0, aStorageKeyNameIn.get(), aInitialVectorIn.get());
        authorize(&call, &DPData, aUnlockAuthCode.get(), RandomNumber.get(), &UnlockCode)
    }
}

fn generate(call: &Call<'_>, place: &BlobPlace, index: i32, code: &Buffer, counter: &Place<i32>) -> Outcome {
    let blob = place.load()?;
    if code.is_null() {
        return Err(ReturnCode::UNLOCK_POINTER);
    }
    let made = call.run(|cx| manage::gen_unlock_auth_code(cx, &blob, index))?;
    code.write_text(&made.code);
    counter.set(i32::from(made.counter));
    Ok(ReturnCode::SUCCESS)
}

fn authorize(
    call: &Call<'_>,
    place: &BlobPlace,
    auth: Option<&[u8]>,
    number: Option<&[u8]>,
    code: &Buffer,
) -> Outcome {
    let mut blob = place.load()?;
    if code.is_null() {
        return Err(ReturnCode::UNLOCK_POINTER);
    }
    let result = call.run(|cx| manage::authorize_unlock(cx, &mut blob, auth, number));
    place.store(&blob);
    code.write_text(&result?);
    Ok(ReturnCode::SUCCESS)
}
