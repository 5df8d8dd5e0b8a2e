//! How fast the kernel works in software on one core: a right password, a wrong one in ever wider windows beside the HMACs it must
//! try, a message signature, and a derivation.
//!
//! Run with `cargo bench -p bancada-digipass`. The last lines give, for each window, the share of the raw HMAC-SHA-256 rate that a wrong
//! password reaches; below 80 % something but the HMACs takes the time.
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark stops at the first surprise and prints what it found"
)]

use std::hint::black_box;
use std::time::Instant;

use bancada_crypto::hash::HashAlg;
use bancada_crypto::mac::Hmac;
use bancada_crypto::random::SeededRandom;
use bancada_digipass::authenticator::{Authenticator, Prompt};
use bancada_digipass::blob::{Kind, Profile};
use bancada_digipass::derive::{Derivation, DerivationFormat, derive_token_blobs};
use bancada_digipass::message::channel::gen_message_request;
use bancada_digipass::message::{
    MessageSignature, Protection, gen_payload_key_blob, verify_message_signature,
};
use bancada_digipass::vector::MessageVector;
use bancada_digipass::verify::{Password, verify_password};
use bancada_digipass::{Blob, Context, Definition, KernelParams, Owner, Sealing};
use criterion::{Criterion, criterion_group};

const NOW: u64 = 1_700_000_000;
const WINDOWS: [i32; 3] = [10, 100, 1000];

fn definition(kind: Kind, suite: &str, score: bool) -> Definition {
    let mut profile = Profile::new(*b"MOB30", kind, suite.parse().unwrap());
    profile.score = score;
    profile.derivation = true;
    profile.secure_channel = true;
    Definition::generate(Owner::new("VDS0000001", "BENCH").unwrap(), profile, &mut SeededRandom::from_u64(1))
}

fn context(params: &KernelParams) -> Context<'_> {
    Context { now: NOW, params, sealing: Sealing::Software }
}

fn window(steps: i32) -> KernelParams {
    // The smallest synchronisation window, so that the one measured is the wider of the two.
    KernelParams { i_time_window: steps, sync_window: 0x7000_0001, ..KernelParams::default() }
}

fn wrong(cx: &Context<'_>, blob: &Blob) {
    let request = Password { password: Some(b"00000000"), challenge: None };
    let _ = verify_password(cx, &mut black_box(blob).clone(), &request);
}

fn passwords(c: &mut Criterion) {
    let mut group = c.benchmark_group("verify_password");
    for score in [false, true] {
        let definition = definition(Kind::ResponseOnly, "TOTP-SHA256-8-T36S", score);
        let mut device = Authenticator::new(std::slice::from_ref(&definition)).unwrap();
        let otp = device.password(&Prompt { now: NOW, ..Prompt::default() }, None).unwrap().text;
        for steps in WINDOWS {
            let params = window(steps);
            let blob = definition.blob(&context(&params)).unwrap();
            let name = |what: &str| format!("{what}/window {steps}/scores {score}");
            let request = Password { password: Some(otp.as_bytes()), challenge: None };
            group.bench_function(name("right"), |b| {
                b.iter(|| {
                    verify_password(&context(&params), &mut black_box(&blob).clone(), &request).unwrap()
                });
            });
            group.bench_function(name("wrong"), |b| b.iter(|| wrong(&context(&params), &blob)));
        }
    }
    group.finish();
}

fn messages_and_derivation(c: &mut Criterion) {
    let params = KernelParams::default();
    let cx = context(&params);
    let vector = MessageVector { protection: Protection::Encrypted, customer: [0; 10] }.to_hex();
    let vector = Some(vector.as_bytes());
    let licence = definition(Kind::MasterActivation, "OCRA-1:HOTP-SHA256-8:QH16", false).blob(&cx).unwrap();
    let key = gen_payload_key_blob(&cx, &licence, vector, &mut SeededRandom::from_u64(2)).unwrap();
    let message = gen_message_request(&cx, &key, vector, Some(b"0101")).unwrap();
    let signer = definition(Kind::Signature, "OCRA-1:HOTP-SHA256-8:QH64-T36S", false);
    let blob = signer.blob(&cx).unwrap();
    let mut device = Authenticator::new(&[signer]).unwrap();
    let prompt = Prompt { now: NOW, ..Prompt::default() };
    let signature = device.sign_message(&prompt, &message).unwrap().text;
    let request = MessageSignature {
        expiration_s: 60,
        signature: Some(signature.as_bytes()),
        message: Some(message.as_bytes()),
        deferred: 0,
    };
    c.bench_function("verify_message_signature", |b| {
        b.iter(|| verify_message_signature(&cx, &mut black_box(&blob).clone(), &request).unwrap());
    });
    let otp = definition(Kind::ResponseOnly, "TOTP-SHA256-8-T36S", false);
    let blobs = vec![Some(otp.blob(&cx).unwrap()); 8];
    let mut device = Authenticator::new(&[otp]).unwrap();
    let code = device.derivation_code(&prompt, b"phone", None, DerivationFormat::Decimal).unwrap();
    let request = Derivation { count: 8, challenge: None, code: Some(code.as_bytes()), format: 0 };
    c.bench_function("derive_token_blobs/8", |b| {
        b.iter(|| derive_token_blobs(&cx, &mut black_box(&blobs).clone(), &request).unwrap());
    });
}

/// Seconds that each of two pieces of work takes, the best of several runs, taken in turns.
fn seconds(mut one: impl FnMut(), mut two: impl FnMut()) -> [f64; 2] {
    fn time(work: &mut impl FnMut()) -> f64 {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    }
    (0..50).fold([f64::INFINITY; 2], |best, _| [best[0].min(time(&mut one)), best[1].min(time(&mut two))])
}

fn ratios() {
    let start = Hmac::new(HashAlg::Sha256, &[7; 32]);
    for score in [false, true] {
        let definition = definition(Kind::ResponseOnly, "TOTP-SHA256-8-T36S", score);
        for steps in WINDOWS {
            let params = window(steps);
            let cx = context(&params);
            let blob = definition.blob(&cx).unwrap();
            let tried = (u64::try_from(steps).unwrap() + 1) * if score { 8 } else { 1 };
            let raw_hmacs = || {
                for step in 0..tried {
                    let mut mac = start.clone();
                    mac.update(&step.to_be_bytes());
                    black_box(mac.finish());
                }
            };
            let [kernel, raw] = seconds(|| wrong(&cx, &blob), raw_hmacs);
            println!(
                "window {steps:4}, scores {score:5}: {:9.1} us, {tried:4} HMACs, {:5.1} % of their raw rate",
                1e6 * kernel,
                100.0 * raw / kernel
            );
        }
    }
}

criterion_group!(benches, passwords, messages_and_derivation);

fn main() {
    benches();
    Criterion::default().configure_from_args().final_summary();
    // Test runners that build every target only list it: nothing is measured then.
    if std::env::args().any(|arg| arg == "--bench") {
        ratios();
    }
}
