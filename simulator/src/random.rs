//! Where a node takes its challenges, tokens and identifiers from: the system, or a reproducible stream.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use bancada_crypto::random::{Random, SeededRandom, SystemRandom};

/// A node's randomness. Clones draw from the same stream.
#[derive(Clone)]
pub(crate) enum NodeRandom {
    /// The operating system's.
    System,
    /// A stream that a number determines: the same order of requests gets the same bytes.
    Seeded(Arc<Mutex<SeededRandom>>),
}

impl NodeRandom {
    /// The stream of node `index` (from 1) under a run's number; the system's randomness without one.
    pub(crate) fn for_node(run: Option<u64>, index: u32) -> Self {
        run.map_or(Self::System, |run| {
            let mut start = [0; 32];
            start[..8].copy_from_slice(&run.to_le_bytes());
            start[8..12].copy_from_slice(&index.to_le_bytes());
            Self::Seeded(Arc::new(Mutex::new(SeededRandom::new(start))))
        })
    }
}

impl Random for NodeRandom {
    fn fill(&mut self, out: &mut [u8]) {
        match self {
            Self::System => SystemRandom.fill(out),
            Self::Seeded(stream) => stream.lock().unwrap_or_else(PoisonError::into_inner).fill(out),
        }
    }
}

impl fmt::Debug for NodeRandom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System => "System",
            Self::Seeded(_) => "Seeded(..)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(random: &mut NodeRandom) -> [u8; 16] {
        let mut bytes = [0; 16];
        random.fill(&mut bytes);
        bytes
    }

    #[test]
    fn a_run_and_a_node_determine_the_stream() {
        let mut node = NodeRandom::for_node(Some(7), 1);
        let mut clone = node.clone();
        let first = [draw(&mut node), draw(&mut clone)];
        let mut again = NodeRandom::for_node(Some(7), 1);
        assert_eq!(first, [draw(&mut again), draw(&mut again)]);
        assert_ne!(first[0], draw(&mut NodeRandom::for_node(Some(7), 2)));
        assert_ne!(first[0], draw(&mut NodeRandom::for_node(Some(8), 1)));
        assert_ne!(draw(&mut NodeRandom::for_node(None, 1)), draw(&mut NodeRandom::for_node(None, 1)));
    }
}
