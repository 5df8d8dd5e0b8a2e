//! `host`: the host's calls beside verification, so that a whole life can be played from a shell.

use anyhow::Context as _;
use bancada_crypto::random::SystemRandom;
use bancada_digipass::encoding::from_hex;
use bancada_digipass::manage::{generate_challenge, reset_token_info};
use bancada_digipass::message::PayloadKeyBlob;
use bancada_digipass::message::activation::{
    gen_activation_data, gen_message_activation1, gen_message_activation2, verify_device_code,
};
use bancada_digipass::message::channel::{
    RequestBody, gen_message_deactivation, gen_message_request, proc_message_information,
    proc_message_response,
};
use bancada_digipass::{Blob, Context, KernelParams, ReturnCode};
use clap::{Args, Subcommand};

use crate::advice;
use crate::args::{KernelArgs, Text, Time, context};
use crate::manage::{AuthCode, Pin, Set, Unlock, Virtual};
use crate::report::Report;
use crate::verify::{hold, store_blob};

#[derive(Subcommand)]
#[command(after_help = "\
A multi-device licence, from `issue` to a signed request:
  bancada-digipass issue --serial VDM0000001 --licence mdl --json > issued.json
  jq -r .static_vector issued.json > static.txt
  jq -r .message_vector issued.json > mv.txt
  jq -r '.tokens[0].activation_vector' issued.json > av.txt
  jq -r '.tokens[0].payload_key' issued.json > pk.txt
  jq -r '.tokens[0].applications[0].blob' issued.json > ma.blob
  bancada-digipass host message1 --blob @ma.blob --static-vector @static.txt \\
    --message-vector @mv.txt --activation-vector @av.txt > m1.txt
  bancada-digipass activate --state phone --static-vector @static.txt \\
    --message1 @m1.txt --json | jq -r .device_code > code.txt
  bancada-digipass host device-code --blob @ma.blob --code @code.txt \\
    --store --json | jq -r .device_id > device.txt
  bancada-digipass host message2 --blob @ma.blob --device-id @device.txt \\
    --payload-key @pk.txt --static-vector @static.txt \\
    --message-vector @mv.txt --store --json > m2.json
  jq -r .message m2.json > m2.txt
  jq -r '.applications[1].blob' m2.json > sign.blob
  bancada-digipass activate --state phone --message2 @m2.txt
  bancada-digipass host request --payload-key @pk.txt --message-vector @mv.txt \\
    --application 2 --text 'Pay 15?' > request.txt
  bancada-digipass message --state phone @request.txt --sign --json \\
    | jq -r .signature > signature.txt
  bancada-digipass verify --blob @sign.blob --signature @signature.txt \\
    --message @request.txt --store")]
pub(crate) enum Host {
    ActivationData(ActivationData),
    Message1(Message1),
    DeviceCode(DeviceCode),
    Message2(Message2),
    Challenge(Challenge),
    Request(Request),
    Deactivate(Deactivate),
    Response(Response),
    Reset(Reset),
    Set(Set),
    Pin(Pin),
    AuthCode(AuthCode),
    Unlock(Unlock),
    Virtual(Virtual),
}

/// A BLOB the call changes.
#[derive(Args)]
pub(crate) struct OneBlob {
    /// The BLOB, 496 hexadecimal characters
    #[arg(long, value_name = "TEXT")]
    blob: Text,
    /// Write the new BLOB back to the @FILE it came from
    #[arg(long)]
    store: bool,
    #[command(flatten)]
    kernel: KernelArgs,
}

/// Print the activation data of a single-device licence
#[derive(Args)]
pub(crate) struct ActivationData {
    /// A BLOB of the token; repeat it for each application
    #[arg(long, value_name = "TEXT", required = true)]
    blob: Vec<Text>,
    /// The static vector
    #[arg(long, value_name = "TEXT")]
    static_vector: Text,
    /// A secret the user knows by another way
    #[arg(long, value_name = "TEXT")]
    shared: Option<Text>,
    #[command(flatten)]
    kernel: KernelArgs,
}

/// Print activation message 1 of a multi-device licence
#[derive(Args)]
pub(crate) struct Message1 {
    /// The licence's BLOB
    #[arg(long, value_name = "TEXT")]
    blob: Text,
    /// The static vector
    #[arg(long, value_name = "TEXT")]
    static_vector: Text,
    /// The message vector
    #[arg(long, value_name = "TEXT")]
    message_vector: Text,
    /// The activation vector
    #[arg(long, value_name = "TEXT")]
    activation_vector: Text,
    /// The challenge that binds the device code, if there is to be one
    #[arg(long, value_name = "TEXT")]
    challenge: Option<Text>,
    #[command(flatten)]
    kernel: KernelArgs,
}

