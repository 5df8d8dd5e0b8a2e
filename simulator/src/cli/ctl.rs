//! `simulator ctl`: drives the admin API of a running cluster.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use bancada_simulator::admin::client::request;
use bancada_simulator::{Faults, state};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

/// Look at and change a running cluster.
#[derive(Args)]
#[command(after_help = "\
Examples:
  simulator ctl --admin http://127.0.0.1:8433 nodes
  simulator ctl user expire alice
  simulator ctl clock advance 36h
  simulator ctl fault set hsm-2 --refuse
  simulator ctl fault clear

Answers are JSON on standard output; metrics are text.")]
pub(super) struct CtlArgs {
    /// URL of the admin API, as `simulator up` prints it [default: that of the latest simulator with this state directory].
    #[arg(long, env = "BANCADA_ADMIN", value_name = "URL", global = true)]
    admin: Option<String>,
    /// State directory of the simulator.
    #[arg(long, value_name = "DIR", global = true)]
    state_dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Ctl,
}

#[derive(Subcommand)]
enum Ctl {
    /// Is it alive, and does every node accept connections?
    Health,
    /// List the nodes.
    Nodes,
    /// Stop, start or restart a node.
    Node {
        /// What to do.
        action: Action,
        /// The node, such as hsm-1.
        name: String,
    },
    /// List the connections, or close them.
    Sessions {
        /// Close them instead.
        #[arg(long)]
        close: bool,
        /// Only the connection with this number.
        #[arg(long, value_name = "ID", requires = "close")]
        id: Option<u64>,
    },
    /// List the users.
    Users,
    /// Look at or change a user.
    User {
        #[command(subcommand)]
        command: User,
    },
    /// Show the device's time, or advance it.
    Clock {
        #[command(subcommand)]
        command: Option<Clock>,
    },
    /// Show the operating mode, or change it, which wipes the device.
    Mode {
        /// NRM, RM1 or RM2.
        mode: Option<String>,
    },
    /// Go back to the state of the start.
    Reset {
        /// To the factory state, without the seed file of the start.
        #[arg(long)]
        factory: bool,
    },
    /// Apply a seed file on top of what is there.
    Seed {
        /// The file.
        file: PathBuf,
    },
    /// Make nodes play faults, or stop playing them.
    Fault {
        #[command(subcommand)]
        command: Fault,
    },
    /// Print the counters in the text format of Prometheus.
    Metrics,
    /// Stop the simulator.
    Stop,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Action {
    Stop,
    Start,
    Restart,
}

#[derive(Subcommand)]
enum User {
    /// Show it.
    Show { name: String },
    /// Refuse its logins.
    Block { name: String },
    /// Accept its logins again.
    Unblock { name: String },
    /// Make its password expire now.
    Expire { name: String },
    /// Make its password valid again.
    Renew { name: String },
    /// Make it change its password at the next login.
    MustChange { name: String },
    /// Set its password, whatever the policy says.
    Password { name: String, password: String },
}

#[derive(Subcommand)]
enum Clock {
    /// Advance it: 90 (seconds), 500ms, 30s, 10m, 36h, 31d.
    Advance {
        /// How far.
        by: String,
    },
}

#[derive(Subcommand)]
enum Fault {
    /// Play these faults instead of those before.
    Set {
        /// The node; every node unless named.
        node: Option<String>,
        /// Milliseconds every answer waits.
        #[arg(long, value_name = "MS", default_value_t = 0)]
        latency_ms: u64,
        /// Go silent: take requests and do nothing.
        #[arg(long)]
        drop: bool,
        /// End each connection after this many more bytes of answers.
        #[arg(long, value_name = "BYTES")]
        drop_after_bytes: Option<u64>,
        /// Reset connections.
        #[arg(long)]
        reset: bool,
        /// Refuse new connections.
        #[arg(long)]
        refuse: bool,
    },
    /// Play none.
    Clear {
        /// The node; every node unless named.
        node: Option<String>,
    },
}

/// A request to the admin API.
struct Call {
    method: &'static str,
    path: String,
    body: Option<String>,
}

pub(super) fn run(args: CtlArgs) -> Result<()> {
    let url = match args.admin {
        Some(url) => url,
        None => {
            let dir = args.state_dir.map_or_else(state::default_state_dir, Ok)?;
            super::up::noted_admin_url(&dir).with_context(|| {
                format!("no simulator runs with the state directory {}; give --admin URL", dir.display())
            })?
        }
    };
    let health = matches!(args.command, Ctl::Health);
    let call = call(args.command)?;
    let answer = request(&url, call.method, &call.path, call.body.as_deref())?;
    let parsed = serde_json::from_str::<Value>(&answer.body).ok();
    if !answer.is_success() && !health {
        let said = parsed.as_ref().and_then(|body| body["error"].as_str()).unwrap_or(&answer.body);
        bail!("{said}");
    }
    let text = match parsed {
        Some(value) => format!("{value:#}"),
        None => answer.body.trim_end().to_owned(),
    };
    writeln!(std::io::stdout(), "{text}").context("cannot write to standard output")?;
    if answer.is_success() {
        Ok(())
    } else {
        bail!("a node does not accept connections; see `simulator ctl nodes`")
    }
}

fn call(command: Ctl) -> Result<Call> {
    let get = |path: &str| Call { method: "GET", path: path.to_owned(), body: None };
    let post = |path: &str, body: Value| Call {
        method: "POST",
        path: path.to_owned(),
        body: Some(body.to_string()),
    };
    let delete = |path: String| Call { method: "DELETE", path, body: None };
    Ok(match command {
        Ctl::Health => get("/ready"),
        Ctl::Nodes => get("/nodes"),
        Ctl::Node { action, name } => {
            let action = match action {
                Action::Stop => "stop",
                Action::Start => "start",
                Action::Restart => "restart",
            };
            post(&format!("/nodes/{}/{action}", segment(&name)?), json!({}))
        }
        Ctl::Sessions { close: false, .. } => get("/sessions"),
        Ctl::Sessions { id: Some(id), .. } => delete(format!("/sessions/{id}")),
        Ctl::Sessions { .. } => delete("/sessions".to_owned()),
        Ctl::Users => get("/users"),
        Ctl::User { command } => user(command)?,
        Ctl::Clock { command: None } => get("/clock"),
        Ctl::Clock { command: Some(Clock::Advance { by }) } => {
            post("/clock/advance", json!({ "ms": milliseconds(&by)? }))
        }
        Ctl::Mode { mode: None } => get("/mode"),
        Ctl::Mode { mode: Some(mode) } => post("/mode", json!({ "mode": mode })),
        Ctl::Reset { factory } => post("/reset", json!({ "factory": factory })),
        Ctl::Seed { file } => post("/seed", json!({ "toml": super::seed::read(&file)? })),
        Ctl::Fault { command: Fault::Clear { node } } => delete(fault_path(node.as_deref())?),
        Ctl::Fault { command: Fault::Set { node, latency_ms, drop, drop_after_bytes, reset, refuse } } => {
            let faults = Faults { latency_ms, drop, drop_after_bytes, reset, refuse };
            post(&fault_path(node.as_deref())?, serde_json::to_value(faults)?)
        }
        Ctl::Metrics => get("/metrics"),
        Ctl::Stop => post("/stop", json!({})),
    })
}

fn user(command: User) -> Result<Call> {
    let (name, change) = match command {
        User::Show { name } => (name, None),
        User::Block { name } => (name, Some(json!({ "blocked": true }))),
        User::Unblock { name } => (name, Some(json!({ "blocked": false }))),
        User::Expire { name } => (name, Some(json!({ "expired": true }))),
        User::Renew { name } => (name, Some(json!({ "expired": false, "must_change": false }))),
        User::MustChange { name } => (name, Some(json!({ "must_change": true }))),
        User::Password { name, password } => (name, Some(json!({ "password": password }))),
    };
    let method = if change.is_some() { "POST" } else { "GET" };
    Ok(Call {
        method,
        path: format!("/users/{}", segment(&name)?),
        body: change.map(|change| change.to_string()),
    })
}

fn fault_path(node: Option<&str>) -> Result<String> {
    node.map_or(Ok("/faults".to_owned()), |node| Ok(format!("/nodes/{}/faults", segment(node)?)))
}

/// A name as part of a path: names of users and nodes have nothing that needs escaping.
fn segment(name: &str) -> Result<&str> {
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if plain { Ok(name) } else { bail!("{name:?} is no name: letters, digits and - only") }
}

/// Reads a span of time: a number of seconds, or a number with ms, s, m, h or d.
fn milliseconds(text: &str) -> Result<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let factor = match unit {
        "ms" => 1,
        "" | "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => 0,
    };
    let span =
        number.parse::<u64>().ok().filter(|_| factor > 0).and_then(|number| number.checked_mul(factor));
    span.with_context(|| format!("{text:?} is no span of time: use 90, 500ms, 30s, 10m, 36h or 31d"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_time_have_units() {
        let spans = [
            ("90", 90_000),
            ("500ms", 500),
            ("2s", 2000),
            ("10m", 600_000),
            ("36h", 129_600_000),
            ("1d", 86_400_000),
        ];
        for (text, ms) in spans {
            assert_eq!(milliseconds(text).unwrap(), ms);
        }
        for bad in ["", "s", "-1", "1w", "1.5h", "99999999999999999d"] {
            assert!(milliseconds(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_cannot_leave_its_place_in_the_path() {
        assert!(segment("hsm-1").is_ok());
        for bad in ["", "../reset", "a b", "a\r\nHost: x"] {
            assert!(segment(bad).is_err(), "{bad}");
        }
    }
}
