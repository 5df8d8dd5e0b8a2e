//! A cluster through real sockets: log in, make keys, sign; in clear and over TLS, over stops and starts.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its scene has failed")]

mod common;

use std::time::Duration;

use bancada_dinamo_blocking::{Credentials, Opened, Session};
use bancada_simulator::state::key_path;
use bancada_simulator::{Certificate, Clock, Cluster, ClusterError, Faults, StoreKind};
use bancada_wire::acl;
use bancada_wire::algorithm::{hash, key};
use bancada_wire::codec::ShortTail;
use bancada_wire::op::{AsymExp, CreateKey, EccSign, ListUsers, ObjectInfo, Ping, SessionInfo, UserInfo};
use bancada_wire::status::Status;
use bancada_wire::text::UserName;
use common::{aes, master, name, open, pinned};

fn sign_with_a_new_key(session: &mut Session) {
    let key_name = name("signing");
    session.call(CreateKey { algorithm: key::ECC_SECP256R1, attributes: 0, name: key_name }).unwrap();
    let digest = ShortTail::new(&[7; 32]).unwrap();
    let sign = EccSign { name: key_name, hash_algorithm: hash::SHA2_256, hash: digest };
    assert_eq!(session.call(sign).unwrap().0[0], 0x30, "a DER sequence");
    let public = session.call(AsymExp { name: key_name, x509: true }).unwrap();
    assert_eq!(public.0[0], 0x30, "a DER sequence");
}

#[tokio::test]
async fn the_readmes_example_works_on_the_smallest_runtime() {
    use bancada_dinamo::{Options, Session};

    let cluster = Cluster::builder().nodes(1).user("app", "12345678", acl::USR_LIST).start().await.unwrap();
    let address = cluster.nodes()[0].address().to_string();
    let app = Credentials::user("app", "12345678").unwrap();
    let mut session = Session::open(&address, &app, &Options::clear()).await.unwrap();
    session.call(aes("first")).await.unwrap();
    cluster.shutdown().await;
    assert!(session.call(Ping).await.is_err(), "the cluster is gone");
}

#[test]
fn keys_are_made_and_used_in_clear_and_over_tls() {
    let cluster = Cluster::builder().user("app", "12345678", 0).start_blocking().unwrap();
    let node = &cluster.nodes()[0];
    let mut clear = open(node, "app", "12345678").unwrap();
    sign_with_a_new_key(&mut clear);
    assert!(clear.call(SessionInfo).unwrap().cipher.is_empty());

    let credentials = Credentials::user("app", "12345678").unwrap();
    let mut tls = Session::open(&node.address().to_string(), &credentials, &pinned(&cluster)).unwrap();
    assert_eq!(tls.call(aes("signing")).unwrap_err().status(), Status::ERR_OBJ_ALREADY_EXISTS);
    let cipher = tls.call(SessionInfo).unwrap().cipher;
    assert_eq!(cipher.as_str(), tls.cipher(), "both ends name the suite alike");
    cluster.shutdown_blocking();
}

#[test]
fn a_stranger_gets_no_further_than_the_login() {
    let cluster = Cluster::builder().master_password("Factory-1").start_blocking().unwrap();
    assert_eq!(cluster.master_password(), "Factory-1");
    let node = &cluster.nodes()[0];
    assert_eq!(open(node, "master", "12345678").unwrap_err().status(), Status::ERR_ACCESS_DENIED);
    assert!(open(node, "master", "Factory-1").is_ok());
}

#[test]
fn an_expired_password_can_only_be_changed() {
    let seed = "[policy]\nexpiration_days = 30\n[[user]]\nname = \"app\"\npassword = \"12345678\"\n";
    let cluster = Cluster::builder().seed_toml(seed).start_blocking().unwrap();
    let node = &cluster.nodes()[0];
    assert!(open(node, "app", "12345678").is_ok());
    cluster.clock().advance(Duration::from_secs(31 * 86_400));
    assert_eq!(open(node, "app", "12345678").unwrap_err().status(), Status::ERR_PWD_EXPIRED);

    let credentials = Credentials::user("app", "12345678").unwrap();
    let options = bancada_dinamo_blocking::Options::clear();
    let Opened::PasswordExpired(expired) =
        Session::open_or_expired(&node.address().to_string(), &credentials, &options).unwrap()
    else {
        panic!("the password has expired");
    };
    let mut session = expired.change_password("87654321").unwrap();
    session.call(aes("mine")).unwrap();
    assert!(open(node, "app", "87654321").is_ok());
}

