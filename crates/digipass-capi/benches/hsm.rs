//! How fast the ICSF functions verify, with the key of the BLOBs in an HSM, beside what a session with it can do at all.
//!
//! Run with `cargo bench -p bancada-digipass-capi`. A simulated HSM runs in this process, the library in a child, so that each has its own
//! cores. For every function the child notes the requests it makes of its key service, and sends the same ones, of the same kinds and
//! lengths, over a session of its own, without a pause. Both take turns in slices of 20 ms, so that whatever else the machine does, and
//! however fast its cores run and wake, meets both alike. Printed is the median share of the session's rate which the function reaches
//! (below 80 % something but the HSM takes the time), the middle half of the shares, and the time the function adds.
#![expect(unsafe_code, reason = "the C interface is what is measured")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::panic,
    reason = "a benchmark stops at the first surprise and prints what it found"
)]

use std::cell::RefCell;
use std::ffi::{CString, c_char};
use std::process::Command;
use std::ptr::{null, null_mut};
use std::time::Instant;

use aal2sdk::api::derive::AAL2DeriveTokenBlobsICSF;
use aal2sdk::api::message::AAL2VerifyMessageSignatureICSF;
use aal2sdk::api::password::AAL2VerifyPasswordICSF;
use bancada_crypto::cipher::SymAlg;
use bancada_crypto::random::SeededRandom;
use bancada_digipass::authenticator::{Authenticator, Prompt};
use bancada_digipass::blob::{BLOB_LEN, Kind, Profile};
use bancada_digipass::derive::{Derivation, DerivationFormat, derive_token_blobs};
use bancada_digipass::keys::{InProcessKeys, InitialVector, KeyAlgorithm, KeyError, KeyService};
use bancada_digipass::message::channel::gen_message_request;
use bancada_digipass::message::{
    MessageSignature, Protection, gen_payload_key_blob, verify_message_signature,
};
use bancada_digipass::vector::MessageVector;
use bancada_digipass::verify::{Password, verify_password};
use bancada_digipass::{Blob, Context, Definition, KernelParams, Owner, Sealing};
use bancada_dinamo_blocking::tls::ServerTrust;
use bancada_dinamo_blocking::{Credentials, Options, Session};
use bancada_simulator::Cluster;
use bancada_wire::algorithm::{key, mode, padding};
use bancada_wire::codec::SecretTail;
use bancada_wire::op::{GetRandom, KeyImp, SymCrypt};
use bancada_wire::text::ObjectName;

const NOW: u64 = 1_700_000_000;
const PASSWORD: &str = "12345678";
const STORAGE_KEY: [u8; 32] = [7; 32];
const ADDRESS: &str = "BANCADA_DIGIPASS_HSM";
const CERTIFICATE: &str = "BANCADA_DIGIPASS_HSM_CERTIFICATE";
/// The BLOBs of a derivation.
const DERIVED: usize = 8;
/// Pairs of measurements, and the least time of each.
const ROUNDS: usize = 201;
const ROUND_S: f64 = 0.02;

fn main() {
    if std::env::var_os(ADDRESS).is_some() {
        return measure();
    }
    // `cargo bench` says `--bench`; test runners that build every target do not, and are given nothing to run.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let cluster = Cluster::builder().nodes(1).user("aal", PASSWORD, 0).start_blocking().unwrap();
    let address = cluster.nodes()[0].address().to_string();
    let user = Credentials::user("aal", PASSWORD).unwrap();
    let mut session = Session::open(&address, &user, &Options::clear()).unwrap();
    let material = SecretTail::from(STORAGE_KEY.to_vec());
    session.call(KeyImp { algorithm: key::AES_256, attributes: 0, name: name(), material }).unwrap();
    session.close().unwrap();
    for certificate in ["none", "any"] {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.env(ADDRESS, &address).env(CERTIFICATE, certificate);
        child.env("BANCADA_DIGIPASS_HSM_USER", "aal").env("BANCADA_DIGIPASS_HSM_PASSWORD", PASSWORD);
        child.env("BANCADA_DIGIPASS_TIME", NOW.to_string()).env_remove("BANCADA_DIGIPASS_TRACE");
        assert!(child.status().unwrap().success());
    }
}

fn name() -> ObjectName {
    ObjectName::new("STORAGE_KEY").unwrap()
}

/// A request of the key service, with its length in bytes.
#[derive(Clone, Copy)]
enum Request {
    Crypt { direction: u8, length: usize },
    Random { length: usize },
}

/// A key service that notes what it is asked.
struct Noting {
    keys: InProcessKeys,
    asked: RefCell<Vec<Request>>,
}

impl Noting {
    fn note(&self, request: Request) {
        self.asked.borrow_mut().push(request);
    }
}

impl KeyService for Noting {
    fn decrypt(&self, key: &str, iv: &InitialVector, data: &mut [u8]) -> Result<(), KeyError> {
        self.note(Request::Crypt { direction: mode::DECRYPT, length: data.len() });
        self.keys.decrypt(key, iv, data)
    }

