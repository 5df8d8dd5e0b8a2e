//! The simulator under load: the release binary, started and stopped by the benchmark.

use bancada_dinamo_blocking::tls::ServerTrust;
use bancada_dinamo_blocking::{Credentials, Options, Session};
use bancada_wire::algorithm::key;
use bancada_wire::op::CreateKey;
use bancada_wire::text::ObjectName;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// A running simulator; stopped when dropped.
pub(crate) struct Target {
    child: Child,
    pub(crate) address: String,
    _state: tempfile::TempDir,
}

impl Target {
    pub(crate) fn start() -> Self {
        let state = tempfile::tempdir().expect("a directory for the certificate");
        let mut child = Command::new(env!("CARGO_BIN_EXE_simulator"))
            .args(["up", "--json", "--port", "0", "--store", "memory", "--log-level", "warn", "--state-dir"])
            .arg(state.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the simulator starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped"))
            .read_line(&mut line)
            .expect("the simulator says it is ready");
        let ready: serde_json::Value = serde_json::from_str(&line).expect("one line of JSON");
        let address = ready["nodes"][0]["address"].as_str().expect("an address").to_owned();
        Self { child, address, _state: state }
    }

    pub(crate) fn options(tls: bool) -> Options {
        if tls { Options::tls(&ServerTrust::AcceptAny).expect("TLS options") } else { Options::clear() }
    }

    pub(crate) fn credentials() -> Credentials {
        Credentials::user("master", "12345678").expect("credentials")
    }

    pub(crate) fn open(&self, tls: bool) -> Session {
        Session::open(&self.address, &Self::credentials(), &Self::options(tls)).expect("a session opens")
    }

    /// Makes the keys the load uses.
    pub(crate) fn prepare(&self) {
        let mut session = self.open(false);
        for (name, algorithm) in [
            ("rsa", key::RSA_2048),
            ("p256", key::ECC_SECP256R1),
            ("ed", key::ECX_ED25519),
            ("aes", key::AES_256),
        ] {
            let name = ObjectName::new(name).expect("a name");
            session.call(CreateKey { algorithm, attributes: 0, name }).expect("a key is made");
        }
        session.close().expect("the session closes");
    }

    /// Resident memory of the simulator.
    pub(crate) fn resident_bytes(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .expect("Linux tells memory in /proc");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("VmRSS");
        line.split_whitespace().nth(1).and_then(|kib| kib.parse::<usize>().ok()).expect("KiB") * 1024
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
