//! `issue` and `import`: tokens come into being, or come from a file.

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context as _, bail, ensure};
use bancada_crypto::random::{Random as _, SystemRandom};
use bancada_digipass::blob::{DataField, Kind, MAX_FIELDS, Profile};
use bancada_digipass::encoding::to_hex;
use bancada_digipass::import::{
    self, ImportError, ImportFile, PskcFile, PskcKey, read_dpx, read_pskc, transport_key, write_dpx,
};
use bancada_digipass::message::{Protection, gen_payload_key_blob};
use bancada_digipass::suite::Suite;
use bancada_digipass::vector::{ActivationVector, MessageVector, StaticVector, Template};
use bancada_digipass::{Context, Definition, Owner};
use clap::{ArgGroup, Args, ValueEnum};
use zeroize::Zeroizing;

use crate::args::{SealArgs, Text, Time, context};
use crate::report::Report;
use crate::{advice, store};

/// The most tokens of one run (our choice).
const MOST_TOKENS: u32 = 100_000;
/// Suite of the application that starts activations; its challenges have 16 digits.
const MASTER_SUITE: &str = "OCRA-1:HOTP-SHA256-8:QN16";
const DEFAULT_APPS: [&str; 2] = ["OTP:RO:TOTP-SHA256-8-T36S", "SIGN:SG:OCRA-1:HOTP-SHA256-8:QH64-T36S"];

/// Make new tokens: BLOBs with the vectors an activation needs, or a DPX-shaped file
///
/// A single-device licence (sdl) has one BLOB per application; a multi-device licence (mdl) one BLOB that starts activations and a payload
/// key for its messages; its applications come to life in each activation. Windows and thresholds are no property of a
/// token: they are kernel parameters of `verify`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  bancada-digipass issue --serial VDS0000001
  bancada-digipass issue --serial VDS0000001 --count 10 --dpx tokens.dpx --json
  bancada-digipass issue --serial VDS0000001 --app LOGIN:CR:OCRA-1:HOTP-SHA256-8:QN08-T30S --trait derivation,score
  bancada-digipass issue --serial VDM0000001 --licence mdl --instances 5 --post-activation SIGN

Suites are named as in RFC 6287 section 6; HOTP-SHA1-6 and TOTP-SHA256-8-T30S after them. BANCADA-1: in front allows up to 16
digits and hexadecimal responses (12H), which the RFCs do not.")]
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
    /// Type of the authenticator, 5 characters of A-Z and 0-9
    #[arg(long, default_value = "MOB30")]
    model: String,
    /// Multi-device licences: instances allowed, 1 to 99
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=99))]
    instances: u8,
    /// Multi-device licences: the application that signs activation message 2
    #[arg(long, value_name = "NAME")]
    post_activation: Option<String>,
    /// Multi-device licences: how Secure Channel messages are protected
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

/// Read a DPX-shaped or PSKC (RFC 6030) file and print the BLOB of each application
#[derive(Args)]
#[command(after_help = "\
Examples:
  bancada-digipass import tokens.dpx --transport-key @transport.txt
  bancada-digipass import keys.pskcxml --passphrase @passphrase.txt --json")]
pub(crate) struct Import {
    /// The file
    file: PathBuf,
    #[command(flatten)]
    keys: FileKeys,
    #[command(flatten)]
    seal: SealArgs,
}

/// What opens an import file.
#[derive(Args, Clone)]
#[command(group = ArgGroup::new("file_key"))]
pub(crate) struct FileKeys {
    /// The key of a DPX-shaped file, 32 or 64 hexadecimal digits
    #[arg(long, value_name = "TEXT", group = "file_key")]
    transport_key: Option<Text>,
    /// The pre-shared key of a PSKC file in hexadecimal
    #[arg(long, value_name = "TEXT", group = "file_key")]
    pskc_key: Option<Text>,
    /// The passphrase of a PSKC file
    #[arg(long, value_name = "TEXT", group = "file_key")]
    passphrase: Option<Text>,
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
    /// Signs Secure Channel messages (multi-device licences: always, where the suite has QH64)
    SecureChannel,
    /// The host can stand in for a lost device
    VirtualToken,
}

#[derive(Clone, Copy, ValueEnum)]
enum ProtectionArg {
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
        let prefix =
            self.serial.as_bytes().first_chunk::<3>().context("the serial number has 10 characters")?;
        let mut vector = StaticVector::generate(*prefix, templates.clone(), &mut SystemRandom);
        if let Some(name) = &self.post_activation {
            ensure!(self.licence == Licence::Mdl, "--post-activation is for --licence mdl");
            let named =
                |app: &Template| app.name.trim_ascii_end().eq_ignore_ascii_case(name.trim().as_bytes());
            let place = templates.iter().position(named);
            vector.post_activation =
                place.context("--post-activation names none of the applications")? as u8 + 1;
        }
        let mut file = ImportFile { static_vector: Some(vector), ..ImportFile::default() };
        if self.licence == Licence::Mdl {
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
        let parts = self.serial.split_at_checked(3).filter(|(_, digits)| digits.len() == 7);
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
            templates.push(Template { name: owner.application, profile: self.profile(spec)? });
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
            }
            definitions.push(definition);
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
        let mut payload_key = Zeroizing::new([0; 16]);
        SystemRandom.fill(&mut *payload_key);
        definition.payload_key = Some(payload_key);
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
        report.put("tokens", file.tokens.len() as i64);
        report.put_some("transport_key", made);
        Ok(report)
    }
}

