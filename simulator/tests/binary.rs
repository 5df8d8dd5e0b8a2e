//! The `simulator` binary: its JSON line, its signals, `ctl` and `seed check`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its scene has failed")]

mod common;

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use bancada_dinamo_blocking::tls::ServerTrust;
use bancada_dinamo_blocking::{Credentials, Options, Session};
use bancada_wire::op::Ping;
use common::aes;
use serde_json::Value;
use tempfile::TempDir;

fn simulator(args: &[&str], state: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_simulator"));
    command.args(args).args(["--state-dir", state.to_str().unwrap()]).env_remove("BANCADA_ADMIN");
    command
}

/// A running simulator and the line it printed; killed when dropped.
struct Running {
    child: Child,
    line: Value,
    state: TempDir,
}

impl Running {
    fn start(args: &[&str]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), args)
    }

    fn start_in(state: TempDir, args: &[&str]) -> Self {
        let args = [&["up", "--json", "--port", "0", "--log-level", "warn"], args].concat();
        let mut child =
            simulator(&args, state.path()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        if line.is_empty() {
            let mut log = String::new();
            child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
            panic!("the simulator did not start: {log}");
        }
        Self { child, line: serde_json::from_str(&line).unwrap(), state }
    }

    fn address(&self, node: usize) -> &str {
        self.line["nodes"][node]["address"].as_str().unwrap()
    }

    fn master(&self) -> Session {
        let password = self.line["master"]["password"].as_str().unwrap();
        let credentials = Credentials::user("master", password).unwrap();
        Session::open(self.address(0), &credentials, &Options::clear()).unwrap()
    }

    fn ctl(&self, args: &[&str]) -> Output {
        simulator(&[&["ctl"], args].concat(), self.state.path()).output().unwrap()
    }

    /// What a `ctl` command that works prints.
    fn ctl_json(&self, args: &[&str]) -> Value {
        let output = self.ctl(args);
        assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for the end, which must come within a second; gives the state directory back.
    fn ends(mut self) -> TempDir {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < Duration::from_secs(1), "it did not stop within a second");
            std::thread::sleep(Duration::from_millis(5));
        };
        assert_eq!(status.code(), Some(0));
        let mut rest = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "", "one line, and no more");
        std::mem::replace(&mut self.state, tempfile::tempdir().unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn one_line_says_everything_a_script_needs() {
    let running = Running::start(&["--nodes", "2", "--master-password", "Factory-1"]);
    let line = &running.line;
    assert_eq!(line["pid"], running.child.id());
    assert_eq!(line["nodes"].as_array().map(Vec::len), Some(2));
    assert_eq!((&line["nodes"][0]["name"], &line["nodes"][1]["name"]), (&"hsm-1".into(), &"hsm-2".into()));
    assert_eq!(
        (&line["master"]["user"], &line["master"]["password"]),
        (&"master".into(), &"Factory-1".into())
    );
    assert!(line["admin"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    running.master().call(Ping).unwrap();

    // The certificate is the one to pin.
    let pem = std::fs::read_to_string(line["certificate"].as_str().unwrap()).unwrap();
    let certificate = bancada_simulator::tls::Identity::load_or_create(running.state.path()).unwrap();
    assert_eq!(certificate.certificate_pem(), pem);
    let options = Options::tls(&ServerTrust::Pinned(certificate.certificate_der().to_vec())).unwrap();
    let credentials = Credentials::user("master", "Factory-1").unwrap();
    let mut session = Session::open(running.address(1), &credentials, &options).unwrap();
    session.call(Ping).unwrap();
    running.signal("TERM");
    running.ends();
}

#[test]
fn signals_stop_it_within_a_second_whatever_clients_do() {
    for signal in ["TERM", "INT"] {
        let running = Running::start(&[]);
        let mut busy = running.master();
        let mut idle = running.master();
        let waiting = std::thread::spawn(move || while busy.call(Ping).is_ok() {});
        running.signal(signal);
        running.ends();
        waiting.join().unwrap();
        assert!(idle.call(Ping).is_err());
    }
}

#[test]
fn ctl_drives_it() {
    let running = Running::start(&[]);
    assert_eq!(running.ctl_json(&["health"])["status"], "ok");
    let _session = running.master();
    assert_eq!(running.ctl_json(&["sessions"])[0]["user"], "master");
    assert_eq!(running.ctl_json(&["sessions", "--close"])["closed"], 1);
    assert_eq!(running.ctl_json(&["user", "block", "master"])["blocked"], true);
    assert_eq!(running.ctl_json(&["user", "unblock", "master"])["blocked"], false);
    assert_eq!(running.ctl_json(&["clock", "advance", "2h"])["offset_ms"], 7_200_000);
    assert_eq!(running.ctl_json(&["fault", "set", "hsm-1", "--refuse"])["refuse"], true);
    let health = running.ctl(&["health"]);
    assert_eq!(health.status.code(), Some(1));
    assert!(text(&health.stdout).contains("not ready"), "{health:?}");
    running.ctl_json(&["fault", "clear"]);
    assert_eq!(running.ctl_json(&["mode", "RM2"])["mode"], "RM2");
    assert_eq!(running.ctl_json(&["reset"])["ok"], true);
    assert_eq!(running.ctl_json(&["node", "restart", "hsm-1"])["running"], true);
    let seed = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/seed.toml");
    assert_eq!(running.ctl_json(&["seed", seed])["ok"], true);
    assert_eq!(running.ctl_json(&["users"]).as_array().map(Vec::len), Some(7));
    assert!(text(&running.ctl(&["metrics"]).stdout).contains("# TYPE bancada_node_up gauge"));
    let missing = running.ctl(&["user", "show", "nobody"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(text(&missing.stderr).starts_with("error: there is no user"), "{missing:?}");
    assert_eq!(running.ctl_json(&["stop"])["ok"], true);
    let state = running.ends();
    let gone = simulator(&["ctl", "health"], state.path()).output().unwrap();
    assert_eq!(gone.status.code(), Some(1));
    assert!(text(&gone.stderr).contains("--admin"), "{gone:?}");
}

#[test]
fn a_configuration_file_says_the_same_as_options() {
    let dir = tempfile::tempdir().unwrap();
    let config =
        write(dir.path(), "bench.toml", "nodes = 3\nmaster_password = \"From-file\"\nno_tls = true\n");
    let running = Running::start(&["--config", config.to_str().unwrap(), "--nodes", "2"]);
    assert_eq!(running.line["nodes"].as_array().map(Vec::len), Some(2), "the command line wins");
    assert_eq!(running.line["master"]["password"], "From-file");
    running.master().call(Ping).unwrap();
}

#[test]
fn what_is_stored_survives_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let store = format!("file:{}", dir.path().join("hsm.redb").display());
    let mut running = Running::start(&["--store", &store]);
    running.master().call(aes("durable")).unwrap();
    running.child.kill().unwrap();
    running.child.wait().unwrap();
    let again = Running::start(&["--store", &store]);
    assert!(again.master().call(aes("durable")).is_err(), "it is there already");
}

#[test]
fn mistakes_are_explained() {
    let dir = tempfile::tempdir().unwrap();
    let running = Running::start(&[]);
    let port = running.address(0).rsplit_once(':').unwrap().1.to_owned();
    let bad_config = write(dir.path(), "bad.toml", "nodes = 1\nnoodles = 2\n");
    let bad_seed = write(dir.path(), "seed.toml", "[[user]]\nname = \"abc\"\n");
    let cases: [(&[&str], i32, &str); 8] = [
        (&["up", "--port", &port], 1, "another program has that port"),
        (&["up", "--config", bad_config.to_str().unwrap()], 1, "noodles"),
        (&["up", "--seed-file", bad_seed.to_str().unwrap()], 1, "line 1"),
        (&["up", "--seed-file", "/nowhere/seed.toml"], 1, "/nowhere/seed.toml"),
        (&["up", "--store", "etcd:x"], 1, "file:PATH"),
        (&["up", "--master-key-file", "x"], 1, "--store file:PATH"),
        (&["up", "--log-level", "===", "--port", "0"], 1, "--log-level"),
        (&["up", "--nodes", "many"], 2, "--nodes"),
    ];
    for (args, code, needle) in cases {
        let output = simulator(args, dir.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(needle), "{args:?}: {}", text(&output.stderr));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn seed_files_are_checked() {
    let dir = tempfile::tempdir().unwrap();
    let check = |path: &Path| {
        Command::new(env!("CARGO_BIN_EXE_simulator")).args(["seed", "check"]).arg(path).output().unwrap()
    };
    let example: PathBuf = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/seed.toml").into();
    let good = check(&example);
    assert!(good.status.success() && text(&good.stderr).contains("6 users, 3 keys, 1 grants"), "{good:?}");
    for (name, content, needle) in [
        ("form.toml", "[[user]]\nname = 7\npassword = \"12345678\"\n", "line 2"),
        ("device.toml", "[[user]]\nname = \"x\"\npassword = \"12345678\"\n", "user x"),
    ] {
        let bad = check(&write(dir.path(), name, content));
        assert_eq!(bad.status.code(), Some(1));
        assert!(text(&bad.stderr).contains(needle) && text(&bad.stderr).contains(name), "{bad:?}");
    }
}

fn write(dir: &Path, name: &str, content: &str) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, content).unwrap();
    path
}
