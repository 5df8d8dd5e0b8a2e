//! Message digests: MD5 (RFC 1321), SHA-1 and SHA-2 (FIPS 180-4), SHA-3 (FIPS 202).

use std::fmt;
use std::ops::Deref;

use aws_lc_rs::digest as aws;
use md5::Digest as _;
use zeroize::Zeroize;

/// A digest algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HashAlg {
    /// MD5, RFC 1321. Broken; kept for the vendor's password digest and old signatures.
    Md5,
    /// SHA-1, FIPS 180-4. Broken for signatures; kept for compatibility.
    Sha1,
    /// SHA-224, FIPS 180-4.
    Sha224,
    /// SHA-256, FIPS 180-4.
    Sha256,
    /// SHA-384, FIPS 180-4.
    Sha384,
    /// SHA-512, FIPS 180-4.
    Sha512,
    /// SHA3-224, FIPS 202.
    Sha3_224,
    /// SHA3-256, FIPS 202.
    Sha3_256,
    /// SHA3-384, FIPS 202.
    Sha3_384,
    /// SHA3-512, FIPS 202.
    Sha3_512,
}

impl HashAlg {
    /// Every algorithm, in order of declaration.
    pub const ALL: [Self; 10] = [
        Self::Md5,
        Self::Sha1,
        Self::Sha224,
        Self::Sha256,
        Self::Sha384,
        Self::Sha512,
        Self::Sha3_224,
        Self::Sha3_256,
        Self::Sha3_384,
        Self::Sha3_512,
    ];

    /// Length of the digest, in bytes.
    #[must_use]
    pub const fn output_len(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 | Self::Sha3_224 => 28,
            Self::Sha256 | Self::Sha3_256 => 32,
            Self::Sha384 | Self::Sha3_384 => 48,
            Self::Sha512 | Self::Sha3_512 => 64,
        }
    }

    /// Length of the internal input block (the rate, for SHA-3), in bytes.
    #[must_use]
    pub const fn block_len(self) -> usize {
        match self {
            Self::Md5 | Self::Sha1 | Self::Sha224 | Self::Sha256 => 64,
            Self::Sha384 | Self::Sha512 => 128,
            Self::Sha3_224 => 144,
            Self::Sha3_256 => 136,
            Self::Sha3_384 => 104,
            Self::Sha3_512 => 72,
        }
    }

    /// Contents of the algorithm's object identifier, without tag and length.
    pub(crate) const fn oid(self) -> &'static [u8] {
        match self {
            Self::Md5 => &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05],
            Self::Sha1 => &[0x2b, 0x0e, 0x03, 0x02, 0x1a],
            Self::Sha256 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01],
            Self::Sha384 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02],
            Self::Sha512 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03],
            Self::Sha224 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x04],
            Self::Sha3_224 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x07],
            Self::Sha3_256 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x08],
            Self::Sha3_384 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x09],
            Self::Sha3_512 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x0a],
        }
    }

    const fn aws(self) -> Option<&'static aws::Algorithm> {
        match self {
            Self::Md5 | Self::Sha3_224 => None,
            Self::Sha1 => Some(&aws::SHA1_FOR_LEGACY_USE_ONLY),
            Self::Sha224 => Some(&aws::SHA224),
            Self::Sha256 => Some(&aws::SHA256),
            Self::Sha384 => Some(&aws::SHA384),
            Self::Sha512 => Some(&aws::SHA512),
            Self::Sha3_256 => Some(&aws::SHA3_256),
            Self::Sha3_384 => Some(&aws::SHA3_384),
            Self::Sha3_512 => Some(&aws::SHA3_512),
        }
    }
}

/// The value of a digest or of a message authentication code: up to 64 bytes, held inline.
///
/// Equality is constant-time, because the same type carries authentication codes.
#[derive(Clone, Copy)]
pub struct Digest {
    bytes: [u8; 64],
    len: u8,
}

impl Digest {
    /// Copies at most 64 bytes; what is beyond is cut. Callers pass digests, which are never longer.
    pub(crate) fn copy_of(value: &[u8]) -> Self {
        let len = value.len().min(64);
        let mut bytes = [0; 64];
        bytes[..len].copy_from_slice(&value[..len]);
        Self { bytes, len: len as u8 }
    }
}

