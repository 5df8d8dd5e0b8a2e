//! A small client of the admin API, for `simulator ctl` and tests: one request a connection (RFC 9112, HTTP/1.0).

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Most bytes of an answer that are read.
const MAX_ANSWER: u64 = 64 << 20;
/// How long a connection and each read may take; a reset waits for busy sessions.
const TIMEOUT: Duration = Duration::from_secs(30);

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body, as text.
    pub body: String,
}

impl Answer {
    /// Whether the status says success.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Sends a request to the admin API at `url` (`http://127.0.0.1:PORT`) and reads the answer. Blocks.
///
/// # Errors
/// [`io::Error`] that says what to do, when nothing answers there or what answers is no HTTP server.
pub fn request(url: &str, method: &str, path: &str, body: Option<&str>) -> io::Result<Answer> {
    let address = address(url)?;
    let unreachable = |error: io::Error| {
        io::Error::new(
            error.kind(),
            format!("no simulator answers at http://{address}: {error}; `simulator up` prints the admin URL"),
        )
    };
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT).map_err(unreachable)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let body = body.unwrap_or_default();
    let length = body.len();
    let head = format!("{method} {path} HTTP/1.0\r\nHost: {address}\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).map_err(unreachable)?;
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER).read_to_end(&mut answer).map_err(unreachable)?;
    parse(&answer).ok_or_else(|| {
        let what = format!("what answers at http://{address} is not the admin API; check the port");
        io::Error::new(io::ErrorKind::InvalidData, what)
    })
}

/// The address in a URL; the scheme may be left out.
fn address(url: &str) -> io::Result<SocketAddr> {
    let text = url.strip_prefix("http://").unwrap_or(url).trim_end_matches('/');
    text.parse().map_err(|_| {
        let what = format!("{url:?} is no admin URL; it looks like http://127.0.0.1:8433");
        io::Error::new(io::ErrorKind::InvalidInput, what)
    })
}

fn parse(answer: &[u8]) -> Option<Answer> {
    let text = std::str::from_utf8(answer).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut words = head.lines().next()?.split(' ');
    words.next().filter(|version| version.starts_with("HTTP/1."))?;
    Some(Answer { status: words.next()?.parse().ok()?, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_taken_apart() {
        let answer = parse(b"HTTP/1.0 404 Not Found\r\ncontent-length: 2\r\n\r\n{}").unwrap();
        assert_eq!((answer.status, answer.body.as_str(), answer.is_success()), (404, "{}", false));
        for bad in [&b""[..], b"OLEH", b"HTTP/1.0\r\n\r\n", b"HTTP/1.0 abc\r\n\r\n", b"\xff\r\n\r\n"] {
            assert_eq!(parse(bad), None);
        }
    }

    #[test]
    fn urls_are_addresses() {
        for good in ["http://127.0.0.1:80", "127.0.0.1:80", "http://127.0.0.1:80/", "[::1]:80"] {
            assert!(address(good).is_ok(), "{good}");
        }
        assert!(address("localhost").unwrap_err().to_string().contains("admin URL"));
    }
}
