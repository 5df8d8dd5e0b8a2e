//! Randomness as an argument: the system's generator, and a reproducible one for tests and replays.

use std::fmt;

use zeroize::Zeroizing;

use crate::cipher::{Mode, Padding, SymKey};

/// A source of random bytes. Object safe, so it can be passed as `&mut dyn Random`.
pub trait Random {
    /// Overwrites `out` with random bytes.
    fn fill(&mut self, out: &mut [u8]);
}

impl<R: Random + ?Sized> Random for &mut R {
    fn fill(&mut self, out: &mut [u8]) {
        (**self).fill(out);
    }
}

impl<R: Random + ?Sized> Random for Box<R> {
    fn fill(&mut self, out: &mut [u8]) {
        (**self).fill(out);
    }
}

/// The operating system's randomness, through AWS-LC's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    /// AWS-LC documents that its generator does not fail; should it ever report a failure the process ends,
    /// because going on with predictable bytes would be worse.
    fn fill(&mut self, out: &mut [u8]) {
        if aws_lc_rs::rand::fill(out).is_err() {
            std::process::abort();
        }
    }
}

/// Reproducible bytes from a starting value: the AES-256 counter-mode keystream under that value (our choice).
///
/// Not for keys of value: whoever knows the starting value knows every byte.
pub struct SeededRandom {
    key: SymKey,
    next_block: u128,
    buffer: Zeroizing<Vec<u8>>,
    used: usize,
}

/// Bytes of keystream made at a time.
const CHUNK: usize = 1024;

impl SeededRandom {
    /// The stream that belongs to `start`.
    #[must_use]
    pub fn new(start: [u8; 32]) -> Self {
        let start = Zeroizing::new(start);
        Self { key: SymKey::aes256(&start), next_block: 0, buffer: Zeroizing::new(Vec::new()), used: 0 }
    }

    /// The stream that belongs to a number: its eight little-endian bytes followed by zeros.
    #[must_use]
    pub fn from_u64(start: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&start.to_le_bytes());
        Self::new(bytes)
    }

    fn refill(&mut self) {
        self.buffer.clear();
        let counter = self.next_block.to_be_bytes();
        if self.key.encrypt(Mode::Ctr, Padding::None, &counter, &[0; CHUNK], &mut self.buffer).is_err() {
            // Cannot happen: a 16-byte counter is always accepted. Bytes that are not random must not go out.
            std::process::abort();
        }
        self.next_block += (CHUNK / 16) as u128;
        self.used = 0;
    }
}

impl Random for SeededRandom {
    fn fill(&mut self, out: &mut [u8]) {
        let mut rest = out;
        while !rest.is_empty() {
            if self.used == self.buffer.len() {
                self.refill();
            }
            let n = rest.len().min(self.buffer.len() - self.used);
            let (head, tail) = rest.split_at_mut(n);
            head.copy_from_slice(&self.buffer[self.used..self.used + n]);
            self.used += n;
            rest = tail;
        }
    }
}

impl fmt::Debug for SeededRandom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeededRandom(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_value_gives_one_stream_however_it_is_read() {
        let mut whole = vec![0; 5000];
        SeededRandom::from_u64(7).fill(&mut whole);
        let mut pieces = SeededRandom::from_u64(7);
        let mut got = Vec::new();
        for n in [0usize, 1, 15, 16, 17, 1024, 1000, 2927] {
            let mut part = vec![0; n];
            pieces.fill(&mut part);
            got.extend_from_slice(&part);
        }
        assert_eq!(got, whole);
        let mut other = vec![0; 5000];
        SeededRandom::from_u64(8).fill(&mut other);
        assert_ne!(other, whole);
    }

    /// AES-256-ECB of the zero block under the zero key, a published known answer (NIST AESAVS, VarTxt/KAT family).
    #[test]
    fn the_stream_is_the_aes_256_keystream() {
        let mut first = [0; 16];
        SeededRandom::new([0; 32]).fill(&mut first);
        assert_eq!(hex::encode(first), "dc95c078a2408989ad48a21492842087");
    }

    #[test]
    fn the_system_generator_gives_different_bytes_each_time() {
        let (mut a, mut b) = ([0; 32], [0; 32]);
        let mut source: Box<dyn Random> = Box::new(SystemRandom);
        source.fill(&mut a);
        source.fill(&mut b);
        assert_ne!(a, b);
    }
}
