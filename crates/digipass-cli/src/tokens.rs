//! `issue`: tokens come into being.

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context as _, bail, ensure};
use bancada_crypto::random::{Random as _, SystemRandom};
use bancada_digipass::blob::{DataField, Kind, MAX_FIELDS, Profile};
use bancada_digipass::encoding::to_hex;
use bancada_digipass::import::{ImportFile, transport_key, write_dpx};
use bancada_digipass::message::Protection;
use bancada_digipass::suite::Suite;
use bancada_digipass::vector::{MessageVector, StaticVector, Template};
use bancada_digipass::verify::{Password, SignatureRequest, verify_password, verify_signature};
use bancada_digipass::{Definition, KernelParams, Owner, ReturnCode};
use clap::{Args, ValueEnum};
use zeroize::Zeroizing;

use crate::args::{SealArgs, Text, Time, context};
use crate::import::blobs;
use crate::report::Report;
use crate::{advice, store};

/// The most tokens of one run (our choice).
const MOST_TOKENS: u32 = 100_000;
/// Suite of the application that starts activations; its challenges have 16 digits.
const MASTER_SUITE: &str = "OCRA-1:HOTP-SHA256-8:QN16";
const DEFAULT_APPS: [&str; 2] = ["OTP:RO:TOTP-SHA256-8-T36S", "SIGN:SG:OCRA-1:HOTP-SHA256-8:QH64-T36S"];

/// Make new tokens: BLOBs with the vectors an activation needs, or a DPX-shaped file
///
/// A single-device licence (sdl) has one BLOB per application, and with --trait secure-channel a payload key for the messages of a device
/// that comes with one; a multi-device licence (mdl) has one BLOB that starts activations and a payload key for its
/// messages; its applications come to life in each activation. Windows and thresholds are no property of a
/// token: they are kernel parameters of `verify`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  bancada-digipass issue --serial VDS0000001
  bancada-digipass issue --serial VDS0000001 --count 10 --dpx tokens.dpx --json
  bancada-digipass issue --serial VDS0000001 --trait derivation,score \\
    --app LOGIN:CR:OCRA-1:HOTP-SHA256-8:QN08-T30S
  bancada-digipass issue --serial VDM0000001 --licence mdl --instances 5 \\
    --post-activation SIGN

