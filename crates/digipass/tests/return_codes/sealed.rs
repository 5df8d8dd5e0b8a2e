//! What damage to a BLOB and trouble with a key service come to, for every function that opens one BLOB.

use bancada_crypto::cipher::SymAlg;
use bancada_crypto::random::SeededRandom;
use bancada_digipass::keys::{InProcessKeys, InitialVector};
use bancada_digipass::manage::migrate_blob;
use bancada_digipass::{Blob, Context, KernelParams, ReturnCode, Sealing};

use crate::{NOW, Rows, code, damaged};

/// The rows of a call, given a BLOB that the software sealed.
pub(crate) fn rows(params: &KernelParams, blob: &Blob, call: impl Fn(&Context<'_>, Blob) -> i32) -> Rows {
    let keys = InProcessKeys::new(Box::new(SeededRandom::from_u64(1)));
    keys.add("STORAGE", SymAlg::Des3_168, &std::array::from_fn::<u8, 24, _>(|i| i as u8), true).unwrap();
    keys.add("OTHER", SymAlg::Des3_168, &[8; 24], true).unwrap();
    keys.add("SINGLE", SymAlg::Des, &[8; 8], true).unwrap();
    let software = Context { now: NOW, params, sealing: Sealing::Software };
    let with = |key| {
        let sealing = Sealing::Service { service: &keys, key, iv: InitialVector([1; 8]) };
        Context { now: NOW, params, sealing }
    };
    let mut sealed = blob.clone();
    migrate_blob(&software, &with("STORAGE"), &mut sealed).unwrap();
    assert_eq!(call(&with("STORAGE"), sealed.clone()), 0, "the right call, under the right key");
    let mut rows = vec![
        (510, "247 bytes of BLOB", code(Blob::from_bytes(&[0; 247]), |_| ReturnCode::SUCCESS)),
        (412, "one character of the BLOB changed", call(&software, damaged(blob, 150, b'A'))),
        (413, "a character that is not Base64", call(&software, damaged(blob, 150, b'!'))),
        (414, "sealed under another key of the HSM", call(&with("OTHER"), sealed.clone())),
        (908, "a key name the HSM does not have", call(&with("NONE"), sealed.clone())),
        (951, "a single-DES key", call(&with("SINGLE"), sealed.clone())),
    ];
    keys.set_open(false);
    rows.push((900, "the HSM session is closed", call(&with("STORAGE"), sealed)));
    rows
}
