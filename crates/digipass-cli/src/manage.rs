//! `host set`, `host pin`, unlocking and the virtual token: what an administrator does with one application.

use bancada_digipass::manage::{
    authorize_unlock, gen_unlock_auth_code, get_property, id, set_property, unlock,
};
use bancada_digipass::pin::{change_static_password, reset_static_password};
use bancada_digipass::virtual_token::gen_password;
use clap::Args;

use crate::args::{Text, Time};
use crate::host::OneBlob;
use crate::inspect::item;
use crate::report::Report;

/// The properties that can be set, with the values they take.
const SETTABLE: &[(&str, i32, &str)] = &[
    ("token_status", id::TOKEN_STATUS, "0 disabled, 1 the device, 2 its backup virtual token, 3 both"),
    ("error_count", id::ERROR_COUNT, "0"),
    ("last_time_used", id::LAST_TIME_USED, "seconds since 1970, later than before"),
    ("last_time_shift", id::LAST_TIME_SHIFT, "seconds, up to 100000 either way"),
    ("event_value", id::EVENT_VALUE, "greater than before"),
    ("pin_enabled", id::PIN_ENABLED, "1 or on, 2 or off"),
    ("pin_ch_forced", id::PIN_CH_FORCED, "1 or on"),
    ("pin_min_len", id::PIN_MIN_LEN, "3 to 8"),
    ("virtual_token_grace_period", id::VIRTUAL_TOKEN_GRACE_PERIOD, "1 to 364 days from now"),
    ("virtual_token_remain_use", id::VIRTUAL_TOKEN_REMAIN_USE, "1 to 254, 0 for no limit"),
];

/// Set a property of an application
///
/// The names are those `inspect` shows.
#[derive(Args)]
#[command(after_help = "\
Properties and values:
  token_status                0 disabled, 1 the device, 2 its backup virtual token, 3 both
  error_count                 0
  last_time_used              seconds since 1970, later than before
  last_time_shift             seconds, up to 100000 either way
  event_value                 greater than before
  pin_enabled                 1 or on, 2 or off
  pin_ch_forced               1 or on
  pin_min_len                 3 to 8
  virtual_token_grace_period  1 to 364 days from now
  virtual_token_remain_use    1 to 254, 0 for no limit

Examples:
  bancada-digipass host set token_status 0 --blob @otp.blob --store
  bancada-digipass host set pin_enabled off --blob @otp.blob --store")]
pub(crate) struct Set {
    /// The property
    #[arg(value_parser = property)]
    property: i32,
    /// Its new value: a whole number, on or off
    #[arg(value_parser = value, allow_hyphen_values = true)]
    value: i64,
    #[command(flatten)]
    one: OneBlob,
}

/// Change the static PIN, or let the user choose a new one
#[derive(Args)]
#[command(after_help = "\
Examples:
  bancada-digipass host pin --new @pin.txt --blob @otp.blob --store
  bancada-digipass host pin --reset --blob @otp.blob --store
    after which a password may be the response and a new PIN twice")]
#[group(skip)]
pub(crate) struct Pin {
    /// The new PIN: 3 (or pin_min_len) to 8 letters, digits and "%&'()*+,-./:;<=>?_
    #[arg(long, value_name = "TEXT", required_unless_present = "reset", conflicts_with = "reset")]
    new: Option<Text>,
    /// Let the next password carry a new PIN twice in place of the PIN
    #[arg(long)]
    reset: bool,
    #[command(flatten)]
    one: OneBlob,
}

/// Print the code that unlocks a locked device
#[derive(Args)]
pub(crate) struct Unlock {
    /// The number the device shows, up to 8 digits
    #[arg(long, value_name = "TEXT")]
    number: Text,
    /// The unlock authentication code of the user who asks; it is then used up
    #[arg(long, value_name = "TEXT")]
    auth: Option<Text>,
    #[command(flatten)]
    one: OneBlob,
}

/// Print an unlock authentication code, by which a user may ask for an unlock code
#[derive(Args)]
pub(crate) struct AuthCode {
    /// How many codes to pass over
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(i32).range(0..=5))]
    index: i32,
    #[command(flatten)]
    one: OneBlob,
}

/// Print the password of the virtual token
#[derive(Args)]
pub(crate) struct Virtual {
    /// The challenge a primary virtual token answers
    #[arg(long, value_name = "TEXT")]
    challenge: Option<Text>,
    #[command(flatten)]
    one: OneBlob,
}

impl Set {
    /// Carries the command out.
    pub(crate) fn run(&self, now: Time) -> anyhow::Result<Report> {
        self.one.call(now, |cx, blob, report| {
            set_property(cx, blob, self.property, self.value)?;
            // TOKEN_STATUS cannot be read.
            if let Ok(value) = get_property(cx, blob, self.property) {
                let name = SETTABLE.iter().find(|(_, property, _)| *property == self.property);
                report.put(name.map_or("value", |(name, ..)| name), item(&value));
            }
            Ok(())
        })
    }
}

impl Pin {
    /// Carries the command out.
    pub(crate) fn run(&self, now: Time) -> anyhow::Result<Report> {
        self.one.call(now, |cx, blob, _| match &self.new {
            Some(new) => change_static_password(cx, blob, new.bytes(), new.bytes()),
            None => reset_static_password(cx, blob),
        })
    }
}

impl Unlock {
    /// Carries the command out.
    pub(crate) fn run(&self, now: Time) -> anyhow::Result<Report> {
        self.one.call(now, |cx, blob, report| {
            let code = match &self.auth {
                None => unlock(cx, blob, self.number.bytes())?,
                Some(auth) => authorize_unlock(cx, blob, auth.bytes(), self.number.bytes())?,
            };
            report.put("unlock_code", code);
            Ok(())
        })
    }
}

impl AuthCode {
    /// Carries the command out.
    pub(crate) fn run(&self, now: Time) -> anyhow::Result<Report> {
        self.one.call(now, |cx, blob, report| {
            let made = gen_unlock_auth_code(cx, blob, self.index)?;
            report.put("unlock_auth_code", made.code);
            report.put("counter", i64::from(made.counter));
            Ok(())
        })
    }
}

impl Virtual {
    /// Carries the command out.
    pub(crate) fn run(&self, now: Time) -> anyhow::Result<Report> {
        self.one.call(now, |cx, blob, report| {
            let made = gen_password(cx, blob, self.challenge.as_ref().and_then(Text::bytes))?;
            report.put("otp", made.text);
            if !made.host_code.is_empty() {
                report.put("host_code", made.host_code);
            }
            Ok(())
        })
    }
}

fn property(text: &str) -> Result<i32, String> {
    let found = SETTABLE.iter().find(|(name, ..)| *name == text).map(|(_, property, _)| *property);
    found.ok_or_else(|| {
        let names: Vec<&str> = SETTABLE.iter().map(|(name, ..)| *name).collect();
        format!("no such property to set; there are {}", names.join(", "))
    })
}

fn value(text: &str) -> Result<i64, String> {
    match text {
        "on" => Ok(1),
        "off" => Ok(2),
        number => number.parse().map_err(|_| "write a whole number, on or off".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The help names every property with its values.
    #[test]
    fn the_help_is_complete() {
        let mut command = <Set as Args>::augment_args(clap::Command::new("set"));
        let help = command.render_long_help().to_string();
        for (name, _, values) in SETTABLE {
            assert!(help.lines().any(|line| line.trim() == format!("{name:27} {values}")), "{name}\n{help}");
        }
    }
}
