//! Faults and hostile peers, over real sockets.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its scene has failed")]

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use bancada_dinamo_blocking::{Credentials, Options, Session};
use bancada_simulator::{Cluster, Faults, Limits};
use bancada_wire::op::{Operation, Ping, SPECS};
use bancada_wire::status::Status;
use common::{Ended, aes, connect, drain, hello, master, wait_for};

fn one() -> Cluster {
    Cluster::builder().start_blocking().unwrap()
}

fn set(cluster: &Cluster, faults: Faults) {
    cluster.block_on(cluster.nodes()[0].set_faults(faults)).unwrap();
}

/// A request without a payload.
fn frame(code: u32, length: u32) -> [u8; 8] {
    let mut bytes = [0; 8];
    bytes[..4].copy_from_slice(&code.to_le_bytes());
    bytes[4..].copy_from_slice(&length.to_le_bytes());
    bytes
}

#[test]
fn latency_makes_every_answer_wait() {
    let cluster = one();
    let mut session = master(&cluster.nodes()[0]);
    set(&cluster, Faults { latency_ms: 150, ..Faults::default() });
    let start = Instant::now();
    session.call(Ping).unwrap();
    assert!(start.elapsed() >= Duration::from_millis(150));
    set(&cluster, Faults { latency_ms: 3_600_000, ..Faults::default() });
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| session.call(Ping));
        std::thread::sleep(Duration::from_millis(50));
        let start = Instant::now();
        cluster.block_on(cluster.nodes()[0].stop());
        assert!(start.elapsed() < Duration::from_secs(1), "a delayed answer does not hold a stop up");
        assert!(waiting.join().unwrap().is_err());
    });
}

#[test]
fn a_silent_node_executes_nothing() {
    let cluster = one();
    let node = &cluster.nodes()[0];
    let mut session = master(node);
    session.set_recv_timeout(Some(Duration::from_millis(200))).unwrap();
    set(&cluster, Faults { drop: true, ..Faults::default() });
    let error = session.call(aes("lost")).unwrap_err();
    assert_eq!(error.status(), Status::RECV_FAILED, "{error}");
    set(&cluster, Faults::default());
    master(node).call(aes("lost")).unwrap();
}

#[test]
fn an_answer_can_be_cut_after_the_work_is_done() {
    let cluster = one();
    let node = &cluster.nodes()[0];
    for reset in [false, true] {
        let mut stream = hello(node.address());
        stream.write_all(&frame(17, 0xFFFF_FFF3)).unwrap();
        let mut challenge = [0; 24];
        stream.read_exact(&mut challenge).unwrap();
        set(&cluster, Faults { drop_after_bytes: Some(5), reset, ..Faults::default() });
        stream.write_all(&[0; 32]).unwrap();
        let (bytes, ended) = drain(&mut stream);
        if reset {
            // A reset may overtake the bytes before it.
            assert_eq!(ended, Ended::Reset);
        } else {
            assert_eq!((bytes, ended), (vec![0xFF, 0xFF, 0xFF, 0xFF, 0x8A], Ended::Closed));
        }
        set(&cluster, Faults::default());
    }
    let mut session = master(node);
    set(&cluster, Faults { drop_after_bytes: Some(0), ..Faults::default() });
    assert!(session.call(aes("done")).is_err());
    set(&cluster, Faults::default());
    assert_eq!(master(node).call(aes("done")).unwrap_err().status(), Status::ERR_OBJ_ALREADY_EXISTS);
}

#[test]
fn connections_are_reset_or_refused() {
    let cluster = one();
    let node = &cluster.nodes()[0];
    let mut open = hello(node.address());
    set(&cluster, Faults { reset: true, ..Faults::default() });
    assert_eq!(drain(&mut open), (vec![], Ended::Reset));
    if let Ok(mut late) = TcpStream::connect(node.address()) {
        assert_eq!(drain(&mut late).1, Ended::Reset);
    }
    set(&cluster, Faults::default());
    let mut before = master(node);
    set(&cluster, Faults { refuse: true, ..Faults::default() });
    assert!(TcpStream::connect(node.address()).is_err());
    before.call(Ping).unwrap();
    set(&cluster, Faults::default());
    master(node).call(Ping).unwrap();
}

