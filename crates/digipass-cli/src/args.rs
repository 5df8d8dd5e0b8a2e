//! Arguments several commands share: times, texts that may stand in files, kernel parameters.

use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use bancada_digipass::{Context, KernelParams, Sealing};
use clap::Args;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use zeroize::Zeroizing;

/// The most bytes of an argument in a file: the largest import file there is.
const MOST: u64 = bancada_digipass::import::MAX_FILE as u64;

/// A text, or with `@FILE` the contents of a file, `@-` standard input.
#[derive(Clone)]
pub(crate) struct Text {
    value: Zeroizing<String>,
    /// The file it came from.
    pub(crate) path: Option<PathBuf>,
}

/// Seconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Time(pub(crate) u64);

/// What makes the software key of a BLOB.
#[derive(Args, Clone)]
pub(crate) struct SealArgs {
    /// DeriveVector: must be the same for every use of a BLOB
    #[arg(long, value_name = "N", value_parser = number, default_value = "0", help_heading = "Kernel parameters")]
    derive_vector: i32,
    /// StorageDeriveKey1, 2 … 8: repeat it; must be the same for every use of a BLOB
    #[arg(long, value_name = "N", value_parser = number, help_heading = "Kernel parameters")]
    storage_derive_key: Vec<i32>,
}

/// The parameters of a verification. A value out of its range counts as the default, as in every call of the kernel; the command warns of it.
#[derive(Args, Clone)]
#[command(next_help_heading = "Kernel parameters")]
pub(crate) struct KernelArgs {
    /// ITimeWindow: width of the window for passwords in time steps, 2 to 1000; plus 0x70000000 it grows while idle
    #[arg(long, value_name = "N", value_parser = number, default_value = "100")]
    itime_window: i32,
    /// STimeWindow: the same for signatures, 2 to 500
    #[arg(long, value_name = "N", value_parser = number, default_value = "24")]
    stime_window: i32,
    /// SyncWindow: hours at first use, 1 to 60; plus 0x70000000 minutes; plus 0x01000000 whole hours apart
    #[arg(long, value_name = "N", value_parser = number, default_value = "6")]
    sync_window: i32,
    /// EventWindow: events looked ahead, 10 to 1000
    #[arg(long, value_name = "N", value_parser = number, default_value = "100")]
    event_window: i32,
    /// CheckChallenge, 0 to 4: 1 wants the challenge stored in the BLOB [default: 1; in an activation without challenge 0]
    #[arg(long, value_name = "N", value_parser = number)]
    check_challenge: Option<i32>,
    /// OnLineSG, 0 to 3: how strict signatures are about time and repetition
    #[arg(long, value_name = "N", value_parser = number, default_value = "0")]
    online_sg: i32,
    /// IThreshold: wrong passwords in a row from which all are refused, 0 for off
    #[arg(long, value_name = "N", value_parser = number, default_value = "0")]
    ithreshold: i32,
    /// SThreshold: the same for signatures
    #[arg(long, value_name = "N", value_parser = number, default_value = "0")]
    sthreshold: i32,
    /// ChkInactDays: idle days from which a token must be reset, 0 for off
    #[arg(long, value_name = "N", value_parser = number, default_value = "0")]
    chk_inact_days: i32,
    /// GMTAdjust: seconds added to the host's time
    #[arg(long, value_name = "SECONDS", value_parser = number, default_value = "0", allow_hyphen_values = true)]
    gmt_adjust: i32,
    #[command(flatten)]
    seal: SealArgs,
}

impl Text {
    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.value
    }

    /// The text as the kernel takes it.
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        Some(self.value.as_bytes())
    }
}

impl FromStr for Text {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::read(text).map_err(|error| format!("{error:#}"))
    }
}

impl Text {
    /// Reads the file it came from once more.
    pub(crate) fn read_again(&mut self) -> anyhow::Result<()> {
        if let Some(path) = &self.path {
            *self = Self::read_file(path)?;
        }
        Ok(())
    }

    fn read(text: &str) -> anyhow::Result<Self> {
        let Some(path) = text.strip_prefix('@') else {
            return Ok(Self { value: Zeroizing::new(text.to_owned()), path: None });
        };
        if path == "-" {
            return Ok(Self { value: contents(std::io::stdin().lock(), "standard input")?, path: None });
        }
        Self::read_file(Path::new(path))
    }

    fn read_file(path: &Path) -> anyhow::Result<Self> {
        let from = path.display().to_string();
        let file = std::fs::File::open(path).with_context(|| format!("cannot open {from}"))?;
        Ok(Self { value: contents(file, &from)?, path: Some(path.to_owned()) })
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Text").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Time {
    /// The computer's clock.
    pub(crate) fn now() -> anyhow::Result<Self> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Ok(Self(since.context("the computer's clock is before 1970; set it, or give --at TIME")?.as_secs()))
    }
}

