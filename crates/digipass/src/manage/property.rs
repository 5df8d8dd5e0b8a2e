//! The properties of an application: reading, and the few that can be set.
//!
//! Numbers up to 29, 0x20, 0x40, 0x80 and the INT_VALUE flag: vendor header aal2sdk.h 3.10.1. Formats and the rules of setting: vendor docs,
//! pages AAL2GetTokenProperty and AAL2SetTokenProperty of the 4.0 guide. Later properties have public names and no public numbers; theirs
//! begin at 0x100 here (our choice), as do the values of VIRTUAL_TOKEN_TYPE and LAST_RESPONSE_TYPE.

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Duration, OffsetDateTime};

use crate::blob::{Clear, Kind};
use crate::suite::{QuestionFormat, ResponseFormat};
use crate::{Blob, Context, ReturnCode, pin, virtual_token};

/// Added to a property's number: the caller wants the value as an integer.
pub const INT_VALUE: i32 = 0x0001_0000;

/// The numbers of the properties.
#[expect(missing_docs, reason = "the vendor's names, each explained by its row in `get_property`")]
pub mod id {
    pub const TOKEN_MODEL: i32 = 1;
    pub const USE_COUNT: i32 = 2;
    pub const LAST_TIME_USED: i32 = 3;
    pub const LAST_TIME_SHIFT: i32 = 4;
    pub const TIME_BASED_ALGO: i32 = 5;
    pub const PIN_SUPPORTED: i32 = 6;
    pub const UNLOCK_SUPPORTED: i32 = 7;
    pub const PIN_CH_ON: i32 = 8;
    pub const PIN_CH_FORCED: i32 = 9;
    pub const PIN_LEN: i32 = 10;
    pub const PIN_MIN_LEN: i32 = 11;
    pub const VIRTUAL_TOKEN_GRACE_PERIOD: i32 = 12;
    pub const VIRTUAL_TOKEN_REMAIN_USE: i32 = 13;
    pub const TOKEN_STATUS: i32 = 14;
    pub const VIRTUAL_TOKEN_TYPE: i32 = 15;
    pub const LAST_RESPONSE_TYPE: i32 = 16;
    pub const ERROR_COUNT: i32 = 17;
    pub const EVENT_VALUE: i32 = 18;
    pub const SYNC_WINDOWS: i32 = 19;
    pub const LAST_EVENT_VALUE: i32 = 20;
    pub const PIN_ENABLED: i32 = 21;
    pub const EVENT_BASED_ALGO: i32 = 22;
    pub const STRONG_HOST_CODE_APP: i32 = 27;
    pub const CODE_WORD: i32 = 28;
    pub const AUTH_MODE: i32 = 29;
    pub const VIRTUAL_TOKEN_SUPPORTED: i32 = 0x20;
    pub const VIRTUAL_TOKEN_ENABLED: i32 = 0x40;
    pub const PRIMARY_TOKEN_ENABLED: i32 = 0x80;
    pub const DERIVATION_SUPPORTED: i32 = 0x101;
    pub const OCRA_SUITE: i32 = 0x102;
    pub const MAX_DTF_NUMBER: i32 = 0x103;
    pub const RESPONSE_LEN: i32 = 0x104;
    pub const RESPONSE_FORMAT: i32 = 0x105;
    pub const RESPONSE_CHK: i32 = 0x106;
    pub const TIME_STEP: i32 = 0x107;
    pub const TRIPLE_DES_USED: i32 = 0x108;
    pub const SECURE_CHANNEL_MSG_SIG_SUPPORTED: i32 = 0x109;
    pub const HOST_CODE_LEN: i32 = 0x10a;
    pub const SEQUENCE_NUMBER: i32 = 0x10b;
    pub const DERIVED: i32 = 0x10c;
    pub const SCORE_SUPPORTED: i32 = 0x10d;
    /// Least length of data field 1; the others follow.
    pub const DTF1_MIN_LEN: i32 = 0x111;
    /// Greatest length of data field 1; the others follow.
    pub const DTF1_MAX_LEN: i32 = 0x121;
    /// Check digit of data field 1; the others follow.
    pub const DTF1_CHK: i32 = 0x131;
}

/// A property's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyValue {
    /// As callers without INT_VALUE get it.
    pub text: String,
    /// As callers with INT_VALUE get it, where it is a number or yes or no.
    pub number: Option<i64>,
}

