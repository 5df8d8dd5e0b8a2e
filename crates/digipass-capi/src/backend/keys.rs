//! The key service behind the ICSF functions. Which one it is comes from the environment (ours).
//!
//! `BANCADA_DIGIPASS_HSM` names a device, see [`super::hsm`]. Without it `BANCADA_DIGIPASS_KEYS` names a file of keys in this process: one key per
//! line, as name, algorithm (`3DES`, `AES128`, `AES192` or `AES256`) and hexadecimal value between spaces; `#` begins a comment. The file is read at every call, so that a
//! test can add, change and remove keys under a running program.

use std::fmt::Display;
use std::fs;

use bancada_crypto::cipher::SymAlg;
use bancada_crypto::random::SystemRandom;
use bancada_digipass::keys::{InProcessKeys, KeyService};
use bancada_digipass::{ReturnCode, encoding};
use zeroize::Zeroizing;

use super::{hsm, trace};

/// The variable that names the file of keys.
pub(crate) const FILE_VARIABLE: &str = "BANCADA_DIGIPASS_KEYS";

/// Greatest length of the file in bytes.
const MAX_FILE: u64 = 1 << 20;

/// The key service of this call.
///
/// # Errors
/// [`ReturnCode::HSM_SESSION`] when none is configured or it cannot be reached.
pub(crate) fn service() -> Result<Box<dyn KeyService>, ReturnCode> {
    if let Some(device) = hsm::from_environment()? {
        return Ok(Box::new(device));
    }
    let failed = |why: String| trace::because(ReturnCode::HSM_SESSION, || why);
    let path = std::env::var_os(FILE_VARIABLE)
        .ok_or_else(|| failed(format!("neither {} nor {FILE_VARIABLE} is set", hsm::ADDRESS_VARIABLE)))?;
    let unread =
        |why: &dyn Display| failed(format!("{FILE_VARIABLE}: cannot read {}: {why}", path.display()));
    let file = fs::metadata(&path).map_err(|error| unread(&error))?;
    if !file.is_file() || file.len() > MAX_FILE {
        return Err(unread(&"it is no file, or has more than a mebibyte"));
    }
    let text = Zeroizing::new(fs::read_to_string(&path).map_err(|error| unread(&error))?);
    Ok(Box::new(read(&text)?))
}

/// The keys of a file.
fn read(text: &str) -> Result<InProcessKeys, ReturnCode> {
    let keys = InProcessKeys::new(Box::new(SystemRandom));
    for (number, line) in (1..).zip(text.lines().map(str::trim)) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let wrong = |code, what| trace::because(code, || format!("{FILE_VARIABLE}, line {number}: {what}"));
        let mut words = line.split_ascii_whitespace();
        let (Some(name), Some(algorithm), Some(value), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(wrong(ReturnCode::HSM_SESSION, "write a name, an algorithm and a value"));
        };
        let value = encoding::from_hex(value.as_bytes())
            .ok_or_else(|| wrong(ReturnCode::HSM_KEY_PROPERTY, "the value is not hexadecimal"))?;
        let value = Zeroizing::new(value);
        let algorithm = match (algorithm.to_ascii_uppercase().as_str(), value.len()) {
            ("3DES", 16) => SymAlg::Des3_112,
            ("3DES", 24) => SymAlg::Des3_168,
            ("AES128", 16) => SymAlg::Aes128,
            ("AES192", 24) => SymAlg::Aes192,
            ("AES256", 32) => SymAlg::Aes256,
            _ => {
                let what = "write 3DES, AES128, AES192 or AES256 and as many digits as it takes";
                return Err(wrong(ReturnCode::HSM_KEY_PROPERTY, what));
            }
        };
        let refused = |_| wrong(ReturnCode::HSM_KEY_PROPERTY, "the key is refused");
        keys.add(name, algorithm, &value, true).map_err(refused)?;
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use bancada_digipass::keys::{InitialVector, KeyError};

    use super::*;

    #[test]
    fn files_of_keys() {
        let keys = read(
            "# two keys\nLABEL.ONE 3des 00112233445566778899AABBCCDDEEFF\n\n LABEL.TWO  AES256 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n",
        )
        .unwrap();
        let iv = InitialVector([1; 8]);
        for name in ["LABEL.ONE", "LABEL.TWO"] {
            let mut data = [7; 48];
            keys.encrypt(name, &iv, &mut data).unwrap();
            assert_ne!(data, [7; 48]);
            keys.decrypt(name, &iv, &mut data).unwrap();
            assert_eq!(data, [7; 48]);
        }
        assert_eq!(keys.encrypt("LABEL.THREE", &iv, &mut [0; 16]), Err(KeyError::NotFound));
        for bad in ["name", "name AES128", "name AES128 00 11"] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert_eq!(read("name AES128 0011").err(), Some(ReturnCode::HSM_KEY_PROPERTY));
        assert_eq!(read("name DES 0011223344556677").err(), Some(ReturnCode::HSM_KEY_PROPERTY));
    }
}
