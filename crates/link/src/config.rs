//! Timeouts and retries of a client, from its own settings or the vendor's environment variables (vendor docs, Connection variables).

use std::time::Duration;

use bancada_wire::op::{Retry, Spec};

use crate::error::{Error, Result};

/// How often sending and receiving is tried again: 0 to 16, default 3.
pub const MAX_SOCKET_RETRIES: &str = "HSM_MAX_SOCKET_RETRIES";
/// How long connecting may take in milliseconds; unset or 0 leaves it to the operating system.
pub const CONNECT_TIMEOUT: &str = "HSM_CONNECT_TIMEOUT";
/// How often connecting is tried again: 0 to 16, default 3.
pub const MAX_CONNECT_RETRIES: &str = "HSM_MAX_CONNECT_RETRIES";
/// How long receiving may take in milliseconds; unset or 0 leaves it to the operating system.
pub const RECV_TIMEOUT: &str = "HSM_RECV_TIMEOUT";
/// How long sending may take in milliseconds; unset or 0 leaves it to the operating system.
pub const SEND_TIMEOUT: &str = "HSM_SEND_TIMEOUT";

/// Largest value of the two retry settings.
pub const RETRY_LIMIT: u8 = 16;
const DEFAULT_RETRIES: u8 = 3;

/// Timeouts and retries.
///
/// What the two counts mean for a session, our choice where the vendor's text is silent:
/// - `max_connect_retries`: a TCP connection that is refused or not answered is tried again so often, after
///   50 ms, 100 ms, 200 ms and so on up to a second.
/// - `max_socket_retries`: a connection that breaks while the session is being opened is replaced by a new one
///   so often, as long as the login proof was not sent. A call on an open session is never repeated behind the
///   caller's back, because temporary keys and running hashes die with the connection; a caller that reopens
///   by itself asks [`ClientConfig::may_repeat`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientConfig {
    /// Most time one TCP connection attempt may take; `None` leaves it to the operating system.
    pub connect_timeout: Option<Duration>,
    /// Most time one wait for the socket to take data may last; `None` waits for ever.
    pub send_timeout: Option<Duration>,
    /// Most time one wait for data may last; `None` waits for ever.
    pub recv_timeout: Option<Duration>,
    /// How often connecting is tried again, at most [`RETRY_LIMIT`].
    pub max_connect_retries: u8,
    /// How often opening starts over on a new connection, at most [`RETRY_LIMIT`].
    pub max_socket_retries: u8,
}

impl Default for ClientConfig {
    /// The vendor's defaults: no timeouts of our own, three retries.
    fn default() -> Self {
        Self {
            connect_timeout: None,
            send_timeout: None,
            recv_timeout: None,
            max_connect_retries: DEFAULT_RETRIES,
            max_socket_retries: DEFAULT_RETRIES,
        }
    }
}

