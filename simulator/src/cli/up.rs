//! `simulator up`: starts a cluster and runs it until it is told to stop.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use bancada_engine::MASTER;
use bancada_simulator::Cluster;
use serde::Serialize;

use super::logs;
use super::settings::UpArgs;

/// File of the state directory in which the latest simulator leaves its admin URL for `simulator ctl`.
const ADMIN_URL_FILE: &str = "admin-url";

pub(super) fn run(args: UpArgs) -> Result<()> {
    let json = args.json;
    let settings = args.settings()?;
    logs::start(settings.log, &settings.log_level)?;
    raise_open_files();
    let cluster = settings.builder.start_blocking()?;
    let stopping = signals(&cluster)?;
    let note = Note::leave(&settings.state_dir, &cluster);
    if json {
        print_line(&cluster).context("cannot write to standard output")?;
    } else {
        print_banner(&cluster, settings.tls);
    }
    let why = cluster.block_on(async {
        tokio::select! {
            why = stopping => why,
            () = cluster.stop_requested() => "asked through the admin API",
        }
    });
    tracing::info!(why, "stopping");
    drop(note);
    cluster.shutdown_blocking();
    Ok(())
}

/// Where the latest simulator's admin API is, for `simulator ctl`.
pub(super) fn noted_admin_url(state_dir: &Path) -> Option<String> {
    std::fs::read_to_string(state_dir.join(ADMIN_URL_FILE)).ok().map(|url| url.trim().to_owned())
}

/// The note of the admin URL; taken back when dropped, unless a later simulator left its own.
struct Note {
    path: PathBuf,
    text: String,
}

impl Note {
    fn leave(state_dir: &Path, cluster: &Cluster) -> Option<Self> {
        let note = Self { path: state_dir.join(ADMIN_URL_FILE), text: cluster.admin_url()? };
        match std::fs::write(&note.path, &note.text) {
            Ok(()) => Some(note),
            Err(error) => {
                tracing::warn!(path = %note.path.display(), %error, "`simulator ctl` will need --admin");
                None
            }
        }
    }
}

impl Drop for Note {
    fn drop(&mut self) {
        if std::fs::read_to_string(&self.path).is_ok_and(|text| text == self.text) {
            // Gone already, or not ours to remove: the next start writes it anew.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Every connection is an open file, and shells usually allow 1024: takes as many as the system allows.
fn raise_open_files() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        if current == maximum {
            return;
        }
        match setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
            Ok(()) => tracing::debug!(?current, ?maximum, "raised the limit on open files"),
            Err(error) => tracing::warn!(?current, %error, "the limit on open files bounds the connections"),
        }
    }
}

/// Listens for the signals that stop the program, from now on.
fn signals(cluster: &Cluster) -> Result<impl Future<Output = &'static str> + use<>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        cluster.block_on(async {
            let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
            let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
            Ok(async move {
                tokio::select! {
                    _ = terminate.recv() => "SIGTERM",
                    _ = interrupt.recv() => "SIGINT",
                }
            })
        })
    }
    #[cfg(not(unix))]
    {
        let _ = cluster;
        Ok(async {
            match tokio::signal::ctrl_c().await {
                Ok(()) => "Ctrl-C",
                Err(_) => std::future::pending().await,
            }
        })
    }
}

/// The line of `--json`.
#[derive(Serialize)]
struct Line<'a> {
    nodes: Vec<NodeLine<'a>>,
    master: Master<'a>,
    certificate: Option<&'a Path>,
    admin: Option<String>,
    pid: u32,
}

#[derive(Serialize)]
struct NodeLine<'a> {
    name: &'a str,
    address: SocketAddr,
}

#[derive(Serialize)]
struct Master<'a> {
    user: &'static str,
    password: &'a str,
}

fn print_line(cluster: &Cluster) -> Result<()> {
    let nodes = cluster.nodes().iter().map(|node| NodeLine { name: node.name(), address: node.address() });
    let line = Line {
        nodes: nodes.collect(),
        master: Master { user: MASTER, password: cluster.master_password() },
        certificate: cluster.certificate_path(),
        admin: cluster.admin_url(),
        pid: std::process::id(),
    };
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{}", serde_json::to_string(&line)?)?;
    stdout.flush()?;
    Ok(())
}

fn print_banner(cluster: &Cluster, tls: bool) {
    eprintln!();
    for node in cluster.nodes() {
        let ways = if tls { "clear and TLS" } else { "clear only" };
        eprintln!("  {:<13}{}  ({ways})", node.name(), node.address());
    }
    eprintln!("  {:<13}master / {}", "login", cluster.master_password());
    if let Some(path) = cluster.certificate_path() {
        eprintln!("  {:<13}{}", "certificate", path.display());
    }
    if let Some(url) = cluster.admin_url() {
        eprintln!("  {:<13}{url}", "admin API");
    }
    eprintln!("  {:<13}Ctrl-C, or: simulator ctl stop", "stop");
    eprintln!();
}
