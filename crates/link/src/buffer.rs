//! The read buffer of both ends: grows only as bytes arrive, shrinks when idle, leaves no secret behind.

use bancada_wire::secret::erase;

/// Bytes read from a connection. Laid out as `kept | read and done with | unread | room`.
///
/// A peer that announces a large frame makes it no larger: room at most doubles each time it is full.
pub(crate) struct Buffer {
    bytes: Vec<u8>,
    kept: usize,
    start: usize,
    end: usize,
    /// Every byte that was ever written since the last wipe lies before this.
    dirty: usize,
    floor: usize,
    ceiling: usize,
}

impl Buffer {
    /// A buffer that starts with `floor` bytes and, when idle, keeps at most `ceiling`. Allocates nothing yet.
    pub(crate) const fn new(floor: usize, ceiling: usize) -> Self {
        Self { bytes: Vec::new(), kept: 0, start: 0, end: 0, dirty: 0, floor, ceiling }
    }

    /// Bytes that arrived and were not consumed.
    pub(crate) fn unread(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// Bytes that were kept, in order.
    pub(crate) fn kept(&self) -> &[u8] {
        &self.bytes[..self.kept]
    }

    /// Takes `count` unread bytes; they stay valid until the next call that writes.
    pub(crate) fn consume(&mut self, count: usize) -> &[u8] {
        let from = self.start;
        self.start += count.min(self.end - self.start);
        &self.bytes[from..self.start]
    }

    /// Moves `count` unread bytes behind those kept before.
    pub(crate) fn keep(&mut self, count: usize) {
        let count = count.min(self.end - self.start);
        self.bytes.copy_within(self.start..self.start + count, self.kept);
        self.kept += count;
        self.start += count;
        if self.start == self.end {
            self.start = self.kept;
            self.end = self.kept;
        }
    }

    /// Room to read into, never empty. `frame` is the size of the frame under way, as far as it is known.
    pub(crate) fn room(&mut self, frame: usize) -> &mut [u8] {
        if self.start == self.end {
            if self.kept == 0 {
                self.wipe();
            }
            self.start = self.kept;
            self.end = self.kept;
        }
        if self.start > self.kept && self.bytes.len() - self.start < frame {
            self.close_gap();
        }
        if self.end == self.bytes.len() {
            let doubled = (self.bytes.len() * 2).max(self.floor);
            let needed = (self.start + frame).max(self.floor);
            self.resize(if needed > self.bytes.len() { doubled.min(needed) } else { doubled });
        }
        &mut self.bytes[self.end..]
    }

    /// Says that `count` bytes were read into [`Self::room`].
    pub(crate) fn advance(&mut self, count: usize) {
        self.end = (self.end + count).min(self.bytes.len());
        self.dirty = self.dirty.max(self.end);
    }

    /// Appends bytes that were read elsewhere.
    pub(crate) fn extend(&mut self, bytes: &[u8]) {
        if self.start == self.end && self.kept == 0 {
            self.wipe();
        }
        self.close_gap();
        let total = self.end + bytes.len();
        if total > self.bytes.len() {
            self.resize(total.max(self.floor).max(self.bytes.len() * 2));
        }
        self.bytes[self.end..total].copy_from_slice(bytes);
        self.advance(bytes.len());
    }

    /// Forgets everything, with zeros, and gives memory beyond the ceiling back.
    pub(crate) fn wipe(&mut self) {
        erase(&mut self.bytes[..self.dirty]);
        (self.kept, self.start, self.end, self.dirty) = (0, 0, 0, 0);
        if self.bytes.len() > self.ceiling {
            self.bytes = vec![0; self.floor];
        }
    }

    /// Bytes of memory held.
    pub(crate) fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    fn close_gap(&mut self) {
        if self.start == self.kept {
            return;
        }
        self.bytes.copy_within(self.start..self.end, self.kept);
        self.end -= self.start - self.kept;
        self.start = self.kept;
    }

    /// Moves to memory of `size` bytes; a plain `resize` would leave a copy of what was read behind.
    fn resize(&mut self, size: usize) {
        let mut bytes = vec![0; size];
        bytes[..self.end].copy_from_slice(&self.bytes[..self.end]);
        erase(&mut self.bytes[..self.dirty]);
        self.bytes = bytes;
        self.dirty = self.end;
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        erase(&mut self.bytes[..self.dirty]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_doubles_as_bytes_arrive_and_never_passes_the_frame() {
        let mut buffer = Buffer::new(1024, 1024);
        let frame = 5000;
        let mut sizes = Vec::new();
        let mut left = frame;
        while left > 0 {
            let room = buffer.room(frame).len();
            sizes.push(buffer.capacity());
            buffer.advance(room.min(left));
            left -= room.min(left);
        }
        assert_eq!(sizes, [1024, 2048, 4096, 5000]);
        buffer.consume(frame);
        assert_eq!(buffer.room(8).len(), 1024);
        assert_eq!(buffer.capacity(), 1024);
    }

    #[test]
    fn kept_bytes_close_up() {
        let mut buffer = Buffer::new(16, 16);
        buffer.extend(b"..one..two.");
        buffer.consume(2);
        buffer.keep(3);
        buffer.consume(2);
        buffer.keep(3);
        assert_eq!((buffer.kept(), buffer.unread()), (&b"onetwo"[..], &b"."[..]));
        buffer.extend(b"!");
        assert_eq!((buffer.kept(), buffer.unread()), (&b"onetwo"[..], &b".!"[..]));
        buffer.wipe();
        assert!(buffer.bytes.iter().all(|byte| *byte == 0));
    }
}
