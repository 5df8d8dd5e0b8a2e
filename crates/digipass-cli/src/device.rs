//! The authenticator's side: `activate`, `otp`, `sign`, `derive`, `message`.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use bancada_digipass::ReturnCode;
use bancada_digipass::authenticator::{Authenticator, Prompt, Response};
use bancada_digipass::derive::DerivationFormat;
use bancada_digipass::message::{Header, MessageType};
use clap::{ArgGroup, Args, ValueEnum};
use zeroize::Zeroizing;

use crate::advice;
use crate::args::{Text, Time};
use crate::import::FileKeys;
use crate::report::Report;
use crate::store::{self, Pending, State, Store};

/// Bring an authenticator to life and keep it in a file
///
/// From an import file, as a hardware token is; with --data, as a single-device licence; or with --message1 and, when the host has verified
/// the device code this prints, --message2, as an instance of a multi-device licence. The file holds the keys in clear and is readable
/// by you alone.
#[derive(Args)]
#[command(group = ArgGroup::new("source").required(true), after_help = "\
Examples:
  bancada-digipass activate --state token --from tokens.dpx \\
    --transport-key @transport.txt --serial VDS0000001
  bancada-digipass activate --state phone --static-vector @static.txt \\
    --data @activation.txt --shared 1234
  bancada-digipass activate --state phone --static-vector @static.txt \\
    --message1 @m1.txt --fingerprint 'my phone'
  bancada-digipass activate --state phone --message2 @m2.txt")]
pub(crate) struct Activate {
    /// The file the authenticator is kept in
    #[arg(long, value_name = "FILE")]
    state: PathBuf,
    /// Import file with the keys
    #[arg(long, value_name = "FILE", group = "source")]
    from: Option<PathBuf>,
    #[command(flatten)]
    keys: FileKeys,
    /// Which token of the import file [default: the first]
    #[arg(long, requires = "from")]
    serial: Option<String>,
    /// The static vector of the customer
    #[arg(long, value_name = "TEXT")]
    static_vector: Option<Text>,
    /// Activation data of a single-device licence
    #[arg(long, value_name = "TEXT", group = "source", requires = "static_vector")]
    data: Option<Text>,
    /// The shared secret the activation data was made with
    #[arg(long, value_name = "TEXT", requires = "data")]
    shared: Option<Text>,
    /// Activation message 1 of a multi-device licence
    #[arg(long, value_name = "TEXT", group = "source", requires = "static_vector")]
    message1: Option<Text>,
    /// Activation message 2 of a multi-device licence
    #[arg(long, value_name = "TEXT", group = "source")]
    message2: Option<Text>,
    /// What tells this device from others, any text
    #[arg(long, value_name = "TEXT", requires = "message1", default_value = "bancada-digipass")]
    fingerprint: String,
    /// Type of the device, 0 to 99
    #[arg(long, value_name = "N", requires = "message1", default_value_t = 7)]
    device_type: u8,
    /// The score to report with the device code, 0 to 7
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=7))]
    score: u8,
    /// The PIN suites with a PIN compute with
    #[arg(long, value_name = "TEXT")]
    pin: Option<Text>,
    /// Seconds the authenticator's clock is ahead of the host's
    #[arg(long, value_name = "SECONDS", default_value_t = 0, allow_hyphen_values = true)]
    clock_shift: i64,
    /// Overwrite an older authenticator
    #[arg(long)]
    force: bool,
}

/// What the user does on the device.
#[derive(Args)]
struct DeviceArgs {
    /// The file the authenticator is kept in
    #[arg(long, value_name = "FILE")]
    state: PathBuf,
    /// Name of the application [default: the first that can]
    #[arg(long, value_name = "NAME")]
    app: Option<String>,
    /// The score to report: 1 context, 2 user, 4 platform, or a sum
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=7))]
    score: u8,
}

/// Print a one-time password
#[derive(Args)]
#[command(after_help = "\
Examples:
  bancada-digipass otp --state phone
  bancada-digipass otp --state phone --app LOGIN --challenge 12345678 \\
    --at 2026-01-31T12:00:00Z")]
