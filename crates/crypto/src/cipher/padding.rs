//! Padding of the last block (RFC 5652 section 6.3; zero bytes are our choice of meaning).

use subtle::{Choice, ConstantTimeEq, ConstantTimeGreater};
use zeroize::Zeroize;

use super::Padding;
use crate::{CryptoError, Result};

/// Pads what follows `start` in `out`. Blocks are at most 16 bytes.
pub(super) fn pad(padding: Padding, block: usize, start: usize, out: &mut Vec<u8>) {
    let tail = (out.len() - start) % block;
    match padding {
        Padding::None => {}
        Padding::Pkcs5 => out.resize(out.len() + block - tail, (block - tail) as u8),
        Padding::Zero if tail == 0 => {}
        Padding::Zero => out.resize(out.len() + block - tail, 0),
    }
}

/// Removes the padding of what follows `start` in `out`. Which byte was wrong shows neither in the error nor in
/// the time taken.
pub(super) fn unpad(padding: Padding, block: usize, start: usize, out: &mut Vec<u8>) -> Result<()> {
    if padding != Padding::Pkcs5 {
        return Ok(());
    }
    if out.len() - start < block {
        return Err(CryptoError::BadPadding);
    }
    let last_block = &out[out.len() - block..];
    let count = last_block[block - 1];
    let mut good = !count.ct_eq(&0) & !count.ct_gt(&(block as u8));
    for (distance, byte) in last_block.iter().rev().enumerate() {
        let inside: Choice = count.ct_gt(&(distance as u8));
        good &= !inside | byte.ct_eq(&count);
    }
    if bool::from(good) {
        let keep = out.len() - usize::from(count);
        out[keep..].zeroize();
        out.truncate(keep);
        Ok(())
    } else {
        Err(CryptoError::BadPadding)
    }
}
