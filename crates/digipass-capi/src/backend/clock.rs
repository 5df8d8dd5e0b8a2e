//! The host's time: the system's clock, or the time fixed by `BANCADA_DIGIPASS_TIME`, which is ours.

use std::time::{SystemTime, UNIX_EPOCH};

use bancada_digipass::ReturnCode;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The variable that fixes the time, as seconds since 1970 or as RFC 3339 (`2023-11-14T22:13:20Z`).
pub(crate) const VARIABLE: &str = "BANCADA_DIGIPASS_TIME";

/// Seconds since 1970-01-01 UTC.
///
/// # Errors
/// [`ReturnCode::HOST_DATE`] when the variable is set and says no time.
pub(crate) fn now() -> Result<u64, ReturnCode> {
    match std::env::var_os(VARIABLE) {
        None => Ok(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())),
        Some(text) => text.to_str().and_then(parse).ok_or(ReturnCode::HOST_DATE),
    }
}

/// Seconds since 1970 from their decimal digits, or from RFC 3339; fractions of a second are dropped.
fn parse(text: &str) -> Option<u64> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    let date = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    u64::try_from(date.unix_timestamp()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_read() {
        for (text, seconds) in [
            ("0", 0),
            (" 1700000000\n", 1_700_000_000),
            ("1970-01-01T00:00:00Z", 0),
            ("2023-11-14T22:13:20Z", 1_700_000_000),
            ("2023-11-14 22:13:20.987+00:00", 1_700_000_000),
            ("2023-11-14T23:13:20+01:00", 1_700_000_000),
            ("2000-02-29T00:00:00Z", 951_782_400),
            ("2024-12-31t23:59:59z", 1_735_689_599),
            ("2038-01-19T03:14:08Z", 2_147_483_648),
        ] {
            assert_eq!(parse(text), Some(seconds), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "now",
            "-1",
            "99999999999999999999999",
            "2023-11-14",
            "2023-11-14T22:13:20",
            "2023-02-29T00:00:00Z",
            "2023-13-01T00:00:00Z",
            "2023-00-01T00:00:00Z",
            "2023-11-14T24:00:00Z",
            "1969-12-31T23:59:59Z",
            "2023-11-14T22:13:20.Z",
            "2023-11-14T22:13:20+0100",
            "2023-11-1\u{661}T22:13:20Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
