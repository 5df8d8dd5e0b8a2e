//! M-of-N sharing of a 24-byte secret: Shamir's scheme over GF(2^8), in parts of 27 bytes.
//!
//! The vendor's public client shows the sizes only (npm @dinamonetworks/hsm-dinamo 4.9.1); the layout is our choice:
//! byte 0 is the number of the part (its x coordinate, 1 to N), byte 1 is M, byte 2 is the share of a check value,
//! bytes 3 to 26 are the shares of the secret. The check value is the first byte of the SHA-256 of the secret; being
//! shared like the secret it reveals nothing, and it exposes a damaged or foreign part in 255 cases of 256.

use zeroize::Zeroizing;

use crate::hash::{HashAlg, digest};
use crate::random::Random;
use crate::{CryptoError, Result};

/// Length of the secret, in bytes.
pub const SECRET_LEN: usize = 24;
/// Length of a part, in bytes.
pub const PART_LEN: usize = 27;
/// Most parts of one secret.
pub const MAX_PARTS: u8 = 250;

/// Check value and secret: what is shared byte by byte.
const SHARED_LEN: usize = 1 + SECRET_LEN;

/// Splits `secret` into `n` parts, any `m` of which recover it and fewer of which tell nothing about it.
///
/// # Errors
/// [`CryptoError::Unsupported`] unless 2 ≤ m ≤ n ≤ [`MAX_PARTS`].
pub fn split(
    secret: &[u8; SECRET_LEN],
    m: u8,
    n: u8,
    random: &mut dyn Random,
) -> Result<Vec<[u8; PART_LEN]>> {
    if m < 2 || m > n || n > MAX_PARTS {
        return Err(CryptoError::Unsupported("sharing other than M of N with 2 <= M <= N <= 250"));
    }
    let shared = with_check(secret);
    // Coefficients of degree 1 to m − 1, for each of the shared bytes.
    let mut coefficients = Zeroizing::new(vec![0; usize::from(m - 1) * SHARED_LEN]);
    random.fill(&mut coefficients);
    let parts = (1..=n).map(|x| {
        let mut part = [0; PART_LEN];
        part[0] = x;
        part[1] = m;
        for (at, constant) in shared.iter().enumerate() {
            // Horner's rule, highest degree first.
            let y =
                coefficients.chunks_exact(SHARED_LEN).rev().fold(0, |y, degree| multiply(y ^ degree[at], x));
            part[2 + at] = y ^ constant;
        }
        part
    });
    Ok(parts.collect())
}

/// Recovers the secret from at least M of its parts, in any order. More than M are used too, so that a foreign one
/// among them shows.
///
/// # Errors
/// [`CryptoError::BadLength`] when there are fewer parts than they say they need; [`CryptoError::Malformed`] when two
/// have the same number, a number is out of range, or they do not belong together.
pub fn recover(parts: &[[u8; PART_LEN]]) -> Result<Zeroizing<[u8; SECRET_LEN]>> {
    let Some(first) = parts.first() else {
        return Err(CryptoError::BadLength { what: "list of parts (in parts)", expected: 2, got: 0 });
    };
    let m = first[1];
    if !(2..=MAX_PARTS).contains(&m) || parts.iter().any(|part| !(1..=MAX_PARTS).contains(&part[0])) {
        return Err(CryptoError::Malformed("a secret's part has a number out of range"));
    }
    if parts.iter().any(|part| part[1] != m) {
        return Err(CryptoError::Malformed(
            "parts of different secrets: they need different numbers of parts",
        ));
    }
    let mut seen = [false; 256];
    if parts.iter().any(|part| std::mem::replace(&mut seen[usize::from(part[0])], true)) {
        return Err(CryptoError::Malformed("the same part of a secret was given twice"));
    }
    if parts.len() < usize::from(m) {
        return Err(CryptoError::BadLength {
            what: "list of parts (in parts)",
            expected: usize::from(m),
            got: parts.len(),
        });
    }
    let mut shared = Zeroizing::new([0; SHARED_LEN]);
    for part in parts {
        // Lagrange's basis polynomial of this part, at 0.
        let weight = parts
            .iter()
            .filter(|other| other[0] != part[0])
            .fold(1, |product, other| multiply(product, multiply(other[0], inverse(other[0] ^ part[0]))));
        for (sum, y) in shared.iter_mut().zip(&part[2..]) {
            *sum ^= multiply(weight, *y);
        }
    }
    let mut secret = Zeroizing::new([0; SECRET_LEN]);
    secret.copy_from_slice(&shared[1..]);
    if crate::ct_eq(&*with_check(&secret), &*shared) {
        Ok(secret)
    } else {
        Err(CryptoError::Malformed("the parts do not belong together, or one is damaged"))
    }
}

