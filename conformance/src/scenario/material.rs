//! Keys with known values: fixed symmetric ones, and the asymmetric ones in `conformance/keys`.

use super::number::*;

/// A key to import: the algorithm it is of, and its material.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// RSA, 1024 bits.
    Rsa1024,
    /// RSA, 2048 bits.
    Rsa2048,
    /// Another RSA key of 2048 bits.
    Rsa2048Other,
    /// P-256.
    P256,
    /// P-384.
    P384,
    /// P-521.
    P521,
    /// secp256k1.
    K256,
    /// Ed25519.
    Ed25519,
    /// X25519.
    X25519,
}

impl Known {
    /// Every key.
    pub const ALL: [Self; 9] = [
        Self::Rsa1024,
        Self::Rsa2048,
        Self::Rsa2048Other,
        Self::P256,
        Self::P384,
        Self::P521,
        Self::K256,
        Self::Ed25519,
        Self::X25519,
    ];

    /// Its algorithm number.
    #[must_use]
    pub fn algorithm(self) -> u32 {
        match self {
            Self::Rsa1024 => RSA_1024,
            Self::Rsa2048 | Self::Rsa2048Other => RSA_2048,
            Self::P256 => SECP256R1,
            Self::P384 => SECP384R1,
            Self::P521 => SECP521R1,
            Self::K256 => SECP256K1,
            Self::Ed25519 => ED25519,
            Self::X25519 => X25519,
        }
    }

    /// Its material in the form the device imports.
    #[must_use]
    pub fn material(self) -> Vec<u8> {
        bytes(match self {
            Self::Rsa1024 => include_str!("../../keys/rsa1024.hex"),
            Self::Rsa2048 => include_str!("../../keys/rsa2048.hex"),
            Self::Rsa2048Other => include_str!("../../keys/rsa2048b.hex"),
            Self::P256 => include_str!("../../keys/p256.hex"),
            Self::P384 => include_str!("../../keys/p384.hex"),
            Self::P521 => include_str!("../../keys/p521.hex"),
            Self::K256 => include_str!("../../keys/k256.hex"),
            Self::Ed25519 => include_str!("../../keys/ed25519.hex"),
            Self::X25519 => include_str!("../../keys/x25519.hex"),
        })
    }
}

/// An X.509 certificate, DER.
#[must_use]
pub fn certificate() -> Vec<u8> {
    bytes(include_str!("../../keys/certificate.hex"))
}

/// Bytes of a symmetric key that differ from one seed to the next.
#[must_use]
pub fn symmetric(length: usize, seed: u8) -> Vec<u8> {
    (0..length).map(|index| (index as u8).wrapping_mul(29).wrapping_add(seed) | 1).collect()
}

/// Bytes of a symmetric algorithm's key; `None` for another algorithm.
#[must_use]
pub fn symmetric_length(algorithm: u32) -> Option<usize> {
    Some(match algorithm {
        DES => 8,
        DES3_112 | AES_128 | HMAC_MD5 => 16,
        HMAC_SHA1 => 20,
        DES3_168 | AES_192 => 24,
        AES_256 | HMAC_SHA256 => 32,
        HMAC_SHA384 => 48,
        HMAC_SHA512 => 64,
        _ => return None,
    })
}

/// Hexadecimal text of a file that is part of this crate.
fn bytes(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits
        .as_chunks::<2>()
        .0
        .iter()
        .map(|pair| {
            let value = |digit: u8| char::from(digit).to_digit(16).unwrap_or_default() as u8;
            value(pair[0]) << 4 | value(pair[1])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::private_to_spki;

    #[test]
    fn every_key_is_what_it_says() {
        for known in Known::ALL {
            private_to_spki(known.algorithm(), &known.material())
                .unwrap_or_else(|why| panic!("{known:?}: {why}"));
        }
        assert_eq!(certificate()[0], 0x30);
    }
}
