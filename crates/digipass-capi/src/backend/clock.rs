//! The host's time: the system's clock, or the time fixed by `BANCADA_DIGIPASS_TIME`, which is ours.

use std::time::{SystemTime, UNIX_EPOCH};

use bancada_digipass::ReturnCode;

/// The variable that fixes the time, as seconds since 1970 or as RFC 3339 in UTC (`2023-11-14T22:13:20Z`).
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

/// Seconds since 1970 from their decimal digits, or from RFC 3339 with `Z`; fractions of a second are dropped.
fn parse(text: &str) -> Option<u64> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    let text = text.strip_suffix(['Z', 'z']).or_else(|| text.strip_suffix("+00:00"))?;
    let (date, time) = text.split_once(['T', 't', ' '])?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let lengths = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let length = *lengths.get(usize::try_from(month.checked_sub(1)?).ok()?)?;
    if year < 1970 || !(1..=length).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let before = year - 1;
    let leap_days = |year: u64| year / 4 - year / 100 + year / 400;
    let months: u64 = lengths.iter().take(usize::try_from(month - 1).ok()?).sum();
    let days = (year - 1970) * 365 + leap_days(before) - leap_days(1969) + months + day - 1;
    Some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

/// Three numbers of these widths between separators.
fn numbers(text: &str, separator: char, widths: [usize; 3]) -> Option<[u64; 3]> {
    let mut parts = text.split(separator);
    let mut out = [0; 3];
    for (number, width) in out.iter_mut().zip(widths) {
        let part = parts.next().filter(|part| part.len() == width)?;
        *number = part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())??;
    }
    parts.next().is_none().then_some(out)
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
            "2023-11-14T22:13:20+01:00",
            "2023-11-1\u{661}T22:13:20Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
