//! The simulator's admin API, as far as a run needs it: small HTTP requests on loopback.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

/// Seconds after which a request without an answer fails.
const TIMEOUT_S: u64 = 20;

/// Bytes of an answer beyond which something is wrong.
const MAX_ANSWER: u64 = 1 << 20;

/// A simulator's admin API.
#[derive(Debug, Clone)]
pub struct Admin {
    authority: String,
}

impl Admin {
    /// The API at a URL such as `http://127.0.0.1:4434`.
    ///
    /// # Errors
    /// When the URL is not one of plain HTTP.
    pub fn new(url: &str) -> anyhow::Result<Self> {
        let rest = url.strip_prefix("http://").with_context(|| format!("{url:?} is not an http:// URL"))?;
        Ok(Self { authority: rest.trim_end_matches('/').to_owned() })
    }

    /// Brings the device back to its factory state; every session is closed.
    ///
    /// # Errors
    /// When the request fails.
    pub fn reset(&self) -> anyhow::Result<()> {
        self.request("POST", "/reset", &json!({})).map(|_| ())
    }

    /// Advances the device's clock.
    ///
    /// # Errors
    /// When the request fails.
    pub fn advance(&self, seconds: u64) -> anyhow::Result<()> {
        self.request("POST", "/clock/advance", &json!({ "seconds": seconds })).map(|_| ())
    }

    /// The device's clock in seconds since 1970 UTC.
    ///
    /// # Errors
    /// When the request fails or its answer has no `now_ms`.
    pub fn now_s(&self) -> anyhow::Result<u64> {
        let answer = self.request("GET", "/clock", &Value::Null)?;
        let now_ms = answer["now_ms"].as_u64().context("GET /clock: the answer has no now_ms")?;
        Ok(now_ms / 1000)
    }

    /// Sends one request and returns the answer's JSON.
    ///
    /// # Errors
    /// When there is no answer, or one that is no success.
    pub fn request(&self, method: &str, path: &str, body: &Value) -> anyhow::Result<Value> {
        let text = self
            .exchange(method, path, body)
            .with_context(|| format!("{method} {path} at the admin API {}", self.authority))?;
        let (head, body) = text.split_once("\r\n\r\n").context("the answer has no end of its header")?;
        let status = head.split(' ').nth(1).unwrap_or_default();
        if !status.starts_with('2') {
            bail!(
                "{method} {path} at the admin API: {} {}",
                head.lines().next().unwrap_or_default(),
                body.trim()
            );
        }
        Ok(serde_json::from_str(body).unwrap_or(Value::Null))
    }

    fn exchange(&self, method: &str, path: &str, body: &Value) -> anyhow::Result<String> {
        let mut stream = TcpStream::connect(&self.authority)?;
        stream.set_read_timeout(Some(Duration::from_secs(TIMEOUT_S)))?;
        stream.set_nodelay(true)?;
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.authority,
            body.len()
        );
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.take(MAX_ANSWER).read_to_string(&mut answer)?;
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// Answers one request and returns it.
    fn serve(answer: &'static str) -> (Admin, std::thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let admin = Admin::new(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let served = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = vec![0; 4096];
            let length = stream.read(&mut request).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8_lossy(&request[..length]).into_owned()
        });
        (admin, served)
    }

    #[test]
    fn requests_and_answers_are_plain_http() {
        let (admin, served) = serve("HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n{\"now_ms\":90500}");
        assert_eq!(admin.now_s().unwrap(), 90);
        assert!(served.join().unwrap().starts_with("GET /clock HTTP/1.1\r\n"));

        let (admin, served) = serve("HTTP/1.1 200 OK\r\n\r\n{}");
        admin.advance(60).unwrap();
        assert!(served.join().unwrap().ends_with("{\"seconds\":60}"));
    }

    #[test]
    fn refusals_tell_why() {
        let (admin, _served) = serve("HTTP/1.1 400 Bad Request\r\n\r\nno such thing");
        let error = format!("{:#}", admin.reset().unwrap_err());
        assert!(error.contains("400") && error.contains("no such thing"), "{error}");
        assert!(Admin::new("ftp://x").is_err());
    }
}
