//! A login and a signed payment: issue a token, keep its BLOB between calls, verify what the device shows.
//!
//! `cargo run --package bancada-digipass --example login`

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use bancada_digipass::authenticator::{Authenticator, Prompt};
use bancada_digipass::blob::{Kind, Profile};
use bancada_digipass::crypto::random::SystemRandom;
use bancada_digipass::verify::{Password, SignatureRequest, verify_password, verify_signature};
use bancada_digipass::{Blob, Context, Definition, KernelParams, Owner, ReturnCode, Sealing};

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    // One token with two applications: passwords, and signatures over data fields, which need the question QH64.
    let random = &mut SystemRandom;
    let mut issue = |name, kind, suite: &str| -> Result<Definition, Box<dyn Error>> {
        let owner =
            Owner::new("VDS0000001", name).ok_or("a serial number has 10 characters, a name up to 12")?;
        Ok(Definition::generate(owner, Profile::new(*b"MOB30", kind, suite.parse()?), random))
    };
    let login = issue("LOGIN", Kind::ResponseOnly, "TOTP-SHA256-8-T36S")?;
    let payment = issue("PAYMENT", Kind::Signature, "OCRA-1:HOTP-SHA256-8:QH64-T36S")?;

    // The host keeps BLOBs, 248 bytes each, in its database. The keys in them are sealed.
    let params = KernelParams { i_threshold: 3, ..KernelParams::default() };
    let at = |now| Context { now, params: &params, sealing: Sealing::Software };
    let now = 1_700_000_000;
    let mut login_row = *login.blob(&at(now))?.as_bytes();
    let mut payment_blob = payment.blob(&at(now))?;

    // The user holds the device.
    let mut device = Authenticator::new(&[login, payment])?;
    let prompt = |application, now| Prompt { application: Some(application), now, ..Prompt::default() };
    let shown = device.password(&prompt("LOGIN", now), None)?.text;

    // Every call may change the BLOB, also a refused one: write it back whatever came out.
    for (typed, expected) in [
        ("00000000", Err(ReturnCode::NOT_VERIFIED)),
        (&*shown, Ok(ReturnCode::SUCCESS)),
        (&*shown, Err(ReturnCode::CODE_REPLAY)),
    ] {
        let mut blob = Blob::from_bytes(&login_row)?;
        let password = Password { password: Some(typed.as_bytes()), challenge: None };
        let verdict = verify_password(&at(now), &mut blob, &password).map(|verified| verified.code());
        login_row = *blob.as_bytes();
        println!("{typed}: {}", verdict.unwrap_or_else(|code| code).text());
        assert_eq!(verdict, expected);
    }

    // A signature covers every field and their order.
    let now = now + 36;
    let signature = device.sign(&prompt("PAYMENT", now), &["00123456", "150000"])?.text;
    for (amount, expected) in [("950000", false), ("150000", true)] {
        let request = SignatureRequest {
            signature: Some(signature.as_bytes()),
            fields: Some(&[b"00123456", amount.as_bytes()]),
            deferred: 0,
        };
        let verdict = verify_signature(&at(now), &mut payment_blob, &request);
        println!("{signature} over {amount}: {}", if verdict.is_ok() { "accepted" } else { "refused" });
        assert_eq!(verdict.is_ok(), expected);
    }
    Ok(())
}
