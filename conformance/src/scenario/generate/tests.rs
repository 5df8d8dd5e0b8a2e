//! Tests of the strategies: they repeat, they are mostly valid, and they reach what they are meant to reach.

use std::collections::BTreeSet;

use super::*;
use crate::check::Expect;

#[test]
fn one_seed_and_number_make_one_scenario() {
    assert_eq!(scenario(7, 3).unwrap(), scenario(7, 3).unwrap());
    assert_ne!(scenario(7, 3).unwrap(), scenario(7, 4).unwrap());
    assert_ne!(scenario(7, 3).unwrap(), scenario(8, 3).unwrap());
}

#[test]
fn every_outcome_is_predicted_and_most_are_successes() {
    let (mut good, mut all) = (0, 0);
    let mut calls = BTreeSet::new();
    let mut statuses = BTreeSet::new();
    for number in 0..300 {
        let mut model = Model::default();
        for action in scenario(1, number).unwrap().actions {
            all += 1;
            match model.step(&action) {
                Expect::Ok(_) => {
                    good += 1;
                    calls.insert(action.name());
                }
                Expect::Status(status) => {
                    statuses.insert(status.code());
                }
                Expect::Disconnected => {}
                expect @ (Expect::Skip | Expect::Any) => panic!("{action:?}: {expect:?}"),
            }
        }
    }
    assert!(good * 100 / all >= 55, "only {good} of {all} actions succeed");
    let rare = ["resync_otp", "log_truncate"];
    let wanted = [
        "rsa_sign",
        "ecc_sign",
        "eddsa_sign",
        "rsa_verify",
        "ecc_verify",
        "eddsa_verify",
        "import_key",
        "kek_import",
        "p8_import",
        "csr",
        "recover",
        "encrypt",
        "decrypt",
        "mac",
        "hash",
        "hash_end",
        "gen_ecdh",
        "rsa_decrypt",
        "open with token",
        "open with one-time password",
        "set_policy",
        "grant",
        "revoke_token",
        "create_blob",
    ];
    for name in wanted {
        assert!(calls.contains(name), "no scenario succeeds at {name}: {calls:?}");
    }
    assert!(rare.iter().all(|name| !calls.contains(*name)), "no longer rare: move it up");
    for code in [5002, 5004, 5009, 5012, 5022, 5023, 5107, 5120, 5123, 5124, 5177, 5178] {
        assert!(statuses.contains(&code), "no scenario meets {code}: {statuses:?}");
    }
}

#[test]
fn fewer_draws_make_a_shorter_scenario_with_the_same_beginning() {
    let draws: Vec<u64> = (0..20).map(|index| index * 77 + 5).collect();
    let (long, short) = (build(&draws), build(&draws[..10]));
    assert!(short.actions.len() < long.actions.len());
    assert_eq!(short.actions[..], long.actions[..short.actions.len()]);
}
