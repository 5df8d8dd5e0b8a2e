//! Golden bytes: exchanges written down from the vendor's documents or taken from its client, never made by our encoder.
//!
//! `golden/*.txt` hold them, `golden/README.md` says how they are written. The tests hold encoder, decoder and
//! reply writer to them; a runner can send [`Exchange::client`] to a device and ask [`Exchange::check`].

use bancada_wire::frame::{HEADER_LEN, Header, LAST_RECORD};

/// When an exchange can take place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// As the first bytes of a connection.
    Greeting,
    /// After the greeting. The answers to challenges are right for the challenge of the file alone.
    Login,
    /// In a user's session in mode NRM, after those that stand before it.
    Session,
    /// Where the device drew before what the request names: nowhere that can be told beforehand.
    Other,
}

/// What one side wrote and the other answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Name, unique among the exchanges.
    pub name: String,
    /// Where the bytes come from.
    pub clause: String,
    /// When it can take place.
    pub stage: Stage,
    /// What the client writes.
    pub client: Vec<u8>,
    /// The device's records, one write or TLS record each; none where it does not answer.
    pub server: Vec<Vec<u8>>,
    /// For each byte of all records together, whether it is of one occasion and may be another.
    pub varies: Vec<bool>,
}

/// A request the vendor's client wrote when it was called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// What was called; `bytes(n)` is `n` bytes of 0x5a.
    pub call: String,
    /// The opcode's name.
    pub operation: String,
    /// Header and payload.
    pub request: Vec<u8>,
}

const FILES: [(Stage, &str, &str); 4] = [
    (Stage::Greeting, "greetings.txt", include_str!("../golden/greetings.txt")),
    (Stage::Login, "logins.txt", include_str!("../golden/logins.txt")),
    (Stage::Session, "session.txt", include_str!("../golden/session.txt")),
    (Stage::Other, "other.txt", include_str!("../golden/other.txt")),
];

/// Every exchange, in order of file and place.
///
/// A file that cannot be read gives none of its exchanges; [`errors`] says why, and a test that there is none.
#[must_use]
pub fn all() -> Vec<Exchange> {
    FILES.iter().flat_map(|(stage, _, text)| parse(*stage, text).unwrap_or_default()).collect()
}

/// Every captured request, in order of file. Empty when the file cannot be read, which [`crate::facts`] reports.
#[must_use]
pub fn captures() -> Vec<Capture> {
    crate::facts::captured().unwrap_or_default()
}

/// Why files of exchanges cannot be read.
#[must_use]
pub fn errors() -> Vec<String> {
    let wrong = |(stage, name, text): &(Stage, &str, &str)| {
        parse(*stage, text).err().map(|error| format!("golden/{name}: {error}"))
    };
    FILES.iter().filter_map(wrong).collect()
}

impl Exchange {
    /// The device's answer, without regard to records: what a clear connection carries.
    #[must_use]
    pub fn answer(&self) -> Vec<u8> {
        self.server.concat()
    }

    /// Whether as many frames came as are expected, so that nothing more is to be read.
    #[must_use]
    pub fn is_complete(&self, answer: &[u8]) -> bool {
        let wanted = self.answer();
        let (Ok(expected), Ok(frames)) = (self.frames(&wanted), self.frames(answer)) else { return false };
        frames.len() >= expected.len() || frames.last().is_some_and(|frame| is_error(frame))
    }

    /// Compares an answer with the bytes that do not vary.
    ///
    /// # Errors
    /// The first place where it differs.
    pub fn check(&self, answer: &[u8]) -> Result<(), String> {
        let wanted = self.answer();
        let (expected, frames) = (self.frames(&wanted)?, self.frames(answer)?);
        if expected.len() != frames.len() {
            return Err(format!("{} frames came, {} are expected", frames.len(), expected.len()));
        }
        let mut start = 0;
        for (row, (wanted, got)) in expected.iter().zip(&frames).enumerate() {
            let varies = &self.varies[start..start + wanted.len()];
            start += wanted.len();
            let any_length = varies.get(4..HEADER_LEN).is_some_and(|length| length.contains(&true));
            let at = (0..wanted.len().min(got.len())).find(|at| !varies[*at] && wanted[*at] != got[*at]);
            let place =
                at.or((wanted.len() != got.len() && !any_length).then_some(wanted.len().min(got.len())));
            if let Some(at) = place {
                let (wanted, got) = (hex::encode(wanted), hex::encode(got));
                return Err(format!("frame {}, byte {at}: expected {wanted}, got {got}", row + 1));
            }
        }
        Ok(())
    }

    /// Cuts an answer into frames.
    fn frames<'a>(&self, answer: &'a [u8]) -> Result<Vec<&'a [u8]>, String> {
        let mut frames = Vec::new();
        let mut rest = answer;
        while !rest.is_empty() {
            let header = rest.first_chunk().map(|bytes| Header::from_bytes(*bytes));
            let length = match (self.stage, header) {
                (Stage::Greeting, _) => 4,
                (_, Some(header)) if header.status().is_some() || header.len == LAST_RECORD => HEADER_LEN,
                (_, Some(header)) => HEADER_LEN.saturating_add(header.len as usize),
                (_, None) => HEADER_LEN,
            };
            let (frame, after) = rest
                .split_at_checked(length)
                .ok_or_else(|| format!("the answer ends inside a frame: {}", hex::encode(rest)))?;
            frames.push(frame);
            rest = after;
        }
        Ok(frames)
    }
}

