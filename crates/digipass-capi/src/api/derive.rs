//! Binding an authenticator to its device (vendor docs, pages AAL2DeriveTokenBlobs and AAL2DeriveTokenBlobsICSF).
//!
//! The documented C prototype shows the count as a pointer; it is taken by value, as in the other editions and by public callers.

use bancada_digipass::Blob;
use bancada_digipass::derive::{Derivation, derive_token_blobs};

use super::arg::{BlobTable, Params, Text};
use super::{CHALLENGE, KEY_NAME, VECTOR};
use crate::backend::{Call, Outcome};

/// Width of a derivation code: 26 characters, and one more to see that it is too long.
const CODE: usize = 27;

entries! {
    /// Verifies a derivation code with the first of up to eight BLOBs and binds them all, or none.
    fn AAL2DeriveTokenBlobs(
        DPData: BlobTable,
        CallParms: Params,
        Appl_Count: i16,
        Challenge: Text<CHALLENGE>,
        Derivationcode: Text<CODE>,
        DerivationCodeFormat: u32,
    ) {
        let request = Derivation {
            count: i32::from(Appl_Count),
            challenge: Challenge.get(),
            code: Derivationcode.get(),
            format: DerivationCodeFormat,
        };
        derive(&Call::software(&CallParms.0), &DPData, &request)
    }

    /// The same for BLOBs that a named key in an HSM seals. The parameters come in another order.
    fn AAL2DeriveTokenBlobsICSF(
        DPData: BlobTable,
        Appl_Count: i16,
        CallParms: Params,
        aStorageKeyNameIn: Text<KEY_NAME>,
        aInitialVectorIn: Text<VECTOR>,
        Challenge: Text<CHALLENGE>,
        Derivationcode: Text<CODE>,
        DerivationCodeFormat: u32,
    ) {
        let request = Derivation {
            count: i32::from(Appl_Count),
            challenge: Challenge.get(),
            code: Derivationcode.get(),
            format: DerivationCodeFormat,
        };
        derive(&Call::service(&CallParms.0, aStorageKeyNameIn.get(), aInitialVectorIn.get()), &DPData, &request)
    }
}

fn derive(call: &Call<'_>, table: &BlobTable, request: &Derivation<'_>) -> Outcome {
    let places = table.places(request.count);
    let mut blobs: Vec<Option<Blob>> = places.iter().map(|place| place.load().ok()).collect();
    let result = call.run(|cx| derive_token_blobs(cx, &mut blobs, request));
    for (place, blob) in places.iter().zip(&blobs) {
        if let Some(blob) = blob {
            place.store(blob);
        }
    }
    result.map(|verified| verified.code())
}
