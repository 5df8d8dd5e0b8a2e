//! Our text file in the shape of the vendor's DPX: records of a two-letter identifier, one per line.
//!
//! Shape and most names after public samples of DPX files (DH, DC, DA, DF, DE; TKTYPE, SERNUMB10, A_APPLNAME, A_HOST, IPIN, DEL, HSH,
//! STATICVECTOR). How the vendor encrypts is not public, so this is another format, and says so in its VERSION: secrets are sealed
//! with AES-256-GCM under a key made of the transport key, bound to owner and purpose; DEL is a check value of the transport key, HSH one of
//! the lines between DC and DE.

use std::fmt::Write as _;

use bancada_crypto::cipher::{Mode, Padding, SymAlg, SymKey};
use bancada_crypto::ct_eq;
use bancada_crypto::hash::HashAlg;
use bancada_crypto::mac::hmac;
use bancada_crypto::random::Random;
use zeroize::Zeroizing;

use super::{ImportError, ImportFile, MAX_FILE};
use crate::blob::{DataField, Kind, MAX_FIELDS, Profile};
use crate::definition::PinRules;
use crate::role::{Key, derive};
use crate::vector::{MessageVector, StaticVector};
use crate::{Definition, Owner, encoding};

const VERSION: &str = "BANCADA 1";
const NONCE_LEN: usize = 12;
const TAG_LEN: usize = 16;

/// The fields of an application record, in order.
const FIELDS: [&str; 17] = [
    "SERNUMB10",
    "TKTYPE",
    "A_APPLNAME",
    "A_MODE",
    "A_SUITE",
    "A_OPTIONS",
    "A_HOSTCODE",
    "A_DTF",
    "A_EVENT",
    "INSTANCES",
    "VT_USES",
    "VT_DAYS",
    "PIN_OPTIONS",
    "PIN_MIN",
    "IPIN",
    "A_KEY",
    "PAYLOADKEY",
];

/// Names of an application's options, in the order of [`options`].
const OPTIONS: [&str; 8] = ["RSPCHK", "DERIVE", "SCORE", "PIN", "UNLOCK", "SECCHAN", "VIRTUAL", "PRIMARY"];
/// Names of a PIN's options.
const PIN_OPTIONS: [&str; 3] = ["ENABLED", "CHANGE", "FORCED"];

/// Writes a file for these tokens, its secrets under the transport key (16 or 32 bytes).
///
/// # Errors
/// [`ImportError::KeyFormat`] for a key of another length; [`ImportError::Content`] when a token has no application, or more than 8.
pub fn write_dpx(
    file: &ImportFile,
    transport_key: &[u8],
    random: &mut dyn Random,
) -> Result<String, ImportError> {
    let seal = Seal::new(transport_key)?;
    let mut body = String::new();
    if let Some(vector) = &file.static_vector {
        let sealed = seal.seal(vector.to_hex().as_bytes(), "STATICVECTOR", random)?;
        let _ = writeln!(body, "SV STATICVECTOR={sealed}");
    }
    if let Some(vector) = &file.message_vector {
        let _ = writeln!(body, "MV MESSAGEVECTOR={}", vector.to_hex());
    }
    let _ = writeln!(body, "DF AP {}", FIELDS.join(" "));
    for token in &file.tokens {
        if token.is_empty() || token.len() > 8 {
            return Err(ImportError::content("token", "a token has 1 to 8 applications"));
        }
        for definition in token {
            body.push_str(&record(definition, &seal, random)?);
        }
    }
    let records: usize = file.tokens.iter().map(Vec::len).sum();
    let mut out = format!("DH FILE=\"TOKENS\" VERSION=\"{VERSION}\" CREATED_BY=\"bancada-digipass\"\n");
    let _ = writeln!(out, "DC DEL={} HSH={}", seal.key_check(), seal.content_check(&body));
    let _ = writeln!(out, "{body}DE DEF_RECORDS=1 DATA_RECORDS={records} TOKENS={}", file.tokens.len());
    Ok(out)
}

