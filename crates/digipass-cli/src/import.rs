//! `import`: tokens come from a file; and how `issue` and `import` show them.

use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use bancada_crypto::random::SystemRandom;
use bancada_digipass::Context;
use bancada_digipass::blob::Kind;
use bancada_digipass::import::{
    ImportError, ImportFile, PskcFile, PskcKey, SkippedKey, read_dpx, read_pskc, transport_key,
};
use bancada_digipass::message::gen_payload_key_blob;
use bancada_digipass::vector::ActivationVector;
use clap::{ArgGroup, Args};
use zeroize::Zeroizing;

use crate::advice;
use crate::args::{SealArgs, Text, Time, context};
use crate::report::Report;

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

impl Import {
    /// Carries the command out.
    pub(crate) fn run(&self, now: Time) -> anyhow::Result<Report> {
        let params = self.seal.params()?;
        let (file, pskc) = self.keys.read(&self.file)?;
        let mut report = blobs(&file, &context(now, &params))?;
        if let Some(pskc) = pskc {
            let skipped = |key: &SkippedKey| format!("{}: {}", key.id, key.reason);
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
            ensure!(
                text.as_str().lines().any(|line| line.starts_with("DH")),
                "{name} is no import file: a DPX-shaped one has a line that begins with DH, a PSKC one is XML"
            );
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
pub(crate) fn blobs(file: &ImportFile, cx: &Context<'_>) -> anyhow::Result<Report> {
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
