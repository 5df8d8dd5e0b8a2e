//! How fast kept keys work: RSA-2048, P-256, Ed25519 signatures and AES-256-GCM over 1 KiB, each beside aws-lc-rs used
//! directly, which is what this crate must not be slower than.
//!
//! Run with `cargo bench -p bancada-crypto`.
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]
#![allow(clippy::unwrap_used, reason = "a benchmark stops at the first surprise")]

use std::hint::black_box;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use bancada_crypto::cipher::{Mode, Padding, SymAlg, SymKey};
use bancada_crypto::ec::{Curve, EcPrivateKey};
use bancada_crypto::edwards::Ed25519PrivateKey;
use bancada_crypto::hash::{HashAlg, digest};
use bancada_crypto::rsa::RsaPrivateKey;
use criterion::{Criterion, criterion_group, criterion_main};

const MESSAGE: &[u8] = b"a message of ordinary length, as a payment order might have it";

fn rsa(c: &mut Criterion) {
    let key = RsaPrivateKey::generate(2048, 65537).unwrap();
    let direct = RsaKeyPair::from_pkcs8(&key.to_pkcs8().unwrap()).unwrap();
    let mut group = c.benchmark_group("rsa_2048_pkcs1_sha256");
    group.bench_function("bancada", |b| {
        b.iter(|| {
            key.sign_pkcs1(Some(HashAlg::Sha256), &digest(HashAlg::Sha256, black_box(MESSAGE))).unwrap()
        });
    });
    group.bench_function("aws_lc_rs", |b| {
        let mut out = vec![0; 256];
        b.iter(|| {
            direct.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), black_box(MESSAGE), &mut out).unwrap();
        });
    });
    group.finish();
}

fn p256(c: &mut Criterion) {
    let key = EcPrivateKey::generate(Curve::P256).unwrap();
    let direct = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &key.to_pkcs8().unwrap()).unwrap();
    let mut group = c.benchmark_group("ecdsa_p256_sha256");
    group.bench_function("bancada", |b| {
        b.iter(|| key.sign_prehash(&digest(HashAlg::Sha256, black_box(MESSAGE))).unwrap());
    });
    group.bench_function("aws_lc_rs", |b| {
        b.iter(|| direct.sign(&SystemRandom::new(), black_box(MESSAGE)).unwrap());
    });
    group.finish();
}

fn ed25519(c: &mut Criterion) {
    let key = Ed25519PrivateKey::generate().unwrap();
    let direct = Ed25519KeyPair::from_seed_unchecked(key.expose_seed()).unwrap();
    let mut group = c.benchmark_group("ed25519");
    group.bench_function("bancada", |b| b.iter(|| key.sign(black_box(MESSAGE))));
    group.bench_function("aws_lc_rs", |b| b.iter(|| direct.sign(black_box(MESSAGE))));
    group.finish();
}

fn aes_gcm(c: &mut Criterion) {
    let key = SymKey::new(SymAlg::Aes256, &[7; 32]).unwrap();
    let direct = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[7; 32]).unwrap());
    let data = vec![1; 1024];
    let mut group = c.benchmark_group("aes_256_gcm_1_kib");
    group.throughput(criterion::Throughput::Bytes(1024));
    group.bench_function("bancada", |b| {
        let mut out = Vec::with_capacity(2048);
        b.iter(|| {
            out.clear();
            let mode = Mode::Gcm { tag_len: 16, aad: b"" };
            key.encrypt(mode, Padding::None, &[1; 12], black_box(&data), &mut out).unwrap();
        });
    });
    group.bench_function("aws_lc_rs", |b| {
        let mut out = Vec::with_capacity(2048);
        b.iter(|| {
            out.clear();
            out.extend_from_slice(black_box(&data));
            let nonce = Nonce::assume_unique_for_key([1; 12]);
            direct.seal_in_place_append_tag(nonce, Aad::empty(), &mut out).unwrap();
        });
    });
    group.finish();
}

criterion_group!(benches, rsa, p256, ed25519, aes_gcm);
criterion_main!(benches);
