//! Addresses of devices: `host`, `host:port`, `[v6]:port`.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;

/// TCP port of the AAP service (vendor docs, network ports).
pub const DEFAULT_PORT: u16 = 4433;

/// Where a device listens: a host name or IP address, and a port.
///
/// ```
/// let address: bancada_link::Address = "hsm.example".parse()?;
/// assert_eq!(address.to_string(), "hsm.example:4433");
/// # Ok::<(), bancada_link::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    host: String,
    port: u16,
}

impl Address {
    /// The host without brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The TCP port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl FromStr for Address {
    type Err = Error;

    /// Reads an address; without a port it is [`DEFAULT_PORT`].
    ///
    /// # Errors
    /// [`Error::Misuse`] when there is no host, or the port is not 1 to 65535.
    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = |why: &str| {
            Error::misuse(format!("\"{text}\" is not an address: {why}. Write host:port, or [IPv6]:port"))
        };
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (host, after) = rest.split_once(']').ok_or_else(|| wrong("the bracket is not closed"))?;
                let port = match after.strip_prefix(':') {
                    None if !after.is_empty() => return Err(wrong("the bracket is followed by other text")),
                    port => port,
                };
                (host, port)
            }
            // More than one colon without brackets: an IPv6 address without a port.
            None if text.matches(':').count() > 1 => (text, None),
            None => match text.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (text, None),
            },
        };
        if host.contains(['[', ']']) {
            return Err(wrong("brackets stand around an IPv6 address only"));
        }
        if host.is_empty() || host.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(wrong("there is no host in it"));
        }
        let port = match port.map(str::parse::<u16>) {
            None => DEFAULT_PORT,
            Some(Ok(port)) if port > 0 => port,
            Some(_) => return Err(wrong("the port is not a number from 1 to 65535")),
        };
        Ok(Self { host: host.to_owned(), port })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_ports_are_told_apart() {
        let read = |text: &str| text.parse::<Address>().map(|address| address.to_string());
        assert_eq!(read("10.0.0.1").unwrap(), "10.0.0.1:4433");
        assert_eq!(read("hsm:5000").unwrap(), "hsm:5000");
        assert_eq!(read("::1").unwrap(), "[::1]:4433");
        assert_eq!(read("[::1]:9").unwrap(), "[::1]:9");
        assert_eq!(read("[::1]").unwrap(), "[::1]:4433");
        for nonsense in [
            "",
            ":4433",
            "hsm:",
            "hsm:0",
            "hsm:65536",
            "hsm:x",
            "[::1",
            "[::1]9",
            "a b:1",
            "h[::1]:9",
            "[[::1]]",
        ] {
            let error = read(nonsense).unwrap_err();
            assert!(error.to_string().contains("is not an address"), "{nonsense}: {error}");
        }
    }
}
