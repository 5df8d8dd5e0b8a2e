//! `verify`: a password, a signature or a derivation code against BLOBs.

use anyhow::{Context as _, ensure};
use bancada_digipass::derive::{Derivation, derive_token_blobs};
use bancada_digipass::message::{MessageSignature, verify_message_signature};
use bancada_digipass::verify::{Password, SignatureRequest, Verified, verify_password, verify_signature};
use bancada_digipass::{Blob, Context, ReturnCode};
use clap::{ArgGroup, Args};

use crate::args::{KernelArgs, Text, Time, context};
use crate::device::FormatArg;
use crate::report::Report;
use crate::{advice, store};

/// Verify a password, a signature or a derivation code; print the return code and the new BLOB
///
/// Keep the new BLOB whatever the result: it counts errors and remembers what was used. --store writes it back to the @FILE it came from,
/// which is locked meanwhile: of two runs at once, the second reads what the first wrote.
#[derive(Args)]
#[command(group = ArgGroup::new("what").required(true), after_help = "\
Examples:
  bancada-digipass verify --blob @otp.blob --password 12345678 --store
  bancada-digipass verify --blob @sign.blob --signature 12345678 \\
    --field 00123456 --field 150000 --online-sg 1
  bancada-digipass verify --blob @sign.blob --signature 12345678 \\
    --message @request.txt --expiration 300
  bancada-digipass verify --blob @otp.blob --blob @sign.blob \\
    --derivation-code 123456780001234561 --store")]
pub(crate) struct Verify {
    /// The BLOB, 496 hexadecimal characters; for a derivation code all BLOBs of the token, the one that answers first
    #[arg(long, value_name = "TEXT", required = true)]
    blob: Vec<Text>,
    /// Write the new BLOB back to the file it came from
    #[arg(long)]
    store: bool,
    /// The password as typed, with its PIN
    #[arg(long, value_name = "TEXT", group = "what")]
    password: Option<Text>,
    /// The signature as typed, over --field or --message
    #[arg(long, value_name = "TEXT", group = "what")]
    signature: Option<Text>,
    /// The derivation code as typed
    #[arg(long, value_name = "TEXT", group = "what")]
    derivation_code: Option<Text>,
    /// The challenge that was answered
    #[arg(long, value_name = "TEXT", conflicts_with = "signature")]
    challenge: Option<Text>,
    /// A data field that was signed; repeat it in order
    #[arg(long = "field", value_name = "TEXT", requires = "signature")]
    fields: Vec<String>,
    /// The message that was signed
    #[arg(long, value_name = "TEXT", requires = "signature", conflicts_with = "fields")]
    message: Option<Text>,
    /// MessageExpirationTime: the greatest age of the message in seconds, 0 for any
    #[arg(
        long,
        value_name = "SECONDS",
        requires = "message",
        default_value_t = 0,
        allow_hyphen_values = true
    )]
    expiration: i32,
    /// When the signature was made: seconds since 1970, or the event; 0 for now
    #[arg(long, value_name = "N", requires = "signature", default_value_t = 0)]
    deferred: u32,
    /// How the derivation code is written
    #[arg(long, value_enum, requires = "derivation_code", default_value = "decimal")]
    format: FormatArg,
    #[command(flatten)]
    kernel: KernelArgs,
}

impl Verify {
    /// Carries the command out.
    pub(crate) fn run(&self, now: Time) -> anyhow::Result<Report> {
        let params = self.kernel.params()?;
        let cx = context(now, &params);
        let mut texts = self.blob.clone();
        let _held = if self.store { Some(hold(&mut texts)?) } else { None };
        let blobs = texts.iter().map(|text| Blob::from_hex(text.as_str()).map(Some));
        let mut blobs = blobs.collect::<Result<Vec<_>, _>>().map_err(advice::error)?;
        let result = self.ask(&cx, &mut blobs)?;
        let code = result.as_ref().map_or_else(|code| *code, Verified::code);
        let mut report = Report::default();
        report.verdict(code);
        if let Ok(verified) = &result {
            report.put("score", i64::from(verified.score));
            report.put_some("host_code", Some(verified.host_code.clone()).filter(|code| !code.is_empty()));
        }
        let written: Vec<String> = blobs.iter().flatten().map(Blob::to_hex).collect();
        if self.store {
            for (text, blob) in self.blob.iter().zip(&written) {
                if let Some(path) = &text.path {
                    store_blob(path, blob)?;
                }
            }
        }
        match <[String; 1]>::try_from(written) {
            Ok([blob]) => report.put("blob", blob),
            Err(many) => report.put("blobs", many),
        }
        Ok(report)
    }

    fn ask(
        &self,
        cx: &Context<'_>,
        blobs: &mut [Option<Blob>],
    ) -> anyhow::Result<Result<Verified, ReturnCode>> {
        let challenge = self.challenge.as_ref().and_then(Text::bytes);
        if let Some(code) = &self.derivation_code {
            let request = Derivation {
                count: i32::try_from(blobs.len()).unwrap_or(i32::MAX),
                challenge,
                code: code.bytes(),
                format: u32::from(self.format == FormatArg::Hex),
            };
            return Ok(derive_token_blobs(cx, blobs, &request));
        }
        let [Some(blob)] = blobs else {
            anyhow::bail!("a password or a signature is verified with one --blob, that of its application");
        };
        if let Some(password) = &self.password {
            return Ok(verify_password(cx, blob, &Password { password: password.bytes(), challenge }));
        }
        let signature = self.signature.as_ref().and_then(Text::bytes);
        Ok(match &self.message {
            Some(message) => {
                let request = MessageSignature {
                    expiration_s: self.expiration,
                    signature,
                    message: message.bytes(),
                    deferred: self.deferred,
                };
                verify_message_signature(cx, blob, &request)
            }
            None => {
                ensure!(
                    !self.fields.is_empty(),
                    "say what was signed: --field for each data field, or --message"
                );
                let fields: Vec<&[u8]> = self.fields.iter().map(String::as_bytes).collect();
                let request = SignatureRequest { signature, fields: Some(&fields), deferred: self.deferred };
                verify_signature(cx, blob, &request)
            }
        })
    }
}

/// Locks the files BLOBs came from until the result is dropped, and reads them again, as the run before left them.
pub(crate) fn hold(texts: &mut [Text]) -> anyhow::Result<Vec<std::fs::File>> {
    let paths: Vec<_> = texts.iter().filter_map(|text| text.path.as_deref()).collect();
    ensure!(paths.len() == texts.len(), "--store writes back to files: give --blob as @FILE");
    let held = store::lock_all(&paths)?;
    for text in texts {
        text.read_again()?;
    }
    Ok(held)
}

/// Writes a BLOB back to its file, which is locked, with the permissions the file has.
pub(crate) fn store_blob(path: &std::path::Path, blob: &str) -> anyhow::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let looked = path.canonicalize().and_then(|file| Ok((file.metadata()?.mode(), file)));
    // A link stays one.
    let (mode, file) = looked.with_context(|| format!("cannot look at {}", path.display()))?;
    store::replace_locked(&file, format!("{blob}\n").as_bytes(), mode & 0o777)
}
