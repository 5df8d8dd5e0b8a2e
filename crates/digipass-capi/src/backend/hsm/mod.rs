//! The key service through sessions with a Dinamo HSM or the simulator: decryption and encryption under named keys, random numbers.
//!
//! Labels of ICSF keys have dots and signs that names of objects in a Dinamo HSM cannot have: each becomes an underscore, and a partition
//! may stand before a slash. All of this is ours.

mod session;

pub(crate) use session::ADDRESS_VARIABLE;

use bancada_digipass::ReturnCode;
use bancada_digipass::keys::{InitialVector, KeyAlgorithm, KeyError, KeyService};
use bancada_wire::algorithm::{key, mode, padding};
use bancada_wire::codec::SecretTail;
use bancada_wire::op::{GetRandom, ObjectInfo, SymCrypt};
use bancada_wire::text::ObjectName;
use zeroize::Zeroizing;

use super::trace;
use session::{Connection, Failure, Settings};

/// The device the environment names.
pub(crate) struct Device {
    settings: Settings,
}

/// The device the environment names, if it names one.
///
/// # Errors
/// [`ReturnCode::HSM_SESSION`] when user, password or certificate are missing beside it.
pub(crate) fn from_environment() -> Result<Option<Device>, ReturnCode> {
    Ok(Settings::from_environment()?.map(|settings| Device { settings }))
}

impl KeyService for Device {
    fn decrypt(&self, key: &str, iv: &InitialVector, data: &mut [u8]) -> Result<(), KeyError> {
        self.crypt(key, iv, data, mode::DECRYPT).map(drop)
    }

    /// One request decrypts all pieces, put behind each other: to what the key makes of a block CBC adds the block of ciphertext before
    /// it, so the first block of a piece is put right by taking that away again and adding the vector.
    fn decrypt_each(&self, key: &str, iv: &InitialVector, pieces: &mut [&mut [u8]]) -> Result<(), KeyError> {
        let mut plain = Zeroizing::new(pieces.concat());
        let algorithm = self.crypt(key, iv, &mut plain, mode::DECRYPT)?;
        separate(pieces, &mut plain, &iv.aes(), algorithm.block_len())
    }

    fn encrypt(&self, key: &str, iv: &InitialVector, data: &mut [u8]) -> Result<KeyAlgorithm, KeyError> {
        self.crypt(key, iv, data, mode::ENCRYPT)
    }

    fn random(&self, out: &mut [u8]) -> Result<(), KeyError> {
        let length = u32::try_from(out.len()).map_err(|_| KeyError::Session)?;
        let random = self.settings.with(|connection| connection.call(GetRandom { length }))?;
        if random.expose().len() != out.len() {
            return Err(KeyError::Session);
        }
        out.copy_from_slice(random.expose());
        Ok(())
    }
}

impl Device {
    /// Decrypts or encrypts in place; tells what the key encrypts with.
    fn crypt(
        &self,
        name: &str,
        vector: &InitialVector,
        data: &mut [u8],
        direction: u8,
    ) -> Result<KeyAlgorithm, KeyError> {
        let field = object_name(name)?;
        let (out, algorithm) = self.settings.with(|connection| {
            let known = connection.algorithms.contains_key(name);
            let result = connection.crypt(name, field, vector, data, direction);
            // The key may have been replaced by one of another kind since it was looked at.
            if known && matches!(result, Err(Failure::Key(_))) && connection.algorithms.remove(name).is_some()
            {
                trace::forget();
                return connection.crypt(name, field, vector, data, direction);
            }
            result
        })?;
        if out.expose().len() != data.len() {
            return Err(KeyError::Session);
        }
        data.copy_from_slice(out.expose());
        Ok(algorithm)
    }
}

/// Puts into each piece of ciphertext what it is in clear, given what all of them, behind each other, were decrypted to.
fn separate(
    pieces: &mut [&mut [u8]],
    plain: &mut [u8],
    vector: &[u8; 16],
    block: usize,
) -> Result<(), KeyError> {
    let mut before = *vector;
    let mut rest = plain;
    for piece in pieces.iter_mut().filter(|piece| !piece.is_empty()) {
        let (plain, behind) = rest.split_at_mut(piece.len());
        rest = behind;
        let first = plain.iter_mut().zip(before.iter().zip(vector)).take(block);
        first.for_each(|(byte, (before, vector))| *byte ^= before ^ vector);
        let last = piece.len().checked_sub(block).ok_or(KeyError::Session)?;
        before[..block].copy_from_slice(&piece[last..]);
        piece.copy_from_slice(plain);
    }
    Ok(())
}

/// The name of the object for a label.
fn object_name(label: &str) -> Result<ObjectName, KeyError> {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || c == '/' { c } else { '_' };
    ObjectName::new(&label.chars().map(allowed).collect::<String>()).map_err(|_| KeyError::NotFound)
}

impl Connection {
    fn crypt(
        &mut self,
        name: &str,
        field: ObjectName,
        vector: &InitialVector,
        data: &[u8],
        direction: u8,
    ) -> Result<(SecretTail, KeyAlgorithm), Failure> {
        let algorithm = match self.algorithms.get(name) {
            Some(algorithm) => *algorithm,
            None => self.call(ObjectInfo { name: field })?.algorithm,
        };
        let mut iv = [0; 32];
        let (iv_length, kind) = match algorithm {
            key::AES_128 | key::AES_192 | key::AES_256 => {
                iv[..16].copy_from_slice(&vector.aes());
                (16, KeyAlgorithm::Aes)
            }
            key::DES3_112 | key::DES3_168 => {
                iv[..8].copy_from_slice(&vector.des());
                (8, KeyAlgorithm::TripleDes)
            }
            other => {
                let why = || format!("the key {name} is of algorithm {other}, neither AES nor triple DES");
                return Err(Failure::Key(trace::because(KeyError::Type, why)));
            }
        };
        let out = self.call(SymCrypt {
            name: field,
            direction,
            mode: mode::CBC,
            padding: padding::NONE,
            tag_length: 0,
            iv_length,
            iv,
            aad_length: 0,
            data: SecretTail::from(data.to_vec()),
        })?;
        if !self.algorithms.contains_key(name) {
            self.algorithms.insert(name.to_owned(), algorithm);
        }
        Ok((out, kind))
    }
}

#[cfg(test)]
mod tests {
    use bancada_crypto::cipher::{Mode, Padding, SymAlg, SymKey};

    use super::*;

    #[test]
    fn pieces_decrypted_together_are_what_each_is_alone() {
        let iv = InitialVector([1, 2, 3, 4, 5, 6, 7, 0xff]);
        for (alg, block) in [(SymAlg::Aes256, 16), (SymAlg::Des3_168, 8)] {
            let value: Vec<u8> = (1..=32).collect();
            let key = SymKey::new(alg, &value[..alg.key_len()]).unwrap();
            let vector = &iv.aes()[..block];
            let plain = [vec![7; 80], vec![], vec![9; 16], (0..80).collect::<Vec<u8>>()];
            let mut sealed = plain.clone().map(|plain| {
                let mut out = Vec::new();
                key.encrypt(Mode::Cbc, Padding::None, vector, &plain, &mut out).unwrap();
                out
            });
            let mut all = Vec::new();
            key.decrypt(Mode::Cbc, Padding::None, vector, &sealed.concat(), &mut all).unwrap();
            let mut pieces = sealed.each_mut().map(|piece| &mut piece[..]);
            separate(&mut pieces, &mut all, &iv.aes(), block).unwrap();
            assert_eq!(sealed, plain, "{alg:?}");
        }
    }
}