/// Reads a file made by [`write_dpx`].
///
/// # Errors
/// Any [`ImportError`] but `Unsupported`.
pub fn read_dpx(text: &str, transport_key: &[u8]) -> Result<ImportFile, ImportError> {
    let not_dpx = |reason: &str| ImportError::NotThisFormat {
        expected: "a DPX file of this product",
        reason: reason.to_owned(),
    };
    if text.len() > MAX_FILE {
        return Err(not_dpx("it is larger than 64 MiB"));
    }
    let text = text.trim_start_matches('\u{feff}');
    let (first, rest) = text.split_once('\n').ok_or_else(|| not_dpx("it has one line only"))?;
    if !first.starts_with("DH ") {
        return Err(not_dpx("its first line is no DH record"));
    }
    if attribute(first, "VERSION") != Some(VERSION) {
        return Err(not_dpx(
            "its VERSION is another; the vendor's own files cannot be read, their encryption is not public",
        ));
    }
    let (second, rest) = rest.split_once('\n').ok_or_else(|| not_dpx("its second line is missing"))?;
    let del = attribute(second, "DEL")
        .filter(|_| second.starts_with("DC "))
        .ok_or_else(|| not_dpx("its second line is no DC record"))?;
    let seal = Seal::new(transport_key)?;
    if !ct_eq(del.as_bytes(), seal.key_check().as_bytes()) {
        return Err(ImportError::WrongKey);
    }
    let rest = rest.replace("\r\n", "\n");
    let end = rest.rfind("DE ").filter(|end| *end == 0 || rest[..*end].ends_with('\n'));
    let body =
        &rest[..end.ok_or_else(|| ImportError::content("the last line", "the DE record is missing"))?];
    if attribute(second, "HSH") != Some(seal.content_check(body).as_str()) {
        return Err(ImportError::content("the DC record", "the check value does not fit the lines after it"));
    }
    read_body(body, &seal)
}

fn read_body(body: &str, seal: &Seal) -> Result<ImportFile, ImportError> {
    let mut file = ImportFile::default();
    for (number, line) in body.lines().enumerate() {
        let place = format!("line {}", number + 3);
        let bad = |reason: &str| ImportError::content(place.clone(), reason);
        let (record, rest) = line.split_once(' ').unwrap_or((line, ""));
        match record {
            "SV" => {
                let sealed = attribute(line, "STATICVECTOR").ok_or_else(|| bad("STATICVECTOR is missing"))?;
                let vector =
                    seal.open(sealed, "STATICVECTOR").ok_or_else(|| bad("STATICVECTOR is damaged"))?;
                let vector =
                    StaticVector::parse(Some(&vector)).map_err(|_| bad("STATICVECTOR is malformed"))?;
                file.static_vector = Some(vector);
            }
            "MV" => {
                let vector = attribute(line, "MESSAGEVECTOR").map(str::as_bytes);
                let vector = MessageVector::parse(vector).map_err(|_| bad("MESSAGEVECTOR is malformed"))?;
                file.message_vector = Some(vector);
            }
            "DF" if rest.strip_prefix("AP ") != Some(FIELDS.join(" ").as_str()) => {
                return Err(bad("the fields of the application records are not those of this version"));
            }
            "DF" | "ZZ" | "" => {}
            "AP" => add(&mut file, read_record(rest, seal).map_err(|reason| bad(&reason))?)
                .map_err(|reason| bad(&reason))?,
            _ => return Err(bad("the record is of an unknown kind")),
        }
    }
    Ok(file)
}

/// Puts an application with the token before it, if it is of the same serial number.
fn add(file: &mut ImportFile, definition: Definition) -> Result<(), String> {
    if let Some(token) = file.tokens.last_mut()
        && token.first().is_some_and(|first| first.owner.serial == definition.owner.serial)
    {
        if token.len() == 8 {
            return Err("a token has more than 8 applications".to_owned());
        }
        if token.iter().any(|other| other.owner == definition.owner) {
            return Err("a token has two applications of one name".to_owned());
        }
        token.push(definition);
        return Ok(());
    }
    file.tokens.push(vec![definition]);
    Ok(())
}