impl FromStr for Time {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let seconds = match text.parse::<u32>() {
            Ok(seconds) => Some(i64::from(seconds)),
            Err(_) => OffsetDateTime::parse(text, &Rfc3339).ok().map(OffsetDateTime::unix_timestamp),
        };
        // BLOBs and messages keep 32 bits.
        let seconds = seconds.and_then(|seconds| u32::try_from(seconds).ok()).with_context(|| {
            format!(
                "`{text}` is not a time from 1970 to 2106; write seconds such as 1700000000, or RFC 3339 such as \
                 2023-11-14T22:13:20Z"
            )
        })?;
        Ok(Self(u64::from(seconds)))
    }
}

impl SealArgs {
    /// The parameters, everything else at its default.
    pub(crate) fn params(&self) -> anyhow::Result<KernelParams> {
        let mut params = KernelParams { derive_vector: self.derive_vector, ..KernelParams::default() };
        let keys = &self.storage_derive_key;
        let places = params.storage_derive_keys.get_mut(..keys.len());
        places
            .context("there are 8 storage derive keys; give --storage-derive-key at most 8 times")?
            .copy_from_slice(keys);
        Ok(params)
    }
}

impl KernelArgs {
    /// The parameters.
    pub(crate) fn params(&self) -> anyhow::Result<KernelParams> {
        Ok(KernelParams {
            i_time_window: self.itime_window,
            s_time_window: self.stime_window,
            sync_window: self.sync_window,
            event_window: self.event_window,
            check_challenge: self.check_challenge.unwrap_or(1),
            online_sg: self.online_sg,
            i_threshold: self.ithreshold,
            s_threshold: self.sthreshold,
            chk_inact_days: self.chk_inact_days,
            gmt_adjust: self.gmt_adjust,
            ..self.seal.params()?
        })
    }
}

impl KernelArgs {
    /// The parameters of a call of an activation, which need not be bound to a challenge: without one CheckChallenge is 0 unless it
    /// was given.
    pub(crate) fn params_of_activation(&self, challenge: Option<&Text>) -> anyhow::Result<KernelParams> {
        let unasked = challenge.is_none() && self.check_challenge.is_none();
        let params = self.params()?;
        Ok(KernelParams { check_challenge: if unasked { 0 } else { params.check_challenge }, ..params })
    }
}

/// The context of a call: BLOBs are sealed in software.
pub(crate) fn context(now: Time, params: &KernelParams) -> Context<'_> {
    Context { now: now.0, params, sealing: Sealing::Software }
}

/// A text without the space around it.
fn contents(from: impl Read, name: &str) -> anyhow::Result<Zeroizing<String>> {
    let mut value = Zeroizing::new(String::new());
    let read = from.take(MOST + 1).read_to_string(&mut value);
    let read = read.with_context(|| format!("cannot read {name} as text"))?;
    anyhow::ensure!(read as u64 <= MOST, "{name} has more than {MOST} bytes; is it the right file?");
    Ok(Zeroizing::new(value.trim().to_owned()))
}

/// A whole number, decimal or after `0x` hexadecimal, of 32 bits.
fn number(text: &str) -> Result<i32, String> {
    let value = match text.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16).ok().map(u32::cast_signed),
        None => text.parse().ok(),
    };
    value.ok_or_else(|| "write a whole number of 32 bits, such as 10 or 0x7000000A".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_or_rfc_3339() {
        for (text, seconds) in [
            ("0", 0),
            ("1700000000", 1_700_000_000),
            ("2023-11-14T22:13:20Z", 1_700_000_000),
            ("2023-11-14t19:13:20.999-03:00", 1_700_000_000),
            ("2023-11-15 00:13:20+02:00", 1_700_000_000),
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T00:00:00Z", 951_782_400),
            ("2024-03-01T00:00:00Z", 1_709_251_200),
            ("2106-02-07T06:28:15Z", 4_294_967_295),
        ] {
            assert_eq!(text.parse::<Time>().unwrap(), Time(seconds), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_times() {
        for text in [
            "",
            "-1",
            "now",
            "2023-11-14",
            "2023-11-14T22:13:20",
            "2023-02-29T00:00:00Z",
            "2023-13-01T00:00:00Z",
            "2023-11-14T24:00:00Z",
            "2023-11-14T22:13:20.Z",
            "2023-11-14T22:13:20Zx",
            "2023-11-14T22:13:20+0200",
            "2106-02-07T06:28:16Z",
            "1969-12-31T23:59:59Z",
            "2023-11-14T22:13:2é",
            "4294967296",
        ] {
            assert!(text.parse::<Time>().is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_may_be_hexadecimal_flags() {
        assert_eq!(number("0x7000000A"), Ok(0x7000_000a));
        assert_eq!(number("-5"), Ok(-5));
        assert!(number("0x1_0").is_err() && number("ten").is_err() && number("99999999999").is_err());
    }

    #[test]
    fn a_text_comes_from_a_file_without_its_line_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("blob");
        std::fs::write(&path, "0123AB\n").unwrap();
        let text: Text = format!("@{}", path.display()).parse().unwrap();
        assert_eq!((text.as_str(), text.path.as_ref()), ("0123AB", Some(&path)));
        assert!("@/nowhere/at/all".parse::<Text>().is_err());
        assert!(!format!("{:?}", "secret".parse::<Text>().unwrap()).contains("secret"));
    }
}
