//! Import of tokens from a file (vendor docs, pages AAL2DPXInit, AAL2DPXGetStaticVector, AAL2DPXGetMessageVector, AAL2DPXGetToken,
//! AAL2DPXGetTokenBlobs(Ex, Ex2), AAL2DPXClose). The file is ours in the shape of the vendor's, because how that is encrypted is not public.
//!
//! A handle is proved before anything else, as the page AAL2DPXClose has it. 100 says that a token was delivered, 107 that there was none left.

use std::ffi::{OsStr, c_void};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use bancada_digipass::{Blob, KernelParams, ReturnCode, encoding};

use super::arg::{BlobPlace, Buffer, Params, Place, Text};
use super::layout::TDPXHandle;
use super::output::Output;
use super::tokens::{TokenPlaces, kinds, serial_and_name};
use super::{MESSAGE_VECTOR, PAYLOAD_KEY, STATIC_VECTOR};
use crate::backend::imports::{self, Token};
use crate::backend::{Call, Outcome};

/// Width of the path of a file.
const PATH: usize = 4096;
/// Width of a transport key: 64 hexadecimal digits, and one more to see that it is too long.
const TRANSPORT_KEY: usize = 65;
/// Width of an application name.
const NAME: usize = 12;
/// Bytes of a place for an activation vector.
const ACTIVATION_PLACE: usize = 65;

entries! {
    /// Opens an import file. Tells the number of applications (up to 8), their names (13 bytes each) and the number of tokens.
    fn AAL2DPXInit(
        dpx_Handle: Place<TDPXHandle>,
        pFileName: Text<PATH>,
        InitKey: Text<TRANSPORT_KEY>,
        appli_count: Place<i16>,
        appl_names: Buffer,
        token_count: Place<i16>,
    ) {
        if dpx_Handle.is_null() {
            return Err(HANDLE_POINTER);
        }
        let path = pFileName.get().ok_or(ReturnCode::FILE_OPEN)?;
        let opened = imports::open(Path::new(OsStr::from_bytes(path)), InitKey.get())?;
        let names: String = opened.names.iter().map(|name| format!("{name:12}\0")).collect();
        appli_count.set(i16::try_from(opened.names.len()).unwrap_or(8));
        appl_names.write(names.as_bytes());
        token_count.set(i16::try_from(opened.tokens).unwrap_or(i16::MAX));
        dpx_Handle.set(handle(opened.id));
        Ok(ReturnCode::SUCCESS)
    }

    /// The static vector of the file, into a place of 4095 bytes; empty when there is none.
    fn AAL2DPXGetStaticVector(
        dpx_Handle: Place<TDPXHandle>,
        _CallParms: Params,
        StaticVector: Buffer,
        StaticVectorLength: Place<i32>,
    ) {
        let vector = imports::with(id(&dpx_Handle)?, |import| Ok(import.static_vector()))?;
        Output { text: &StaticVector, length: &StaticVectorLength, recommended: STATIC_VECTOR }.put(&vector)?;
        Ok(ReturnCode::SUCCESS)
    }

    /// The message vector of the file, into a place of 27 bytes; empty when there is none.
    fn AAL2DPXGetMessageVector(
        dpx_Handle: Place<TDPXHandle>,
        _CallParms: Params,
        MessageVector: Buffer,
        MessageVectorLength: Place<i32>,
    ) {
        let vector = imports::with(id(&dpx_Handle)?, |import| Ok(import.message_vector()))?;
        Output { text: &MessageVector, length: &MessageVectorLength, recommended: MESSAGE_VECTOR }.put(&vector)?;
        Ok(ReturnCode::SUCCESS)
    }

    /// The BLOB of one application of the next token that has it: serial number and name into 23 bytes, type into 6, mode into 3.
    fn AAL2DPXGetToken(
        dpx_Handle: Place<TDPXHandle>,
        CallParms: Params,
        Select_appl_name: Text<NAME>,
        Serial_Appli: Buffer,
        DIGIPASSType: Buffer,
        AuthMode: Buffer,
        DPData: BlobPlace,
    ) {
        let handle = id(&dpx_Handle)?;
        let name = encoding::text(Select_appl_name.get().ok_or(ReturnCode::APPLICATION_NAME_POINTER)?);
        DPData.load()?;
        let next = imports::with(handle, |import| Ok(import.next_with(name)))?;
        let Some(definition) = next else { return Err(ReturnCode::END_OF_FILE) };
        let blob = Call::software(&CallParms.0).run(|cx| definition.blob(cx))?;
        Serial_Appli.write_text(&serial_and_name(&blob));
        DIGIPASSType.write_text(&String::from_utf8_lossy(&definition.profile.model));
        AuthMode.write_text(definition.profile.kind.code());
        DPData.store(&blob);
        Ok(ReturnCode::TOKEN_DELIVERED)
    }

    /// All BLOBs of the next token; modes have 2 bytes each and no zero byte.
    fn AAL2DPXGetTokenBlobs(
        dpx_Handle: Place<TDPXHandle>,
        CallParms: Params,
        Appl_count: Place<i16>,
        Serial_Appli: Buffer,
        DIGIPASSType: Buffer,
        AuthMode: Buffer,
        DPData: Buffer,
    ) {
        let places = TokenPlaces { token_type: &DIGIPASSType, count: &Appl_count, names: &Serial_Appli, modes: &AuthMode, mode_width: 2, blobs: &DPData };
        deliver(&dpx_Handle, &CallParms.0, &places, |_| Ok(()))
    }

    /// All BLOBs of the next token; for a multi-device licence, the number of instances allowed and the activation vector, into
    /// a place of 65 bytes.
    fn AAL2DPXGetTokenBlobsEx(
        dpx_Handle: Place<TDPXHandle>,
        CallParms: Params,
        Appl_count: Place<i16>,
        Serial_Appli: Buffer,
        TokenType: Buffer,
        AuthMode: Buffer,
        DPData: Buffer,
        SeqNumThreshold: Place<i32>,
        ActivationVector: Buffer,
        ActivationVectorLen: Place<i32>,
    ) {
        let places = TokenPlaces { token_type: &TokenType, count: &Appl_count, names: &Serial_Appli, modes: &AuthMode, mode_width: 3, blobs: &DPData };
        let vector = Output { text: &ActivationVector, length: &ActivationVectorLen, recommended: ACTIVATION_PLACE };
        deliver(&dpx_Handle, &CallParms.0, &places, |token| {
            vector.put(&token.activation_vector())?;
            SeqNumThreshold.set(token.instances());
            Ok(())
        })
    }

    /// The same with the serial number, into 11 bytes, and the payload key BLOB, into 89: empty when the file has no payload key for it.
    fn AAL2DPXGetTokenBlobsEx2(
        dpx_Handle: Place<TDPXHandle>,
        CallParms: Params,
        Serial: Buffer,
        Appl_count: Place<i16>,
        Serial_Appli: Buffer,
        TokenType: Buffer,
        AuthMode: Buffer,
        DPData: Buffer,
        SeqNumThreshold: Place<i32>,
        ActivationVector: Buffer,
        ActivationVectorLen: Place<i32>,
        PKBlob: Buffer,
        PKBlobLen: Place<i32>,
    ) {
        let places = TokenPlaces { token_type: &TokenType, count: &Appl_count, names: &Serial_Appli, modes: &AuthMode, mode_width: 3, blobs: &DPData };
        let vector = Output { text: &ActivationVector, length: &ActivationVectorLen, recommended: ACTIVATION_PLACE };
        let key = Output { text: &PKBlob, length: &PKBlobLen, recommended: PAYLOAD_KEY };
        deliver(&dpx_Handle, &CallParms.0, &places, |token| {
            let payload_key = Call::software(&CallParms.0).run(|cx| token.payload_key(cx))?;
            vector.check(&token.activation_vector())?;
            key.put(&payload_key)?;
            vector.put(&token.activation_vector())?;
            SeqNumThreshold.set(token.instances());
            Serial.write_text(&token.serial());
            Ok(())
        })
    }

    /// Closes an import.
    fn AAL2DPXClose(dpx_Handle: Place<TDPXHandle>) {
        imports::close(id(&dpx_Handle)?)?;
        dpx_Handle.set(handle(0));
        Ok(ReturnCode::SUCCESS)
    }
}

