//! The driver of the vendor's npm client: a Node process runs it unmodified and answers line by line.
//!
//! The client is `@dinamonetworks/hsm-dinamo` 4.9.1; `conformance/npm/adapter.mjs` translates.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context as _, bail};
use bancada_wire::status::Status;
use serde_json::{Value as Json, json};

use super::{ACTION_TIMEOUT_MS, Driver};
use crate::outcome::{Outcome, Value};
use crate::scenario::{Call, Handle, Login};

/// Milliseconds the adapter gives the client for one action; less than the driver gives the adapter.
const CLIENT_TIMEOUT_MS: u64 = ACTION_TIMEOUT_MS - 5_000;

/// Plays actions through the vendor's npm client.
#[derive(Debug)]
pub struct NpmDriver {
    folder: PathBuf,
    address: SocketAddr,
    log: PathBuf,
    process: Option<Process>,
    /// Methods called by processes that have ended.
    called: BTreeSet<String>,
}

#[derive(Debug)]
struct Process {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
    next_id: u64,
}

/// The public methods of the npm client, and which of them the run has called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Methods {
    /// Every one, as `module.method`.
    pub all: Vec<String>,
    /// Those called.
    pub called: BTreeSet<String>,
}

impl NpmDriver {
    /// A driver whose Node process runs in `folder` (where `npm ci` was run) and logs to a file.
    ///
    /// # Errors
    /// When the client is not installed, or Node does not start.
    pub fn new(folder: &Path, address: SocketAddr, log: &Path) -> anyhow::Result<Self> {
        let package = folder.join("node_modules/@dinamonetworks/hsm-dinamo/package.json");
        if !package.is_file() {
            bail!("the npm client is not installed: run `npm ci` in {}", folder.display());
        }
        let mut driver = Self {
            folder: folder.to_owned(),
            address,
            log: log.to_owned(),
            process: None,
            called: BTreeSet::new(),
        };
        driver.start()?;
        Ok(driver)
    }

    /// The client's methods, by reflection, and those called so far.
    ///
    /// # Errors
    /// When the process does not answer.
    pub fn methods(&mut self) -> anyhow::Result<Methods> {
        let answer = self.ask(json!({ "do": "methods" })).map_err(anyhow::Error::msg)?;
        let list = |name: &str| -> Vec<String> {
            serde_json::from_value(answer["methods"][name].clone()).unwrap_or_default()
        };
        let mut called = self.called.clone();
        called.extend(list("called"));
        Ok(Methods { all: list("all"), called })
    }

    fn start(&mut self) -> anyhow::Result<()> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(&self.log)
            .with_context(|| format!("cannot write {}", self.log.display()))?;
        let mut child = Command::new("node")
            .arg("adapter.mjs")
            .arg(self.address.ip().to_string())
            .arg(self.address.port().to_string())
            .arg(CLIENT_TIMEOUT_MS.to_string())
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .context("cannot start node (Debian: `apt-get install nodejs npm`)")?;
        let input = child.stdin.take().context("node has no input")?;
        let output = BufReader::new(child.stdout.take().context("node has no output")?);
        let (sender, lines) = channel();
        std::thread::Builder::new().name("npm client output".to_owned()).spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        })?;
        self.process = Some(Process { child, input, lines, next_id: 1 });
        Ok(())
    }

    /// Sends one line and waits for the answer with its number.
    fn ask(&mut self, mut request: Json) -> Result<Json, String> {
        if self.process.is_none() {
            self.start().map_err(|error| format!("{error:#}"))?;
        }
        let Some(process) = &mut self.process else { return Err("node does not run".to_owned()) };
        let id = process.next_id;
        process.next_id += 1;
        request["id"] = json!(id);
        let asked = writeln!(process.input, "{request}").and_then(|()| process.input.flush());
        let answer = asked.map_err(|error| error.to_string()).and_then(|()| process.answer(id));
        if answer.is_err() {
            self.stop();
        }
        answer
    }

    fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            // It may have ended by itself.
            let _ = process.child.kill();
            let _ = process.child.wait();
        }
    }

    fn played(&mut self, request: Json) -> Outcome {
        match self.ask(request) {
            Ok(answer) => outcome(&answer),
            Err(reason) => Outcome::Broken(format!("the npm client's process failed: {reason}")),
        }
    }
}