#[test]
fn an_idle_session_is_closed_when_the_clock_says_so() {
    let cluster = Cluster::builder().clock(Clock::standing_at(1_700_000_000_000)).start_blocking().unwrap();
    let node = &cluster.nodes()[0];
    let (mut idle, mut busy) = (master(node), master(node));
    cluster.clock().advance(Duration::from_secs(200));
    busy.call(Ping).unwrap();
    cluster.clock().advance(Duration::from_secs(100));
    common::wait_for("the idle session ends", || node.connections() == 1);
    assert!(idle.call(Ping).is_err());
    busy.call(Ping).unwrap();
}

#[test]
fn a_session_is_not_idle_while_its_operation_runs() {
    let clock = Clock::standing_at(1_700_000_000_000);
    let cluster = Cluster::builder().nodes(2).clock(clock).start_blocking().unwrap();
    let [node, elsewhere] = cluster.nodes() else { panic!("two nodes") };
    // Until the clock was seen to jump while the answer was on its way: this thread may be kept waiting in between.
    for attempt in 0.. {
        let (mut busy, mut watching) = (master(node), master(elsewhere));
        let made = format!("made_{attempt}");
        cluster.block_on(node.set_faults(Faults { latency_ms: 500, ..Faults::default() })).unwrap();
        let in_time = std::thread::scope(|scope| {
            let running = scope.spawn(|| busy.call(aes(&made)));
            common::wait_for("the key is made", || watching.call(ObjectInfo { name: name(&made) }).is_ok());
            cluster.clock().advance(Duration::from_secs(3 * 86_400));
            let in_time = !running.is_finished();
            running.join().unwrap().unwrap();
            in_time
        });
        cluster.block_on(node.set_faults(Faults::default())).unwrap();
        if in_time {
            busy.call(Ping).unwrap();
            cluster.clock().advance(Duration::from_secs(300));
            common::wait_for("the session ends, idle since its answer", || node.connections() == 0);
            return;
        }
    }
}

#[test]
fn nodes_share_what_is_stored() {
    let cluster = Cluster::builder().nodes(3).start_blocking().unwrap();
    let [first, second, third] = cluster.nodes() else { panic!("three nodes") };
    assert_eq!([first.name(), second.name(), third.name()], ["hsm-1", "hsm-2", "hsm-3"]);
    let (mut here, mut there) = (master(first), master(second));
    here.call(aes("shared")).unwrap();
    assert_eq!(there.call(aes("shared")).unwrap_err().status(), Status::ERR_OBJ_ALREADY_EXISTS);
    let user = there.call(UserInfo { user: UserName::EMPTY }).unwrap();
    assert_eq!(user.user.as_str(), Some("master"));
}

#[test]
fn a_stopped_node_refuses_and_comes_back_where_it_was() {
    let cluster = Cluster::builder().nodes(2).start_blocking().unwrap();
    let [first, second] = cluster.nodes() else { panic!("two nodes") };
    let address = first.address();
    let mut session = master(first);
    session.call(aes("kept")).unwrap();
    cluster.block_on(first.stop());
    assert!(!first.is_running());
    assert!(session.call(Ping).is_err());
    assert!(std::net::TcpStream::connect(address).is_err(), "connection refused");
    master(second).call(Ping).unwrap();
    cluster.block_on(first.restart()).unwrap();
    assert_eq!(first.address(), address);
    assert_eq!(master(first).call(aes("kept")).unwrap_err().status(), Status::ERR_OBJ_ALREADY_EXISTS);
}

#[test]
fn a_reset_goes_back_to_the_start() {
    let cluster = Cluster::builder().user("app", "12345678", 0).start_blocking().unwrap();
    let node = &cluster.nodes()[0];
    let mut session = open(node, "app", "12345678").unwrap();
    session.call(aes("gone")).unwrap();
    cluster.block_on(cluster.reset()).unwrap();
    assert!(session.call(Ping).is_err(), "sessions of before are closed");
    open(node, "app", "12345678").unwrap().call(aes("gone")).unwrap();
}

