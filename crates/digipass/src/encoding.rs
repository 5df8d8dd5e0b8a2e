//! Text forms of bytes: Base64 (RFC 4648 section 4), hexadecimal, and check digits (ISO/IEC 7812 annex B).

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The values of the characters of [`ALPHABET`], [`FOREIGN`] for all other bytes.
const SEXTETS: [u8; 256] = {
    let mut table = [FOREIGN; 256];
    let mut value = 0;
    while value < 64 {
        table[ALPHABET[value] as usize] = value as u8;
        value += 1;
    }
    table
};
const FOREIGN: u8 = 0xff;

/// Base64 with padding.
#[must_use]
pub fn to_base64(bytes: &[u8]) -> String {
    let mut out = vec![b'='; bytes.len().div_ceil(3) * 4];
    base64_groups(bytes, &mut out);
    let rest = bytes.as_chunks::<3>().1;
    if let Some(last) = out.last_chunk_mut::<4>().filter(|_| !rest.is_empty()) {
        let group = std::array::from_fn(|place| rest.get(place).copied().unwrap_or(0));
        last[..=rest.len()].copy_from_slice(&quartet(group)[..=rest.len()]);
    }
    ascii(out)
}

/// Base64 of whole groups, as far as `out` has room for them.
pub(crate) fn base64_groups(bytes: &[u8], out: &mut [u8]) {
    for (group, place) in bytes.as_chunks().0.iter().zip(out.as_chunks_mut().0) {
        *place = quartet(*group);
    }
}

/// The bytes of a Base64 text. Padding is required; white space, unused bits and anything else foreign make it invalid.
#[must_use]
pub fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = vec![0; text.len() / 4 * 3];
    let len = base64_into(text, &mut out)?;
    out.truncate(len);
    Some(out)
}

/// As [`from_base64`], into `out`: how many bytes there are, `None` also when they have no room.
pub(crate) fn base64_into(text: &[u8], out: &mut [u8]) -> Option<usize> {
    let (quartets, []) = text.as_chunks::<4>() else { return None };
    let Some((last, whole)) = quartets.split_last() else { return Some(0) };
    let start = whole.len() * 3;
    let (groups, rest) = out.split_at_mut_checked(start)?;
    for (quartet, place) in whole.iter().zip(groups.as_chunks_mut().0) {
        *place = group(*quartet)?;
    }
    let padding = last.iter().rev().take(2).take_while(|byte| **byte == b'=').count();
    // The padding stands for zero bits, which must be zero in what is before it, too.
    let bytes = group(std::array::from_fn(|place| if place < 4 - padding { last[place] } else { b'A' }))?;
    let (bytes, unused) = bytes.split_at(3 - padding);
    rest.get_mut(..bytes.len())?.copy_from_slice(bytes);
    unused.iter().all(|byte| *byte == 0).then_some(start + bytes.len())
}

/// Text of characters that are ASCII, which is always UTF-8.
fn ascii(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}

/// The four characters of three bytes.
fn quartet([a, b, c]: [u8; 3]) -> [u8; 4] {
    let group = u32::from_be_bytes([0, a, b, c]);
    [18, 12, 6, 0].map(|shift| ALPHABET[(group >> shift) as usize & 63])
}

/// The three bytes of four characters without padding.
fn group(quartet: [u8; 4]) -> Option<[u8; 3]> {
    let [a, b, c, d] = quartet.map(|byte| SEXTETS[usize::from(byte)]);
    if a | b | c | d == FOREIGN {
        return None;
    }
    let [_, bytes @ ..] =
        (u32::from(a) << 18 | u32::from(b) << 12 | u32::from(c) << 6 | u32::from(d)).to_be_bytes();
    Some(bytes)
}

/// Hexadecimal in upper case.
#[must_use]
pub fn to_hex(bytes: &[u8]) -> String {
    let mut out = vec![0; 2 * bytes.len()];
    hex_into(bytes, &mut out);
    ascii(out)
}

/// Hexadecimal in upper case, as far as `out` has room for it.
pub(crate) fn hex_into(bytes: &[u8], out: &mut [u8]) {
    let digit = |value: u8| if value < 10 { b'0' + value } else { b'A' + value - 10 };
    for (byte, place) in bytes.iter().zip(out.as_chunks_mut().0) {
        *place = [digit(byte >> 4), digit(byte & 15)];
    }
}

