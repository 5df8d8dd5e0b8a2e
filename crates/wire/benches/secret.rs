//! What it costs that a payload is a secret: allocate, copy and drop 64 bytes, 1 KiB and 64 KiB, as secret bytes and as plain ones.
//!
//! Run with `cargo bench -p bancada-wire`.
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

use std::hint::black_box;

use bancada_wire::codec::{SecretTail, Tail};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn tails(c: &mut Criterion) {
    for size in [64, 1024, 65_536] {
        let payload = vec![0x42; size];
        let mut group = c.benchmark_group(format!("tail_{size}"));
        group.throughput(Throughput::Bytes(size as u64));
        group.bench_function("secret", |b| b.iter(|| SecretTail::from(black_box(payload.as_slice()))));
        group.bench_function("plain", |b| b.iter(|| Tail::from(black_box(payload.as_slice()))));
        group.finish();
    }
}

criterion_group!(benches, tails);
criterion_main!(benches);