Suites are named as in RFC 6287 section 6; HOTP-SHA1-6 and TOTP-SHA256-8-T30S
after them. BANCADA-1: in front allows up to 16 digits and hexadecimal responses
(12H), which the RFCs do not.")]
pub(crate) struct Issue {
    /// The first serial number: 3 characters of A-Z and 0-9, then 7 digits that count up
    #[arg(long)]
    serial: String,
    /// How many tokens
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_TOKENS)))]
    count: u32,
    /// Single-device or multi-device licence
    #[arg(long, value_enum, default_value = "sdl")]
    licence: Licence,
    /// An application: name, kind (RO, CR, SG or MM) and suite; repeat it for up to 8 [default: OTP and SIGN]
    #[arg(long = "app", value_name = "NAME:KIND:SUITE")]
    apps: Vec<AppSpec>,
    /// What the applications can do besides
    #[arg(long = "trait", value_enum, value_delimiter = ',', value_name = "TRAIT")]
    traits: Vec<Trait>,
    /// Digits of the host code that proves the host to the user, 0 for none
    #[arg(long, value_name = "N", default_value_t = 0)]
    host_code: u8,
    /// The limits of data fields as MIN-MAX, from 1 to 16; a challenge is the first; repeat it for up to 8
    #[arg(long = "field", value_name = "MIN-MAX")]
    fields: Vec<FieldSpec>,
    /// A static PIN of 3 to 8 characters that passwords begin with
    #[arg(long, value_name = "TEXT")]
    pin: Option<Text>,
    /// The least length of a new static PIN
    #[arg(long, value_name = "N", requires = "pin", default_value_t = 3, value_parser = clap::value_parser!(u8).range(3..=8))]
    pin_min: u8,
    /// Type of the authenticator, 5 characters of A-Z and 0-9
    #[arg(long, default_value = "MOB30")]
    model: String,
    /// Multi-device licences: instances allowed, 1 to 99
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=99))]
    instances: u8,
    /// Multi-device licences: the application that signs activation message 2
    #[arg(long, value_name = "NAME")]
    post_activation: Option<String>,
    /// How Secure Channel messages are protected
    #[arg(long, value_enum, default_value = "encrypted")]
    protection: ProtectionArg,
    /// Write a DPX-shaped file instead of printing BLOBs; `import` and `activate --from` read it
    #[arg(long, value_name = "FILE")]
    dpx: Option<PathBuf>,
    /// The key of the file, 32 or 64 hexadecimal digits; without it one is made and printed
    #[arg(long, value_name = "TEXT", requires = "dpx")]
    transport_key: Option<Text>,
    /// Overwrite the file
    #[arg(long, requires = "dpx")]
    force: bool,
    #[command(flatten)]
    seal: SealArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Licence {
    Sdl,
    Mdl,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Trait {
    /// Responses end with a check digit
    CheckDigit,
    /// Can be bound to a device
    Derivation,
    /// Responses carry a score; they need 7 characters
    Score,
    /// Locked devices can be unlocked
    Unlock,
    /// Signs Secure Channel messages, with a payload key from the factory (multi-device licences: always, where the suite has QH64)
    SecureChannel,
    /// The host can stand in for a lost device
    VirtualToken,
    /// The host is the authenticator: there is no device, and no static vector to activate one
    VirtualPrimary,
}

#[derive(Clone, Copy, ValueEnum)]
enum ProtectionArg {
    /// Not at all
    None,
    /// AES-128-CTR and HMAC-SHA-256
    Encrypted,
    /// HMAC-SHA-256
    Signed,
}

#[derive(Clone)]
struct AppSpec {
    name: String,
    kind: Kind,
    suite: Suite,
}

#[derive(Clone, Copy)]
struct FieldSpec(u8, u8);

impl FromStr for AppSpec {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let mut parts = text.splitn(3, ':');
        let (Some(name), Some(kind), Some(suite)) = (parts.next(), parts.next(), parts.next()) else {
            bail!("an application is NAME:KIND:SUITE, for example {}", DEFAULT_APPS[0]);
        };
        ensure!(
            Owner::new("0000000000", name).is_some(),
            "`{name}` is no application name: 1 to 12 characters of A-Z, 0-9, _ and space"
        );
        let kind = Kind::from_code(&kind.to_ascii_uppercase());
        let kind = kind.filter(|kind| kind.has_passwords() || kind.has_signatures());
        let kind =
            kind.context("the kind is RO (password), CR (challenge), SG (signature) or MM (all three)")?;
        let suite: Suite = suite.parse()?;
        let many = suite.question.is_some() || kind == Kind::ResponseOnly;
        ensure!(
            many,
            "an application of kind {} needs a suite with a challenge, such as …:QN08",
            kind.code()
        );
        Ok(Self { name: name.to_ascii_uppercase(), kind, suite })
    }
}

impl FromStr for FieldSpec {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let limits = text.split_once('-').and_then(|(min, max)| Some((min.parse().ok()?, max.parse().ok()?)));
        let limits = limits.filter(|(min, max)| *min >= 1 && min <= max && *max <= 16);
        limits.map(|(min, max)| Self(min, max)).context("write MIN-MAX, from 1 to 16, such as 6-16")
    }
}

impl Issue {
    /// Carries the command out.
    pub(crate) fn run(&self, now: Time) -> anyhow::Result<Report> {
        let file = self.tokens()?;
        let params = self.seal.params()?;
        match &self.dpx {
            None => blobs(&file, &context(now, &params)),
            Some(path) => self.write(&file, path),
        }
    }