/// The bytes of a hexadecimal text of even length, in either case.
#[must_use]
pub fn from_hex(text: &[u8]) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_chunks() else { return None };
    let mut out = Vec::with_capacity(pairs.len());
    for [high, low] in pairs {
        out.push(nibble(*high)? << 4 | nibble(*low)?);
    }
    Some(out)
}

/// The value of a hexadecimal digit.
#[must_use]
pub fn nibble(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

/// The check digit of decimal or hexadecimal digits: Luhn's, modulo 10 or 16. In upper case.
///
/// PSKC (RFC 6030) asks for Luhn on decimal codes; its hexadecimal form, modulo 16, is our choice. `None` if a character is not a
/// digit of the base.
#[must_use]
pub fn check_digit(digits: &[u8], base: u32) -> Option<u8> {
    let mut sum = 0;
    for (place, byte) in digits.iter().rev().enumerate() {
        let digit = char::from(*byte).to_digit(base)?;
        let weighted = if place.is_multiple_of(2) { digit * 2 } else { digit };
        sum += weighted / base + weighted % base;
    }
    char::from_digit((base - sum % base) % base, base).map(|digit| digit.to_ascii_uppercase() as u8)
}

/// Whether the last of `digits` is the check digit of the others.
#[must_use]
pub fn check_digit_holds(digits: &[u8], base: u32) -> bool {
    digits
        .split_last()
        .is_some_and(|(last, others)| check_digit(others, base) == Some(last.to_ascii_uppercase()))
}

/// A caller's text: what stands before the first zero byte, without spaces at the end (C and COBOL callers pad either way).
#[must_use]
pub fn text(input: &[u8]) -> &[u8] {
    let end = input.iter().position(|byte| *byte == 0).unwrap_or(input.len());
    input[..end].trim_ascii_end()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 4648 section 10.
    #[test]
    fn published_base64() {
        for (plain, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(to_base64(plain.as_bytes()), text);
            assert_eq!(from_base64(text.as_bytes()).unwrap(), plain.as_bytes());
        }
        for bad in ["Zg=", "Zg", "Zh==", "Z===", "Zm9=Zm9v", "Zm 9", "Zm8=Zg==", "===="] {
            assert_eq!(from_base64(bad.as_bytes()), None, "{bad}");
        }
    }

    /// The examples of ISO/IEC 7812 as commonly quoted: 7992739871 has check digit 3.
    #[test]
    fn check_digits() {
        assert_eq!(check_digit(b"7992739871", 10), Some(b'3'));
        assert!(check_digit_holds(b"79927398713", 10) && !check_digit_holds(b"79927398710", 10));
        assert_eq!(check_digit(b"12A", 10), None);
        assert!(!check_digit_holds(b"", 10));
        let digit = check_digit(b"0123456789abcdeF", 16).unwrap();
        assert!(check_digit_holds(&[b"0123456789ABCDEF".as_slice(), &[digit]].concat(), 16));
    }

    #[test]
    fn padding_of_callers_is_cut() {
        assert_eq!(text(b"123  \0 45"), b"123");
        assert_eq!(text(b"\0abc"), b"");
        assert_eq!(text(b" 1 "), b" 1");
    }

    proptest! {
        #[test]
        fn both_forms_give_the_bytes_back(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert_eq!(from_base64(to_base64(&bytes).as_bytes()).unwrap(), bytes.clone());
            prop_assert_eq!(from_hex(to_hex(&bytes).as_bytes()).unwrap(), bytes);
        }

        #[test]
        fn a_changed_digit_is_noticed(digits in "[0-9]{1,15}", place in 0usize..15, by in 1u8..10) {
            let mut code = digits.clone().into_bytes();
            code.push(check_digit(&code, 10).unwrap());
            let place = place % digits.len();
            code[place] = (code[place] - b'0' + by) % 10 + b'0';
            prop_assert!(!check_digit_holds(&code, 10));
        }

        #[test]
        fn any_bytes_are_decoded_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = (from_base64(&bytes), from_hex(&bytes), check_digit(&bytes, 16), check_digit(&bytes, 10));
        }
    }
}