pub(crate) struct Otp {
    #[command(flatten)]
    device: DeviceArgs,
    /// The challenge to answer
    #[arg(long, value_name = "TEXT")]
    challenge: Option<Text>,
}

/// Sign data fields, or a Secure Channel or activation message
#[derive(Args)]
#[command(after_help = "\
Examples:
  bancada-digipass sign --state phone 00123456 150000
  bancada-digipass sign --state phone --message @m2.txt")]
pub(crate) struct Sign {
    #[command(flatten)]
    device: DeviceArgs,
    /// The data fields, 1 to 8
    #[arg(value_name = "FIELD", required_unless_present = "message")]
    fields: Vec<String>,
    /// A message in hexadecimal instead of fields
    #[arg(long, value_name = "TEXT", conflicts_with = "fields")]
    message: Option<Text>,
}

/// Bind the authenticator to a device and print the derivation code that tells the host
///
/// From here on every application answers as the bound one: passwords verify only after `verify --derivation-code` has bound the BLOBs.
#[derive(Args)]
#[command(after_help = "\
Examples:
  bancada-digipass derive --state phone --fingerprint 'my phone'
  bancada-digipass derive --state phone --fingerprint 'my phone' \\
    --format hex --json")]
pub(crate) struct Derive {
    #[command(flatten)]
    device: DeviceArgs,
    /// What tells this device from others, any text
    #[arg(long, value_name = "TEXT")]
    fingerprint: String,
    /// The challenge to answer
    #[arg(long, value_name = "TEXT")]
    challenge: Option<Text>,
    /// How the code is written
    #[arg(long, value_enum, default_value = "decimal")]
    format: FormatArg,
}

/// Read a Secure Channel message and answer it
///
/// A request is shown; --sign adds the signature by the application it names, --answer or --refuse the response message. A deactivation
/// message is obeyed: the authenticator forgets its keys.
#[derive(Args)]
#[command(group = ArgGroup::new("reply"), after_help = "\
Examples:
  bancada-digipass message --state phone @request.txt
  bancada-digipass message --state phone @request.txt --sign
  bancada-digipass message --state phone @request.txt --answer 'paid' --json
  bancada-digipass message --state phone --inform 'battery low'")]
pub(crate) struct Message {
    #[command(flatten)]
    device: DeviceArgs,
    /// The message in hexadecimal
    #[arg(value_name = "MESSAGE", required_unless_present = "inform")]
    message: Option<Text>,
    /// Sign the request
    #[arg(long, requires = "message")]
    sign: bool,
    /// Make the response message with this text
    #[arg(long, value_name = "TEXT", group = "reply", requires = "message")]
    answer: Option<String>,
    /// Make the error response with this error code, 0 to 255; the host is told 5000 and the code
    #[arg(long, value_name = "CODE", group = "reply", requires = "message")]
    refuse: Option<u8>,
    /// Make an information message nobody asked for
    #[arg(long, value_name = "TEXT", group = "reply", conflicts_with = "message")]
    inform: Option<String>,
}

/// How a derivation code is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatArg {
    /// Format 0
    Decimal,
    /// Format 1
    Hex,
}

impl Activate {
    /// Carries the command out.
    pub(crate) fn run(&self, _now: Time) -> anyhow::Result<Report> {
        if let Some(message) = &self.message2 {
            return self.finish(message);
        }
        if let (Some(vector), Some(message)) = (&self.static_vector, &self.message1) {
            return self.begin(vector, message);
        }
        let device = match (&self.from, &self.static_vector, &self.data) {
            (Some(path), ..) => {
                let (file, _) = self.keys.read(path)?;
                let wanted = self.serial.as_deref();
                let mut tokens = file.tokens.iter();
                let token =
                    tokens.find(|token| wanted.is_none_or(|serial| token[0].owner.serial_text() == serial));
                let token = token.with_context(|| match wanted {
                    Some(serial) => {
                        format!("{} has no token {serial}; `import` lists those it has", path.display())
                    }
                    None => format!("{} has no tokens", path.display()),
                })?;
                Authenticator::new(token)
            }
            (_, Some(vector), Some(data)) => {
                let shared = self.shared.as_ref().and_then(Text::bytes).unwrap_or_default();
                Authenticator::activate(vector.as_str(), data.as_str(), shared)
            }
            _ => bail!("give --from, --static-vector with --data or --message1, or --message2"),
        };
        self.keep(device.map_err(advice::error)?, None)
    }