    fn tokens(&self) -> anyhow::Result<ImportFile> {
        let templates = self.templates()?;
        let first = self.serial_number(0)?;
        let prefix = first.as_bytes().first_chunk::<3>().context("a serial number has 10 characters")?;
        let mut vector = StaticVector::generate(*prefix, templates.clone(), &mut SystemRandom);
        if let Some(name) = &self.post_activation {
            ensure!(self.licence == Licence::Mdl, "--post-activation is for --licence mdl");
            let named =
                |app: &Template| app.name.trim_ascii_end().eq_ignore_ascii_case(name.trim().as_bytes());
            let place = templates.iter().position(named);
            vector.post_activation =
                place.context("--post-activation names none of the applications")? as u8 + 1;
        }
        // What has no device is never activated.
        let activated = self.licence == Licence::Mdl
            || templates.iter().any(|template| !template.profile.virtual_primary);
        let mut file = ImportFile { static_vector: activated.then_some(vector), ..ImportFile::default() };
        let connected = templates.iter().any(|template| template.profile.secure_channel);
        if self.licence == Licence::Mdl || connected {
            let mut customer = [0; 10];
            SystemRandom.fill(&mut customer);
            let protection = match self.protection {
                ProtectionArg::None => Protection::None,
                ProtectionArg::Encrypted => Protection::Encrypted,
                ProtectionArg::Signed => Protection::Signed,
            };
            file.message_vector = Some(MessageVector { protection, customer });
        }
        for number in 0..self.count {
            let serial = self.serial_number(number)?;
            file.tokens.push(match self.licence {
                Licence::Sdl => self.applications(&serial, &templates)?,
                Licence::Mdl => vec![self.master(&serial)?],
            });
        }
        Ok(file)
    }

    fn serial_number(&self, number: u32) -> anyhow::Result<String> {
        let upper =
            |prefix: &str| prefix.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        let parts = self.serial.split_at_checked(3);
        let parts = parts.filter(|(prefix, digits)| upper(prefix) && digits.len() == 7);
        let first = parts.and_then(|(prefix, digits)| {
            Some((
                prefix,
                digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u32>().ok())??,
            ))
        });
        let (prefix, first) = first.with_context(|| {
            format!(
                "`{}` is no serial number to count from: 3 of A-Z and 0-9, then 7 digits, such as VDS0000001",
                self.serial
            )
        })?;
        let value = first + number;
        ensure!(value <= 9_999_999, "the serial numbers run over {prefix}9999999; begin lower or make fewer");
        Ok(format!("{prefix}{value:07}"))
    }

    fn templates(&self) -> anyhow::Result<Vec<Template>> {
        let specs = match self.apps.as_slice() {
            [] => DEFAULT_APPS.iter().map(|text| text.parse()).collect::<anyhow::Result<_>>()?,
            given => given.to_vec(),
        };
        ensure!(specs.len() <= 8, "a token has at most 8 applications");
        let mut templates: Vec<Template> = Vec::new();
        for spec in &specs {
            let owner = owner("0000000000", &spec.name)?;
            ensure!(
                templates.iter().all(|other| other.name != owner.application),
                "two applications are called {}; give each its own name",
                spec.name
            );
            let template = Template { name: owner.application, profile: self.profile(spec)? };
            works(&Definition::generate(owner, template.profile.clone(), &mut SystemRandom))?;
            templates.push(template);
        }
        Ok(templates)
    }

    fn model(&self) -> anyhow::Result<[u8; 5]> {
        let model = self.model.as_bytes().try_into().ok();
        model
            .filter(|model: &[u8; 5]| {
                model.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
            })
            .context("--model has 5 characters of A-Z and 0-9, such as MOB30")
    }

    fn profile(&self, spec: &AppSpec) -> anyhow::Result<Profile> {
        let has = |wanted| self.traits.contains(&wanted);
        let mut profile = Profile::new(self.model()?, spec.kind, spec.suite);
        profile.response_check_digit = has(Trait::CheckDigit);
        profile.derivation = has(Trait::Derivation);
        profile.score = has(Trait::Score);
        profile.unlock = has(Trait::Unlock);
        profile.virtual_token = has(Trait::VirtualToken);
        profile.virtual_primary = has(Trait::VirtualPrimary);
        let many = spec.suite.question.is_some_and(|question| question.max == 64);
        let channel = self.licence == Licence::Mdl && many;
        profile.secure_channel = spec.kind.has_signatures() && (channel || has(Trait::SecureChannel));
        profile.host_code_len = self.host_code;
        profile.pin = self.pin.is_some() && spec.kind.has_passwords();
        if !self.fields.is_empty() && !profile.fields.is_empty() {
            ensure!(self.fields.len() <= MAX_FIELDS, "an application has at most {MAX_FIELDS} data fields");
            let used = if spec.kind == Kind::ChallengeResponse { 1 } else { self.fields.len() };
            let field = |spec: &FieldSpec| DataField { min: spec.0, max: spec.1, check_digit: false };
            profile.fields = self.fields[..used].iter().map(field).collect();
        }
        Ok(profile)
    }

    fn applications(&self, serial: &str, templates: &[Template]) -> anyhow::Result<Vec<Definition>> {
        let mut definitions = Vec::new();
        for template in templates {
            let owner = owner(serial, std::str::from_utf8(&template.name)?)?;
            let mut definition = Definition::generate(owner, template.profile.clone(), &mut SystemRandom);
            if let Some(pin) = self.pin.as_ref().filter(|_| template.profile.pin).map(Text::as_str) {
                let fits =
                    (3..=8).contains(&pin.len()) && pin.bytes().all(|byte| byte.is_ascii_alphanumeric());
                ensure!(fits, "the PIN has 3 to 8 letters and digits");
                definition.pin = Zeroizing::new(pin.to_owned());
                definition.pin_rules.min_len = self.pin_min;
            }
            definitions.push(definition);
        }
        if templates.iter().any(|template| template.profile.secure_channel)
            && let Some(first) = definitions.first_mut()
        {
            first.payload_key = Some(payload_key());
        }
        Ok(definitions)
    }

    fn master(&self, serial: &str) -> anyhow::Result<Definition> {
        ensure!(
            self.pin.is_none(),
            "--pin is for --licence sdl: applications of a multi-device licence have no static PIN"
        );
        let mut profile = Profile::new(self.model()?, Kind::MasterActivation, MASTER_SUITE.parse()?);
        profile.score = self.traits.contains(&Trait::Score);
        let mut definition = Definition::generate(owner(serial, "ACTIVATION")?, profile, &mut SystemRandom);
        definition.instances = self.instances;
        definition.payload_key = Some(payload_key());
        Ok(definition)
    }

    fn write(&self, file: &ImportFile, path: &std::path::Path) -> anyhow::Result<Report> {
        let mut made = None;
        let key = match &self.transport_key {
            Some(key) => transport_key(key.as_str())?,
            None => {
                let mut key = Zeroizing::new(vec![0; 32]);
                SystemRandom.fill(&mut key);
                made = Some(to_hex(&key));
                key
            }
        };
        let text = write_dpx(file, &key, &mut SystemRandom)?;
        if self.force {
            store::replace(path, text.as_bytes(), 0o644)?;
        } else {
            store::write_new(path, text.as_bytes(), 0o644)?;
        }
        let mut report = Report::default();
        report.put("file", path.display().to_string());
        report.put("token_count", file.tokens.len() as i64);
        report.put_some("transport_key", made);
        Ok(report)
    }
}