impl Process {
    fn answer(&self, id: u64) -> Result<Json, String> {
        loop {
            match self.lines.recv_timeout(Duration::from_millis(ACTION_TIMEOUT_MS)) {
                Ok(line) => {
                    let answer: Json =
                        serde_json::from_str(&line).map_err(|error| format!("{error}: {line}"))?;
                    if answer["id"] == json!(id) {
                        return Ok(answer);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    return Err(format!("no answer within {ACTION_TIMEOUT_MS} ms"));
                }
                Err(RecvTimeoutError::Disconnected) => return Err("it has ended".to_owned()),
            }
        }
    }
}

impl Driver for NpmDriver {
    fn name(&self) -> &'static str {
        "npm"
    }

    fn open(&mut self, handle: Handle, login: &Login, tls: Option<bool>) -> Outcome {
        let mut request = json!({ "do": "open", "handle": handle, "login": login, "tls": tls });
        // The adapter wants the bytes of a key where they are in a call.
        if let Login::Token { key, .. } = login {
            request["login"]["key"] = json!(key);
        }
        self.played(request)
    }

    fn close(&mut self, handle: Handle) -> Outcome {
        self.played(json!({ "do": "close", "handle": handle }))
    }

    fn disconnect(&mut self, handle: Handle) -> Outcome {
        self.played(json!({ "do": "disconnect", "handle": handle }))
    }

    fn call(&mut self, handle: Handle, call: &Call) -> Outcome {
        self.played(json!({ "do": "call", "handle": handle, "call": call }))
    }

    fn reset(&mut self) {
        // A process that does not answer is stopped, and with it its sessions.
        let _ = self.ask(json!({ "do": "reset" }));
    }
}

impl Drop for NpmDriver {
    fn drop(&mut self) {
        self.stop();
    }
}

fn outcome(answer: &Json) -> Outcome {
    if let Some(code) = answer["status"].as_i64().and_then(|code| i32::try_from(code).ok()) {
        return Outcome::Status(Status::from_code(code));
    }
    if answer["disconnected"] == json!(true) {
        return Outcome::Disconnected;
    }
    if let Some(reason) = answer["cannot"].as_str() {
        return Outcome::CannotExpress(known_reason(reason));
    }
    if let Some(reason) = answer["broken"].as_str() {
        return Outcome::Broken(reason.to_owned());
    }
    match value(&answer["ok"]) {
        Some(value) => Outcome::Ok(value),
        None => Outcome::Broken(format!("the adapter's answer is not understood: {answer}")),
    }
}

/// Reasons are few; those without details are told as they came.
fn known_reason(reason: &str) -> &'static str {
    const REASONS: &[&str] = &[
        "the npm client always uses TLS",
        "the npm client gives no session after a refused login",
        "the npm client has no such method",
        "the client never asks for raw bytes",
        "the client has no parameter for these attributes",
        "the client refuses this padding or hash",
        "the client takes a secret as text",
        "the client always commits",
    ];
    REASONS.iter().find(|known| **known == reason).copied().unwrap_or("the npm client does not send it so")
}

fn value(ok: &Json) -> Option<Value> {
    let hex = |json: &Json| json.as_str().and_then(|text| hex::decode(text).ok());
    if *ok == json!("none") {
        return Some(Value::None);
    }
    if let Some(bytes) = hex(&ok["bytes"]) {
        return Some(Value::Bytes(bytes));
    }
    if ok.get("opened").is_some() {
        return Some(Value::Opened { mode: None });
    }
    if let Some(key) = hex(&ok["token"]["key"]) {
        return Some(Value::Token { key, expiration: None });
    }
    if let Some(list) = ok["tokens"].as_array() {
        return list.iter().map(hex).collect::<Option<_>>().map(Value::Tokens);
    }
    let split = &ok["split"];
    Some(Value::Split { secret: hex(&split["secret"])?, parts: hex(&split["parts"])? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_as_outcomes() {
        let read = |text: &str| outcome(&serde_json::from_str(text).unwrap());
        assert_eq!(read(r#"{"ok":{"bytes":"00ff"}}"#), Outcome::Ok(Value::Bytes(vec![0, 255])));
        assert_eq!(read(r#"{"status":5004}"#), Outcome::Status(Status::ERR_CANNOT_OPEN_OBJ));
        assert_eq!(read(r#"{"disconnected":true}"#), Outcome::Disconnected);
        assert_eq!(
            read(r#"{"ok":{"tokens":["01","02"]}}"#),
            Outcome::Ok(Value::Tokens(vec![vec![1], vec![2]]))
        );
        assert!(matches!(read(r#"{"cannot":"whatever"}"#), Outcome::CannotExpress(_)));
        assert!(matches!(read(r#"{"ok":{"what":1}}"#), Outcome::Broken(_)));
    }
}