/// Delivers the next token: it counts as delivered once everything about it found room.
fn deliver(
    handle: &Place<TDPXHandle>,
    params: &KernelParams,
    places: &TokenPlaces<'_>,
    more: impl FnOnce(&Token) -> Result<(), ReturnCode>,
) -> Outcome {
    imports::with(id(handle)?, |import| {
        let Some(token) = import.peek() else { return Err(ReturnCode::END_OF_FILE) };
        let (blobs, kinds) = Call::software(params).run(|cx| {
            let blobs: Vec<Blob> =
                token.0.iter().map(|definition| definition.blob(cx)).collect::<Result<_, _>>()?;
            let kinds = kinds(cx, &blobs)?;
            Ok((blobs, kinds))
        })?;
        places.check(blobs.len())?;
        more(&token)?;
        places.write(&token.model(), &blobs, &kinds);
        import.advance();
        Ok(ReturnCode::TOKEN_DELIVERED)
    })
}

/// The code for a missing handle: functions of the import have it for what the other functions call a lack of memory.
pub(super) const HANDLE_POINTER: ReturnCode = ReturnCode::MEMORY;

/// A handle is a mark that tells ours from garbage, and a number; neither is ever followed as a pointer.
const MARK: usize = 0x00ba_0cad;

fn handle(id: usize) -> TDPXHandle {
    let pointer = |number| std::ptr::without_provenance_mut::<c_void>(number);
    TDPXHandle { context: pointer(if id == 0 { 0 } else { MARK }), data: pointer(id) }
}

fn id(place: &Place<TDPXHandle>) -> Result<usize, ReturnCode> {
    let handle = place.get().ok_or(HANDLE_POINTER)?;
    match (handle.context.addr(), handle.data.addr()) {
        (0, _) => Err(ReturnCode::HANDLE_CONTEXT_POINTER),
        (MARK, 0) => Err(ReturnCode::HANDLE_KEY_POINTER),
        (MARK, id) => Ok(id),
        _ => Err(ReturnCode::HANDLE_CONTEXT),
    }
}
