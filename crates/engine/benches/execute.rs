//! What the device adds to the cryptography: requests through `Hsm::execute` beside the same work done directly.
//!
//! Run with `cargo bench -p bancada-engine`; the last lines are the ratios.
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark stops at the first surprise and tells"
)]
#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "a benchmark is about time")]

use bancada_crypto::Zeroizing;
use bancada_crypto::cipher::{Mode, Padding, SymAlg, SymKey};
use bancada_crypto::ec::{Curve, EcPrivateKey};
use bancada_crypto::random::SeededRandom;
use bancada_engine::seed::{Seed, SeedKey, SeedUser};
use bancada_engine::{Env, Hsm, HsmConfig, Request, Session};
use bancada_store::MemoryStore;
use bancada_wire::algorithm::{hash, key, mode};
use bancada_wire::codec::{SecretTail, ShortTail};
use bancada_wire::frame::{HEADER_LEN, Header, Hello};
use bancada_wire::op::{
    EccSign, LOGIN_RESPONSE_LEN, LoginResponse, Operation, Ping, SymCrypt, encode_request,
};
use bancada_wire::reply::Reply;
use bancada_wire::status::Status;
use bancada_wire::text::{ObjectName, Password, UserName};
use criterion::Criterion;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

const KEY: [u8; 32] = [7; 32];
const TEXT: [u8; 1024] = [0x42; 1024];

/// A device with a session, ready to be asked.
struct Bench {
    hsm: Hsm,
    session: Session,
    random: SeededRandom,
    reply: Reply,
}

impl Bench {
    fn new(p256: &EcPrivateKey) -> Self {
        let mut random = SeededRandom::from_u64(1);
        let mut env = Env { now_ms: 0, random: &mut random };
        let stores = (Arc::new(MemoryStore::new()), Arc::new(MemoryStore::new()));
        let master_key = Zeroizing::new([1; 32]);
        let hsm = Hsm::open(HsmConfig::default(), &master_key, stores.0, stores.1, &mut env).unwrap();
        let alice = SeedUser {
            name: "alice".to_owned(),
            password: "12345678".to_owned().into(),
            ..SeedUser::default()
        };
        let key = |name: &str, algorithm, material: &[u8]| SeedKey {
            owner: "alice".to_owned(),
            name: name.to_owned(),
            algorithm,
            attributes: 0,
            material: Some(material.to_vec().into()),
        };
        let keys =
            vec![key("ec", key::ECC_SECP256R1, &p256.to_pkcs8().unwrap()), key("aes", key::AES_256, &KEY)];
        hsm.apply(&Seed { users: vec![alice], keys, ..Seed::default() }, &mut env).unwrap();
        let session = hsm.session(Hello { tls: false, token: false }, "", &mut env);
        let mut bench = Self { hsm, session, random, reply: Reply::new() };
        bench.log_in();
        bench
    }

    fn log_in(&mut self) {
        let authenticate = frame(&bancada_wire::op::Authenticate);
        self.execute(&authenticate);
        let challenge = self.reply.bytes().last_chunk().unwrap();
        let digest = bancada_crypto::login::password_digest(Password::new("12345678").unwrap().expose());
        let proof = bancada_crypto::login::chap(&digest, challenge);
        let mut answer = Vec::new();
        let user = UserName::new("alice").unwrap();
        bancada_wire::codec::encode(&LoginResponse { proof, user }, &mut answer);
        let answer: &[u8; LOGIN_RESPONSE_LEN] = answer.first_chunk().unwrap();
        let mut env = Env { now_ms: 0, random: &mut self.random };
        self.reply.clear(4096);
        self.hsm.execute(&mut self.session, &mut env, Request::LoginResponse(answer), &mut self.reply);
        assert_eq!(self.reply.status(), Status::SUCCESS);
    }

    fn execute(&mut self, (header, payload): &(Header, Vec<u8>)) {
        self.reply.clear(4096);
        let mut env = Env { now_ms: 0, random: &mut self.random };
        let request = Request::Frame { code: header.id, flag: header.flag(), payload };
        self.hsm.execute(&mut self.session, &mut env, request, &mut self.reply);
        assert_eq!(self.reply.status(), Status::SUCCESS);
    }
}

fn frame<O: Operation>(operation: &O) -> (Header, Vec<u8>) {
    let mut bytes = Vec::new();
    encode_request(operation, &mut bytes);
    let header = Header::from_bytes(*bytes.first_chunk().unwrap());
    (header, bytes.split_off(HEADER_LEN))
}

/// Measures one thing, and gives the time of one run.
fn measure(criterion: &mut Criterion, group: &str, name: &str, mut run: impl FnMut()) -> Duration {
    let (mut spent, mut runs) = (Duration::ZERO, 0);
    criterion.benchmark_group(group).bench_function(name, |bencher| {
        bencher.iter_custom(|iterations| {
            let start = Instant::now();
            for _ in 0..iterations {
                run();
            }
            let elapsed = start.elapsed();
            spent += elapsed;
            runs += iterations;
            elapsed
        });
    });
    spent / u32::try_from(runs.max(1)).unwrap_or(u32::MAX)
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let p256 = EcPrivateKey::generate(Curve::P256).unwrap();
    let aes = SymKey::new(SymAlg::Aes256, &KEY).unwrap();
    let mut bench = Bench::new(&p256);
    let name = |name| ObjectName::new(name).unwrap();

    let ping = frame(&Ping);
    let pinged = measure(&mut criterion, "ping", "device", || bench.execute(black_box(&ping)));

    let hash = ShortTail::new(&[0x48; 32]).unwrap();
    let sign = frame(&EccSign { name: name("ec"), hash_algorithm: hash::SHA2_256, hash });
    let signed = measure(&mut criterion, "p256_sign", "device", || bench.execute(black_box(&sign)));
    let signed_directly = measure(&mut criterion, "p256_sign", "library", || {
        black_box(p256.sign_prehash(black_box(&[0x48; 32])).unwrap());
    });

    let crypt = frame(&SymCrypt {
        name: name("aes"),
        direction: mode::ENCRYPT,
        mode: mode::GCM,
        padding: 0,
        tag_length: 0,
        iv_length: 12,
        iv: [3; 32],
        aad_length: 0,
        data: SecretTail::from(&TEXT[..]),
    });
    let sealed = measure(&mut criterion, "aes_256_gcm_1k", "device", || bench.execute(black_box(&crypt)));
    let mut out = Vec::with_capacity(TEXT.len() + 16);
    let sealed_directly = measure(&mut criterion, "aes_256_gcm_1k", "library", || {
        out.clear();
        let gcm = Mode::Gcm { tag_len: 16, aad: &[] };
        aes.encrypt(gcm, Padding::None, &[3; 12], black_box(&TEXT), &mut out).unwrap();
        black_box(&out);
    });
    criterion.final_summary();

    // Test runners that build every target only list it: nothing was measured then.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    println!("ping: {pinged:?} a request");
    let speed = |what: &str, device: Duration, library: Duration| {
        let ratio = library.as_secs_f64() / device.as_secs_f64();
        println!(
            "{what}: {device:?} through the device, {library:?} directly: ratio {ratio:.2} of its speed"
        );
    };
    speed("P-256 signature", signed, signed_directly);
    speed("AES-256-GCM over 1 KiB", sealed, sealed_directly);
}
