//! Counters of a node, and their text for Prometheus (exposition format 0.0.4).

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bancada_wire::op::SPECS;
use bancada_wire::status::Status;

/// Upper bounds of the latency buckets in microseconds (our choice: a ping to an RSA-8192 key generation).
const BUCKETS_US: [u64; 14] =
    [25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 50_000, 250_000, 1_000_000, 5_000_000, 30_000_000];

/// What was done, as a row of the counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Row {
    /// The operation at this place of [`SPECS`].
    Operation(usize),
    /// The answer to a login challenge.
    Login,
    /// An opcode nobody knows.
    Unknown,
}

impl Row {
    /// The row of an opcode.
    pub(crate) fn of(code: u32) -> Self {
        SPECS.binary_search_by_key(&code, |spec| spec.code).map_or(Self::Unknown, Self::Operation)
    }

    fn index(self) -> usize {
        match self {
            Self::Operation(index) => index,
            Self::Login => SPECS.len(),
            Self::Unknown => SPECS.len() + 1,
        }
    }

    fn name(index: usize) -> &'static str {
        match SPECS.get(index) {
            Some(spec) => spec.name,
            None if index == SPECS.len() => "LOGIN_RESPONSE",
            None => "UNKNOWN",
        }
    }
}

#[derive(Default)]
struct Counters {
    succeeded: AtomicU64,
    /// By return code. Only failures come here, so the lock is off the busy path.
    failed: Mutex<BTreeMap<i32, u64>>,
    buckets: [AtomicU64; BUCKETS_US.len()],
    micros: AtomicU64,
}

/// A counter that only goes up.
#[derive(Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, count: u64) {
        self.0.fetch_add(count, Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// Counters of one node; they outlive its restarts.
pub(crate) struct Metrics {
    rows: Box<[Counters]>,
    pub(crate) connections: Counter,
    /// Turned away because the node had as many as it takes.
    pub(crate) connections_rejected: Counter,
    pub(crate) tls_handshakes_failed: Counter,
    pub(crate) logins_failed: Counter,
    pub(crate) bytes_received: Counter,
    pub(crate) bytes_sent: Counter,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        Self {
            rows: (0..SPECS.len() + 2).map(|_| Counters::default()).collect(),
            connections: Counter::default(),
            connections_rejected: Counter::default(),
            tls_handshakes_failed: Counter::default(),
            logins_failed: Counter::default(),
            bytes_received: Counter::default(),
            bytes_sent: Counter::default(),
        }
    }

    /// Counts an operation that was executed.
    pub(crate) fn executed(&self, row: Row, status: Status, took: Duration) {
        let counters = &self.rows[row.index()];
        if status == Status::SUCCESS {
            counters.succeeded.fetch_add(1, Relaxed);
        } else {
            let mut failed = counters.failed.lock().unwrap_or_else(PoisonError::into_inner);
            *failed.entry(status.code()).or_default() += 1;
        }
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        counters.micros.fetch_add(micros, Relaxed);
        if let Some(bucket) = BUCKETS_US.iter().position(|bound| micros <= *bound) {
            counters.buckets[bucket].fetch_add(1, Relaxed);
        }
    }
}

/// A node as the text names it.
pub(crate) struct Scraped<'a> {
    pub(crate) name: &'a str,
    pub(crate) running: bool,
    pub(crate) sessions: usize,
    pub(crate) metrics: &'a Metrics,
}