/// What AAL2GetTokenInfo tells, each as the text callers get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenInfo {
    /// Type of the authenticator, 5 characters.
    pub token_model: String,
    /// Successful verifications, 6 digits.
    pub use_count: String,
    /// Date and time of the last, UTC.
    pub last_time_used: String,
    /// Deviation of the clock in seconds.
    pub last_time_shift: String,
    /// Errors in a row, 3 digits, at most 999.
    pub error_count: String,
    /// The traits of the application, 8 hexadecimal digits.
    pub code_word: String,
    /// Whether triple DES is used: always NO.
    pub triple_des: String,
    /// Number of data fields, 1 digit.
    pub max_input_fields: String,
    /// Length of a response with its check digit, and of the static PIN before it, 2 digits.
    pub response_length: String,
    /// DEC or HEX.
    pub response_type: String,
    /// Whether responses have a check digit.
    pub response_checksum: String,
    /// Time step in seconds, 6 digits.
    pub time_step_used: String,
}

/// Reads a property. `property` may carry [`INT_VALUE`].
///
/// # Errors
/// The codes of opening a BLOB; [`ReturnCode::PROPERTY`] for a property that is unknown, cannot be read, or is asked for as an
/// integer and is none.
pub fn get_property(cx: &Context<'_>, blob: &Blob, property: i32) -> Result<PropertyValue, ReturnCode> {
    let app = Clear::look(cx, blob)?;
    let number = property & !INT_VALUE;
    let value =
        state_value(&app, number).or_else(|| profile_value(&app, number)).ok_or(ReturnCode::PROPERTY)?;
    if property & INT_VALUE != 0 && value.number.is_none() {
        return Err(ReturnCode::PROPERTY);
    }
    Ok(value)
}

/// Sets a property.
///
/// PIN_SUPPORTED is set like PIN_ENABLED, for callers that know the older name; 2 is then accepted where there is no PIN, because a public caller
/// switches every token off so.
///
/// # Errors
/// The codes of opening a BLOB; [`ReturnCode::PROPERTY_VALUE`] for a value out of range, and for any value where the application has no
/// PIN, virtual token or events; [`ReturnCode::PROPERTY`] for a property that is unknown or cannot be set.
pub fn set_property(cx: &Context<'_>, blob: &mut Blob, property: i32, value: i64) -> Result<(), ReturnCode> {
    let mut app = Clear::look(cx, blob)?;
    let profile = &app.profile;
    let having = |has: bool| if has { Ok(()) } else { Err(ReturnCode::PROPERTY_VALUE) };
    let (pin, backup) = (profile.pin, profile.virtual_token && !profile.virtual_primary);
    let is_virtual = backup || profile.virtual_primary;
    let counter = profile.suite.counter;
    let state = &mut app.state;
    match property & !INT_VALUE {
        id::LAST_TIME_USED => {
            let value = within(value, 631_152_000, 2_147_483_647)?;
            state.last_time_used = greater(value as u32, state.last_time_used)?;
        }
        id::LAST_TIME_SHIFT => state.shift_s = within(value, -100_000, 100_000)? as i32,
        id::PIN_SUPPORTED if !pin && value == 2 => {}
        id::PIN_SUPPORTED | id::PIN_ENABLED => {
            let switch = within(value, 1, 2)?;
            having(pin)?;
            state.pin_enabled = switch == 1;
        }
        id::PIN_CH_FORCED => {
            within(value, 1, 1)?;
            having(pin)?;
            state.pin_change_forced = true;
        }
        id::PIN_MIN_LEN => {
            having(pin)?;
            state.pin_min_len = within(value, 3, pin::MAX_PIN as i64)? as u8;
        }
        id::VIRTUAL_TOKEN_GRACE_PERIOD => {
            having(is_virtual)?;
            state.virtual_grace = virtual_token::end_of(cx, within(value, 1, 364)? as u16);
            state.grace_started = true;
        }
        id::VIRTUAL_TOKEN_REMAIN_USE => {
            having(is_virtual)?;
            let uses = within(value, 0, 254)? as u8;
            state.virtual_uses = if uses == 0 { virtual_token::UNLIMITED } else { uses };
        }
        id::ERROR_COUNT => state.error_count = within(value, 0, 0)? as u16,
        id::EVENT_VALUE => {
            having(counter)?;
            let value = within(value, 0, 4_294_967_294)?;
            state.next_event = greater(value as u32, state.next_event)?;
        }
        id::TOKEN_STATUS => {
            let status = within(value, 0, if backup { 3 } else { 1 })?;
            state.primary = status & 1 != 0;
            state.backup = status & 2 != 0;
        }
        _ => return Err(ReturnCode::PROPERTY),
    }
    app.store(blob);
    Ok(())
}

