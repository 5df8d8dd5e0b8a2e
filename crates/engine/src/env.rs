//! Time and randomness, handed in by whoever runs the device.

use bancada_crypto::random::Random;

/// What one call of the device may know of the world outside.
pub struct Env<'a> {
    /// Milliseconds since 1970 UTC.
    pub now_ms: u64,
    /// Source of challenges, tokens, identifiers and vectors. Stored records are sealed with vectors from it: a host that
    /// gives reproducible randomness must not start it over on a durable store.
    pub random: &'a mut dyn Random,
}
