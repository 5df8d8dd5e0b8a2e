//! The bare primitives, in this process, on every core.

use crate::load::Work;
use bancada_crypto::cipher::{Mode, Padding, SymAlg, SymKey};
use bancada_crypto::ec::{Curve, EcPrivateKey};
use bancada_crypto::edwards::Ed25519PrivateKey;
use bancada_crypto::hash::HashAlg;
use bancada_crypto::rsa::RsaPrivateKey;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Operations per second on `cores` threads, all with one key.
pub(crate) fn rate(work: Work, cores: usize, time: Duration) -> f64 {
    let rsa = (work == Work::Rsa2048).then(|| RsaPrivateKey::generate(2048, 65_537).expect("a key"));
    let p256 = EcPrivateKey::generate(Curve::P256).expect("a key");
    let ed = Ed25519PrivateKey::generate().expect("a key");
    let aes = SymKey::new(SymAlg::Aes256, &[7; 32]).expect("a key");
    let once = |out: &mut Vec<u8>| match work {
        Work::Ping => {}
        Work::Rsa2048 => drop(rsa.as_ref().map(|key| key.sign_pkcs1(Some(HashAlg::Sha256), &[9; 32]))),
        Work::P256 => drop(p256.sign_prehash(&[9; 32])),
        Work::Ed25519 => {
            let _ = ed.sign(&[9; 32]);
        }
        Work::Aes256Gcm => {
            out.clear();
            aes.encrypt(Mode::Gcm { tag_len: 16, aad: &[] }, Padding::None, &[1; 12], &[9; 1024], out)
                .expect("encrypts");
        }
    };
    let (stop, total) = (AtomicBool::new(false), AtomicU64::new(0));
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                let (mut count, mut out) = (0, Vec::new());
                while !stop.load(Ordering::Relaxed) {
                    once(&mut out);
                    count += 1;
                }
                total.fetch_add(count, Ordering::Relaxed);
            });
        }
        std::thread::sleep(time);
        stop.store(true, Ordering::Relaxed);
    });
    total.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64()
}