/// A new payload key.
fn payload_key() -> Zeroizing<[u8; 16]> {
    let mut key = Zeroizing::new([0; 16]);
    SystemRandom.fill(&mut *key);
    key
}

/// Asks the kernel whether it could ever verify such an application: it judges the configuration before the response.
fn works(definition: &Definition) -> anyhow::Result<()> {
    let name = definition.owner.application_text();
    ensure!(
        definition.profile.suite.session.is_none(),
        "{name}: a BLOB cannot keep session data; leave S out of the suite"
    );
    let params = KernelParams::default();
    let cx = context(Time(0), &params);
    let blob = definition.blob(&cx).map_err(advice::error)?;
    let mut codes = Vec::new();
    if definition.profile.kind.has_passwords() {
        let request = Password { password: Some(b""), challenge: None };
        codes.extend(verify_password(&cx, &mut blob.clone(), &request).err());
    }
    if definition.profile.kind.has_signatures() {
        let request = SignatureRequest { signature: Some(b""), fields: Some(&[]), deferred: 0 };
        codes.extend(verify_signature(&cx, &mut blob.clone(), &request).err());
    }
    match codes.into_iter().find(|code| *code != ReturnCode::RESPONSE_TOO_SHORT) {
        None => Ok(()),
        Some(code) => {
            bail!(
                "{name} could never verify anything ({code}) Change its suite, its traits, --field or --host-code."
            )
        }
    }
}

fn owner(serial: &str, application: &str) -> anyhow::Result<Owner> {
    let application = application.trim_end();
    Owner::new(serial, application)
        .with_context(|| format!("`{serial}` with `{application}` cannot be the owner of an application"))
}