#[test]
fn a_peer_that_dawdles_is_closed() {
    let limits = Limits { handshake_timeout_ms: 300, request_timeout_ms: 600, ..Limits::default() };
    let cluster = Cluster::builder().limits(limits).start_blocking().unwrap();
    let node = &cluster.nodes()[0];
    assert_eq!(drain(&mut connect(node.address())), (vec![], Ended::Closed), "no hello");
    assert_eq!(drain(&mut hello(node.address())), (vec![], Ended::Closed), "no login");
    let mut tls = connect(node.address());
    tls.write_all(&[0x4F, 0x4C, 0x45, 0x48, 1, 0, 1, 0]).unwrap();
    assert_eq!(drain(&mut tls).1, Ended::Closed, "no TLS handshake");

    // An anonymous login, then a request that trickles: its first byte starts the clock.
    let mut trickle = hello(node.address());
    let login = SPECS.iter().find(|spec| spec.name == "LOGIN_ANONYMOUS").unwrap();
    trickle.write_all(&frame(login.code, 0)).unwrap();
    let mut reply = [0; 8];
    trickle.read_exact(&mut reply).unwrap();
    std::thread::sleep(Duration::from_millis(1200));
    assert_eq!(node.connections(), 1, "between requests a session may rest");
    let start = Instant::now();
    while trickle.write_all(&[1]).is_ok() && start.elapsed() < common::PATIENCE {
        std::thread::sleep(Duration::from_millis(50));
        if node.connections() == 0 {
            break;
        }
    }
    assert_eq!(node.connections(), 0, "a request must not take forever");
}

#[test]
fn a_full_node_turns_away() {
    let limits = Limits { max_connections: 2, ..Limits::default() };
    let cluster = Cluster::builder().limits(limits).start_blocking().unwrap();
    let node = &cluster.nodes()[0];
    let (first, mut second) = (hello(node.address()), hello(node.address()));
    assert_ne!(drain(&mut connect(node.address())).1, Ended::Open);
    drop(first);
    wait_for("the first is gone", || node.connections() == 1);
    hello(node.address());
    second.write_all(&frame(0xFFFF_FFFE, 0)).unwrap();
    assert_eq!(drain(&mut second), (vec![], Ended::Closed), "a close is answered by a close");
}

#[test]
fn garbage_ends_the_connection_and_nothing_else() {
    let cluster = one();
    let node = &cluster.nodes()[0];
    for garbage in [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0xFF; 4096], &[0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0]] {
        let mut stream = connect(node.address());
        stream.write_all(garbage).unwrap();
        assert_ne!(drain(&mut stream).1, Ended::Open);
    }
    // Clear bytes behind a hello that asks for TLS, and TLS that is none.
    for tail in [&b"x"[..], &[0; 64]] {
        let mut stream = connect(node.address());
        stream.write_all(&[&[0x4F, 0x4C, 0x45, 0x48, 1, 0, 1, 0], tail].concat()).unwrap();
        assert_ne!(drain(&mut stream).1, Ended::Open);
    }
    master(node).call(Ping).unwrap();
}

#[test]
fn a_request_larger_than_its_operation_is_answered_before_the_end() {
    let cluster = one();
    let mut stream = hello(cluster.nodes()[0].address());
    stream.write_all(&frame(Ping::SPEC.code, 0x7FFF_FFFF)).unwrap();
    // More than was read when the answer is sent: it must not be lost to a reset.
    let _ = stream.write_all(&[0; 100_000]);
    let (bytes, ended) = drain(&mut stream);
    assert_eq!(ended, Ended::Closed);
    assert_eq!(bytes, [0xFF, 0xFF, 0xFF, 0xFF, 0x9D, 0x13, 0, 0x80], "D_ERR_INVALID_PAYLOAD");
}

#[test]
fn requests_sent_at_once_are_answered_in_order() {
    let cluster = one();
    let mut stream = hello(cluster.nodes()[0].address());
    let login = SPECS.iter().find(|spec| spec.name == "LOGIN_ANONYMOUS").unwrap();
    let mut bytes = frame(login.code, 0).to_vec();
    for _ in 0..500 {
        bytes.extend(frame(Ping::SPEC.code, 0));
        bytes.extend(frame(0x7777, 0));
    }
    bytes.extend(frame(0xFFFF_FFFE, 0));
    stream.write_all(&bytes).unwrap();
    let (replies, ended) = drain(&mut stream);
    assert_eq!(ended, Ended::Closed);
    let unknown = [0xFF, 0xFF, 0xFF, 0xFF, 0x90, 0x13, 0, 0x80];
    let in_order = [[0; 8], unknown].concat();
    assert!(replies.ends_with(&in_order));
    assert_eq!(replies.windows(8).filter(|window| *window == unknown).count(), 500);
}

#[test]
fn tls_that_is_off_is_not_acknowledged() {
    let cluster = Cluster::builder().tls(None).start_blocking().unwrap();
    let node = &cluster.nodes()[0];
    let mut stream = connect(node.address());
    stream.write_all(&[0x4F, 0x4C, 0x45, 0x48, 1, 0, 1, 0]).unwrap();
    assert_eq!(drain(&mut stream), (vec![], Ended::Closed));
    let credentials = Credentials::user("master", "12345678").unwrap();
    assert!(Session::open(&node.address().to_string(), &credentials, &Options::clear()).is_ok());
}
