//! Padding and MAC of a decrypted CBC record, checked in constant time (RFC 5246 §6.2.3.2, FIPS 180-4, RFC 2104).
//!
//! How long the content is depends on the padding, which an attacker may choose and must not learn about, not even
//! through the time an answer takes ("Lucky Thirteen", AlFardan and Paterson 2013). So nothing here branches on a
//! decrypted byte or uses one as an index: the digest runs over every block that could be the last one and keeps the
//! state of the one that is, which takes the bare SHA-256 compression function that only `sha2` offers.

use sha2::block_api::compress256;
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq, ConstantTimeLess};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// HMAC-SHA256 key and output as these suites use them, in bytes.
pub(super) const MAC_LEN: usize = 32;

/// Sequence number, type, version and length in front of the content under the MAC, in bytes.
const HEADER_LEN: usize = 13;
/// SHA-256 block, in bytes.
const BLOCK_LEN: usize = 64;
/// Longest padding, its length byte included, in bytes.
const MAX_PADDING: usize = 256;
/// First hash value of SHA-256 (FIPS 180-4 §5.3.3).
const SHA256_START: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// The HMAC key of one direction, as the two SHA-256 states after its padded key blocks.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct RecordMac {
    inner: [u32; 8],
    outer: [u32; 8],
}

impl RecordMac {
    /// Takes a key of at most 64 bytes; what is longer is cut off (TLS hands out 32).
    pub(super) fn new(key: &[u8]) -> Self {
        let keyed = |pad: u8| {
            let mut block = [pad; BLOCK_LEN];
            for (byte, key) in block.iter_mut().zip(key) {
                *byte ^= key;
            }
            let mut state = SHA256_START;
            compress(&mut state, &[block]);
            block.zeroize();
            state
        };
        Self { inner: keyed(0x36), outer: keyed(0x5c) }
    }

    /// The length of the content of `fragment` (content, MAC, padding; decrypted), or `None` when padding or MAC is wrong.
    ///
    /// `header` is the header under the MAC with any length; the length is filled in here. `fragment` needs 33 bytes
    /// or more, else `None`. Time and memory access depend on `fragment.len()` alone, until the verdict is out.
    pub(super) fn verified_content_len(
        &self,
        mut header: [u8; HEADER_LEN],
        fragment: &[u8],
    ) -> Option<usize> {
        let longest = fragment.len().checked_sub(MAC_LEN)?;
        let shortest = longest.saturating_sub(MAX_PADDING);
        let (padding_good, padding_len) = check_padding(fragment)?;
        let content_len = longest as u32 - padding_len;

        header[11..].copy_from_slice(&(content_len as u16).to_be_bytes());
        let expected = self.digest(&header, &fragment[..longest], shortest, content_len);
        let found = extract_mac(fragment, shortest, content_len);
        let good = padding_good & expected.ct_eq(&found);
        bool::from(good).then_some(content_len as usize)
    }

    /// HMAC of `header` and the first `content_len` bytes of `content`, at least `shortest` of them.
    fn digest(
        &self,
        header: &[u8; HEADER_LEN],
        content: &[u8],
        shortest: usize,
        content_len: u32,
    ) -> [u8; 32] {
        let byte_at = |at: usize| match at.checked_sub(HEADER_LEN) {
            None => header[at],
            Some(at) => content.get(at).copied().unwrap_or(0),
        };
        let mut state = self.inner;

        // Blocks that are full whatever the padding says.
        let full_blocks = (HEADER_LEN + shortest) / BLOCK_LEN;
        if full_blocks > 0 {
            compress(&mut state, &[core::array::from_fn(byte_at)]);
            let rest = &content[BLOCK_LEN - HEADER_LEN..][..(full_blocks - 1) * BLOCK_LEN];
            compress(&mut state, rest.as_chunks().0);
        }

        // Blocks that may hold content, the padding of SHA-256, or neither.
        let message_len = content_len + HEADER_LEN as u32;
        let last_block = (message_len + 8) / BLOCK_LEN as u32;
        let bits = ((u64::from(message_len) + BLOCK_LEN as u64) * 8).to_be_bytes();
        let end = (HEADER_LEN + content.len() + 8) / BLOCK_LEN + 1;
        let mut inner = [0; 8];
        for index in full_blocks..end {
            let is_last = (index as u32).ct_eq(&last_block);
            let mut block: [u8; BLOCK_LEN] = core::array::from_fn(|i| {
                let at = index * BLOCK_LEN + i;
                let position = at as u32;
                let marker = u8::conditional_select(&0, &0x80, position.ct_eq(&message_len));
                u8::conditional_select(&marker, &byte_at(at), position.ct_lt(&message_len))
            });
            for (byte, bits) in block[BLOCK_LEN - bits.len()..].iter_mut().zip(&bits) {
                byte.conditional_assign(bits, is_last);
            }
            compress(&mut state, &[block]);
            for (kept, word) in inner.iter_mut().zip(&state) {
                kept.conditional_assign(word, is_last);
            }
        }
        self.finish(inner)
    }

