//! Clients: as many sessions as asked for, each with one request under way at a time.

use crate::target::Target;
use bancada_dinamo_blocking::Session;
use bancada_wire::algorithm::{hash, mode, padding};
use bancada_wire::codec::{SecretTail, ShortTail, Tail};
use bancada_wire::op::{EccSign, EddsaSign, Ping, RSA_PAD_PKCS1, RsaSign, SymCrypt};
use bancada_wire::text::ObjectName;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What the sessions ask for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    Ping,
    Rsa2048,
    P256,
    Ed25519,
    Aes256Gcm,
}

impl Work {
    pub(crate) const ALL: [Self; 4] = [Self::Rsa2048, Self::P256, Self::Ed25519, Self::Aes256Gcm];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ping => "ping",
            Self::Rsa2048 => "RSA-2048 sign",
            Self::P256 => "P-256 sign",
            Self::Ed25519 => "Ed25519 sign",
            Self::Aes256Gcm => "AES-256-GCM 1 KiB",
        }
    }
}

/// Which of the two clients carries the load.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Client {
    /// The blocking one, a thread for each session.
    Threads,
    /// The asynchronous one, a task for each session.
    Tasks,
}

impl Client {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Threads => "blocking",
            Self::Tasks => "tokio",
        }
    }
}

pub(crate) fn transport(tls: bool) -> &'static str {
    if tls { "TLS" } else { "clear" }
}

fn named(name: &str) -> ObjectName {
    ObjectName::new(name).expect("a name")
}

fn rsa_sign() -> RsaSign {
    let mut hash = [0; 64];
    hash[..32].fill(9);
    RsaSign { name: named("rsa"), padding: RSA_PAD_PKCS1, hash_algorithm: hash::SHA2_256, hash }
}

fn ecc_sign() -> EccSign {
    EccSign {
        name: named("p256"),
        hash_algorithm: hash::SHA2_256,
        hash: ShortTail::new(&[9; 32]).expect("a hash"),
    }
}

fn eddsa_sign() -> EddsaSign {
    EddsaSign { name: named("ed"), mode: 0, data: Tail::from(&[9; 32][..]) }
}

fn gcm() -> SymCrypt {
    SymCrypt {
        name: named("aes"),
        direction: mode::ENCRYPT,
        mode: mode::GCM,
        padding: padding::NONE,
        tag_length: 16,
        iv_length: 12,
        iv: [1; 32],
        aad_length: 0,
        data: SecretTail::from(&[9; 1024][..]),
    }
}

macro_rules! call {
    ($session:expr, $work:expr $(, $wait:tt)?) => {
        match $work {
            Work::Ping => $session.call(Ping)$(.$wait)?.map(drop),
            Work::Rsa2048 => $session.call(rsa_sign())$(.$wait)?.map(drop),
            Work::P256 => $session.call(ecc_sign())$(.$wait)?.map(drop),
            Work::Ed25519 => $session.call(eddsa_sign())$(.$wait)?.map(drop),
            Work::Aes256Gcm => $session.call(gcm())$(.$wait)?.map(drop),
        }
        .expect("the device serves")
    };
}

/// Requests served per second over `sessions` sessions.
pub(crate) fn rate(
    target: &Target,
    work: Work,
    sessions: usize,
    tls: bool,
    client: Client,
    time: Duration,
) -> f64 {
    match client {
        Client::Threads => with_threads(target, work, sessions, tls, time),
        Client::Tasks => with_tasks(target, work, sessions, tls, time),
    }
}

fn with_threads(target: &Target, work: Work, sessions: usize, tls: bool, time: Duration) -> f64 {
    let (stop, total, start) = (AtomicBool::new(false), AtomicU64::new(0), Barrier::new(sessions + 1));
    std::thread::scope(|scope| {
        for _ in 0..sessions {
            scope.spawn(|| {
                let mut session = target.open(tls);
                start.wait();
                let mut count = 0;
                while !stop.load(Ordering::Relaxed) {
                    call!(session, work);
                    count += 1;
                }
                total.fetch_add(count, Ordering::Relaxed);
            });
        }
        start.wait();
        let began = Instant::now();
        std::thread::sleep(time);
        stop.store(true, Ordering::Relaxed);
        began.elapsed()
    });
    total.load(Ordering::Relaxed) as f64 / time.as_secs_f64()
}

fn with_tasks(target: &Target, work: Work, sessions: usize, tls: bool, time: Duration) -> f64 {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let stop = std::sync::Arc::new(AtomicBool::new(false));
    runtime.block_on(async {
        let mut open = Vec::new();
        for _ in 0..sessions {
            let options = Target::options(tls);
            open.push(
                bancada_dinamo::Session::open(&target.address, &Target::credentials(), &options)
                    .await
                    .expect("a session opens"),
            );
        }
        let tasks: Vec<_> = open
            .into_iter()
            .map(|mut session| {
                let stop = std::sync::Arc::clone(&stop);
                tokio::spawn(async move {
                    let mut count = 0u64;
                    while !stop.load(Ordering::Relaxed) {
                        call!(session, work, await);
                        count += 1;
                    }
                    count
                })
            })
            .collect();
        tokio::time::sleep(time).await;
        stop.store(true, Ordering::Relaxed);
        let mut total = 0;
        for task in tasks {
            total += task.await.expect("no client fails");
        }
        total as f64 / time.as_secs_f64()
    })
}

/// Sessions opened, logged in and closed per second by `clients` clients.
pub(crate) fn opening_rate(target: &Target, tls: bool, clients: usize, time: Duration) -> f64 {
    let (stop, total) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..clients {
            scope.spawn(|| {
                let options = Target::options(tls);
                let mut count = 0;
                while !stop.load(Ordering::Relaxed) {
                    let session = Session::open(&target.address, &Target::credentials(), &options);
                    session.expect("a session opens").close().expect("it closes");
                    count += 1;
                }
                total.fetch_add(count, Ordering::Relaxed);
            });
        }
        std::thread::sleep(time);
        stop.store(true, Ordering::Relaxed);
    });
    total.load(Ordering::Relaxed) as f64 / time.as_secs_f64()
}

/// Sessions that are open and ask for nothing.
pub(crate) fn open_idle(target: &Target, count: usize) -> Vec<Session> {
    (0..count).map(|_| target.open(false)).collect()
}
