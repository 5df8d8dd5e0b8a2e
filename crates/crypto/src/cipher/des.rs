//! DES and triple DES in ECB and CBC (FIPS 46-3, NIST SP 800-38A), accepting weak and degenerate keys as devices do.

use des::TdesEde3;
use des::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use zeroize::Zeroizing;

use crate::Result;

/// One form for the three algorithms: a DES key used three times is DES, two keys are K1, K2, K1.
pub(super) struct Des(TdesEde3);

impl Des {
    /// `key` is 8, 16 or 24 bytes; the caller has checked.
    pub(super) fn new(key: &[u8]) -> Self {
        let mut whole = Zeroizing::new([0u8; 24]);
        for (byte, from) in whole.iter_mut().zip(key.iter().cycle()) {
            *byte = *from;
        }
        Self(TdesEde3::new(&Array(*whole)))
    }

    /// In place; `buffer` is whole blocks and the vector one block. Without a vector: ECB.
    pub(super) fn encrypt(&self, iv: Option<&[u8]>, buffer: &mut [u8]) -> Result<()> {
        let mut previous = iv.map(block);
        for chunk in buffer.chunks_exact_mut(8) {
            let mut value = block(chunk);
            if let Some(previous) = &previous {
                xor(&mut value, previous);
            }
            let mut array = Array(value);
            self.0.encrypt_block(&mut array);
            chunk.copy_from_slice(&array);
            previous = previous.map(|_| array.0);
        }
        Ok(())
    }

    /// The inverse of [`encrypt`](Self::encrypt).
    pub(super) fn decrypt(&self, iv: Option<&[u8]>, buffer: &mut [u8]) -> Result<()> {
        let mut previous = iv.map(block);
        for chunk in buffer.chunks_exact_mut(8) {
            let cipher_text = block(chunk);
            let mut array = Array(cipher_text);
            self.0.decrypt_block(&mut array);
            if let Some(previous) = &previous {
                xor(&mut array.0, previous);
            }
            chunk.copy_from_slice(&array);
            previous = previous.map(|_| cipher_text);
        }
        Ok(())
    }
}

/// The first eight bytes.
fn block(from: &[u8]) -> [u8; 8] {
    let mut out = [0; 8];
    out.copy_from_slice(&from[..8]);
    out
}

fn xor(into: &mut [u8; 8], with: &[u8; 8]) {
    into.iter_mut().zip(with).for_each(|(a, b)| *a ^= b);
}
