//! PSKC, the Portable Symmetric Key Container (RFC 6030), as far as it carries HOTP, TOTP and OCRA keys.
//!
//! Not read: keys encrypted for a certificate, keys by reference, and signatures over a file, which are not checked. Start and expiry dates
//! are handed on: the kernel has no place for them; other policies are not enforced. Our choice: serial numbers are put in upper case and filled with zeros to 10
//! characters, the key's identifier is the application's name if it can be one, TOTP without a time interval has 30 seconds, and `Suite` is
//! an HMAC name or an OCRA suite.

use roxmltree::{Document, Node, ParsingOptions};
use zeroize::Zeroizing;

use super::pskc_key::{Opener, PskcKey};
use super::{ImportError, MAX_FILE};
use crate::blob::{DataField, Kind, Profile};
use crate::definition::PinRules;
use crate::suite::{Algorithm, QuestionFormat, Suite, TimeStep};
use crate::{Definition, Owner, encoding};

const NAMESPACE: &str = "urn:ietf:params:xml:ns:keyprov:pskc";

/// The most XML nodes of a file.
const MOST_NODES: u32 = 2_000_000;

/// What a PSKC file holds.
#[derive(Debug, Clone, Default)]
pub struct PskcFile {
    /// The keys that were understood, in order.
    pub tokens: Vec<PskcToken>,
    /// The keys that were not, and why.
    pub skipped: Vec<SkippedKey>,
}

/// One key of a PSKC file.
#[derive(Debug, Clone)]
pub struct PskcToken {
    /// The application.
    pub definition: Definition,
    /// The manufacturer of the device, as written.
    pub manufacturer: Option<String>,
    /// The serial number, as written.
    pub serial: Option<String>,
    /// The first moment the key may be used, as written.
    pub start_date: Option<String>,
    /// The last moment the key may be used, as written.
    pub expiry_date: Option<String>,
}

/// A key that was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedKey {
    /// Its identifier, if it has one.
    pub id: String,
    /// Why.
    pub reason: String,
}

/// Reads a PSKC file.
///
/// # Errors
/// [`ImportError`]: something else than PSKC 1.0; encryption that is not supported or does not open with the key. A key of an unknown algorithm
/// or without a secret is not an error of the file and is listed in [`PskcFile::skipped`].
pub fn read_pskc(text: &str, key: PskcKey<'_>) -> Result<PskcFile, ImportError> {
    let not_pskc = |reason: String| ImportError::NotThisFormat { expected: "a PSKC file (RFC 6030)", reason };
    if text.len() > MAX_FILE {
        return Err(not_pskc("it is larger than 64 MiB".to_owned()));
    }
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document =
        Document::parse_with_options(text, options).map_err(|error| not_pskc(error.to_string()))?;
    let container = document.root_element();
    if !container.has_tag_name((NAMESPACE, "KeyContainer")) {
        return Err(not_pskc("its outermost element is not KeyContainer of the PSKC namespace".to_owned()));
    }
    if container.attribute("Version").and_then(|version| version.split('.').next()) != Some("1") {
        return Err(not_pskc("its Version is not 1.0".to_owned()));
    }
    let opener = Opener::new(container, key)?;
    let packages: Vec<Node<'_, '_>> = children(container, "KeyPackage").collect();
    let mut file = PskcFile::default();
    for package in &packages {
        for element in children(*package, "Key") {
            let reader = KeyReader { package: *package, key: element, opener: &opener, packages: &packages };
            match reader.read(file.tokens.len()) {
                Ok(Some(token)) => file.tokens.push(token),
                Ok(None) => {}
                Err(Refusal::File(error)) => return Err(error),
                Err(Refusal::Key(reason)) => file.skipped.push(SkippedKey { id: reader.id(), reason }),
            }
        }
    }
    Ok(file)
}

/// The child element of a name, whatever its namespace: the RFC's own examples leave some out.
pub(super) fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.is_element() && child.tag_name().name() == name)
}

/// The text of an element, trimmed.
pub(super) fn text_of<'a>(node: Node<'a, '_>) -> &'a str {
    node.text().unwrap_or_default().trim()
}

/// The bytes of an element's Base64, in which white space does not count.
pub(super) fn base64_of(node: Node<'_, '_>, place: &str) -> Result<Vec<u8>, ImportError> {
    let text: Zeroizing<Vec<u8>> =
        Zeroizing::new(text_of(node).bytes().filter(|byte| !byte.is_ascii_whitespace()).collect());
    encoding::from_base64(&text).ok_or_else(|| ImportError::content(place, "it is not Base64"))
}