    fn begin(&self, vector: &Text, message: &Text) -> anyhow::Result<Report> {
        let own = |text: &Text| Zeroizing::new(text.as_str().to_owned());
        let pending = Pending {
            static_vector: own(vector),
            message_1: own(message),
            fingerprint: Zeroizing::new(self.fingerprint.clone()),
            device_type: self.device_type,
        };
        let begun = pending.begin()?;
        let mut report = Report::default();
        report.put("device_code", begun.device_code(self.score));
        report.put_some("post_activation", begun.post_activation_application());
        report.put("next", "give the device code to the host, then its answer to `activate --message2`");
        store::create(&self.state, &State::Pending(pending), self.force)?;
        Ok(report)
    }

    fn finish(&self, message: &Text) -> anyhow::Result<Report> {
        let (store, state) = Store::open(&self.state)?;
        let State::Pending(pending) = state else {
            bail!("{} is activated already; begin again with --message1 and --force", self.state.display());
        };
        let begun = pending.begin()?;
        let device = begun.complete(message.as_str()).map_err(advice::error)?;
        let mut report = self.keep(device, Some(&store))?;
        report.put_some("post_activation", begun.post_activation_application());
        Ok(report)
    }

    fn keep(&self, mut device: Authenticator, store: Option<&Store>) -> anyhow::Result<Report> {
        device.clock_shift_s = self.clock_shift;
        if let Some(pin) = &self.pin {
            device.set_pin(pin.as_str());
        }
        let mut report = Report::default();
        report.put("serial_number", device.serial());
        if device.sequence() > 0 {
            report.put("instance", i64::from(device.sequence()));
        }
        report.put("applications", device.applications());
        let state = State::Ready(Box::new(device));
        match store {
            Some(store) => store.save(&state)?,
            None => store::create(&self.state, &state, self.force)?,
        }
        Ok(report)
    }
}