fn with_check(secret: &[u8; SECRET_LEN]) -> Zeroizing<[u8; SHARED_LEN]> {
    let mut shared = Zeroizing::new([0; SHARED_LEN]);
    shared[0] = digest(HashAlg::Sha256, secret)[0];
    shared[1..].copy_from_slice(secret);
    shared
}

/// Product in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1 (the field of AES), without branches or tables.
fn multiply(a: u8, b: u8) -> u8 {
    let (mut a, mut product) = (a, 0);
    for bit in 0..8 {
        product ^= a & 0u8.wrapping_sub((b >> bit) & 1);
        a = (a << 1) ^ (0x1b & 0u8.wrapping_sub(a >> 7));
    }
    product
}

/// Inverse in the field, as the 254th power; 0 for 0.
fn inverse(a: u8) -> u8 {
    let mut power = a;
    let mut product = 1;
    for _ in 0..7 {
        power = multiply(power, power);
        product = multiply(product, power);
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{SeededRandom, SystemRandom};
    use proptest::prelude::*;

    /// FIPS 197 section 4.2: {57} · {83} = {c1} and {57} · {13} = {fe}.
    #[test]
    fn the_field_is_that_of_aes() {
        assert_eq!(multiply(0x57, 0x83), 0xc1);
        assert_eq!(multiply(0x57, 0x13), 0xfe);
        for a in 1..=255 {
            assert_eq!(multiply(a, inverse(a)), 1, "{a}");
        }
    }

    proptest! {
        #[test]
        fn any_m_parts_recover(
            secret: [u8; 24],
            (m, n) in (2u8..=20).prop_flat_map(|m| (Just(m), m..=40)),
            start: u64,
            order in Just((0..40usize).collect::<Vec<_>>()).prop_shuffle(),
        ) {
            let parts = split(&secret, m, n, &mut SeededRandom::from_u64(start)).unwrap();
            let chosen: Vec<_> = order.iter().filter_map(|at| parts.get(*at)).copied().collect();
            prop_assert_eq!(*recover(&chosen[..usize::from(m)]).unwrap(), secret);
            prop_assert_eq!(*recover(&chosen).unwrap(), secret);
            let few = recover(&chosen[..usize::from(m) - 1]);
            let too_few = matches!(few, Err(CryptoError::BadLength { .. }));
            prop_assert!(too_few);
        }

        #[test]
        fn any_bytes_are_recovered_or_refused(parts in proptest::collection::vec(any::<[u8; 27]>(), 0..6)) {
            let _ = recover(&parts);
        }
    }

    #[test]
    fn the_largest_sharing_works() {
        let parts = split(&[7; 24], 250, 250, &mut SystemRandom).unwrap();
        assert_eq!(*recover(&parts).unwrap(), [7; 24]);
    }

    #[test]
    fn fewer_parts_say_nothing() {
        // With one part of a 2-of-2 sharing, every secret is still possible: the part alone is uniform.
        let mut seen = [false; 256];
        let mut random = SystemRandom;
        for _ in 0..8000 {
            seen[usize::from(split(&[1; 24], 2, 2, &mut random).unwrap()[0][3])] = true;
        }
        assert!(seen.iter().all(|hit| *hit));
    }

    #[test]
    fn wrong_duplicate_and_mixed_parts_are_refused() {
        let mut random = SeededRandom::from_u64(1);
        let parts = split(&[1; 24], 3, 5, &mut random).unwrap();
        let others = split(&[2; 24], 3, 5, &mut random).unwrap();
        let pairs = split(&[1; 24], 2, 5, &mut random).unwrap();
        let malformed = |parts: &[[u8; 27]]| matches!(recover(parts), Err(CryptoError::Malformed(_)));
        assert!(malformed(&[parts[0], parts[1], parts[0]]), "duplicate");
        assert!(malformed(&[parts[0], parts[1], others[2]]), "of another secret");
        assert!(malformed(&[parts[0], parts[1], pairs[2]]), "of another threshold");
        let mut zero = parts[2];
        zero[0] = 0;
        assert!(malformed(&[parts[0], parts[1], zero]), "number zero");
        let mut damaged = parts[2];
        damaged[20] ^= 1;
        assert!(malformed(&[parts[0], parts[1], damaged]), "damaged");
        assert!(recover(&[]).is_err());
        for (m, n) in [(1, 5), (0, 0), (3, 2), (2, 251)] {
            assert!(split(&[1; 24], m, n, &mut random).is_err(), "{m} of {n}");
        }
    }
}
