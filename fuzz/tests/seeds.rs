//! The seeds replayed without a fuzzer, and the lists that have to agree.

use std::collections::BTreeSet;

use bancada_fuzz::{DECODERS, all};
use bancada_wire::op::SPECS;
use toml::Table;

fn table(text: &str) -> Table {
    text.parse().unwrap()
}

fn field<'a>(seed: &'a toml::Value, name: &str) -> &'a str {
    seed.get(name).and_then(toml::Value::as_str).unwrap_or_default()
}

#[test]
fn every_seed_passes_and_every_decoder_has_one() {
    let seeds = table(include_str!("../seeds.toml"));
    let mut fed = BTreeSet::new();
    for seed in seeds["seed"].as_array().unwrap() {
        let target = field(seed, "target");
        let row = DECODERS.iter().position(|(name, _)| *name == target).expect(target);
        let mut input = vec![row as u8];
        for word in field(seed, "bytes").split_whitespace() {
            let (digits, count) = word.split_once('*').unwrap_or((word, "1"));
            input.extend(hex::decode(digits).unwrap().repeat(count.parse().unwrap()));
        }
        input.extend_from_slice(field(seed, "text").as_bytes());
        all(&input);
        fed.insert(target);
    }
    assert_eq!(fed.len(), DECODERS.len(), "{fed:?}");
}

#[test]
fn the_lists_of_targets_agree() {
    let names: Vec<&str> = DECODERS.iter().map(|(name, _)| *name).collect();
    let seeds = table(include_str!("../seeds.toml"));
    let planted: Vec<&str> =
        seeds["targets"].as_array().unwrap().iter().filter_map(toml::Value::as_str).collect();
    assert_eq!(planted, names, "seeds.toml");
    let manifest = table(include_str!("../Cargo.toml"));
    let targets: BTreeSet<&str> =
        manifest["bin"].as_array().unwrap().iter().map(|target| field(target, "name")).collect();
    assert_eq!(targets, names.into_iter().chain(["all"]).collect(), "Cargo.toml");
}

#[test]
fn the_dictionary_knows_every_opcode() {
    let dictionary = include_str!("../dictionary.txt");
    for spec in SPECS {
        let word: String = spec.code.to_le_bytes().map(|byte| format!("\\x{byte:02X}")).concat();
        assert!(dictionary.contains(&format!("\"{word}\"")), "{} ({word})", spec.name);
    }
}