impl DeviceArgs {
    /// Lets the authenticator answer, and keeps what it became.
    fn use_it<T>(
        &self,
        now: Time,
        answer: impl FnOnce(&mut Authenticator, &Prompt<'_>) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let (store, state) = Store::open(&self.state)?;
        let State::Ready(mut device) = state else {
            bail!(
                "{} waits for activation message 2; give it to `activate --state {0} --message2`",
                self.state.display()
            );
        };
        let prompt = Prompt { application: self.app.as_deref(), now: now.0, score: self.score };
        let answer = answer(&mut device, &prompt)?;
        store.save(&State::Ready(device))?;
        Ok(answer)
    }

    /// The answer of the named application, or of the first that can: asking one of the wrong kind changes nothing.
    fn first_that_can(
        device: &mut Authenticator,
        prompt: &Prompt<'_>,
        mut ask: impl FnMut(&mut Authenticator, &Prompt<'_>) -> Result<Response, ReturnCode>,
    ) -> anyhow::Result<Response> {
        let mut result = ask(device, prompt);
        if prompt.application.is_none() {
            for name in device.applications().iter().skip(1) {
                if result != Err(ReturnCode::TOKEN_TYPE) {
                    break;
                }
                result = ask(device, &Prompt { application: Some(name), ..*prompt });
            }
        }
        result.map_err(|code| refusal(device, prompt, code))
    }
}

/// A refusal of the authenticator as a sentence: what 518 says of properties would puzzle who named an application.
fn refusal(device: &Authenticator, prompt: &Prompt<'_>, code: ReturnCode) -> anyhow::Error {
    if code != ReturnCode::PROPERTY {
        return advice::error(code);
    }
    let names = device.applications();
    let text = match prompt.application {
        _ if names.is_empty() => {
            "the authenticator was deactivated and has no application any more; activate another".to_owned()
        }
        Some(name) => {
            let name = name.escape_debug();
            format!("the authenticator has no application `{name}`; it has {}", names.join(", "))
        }
        None => format!("the authenticator cannot do that; it has the applications {}", names.join(", ")),
    };
    anyhow::Error::new(code).context(text)
}

impl Otp {
    /// Carries the command out.
    pub(crate) fn run(&self, now: Time) -> anyhow::Result<Report> {
        let challenge = self.challenge.as_ref().map(Text::as_str);
        let response = self.device.use_it(now, |device, prompt| {
            DeviceArgs::first_that_can(device, prompt, |device, prompt| device.password(prompt, challenge))
        })?;
        Ok(response_report("otp", response))
    }
}

impl Sign {
    /// Carries the command out.
    pub(crate) fn run(&self, now: Time) -> anyhow::Result<Report> {
        let fields: Vec<&str> = self.fields.iter().map(String::as_str).collect();
        let response = self.device.use_it(now, |device, prompt| {
            DeviceArgs::first_that_can(device, prompt, |device, prompt| match &self.message {
                Some(message) => device.sign_message(prompt, message.as_str()),
                None => device.sign(prompt, &fields),
            })
        })?;
        Ok(response_report("signature", response))
    }
}

impl Derive {
    /// Carries the command out.
    pub(crate) fn run(&self, now: Time) -> anyhow::Result<Report> {
        let challenge = self.challenge.as_ref().map(Text::as_str);
        let format = match self.format {
            FormatArg::Decimal => DerivationFormat::Decimal,
            FormatArg::Hex => DerivationFormat::Hex,
        };
        let code = self.device.use_it(now, |device, prompt| {
            device
                .derivation_code(prompt, self.fingerprint.as_bytes(), challenge, format)
                .map_err(|code| refusal(device, prompt, code))
        })?;
        let mut report = Report::default();
        report.answer("derivation_code", code);
        Ok(report)
    }
}

impl Message {
    /// Carries the command out.
    pub(crate) fn run(&self, now: Time) -> anyhow::Result<Report> {
        self.device.use_it(now, |device, prompt| {
            let Some(message) = &self.message else {
                let text = self.inform.as_deref().unwrap_or_default();
                let message = device.inform(now.0, text.as_bytes()).map_err(advice::error)?;
                let mut report = Report::default();
                report.answer("message", message);
                return Ok(report);
            };
            let header = Header::of_message(message.bytes()).map_err(advice::error)?;
            match header.message_type {
                MessageType::DEACTIVATION => {
                    device.deactivate(message.as_str()).map_err(advice::error)?;
                    let mut report = Report::default();
                    report.put("deactivated", true);
                    Ok(report)
                }
                MessageType::ACTIVATION_1 | MessageType::ACTIVATION_2 | MessageType::ACTIVATION_DATA => {
                    bail!("this is a message of an activation; give it to `activate`, or sign it with `sign --message`")
                }
                _ => self.request(device, prompt, message.as_str()),
            }
        })
    }

    fn request(
        &self,
        device: &mut Authenticator,
        prompt: &Prompt<'_>,
        message: &str,
    ) -> anyhow::Result<Report> {
        let request = device.open_request(message).map_err(advice::error)?;
        let mut report = Report::default();
        report.put("request", String::from_utf8_lossy(&request.text).into_owned());
        report.put_some("application", request.application.clone());
        if self.sign {
            let application = prompt.application.or(request.application.as_deref());
            let application =
                application.context("the request asks for no signature; name who signs with --app")?;
            let prompt = Prompt { application: Some(application), ..*prompt };
            let signature =
                device.sign_message(&prompt, message).map_err(|code| refusal(device, &prompt, code))?;
            report.put("signature", signature.text);
            report.put_some("host_code", Some(signature.host_code).filter(|code| !code.is_empty()));
        }
        let body = match (&self.answer, &self.refuse) {
            (Some(text), _) => Some(Ok(text.as_bytes())),
            (None, Some(code)) => Some(Err(std::slice::from_ref(code))),
            (None, None) => None,
        };
        if let Some(body) = body {
            let response = device.respond_to(message, prompt.now, body).map_err(advice::error)?;
            report.put("response", response);
        }
        Ok(report)
    }
}

fn response_report(name: &str, response: Response) -> Report {
    let mut report = Report::default();
    report.answer(name, response.text);
    report.put_some("host_code", Some(response.host_code).filter(|code| !code.is_empty()));
    report
}
