//! Binding a token to its telephone: after one derivation code the host accepts that telephone alone.
//!
//! `cargo run --package bancada-digipass --example derivation`

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use bancada_digipass::authenticator::{Authenticator, Prompt};
use bancada_digipass::blob::{Kind, Profile};
use bancada_digipass::crypto::random::SystemRandom;
use bancada_digipass::derive::{Derivation, DerivationFormat, derive_token_blobs};
use bancada_digipass::verify::{Password, verify_password};
use bancada_digipass::{Blob, Context, Definition, KernelParams, Owner, ReturnCode, Sealing};

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    let owner =
        Owner::new("VDS0000001", "LOGIN").ok_or("a serial number has 10 characters, a name up to 12")?;
    let mut profile = Profile::new(*b"MOB30", Kind::ResponseOnly, "TOTP-SHA256-8-T36S".parse()?);
    profile.derivation = true;
    let token = Definition::generate(owner, profile, &mut SystemRandom);

    let params = KernelParams::default();
    let at = |now| Context { now, params: &params, sealing: Sealing::Software };
    let now = 1_700_000_000;
    let blob = token.blob(&at(now))?;

    // Somebody copies the telephone's data before it is bound.
    let mut telephone = Authenticator::new(&[token])?;
    let mut copy = telephone.clone();

    // The telephone mixes what tells it from others into its keys, and shows a code that says so.
    let prompt = Prompt { now, ..Prompt::default() };
    let code = telephone.derivation_code(&prompt, b"this telephone", None, DerivationFormat::Decimal)?;
    println!("derivation code {code}");

    // The host binds all BLOBs of the token at once, the one that answers first.
    let mut blobs = [Some(blob)];
    let request = Derivation { count: 1, challenge: None, code: Some(code.as_bytes()), format: 0 };
    derive_token_blobs(&at(now), &mut blobs, &request)?;
    let [Some(mut blob)] = blobs else { return Err("derivation keeps every BLOB".into()) };

    let now = now + 36;
    let prompt = Prompt { now, ..Prompt::default() };
    let login = |blob: &mut Blob, shown: &str| {
        let password = Password { password: Some(shown.as_bytes()), challenge: None };
        verify_password(&at(now), blob, &password).map(|verified| verified.code())
    };
    let copied = login(&mut blob, &copy.password(&prompt, None)?.text);
    println!("the copy: {}", copied.unwrap_or_else(|code| code).text());
    assert_eq!(copied, Err(ReturnCode::NOT_VERIFIED));
    let bound = login(&mut blob, &telephone.password(&prompt, None)?.text);
    println!("the telephone: {}", bound.unwrap_or_else(|code| code).text());
    assert_eq!(bound, Ok(ReturnCode::SUCCESS));
    Ok(())
}
