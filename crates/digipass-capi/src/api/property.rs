//! Properties of an application (vendor docs, pages AAL2GetTokenProperty, AAL2SetTokenProperty, AAL2GetTokenInfo; vendor header aal2sdk.h 3.10.1 for
//! AAL2GetTokenSingleInfo).

use std::ffi::c_char;

use bancada_digipass::manage::{self, INT_VALUE, TokenInfo, id};
use bancada_digipass::{Blob, ReturnCode};

use super::arg::{BlobPlace, Buffer, InfoPlace, Params, Place};
use super::layout::TDigipassInfo;
use crate::backend::Call;

entries! {
    /// Reads a property: a text of at most 64 characters, or with INT_VALUE added to its number, an `aat_int32` in the machine's order (ours).
    fn AAL2GetTokenProperty(DPData: BlobPlace, CallParms: Params, Property: i32, Value: Buffer) {
        let blob = DPData.load()?;
        if Value.is_null() {
            return Err(ReturnCode::INFO_POINTER);
        }
        Value.write(&read(&CallParms, &blob, Property)?);
        Ok(ReturnCode::SUCCESS)
    }

    /// Reads the property that `Type` names into `Value`, which has `AllocatedSize` bytes; `Size` becomes the number of bytes without the zero byte
    /// behind a text.
    fn AAL2GetTokenSingleInfo(DPData: BlobPlace, CallParms: Params, DPInfo: InfoPlace) {
        let blob = DPData.load()?;
        let property = DPInfo.property().ok_or(ReturnCode::INFO_POINTER)?;
        let value = read(&CallParms, &blob, property)?;
        let terminator = usize::from(property & INT_VALUE == 0);
        if DPInfo.write(&value, value.len() - terminator) { Ok(ReturnCode::SUCCESS) } else { Err(ReturnCode::BUFFER_TOO_SMALL) }
    }

    /// Sets a property.
    fn AAL2SetTokenProperty(DPData: BlobPlace, CallParms: Params, Property: i32, Value: i32) {
        let mut blob = DPData.load()?;
        let value = match Property & !INT_VALUE {
            id::EVENT_VALUE => i64::from(Value.cast_unsigned()),
            _ => i64::from(Value),
        };
        Call::software(&CallParms.0).run(|cx| manage::set_property(cx, &mut blob, Property, value))?;
        DPData.store(&blob);
        Ok(ReturnCode::SUCCESS)
    }

    /// Twelve properties at once, as texts.
    fn AAL2GetTokenInfo(DPData: BlobPlace, CallParms: Params, DPInfo: Place<TDigipassInfo>) {
        let blob = DPData.load()?;
        if DPInfo.is_null() {
            return Err(ReturnCode::INFO_POINTER);
        }
        let info = Call::software(&CallParms.0).run(|cx| manage::token_info(cx, &blob))?;
        DPInfo.set(pack(&info));
        Ok(ReturnCode::SUCCESS)
    }
}

/// A property as its bytes: a text and a zero byte, or a number.
fn read(params: &Params, blob: &Blob, property: i32) -> Result<Vec<u8>, ReturnCode> {
    let value = Call::software(&params.0).run(|cx| manage::get_property(cx, blob, property))?;
    Ok(match value.number {
        // The event counter has 32 bits without a sign; whoever asks for it as an integer gets these bits.
        Some(number) if property & INT_VALUE != 0 => (number as i32).to_ne_bytes().to_vec(),
        _ => [value.text.as_bytes(), &[0]].concat(),
    })
}

fn pack(info: &TokenInfo) -> TDigipassInfo {
    TDigipassInfo {
        token_model: text(&info.token_model),
        use_count: text(&info.use_count),
        last_time_used: text(&info.last_time_used),
        last_time_shift: text(&info.last_time_shift),
        error_count: text(&info.error_count),
        code_word: text(&info.code_word),
        triple_des: text(&info.triple_des),
        max_input_fields: text(&info.max_input_fields),
        response_length: text(&info.response_length),
        response_type: text(&info.response_type),
        response_checksum: text(&info.response_checksum),
        time_step_used: text(&info.time_step_used),
    }
}

/// A text that ends with a zero byte, cut off if it is longer than its place.
fn text<const SIZE: usize>(text: &str) -> [c_char; SIZE] {
    let mut out = [0; SIZE];
    for (to, from) in out.iter_mut().take(SIZE.saturating_sub(1)).zip(text.bytes()) {
        *to = from.cast_signed();
    }
    out
}
