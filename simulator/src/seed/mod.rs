//! Seed files: TOML that says in which state a simulated device starts a test (our format).
//!
//! `simulator/examples/seed.toml` shows every field.

mod names;

pub(crate) use names::hex;

use std::fmt;
use std::ops::Range;

use bancada_engine::seed::{Seed, SeedGrant, SeedKey, SeedOtp, SeedUser};
use bancada_wire::frame::OperatingMode;
use bancada_wire::op::PwdPolicy;
use rustls::pki_types::pem::{self, SectionKind};
use serde::Deserialize;
use toml::Spanned;
use zeroize::Zeroizing;

/// Largest seed file, in bytes.
pub const MAX_SEED_BYTES: usize = 8 << 20;

/// What is wrong with a seed file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedFileError {
    /// Line, from 1; `None` when the error is about the file as a whole.
    pub line: Option<usize>,
    /// Column, from 1.
    pub column: Option<usize>,
    /// What is wrong and what would be right.
    pub what: String,
}

impl fmt::Display for SeedFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, "line {line}, column {column}: {}", self.what),
            (Some(line), None) => write!(f, "line {line}: {}", self.what),
            _ => f.write_str(&self.what),
        }
    }
}

impl std::error::Error for SeedFileError {}

/// Reads a seed file.
///
/// # Errors
/// [`SeedFileError`] for text that is no TOML, unknown or missing fields, and values that mean nothing. Whether the
/// device takes what the file asks for (password rules, names, key material) shows when it is applied.
pub fn parse(text: &str) -> Result<Seed, SeedFileError> {
    if text.len() > MAX_SEED_BYTES {
        let what = format!("the seed file has {} bytes; {MAX_SEED_BYTES} is the most", text.len());
        return Err(SeedFileError { line: None, column: None, what });
    }
    let file: File =
        toml::from_str(text).map_err(|error| located(text, error.span(), error.message().to_owned()))?;
    file.into_seed().map_err(|wrong| located(text, Some(wrong.span), wrong.what))
}

fn located(text: &str, span: Option<Range<usize>>, what: String) -> SeedFileError {
    let before = span.and_then(|span| text.get(..span.start));
    let line = before.map(|before| before.matches('\n').count() + 1);
    let column = before.map(|before| before.chars().rev().take_while(|letter| *letter != '\n').count() + 1);
    SeedFileError { line, column, what }
}

/// A value that means nothing, and where it stands.
struct Wrong {
    span: Range<usize>,
    what: String,
}