fn children<'a, 'i: 'a>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

/// What stops at one key, or at the whole file.
enum Refusal {
    Key(String),
    File(ImportError),
}

impl From<ImportError> for Refusal {
    fn from(error: ImportError) -> Self {
        Self::File(error)
    }
}

impl From<&str> for Refusal {
    fn from(reason: &str) -> Self {
        Self::Key(reason.to_owned())
    }
}

struct KeyReader<'a, 'i> {
    package: Node<'a, 'i>,
    key: Node<'a, 'i>,
    opener: &'a Opener,
    packages: &'a [Node<'a, 'i>],
}

impl<'a, 'i> KeyReader<'a, 'i> {
    fn id(&self) -> String {
        self.key.attribute("Id").unwrap_or_default().chars().take(80).collect()
    }

    /// The token, or nothing for a key that is a PIN and belongs to another.
    fn read(&self, number: usize) -> Result<Option<PskcToken>, Refusal> {
        let algorithm = self.key.attribute("Algorithm").unwrap_or_default();
        let algorithm =
            algorithm.strip_prefix(NAMESPACE).map_or(algorithm, |name| name.trim_start_matches([':', '#']));
        if algorithm == "pin" {
            return Ok(None);
        }
        let suite = self.suite(algorithm)?;
        let secret = self.secret()?.ok_or("it has no secret (a key by reference or by key derivation)")?;
        if !(1..=64).contains(&secret.len()) {
            return Err("its secret is not 1 to 64 bytes long".into());
        }
        let device = child(self.package, "DeviceInfo");
        let serial = device.and_then(|device| child(device, "SerialNo")).map(|node| text_of(node).to_owned());
        let mut definition =
            Definition::new(self.owner(serial.as_deref(), number)?, self.profile(suite), &secret);
        definition.next_event = self.number("Counter")?.unwrap_or(0);
        self.pin(&mut definition)?;
        let policy = |name| {
            child(self.key, "Policy")
                .and_then(|policy| child(policy, name))
                .map(|node| text_of(node).to_owned())
        };
        Ok(Some(PskcToken {
            definition,
            manufacturer: device
                .and_then(|device| child(device, "Manufacturer"))
                .map(|node| text_of(node).to_owned()),
            serial,
            start_date: policy("StartDate"),
            expiry_date: policy("ExpiryDate"),
        }))
    }

    fn suite(&self, algorithm: &str) -> Result<Suite, Refusal> {
        let parameters = self.parameters();
        let name =
            parameters.and_then(|parameters| child(parameters, "Suite")).map(text_of).unwrap_or_default();
        let ocra = if algorithm.starts_with("OCRA-1:") { algorithm } else { name };
        if ocra.starts_with("OCRA-1:") {
            return ocra.parse().map_err(|error: crate::suite::SuiteError| Refusal::Key(error.to_string()));
        }
        let hash = match name {
            "" | "HMAC-SHA1" | "SHA1" => "SHA1",
            "HMAC-SHA256" | "SHA256" => "SHA256",
            "HMAC-SHA512" | "SHA512" => "SHA512",
            _ => return Err("its Suite is unknown".into()),
        };
        let format = parameters.and_then(|parameters| child(parameters, "ResponseFormat"));
        let hex = match format.and_then(|format| format.attribute("Encoding")) {
            None | Some("DECIMAL") => "",
            Some("HEXADECIMAL") => "H",
            Some(_) => return Err("its responses are neither decimal nor hexadecimal".into()),
        };
        let digits = format.and_then(|format| format.attribute("Length")).unwrap_or("6");
        let standard = hex.is_empty() && matches!(digits, "6" | "7" | "8" | "9" | "10");
        let prefix = if standard { "" } else { "BANCADA-1:" };
        let name = match algorithm {
            "hotp" => format!("{prefix}HOTP-{hash}-{digits}{hex}"),
            "totp" => {
                let step = self.number("TimeInterval")?.unwrap_or(30);
                let step = TimeStep::from_seconds(step).ok_or("its time interval cannot be expressed")?;
                format!("{prefix}TOTP-{hash}-{digits}{hex}-{step}")
            }
            _ => return Err("its algorithm is unknown".into()),
        };
        name.parse().map_err(|error: crate::suite::SuiteError| Refusal::Key(error.to_string()))
    }

