//! The block and the choice of sign of ANSI X9.31 signatures (rDSA; the same as IFSP-RSA2 with EMSA2 of IEEE 1363).

use crate::hash::HashAlg;
use crate::{CryptoError, Result};

/// The block that is signed: 6B, BB…, BA, digest, identifier of the hash, CC.
///
/// The identifiers are those of ISO/IEC 10118-3.
pub(super) fn block(hash: HashAlg, digest: &[u8], len: usize) -> Result<Vec<u8>> {
    let identifier = match hash {
        HashAlg::Sha1 => 0x33,
        HashAlg::Sha224 => 0x38,
        HashAlg::Sha256 => 0x34,
        HashAlg::Sha384 => 0x36,
        HashAlg::Sha512 => 0x35,
        _ => return Err(CryptoError::Unsupported("X9.31 with this hash (SHA-1 and SHA-2 only)")),
    };
    let Some(filler) = len.checked_sub(digest.len() + 4) else { return Err(CryptoError::TooLarge) };
    let mut block = Vec::with_capacity(len);
    block.push(0x6b);
    block.resize(1 + filler, 0xbb);
    block.push(0xba);
    block.extend_from_slice(digest);
    block.extend_from_slice(&[identifier, 0xcc]);
    Ok(block)
}

/// The smaller of a signature and its negative modulo the modulus: both verify, the standard gives out the smaller.
pub(super) fn smaller(signature: Vec<u8>, modulus: &[u8]) -> Vec<u8> {
    let negative = subtract(modulus, &signature);
    if negative < signature { negative } else { signature }
}

/// Undoes [`smaller`] on the recovered block: a block ends in nibble C, otherwise its negative was signed.
pub(super) fn recover(block: Vec<u8>, modulus: &[u8]) -> Vec<u8> {
    match block.last() {
        Some(last) if last & 0x0f != 0x0c => subtract(modulus, &block),
        _ => block,
    }
}

/// `a − b` for big-endian numbers of one length with `b` below `a`. All values here are public.
fn subtract(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut borrow = false;
    let mut out: Vec<u8> = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .map(|(a, b)| {
            let (first, under) = a.overflowing_sub(*b);
            let (second, under_again) = first.overflowing_sub(u8::from(borrow));
            borrow = under || under_again;
            second
        })
        .collect();
    out.reverse();
    out
}
