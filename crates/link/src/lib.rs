//! What one AAP connection decides, without doing any IO: handshake, framing, deadlines, both ends.
