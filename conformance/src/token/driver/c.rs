//! The driver of the C interface: a C program, compiled against aal2sdk.h and linked with libaal2sdk.so, makes the calls of its lines.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use anyhow::{Context as _, bail};
use bancada_dinamo_blocking::tls::ServerTrust;
use bancada_dinamo_blocking::{Credentials, Options, Session};
use bancada_wire::algorithm::key;
use bancada_wire::op::CreateKey;
use bancada_wire::text::ObjectName;

use super::TokenDriver;
use crate::driver::rust::read_certificate;
use crate::target::Target;
use crate::token::call::{KEYS, Operation, Reply, Sealer, TokenCall};

/// Seconds a call may take.
const TIMEOUT_S: u64 = 60;

/// Algorithms of the named keys; on a device, lives begin with one of them in turn.
const ALGORITHMS: [u32; 3] = [key::AES_256, key::DES3_168, key::AES_128];

/// Plays calls through the C interface.
#[derive(Debug)]
pub struct CDriver {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
    folder: PathBuf,
    device: bool,
}

/// The adapter's program.
#[derive(Debug, Clone)]
pub struct Adapter {
    program: PathBuf,
    library: PathBuf,
}

impl Adapter {
    /// Compiles the adapter against a library, into a folder.
    ///
    /// # Errors
    /// When there is no library, no C compiler, or the adapter does not compile.
    pub fn compile(library: &Path, folder: &Path) -> anyhow::Result<Self> {
        if !library.is_file() {
            bail!(
                "there is no {}: build it with `cargo build --release -p bancada-digipass-capi`, or give --aal2sdk",
                library.display()
            );
        }
        let library = library.canonicalize()?.parent().context("the library is in no folder")?.to_owned();
        let program = folder.join(format!("token-adapter{}", std::env::consts::EXE_SUFFIX));
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut cc = Command::new("cc");
        cc.args(["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-o"]).arg(&program);
        cc.arg("-I").arg(root.join("../crates/digipass-capi")).arg(root.join("capi/adapter.c"));
        cc.arg("-L").arg(&library).arg("-laal2sdk");
        let output = cc.output().context("cannot start cc (Debian: `apt-get install gcc`)")?;
        if !output.status.success() {
            bail!("the C adapter does not compile:\n{}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(Self { program: program.canonicalize()?, library })
    }
}

impl CDriver {
    /// A running adapter; with a device, whose named keys seal the BLOBs, they are made there first.
    ///
    /// # Errors
    /// When the program does not start, or the device refuses the keys.
    pub fn new(adapter: &Adapter, device: Option<&Target>, log: &Path) -> anyhow::Result<Self> {
        let folder = adapter.program.parent().context("the adapter is in no folder")?.to_owned();
        let log = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let mut command = Command::new(&adapter.program);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log);
        command.env("LD_LIBRARY_PATH", &adapter.library);
        for name in ["TRACE", "KEYS", "HSM"] {
            command.env_remove(format!("BANCADA_DIGIPASS_{name}"));
        }
        if let Some(device) = device {
            make_keys(device)?;
            let certificate = device.certificate.as_deref().context("the device shows no certificate")?;
            command.env("BANCADA_DIGIPASS_HSM", device.address.to_string());
            command.env("BANCADA_DIGIPASS_HSM_USER", &device.user);
            command.env("BANCADA_DIGIPASS_HSM_PASSWORD", &device.password);
            command.env("BANCADA_DIGIPASS_HSM_CERTIFICATE", certificate);
        } else {
            let file = folder.join("keys");
            std::fs::write(&file, keys_in_process())
                .with_context(|| format!("cannot write {}", file.display()))?;
            command.env("BANCADA_DIGIPASS_KEYS", file);
        }
        let mut child = command.spawn().context("cannot start the C adapter")?;
        let input = child.stdin.take().context("the C adapter has no input")?;
        let output = BufReader::new(child.stdout.take().context("the C adapter has no output")?);
        let (sender, lines) = channel();
        std::thread::Builder::new().name("C adapter output".to_owned()).spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { child, input, lines, folder, device: device.is_some() })
    }
}

impl TokenDriver for CDriver {
    fn home(&self, number: u64) -> Sealer {
        match self.device {
            true => Sealer::Named { key: (number % ALGORITHMS.len() as u64) as usize, vector: 0 },
            false => Sealer::Software,
        }
    }

