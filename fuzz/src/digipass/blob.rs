//! BLOBs: as bytes, as 496 hexadecimal digits, and with any content behind a checksum that holds.

use bancada_digipass::manage::{migrate_blob, token_info};
use bancada_digipass::{Blob, KernelParams};

use super::{NOW, calls, context, params, reseal};
use crate::input::Input;

/// The most calls of one input: each may compute thousands of responses.
const MOST_CALLS: usize = 8;

/// A form, then the BLOB in it; in the third form parameters, content, and calls of the kernel.
pub fn blob(data: &[u8]) {
    let mut input = Input::new(data);
    match input.u8() % 3 {
        0 => bytes(input.rest()),
        1 => hexadecimal(input.rest()),
        _ => content(&mut input),
    }
}

fn bytes(bytes: &[u8]) {
    let Ok(blob) = Blob::from_bytes(bytes) else {
        assert!(bytes.len() < 248);
        return;
    };
    assert_eq!(blob.as_bytes(), &bytes[..248]);
    assert_eq!(Blob::from_hex(&blob.to_hex()).as_ref(), Ok(&blob));
    let owner = blob.owner();
    assert!(owner.serial == bytes[..10] && owner.application == bytes[10..22]);
    let _ = format!("{blob:?} {} {}", owner.serial_text(), owner.application_text());
    let params = KernelParams::default();
    let cx = context(&params, NOW);
    if token_info(&cx, &blob).is_err() {
        let mut changed = blob.clone();
        assert!(migrate_blob(&cx, &cx, &mut changed).is_err());
        assert!(changed == blob, "what does not open does not change");
    }
}

fn hexadecimal(bytes: &[u8]) {
    let text = super::text(bytes);
    if let Ok(blob) = Blob::from_hex(text) {
        assert!(blob.to_hex().eq_ignore_ascii_case(text.trim()));
        self::bytes(blob.as_bytes());
    }
}

fn content(input: &mut Input<'_>) {
    let (params, other) = (params(input), KernelParams { derive_vector: 99, ..KernelParams::default() });
    let now = u64::from(input.u32());
    let mut header = *b"VDS0000001APP         00";
    header[22..].copy_from_slice(&input.array::<2>());
    let (mut clear, sealed) = (input.array::<80>(), input.array::<80>());
    clear[0] = 2;
    let mut blob = reseal(&header, &clear, &sealed, &params);
    let cx = context(&params, now);
    if token_info(&cx, &blob).is_err() {
        return;
    }
    // What says that a key service sealed it is read without opening it, so what is sealed may be anything.
    let opens = migrate_blob(&cx, &cx, &mut blob.clone()).is_ok();
    // A detour through other parameters, and all is as it was: the first brings the content into our form.
    for detour in 0..if opens { 2 } else { 0 } {
        let before = blob.clone();
        migrate_blob(&cx, &context(&other, now), &mut blob).expect("it opened");
        assert!(token_info(&cx, &blob).is_err(), "the parameters do not diversify the key");
        migrate_blob(&context(&other, now), &cx, &mut blob).expect("and opens again");
        assert!(detour == 0 || blob == before);
    }
    for _ in 0..MOST_CALLS {
        if input.is_empty() {
            return;
        }
        calls::call(input, &cx, &mut blob);
        assert!(token_info(&cx, &blob).is_ok(), "a call made a BLOB that does not open");
    }
}
