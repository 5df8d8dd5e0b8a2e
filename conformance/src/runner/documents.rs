//! Verdicts on what concerns no client: facts against the code, golden bytes against a device.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use bancada_crypto::login::{chap, password_digest};
use bancada_wire::frame::HELLO_ACK_LEN;
use bancada_wire::text::{FixedText, Password};

use super::play::Difference;
use super::verdict::{Failure, Outcome, Verdict};
use crate::facts;
use crate::golden::{self, Exchange, Stage};
use crate::target::Target;

/// Longest wait for an answer: a key may be made meanwhile.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);

/// One verdict for all facts that agree, one for each that does not, one for each reason to leave facts alone.
#[must_use]
pub fn facts() -> Vec<Verdict> {
    let start = Instant::now();
    let report = facts::check();
    let verdict = |name: String, clause: String, result, compared, unexpressed| Verdict {
        client: "facts",
        area: "facts",
        about: "facts".to_owned(),
        name,
        clause,
        result,
        time: start.elapsed(),
        compared,
        unexpressed,
    };
    let mut verdicts = Vec::new();
    for difference in &report.differences {
        let replay = "cargo test -p bancada-conformance --test facts";
        let failed = failed(&difference.fact, difference.to_string(), "fact", replay);
        verdicts.push(verdict(difference.fact.clone(), "conformance/facts".to_owned(), failed, 1, 0));
    }
    if report.differences.is_empty() {
        let name = "the code says what the documents say".to_owned();
        verdicts.push(verdict(name, "conformance/facts".to_owned(), Outcome::Passed, report.checked, 0));
    }
    let mut left: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for unchecked in &report.unchecked {
        left.entry(unchecked.reason).or_default().push(&unchecked.fact);
    }
    for (reason, facts) in left {
        let name = format!("{} facts, {} the first of them", facts.len(), facts[0]);
        let result = Outcome::CannotExpress(reason.to_owned());
        verdicts.push(verdict(name, "conformance/src/facts/excuse.rs".to_owned(), result, 0, facts.len()));
    }
    verdicts
}

/// Plays the greetings and the session of the golden bytes against a target in its factory state.
///
/// # Errors
/// When the target cannot be brought there, or the files cannot be read.
pub fn golden(target: &Target) -> anyhow::Result<Vec<Verdict>> {
    if let Some(admin) = &target.admin {
        admin.reset()?;
    }
    ensure!(golden::errors().is_empty(), "{}", golden::errors().join("; "));
    let mut session = login(target);
    let mut verdicts = Vec::new();
    for exchange in golden::all() {
        let start = Instant::now();
        let played = match (exchange.stage, &mut session) {
            (Stage::Greeting, _) => connect(target).and_then(|mut stream| play(&mut stream, &exchange)),
            (Stage::Session, Ok(stream)) => play(stream, &exchange),
            (Stage::Session, Err(error)) => Err(anyhow::anyhow!("no session: {error:#}")),
            (Stage::Login | Stage::Other, _) => continue,
        };
        let result = played.map_or_else(
            |error| {
                let replay = "cargo xtask conformance -- --driver raw --cases 0";
                failed(&exchange.name, format!("{error:#}"), "bytes", replay)
            },
            |()| Outcome::Passed,
        );
        verdicts.push(Verdict {
            client: "raw",
            area: "golden bytes",
            about: "bytes".to_owned(),
            name: exchange.name,
            clause: exchange.clause,
            result,
            time: start.elapsed(),
            compared: exchange.server.len(),
            unexpressed: 0,
        });
    }
    Ok(verdicts)
}

fn failed(action: &str, text: String, kind: &str, replay: &str) -> Outcome {
    let (action, kind) = (action.to_owned(), kind.to_owned());
    let difference = Difference { index: 0, action, text, kind, by_case: false };
    Outcome::Failed(Failure { difference, steps: Vec::new(), replay: vec![replay.to_owned()] })
}

fn connect(target: &Target) -> anyhow::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&target.address, ANSWER_TIMEOUT)?;
    stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
    stream.set_write_timeout(Some(ANSWER_TIMEOUT))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// A session of the target's operator without TLS, begun with the golden bytes of greeting and challenge.
fn login(target: &Target) -> anyhow::Result<TcpStream> {
    let all = golden::all();
    let find = |stage| all.iter().find(|exchange| exchange.stage == stage).context("no such exchange");
    let mut stream = connect(target)?;
    stream.write_all(&find(Stage::Greeting)?.client)?;
    stream.read_exact(&mut [0; HELLO_ACK_LEN])?;
    let challenge = find(Stage::Login)?;
    stream.write_all(&challenge.client)?;
    let answer = read(&mut stream, challenge)?;
    challenge.check(&answer).map_err(anyhow::Error::msg)?;
    let challenge = answer.last_chunk().context("there was no challenge")?;
    let proof = chap(&password_digest(Password::new(&target.password)?.expose()), challenge);
    let user = FixedText::<16>::new(&target.user)?;
    stream.write_all(&proof)?;
    stream.write_all(&[user.as_bytes(), &[0; 16][user.as_bytes().len()..]].concat())?;
    let mut welcome = [0; 8];
    stream.read_exact(&mut welcome)?;
    ensure!(welcome == [0; 8], "the login was answered with {}", hex::encode(welcome));
    Ok(stream)
}

fn play(stream: &mut TcpStream, exchange: &Exchange) -> anyhow::Result<()> {
    stream.write_all(&exchange.client)?;
    let answer = read(stream, exchange)?;
    exchange.check(&answer).map_err(anyhow::Error::msg)
}

/// Reads an answer; where none is expected, until the device has closed.
fn read(stream: &mut TcpStream, exchange: &Exchange) -> anyhow::Result<Vec<u8>> {
    let mut answer = Vec::new();
    let mut room = [0; 4096];
    while exchange.server.is_empty() || !exchange.is_complete(&answer) {
        match stream.read(&mut room) {
            Ok(0) => break,
            Ok(count) => answer.extend_from_slice(&room[..count]),
            // A device that closes with bytes of ours unread.
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
            Err(error) => return Err(error).with_context(|| format!("after {}", hex::encode(&answer))),
        }
    }
    Ok(answer)
}