    fn cannot(&self, call: &TokenCall) -> Option<&'static str> {
        super::no_c_function(call)
    }

    fn perform(&mut self, call: &TokenCall) -> Result<Reply, String> {
        // The library reads a file, so there must be one.
        let line = match (call.operation, call.texts.first()) {
            (Operation::Dpx, Some(Some(text))) => {
                let file = self.folder.join("life.dpx");
                std::fs::write(&file, text)
                    .map_err(|error| format!("cannot write {}: {error}", file.display()))?;
                let path = file.to_string_lossy().into_owned();
                let texts = std::iter::once(Some(path)).chain(call.texts[1..].iter().cloned()).collect();
                line(&TokenCall { texts, ..call.clone() })
            }
            _ => line(call),
        };
        writeln!(self.input, "{line}")
            .and_then(|()| self.input.flush())
            .map_err(|error| error.to_string())?;
        let answer = self.lines.recv_timeout(Duration::from_secs(TIMEOUT_S)).map_err(|error| {
            format!("the C adapter does not answer to `{}`: {error}", call.operation.name())
        })?;
        read(&answer).ok_or_else(|| format!("the C adapter's answer is not understood: {answer}"))
    }
}

impl Drop for CDriver {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn make_keys(device: &Target) -> anyhow::Result<()> {
    let certificate = device.certificate.as_deref().context("the device shows no certificate")?;
    let trust = ServerTrust::Pinned(read_certificate(certificate)?);
    let credentials = Credentials::user(&device.user, &device.password)?;
    let mut session = Session::open(&device.address.to_string(), &credentials, &Options::tls(&trust)?)?;
    for (name, algorithm) in KEYS.into_iter().zip(ALGORITHMS) {
        let name = ObjectName::new(name)?;
        session.call(CreateKey { algorithm, attributes: 0, name })?;
    }
    session.close()?;
    Ok(())
}

/// The file of keys for a library without a device.
fn keys_in_process() -> String {
    let names = ["AES256", "3DES", "AES128"];
    let lengths = [32, 24, 16];
    let lines = KEYS.iter().zip(names).zip(lengths).map(|((name, algorithm), length)| {
        let value: Vec<u8> = (1..=length).map(|place: u8| place * 3).collect();
        format!("{name} {algorithm} {}\n", hex::encode(value))
    });
    lines.collect()
}

fn line(call: &TokenCall) -> String {
    let (key, vector) = call.sealer.key().unwrap_or(("-", ""));
    let mut line = format!("{} {key} ={vector} {}", call.operation.name(), call.now);
    for field in call.parms {
        line += &format!(" {field}");
    }
    line += &format!(" {}", call.blobs.len());
    for blob in &call.blobs {
        line += &format!(" {blob}");
    }
    line += &format!(" {}", call.texts.len());
    for text in &call.texts {
        line += &text.as_ref().map_or_else(|| " -".to_owned(), |text| format!(" ={}", hex::encode(text)));
    }
    line += &format!(" {}", call.numbers.len());
    for number in &call.numbers {
        line += &format!(" {number}");
    }
    line
}

fn read(line: &str) -> Option<Reply> {
    let mut words = line.split(' ');
    let code = words.next()?.parse().ok()?;
    let blobs = list(&mut words, |word| Some(word.to_owned()))?;
    let texts = list(&mut words, |word| String::from_utf8(hex::decode(word.strip_prefix('=')?).ok()?).ok())?;
    let numbers = list(&mut words, |word| word.parse().ok())?;
    Some(Reply { code, blobs, texts, numbers })
}

fn list<'a, T>(
    words: &mut impl Iterator<Item = &'a str>,
    member: impl Fn(&str) -> Option<T>,
) -> Option<Vec<T>> {
    let count: usize = words.next()?.parse().ok()?;
    (0..count.min(64)).map(|_| member(words.next()?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_answers_are_as_the_adapter_has_them() {
        let call = TokenCall {
            operation: Operation::Password,
            now: 7,
            parms: [3; 23],
            sealer: Sealer::Named { key: 1, vector: 0 },
            blobs: vec!["AB".into()],
            texts: vec![None, Some(String::new()), Some("1 2".into())],
            numbers: vec![-1],
        };
        let parms = " 3".repeat(23);
        assert_eq!(
            line(&call),
            format!("password LIFE_3DES =00112233445566FF 7{parms} 1 AB 3 - = =312032 1 -1")
        );
        let software = TokenCall { sealer: Sealer::Software, texts: Vec::new(), ..call };
        assert_eq!(line(&software), format!("password - = 7{parms} 1 AB 0 1 -1"));
        let reply = read("201 1 AB 1 =3132 2 -4 5").unwrap();
        assert_eq!((reply.code, reply.texts, reply.numbers), (201, vec!["12".to_owned()], vec![-4, 5]));
        assert_eq!(read("0 2 AB"), None);
    }
}
