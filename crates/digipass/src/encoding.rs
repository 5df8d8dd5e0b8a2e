//! Text forms of bytes: Base64 (RFC 4648 section 4), hexadecimal, and check digits (ISO/IEC 7812 annex B).

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 with padding.
#[must_use]
pub fn to_base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group =
            chunk.iter().fold(0u32, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            if place <= chunk.len() {
                out.push(char::from(ALPHABET[(group >> (18 - 6 * place)) as usize & 63]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

/// The bytes of a Base64 text. Padding is required; white space, unused bits and anything else foreign make it invalid.
#[must_use]
pub fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let padding = text.iter().rev().take(2).take_while(|byte| **byte == b'=').count();
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    for (index, chunk) in text.chunks_exact(4).enumerate() {
        let used = if (index + 1) * 4 == text.len() { 4 - padding } else { 4 };
        let mut group = 0u32;
        for (place, byte) in chunk.iter().enumerate() {
            group = group << 6 | if place < used { sextet(*byte)? } else { 0 };
        }
        let bytes = group.to_be_bytes();
        if bytes[used..].iter().any(|byte| *byte != 0) {
            return None;
        }
        out.extend_from_slice(&bytes[1..used]);
    }
    Some(out)
}

/// Hexadecimal in upper case.
#[must_use]
pub fn to_hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(if value < 10 { b'0' + value } else { b'A' + value - 10 });
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The bytes of a hexadecimal text of even length, in either case.
#[must_use]
pub fn from_hex(text: &[u8]) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    text.chunks_exact(2).map(|pair| Some(nibble(pair[0])? << 4 | nibble(pair[1])?)).collect()
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

fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
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
