//! AES-GCM (NIST SP 800-38D): AWS-LC for the usual nonce and tag, the standard written out for all other lengths.

use aws_lc_rs::aead::{Aad, Nonce};
use ghash::universal_hash::UniversalHash;
use ghash::{Block, GHash};
use zeroize::Zeroizing;

use super::aes::Aes;
use crate::{CryptoError, Result, ct_eq};

/// Longest plaintext the standard allows, in bytes (section 5.2.1.1).
const MAX_PLAIN: u64 = (1 << 36) - 32;
const USUAL_NONCE: usize = 12;
const USUAL_TAG: usize = 16;

/// Section 5.2.1.2 lists the tag lengths; section 5.2.1.1 wants at least one bit of nonce.
pub(super) fn check(tag_len: usize, nonce: &[u8]) -> Result<()> {
    if !matches!(tag_len, 4 | 8 | 12..=16) {
        return Err(CryptoError::Unsupported("a GCM tag length other than 4, 8 or 12 to 16 bytes"));
    }
    if nonce.is_empty() {
        return Err(CryptoError::BadLength { what: "GCM nonce (at least)", expected: 1, got: 0 });
    }
    Ok(())
}

/// Appends ciphertext and tag to `out`.
pub(super) fn seal(
    aes: &Aes,
    key: &[u8],
    tag_len: usize,
    nonce: &[u8],
    aad: &[u8],
    data: &[u8],
    out: &mut Vec<u8>,
) -> Result<()> {
    if data.len() as u64 > MAX_PLAIN {
        return Err(CryptoError::TooLarge);
    }
    let start = out.len();
    out.extend_from_slice(data);
    if let Ok(usual) = <[u8; USUAL_NONCE]>::try_from(nonce) {
        let tag = aes
            .gcm(key)?
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(usual),
                Aad::from(aad),
                &mut out[start..],
            )
            .map_err(|_| CryptoError::TooLarge)?;
        out.extend_from_slice(&tag.as_ref()[..tag_len]);
        return Ok(());
    }
    let unusual = Unusual::new(aes, key, nonce)?;
    unusual.apply_keystream(&mut out[start..])?;
    let tag = unusual.tag(aad, &out[start..])?;
    out.extend_from_slice(&tag[..tag_len]);
    Ok(())
}

/// Appends the plaintext to `out`, after the tag has been checked.
pub(super) fn open(
    aes: &Aes,
    key: &[u8],
    tag_len: usize,
    nonce: &[u8],
    aad: &[u8],
    data: &[u8],
    out: &mut Vec<u8>,
) -> Result<()> {
    let Some(cipher_len) = data.len().checked_sub(tag_len) else {
        return Err(CryptoError::BadLength {
            what: "GCM data with tag (at least)",
            expected: tag_len,
            got: data.len(),
        });
    };
    if cipher_len as u64 > MAX_PLAIN {
        return Err(CryptoError::TooLarge);
    }
    let (cipher_text, tag) = data.split_at(cipher_len);
    let start = out.len();
    if let (Ok(usual), USUAL_TAG) = (<[u8; USUAL_NONCE]>::try_from(nonce), tag_len) {
        out.resize(start + cipher_len, 0);
        return aes
            .gcm(key)?
            .open_separate_gather(
                Nonce::assume_unique_for_key(usual),
                Aad::from(aad),
                cipher_text,
                tag,
                &mut out[start..],
            )
            .map_err(|_| CryptoError::BadSignature);
    }
    let unusual = Unusual::new(aes, key, nonce)?;
    if !ct_eq(&unusual.tag(aad, cipher_text)?[..tag_len], tag) {
        return Err(CryptoError::BadSignature);
    }
    out.extend_from_slice(cipher_text);
    unusual.apply_keystream(&mut out[start..])
}

/// Sections 7.1 and 7.2 written out, over the AES block function and GHASH.
struct Unusual<'a> {
    aes: &'a Aes,
    key: &'a [u8],
    ghash: GHash,
    first_counter: [u8; 16],
}

impl<'a> Unusual<'a> {
    fn new(aes: &'a Aes, key: &'a [u8], nonce: &[u8]) -> Result<Self> {
        let mut hash_key = Zeroizing::new([0; 16]);
        aes.ecb_encrypt(key, &mut *hash_key)?;
        let ghash = GHash::new(&ghash::Key::from(*hash_key));
        let mut first_counter = [0; 16];
        if nonce.len() == USUAL_NONCE {
            first_counter[..USUAL_NONCE].copy_from_slice(nonce);
            first_counter[15] = 1;
        } else {
            let mut hash = ghash.clone();
            hash.update_padded(nonce);
            hash.update(&[lengths(0, nonce.len())]);
            first_counter = hash.finalize().into();
        }
        Ok(Self { aes, key, ghash, first_counter })
    }

    /// GCTR (section 6.5) from the second counter block on; only the last four bytes count.
    fn apply_keystream(&self, buffer: &mut [u8]) -> Result<()> {
        const BATCH: usize = 64 * 16;
        let (fixed, count) = self.first_counter.split_at(12);
        let mut counter = u32::from_be_bytes([count[0], count[1], count[2], count[3]]);
        let mut stream = Zeroizing::new([0u8; BATCH]);
        for part in buffer.chunks_mut(BATCH) {
            let used = &mut stream[..part.len().next_multiple_of(16)];
            for block in used.chunks_exact_mut(16) {
                counter = counter.wrapping_add(1);
                block[..12].copy_from_slice(fixed);
                block[12..].copy_from_slice(&counter.to_be_bytes());
            }
            self.aes.ecb_encrypt(self.key, used)?;
            part.iter_mut().zip(used.iter()).for_each(|(byte, key)| *byte ^= key);
        }
        Ok(())
    }

    fn tag(&self, aad: &[u8], cipher_text: &[u8]) -> Result<[u8; 16]> {
        let mut hash = self.ghash.clone();
        hash.update_padded(aad);
        hash.update_padded(cipher_text);
        hash.update(&[lengths(aad.len(), cipher_text.len())]);
        let mut tag: [u8; 16] = hash.finalize().into();
        let mut mask = Zeroizing::new(self.first_counter);
        self.aes.ecb_encrypt(self.key, &mut *mask)?;
        tag.iter_mut().zip(mask.iter()).for_each(|(byte, mask)| *byte ^= mask);
        Ok(tag)
    }
}

/// The block with both lengths in bits.
fn lengths(first: usize, second: usize) -> Block {
    let mut block = [0; 16];
    block[..8].copy_from_slice(&(first as u64 * 8).to_be_bytes());
    block[8..].copy_from_slice(&(second as u64 * 8).to_be_bytes());
    block.into()
}
