//! How much memory a decoder may take: in proportion to what it was given.

/// Bytes a decoder may hold at once for every byte of input.
const PER_BYTE: u64 = 64;
/// Bytes it may hold whatever the input: read buffers, error texts.
const FLOOR: u64 = 64 << 10;

/// Runs `decode` on `length` bytes and asserts that it never held more memory than that is worth.
pub(crate) fn bounded<T>(length: usize, decode: impl FnOnce() -> T) -> T {
    let mut result = None;
    let held = allocation_counter::measure(|| result = Some(decode())).bytes_max;
    let bound = PER_BYTE * length as u64 + FLOOR;
    assert!(
        held <= bound,
        "{length} bytes of input made the decoder hold {held} bytes; the bound is {bound}"
    );
    result.expect("measure runs its argument")
}
