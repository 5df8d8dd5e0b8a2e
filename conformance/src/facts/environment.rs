//! Environment variables of the client library (vendor docs, Connection variables) against `bancada_link::config`.

use std::time::Duration;

use bancada_link::config::{
    CONNECT_TIMEOUT, ClientConfig, MAX_CONNECT_RETRIES, MAX_SOCKET_RETRIES, RECV_TIMEOUT, SEND_TIMEOUT,
};

use super::file::{Environment, Value, Variable};
use super::ledger::Ledger;

/// What the documents call a timeout that is not set.
const SYSTEM: &str = "the operating system's";

pub(super) fn compare(facts: &Environment, ledger: &mut Ledger) {
    let ours = [MAX_SOCKET_RETRIES, MAX_CONNECT_RETRIES, CONNECT_TIMEOUT, RECV_TIMEOUT, SEND_TIMEOUT];
    for variable in &facts.variable {
        let fact = format!("env/{}", variable.name);
        match variable.name.as_str() {
            MAX_SOCKET_RETRIES => retries(variable, &fact, |config| config.max_socket_retries, ledger),
            MAX_CONNECT_RETRIES => retries(variable, &fact, |config| config.max_connect_retries, ledger),
            CONNECT_TIMEOUT => timeout(variable, &fact, |config| config.connect_timeout, ledger),
            RECV_TIMEOUT => timeout(variable, &fact, |config| config.recv_timeout, ledger),
            SEND_TIMEOUT => timeout(variable, &fact, |config| config.send_timeout, ledger),
            _ => ledger.leave(&fact),
        }
    }
    for name in ours.iter().filter(|name| facts.variable.iter().all(|variable| variable.name != **name)) {
        ledger.differs(&format!("env/{name}"), "nothing", "reads it");
    }
    ledger.leave("env/list_file");
    ledger.leave("env/log_file");
}

/// The configuration with one variable set, `None` when the value is refused.
fn read(name: &str, value: &str) -> Option<ClientConfig> {
    ClientConfig::from_lookup(|asked| (asked == name).then(|| value.to_owned())).ok()
}

fn retries(variable: &Variable, fact: &str, field: fn(&ClientConfig) -> u8, ledger: &mut Ledger) {
    let (Some(min), Some(max), Some(Value::Number(default))) =
        (variable.min, variable.max, &variable.default)
    else {
        return ledger.differs(fact, "no range or no default", "has both");
    };
    ledger.same(fact, *default, i64::from(field(&ClientConfig::default())));
    if let Some(config) = read("", "") {
        ledger.same(fact, *default, i64::from(field(&config)));
    }
    for value in min - 2..=max + 2 {
        let documented = if (min..=max).contains(&value) { value.to_string() } else { "refused".to_owned() };
        let config = read(&variable.name, &value.to_string());
        ledger.same(
            fact,
            documented,
            config.map_or("refused".to_owned(), |config| field(&config).to_string()),
        );
    }
}

fn timeout(
    variable: &Variable,
    fact: &str,
    field: fn(&ClientConfig) -> Option<Duration>,
    ledger: &mut Ledger,
) {
    let unit = match variable.unit.as_deref() {
        Some("ms") => Duration::from_millis(1),
        Some("s") => Duration::from_secs(1),
        unit => return ledger.differs(fact, unit.unwrap_or("no unit"), "reads milliseconds"),
    };
    let show = |timeout: Option<Duration>| timeout.map_or(SYSTEM.to_owned(), |time| format!("{time:?}"));
    let default = variable.default.as_ref().map_or("nothing".to_owned(), ToString::to_string);
    ledger.same(fact, default, show(field(&ClientConfig::default())));
    match read(&variable.name, "1500") {
        Some(config) => ledger.same(fact, show(Some(unit * 1500)), show(field(&config))),
        None => ledger.differs(fact, "a number", "refuses 1500"),
    }
}