fn is_error(frame: &[u8]) -> bool {
    frame.first_chunk().is_some_and(|bytes| Header::from_bytes(*bytes).status().is_some())
}

/// Bytes, and for each whether it varies.
type Marked = (Vec<u8>, Vec<bool>);

fn parse(stage: Stage, text: &str) -> Result<Vec<Exchange>, String> {
    let mut exchanges: Vec<Exchange> = Vec::new();
    for line in joined(text) {
        let (side, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match (side, exchanges.last_mut()) {
            ("=", _) => {
                let (name, clause) =
                    rest.split_once(" | ").ok_or_else(|| format!("an exchange without a clause: {rest}"))?;
                let (name, clause) = (name.to_owned(), clause.to_owned());
                let (client, server, varies) = (Vec::new(), Vec::new(), Vec::new());
                exchanges.push(Exchange { name, clause, stage, client, server, varies });
            }
            (">", Some(exchange)) if exchange.client.is_empty() => exchange.client = marked(rest)?.0,
            ("<", Some(exchange)) => {
                let (bytes, varies) = marked(rest)?;
                exchange.server.push(bytes);
                exchange.varies.extend(varies);
            }
            _ => return Err(format!("not a line of an exchange: {line}")),
        }
    }
    Ok(exchanges)
}

/// Lines without comments, each with the indented lines that continue it.
fn joined(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        match (line.strip_prefix("  "), lines.last_mut()) {
            (Some(more), Some(last)) => {
                last.push(' ');
                last.push_str(more);
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

fn marked(text: &str) -> Result<Marked, String> {
    let (mut bytes, mut varies) = (Vec::new(), Vec::new());
    for word in text.split_whitespace() {
        let inner = word.strip_prefix('[').and_then(|word| word.strip_suffix(']'));
        let more = hex::decode(inner.unwrap_or(word)).map_err(|error| format!("{word}: {error}"))?;
        varies.resize(varies.len() + more.len(), inner.is_some());
        bytes.extend(more);
    }
    Ok((bytes, varies))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Exchange {
        parse(Stage::Session, text).unwrap().remove(0)
    }

    #[test]
    fn the_files_can_be_read() {
        assert!(errors().is_empty(), "{:?}", errors());
        assert!(all().len() >= 40 && captures().len() == 48);
        for exchange in all() {
            assert_eq!(exchange.check(&exchange.answer()), Ok(()), "{}", exchange.name);
            assert!(exchange.is_complete(&exchange.answer()), "{}", exchange.name);
            assert_eq!(
                all().iter().filter(|other| other.name == exchange.name).count(),
                1,
                "{}",
                exchange.name
            );
        }
    }

    #[test]
    fn an_exchange_is_read_and_nonsense_is_refused() {
        let exchange = one("# x\n= a b | here\n> 01 02\n  03\n< 00000000 02000000 05 [06]\n");
        assert_eq!((exchange.name.as_str(), exchange.clause.as_str()), ("a b", "here"));
        assert_eq!(exchange.client, [1, 2, 3]);
        assert_eq!(exchange.server, [[0, 0, 0, 0, 2, 0, 0, 0, 5, 6]]);
        assert_eq!(exchange.varies.iter().position(|varies| *varies), Some(9));
        for text in ["> 01", "= a\n> 01", "= a | b\n> 0", "= a | b\n? 01", "= a | b\n> 01\n> 02"] {
            assert!(parse(Stage::Session, text).is_err(), "{text}");
        }
    }

    #[test]
    fn fixed_bytes_are_compared_and_varying_ones_are_not() {
        let exchange = one("= a | b\n> 01\n< 00000000 02000000 05 [06]\n< 00000000 ffffff7f");
        let end = [0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F];
        let answer = |payload: &[u8]| [&[0, 0, 0, 0, payload.len() as u8, 0, 0, 0], payload, &end].concat();
        assert_eq!(exchange.check(&answer(&[5, 77])), Ok(()));
        assert!(exchange.check(&answer(&[4, 6])).unwrap_err().contains("frame 1, byte 8"));
        assert!(exchange.check(&answer(&[5, 6, 7])).is_err());
        assert!(exchange.check(&end).unwrap_err().contains("1 frames came"));
        assert!(!exchange.is_complete(&answer(&[5, 6])[..10]) && exchange.is_complete(&answer(&[5, 6])));
        assert!(exchange.is_complete(&[0xFF, 0xFF, 0xFF, 0xFF, 0x8A, 0x13, 0, 0x80]));

        let any = one("= a | b\n> 01\n< 00000000 [02000000] [0506]");
        assert_eq!(any.check(&[0, 0, 0, 0, 1, 0, 0, 0, 9]), Ok(()));
        assert!(any.check(&[1, 0, 0, 0, 1, 0, 0, 0, 9]).is_err());
    }
}