fn record(definition: &Definition, seal: &Seal, random: &mut dyn Random) -> Result<String, ImportError> {
    let profile = &definition.profile;
    let (serial, name) = (definition.owner.serial_text(), definition.owner.application_text());
    let fields: Vec<String> = profile
        .fields
        .iter()
        .map(|field| format!("{}-{}{}", field.min, field.max, if field.check_digit { "C" } else { "" }))
        .collect();
    let rules = definition.pin_rules;
    let pin = if definition.pin.is_empty() {
        "-".to_owned()
    } else {
        seal.seal(definition.pin.as_bytes(), &format!("IPIN {serial} {name}"), random)?
    };
    let key = seal.seal(&definition.key, &format!("A_KEY {serial} {name}"), random)?;
    let payload = match &definition.payload_key {
        Some(key) => seal.seal(&key[..], &format!("PAYLOADKEY {serial} {name}"), random)?,
        None => "-".to_owned(),
    };
    let values = [
        serial,
        String::from_utf8_lossy(&profile.model).into_owned(),
        format!("\"{name:12}\""),
        profile.kind.code().to_owned(),
        profile.suite.name(),
        chosen(&OPTIONS, &options(profile)),
        profile.host_code_len.to_string(),
        if fields.is_empty() { "-".to_owned() } else { fields.join(",") },
        definition.next_event.to_string(),
        definition.instances.to_string(),
        definition.virtual_uses.to_string(),
        definition.virtual_days.to_string(),
        chosen(&PIN_OPTIONS, &[rules.enabled, rules.change_on, rules.change_forced]),
        rules.min_len.to_string(),
        pin,
        key,
        payload,
    ];
    Ok(format!("AP {}\n", values.join(" ")))
}

fn read_record(text: &str, seal: &Seal) -> Result<Definition, String> {
    let values = words(text)?;
    if values.len() != FIELDS.len() {
        return Err(format!("{} values stand where {} belong", values.len(), FIELDS.len()));
    }
    let owner = Owner::new(values[0], values[2]).ok_or("serial number or application name is malformed")?;
    let (serial, name) = (owner.serial_text(), owner.application_text());
    let model = values[1]
        .as_bytes()
        .try_into()
        .ok()
        .filter(|model: &[u8; 5]| model.iter().all(u8::is_ascii_alphanumeric));
    let kind = Kind::from_code(values[3]).ok_or("A_MODE is unknown")?;
    let suite = values[4].parse().map_err(|error: crate::suite::SuiteError| error.to_string())?;
    let mut profile = Profile::new(model.ok_or("TKTYPE must be 5 letters and digits")?, kind, suite);
    set_options(&mut profile, values[5])?;
    profile.host_code_len = number(values[6], "A_HOSTCODE")?;
    profile.fields = read_fields(values[7])?;
    let key =
        seal.open(values[15], &format!("A_KEY {serial} {name}")).filter(|key| (1..=64).contains(&key.len()));
    let mut definition = Definition::new(owner, profile, &key.ok_or("A_KEY is damaged")?);
    definition.next_event = number(values[8], "A_EVENT")?;
    definition.instances = number::<u8>(values[9], "INSTANCES")?.min(99);
    definition.virtual_uses = number(values[10], "VT_USES")?;
    definition.virtual_days = number(values[11], "VT_DAYS")?;
    let [enabled, change_on, change_forced] = read_chosen(&PIN_OPTIONS, values[12], "PIN_OPTIONS")?;
    definition.pin_rules =
        PinRules { enabled, change_on, change_forced, min_len: number(values[13], "PIN_MIN")? };
    if values[16] != "-" {
        let key = seal.open(values[16], &format!("PAYLOADKEY {serial} {name}"));
        let key = key.and_then(|key| key.as_slice().try_into().ok()).ok_or("PAYLOADKEY is damaged")?;
        definition.payload_key = Some(Zeroizing::new(key));
    }
    if values[14] != "-" {
        let pin = seal.open(values[14], &format!("IPIN {serial} {name}")).filter(|pin| pin.len() <= 8);
        let pin = pin.and_then(|pin| String::from_utf8(pin.to_vec()).ok()).ok_or("IPIN is damaged")?;
        definition.pin = Zeroizing::new(pin);
    }
    Ok(definition)
}

fn read_fields(text: &str) -> Result<Vec<DataField>, String> {
    if text == "-" {
        return Ok(Vec::new());
    }
    let field = |text: &str| {
        let (min, max) = text.split_once('-')?;
        let (max, check_digit) = max.strip_suffix('C').map_or((max, false), |max| (max, true));
        let (min, max) = (min.parse::<u8>().ok()?, max.parse::<u8>().ok()?);
        ((1..=16).contains(&min) && (1..=16).contains(&max)).then_some(DataField { min, max, check_digit })
    };
    let fields: Option<Vec<DataField>> = text.split(',').map(field).collect();
    fields
        .filter(|fields| fields.len() <= MAX_FIELDS)
        .ok_or_else(|| "A_DTF must be up to 8 of MIN-MAX or MIN-MAXC".to_owned())
}

fn options(profile: &Profile) -> [bool; 8] {
    [
        profile.response_check_digit,
        profile.derivation,
        profile.score,
        profile.pin,
        profile.unlock,
        profile.secure_channel,
        profile.virtual_token,
        profile.virtual_primary,
    ]
}

