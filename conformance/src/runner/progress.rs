//! Progress while a run goes on: a bar on a terminal, a line now and then elsewhere.

use std::io::IsTerminal as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::verdict::{Outcome, Verdict};

/// Seconds between lines where there is no terminal.
const QUIET_S: u64 = 5;

/// Shows the progress of every client.
#[derive(Debug, Default)]
pub struct Board {
    bars: Option<MultiProgress>,
}

/// Shows the progress of one client.
#[derive(Debug)]
pub struct Progress {
    client: &'static str,
    bar: Option<ProgressBar>,
    state: Mutex<State>,
    total: usize,
}

#[derive(Debug)]
struct State {
    done: usize,
    failed: usize,
    told: Instant,
}

impl Board {
    /// A board for a terminal, if the standard error is one.
    #[must_use]
    pub fn new() -> Self {
        Self { bars: std::io::stderr().is_terminal().then(MultiProgress::new) }
    }

    /// A line for one client with so much to do.
    #[must_use]
    pub fn client(&self, client: &'static str, total: usize) -> Progress {
        let bar = self.bars.as_ref().map(|bars| {
            let bar = bars.add(ProgressBar::new(total as u64));
            if let Ok(style) = ProgressStyle::with_template("{prefix:>9} {bar:30} {pos:>5}/{len} {msg}") {
                bar.set_style(style);
            }
            bar.set_prefix(client);
            bar
        });
        let state = Mutex::new(State { done: 0, failed: 0, told: Instant::now() });
        Progress { client, bar, state, total }
    }
}

impl Progress {
    /// One more piece of work is done.
    pub fn step(&self, verdict: Option<&Verdict>) {
        let Ok(mut state) = self.state.lock() else { return };
        state.done += 1;
        let failed = verdict.filter(|verdict| matches!(verdict.result, Outcome::Failed(_)));
        state.failed += usize::from(failed.is_some());
        match &self.bar {
            Some(bar) => {
                bar.inc(1);
                if state.failed > 0 {
                    bar.set_message(format!("{} failed", state.failed));
                }
                if let Some(verdict) = failed {
                    bar.println(format!("{}: {} / {} differs", self.client, verdict.about, verdict.name));
                }
            }
            None => {
                if let Some(verdict) = failed {
                    eprintln!("{}: {} / {} differs", self.client, verdict.about, verdict.name);
                }
                if state.told.elapsed() >= Duration::from_secs(QUIET_S) {
                    state.told = Instant::now();
                    eprintln!("{}: {}/{} done, {} failed", self.client, state.done, self.total, state.failed);
                }
            }
        }
    }

    /// Everything is done.
    pub fn finish(&self) {
        match &self.bar {
            Some(bar) => bar.finish(),
            None => {
                if let Ok(state) = self.state.lock() {
                    eprintln!("{}: {}/{} done, {} failed", self.client, state.done, self.total, state.failed);
                }
            }
        }
    }
}