#[test]
fn a_file_store_outlives_the_cluster_and_needs_its_key() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("hsm.redb");
    let build = || {
        let kept = Certificate::Kept(dir.path().join("tls"));
        Cluster::builder().store(StoreKind::File(path.clone())).certificate(kept)
    };
    let first = build().start_blocking().unwrap();
    master(&first.nodes()[0]).call(aes("durable")).unwrap();
    let certificate = first.certificate_pem().to_owned();
    assert!(matches!(build().start_blocking(), Err(ClusterError::Store(_))), "one process at a time");
    first.shutdown_blocking();

    let second = build().start_blocking().unwrap();
    assert_eq!(second.certificate_pem(), certificate);
    let again = master(&second.nodes()[0]).call(aes("durable")).unwrap_err();
    assert_eq!(again.status(), Status::ERR_OBJ_ALREADY_EXISTS);
    second.shutdown_blocking();

    std::fs::write(key_path(&path), "00".repeat(32)).unwrap();
    let wrong = build().start_blocking().unwrap_err();
    assert!(wrong.to_string().contains("server master key"), "{wrong}");
}

#[test]
fn the_same_number_gives_the_same_challenges() {
    use std::io::{Read, Write};

    let challenge = |number| {
        let cluster = Cluster::builder().random_seed(number).start_blocking().unwrap();
        let mut stream = common::hello(cluster.nodes()[0].address());
        stream.write_all(&[17, 0, 0, 0, 0xF3, 0xFF, 0xFF, 0xFF]).unwrap();
        let mut reply = [0; 24];
        stream.read_exact(&mut reply).unwrap();
        reply
    };
    assert_eq!(challenge(Some(7)), challenge(Some(7)));
    assert_ne!(challenge(Some(7)), challenge(Some(8)));
    assert_ne!(challenge(None), challenge(None));
}

#[test]
fn the_example_seed_makes_the_users_it_names() {
    let seed = include_str!("../examples/seed.toml");
    let cluster = Cluster::builder().seed_toml(seed).start_blocking().unwrap();
    let node = &cluster.nodes()[0];
    let status =
        |user, password| open(node, user, password).map_or_else(|error| error.status(), |_| Status::SUCCESS);
    assert_eq!(status("app", "app-pass-01"), Status::SUCCESS);
    assert_eq!(status("late", "late-pass-1"), Status::ERR_PWD_EXPIRED);
    assert_eq!(status("locked", "locked-pass"), Status::ERR_ACCESS_DENIED_USR_BLOCKED);
    assert_eq!(status("fresh", "fresh-pass1"), Status::ERR_PWD_EXPIRED);
    assert_eq!(status("counter", "counter-p1"), Status::ERR_ACCESS_DENIED_TOKEN_NEEDED);
    let otp = Credentials::user_otp("counter", "counter-p1", "755224").unwrap();
    let options = bancada_dinamo_blocking::Options::clear();
    assert!(Session::open(&node.address().to_string(), &otp, &options).is_ok(), "RFC 4226, first password");
    let mut app = open(node, "app", "app-pass-01").unwrap();
    let public = app.call(AsymExp { name: name("signing"), x509: true }).unwrap().0;
    assert_eq!(public[public.len() - 4..], [0xC7, 0xAC, 0x45, 0x7A], "the key of the file");
    let users = app.call(ListUsers { after: UserName::EMPTY, max: 100 }).unwrap();
    assert_eq!(users.0.len(), 7);
}

#[test]
fn a_start_that_makes_no_sense_says_why() {
    let error = |builder: bancada_simulator::Builder| builder.start_blocking().unwrap_err().to_string();
    assert!(error(Cluster::builder().nodes(0)).contains("1 to 64"));
    assert!(error(Cluster::builder().nodes(9).port(65_530)).contains("65535"));
    assert!(error(Cluster::builder().master_password("short")).contains("8 to 16"));
    assert!(error(Cluster::builder().seed_toml("x = 1")).contains("line 1"));
    assert!(error(Cluster::builder().user("a", "12345678", 0)).contains("user a"));
    let running = Cluster::builder().start_blocking().unwrap();
    let port = running.nodes()[0].address().port();
    let taken = error(Cluster::builder().port(port));
    assert!(taken.contains(&port.to_string()) && taken.contains("--port"), "{taken}");
}
