//! What the tests of several modules share: a host with a clock, and issued applications.

use bancada_crypto::random::SeededRandom;

use crate::authenticator::{Authenticator, Prompt};
use crate::blob::{Application, Kind, Profile};
use crate::verify::{Password, SignatureRequest, Verified, verify_password, verify_signature};
use crate::{Blob, Context, Definition, KernelParams, Owner, ReturnCode, Sealing};

pub(crate) const NOW: u64 = 1_700_000_000;
pub(crate) const RO: &str = "TOTP-SHA256-8-T36S";
pub(crate) const CR: &str = "OCRA-1:HOTP-SHA256-8:QN08-T36S";
pub(crate) const SG: &str = "OCRA-1:HOTP-SHA256-8:QH64-T36S";

/// A host and one authenticator with one application.
pub(crate) struct Bench {
    pub(crate) now: u64,
    pub(crate) params: KernelParams,
    pub(crate) blob: Blob,
    pub(crate) device: Authenticator,
}

/// An application of a serial number, with a key that follows from its name.
pub(crate) fn definition(kind: Kind, suite: &str, application: &str) -> Definition {
    let owner = Owner::new("VDS0000001", application).unwrap();
    let profile = Profile::new(*b"MOB30", kind, suite.parse().unwrap());
    let start = application.bytes().fold(0u64, |sum, byte| sum * 31 + u64::from(byte));
    Definition::generate(owner, profile, &mut SeededRandom::from_u64(start))
}

impl Bench {
    pub(crate) fn new(kind: Kind, suite: &str) -> Self {
        Self::with(kind, suite, |_| {})
    }

    pub(crate) fn with(kind: Kind, suite: &str, change: impl FnOnce(&mut Definition)) -> Self {
        let mut definition = definition(kind, suite, "APP");
        change(&mut definition);
        Self::of(&definition)
    }

    pub(crate) fn of(definition: &Definition) -> Self {
        let params = KernelParams { i_time_window: 10, s_time_window: 10, ..KernelParams::default() };
        let cx = Context { now: NOW, params: &params, sealing: Sealing::Software };
        let blob = definition.blob(&cx).unwrap();
        let device = Authenticator::new(std::slice::from_ref(definition)).unwrap();
        Self { now: NOW, params, blob, device }
    }

    pub(crate) fn cx(&self) -> Context<'_> {
        Context { now: self.now, params: &self.params, sealing: Sealing::Software }
    }

    pub(crate) fn prompt(&self) -> Prompt<'static> {
        Prompt { application: None, now: self.now, score: 0 }
    }

    /// The opened BLOB.
    pub(crate) fn app(&self) -> Application {
        Application::open(&self.cx(), &self.blob).unwrap()
    }

    /// Changes the BLOB behind the kernel's back.
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut Application)) {
        let mut app = self.app();
        change(&mut app);
        self.blob = app.seal(&self.cx()).unwrap();
    }

    /// The device's password so many seconds from now.
    pub(crate) fn otp_at(&mut self, seconds: i64) -> String {
        let prompt = Prompt { now: self.now.saturating_add_signed(seconds), ..self.prompt() };
        self.device.password(&prompt, None).unwrap().text
    }

    pub(crate) fn otp(&mut self) -> String {
        self.otp_at(0)
    }

    pub(crate) fn answer(&mut self, challenge: &str) -> String {
        let prompt = self.prompt();
        self.device.password(&prompt, Some(challenge)).unwrap().text
    }

    pub(crate) fn verify(&mut self, password: &str) -> Result<Verified, ReturnCode> {
        self.verify_with(password, None)
    }

    pub(crate) fn verify_with(
        &mut self,
        password: &str,
        challenge: Option<&str>,
    ) -> Result<Verified, ReturnCode> {
        let mut blob = self.blob.clone();
        let request =
            Password { password: Some(password.as_bytes()), challenge: challenge.map(str::as_bytes) };
        let result = verify_password(&self.cx(), &mut blob, &request);
        self.blob = blob;
        result
    }

    /// The code of verifying a password.
    pub(crate) fn code(&mut self, password: &str) -> i32 {
        self.verify(password).map_or_else(|code| code, |verified| verified.code()).0
    }

    pub(crate) fn code_with(&mut self, password: &str, challenge: &str) -> i32 {
        self.verify_with(password, Some(challenge)).map_or_else(|code| code, |verified| verified.code()).0
    }

    pub(crate) fn sign_at(&mut self, seconds: i64, data: &[&str]) -> String {
        let prompt = Prompt { now: self.now.saturating_add_signed(seconds), ..self.prompt() };
        self.device.sign(&prompt, data).unwrap().text
    }

    pub(crate) fn check_signature(
        &mut self,
        signature: &str,
        data: &[&str],
        deferred: u32,
    ) -> Result<Verified, ReturnCode> {
        let mut blob = self.blob.clone();
        let fields: Vec<&[u8]> = data.iter().map(|field| field.as_bytes()).collect();
        let request =
            SignatureRequest { signature: Some(signature.as_bytes()), fields: Some(&fields), deferred };
        let result = verify_signature(&self.cx(), &mut blob, &request);
        self.blob = blob;
        result
    }

    pub(crate) fn sign_code(&mut self, signature: &str, data: &[&str], deferred: u32) -> i32 {
        self.check_signature(signature, data, deferred).map_or_else(|code| code, |verified| verified.code()).0
    }

    /// A response of the right form that is not the right one.
    pub(crate) fn wrong(right: &str) -> String {
        let mut digits = right.as_bytes().to_vec();
        digits[0] = if digits[0] == b'9' { b'0' } else { digits[0] + 1 };
        String::from_utf8(digits).unwrap()
    }
}
