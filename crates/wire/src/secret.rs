//! Erasing buffers that held secrets, as fast as memory is filled.

/// Overwrites bytes with zeros, in a way the compiler keeps even when nobody reads them again.
///
/// `Zeroize` for slices writes byte by byte. This fills them as any memory is filled, and then has the compiler believe that
/// the zeros are looked at ([`zeroize::optimization_barrier`]).
pub fn erase(bytes: &mut [u8]) {
    bytes.fill(0);
    zeroize::optimization_barrier(bytes);
}

/// Overwrites all memory a vector holds with zeros, beyond its length too, as [`erase`] does. It is empty afterwards.
///
/// What it held before it last grew lies elsewhere and is out of reach.
pub fn erase_all(bytes: &mut Vec<u8>) {
    bytes.clear();
    // Up to its capacity a vector grows where it is.
    bytes.resize(bytes.capacity(), 0);
    zeroize::optimization_barrier(bytes.as_slice());
    bytes.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_and_nothing_moves() {
        let mut bytes = Vec::with_capacity(100);
        bytes.extend_from_slice(b"secret");
        let place = bytes.as_ptr();
        erase(&mut bytes[1..]);
        assert_eq!(bytes, b"s\0\0\0\0\0");
        erase_all(&mut bytes);
        assert_eq!((bytes.len(), bytes.capacity(), bytes.as_ptr()), (0, 100, place));
        erase_all(&mut Vec::new());
    }
}
