//! Golden bytes: exchanges written down by hand from the documents, or captured from the vendor's client, sent as they
//! stand and compared byte by byte.
//!
//! A file is lines: `# comment`, `> hex` to send, `< hex` to expect with `..` for a byte that may be anything, and
//! `> login USER PASSWORD`, which answers the challenge in the last 16 bytes received.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use bancada_crypto::login::{chap, password_digest};
use bancada_wire::text::Password;

use crate::runner::play::Difference;
use crate::runner::verdict::{Failure, Outcome, Verdict};
use crate::scenario::Scenario;
use crate::target::Target;

/// The exchanges: name, where they come from, text.
const EXCHANGES: &[(&str, &str, &str)] = &[
    ("hello", "npm hsm-dinamo 4.9.1, hsm/hsm", include_str!("../golden/hello.txt")),
    ("login", "npm hsm-dinamo 4.9.1, hsm/hsm", include_str!("../golden/login.txt")),
    ("create key", "npm hsm-dinamo 4.9.1, Key.create", include_str!("../golden/create_key.txt")),
    ("sign", "npm hsm-dinamo 4.9.1, Cryptography.eddsaSign; RFC 8032", include_str!("../golden/sign.txt")),
    ("error", "npm hsm-dinamo 4.9.1, exceptions.HsmError", include_str!("../golden/error.txt")),
];

/// One line of an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Line {
    Send(Vec<u8>),
    Login { user: String, password: String },
    Expect(Vec<Option<u8>>),
}

/// Plays every exchange against a target in its factory state.
///
/// # Errors
/// When the target cannot be brought there.
pub fn check(target: &Target) -> anyhow::Result<Vec<Verdict>> {
    let mut verdicts = Vec::new();
    for (name, source, text) in EXCHANGES {
        if let Some(admin) = &target.admin {
            admin.reset()?;
        }
        let start = Instant::now();
        let played = parse(text).and_then(|lines| play(target, &lines));
        verdicts.push(verdict(name, source, played, start.elapsed()));
    }
    Ok(verdicts)
}

fn verdict(name: &str, source: &str, played: anyhow::Result<usize>, time: Duration) -> Verdict {
    let (result, compared) = match played {
        Ok(compared) => (Outcome::Passed, compared),
        Err(error) => {
            let text = format!("{error:#}");
            let difference = Difference {
                index: 0,
                action: name.to_owned(),
                text,
                kind: "bytes".to_owned(),
                by_case: false,
            };
            let replay = vec!["cargo xtask conformance -- --driver raw --cases 0".to_owned()];
            (Outcome::Failed(Failure { difference, scenario: Scenario::default(), replay }), 0)
        }
    };
    Verdict {
        client: "raw",
        area: "golden bytes",
        about: "bytes".to_owned(),
        name: name.to_owned(),
        clause: source.to_owned(),
        result,
        time,
        compared,
        unexpressed: 0,
    }
}

fn parse(text: &str) -> anyhow::Result<Vec<Line>> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (side, rest) =
                line.split_once(' ').with_context(|| format!("not a line of an exchange: {line}"))?;
            match (side, rest.split(' ').collect::<Vec<_>>().as_slice()) {
                (">", ["login", user, password]) => {
                    Ok(Line::Login { user: (*user).to_owned(), password: (*password).to_owned() })
                }
                (">", words) => Ok(Line::Send(hex::decode(words.concat())?)),
                ("<", words) => pattern(&words.concat()).map(Line::Expect),
                _ => bail!("not a line of an exchange: {line}"),
            }
        })
        .collect()
}

fn pattern(text: &str) -> anyhow::Result<Vec<Option<u8>>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    ensure!(rest.is_empty(), "half a byte in {text}");
    pairs
        .iter()
        .map(|pair| match pair {
            b".." => Ok(None),
            _ => Ok(Some(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?)),
        })
        .collect()
}

fn play(target: &Target, lines: &[Line]) -> anyhow::Result<usize> {
    let timeout = Duration::from_secs(20);
    let mut stream = TcpStream::connect_timeout(&target.address, timeout)?;
    stream.set_read_timeout(Some(timeout))?;
    stream.set_nodelay(true)?;
    let (mut received, mut compared) = (Vec::new(), 0);
    for (number, line) in lines.iter().enumerate() {
        match line {
            Line::Send(bytes) => stream.write_all(bytes)?,
            Line::Login { user, password } => stream.write_all(&answer(user, password, &received)?)?,
            Line::Expect(pattern) => {
                received = vec![0; pattern.len()];
                stream
                    .read_exact(&mut received)
                    .with_context(|| format!("line {}: {} bytes did not come", number + 1, pattern.len()))?;
                let fits =
                    pattern.iter().zip(&received).all(|(wanted, got)| wanted.is_none_or(|byte| byte == *got));
                ensure!(
                    fits,
                    "line {}: expected {}, got {}",
                    number + 1,
                    shown(pattern),
                    hex::encode(&received)
                );
                compared += 1;
            }
        }
    }
    Ok(compared)
}

fn answer(user: &str, password: &str, received: &[u8]) -> anyhow::Result<Vec<u8>> {
    let challenge = received.last_chunk::<16>().context("there was no challenge")?;
    let proof = chap(&password_digest(Password::new(password)?.expose()), challenge);
    let mut bytes = proof.to_vec();
    bytes.extend_from_slice(user.as_bytes());
    bytes.resize(32, 0);
    Ok(bytes)
}

fn shown(pattern: &[Option<u8>]) -> String {
    pattern.iter().map(|byte| byte.map_or("..".to_owned(), |byte| format!("{byte:02x}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exchange_can_be_read_and_says_something() {
        for (name, _, text) in EXCHANGES {
            let lines = parse(text).unwrap_or_else(|error| panic!("{name}: {error:#}"));
            assert!(lines.iter().any(|line| matches!(line, Line::Expect(_))), "{name} expects nothing");
        }
        assert_eq!(
            parse("# x\n> 01 02\n< 03..\n> login a b").unwrap(),
            [
                Line::Send(vec![1, 2]),
                Line::Expect(vec![Some(3), None]),
                Line::Login { user: "a".into(), password: "b".into() }
            ]
        );
        assert!(parse("? 01").is_err() && parse("> 0").is_err() && parse("< 0x").is_err());
    }

    #[test]
    fn the_login_answer_is_the_captured_one() {
        let challenge: Vec<u8> = (0..16).collect();
        let answer = answer("alice", "12345678", &challenge).unwrap();
        assert_eq!(hex::encode(answer), "f55997924c569dde9136640f07e3db5a616c6963650000000000000000000000");
    }
}