/// What AAL2GetTokenInfo tells.
///
/// # Errors
/// The codes of opening a BLOB.
pub fn token_info(cx: &Context<'_>, blob: &Blob) -> Result<TokenInfo, ReturnCode> {
    let app = Clear::look(cx, blob)?;
    let pin_len = if pin::in_use(&app) { usize::from(app.state.pin_len) } else { 0 };
    let text = |number| {
        state_value(&app, number)
            .or_else(|| profile_value(&app, number))
            .map_or(String::new(), |value| value.text)
    };
    Ok(TokenInfo {
        token_model: text(id::TOKEN_MODEL),
        use_count: text(id::USE_COUNT),
        last_time_used: text(id::LAST_TIME_USED),
        last_time_shift: app.state.shift_s.clamp(-99_999, 999_999).to_string(),
        error_count: format!("{:03}", app.state.error_count.min(999)),
        code_word: text(id::CODE_WORD),
        triple_des: text(id::TRIPLE_DES_USED),
        max_input_fields: app.profile.fields.len().min(9).to_string(),
        response_length: format!("{:02}", pin_len + app.profile.response_len()),
        response_type: text(id::RESPONSE_FORMAT),
        response_checksum: text(id::RESPONSE_CHK),
        time_step_used: app
            .profile
            .suite
            .time
            .map_or("NA".to_owned(), |step| format!("{:06}", step.seconds())),
    })
}

fn state_value(app: &Clear, number: i32) -> Option<PropertyValue> {
    let state = &app.state;
    let pin = app.profile.pin;
    let length = |len: u8| digits(if pin { len.into() } else { 0 }, 2);
    let is_virtual = app.profile.virtual_token || app.profile.virtual_primary;
    Some(match number {
        id::USE_COUNT => digits(state.use_count.into(), 6),
        id::LAST_TIME_USED => PropertyValue {
            text: date(state.last_time_used.into()),
            number: Some(state.last_time_used.into()),
        },
        id::LAST_TIME_SHIFT => plain(state.shift_s.into()),
        id::PIN_CH_ON => yes(pin && state.pin_change_on),
        id::PIN_CH_FORCED => yes(pin && state.pin_change_forced),
        id::PIN_LEN => length(state.pin_len),
        id::PIN_MIN_LEN => length(state.pin_min_len),
        id::PIN_ENABLED => yes(pin && state.pin_enabled),
        id::VIRTUAL_TOKEN_GRACE_PERIOD if is_virtual => match (state.grace_started, state.virtual_grace) {
            (false, 0) => PropertyValue { text: "DISABLE".to_owned(), number: Some(0) },
            (false, days) => plain(days.into()),
            (true, day) => {
                let end_s = i64::from(day) * 86_400;
                PropertyValue { text: date(end_s), number: Some(end_s) }
            }
        },
        id::VIRTUAL_TOKEN_REMAIN_USE if is_virtual => {
            if state.virtual_uses == virtual_token::UNLIMITED {
                PropertyValue { text: "DISABLE".to_owned(), number: Some(255) }
            } else {
                digits(state.virtual_uses.into(), 3)
            }
        }
        id::VIRTUAL_TOKEN_GRACE_PERIOD | id::VIRTUAL_TOKEN_REMAIN_USE => not_applicable(),
        id::LAST_RESPONSE_TYPE if state.use_count == 0 => not_applicable(),
        id::LAST_RESPONSE_TYPE => word(if state.last_was_virtual { "VIRTUAL" } else { "PRIMARY" }),
        id::ERROR_COUNT => digits(state.error_count.into(), 6),
        id::EVENT_VALUE if app.profile.suite.counter => plain(state.next_event.into()),
        id::LAST_EVENT_VALUE if app.profile.suite.counter && state.next_event > 0 => {
            plain(i64::from(state.next_event) - 1)
        }
        id::EVENT_VALUE | id::LAST_EVENT_VALUE => not_applicable(),
        id::SYNC_WINDOWS => yes(state.unsynchronised),
        id::VIRTUAL_TOKEN_ENABLED => yes(state.backup),
        id::PRIMARY_TOKEN_ENABLED => yes(state.primary),
        id::SEQUENCE_NUMBER => digits(state.sequence.into(), 2),
        id::DERIVED => yes(state.derived),
        _ => return None,
    })
}