fn wrong<T>(value: &Spanned<T>, what: impl Into<String>) -> Wrong {
    Wrong { span: value.span(), what: what.into() }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    mode: Option<Spanned<String>>,
    #[serde(default)]
    user: Vec<UserEntry>,
    #[serde(default)]
    key: Vec<KeyEntry>,
    #[serde(default)]
    grant: Vec<GrantEntry>,
    policy: Option<PolicyEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserEntry {
    name: String,
    password: String,
    #[serde(default)]
    permissions: Vec<Spanned<String>>,
    #[serde(default)]
    expired: bool,
    #[serde(default)]
    blocked: bool,
    #[serde(default)]
    must_change: bool,
    otp: Option<OtpEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OtpEntry {
    kind: Spanned<String>,
    seed: Spanned<String>,
    time_step: Option<Spanned<u16>>,
    t0: Option<u64>,
    truncation_offset: Option<u8>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyEntry {
    owner: String,
    name: String,
    algorithm: Spanned<String>,
    #[serde(default)]
    exportable: bool,
    usage: Option<Spanned<String>>,
    material: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GrantEntry {
    owner: String,
    user: String,
    permissions: Vec<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct PolicyEntry {
    max_invalid_logins: u8,
    expiration_days: u8,
    history: u8,
    min_length: u8,
    min_special: u8,
    min_upper: u8,
    min_lower: u8,
}

impl File {
    fn into_seed(self) -> Result<Seed, Wrong> {
        let policy = self.policy.map(|policy| PwdPolicy {
            max_invalid_logins: policy.max_invalid_logins,
            expiration_days: policy.expiration_days,
            history: policy.history,
            min_length: policy.min_length,
            min_special: policy.min_special,
            min_upper: policy.min_upper,
            min_lower: policy.min_lower,
        });
        Ok(Seed {
            mode: self.mode.as_ref().map(mode).transpose()?,
            users: self.user.into_iter().map(user).collect::<Result<_, _>>()?,
            keys: self.key.into_iter().map(key).collect::<Result<_, _>>()?,
            grants: self.grant.into_iter().map(grant).collect::<Result<_, _>>()?,
            policy,
        })
    }
}

/// The operating mode with this name.
pub(crate) fn mode_named(name: &str) -> Option<OperatingMode> {
    OperatingMode::ALL.into_iter().find(|mode| mode.name().eq_ignore_ascii_case(name))
}

fn mode(name: &Spanned<String>) -> Result<OperatingMode, Wrong> {
    mode_named(name.get_ref()).ok_or_else(|| {
        wrong(name, format!("there is no operating mode {:?}; use NRM, RM1 or RM2", name.get_ref()))
    })
}

fn permissions(named: &[Spanned<String>]) -> Result<u32, Wrong> {
    named.iter().try_fold(0, |mask, name| {
        let bit = names::permission(name.get_ref()).ok_or_else(|| {
            let known = names::permissions().collect::<Vec<_>>().join(", ");
            wrong(name, format!("there is no permission {:?}; use {known}", name.get_ref()))
        })?;
        Ok(mask | bit)
    })
}

fn user(entry: UserEntry) -> Result<SeedUser, Wrong> {
    Ok(SeedUser {
        permissions: permissions(&entry.permissions)?,
        name: entry.name,
        password: Zeroizing::new(entry.password),
        expired: entry.expired,
        blocked: entry.blocked,
        must_change: entry.must_change,
        otp: entry.otp.as_ref().map(otp).transpose()?,
    })
}

fn otp(entry: &OtpEntry) -> Result<SeedOtp, Wrong> {
    // A generator without a time step counts.
    let time_step = match (entry.kind.get_ref().as_str(), &entry.time_step) {
        ("hotp", None) => 0,
        ("hotp", Some(step)) => return Err(wrong(step, "a hotp generator has no time_step; remove it")),
        ("totp", None) => 30,
        ("totp", Some(step)) if *step.get_ref() == 0 => {
            return Err(wrong(step, "a time_step is at least 1 second; leave it out for 30"));
        }
        ("totp", Some(step)) => *step.get_ref(),
        (other, _) => {
            return Err(wrong(&entry.kind, format!("there is no generator {other:?}; use hotp or totp")));
        }
    };
    let seed = hex(entry.seed.get_ref())
        .filter(|seed| matches!(seed.len(), 20 | 32 | 64))
        .ok_or_else(|| wrong(&entry.seed, "a generator's seed is 20, 32 or 64 bytes in hexadecimal"))?;
    Ok(SeedOtp {
        seed,
        time_step,
        t0: entry.t0.unwrap_or_default(),
        truncation_offset: entry.truncation_offset.unwrap_or(16),
    })
}

fn key(entry: KeyEntry) -> Result<SeedKey, Wrong> {
    let algorithm = names::algorithm(entry.algorithm.get_ref()).ok_or_else(|| {
        let known = names::algorithms().collect::<Vec<_>>().join(", ");
        wrong(&entry.algorithm, format!("there is no algorithm {:?}; use {known}", entry.algorithm.get_ref()))
    })?;
    let usage = match &entry.usage {
        None => 0,
        Some(usage) => names::usage(usage.get_ref()).ok_or_else(|| {
            let known = names::usages().collect::<Vec<_>>().join(", ");
            wrong(usage, format!("there is no usage {:?}; use {known}", usage.get_ref()))
        })?,
    };
    let material = entry.material.as_ref().map(material).transpose()?;
    let attributes = usage | if entry.exportable { names::EXPORTABLE } else { 0 };
    Ok(SeedKey { owner: entry.owner, name: entry.name, algorithm, attributes, material })
}

/// Key material: one PEM block, or bytes in hexadecimal.
fn material(text: &Spanned<String>) -> Result<Zeroizing<Vec<u8>>, Wrong> {
    const WANTED: &str = "material is one PEM block (BEGIN PRIVATE KEY, RSA PRIVATE KEY, EC PRIVATE KEY, PUBLIC KEY or \
                          CERTIFICATE), or bytes in hexadecimal";
    if !text.get_ref().contains("-----BEGIN") {
        return hex(text.get_ref()).filter(|bytes| !bytes.is_empty()).ok_or_else(|| wrong(text, WANTED));
    }
    let mut lines = text.get_ref().as_bytes();
    let mut block = || pem::from_buf(&mut lines);
    match (block(), block()) {
        (Ok(Some((kind, der))), Ok(None)) if is_key(kind) => Ok(Zeroizing::new(der)),
        _ => Err(wrong(text, WANTED)),
    }
}

fn is_key(kind: SectionKind) -> bool {
    use SectionKind::{Certificate, EcPrivateKey, PrivateKey, PublicKey, RsaPrivateKey};
    matches!(kind, Certificate | EcPrivateKey | PrivateKey | PublicKey | RsaPrivateKey)
}

fn grant(entry: GrantEntry) -> Result<SeedGrant, Wrong> {
    Ok(SeedGrant { owner: entry.owner, user: entry.user, acl: permissions(&entry.permissions)? })
}

#[cfg(test)]
mod tests;
