//! The admin API, over HTTP.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its scene has failed")]

mod common;

use std::io::{Read, Write};

use bancada_simulator::admin::client::{Answer, request};
use bancada_simulator::{Clock, Cluster};
use bancada_wire::op::Ping;
use bancada_wire::status::Status;
use common::{aes, connect, master, open};
use serde_json::{Value, json};

struct Bench {
    cluster: Cluster,
    url: String,
}

impl Bench {
    fn start() -> Self {
        let seed = "[policy]\nexpiration_days = 30\n[[user]]\nname = \"app\"\npassword = \"12345678\"\n";
        let builder =
            Cluster::builder().nodes(2).clock(Clock::standing_at(1_700_000_000_000)).seed_toml(seed);
        let cluster = builder.admin(0).start_blocking().unwrap();
        let url = cluster.admin_url().unwrap();
        Self { cluster, url }
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
        request(&self.url, method, path, Some(body)).unwrap()
    }

    fn get(&self, path: &str) -> Value {
        let answer = self.ask("GET", path, "");
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    #[expect(clippy::needless_pass_by_value, reason = "reads better with json!() at the call")]
    fn post(&self, path: &str, body: Value) -> Value {
        let answer = self.ask("POST", path, &body.to_string());
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    /// The error of a request that fails with `status`.
    fn refused(&self, status: u16, method: &str, path: &str, body: &str) -> String {
        let answer = self.ask(method, path, body);
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        let parsed: Value = serde_json::from_str(&answer.body).unwrap();
        parsed["error"].as_str().unwrap().to_owned()
    }

    fn login(&self, user: &str, password: &str) -> Status {
        open(&self.cluster.nodes()[0], user, password)
            .map_or_else(|error| error.status(), |_| Status::SUCCESS)
    }
}

#[test]
fn nodes_stop_and_start() {
    let bench = Bench::start();
    assert_eq!(bench.get("/health"), json!({"status": "ok"}));
    assert_eq!(bench.get("/ready"), json!({"status": "ok"}));
    let nodes = bench.get("/nodes");
    assert_eq!(nodes[1]["name"], "hsm-2");
    assert_eq!(nodes[1]["address"], bench.cluster.nodes()[1].address().to_string());
    assert_eq!(bench.post("/nodes/hsm-2/stop", json!({}))["running"], false);
    assert_eq!(bench.ask("GET", "/ready", "").status, 503);
    assert_eq!(bench.post("/nodes/hsm-2/start", json!({}))["running"], true);
    let mut session = master(&bench.cluster.nodes()[0]);
    bench.post("/nodes/hsm-1/restart", json!({}));
    assert!(session.call(Ping).is_err());
    assert!(bench.refused(404, "POST", "/nodes/hsm-9/stop", "").contains("hsm-9"));
    assert!(bench.refused(404, "POST", "/nodes/hsm-1/explode", "").contains("explode"));
    assert!(bench.refused(404, "GET", "/nowhere", "").contains("/openapi.json"));
}

#[test]
fn faults_are_set_for_one_or_all() {
    let bench = Bench::start();
    assert_eq!(bench.post("/nodes/hsm-1/faults", json!({"latency_ms": 7}))["latency_ms"], 7);
    assert_eq!(bench.get("/nodes/hsm-2/faults")["latency_ms"], 0);
    assert_eq!(bench.post("/faults", json!({"refuse": true}))[1]["faults"]["refuse"], true);
    assert_eq!(bench.ask("GET", "/ready", "").status, 503);
    assert_eq!(bench.ask("DELETE", "/nodes/hsm-1/faults", "").status, 200);
    master(&bench.cluster.nodes()[0]).call(Ping).unwrap();
    assert_eq!(bench.ask("DELETE", "/faults", "").status, 200);
    master(&bench.cluster.nodes()[1]).call(Ping).unwrap();
    assert!(bench.refused(400, "POST", "/faults", "{\"latency\": 1}").contains("latency"));
    assert!(bench.refused(400, "POST", "/faults", "{").contains("JSON"));
}

#[test]
fn sessions_are_listed_and_closed() {
    let bench = Bench::start();
    let mut first = master(&bench.cluster.nodes()[0]);
    let mut second = open(&bench.cluster.nodes()[1], "app", "12345678").unwrap();
    let sessions = bench.get("/sessions");
    assert_eq!(sessions.as_array().map(Vec::len), Some(2));
    assert_eq!((&sessions[0]["user"], &sessions[1]["user"]), (&json!("master"), &json!("app")));
    assert_eq!((&sessions[1]["node"], &sessions[1]["kind"]), (&json!("hsm-2"), &json!("password")));
    assert_eq!((&sessions[0]["since_ms"], &sessions[0]["tls"]), (&json!(1_700_000_000_000u64), &Value::Null));
    assert!(sessions[0]["peer"].as_str().unwrap().starts_with("127.0.0.1:"));
    assert_eq!(bench.ask("DELETE", &format!("/sessions/{}", sessions[0]["id"]), "").status, 200);
    assert!(first.call(Ping).is_err());
    second.call(Ping).unwrap();
    assert_eq!(bench.ask("DELETE", "/sessions", "").body, "{\"closed\":1}");
    assert!(second.call(Ping).is_err());
    assert_eq!(bench.get("/sessions"), json!([]));
    bench.refused(404, "DELETE", "/sessions/999", "");
    bench.refused(404, "DELETE", "/sessions/x", "");
}

#[test]
fn users_are_changed_from_outside() {
    let bench = Bench::start();
    assert_eq!(bench.get("/users").as_array().map(Vec::len), Some(2));
    let expires = 1_700_000_000_000u64 + 30 * 86_400_000;
    assert_eq!(
        bench.get("/users/app"),
        json!({"name": "app", "acl": 0, "blocked": false, "attempts": 0, "must_change": false, "expires_ms": expires})
    );
    let change = |body| bench.post("/users/app", body);
    assert_eq!(change(json!({"blocked": true}))["blocked"], true);
    assert_eq!(bench.login("app", "12345678"), Status::ERR_ACCESS_DENIED_USR_BLOCKED);
    change(json!({"blocked": false, "expired": true}));
    assert_eq!(bench.login("app", "12345678"), Status::ERR_PWD_EXPIRED);
    change(json!({"expired": false, "password": "new-pass"}));
    assert_eq!(bench.login("app", "new-pass"), Status::SUCCESS);
    change(json!({"must_change": true}));
    assert_eq!(bench.login("app", "new-pass"), Status::ERR_PWD_EXPIRED);
    bench.refused(404, "GET", "/users/nobody", "");
    bench.refused(404, "POST", "/users/nobody", "{}");
    assert!(bench.refused(400, "POST", "/users/app", "{\"blokked\":true}").contains("blokked"));
}

#[test]
fn the_clock_moves_and_closes_idle_sessions() {
    let bench = Bench::start();
    let mut session = master(&bench.cluster.nodes()[0]);
    assert_eq!(bench.get("/clock"), json!({"now_ms": 1_700_000_000_000u64, "offset_ms": 0}));
    let moved = bench.post("/clock/advance", json!({"seconds": 300}));
    assert_eq!(moved, json!({"now_ms": 1_700_000_300_000u64, "offset_ms": 300_000}));
    assert!(session.call(Ping).is_err(), "idle for five minutes");
    bench.post("/clock/advance", json!({"seconds": 31 * 86_400, "ms": 1}));
    assert_eq!(bench.login("app", "12345678"), Status::ERR_PWD_EXPIRED);
    assert!(bench.refused(400, "POST", "/clock/advance", "").contains("seconds"));
    bench.refused(400, "POST", "/clock/advance", "{\"seconds\": -1}");
}

#[test]
fn the_device_is_reset_seeded_and_switched() {
    let bench = Bench::start();
    let node = &bench.cluster.nodes()[0];
    let mut session = master(node);
    session.call(aes("gone")).unwrap();
    bench.post("/faults", json!({"latency_ms": 1}));
    bench.post("/nodes/hsm-2/stop", json!({}));
    bench.post("/reset", json!({}));
    assert!(session.call(Ping).is_err());
    assert_eq!(bench.login("app", "12345678"), Status::SUCCESS, "the seed of the start");
    master(node).call(aes("gone")).unwrap();
    assert_eq!(bench.get("/nodes/hsm-1/faults")["latency_ms"], 0);
    assert_eq!(bench.get("/nodes")[1]["running"], true);
    bench.post("/reset", json!({"factory": true}));
    assert_eq!(bench.login("app", "12345678"), Status::ERR_ACCESS_DENIED);

    let user = "[[user]]\nname = \"late\"\npassword = \"12345678\"\n";
    assert_eq!(bench.ask("POST", "/seed", user).status, 200);
    bench.post("/seed", json!({"toml": user.replace("late", "later")}));
    assert_eq!(bench.login("late", "12345678"), Status::SUCCESS);
    assert_eq!(bench.login("later", "12345678"), Status::SUCCESS);
    assert!(bench.refused(400, "POST", "/seed", "[[user]]\nname = 3\n").contains("line 2"));
    assert!(bench.refused(400, "POST", "/seed", &user.replace("late", "x")).contains("user x"));

    assert_eq!(bench.get("/mode"), json!({"mode": "NRM"}));
    assert_eq!(bench.post("/mode", json!({"mode": "rm1"})), json!({"mode": "RM1"}));
    assert_eq!(bench.login("late", "12345678"), Status::ERR_ACCESS_DENIED, "wiped");
    assert!(bench.refused(400, "POST", "/mode", "{\"mode\":\"RM7\"}").contains("RM2"));
}

#[test]
fn metrics_and_description_are_served() {
    let bench = Bench::start();
    master(&bench.cluster.nodes()[1]).call(Ping).unwrap();
    bench.login("app", "wrong-one");
    let metrics = bench.ask("GET", "/metrics", "").body;
    for line in [
        "bancada_operations_total{node=\"hsm-2\",operation=\"PING\",status=\"D_SUCCESS\",code=\"0\"} 1",
        "bancada_logins_failed_total{node=\"hsm-1\"} 1",
        "bancada_connections_total{node=\"hsm-2\"} 1",
    ] {
        assert!(metrics.contains(line), "{line} is missing from\n{metrics}");
    }
    let description = bench.get("/openapi.json");
    let paths = description["paths"].as_object().unwrap();
    for path in
        ["/health", "/ready", "/reset", "/seed", "/stop", "/clock", "/clock/advance", "/mode", "/metrics"]
    {
        assert!(paths.contains_key(path), "{path}");
    }
    for path in
        ["/nodes", "/nodes/{name}/{action}", "/nodes/{name}/faults", "/faults", "/sessions", "/users/{name}"]
    {
        assert!(paths.contains_key(path), "{path}");
    }
}

#[test]
fn web_pages_are_kept_out() {
    let bench = Bench::start();
    let address = bench.url.strip_prefix("http://").unwrap();
    let ask = |headers: &str| {
        let mut stream = connect(address.parse().unwrap());
        write!(stream, "POST /reset HTTP/1.0\r\n{headers}content-length: 0\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    assert_eq!(ask(&format!("Host: {address}\r\n")), "200");
    assert_eq!(ask("Host: rebound.example\r\n"), "403");
    assert_eq!(ask(&format!("Host: {address}\r\nOrigin: http://elsewhere.example\r\n")), "403");
}