    /// As the library does it with an HSM.
    fn decrypt_each(&self, key: &str, iv: &InitialVector, pieces: &mut [&mut [u8]]) -> Result<(), KeyError> {
        let length = pieces.iter().map(|piece| piece.len()).sum();
        self.note(Request::Crypt { direction: mode::DECRYPT, length });
        pieces.iter_mut().try_for_each(|piece| self.keys.decrypt(key, iv, piece))
    }

    fn encrypt(&self, key: &str, iv: &InitialVector, data: &mut [u8]) -> Result<KeyAlgorithm, KeyError> {
        self.note(Request::Crypt { direction: mode::ENCRYPT, length: data.len() });
        self.keys.encrypt(key, iv, data)
    }

    fn random(&self, out: &mut [u8]) -> Result<(), KeyError> {
        self.note(Request::Random { length: out.len() });
        self.keys.random(out)
    }
}

/// What is verified, made under the same key as the HSM's.
struct Material {
    service: Noting,
    password: (Blob, CString),
    message: (Blob, CString, CString),
    derivation: (Blob, CString),
}

fn definition(kind: Kind, suite: &str) -> Definition {
    let mut profile = Profile::new(*b"MOB30", kind, suite.parse().unwrap());
    (profile.derivation, profile.secure_channel) = (true, true);
    Definition::generate(Owner::new("VDS0000001", "BENCH").unwrap(), profile, &mut SeededRandom::from_u64(1))
}

impl Material {
    fn new() -> Self {
        let keys = InProcessKeys::new(Box::new(SeededRandom::from_u64(3)));
        keys.add("STORAGE.KEY", SymAlg::Aes256, &STORAGE_KEY, true).unwrap();
        let service = Noting { keys, asked: RefCell::default() };
        let params = KernelParams::default();
        let cx = context(&service, &params);
        let prompt = Prompt { now: NOW, ..Prompt::default() };
        let c = |text: &str| CString::new(text).unwrap();
        let otp = definition(Kind::ResponseOnly, "TOTP-SHA256-8-T36S");
        let otp_blob = otp.blob(&cx).unwrap();
        let mut device = Authenticator::new(std::slice::from_ref(&otp)).unwrap();
        let password = device.password(&prompt, None).unwrap().text;
        let code = device.derivation_code(&prompt, b"phone", None, DerivationFormat::Decimal).unwrap();
        let vector = MessageVector { protection: Protection::Encrypted, customer: [0; 10] }.to_hex();
        let vector = Some(vector.as_bytes());
        let licence = definition(Kind::MasterActivation, "OCRA-1:HOTP-SHA256-8:QH16").blob(&cx).unwrap();
        let key = gen_payload_key_blob(&cx, &licence, vector, &mut SeededRandom::from_u64(2)).unwrap();
        let message = gen_message_request(&cx, &key, vector, Some(b"0101")).unwrap();
        let signer = definition(Kind::Signature, "OCRA-1:HOTP-SHA256-8:QH64-T36S");
        let signer_blob = signer.blob(&cx).unwrap();
        let signature = Authenticator::new(&[signer]).unwrap().sign_message(&prompt, &message).unwrap().text;
        Self {
            password: (otp_blob.clone(), c(&password)),
            message: (signer_blob, c(&message), c(&signature)),
            derivation: (otp_blob, c(&code)),
            service,
        }
    }

    /// The requests each function makes of the key service.
    fn requests(&self) -> [Vec<Request>; 3] {
        let params = KernelParams::default();
        let cx = context(&self.service, &params);
        let note = |work: &dyn Fn()| {
            self.service.asked.take();
            work();
            self.service.asked.take()
        };
        let password = Password { password: Some(self.password.1.as_bytes()), challenge: None };
        let message = MessageSignature {
            expiration_s: 60,
            signature: Some(self.message.2.as_bytes()),
            message: Some(self.message.1.as_bytes()),
            deferred: 0,
        };
        let code = Some(self.derivation.1.as_bytes());
        let derivation = Derivation { count: DERIVED as i32, challenge: None, code, format: 0 };
        [
            note(&|| drop(verify_password(&cx, &mut self.password.0.clone(), &password).unwrap())),
            note(&|| drop(verify_message_signature(&cx, &mut self.message.0.clone(), &message).unwrap())),
            note(&|| {
                let mut blobs = vec![Some(self.derivation.0.clone()); DERIVED];
                drop(derive_token_blobs(&cx, &mut blobs, &derivation).unwrap());
            }),
        ]
    }
}

fn context<'a>(service: &'a Noting, params: &'a KernelParams) -> Context<'a> {
    let sealing = Sealing::Service { service, key: "STORAGE.KEY", iv: InitialVector::default() };
    Context { now: NOW, params, sealing }
}

/// A function of the interface, called once.
type Function<'a> = (&'a str, Box<dyn FnMut() + 'a>);