/// Verify a device code
#[derive(Args)]
pub(crate) struct DeviceCode {
    /// The device code, 26 digits
    #[arg(long, value_name = "TEXT")]
    code: Text,
    /// The challenge of activation message 1, if it had one
    #[arg(long, value_name = "TEXT")]
    challenge: Option<Text>,
    #[command(flatten)]
    one: OneBlob,
}

/// Print activation message 2 and the BLOBs of the new instance
#[derive(Args)]
pub(crate) struct Message2 {
    /// The device `host device-code` verified
    #[arg(long, value_name = "TEXT")]
    device_id: Text,
    /// The payload key, for an instance with a Secure Channel
    #[arg(long, value_name = "TEXT")]
    payload_key: Option<Text>,
    /// The static vector
    #[arg(long, value_name = "TEXT")]
    static_vector: Text,
    /// The message vector
    #[arg(long, value_name = "TEXT")]
    message_vector: Text,
    #[command(flatten)]
    one: OneBlob,
}

/// Make a challenge and store it in the BLOB
#[derive(Args)]
pub(crate) struct Challenge {
    #[command(flatten)]
    one: OneBlob,
}

/// What messages are made with.
#[derive(Args)]
struct Channel {
    /// The payload key, 88 characters
    #[arg(long, value_name = "TEXT")]
    payload_key: Text,
    #[command(flatten)]
    kernel: KernelArgs,
}

/// Print a request message
#[derive(Args)]
pub(crate) struct Request {
    /// The message vector
    #[arg(long, value_name = "TEXT")]
    message_vector: Text,
    /// What the user is shown
    #[arg(long)]
    text: String,
    /// The application that signs, 1 to 8; 0 for no signature
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=8))]
    application: u8,
    #[command(flatten)]
    channel: Channel,
}

/// Print the message that ends an instance
#[derive(Args)]
pub(crate) struct Deactivate {
    /// The message vector
    #[arg(long, value_name = "TEXT")]
    message_vector: Text,
    /// The instance, 1 to 99
    #[arg(long, value_name = "N")]
    instance: i32,
    #[command(flatten)]
    channel: Channel,
}

/// Read a response message, or without --request an information message
#[derive(Args)]
pub(crate) struct Response {
    /// The message
    #[arg(value_name = "MESSAGE")]
    message: Text,
    /// The request it answers
    #[arg(long, value_name = "TEXT")]
    request: Option<Text>,
    #[command(flatten)]
    channel: Channel,
}

/// Set the error counter to 0 and widen the next window
#[derive(Args)]
pub(crate) struct Reset {
    #[command(flatten)]
    one: OneBlob,
}

impl Host {
    /// Carries the command out.
    pub(crate) fn run(&self, now: Time) -> anyhow::Result<Report> {
        match self {
            Self::ActivationData(command) => command.run(now),
            Self::Message1(command) => command.run(now),
            Self::DeviceCode(command) => command.run(now),
            Self::Message2(command) => command.run(now),
            Self::Challenge(command) => command.one.call(now, |cx, blob, report| {
                report.put("challenge", generate_challenge(cx, blob, &mut SystemRandom)?);
                Ok(())
            }),
            Self::Request(command) => command.run(now),
            Self::Deactivate(command) => command.run(now),
            Self::Response(command) => command.run(now),
            Self::Reset(command) => command.one.call(now, |cx, blob, _| reset_token_info(cx, blob)),
            Self::Set(command) => command.run(now),
            Self::Pin(command) => command.run(now),
            Self::AuthCode(command) => command.run(now),
            Self::Unlock(command) => command.run(now),
            Self::Virtual(command) => command.run(now),
        }
    }
}

