//! Targets: a simulator the runner starts, or a device someone owns.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde::Deserialize;

use crate::admin::Admin;

/// Seconds a simulator may take to end after it was asked to.
const STOP_S: u64 = 3;

/// A device to play scenarios against.
#[derive(Debug)]
pub struct Target {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its operator.
    pub user: String,
    /// The operator's password.
    pub password: String,
    /// Its certificate, PEM or DER; `None` to accept any.
    pub certificate: Option<PathBuf>,
    /// Its admin API; a device someone owns has none.
    pub admin: Option<Admin>,
    child: Option<Child>,
}

/// The line a simulator prints when it is ready.
#[derive(Debug, Deserialize)]
struct Ready {
    nodes: Vec<ReadyNode>,
    master: ReadyMaster,
    certificate: PathBuf,
    admin: String,
}

#[derive(Debug, Deserialize)]
struct ReadyNode {
    address: String,
}

#[derive(Debug, Deserialize)]
struct ReadyMaster {
    user: String,
    password: String,
}

impl Target {
    /// Starts a simulator with one node in memory on free ports; what it logs goes to a file.
    ///
    /// # Errors
    /// When it does not start or does not say that it is ready.
    pub fn spawn(simulator: &Path, log: &Path) -> anyhow::Result<Self> {
        let log_file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let mut child = Command::new(simulator)
            .args(["up", "--nodes", "1", "--store", "memory", "--json", "--port", "0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log_file)
            .spawn()
            .with_context(|| format!("cannot start the simulator {}", simulator.display()))?;
        let ready = read_ready(&mut child);
        let target = ready.and_then(|ready| {
            let node = ready.nodes.first().context("the simulator has no node")?;
            Ok(Self {
                address: resolve(&node.address)?,
                user: ready.master.user,
                password: ready.master.password,
                certificate: Some(ready.certificate),
                admin: Some(Admin::new(&ready.admin)?),
                child: None,
            })
        });
        match target {
            Ok(mut target) => {
                target.child = Some(child);
                Ok(target)
            }
            Err(error) => {
                // The child may have ended by itself: nothing else can be wrong here.
                let _ = child.kill();
                let _ = child.wait();
                Err(error.context(format!(
                    "the simulator did not say that it is ready; its log is {}",
                    log.display()
                )))
            }
        }
    }

    /// A device that is there already.
    ///
    /// # Errors
    /// When the address cannot be resolved.
    pub fn existing(
        address: &str,
        user: &str,
        password: &str,
        certificate: Option<PathBuf>,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            address: resolve(address)?,
            user: user.to_owned(),
            password: password.to_owned(),
            certificate,
            admin: None,
            child: None,
        })
    }

    /// Whether it is a simulator of the runner's own, whose state may be thrown away.
    #[must_use]
    pub fn is_owned(&self) -> bool {
        self.admin.is_some()
    }

    /// The device's clock in seconds since 1970 UTC; this machine's where the device does not tell.
    ///
    /// # Errors
    /// When the admin API fails.
    pub fn now_s(&self) -> anyhow::Result<u64> {
        match &self.admin {
            Some(admin) => admin.now_s(),
            None => Ok(std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .context("this machine's clock is before 1970")?
                .as_secs()),
        }
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        // SIGTERM lets it drain; std can only kill, so ask the system's own tool, and kill when that does not help.
        let asked = Command::new("kill").arg(child.id().to_string()).stderr(Stdio::null()).status();
        let until = Instant::now() + Duration::from_secs(STOP_S);
        while asked.as_ref().is_ok_and(std::process::ExitStatus::success) && Instant::now() < until {
            if matches!(child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = child.kill();
        let _ = child.wait();
    }
}

fn read_ready(child: &mut Child) -> anyhow::Result<Ready> {
    let stdout = child.stdout.take().context("the simulator has no output")?;
    let mut reader = BufReader::new(stdout);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    if line.trim().is_empty() {
        bail!("it ended without a word");
    }
    // The pipe stays open for as long as the process lives: closing it could end a process that writes to it.
    std::thread::Builder::new().name("simulator output".to_owned()).spawn(move || {
        let mut rest = String::new();
        while matches!(reader.read_line(&mut rest), Ok(length) if length > 0) {
            rest.clear();
        }
    })?;
    serde_json::from_str(&line).with_context(|| format!("its line is not as documented: {line:?}"))
}

fn resolve(address: &str) -> anyhow::Result<SocketAddr> {
    address
        .to_socket_addrs()
        .with_context(|| format!("cannot resolve {address:?}; give HOST:PORT"))?
        .next()
        .with_context(|| format!("{address:?} has no address"))
}