    fn profile(&self, suite: Suite) -> Profile {
        let kind =
            if suite.algorithm == Algorithm::Ocra { Kind::ChallengeResponse } else { Kind::ResponseOnly };
        let mut profile = Profile::new(*b"PSKC0", kind, suite);
        let parameter =
            |element, name| self.parameters().and_then(|node| child(node, element))?.attribute(name);
        let yes = |element| matches!(parameter(element, "CheckDigits"), Some("true" | "1"));
        profile.response_check_digit = yes("ResponseFormat");
        let length = |name| parameter("ChallengeFormat", name).and_then(|text| text.parse::<u8>().ok());
        if let Some(field) = profile.fields.first_mut() {
            let max = length("Max").unwrap_or(field.max).clamp(1, 16);
            let alphanumeric =
                suite.question.is_some_and(|question| question.format == QuestionFormat::Alphanumeric);
            let check_digit = yes("ChallengeFormat") && !alphanumeric;
            *field = DataField { min: length("Min").unwrap_or(max).clamp(1, max), max, check_digit };
        }
        profile
    }

    fn owner(&self, serial: Option<&str>, number: usize) -> Result<Owner, Refusal> {
        let serial = format!("{:0>10}", serial.unwrap_or_default().to_ascii_uppercase());
        let by_id = self.key.attribute("Id").and_then(|id| Owner::new(&serial, id));
        let owner = by_id.or_else(|| Owner::new(&serial, &format!("APPL{}", number + 1)));
        owner.ok_or_else(|| {
            "its serial number is longer than 10 characters or has others than letters and digits".into()
        })
    }

    /// The PIN another key of the file holds for this one.
    fn pin(&self, definition: &mut Definition) -> Result<(), Refusal> {
        let policy = child(self.key, "Policy").and_then(|policy| child(policy, "PINPolicy"));
        let needs_pin = definition.profile.suite.pin.is_some();
        let Some(policy) = policy else {
            return if needs_pin {
                Err("its suite needs a PIN and it has no PINPolicy".into())
            } else {
                Ok(())
            };
        };
        let Some(id) = policy.attribute("PINKeyId") else { return Ok(()) };
        let is_pin = |key: &Node<'_, '_>| key.attribute("Id") == Some(id);
        let found = self
            .packages
            .iter()
            .find_map(|package| Some((*package, children(*package, "Key").find(is_pin)?)));
        let (package, key) = found.ok_or("the key with its PIN is missing")?;
        let pin =
            KeyReader { package, key, ..*self }.secret()?.ok_or("the key with its PIN has no secret")?;
        let pin = String::from_utf8(pin.to_vec())
            .ok()
            .filter(|pin| pin.len() <= 8 && pin.bytes().all(|b| b.is_ascii_alphanumeric()));
        definition.pin = Zeroizing::new(
            pin.ok_or("its PIN is longer than 8 characters or has others than letters and digits")?,
        );
        let min = policy.attribute("MinLength").and_then(|text| text.parse().ok()).unwrap_or(3);
        let prepend = policy.attribute("PINUsageMode") == Some("Prepend");
        definition.profile.pin = true;
        // Only a PIN that stands before the response reaches the host; a local one is the device's own affair.
        definition.pin_rules = PinRules { enabled: prepend, min_len: min, ..PinRules::default() };
        Ok(())
    }

    fn secret(&self) -> Result<Option<Zeroizing<Vec<u8>>>, ImportError> {
        match child(self.key, "Data").and_then(|data| child(data, "Secret")) {
            None => Ok(None),
            Some(secret) => match child(secret, "PlainValue") {
                Some(plain) => base64_of(plain, "Secret").map(|bytes| Some(Zeroizing::new(bytes))),
                None => self.opener.open(secret, "Secret").map(Some),
            },
        }
    }

    /// A number of the key's data: in clear as decimal, or encrypted as big-endian bytes.
    fn number(&self, name: &str) -> Result<Option<u32>, Refusal> {
        let Some(element) = child(self.key, "Data").and_then(|data| child(data, name)) else {
            return Ok(None);
        };
        if let Some(plain) = child(element, "PlainValue") {
            return text_of(plain)
                .parse()
                .map(Some)
                .map_err(|_| Refusal::Key(format!("its {name} is no number below 2^32")));
        }
        let bytes = self.opener.open(element, name)?;
        let value =
            bytes.iter().try_fold(0u32, |value, byte| value.checked_mul(256)?.checked_add(u32::from(*byte)));
        value.map(Some).ok_or_else(|| Refusal::Key(format!("its {name} is no number below 2^32")))
    }

    fn parameters(&self) -> Option<Node<'a, 'i>> {
        child(self.key, "AlgorithmParameters")
    }
}