impl OneBlob {
    /// Makes a call that changes the BLOB, and says what it said and what the BLOB became, also when the kernel refused.
    pub(crate) fn call(
        &self,
        now: Time,
        call: impl FnOnce(&Context<'_>, &mut Blob, &mut Report) -> Result<(), ReturnCode>,
    ) -> anyhow::Result<Report> {
        self.call_with(now, &self.kernel.params()?, call)
    }

    fn call_with(
        &self,
        now: Time,
        params: &KernelParams,
        call: impl FnOnce(&Context<'_>, &mut Blob, &mut Report) -> Result<(), ReturnCode>,
    ) -> anyhow::Result<Report> {
        let mut text = self.blob.clone();
        let _held = if self.store { Some(hold(std::slice::from_mut(&mut text))?) } else { None };
        let path = text.path.as_ref();
        let mut blob = Blob::from_hex(text.as_str()).map_err(advice::error)?;
        let mut report = Report::default();
        let result = call(&context(now, params), &mut blob, &mut report);
        report.verdict(result.err().unwrap_or(ReturnCode::SUCCESS));
        if let Some(path) = path.filter(|_| self.store) {
            store_blob(path, &blob.to_hex())?;
        }
        report.put("blob", blob.to_hex());
        Ok(report)
    }
}

impl ActivationData {
    fn run(&self, now: Time) -> anyhow::Result<Report> {
        let params = self.kernel.params()?;
        let blobs = self.blob.iter().map(|text| Blob::from_hex(text.as_str()));
        let blobs = blobs.collect::<Result<Vec<_>, _>>().map_err(advice::error)?;
        let shared = self.shared.as_ref().and_then(Text::bytes).unwrap_or_default();
        let data = gen_activation_data(&context(now, &params), &blobs, self.static_vector.bytes(), shared);
        answer("activation_data", data)
    }
}

impl Message1 {
    fn run(&self, now: Time) -> anyhow::Result<Report> {
        let params = self.kernel.params_of_activation(self.challenge.as_ref())?;
        let licence = Blob::from_hex(self.blob.as_str()).map_err(advice::error)?;
        let message = gen_message_activation1(
            &context(now, &params),
            &licence,
            self.challenge.as_ref().and_then(Text::bytes),
            self.static_vector.bytes(),
            self.message_vector.bytes(),
            self.activation_vector.bytes(),
        );
        answer("message", message)
    }
}

impl DeviceCode {
    fn run(&self, now: Time) -> anyhow::Result<Report> {
        let params = self.one.kernel.params_of_activation(self.challenge.as_ref())?;
        self.one.call_with(now, &params, |cx, blob, report| {
            let challenge = self.challenge.as_ref().and_then(Text::bytes);
            let device = verify_device_code(cx, blob, challenge, self.code.bytes())?;
            report.put("device_id", device.device_id);
            report.put("device_type", i64::from(device.device_type));
            report.put("score", i64::from(device.verified.score));
            Ok(())
        })
    }
}

impl Message2 {
    fn run(&self, now: Time) -> anyhow::Result<Report> {
        let payload_key = self.payload_key.as_ref().map(payload_key).transpose()?;
        self.one.call(now, |cx, blob, report| {
            let instance = gen_message_activation2(
                cx,
                blob,
                payload_key.as_ref(),
                self.static_vector.bytes(),
                self.message_vector.bytes(),
                self.device_id.bytes(),
                &mut SystemRandom,
            )?;
            report.answer("message", instance.message);
            report.put("instance", i64::from(instance.sequence));
            report.put("token_type", instance.token_type);
            let application = |blob: &Blob| {
                let mut application = Report::default();
                application.put("name", blob.owner().application_text());
                application.put("blob", blob.to_hex());
                application
            };
            report.put("applications", instance.blobs.iter().map(application).collect::<Vec<_>>());
            Ok(())
        })
    }
}

impl Request {
    fn run(&self, now: Time) -> anyhow::Result<Report> {
        let params = self.channel.kernel.params()?;
        let body = RequestBody { application: self.application, text: self.text.as_bytes().to_vec() };
        let message = gen_message_request(
            &context(now, &params),
            &payload_key(&self.channel.payload_key)?,
            self.message_vector.bytes(),
            Some(body.to_hex().as_bytes()),
        );
        answer("message", message)
    }
}

impl Deactivate {
    fn run(&self, now: Time) -> anyhow::Result<Report> {
        let params = self.channel.kernel.params()?;
        let key = payload_key(&self.channel.payload_key)?;
        let vector = self.message_vector.bytes();
        answer("message", gen_message_deactivation(&context(now, &params), &key, vector, self.instance))
    }
}

impl Response {
    fn run(&self, now: Time) -> anyhow::Result<Report> {
        let params = self.channel.kernel.params()?;
        let (cx, key) = (context(now, &params), payload_key(&self.channel.payload_key)?);
        let body = match &self.request {
            Some(request) => proc_message_response(&cx, &key, self.message.bytes(), request.bytes()),
            None => proc_message_information(&cx, &key, self.message.bytes()),
        };
        let body = body.map_err(advice::error)?;
        let text = from_hex(body.as_bytes()).and_then(|bytes| String::from_utf8(bytes).ok());
        let mut report = Report::default();
        report.put_some("body_text", text);
        report.put("body", body);
        Ok(report)
    }
}

fn payload_key(text: &Text) -> anyhow::Result<PayloadKeyBlob> {
    let bytes = text.as_str().as_bytes();
    let key = PayloadKeyBlob::from_bytes(bytes).ok().filter(|key| key.as_bytes().len() == bytes.len());
    key.context("a payload key has 88 characters, as `issue` and `import` print it")
}

fn answer(name: &str, text: Result<String, ReturnCode>) -> anyhow::Result<Report> {
    let mut report = Report::default();
    report.answer(name, text.map_err(advice::error)?);
    Ok(report)
}
