//! `inspect`: everything a BLOB says but its secrets.

use bancada_digipass::manage::{PropertyValue, get_property, id};
use bancada_digipass::{Blob, ReturnCode};
use clap::Args;

use crate::advice;
use crate::args::{SealArgs, Text, Time, context};
use crate::report::{Item, Report};

/// Show everything a BLOB says without its secrets
///
/// The names are those of the kernel's properties. A BLOB that does not open, because the derive values are others or it is damaged, still
/// shows whose it is.
#[derive(Args)]
#[command(after_help = "\
Examples:
  bancada-digipass inspect @otp.blob
  bancada-digipass inspect @otp.blob --derive-vector 7 --json")]
pub(crate) struct Inspect {
    /// The BLOB, 496 hexadecimal characters
    blob: Text,
    #[command(flatten)]
    seal: SealArgs,
}

/// Properties in the order they are shown.
const SHOWN: &[(&str, i32)] = &[
    ("token_model", id::TOKEN_MODEL),
    ("auth_mode", id::AUTH_MODE),
    ("ocra_suite", id::OCRA_SUITE),
    ("token_status", id::TOKEN_STATUS),
    ("use_count", id::USE_COUNT),
    ("error_count", id::ERROR_COUNT),
    ("last_time_used", id::LAST_TIME_USED),
    ("last_time_shift", id::LAST_TIME_SHIFT),
    ("sync_windows", id::SYNC_WINDOWS),
    ("time_based_algo", id::TIME_BASED_ALGO),
    ("time_step", id::TIME_STEP),
    ("event_based_algo", id::EVENT_BASED_ALGO),
    ("event_value", id::EVENT_VALUE),
    ("last_event_value", id::LAST_EVENT_VALUE),
    ("response_len", id::RESPONSE_LEN),
    ("response_format", id::RESPONSE_FORMAT),
    ("response_chk", id::RESPONSE_CHK),
    ("host_code_len", id::HOST_CODE_LEN),
    ("strong_host_code_app", id::STRONG_HOST_CODE_APP),
    ("derivation_supported", id::DERIVATION_SUPPORTED),
    ("derived", id::DERIVED),
    ("score_supported", id::SCORE_SUPPORTED),
    ("secure_channel_msg_sig_supported", id::SECURE_CHANNEL_MSG_SIG_SUPPORTED),
    ("sequence_number", id::SEQUENCE_NUMBER),
    ("pin_supported", id::PIN_SUPPORTED),
    ("pin_enabled", id::PIN_ENABLED),
    ("pin_ch_on", id::PIN_CH_ON),
    ("pin_ch_forced", id::PIN_CH_FORCED),
    ("pin_len", id::PIN_LEN),
    ("pin_min_len", id::PIN_MIN_LEN),
    ("unlock_supported", id::UNLOCK_SUPPORTED),
    ("primary_token_enabled", id::PRIMARY_TOKEN_ENABLED),
    ("virtual_token_supported", id::VIRTUAL_TOKEN_SUPPORTED),
    ("virtual_token_enabled", id::VIRTUAL_TOKEN_ENABLED),
    ("virtual_token_type", id::VIRTUAL_TOKEN_TYPE),
    ("virtual_token_grace_period", id::VIRTUAL_TOKEN_GRACE_PERIOD),
    ("virtual_token_remain_use", id::VIRTUAL_TOKEN_REMAIN_USE),
    ("last_response_type", id::LAST_RESPONSE_TYPE),
    ("triple_des_used", id::TRIPLE_DES_USED),
    ("code_word", id::CODE_WORD),
];

impl Inspect {
    /// Carries the command out.
    pub(crate) fn run(&self, now: Time) -> anyhow::Result<Report> {
        let params = self.seal.params()?;
        let cx = context(now, &params);
        let blob = Blob::from_hex(self.blob.as_str()).map_err(advice::error)?;
        let owner = blob.owner();
        let mut report = Report::default();
        report.put("serial_number", owner.serial_text());
        report.put("application", owner.application_text());
        report.put("flags", String::from_utf8_lossy(&blob.as_bytes()[22..24]).into_owned());
        let read = |property| get_property(&cx, &blob, property);
        for (name, property) in SHOWN {
            match read(*property) {
                Ok(value) => report.put(name, item(&value)),
                // The application has no such thing.
                Err(ReturnCode::PROPERTY) => {}
                Err(code) => {
                    report.verdict(code);
                    return Ok(report);
                }
            }
        }
        let count = read(id::MAX_DTF_NUMBER).ok().and_then(|value| value.number).unwrap_or(0);
        let mut fields = Vec::new();
        for place in 0..i32::try_from(count).unwrap_or(0) {
            let mut field = Report::default();
            for (name, first) in
                [("min_len", id::DTF1_MIN_LEN), ("max_len", id::DTF1_MAX_LEN), ("check_digit", id::DTF1_CHK)]
            {
                field.put_some(name, read(first + place).ok().map(|value| item(&value)));
            }
            fields.push(field);
        }
        report.put("data_fields", fields);
        Ok(report)
    }
}

/// Yes and no as such, numbers where the text is one: dates stay texts.
pub(crate) fn item(value: &PropertyValue) -> Item {
    let text = value.text.trim();
    match (text, value.number) {
        ("YES", _) => Item::Flag(true),
        ("NO", _) => Item::Flag(false),
        (text, Some(number)) if text.parse() == Ok(number) => Item::Number(number),
        (text, _) => Item::Text(text.to_owned()),
    }
}