impl ClientConfig {
    /// The settings of this process's environment.
    ///
    /// # Errors
    /// As [`Self::from_lookup`].
    pub fn from_env() -> Result<Self> {
        Self::from_lookup(|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }

    /// The settings that `lookup` finds for the five variables of this module.
    ///
    /// # Errors
    /// [`Error::Misuse`] that names the variable, its value and what it may be.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let number = |name: &str, default: u32, limit: u32, unit: &str| -> Result<u32> {
            let Some(text) = lookup(name).filter(|text| !text.trim().is_empty()) else { return Ok(default) };
            text.trim().parse().ok().filter(|value| *value <= limit).ok_or_else(|| {
                Error::misuse(format!(
                    "{name}=\"{text}\" is not {unit} from 0 to {limit}; correct or unset it"
                ))
            })
        };
        let timeout = |name| -> Result<Option<Duration>> {
            let ms = number(name, 0, i32::MAX as u32, "a number of milliseconds")?;
            Ok((ms > 0).then(|| Duration::from_millis(ms.into())))
        };
        let retries = |name| -> Result<u8> {
            number(name, DEFAULT_RETRIES.into(), RETRY_LIMIT.into(), "a number").map(|count| count as u8)
        };
        Ok(Self {
            connect_timeout: timeout(CONNECT_TIMEOUT)?,
            send_timeout: timeout(SEND_TIMEOUT)?,
            recv_timeout: timeout(RECV_TIMEOUT)?,
            max_connect_retries: retries(MAX_CONNECT_RETRIES)?,
            max_socket_retries: retries(MAX_SOCKET_RETRIES)?,
        })
    }

    /// The same with another send timeout.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn with_send_timeout(self, send_timeout: Option<Duration>) -> Result<Self> {
        let config = Self { send_timeout, ..self };
        config.check().map(|()| config)
    }

    /// The same with another receive timeout.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn with_recv_timeout(self, recv_timeout: Option<Duration>) -> Result<Self> {
        let config = Self { recv_timeout, ..self };
        config.check().map(|()| config)
    }

    /// Whether a session can be opened with these settings.
    ///
    /// # Errors
    /// [`Error::Misuse`] when a timeout is zero, which sockets do not know.
    pub fn check(&self) -> Result<()> {
        let zero = |timeout: Option<Duration>| timeout.is_some_and(|timeout| timeout.is_zero());
        if zero(self.connect_timeout) || zero(self.send_timeout) || zero(self.recv_timeout) {
            return Err(Error::misuse("a timeout of zero would fail every time; give None for no timeout"));
        }
        Ok(())
    }

    /// How long to wait before connecting again after `failures` failed attempts in a row, `None` to give up.
    #[must_use]
    pub fn retry_connect(&self, failures: u32) -> Option<Duration> {
        let retries = u32::from(self.max_connect_retries.min(RETRY_LIMIT));
        let doublings = failures.saturating_sub(1).min(5);
        (failures <= retries).then(|| Duration::from_millis(50 << doublings).min(Duration::from_secs(1)))
    }

    /// Whether opening starts over after `breaks` connections broke on the way to the login proof.
    #[must_use]
    pub fn restart_opening(&self, breaks: u32) -> bool {
        breaks <= u32::from(self.max_socket_retries.min(RETRY_LIMIT))
    }

    /// Whether an operation may be sent again on a new session after a connection broke before its reply, and
    /// it was repeated `repeats` times already.
    ///
    /// An operation that names something of the old session, a running hash or a temporary key, then fails for
    /// want of it: such a sequence is repeated from its start or not at all.
    #[must_use]
    pub fn may_repeat(&self, spec: &Spec, repeats: u32) -> bool {
        spec.retry == Retry::Safe && repeats < u32::from(self.max_socket_retries.min(RETRY_LIMIT))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bancada_wire::op::{CreateKey, Operation, Ping};

    fn read(variables: &[(&str, &str)]) -> Result<ClientConfig> {
        ClientConfig::from_lookup(|name| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn unset_and_zero_leave_timeouts_to_the_system() {
        assert_eq!(read(&[]), Ok(ClientConfig::default()));
        assert_eq!(read(&[(CONNECT_TIMEOUT, "0"), (RECV_TIMEOUT, "")]), Ok(ClientConfig::default()));
        let config = read(&[
            (CONNECT_TIMEOUT, "1500"),
            (SEND_TIMEOUT, "20"),
            (RECV_TIMEOUT, " 30 "),
            (MAX_CONNECT_RETRIES, "0"),
            (MAX_SOCKET_RETRIES, "16"),
        ]);
        assert_eq!(
            config,
            Ok(ClientConfig {
                connect_timeout: Some(Duration::from_millis(1500)),
                send_timeout: Some(Duration::from_millis(20)),
                recv_timeout: Some(Duration::from_millis(30)),
                max_connect_retries: 0,
                max_socket_retries: 16,
            })
        );
    }

    #[test]
    fn nonsense_is_named() {
        let error = read(&[(MAX_CONNECT_RETRIES, "17")]).unwrap_err().to_string();
        assert_eq!(error, "HSM_MAX_CONNECT_RETRIES=\"17\" is not a number from 0 to 16; correct or unset it");
        for value in ["-1", "1s", "99999999999"] {
            let error = read(&[(RECV_TIMEOUT, value)]).unwrap_err().to_string();
            assert!(error.contains("HSM_RECV_TIMEOUT") && error.contains("milliseconds"), "{error}");
        }
    }

    #[test]
    fn retries_end() {
        let config = ClientConfig { max_connect_retries: 2, max_socket_retries: 1, ..Default::default() };
        let waits: Vec<_> = (1..=3).map(|n| config.retry_connect(n).map(|d| d.as_millis())).collect();
        assert_eq!(waits, [Some(50), Some(100), None]);
        assert!(config.restart_opening(1) && !config.restart_opening(2));
        assert!(config.may_repeat(&Ping::SPEC, 0) && !config.may_repeat(&Ping::SPEC, 1));
        assert!(!config.may_repeat(&CreateKey::SPEC, 0));
    }
}