fn profile_value(app: &Clear, number: i32) -> Option<PropertyValue> {
    let profile = &app.profile;
    let suite = &profile.suite;
    Some(match number {
        id::TOKEN_MODEL => word(&String::from_utf8_lossy(&profile.model)),
        id::TIME_BASED_ALGO => yes(suite.time.is_some()),
        id::EVENT_BASED_ALGO => yes(suite.counter),
        id::PIN_SUPPORTED => yes(profile.pin),
        id::UNLOCK_SUPPORTED => yes(profile.unlock || profile.kind == Kind::UnlockV2),
        id::VIRTUAL_TOKEN_TYPE if profile.virtual_primary => word("PRIMARY"),
        id::VIRTUAL_TOKEN_TYPE if profile.virtual_token => word("BACKUP"),
        id::VIRTUAL_TOKEN_TYPE => not_applicable(),
        id::VIRTUAL_TOKEN_SUPPORTED => yes(profile.virtual_token || profile.virtual_primary),
        id::STRONG_HOST_CODE_APP => yes(profile.host_code_len > 0),
        id::CODE_WORD => word(&code_word(app)),
        id::AUTH_MODE => word(profile.kind.code()),
        id::DERIVATION_SUPPORTED => yes(profile.derivation),
        id::OCRA_SUITE => word(&suite.name()),
        id::MAX_DTF_NUMBER => plain(profile.fields.len() as i64),
        id::RESPONSE_LEN => digits(profile.response_len() as i64, 2),
        id::RESPONSE_FORMAT => word(match suite.format {
            ResponseFormat::Unspecified => "NA",
            ResponseFormat::Decimal => "DEC",
            ResponseFormat::Hex => "HEX",
        }),
        id::RESPONSE_CHK => yes(profile.response_check_digit),
        id::TIME_STEP => plain(suite.time.map_or(0, |step| step.seconds().into())),
        id::TRIPLE_DES_USED => yes(false),
        id::SECURE_CHANNEL_MSG_SIG_SUPPORTED => yes(profile.secure_channel && profile.kind != Kind::UnlockV2),
        id::HOST_CODE_LEN => digits(profile.host_code_len.into(), 2),
        id::SCORE_SUPPORTED => yes(profile.score),
        _ => return field_value(app, number),
    })
}

fn field_value(app: &Clear, number: i32) -> Option<PropertyValue> {
    let field = |first: i32| {
        let place = number
            .checked_sub(first)
            .and_then(|place| usize::try_from(place).ok())
            .filter(|place| *place < 10)?;
        Some(app.profile.fields.get(place))
    };
    if let Some(field) = field(id::DTF1_MIN_LEN) {
        return Some(field.map_or_else(not_applicable, |field| digits(field.min.into(), 2)));
    }
    if let Some(field) = field(id::DTF1_MAX_LEN) {
        return Some(field.map_or_else(not_applicable, |field| digits(field.max.into(), 2)));
    }
    field(id::DTF1_CHK).map(|field| field.map_or_else(not_applicable, |field| yes(field.check_digit)))
}

/// Bits of the profile in 8 hexadecimal digits (our choice; the vendor's bits are not public): kind, question format, digits, traits.
fn code_word(app: &Clear) -> String {
    let packed = app.profile.pack();
    let question = app.profile.suite.question.map_or(0, |question| match question.format {
        QuestionFormat::Alphanumeric => 1,
        QuestionFormat::Numeric => 2,
        QuestionFormat::Hex => 3,
    });
    format!("{:02X}{:X}{:X}{:02X}{:02X}", packed[5], question, packed[8] & 15, packed[16], packed[17])
}

fn yes(value: bool) -> PropertyValue {
    PropertyValue { text: if value { "YES" } else { "NO" }.to_owned(), number: Some(value.into()) }
}

fn word(text: &str) -> PropertyValue {
    PropertyValue { text: text.to_owned(), number: None }
}

fn not_applicable() -> PropertyValue {
    word("NA")
}

fn plain(value: i64) -> PropertyValue {
    PropertyValue { text: value.to_string(), number: Some(value) }
}

fn digits(value: i64, width: usize) -> PropertyValue {
    PropertyValue { text: format!("{value:0width$}"), number: Some(value) }
}

fn within(value: i64, least: i64, most: i64) -> Result<i64, ReturnCode> {
    if (least..=most).contains(&value) { Ok(value) } else { Err(ReturnCode::PROPERTY_VALUE) }
}

fn greater(value: u32, current: u32) -> Result<u32, ReturnCode> {
    if value > current { Ok(value) } else { Err(ReturnCode::PROPERTY_VALUE) }
}

/// Seconds since 1970 as the C library's `asctime` writes them: `Thu Jan  1 00:00:00 1970`.
fn date(seconds: i64) -> String {
    const ASCTIME: &[BorrowedFormatItem<'_>] = format_description!(
        "[weekday repr:short] [month repr:short] [day padding:space] [hour]:[minute]:[second] [year]"
    );
    let date = OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds);
    // Times of 32 bits and days of 16 end in the years 2106 and 2149, which this description can write.
    date.format(ASCTIME).unwrap_or_default()
}