impl Deref for Digest {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

impl AsRef<[u8]> for Digest {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        crate::ct_eq(self, other)
    }
}

impl Eq for Digest {}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({} bytes)", self.len)
    }
}

impl Zeroize for Digest {
    fn zeroize(&mut self) {
        self.bytes.zeroize();
    }
}

/// The digest of `data`.
#[must_use]
pub fn digest(alg: HashAlg, data: &[u8]) -> Digest {
    match alg.aws() {
        Some(algorithm) => Digest::copy_of(aws::digest(algorithm, data).as_ref()),
        None => {
            let mut hasher = Hasher::new(alg);
            hasher.update(data);
            hasher.finish()
        }
    }
}

/// A digest computed piece by piece. Cloning forks the computation.
#[derive(Clone)]
pub struct Hasher {
    alg: HashAlg,
    state: State,
}

#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "short-lived; a box would cost an allocation per message")]
enum State {
    Aws(aws::Context),
    Md5(md5::Md5),
    Sha3_224(sha3::Sha3_224),
}

impl Hasher {
    /// An empty computation.
    #[must_use]
    pub fn new(alg: HashAlg) -> Self {
        let state = match alg.aws() {
            Some(algorithm) => State::Aws(aws::Context::new(algorithm)),
            None if alg == HashAlg::Md5 => State::Md5(md5::Md5::new()),
            None => State::Sha3_224(sha3::Sha3_224::new()),
        };
        Self { alg, state }
    }

    /// The algorithm being computed.
    #[must_use]
    pub fn alg(&self) -> HashAlg {
        self.alg
    }

    /// Appends `data` to the message.
    pub fn update(&mut self, data: &[u8]) {
        match &mut self.state {
            State::Aws(context) => context.update(data),
            State::Md5(context) => context.update(data),
            State::Sha3_224(context) => context.update(data),
        }
    }

    /// The digest of everything given so far.
    #[must_use]
    pub fn finish(self) -> Digest {
        match self.state {
            State::Aws(context) => Digest::copy_of(context.finish().as_ref()),
            State::Md5(context) => Digest::copy_of(&context.finalize()),
            State::Sha3_224(context) => Digest::copy_of(&context.finalize()),
        }
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hasher").field("alg", &self.alg).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published digests of the three bytes `abc` (RFC 1321 appendix A.5, FIPS 180-4 and FIPS 202 examples).
    const ABC: [(HashAlg, &str); 10] = [
        (HashAlg::Md5, "900150983cd24fb0d6963f7d28e17f72"),
        (HashAlg::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (HashAlg::Sha224, "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
        (HashAlg::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            HashAlg::Sha384,
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        ),
        (
            HashAlg::Sha512,
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd\
             454d4423643ce80e2a9ac94fa54ca49f",
        ),
        (HashAlg::Sha3_224, "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf"),
        (HashAlg::Sha3_256, "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
        (
            HashAlg::Sha3_384,
            "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25",
        ),
        (
            HashAlg::Sha3_512,
            "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e39340\
             57340b4cf408d5a56592f8274eec53f0",
        ),
    ];

    #[test]
    fn published_digests_of_abc() {
        for (alg, expected) in ABC {
            let value = digest(alg, b"abc");
            assert_eq!(hex::encode(&*value), expected, "{alg:?}");
            assert_eq!(value.len(), alg.output_len());
        }
    }

    #[test]
    fn streaming_equals_one_shot_and_clone_forks() {
        let data: Vec<u8> = (0..1000u32).map(|i| i as u8).collect();
        for alg in HashAlg::ALL {
            let mut hasher = Hasher::new(alg);
            hasher.update(&data[..1]);
            hasher.update(&data[1..300]);
            let fork = hasher.clone();
            hasher.update(&data[300..]);
            assert_eq!(hasher.finish(), digest(alg, &data), "{alg:?}");
            assert_eq!(fork.finish(), digest(alg, &data[..300]), "{alg:?}");
        }
    }
}
