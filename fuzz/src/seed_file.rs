//! Seed files of the simulator, and the device they are applied to.

use std::sync::Arc;

use bancada_crypto::Zeroizing;
use bancada_crypto::random::SeededRandom;
use bancada_engine::{Env, Hsm, HsmConfig};
use bancada_simulator::seed::{MAX_SEED_BYTES, parse};
use bancada_store::MemoryStore;

use crate::device::MASTER_KEY;

/// A seed file. What can be read is applied, but for keys the device would have to make, which takes too long.
pub fn seed_file(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    assert!(text.len() <= MAX_SEED_BYTES);
    let mut seed = match parse(text) {
        Ok(seed) => seed,
        Err(error) => {
            let lines = text.lines().count().max(1) + 1;
            assert!(error.line.is_none_or(|line| (1..=lines).contains(&line)), "{error}");
            assert!(error.column.is_none_or(|column| (1..=text.len() + 1).contains(&column)), "{error}");
            assert!(!error.what.is_empty());
            return;
        }
    };
    seed.keys.retain(|key| key.material.is_some());
    let (durable, volatile) = (Arc::new(MemoryStore::new()), Arc::new(MemoryStore::new()));
    let mut random = SeededRandom::new([3; 32]);
    let mut env = Env { now_ms: 1_700_000_000_000, random: &mut random };
    let hsm = Hsm::open(HsmConfig::default(), &Zeroizing::new(MASTER_KEY), durable, volatile, &mut env)
        .expect("an empty store opens");
    if let Err(error) = hsm.apply(&seed, &mut env) {
        assert!(!error.to_string().is_empty());
    }
}