/// The counters of all nodes as text.
pub(crate) fn render(nodes: &[Scraped<'_>]) -> String {
    let mut text = String::new();
    let gauge = |node: &Scraped<'_>, value: u64| vec![(format!("node=\"{}\"", node.name), value)];
    let mut family =
        |name: &str, kind: &str, help: &str, values: &dyn Fn(&Scraped<'_>) -> Vec<(String, u64)>| {
            // Writing to a String does not fail.
            let _ = writeln!(text, "# HELP bancada_{name} {help}\n# TYPE bancada_{name} {kind}");
            for (labels, value) in nodes.iter().flat_map(values) {
                let _ = writeln!(text, "bancada_{name}{{{labels}}} {value}");
            }
        };
    family("node_up", "gauge", "1 while the node accepts connections.", &|node| {
        gauge(node, node.running.into())
    });
    family("sessions", "gauge", "Open connections.", &|node| gauge(node, node.sessions as u64));
    family("operations_total", "counter", "Operations executed, by name and return code.", &operations);
    type Count = (&'static str, &'static str, fn(&Metrics) -> &Counter);
    let counts: [Count; 6] = [
        ("connections_total", "Connections accepted.", |metrics| &metrics.connections),
        ("connections_rejected_total", "Connections turned away: the node was full.", |metrics| {
            &metrics.connections_rejected
        }),
        ("tls_handshakes_failed_total", "TLS handshakes that failed.", |metrics| {
            &metrics.tls_handshakes_failed
        }),
        ("logins_failed_total", "Logins refused.", |metrics| &metrics.logins_failed),
        ("received_bytes_total", "Bytes of AAP received.", |metrics| &metrics.bytes_received),
        ("sent_bytes_total", "Bytes of AAP sent.", |metrics| &metrics.bytes_sent),
    ];
    for (name, help, counter) in counts {
        family(name, "counter", help, &|node| gauge(node, counter(node.metrics).get()));
    }
    histogram(&mut text, nodes);
    text
}

fn operations(node: &Scraped<'_>) -> Vec<(String, u64)> {
    let mut values = Vec::new();
    for (index, counters) in node.metrics.rows.iter().enumerate() {
        let labels = |status: Status| {
            let (operation, code) = (Row::name(index), status.code());
            let name = status.name().unwrap_or_default();
            format!("node=\"{}\",operation=\"{operation}\",status=\"{name}\",code=\"{code}\"", node.name)
        };
        match counters.succeeded.load(Relaxed) {
            0 => {}
            count => values.push((labels(Status::SUCCESS), count)),
        }
        let failed = counters.failed.lock().unwrap_or_else(PoisonError::into_inner);
        values.extend(failed.iter().map(|(code, count)| (labels(Status::from_code(*code)), *count)));
    }
    values
}

fn histogram(text: &mut String, nodes: &[Scraped<'_>]) {
    const NAME: &str = "bancada_operation_seconds";
    let _ = writeln!(
        text,
        "# HELP {NAME} Time from a request's last byte to its answer.\n# TYPE {NAME} histogram"
    );
    for node in nodes {
        for (index, counters) in node.metrics.rows.iter().enumerate() {
            let failed = counters.failed.lock().unwrap_or_else(PoisonError::into_inner).values().sum::<u64>();
            let count = counters.succeeded.load(Relaxed) + failed;
            if count == 0 {
                continue;
            }
            let labels = format!("node=\"{}\",operation=\"{}\"", node.name, Row::name(index));
            let mut cumulative = 0;
            for (bound, bucket) in BUCKETS_US.iter().zip(&counters.buckets) {
                cumulative += bucket.load(Relaxed);
                let bound = *bound as f64 / 1e6;
                let _ = writeln!(text, "{NAME}_bucket{{{labels},le=\"{bound}\"}} {cumulative}");
            }
            let seconds = counters.micros.load(Relaxed) as f64 / 1e6;
            let _ = writeln!(text, "{NAME}_bucket{{{labels},le=\"+Inf\"}} {count}");
            let _ = writeln!(text, "{NAME}_sum{{{labels}}} {seconds}\n{NAME}_count{{{labels}}} {count}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bancada_wire::op::{Operation, Ping};

    #[test]
    fn every_operation_has_its_row() {
        for spec in SPECS {
            assert_eq!(Row::name(Row::of(spec.code).index()), spec.name);
        }
        assert_eq!(Row::of(0xDEAD_BEEF), Row::Unknown);
        assert_eq!(Row::name(Row::Login.index()), "LOGIN_RESPONSE");
    }

    #[test]
    fn the_text_counts_by_operation_and_status() {
        let metrics = Metrics::new();
        let row = Row::of(Ping::SPEC.code);
        metrics.executed(row, Status::SUCCESS, Duration::from_micros(30));
        metrics.executed(row, Status::SUCCESS, Duration::from_micros(300));
        metrics.executed(row, Status::ERR_ACCESS_DENIED, Duration::from_secs(60));
        metrics.bytes_sent.add(77);
        let text = render(&[Scraped { name: "hsm-1", running: true, sessions: 3, metrics: &metrics }]);
        for line in [
            "bancada_node_up{node=\"hsm-1\"} 1",
            "bancada_sessions{node=\"hsm-1\"} 3",
            "bancada_sent_bytes_total{node=\"hsm-1\"} 77",
            "bancada_operation_seconds_bucket{node=\"hsm-1\",operation=\"PING\",le=\"0.00005\"} 1",
            "bancada_operation_seconds_bucket{node=\"hsm-1\",operation=\"PING\",le=\"30\"} 2",
            "bancada_operation_seconds_bucket{node=\"hsm-1\",operation=\"PING\",le=\"+Inf\"} 3",
            "bancada_operation_seconds_count{node=\"hsm-1\",operation=\"PING\"} 3",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is missing from\n{text}");
        }
        assert!(
            text.contains("operation=\"PING\",status=\"D_ERR_ACCESS_DENIED\",code=\"5002\"} 1"),
            "{text}"
        );
        assert!(!text.contains("CREATE_KEY"), "rows that never ran are left out");
    }
}
