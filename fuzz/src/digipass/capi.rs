//! Every entry point of the C interface, each with arguments in memory of exactly the room the header asks for.
//!
//! The functions take pointers and are unsafe to call; the library's own test harness (feature `harness`) calls them, and asserts that
//! nothing was written beyond that room and that no panic was caught.

use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::sync::OnceLock;

use aal2sdk::api::harness::{Arguments, call_everything};
use bancada_crypto::random::SeededRandom;
use bancada_digipass::KernelParams;
use bancada_digipass::encoding::to_hex;
use bancada_digipass::import::{ImportFile, write_dpx};
use bancada_digipass::message::Protection;
use bancada_digipass::vector::MessageVector;

use super::files::TRANSPORT_KEY;
use super::{NOW, context, definitions, params, static_vector};
use crate::input::Input;

/// An import file with everything in it.
fn file() -> &'static PathBuf {
    static FILE: OnceLock<PathBuf> = OnceLock::new();
    FILE.get_or_init(|| {
        let message_vector = Some(MessageVector { protection: Protection::Encrypted, customer: [7; 10] });
        let tokens = vec![definitions()];
        let file = ImportFile { static_vector: Some(static_vector()), message_vector, tokens };
        let text = write_dpx(&file, &TRANSPORT_KEY, &mut SeededRandom::from_u64(5)).expect("a file");
        let path = std::env::temp_dir().join(format!("bancada-fuzz-{}.dpx", std::process::id()));
        std::fs::write(&path, text).expect("a folder for temporary files");
        path
    })
}

/// A BLOB and what is damaged in it, parameters, null pointers, numbers, then the texts.
pub fn entry_points(data: &[u8]) {
    let mut input = Input::new(data);
    let definition = &definitions()[usize::from(input.u8() % 5)];
    let (place, byte, forms) = (input.u8() % 248, input.u8(), input.u8());
    let host = if forms & 1 == 0 { KernelParams::default() } else { params(&mut input) };
    let mut blob = definition.blob(&context(&host, NOW)).expect("a BLOB").as_bytes().to_vec();
    blob[usize::from(place)] ^= byte;
    let parms = match forms & 2 {
        0 => [&[23][..], &host.to_fields()].concat().into_iter().flat_map(i32::to_ne_bytes).collect(),
        _ => input.take(96).to_vec(),
    };
    let missing = if forms & 4 == 0 { 0 } else { input.u32() };
    let [length, other] = [input.u16(), input.u16()].map(|number| i32::from(number as i16));
    let numbers = std::array::from_fn(|_| {
        let wide = input.u8();
        if wide & 0x80 == 0 { i32::from(wide) } else { input.u32() as i32 }
    });
    let (mut key, vector) = (part(&mut input), part(&mut input));
    let texts = std::array::from_fn(|_| part(&mut input));
    let half = usize::from(input.u16());
    let mut long = [input.take(half).to_vec(), input.rest().to_vec()];
    if forms & 8 == 8 {
        long[0] = [file().as_os_str().as_bytes(), &[0]].concat();
        key = [to_hex(&TRANSPORT_KEY).as_bytes(), &[0]].concat();
    }
    if forms & 16 == 16 {
        key = b"STORAGE.KEY\0".to_vec();
    }
    if forms & 32 == 32 {
        long[1] = [static_vector().to_hex().as_bytes(), &[0]].concat();
    }
    call_everything(&Arguments { blob, parms, texts, long, key, vector, length, other, missing, numbers });
}

fn part(input: &mut Input<'_>) -> Vec<u8> {
    let length = usize::from(input.u8());
    input.take(length).to_vec()
}