/// The child: every function beside the requests it makes.
fn measure() {
    let certificate = std::env::var(CERTIFICATE).unwrap();
    let options = match certificate.as_str() {
        "none" => Options::clear(),
        _ => Options::tls(&ServerTrust::AcceptAny).unwrap(),
    };
    let user = Credentials::user("aal", PASSWORD).unwrap();
    let mut session = Session::open(&std::env::var(ADDRESS).unwrap(), &user, &options).unwrap();
    let transport = if certificate == "none" { "clear" } else { "TLS" };
    let material = Material::new();
    let key = CString::new("STORAGE.KEY").unwrap();
    let key = key.as_ptr();
    let mut functions: [Function<'_>; 3] = [
        ("AAL2VerifyPasswordICSF", Box::new(|| password(&material, key))),
        ("AAL2VerifyMessageSignatureICSF", Box::new(|| message(&material, key))),
        ("AAL2DeriveTokenBlobsICSF, 8 BLOBs", Box::new(|| derivation(&material, key))),
    ];
    for ((function, call), requests) in functions.iter_mut().zip(material.requests()) {
        let mut shares = Vec::new();
        let mut rates = Vec::new();
        let mut added = Vec::new();
        for round in 0..ROUNDS {
            let mut raw = || rate(|| requests.iter().for_each(|request| round_trip(&mut session, *request)));
            let (kernel, raw) = if round % 2 == 0 {
                let raw = raw();
                (rate(&mut **call), raw)
            } else {
                (rate(&mut **call), raw())
            };
            rates.push(kernel);
            shares.push(kernel / raw);
            added.push(1e6 / kernel - 1e6 / raw);
        }
        println!(
            "{transport:5} {function:34} {:6.0} per second, {:2} requests each, {:5.1} % of the session's own rate \
             (middle half {:.1} to {:.1}), {:+.1} us",
            quantile(&mut rates, 0.5),
            requests.len(),
            100.0 * quantile(&mut shares, 0.5),
            100.0 * quantile(&mut shares, 0.25),
            100.0 * quantile(&mut shares, 0.75),
            quantile(&mut added, 0.5),
        );
    }
}

/// The value below which this part of all values is.
fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * part) as usize]
}

/// How often per second.
fn rate(mut work: impl FnMut()) -> f64 {
    let start = Instant::now();
    let mut times = 0;
    loop {
        work();
        times += 1;
        let elapsed = start.elapsed().as_secs_f64();
        if elapsed >= ROUND_S {
            return f64::from(times) / elapsed;
        }
    }
}

/// A request of the key service as it goes to an HSM, which takes BLOBs in CBC mode.
fn round_trip(session: &mut Session, request: Request) {
    let (direction, length) = match request {
        Request::Crypt { direction, length } => (direction, length),
        Request::Random { length } => {
            let asked = GetRandom { length: u32::try_from(length).unwrap() };
            assert_eq!(session.call(asked).unwrap().expose().len(), length);
            return;
        }
    };
    let request = SymCrypt {
        name: name(),
        direction,
        mode: mode::CBC,
        padding: padding::NONE,
        tag_length: 0,
        iv_length: 16,
        iv: [0; 32],
        aad_length: 0,
        data: SecretTail::from(vec![9; length]),
    };
    assert_eq!(session.call(request).unwrap().expose().len(), length);
}

fn password(material: &Material, key: *const c_char) {
    let (blob, password) = &material.password;
    let mut blob = *blob.as_bytes();
    let mut code = [0; 18];
    let mut length = 18;
    // SAFETY: a BLOB, texts with their ends, and the places that aal2sdk.h asks for.
    let result = unsafe {
        AAL2VerifyPasswordICSF(
            blob.as_mut_ptr().cast(),
            null(),
            key,
            null(),
            password.as_ptr(),
            null(),
            code.as_mut_ptr(),
            &raw mut length,
        )
    };
    assert_eq!(result, 0);
}

fn message(material: &Material, key: *const c_char) {
    let (blob, message, signature) = &material.message;
    let mut blob = *blob.as_bytes();
    let mut code = [0; 18];
    let mut length = 18;
    // SAFETY: as above.
    let result = unsafe {
        AAL2VerifyMessageSignatureICSF(
            blob.as_mut_ptr().cast(),
            null(),
            key,
            null(),
            60,
            signature.as_ptr(),
            message.as_ptr(),
            0,
            code.as_mut_ptr(),
            &raw mut length,
        )
    };
    assert_eq!(result, 0);
}

fn derivation(material: &Material, key: *const c_char) {
    let (blob, code) = &material.derivation;
    let mut blobs: [[u8; BLOB_LEN]; DERIVED] = [*blob.as_bytes(); DERIVED];
    let mut table = [null_mut(); DERIVED];
    for (place, blob) in table.iter_mut().zip(&mut blobs) {
        *place = blob.as_mut_ptr().cast();
    }
    // SAFETY: eight BLOBs and their table, and texts with their ends.
    let result = unsafe {
        AAL2DeriveTokenBlobsICSF(
            table.as_mut_ptr(),
            DERIVED as i16,
            null(),
            key,
            null(),
            null(),
            code.as_ptr(),
            0,
        )
    };
    assert_eq!(result, 0);
}
