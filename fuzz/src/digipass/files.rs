//! Import files: our DPX text and PSKC.

use bancada_crypto::hash::HashAlg;
use bancada_crypto::mac::hmac;
use bancada_crypto::random::SeededRandom;
use bancada_digipass::encoding::to_hex;
use bancada_digipass::import::{ImportFile, PskcKey, read_dpx, read_pskc, transport_key, write_dpx};
use bancada_digipass::{Definition, KernelParams};

use super::{NOW, context, derive};
use crate::memory::bounded;

/// The transport key of every file.
pub(crate) const TRANSPORT_KEY: [u8; 16] = [0x11; 16];
/// The key of figures 6 and 8 of RFC 6030, and the passphrase of figure 7.
const PSKC_KEY: [u8; 16] = *b"\x12\x34\x56\x78\x90\x12\x34\x56\x78\x90\x12\x34\x56\x78\x90\x12";
const PASSPHRASE: &str = "qwerty";

/// A form: 0 takes the text as a whole file, else as the lines behind a head whose check values hold.
pub fn dpx(data: &[u8]) {
    let Some((form, data)) = data.split_first() else { return };
    let text = super::text(data);
    drop(transport_key(text));
    let whole = if *form == 0 { text.to_owned() } else { with_checks(text) };
    let read = bounded(whole.len(), || read_dpx(&whole, &TRANSPORT_KEY));
    let Ok(file) = read else { return };
    check(&file);
    assert!(read_dpx(&whole, &[0x22; 16]).is_err(), "another key opens the file");
}

/// What was read can be written, reads the same, and makes BLOBs.
fn check(file: &ImportFile) {
    let write = |file: &ImportFile| {
        write_dpx(file, &TRANSPORT_KEY, &mut SeededRandom::from_u64(4)).expect("what was read can be written")
    };
    let once = write(file);
    let again = read_dpx(&once, &TRANSPORT_KEY).expect("what was written can be read");
    assert_eq!(write(&again), once);
    drop(file.application_names());
    file.tokens.iter().flatten().for_each(make);
}

fn make(definition: &Definition) {
    let params = KernelParams::default();
    let cx = context(&params, NOW);
    if let Ok(blob) = definition.blob(&cx) {
        bancada_digipass::manage::token_info(&cx, &blob).expect("a BLOB that was made opens");
    }
    drop(definition.payload_key_blob(&cx));
}

fn with_checks(body: &str) -> String {
    let checks = derive(&TRANSPORT_KEY, "bancada digipass transport checks 1", &[]);
    let del = to_hex(&hmac(HashAlg::Sha256, &checks, b"DEL")[..8]);
    let hsh = to_hex(&hmac(HashAlg::Sha256, &checks, format!("HSH{body}").as_bytes())[..16]);
    format!("DH VERSION=\"BANCADA 1\"\nDC DEL={del} HSH={hsh}\n{body}DE TOKENS=0\n")
}

/// A kind of key, then the text.
pub fn pskc(data: &[u8]) {
    let Some((kind, data)) = data.split_first() else { return };
    let text = super::text(data);
    let key = match kind % 3 {
        0 => PskcKey::None,
        1 => PskcKey::PreShared(&PSKC_KEY),
        // Right, but slow: a file may ask for two million rounds.
        _ if many_rounds(text) => return,
        _ => PskcKey::Passphrase(PASSPHRASE),
    };
    // An XML node takes more memory than the few bytes it is written in.
    let Ok(file) = bounded(8 * text.len(), || read_pskc(text, key)) else { return };
    drop(format!("{:?}", file.skipped));
    let tokens: Vec<Definition> = file.tokens.into_iter().map(|token| token.definition).collect();
    tokens.iter().for_each(make);
    // One token each, so that no two applications of one name meet in a token.
    for definition in tokens {
        check(&ImportFile { tokens: vec![vec![definition]], ..ImportFile::default() });
    }
}

fn many_rounds(text: &str) -> bool {
    text.split("IterationCount").any(|after| {
        let digits = after.trim_start_matches(|c: char| !c.is_ascii_digit());
        digits.bytes().take_while(u8::is_ascii_digit).count() > 4
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check values are those of the product.
    #[test]
    fn checks_are_the_products() {
        let file = ImportFile { tokens: vec![super::super::definitions()], ..ImportFile::default() };
        let text = write_dpx(&file, &TRANSPORT_KEY, &mut SeededRandom::from_u64(4)).unwrap();
        let body = text.splitn(3, '\n').nth(2).unwrap();
        let body = &body[..body.rfind("DE ").unwrap()];
        assert_eq!(read_dpx(&with_checks(body), &TRANSPORT_KEY).unwrap().tokens[0].len(), 5);
    }
}
