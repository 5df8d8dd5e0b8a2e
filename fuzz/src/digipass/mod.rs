//! The Digipass kernel: BLOBs, import files, messages, vectors, derivation codes and stored authenticators.
//!
//! Where a checksum would keep the fuzzer out, it is computed here, from what docs/digipass.md says about it: everything behind the
//! checksum has to stand any bytes too, because whoever has the library can make it.

pub mod blob;
mod calls;
pub mod capi;
pub mod channel;
pub mod device;
pub mod files;

use bancada_crypto::cipher::{Mode, Padding, SymAlg, SymKey};
use bancada_crypto::hash::{HashAlg, digest};
use bancada_crypto::mac::Hmac;
use bancada_crypto::random::SeededRandom;
use bancada_digipass::blob::{Kind, Profile};
use bancada_digipass::params::{DYNAMIC_WINDOW, SYNC_DISCRETE, SYNC_MINUTES};
use bancada_digipass::vector::{StaticVector, Template};
use bancada_digipass::{Blob, Context, Definition, KernelParams, Owner, Sealing};

use crate::input::Input;

pub(crate) const NOW: u64 = 1_700_000_000;
pub(crate) const SERIAL: &str = "VDS0000001";

/// The host, with these parameters, at this time.
pub(crate) fn context(params: &KernelParams, now: u64) -> Context<'_> {
    Context { now, params, sealing: Sealing::Software }
}

/// Parameters with narrow windows: wide ones are right, but slow.
pub(crate) fn params(input: &mut Input<'_>) -> KernelParams {
    let [window, sync, checks, flags, threshold, days, derive] = input.array();
    KernelParams {
        i_time_window: i32::from(window % 20) | if flags & 1 == 1 { DYNAMIC_WINDOW } else { 0 },
        s_time_window: i32::from(window >> 4) | if flags & 2 == 2 { DYNAMIC_WINDOW } else { 0 },
        check_challenge: i32::from(checks % 6),
        online_sg: i32::from(checks >> 6),
        gmt_adjust: (i32::from(days) - 128) << 9,
        sync_window: i32::from(sync % 4) | if flags & 4 == 4 { SYNC_DISCRETE } else { SYNC_MINUTES },
        event_window: 10 + i32::from(sync >> 6),
        i_threshold: i32::from(threshold & 15),
        s_threshold: i32::from(threshold >> 4),
        chk_inact_days: if flags & 8 == 8 { i32::from(days) } else { 0 },
        derive_vector: i32::from(derive & 3),
        ..KernelParams::default()
    }
}

/// Applications of every kind with everything switched on, their keys always the same.
pub(crate) fn definitions() -> Vec<Definition> {
    let kinds = [
        (Kind::ResponseOnly, "TOTP-SHA256-8-T36S"),
        (Kind::ChallengeResponse, "OCRA-1:HOTP-SHA256-8:QN08-T36S"),
        (Kind::Signature, "OCRA-1:HOTP-SHA256-8:QH64-T36S"),
        (Kind::MultiMode, "OCRA-1:HOTP-SHA1-6:C-QH64"),
        (Kind::MasterActivation, "OCRA-1:HOTP-SHA256-8:QH16"),
    ];
    let definition = |(kind, suite): (Kind, &str)| {
        let mut profile = Profile::new(*b"MOB30", kind, suite.parse().expect("a suite"));
        profile.host_code_len = 6;
        (profile.derivation, profile.score, profile.pin, profile.unlock) = (true, true, true, true);
        (profile.secure_channel, profile.virtual_token) = (true, true);
        profile.virtual_primary = kind == Kind::Signature;
        let owner = Owner::new(SERIAL, kind.code()).expect("an owner");
        let random = &mut SeededRandom::from_u64(kind as u64);
        let mut definition = Definition::generate(owner, profile, random);
        definition.pin_rules.enabled = false;
        definition.payload_key = Some((*b"sixteen byte key").into());
        definition.instances = if kind == Kind::MasterActivation { 3 } else { 0 };
        definition
    };
    kinds.into_iter().map(definition).collect()
}

/// A BLOB whose checksum holds, of 80 bytes in clear and 80 that are sealed.
pub(crate) fn reseal(header: &[u8; 24], clear: &[u8; 80], sealed: &[u8; 80], params: &KernelParams) -> Blob {
    let part = |purpose: u8| {
        let mut mac = Hmac::new(HashAlg::Sha256, b"bancada digipass software storage 1");
        mac.update(&[purpose]);
        mac.update(&header[..22]);
        mac.update(&params.derive_vector.to_be_bytes());
        params.storage_derive_keys.iter().for_each(|key| mac.update(&key.to_be_bytes()));
        mac.finish()
    };
    let check = |parts: &[&[u8]]| digest(HashAlg::Sha256, &parts.concat());
    let key_check = check(&[b"bancada digipass blob key check 2", &sealed[..], &header[..22], &clear[..32]]);
    let key = SymKey::new(SymAlg::Aes256, &part(0)).expect("32 bytes");
    let mut inner = clear.to_vec();
    key.encrypt(Mode::Cbc, Padding::None, &part(1)[..16], sealed, &mut inner).expect("whole blocks");
    inner.extend_from_slice(&key_check[..4]);
    let checksum = check(&[b"bancada digipass blob checksum 2", header, &inner]);
    inner.extend_from_slice(&checksum[..4]);
    let text = bancada_digipass::encoding::to_base64(&inner);
    Blob::from_bytes(&[header, text.as_bytes()].concat()).expect("248 bytes")
}

/// The key derivation of the kernel.
pub(crate) fn derive(parent: &[u8], label: &str, parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::new(HashAlg::Sha256, parent);
    for part in [label.as_bytes()].iter().chain(parts) {
        mac.update(&(part.len() as u16).to_be_bytes());
        mac.update(part);
    }
    mac.finish().to_vec()
}

/// The static vector of the applications that are not the licence.
pub(crate) fn static_vector() -> StaticVector {
    let template = |definition: &Definition| Template {
        name: definition.owner.application,
        profile: definition.profile.clone(),
    };
    let applications = definitions().iter().take(4).map(template).collect();
    let mut vector = StaticVector::generate(*b"VDS", applications, &mut SeededRandom::from_u64(1));
    vector.post_activation = 3;
    vector
}

/// The printable and the empty text that bytes stand for, cut at the first that is neither.
pub(crate) fn text(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is computed here is what the kernel computes; else the fuzzer would not get behind the checksums.
    #[test]
    fn checksums_are_the_kernels() {
        let params = KernelParams { derive_vector: 3, ..KernelParams::default() };
        for definition in definitions() {
            let blob = definition.blob(&context(&params, NOW)).unwrap();
            let inner = bancada_digipass::encoding::from_base64(&blob.as_bytes()[24..]).unwrap();
            let mut sealed = [0; 80];
            sealed[16..16 + definition.key.len()].copy_from_slice(&definition.key);
            let header = blob.as_bytes().first_chunk().unwrap();
            assert!(reseal(header, inner.first_chunk().unwrap(), &sealed, &params) == blob);
        }
    }
}