    /// The outer hash of HMAC over the inner one.
    fn finish(&self, inner: [u32; 8]) -> [u8; MAC_LEN] {
        let mut block = [0; BLOCK_LEN];
        block[..MAC_LEN].copy_from_slice(&to_bytes(inner));
        block[MAC_LEN] = 0x80;
        block[BLOCK_LEN - 8..].copy_from_slice(&((BLOCK_LEN + MAC_LEN) as u64 * 8).to_be_bytes());
        let mut state = self.outer;
        compress(&mut state, &[block]);
        to_bytes(state)
    }
}

/// Whether the padding is well formed, and its length with the length byte: 0 when it is not, so that the MAC is
/// computed as if there were none.
fn check_padding(fragment: &[u8]) -> Option<(Choice, u32)> {
    let len = fragment.len() as u32;
    let value = *fragment.last()?;
    let count = u32::from(value);
    let mut good = !len.ct_lt(&(count + 1 + MAC_LEN as u32));
    for (i, byte) in fragment.iter().rev().take(MAX_PADDING).enumerate() {
        let inside = !count.ct_lt(&(i as u32));
        good &= !inside | byte.ct_eq(&value);
    }
    Some((good, u32::conditional_select(&0, &(count + 1), good)))
}

/// The 32 bytes of `fragment` from `content_len`, which is `shortest` or more.
fn extract_mac(fragment: &[u8], shortest: usize, content_len: u32) -> [u8; MAC_LEN] {
    // Gathered modulo 32 first, hence rotated; then turned back by 1, 2, 4, 8 and 16 as the offset demands.
    let mut mac = [0_u8; MAC_LEN];
    for (i, byte) in fragment[shortest..].iter().enumerate() {
        let at = (shortest + i) as u32;
        let inside = !at.ct_lt(&content_len) & at.ct_lt(&(content_len + MAC_LEN as u32));
        mac[i % MAC_LEN] |= u8::conditional_select(&0, byte, inside);
    }
    let rotation = content_len - shortest as u32;
    for bit in 0..5 {
        let turned: [u8; MAC_LEN] = core::array::from_fn(|i| mac[(i + (1 << bit)) % MAC_LEN]);
        let wanted = Choice::from((rotation >> bit & 1) as u8);
        for (byte, turned) in mac.iter_mut().zip(&turned) {
            byte.conditional_assign(turned, wanted);
        }
    }
    mac
}

fn to_bytes(state: [u32; 8]) -> [u8; MAC_LEN] {
    let mut bytes = [0; MAC_LEN];
    for (bytes, word) in bytes.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    bytes
}

fn compress(state: &mut [u32; 8], blocks: &[[u8; BLOCK_LEN]]) {
    #[cfg(test)]
    COMPRESSED.with(|count| count.set(count.get() + blocks.len()));
    compress256(state, blocks);
}

#[cfg(test)]
thread_local! {
    /// Blocks compressed by this thread, so that tests can show the number to be independent of the padding.
    pub(super) static COMPRESSED: core::cell::Cell<usize> = const { core::cell::Cell::new(0) };
}