fn set_options(profile: &mut Profile, text: &str) -> Result<(), String> {
    let [check, derivation, score, pin, unlock, channel, backup, primary] =
        read_chosen(&OPTIONS, text, "A_OPTIONS")?;
    profile.response_check_digit = check;
    profile.derivation = derivation;
    profile.score = score;
    profile.pin = pin;
    profile.unlock = unlock;
    profile.secure_channel = channel;
    profile.virtual_token = backup;
    profile.virtual_primary = primary;
    Ok(())
}

/// The names that are on, joined by `+`; `-` for none.
fn chosen(names: &[&str], on: &[bool]) -> String {
    let names: Vec<&str> = names.iter().zip(on).filter(|(_, on)| **on).map(|(name, _)| *name).collect();
    if names.is_empty() { "-".to_owned() } else { names.join("+") }
}

fn read_chosen<const N: usize>(names: &[&str; N], text: &str, field: &str) -> Result<[bool; N], String> {
    let mut on = [false; N];
    for word in text.split('+').filter(|word| *word != "-") {
        let place = names
            .iter()
            .position(|name| *name == word)
            .ok_or_else(|| format!("{field} has an unknown word"))?;
        on[place] = true;
    }
    Ok(on)
}

fn number<T: std::str::FromStr>(text: &str, field: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{field} is not a number in range"))
}

/// The words of a line; those in quotation marks may contain spaces.
fn words(text: &str) -> Result<Vec<&str>, String> {
    let mut out = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or("a quotation mark is not closed")?,
            None => rest.split_once(' ').unwrap_or((rest, "")),
        };
        out.push(word);
        rest = after.trim_start();
    }
    Ok(out)
}

/// The value of `NAME=value` or `NAME="value"` in a line.
fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = line;
    while let Some((_, after)) = rest.split_once(' ') {
        if let Some(value) = after.strip_prefix(name).and_then(|after| after.strip_prefix('=')) {
            return match value.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').map(|(value, _)| value),
                None => value.split_whitespace().next(),
            };
        }
        rest = after;
    }
    None
}

/// What the transport key seals with.
struct Seal {
    secrets: SymKey,
    checks: Key,
}

impl Seal {
    fn new(transport_key: &[u8]) -> Result<Self, ImportError> {
        if !matches!(transport_key.len(), 16 | 32) {
            return Err(ImportError::KeyFormat);
        }
        let secrets = derive(transport_key, "bancada digipass transport secrets 1", &[]);
        let secrets = SymKey::new(SymAlg::Aes256, &secrets).map_err(|_| ImportError::KeyFormat)?;
        Ok(Self { secrets, checks: derive(transport_key, "bancada digipass transport checks 1", &[]) })
    }

    fn key_check(&self) -> String {
        encoding::to_hex(&hmac(HashAlg::Sha256, &self.checks, b"DEL")[..8])
    }

    fn content_check(&self, body: &str) -> String {
        encoding::to_hex(&hmac(HashAlg::Sha256, &self.checks, format!("HSH{body}").as_bytes())[..16])
    }

    fn seal(&self, plain: &[u8], purpose: &str, random: &mut dyn Random) -> Result<String, ImportError> {
        let mut out = vec![0; NONCE_LEN];
        random.fill(&mut out);
        let nonce = out.clone();
        let mode = Mode::Gcm { tag_len: TAG_LEN, aad: purpose.as_bytes() };
        let sealed = self.secrets.encrypt(mode, Padding::None, &nonce, plain, &mut out);
        sealed.map_err(|_| ImportError::content(purpose, "it is too large to seal"))?;
        Ok(encoding::to_hex(&out))
    }

    fn open(&self, text: &str, purpose: &str) -> Option<Zeroizing<Vec<u8>>> {
        let bytes = encoding::from_hex(text.as_bytes())?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
        let mut out = Zeroizing::new(Vec::new());
        let mode = Mode::Gcm { tag_len: TAG_LEN, aad: purpose.as_bytes() };
        self.secrets.decrypt(mode, Padding::None, nonce, sealed, &mut out).ok()?;
        Some(out)
    }
}

/// A file of a header line and lines of a body, with the check values they need.
#[cfg(test)]
pub(super) fn with_check(head: &str, body: &str, transport_key: &[u8]) -> String {
    let seal = Seal::new(transport_key).unwrap();
    format!("{head}\nDC DEL={} HSH={}\n{body}DE TOKENS=0\n", seal.key_check(), seal.content_check(body))
}