impl Import {
    /// Carries the command out.
    pub(crate) fn run(&self, now: Time) -> anyhow::Result<Report> {
        let params = self.seal.params()?;
        let (file, pskc) = self.keys.read(&self.file)?;
        let mut report = blobs(&file, &context(now, &params))?;
        if let Some(pskc) = pskc {
            let skipped = |key: &import::SkippedKey| format!("{}: {}", key.id, key.reason);
            report.put("skipped", pskc.skipped.iter().map(skipped).collect::<Vec<_>>());
        }
        Ok(report)
    }
}

impl FileKeys {
    /// The tokens of a DPX-shaped or PSKC file; what the latter says besides.
    ///
    /// # Errors
    /// When the file cannot be read or is neither, or the key does not fit.
    pub(crate) fn read(&self, path: &std::path::Path) -> anyhow::Result<(ImportFile, Option<PskcFile>)> {
        let name = path.display();
        let text: Text = format!("@{name}").parse().map_err(anyhow::Error::msg)?;
        let in_file = |error: ImportError| anyhow::Error::new(error).context(format!("cannot import {name}"));
        if !text.as_str().trim_start_matches('\u{feff}').starts_with('<') {
            let key = self.transport_key.as_ref();
            let key = key
                .with_context(|| format!("{name} is opened with --transport-key, which its sender knows"))?;
            let key = transport_key(key.as_str()).map_err(in_file)?;
            return Ok((read_dpx(text.as_str(), &key).map_err(in_file)?, None));
        }
        let bytes = match &self.pskc_key {
            Some(key) => bancada_digipass::encoding::from_hex(key.as_str().as_bytes())
                .map(Zeroizing::new)
                .context("--pskc-key is written in hexadecimal")?,
            None => Zeroizing::default(),
        };
        let key = match (&self.pskc_key, &self.passphrase) {
            (Some(_), _) => PskcKey::PreShared(&bytes),
            (None, Some(passphrase)) => PskcKey::Passphrase(passphrase.as_str()),
            (None, None) => PskcKey::None,
        };
        let pskc = read_pskc(text.as_str(), key).map_err(in_file)?;
        let mut file = ImportFile::default();
        for token in &pskc.tokens {
            // Keys of one device follow each other, as records of a DPX file do.
            let serial = token.definition.owner.serial;
            let last =
                file.tokens.last_mut().filter(|token| token.len() < 8 && token[0].owner.serial == serial);
            match last {
                Some(token_of) => token_of.push(token.definition.clone()),
                None => file.tokens.push(vec![token.definition.clone()]),
            }
        }
        Ok((file, Some(pskc)))
    }
}

/// The vectors and BLOBs of tokens.
fn blobs(file: &ImportFile, cx: &Context<'_>) -> anyhow::Result<Report> {
    let mut report = Report::default();
    report.put_some("static_vector", file.static_vector.as_ref().map(|vector| vector.to_hex().to_string()));
    report.put_some("message_vector", file.message_vector.map(|vector| vector.to_hex()));
    let mut tokens = Vec::new();
    for definitions in &file.tokens {
        let mut token = Report::default();
        token.put_some("serial_number", definitions.first().map(|first| first.owner.serial_text()));
        let mut applications = Vec::new();
        for definition in definitions {
            let blob = definition.blob(cx).map_err(advice::error)?;
            let mut payload_key = definition.payload_key_blob(cx).map_err(advice::error)?;
            if definition.profile.kind == Kind::MasterActivation {
                if let Some(vector) = file.message_vector.as_ref().filter(|_| payload_key.is_none()) {
                    let made =
                        gen_payload_key_blob(cx, &blob, Some(vector.to_hex().as_bytes()), &mut SystemRandom);
                    payload_key = Some(made.map_err(advice::error)?);
                }
                token.put("activation_vector", ActivationVector::of(definition).to_hex());
            }
            let payload_key = payload_key.map(|key| String::from_utf8_lossy(key.as_bytes()).into_owned());
            token.put_some("payload_key", payload_key);
            let mut application = Report::default();
            application.put("name", definition.owner.application_text());
            application.put("kind", definition.profile.kind.code());
            application.put("suite", definition.profile.suite.name());
            application.put("blob", blob.to_hex());
            applications.push(application);
        }
        token.put("applications", applications);
        tokens.push(token);
    }
    report.put("tokens", tokens);
    Ok(report)
}

fn owner(serial: &str, application: &str) -> anyhow::Result<Owner> {
    Owner::new(serial, application).with_context(|| {
        format!("`{serial}` is no serial number (10 of A-Z and 0-9), or `{application}` no application name")
    })
}
