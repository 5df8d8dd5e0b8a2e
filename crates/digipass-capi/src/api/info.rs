//! What the library is, and what its codes mean (vendor header aal2sdk.h 3.10.1; the Ruby gem vacman_controller for AAL2GetLibraryVersion;
//! vendor docs, page AAL2GetBlobInfo).

use std::ffi::c_char;

use bancada_digipass::ReturnCode;

use super::arg::{BlobPlace, Buffer, FromC as _, Place};
use super::dpx::HANDLE_POINTER;
use super::output::Output;
use crate::backend;

/// Bytes of a place for a message.
const MESSAGE: usize = 100;
/// Bytes of a place for the version, the word size and the type, unless the caller says less (our choice).
const VERSION_PLACE: usize = 16;

entries! {
    /// The version of this library, its word size in bits and its type, each with a length in and out. The type is `BANCADA`, so that
    /// nobody takes it for the vendor's library.
    fn AAL2GetLibraryVersion(
        Version: Buffer,
        VersionLength: Place<i32>,
        Bitness: Buffer,
        BitnessLength: Place<i32>,
        Type: Buffer,
        TypeLength: Place<i32>,
    ) {
        let places = [
            (Output { text: &Version, length: &VersionLength, recommended: VERSION_PLACE }, env!("CARGO_PKG_VERSION")),
            (Output { text: &Bitness, length: &BitnessLength, recommended: VERSION_PLACE }, WORD_SIZE),
            (Output { text: &Type, length: &TypeLength, recommended: VERSION_PLACE }, "BANCADA"),
        ];
        places.iter().try_for_each(|(place, text)| place.put(text))?;
        Ok(ReturnCode::SUCCESS)
    }

    /// What encrypted a BLOB, into a place of 3 bytes: in software, then in an HSM; `A` is AES, `B` triple DES, `0` none. No key is needed.
    fn AAL2GetBlobInfo(DPData: BlobPlace, BlobInfo: Buffer) {
        let blob = DPData.load()?;
        if BlobInfo.is_null() {
            return Err(ReturnCode::BLOB_INFO_POINTER);
        }
        BlobInfo.write_text(blob.encryption()?);
        Ok(ReturnCode::SUCCESS)
    }
}

const WORD_SIZE: &str = if cfg!(target_pointer_width = "64") { "64" } else { "32" };

/// The sentence for a return code, into a place of 100 bytes. Gives the place back.
///
/// # Safety
/// The place is null or has 100 bytes.
#[unsafe(no_mangle)]
#[expect(non_snake_case, reason = "the vendor's name")]
pub unsafe extern "C" fn AAL2GetErrorMsg(errorNum: i32, szBuffer: *mut c_char) -> *mut c_char {
    // SAFETY: the caller's promise, passed on.
    message("AAL2GetErrorMsg", backend::text(errorNum), &unsafe { Buffer::from_c(szBuffer) })
}

/// The sentence for a return code of an import, into a place of 100 bytes. Gives the place back. Both functions know every code; only
/// -1501 means something else here.
///
/// # Safety
/// The place is null or has 100 bytes.
#[unsafe(no_mangle)]
#[expect(non_snake_case, reason = "the vendor's name")]
pub unsafe extern "C" fn AAL2DPXGetErrorMsg(errorNum: i32, szBuffer: *mut c_char) -> *mut c_char {
    let text = if errorNum == HANDLE_POINTER.0 { HANDLE_POINTER_TEXT } else { backend::text(errorNum) };
    // SAFETY: the caller's promise, passed on.
    message("AAL2DPXGetErrorMsg", text, &unsafe { Buffer::from_c(szBuffer) })
}

const HANDLE_POINTER_TEXT: &str = "The import handle is missing.";

fn message(function: &str, text: &str, place: &Buffer) -> *mut c_char {
    super::enter(function, || {
        place.write_text(text.get(..MESSAGE - 1).unwrap_or(text));
        Ok(ReturnCode::SUCCESS)
    });
    place.as_ptr()
}
