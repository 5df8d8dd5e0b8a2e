//! What the tests of the simulator share.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its scene has failed")]
#![allow(dead_code, reason = "each test binary uses its part")]

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use bancada_dinamo_blocking::tls::ServerTrust;
use bancada_dinamo_blocking::{Credentials, Options, Result, Session};
use bancada_simulator::{Cluster, Node};
use bancada_wire::algorithm::key;
use bancada_wire::op::CreateKey;
use bancada_wire::text::ObjectName;

/// Longest any single wait of a test may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Opens a clear session with a password.
pub(crate) fn open(node: &Node, user: &str, password: &str) -> Result<Session> {
    Session::open(&node.address().to_string(), &Credentials::user(user, password)?, &Options::clear())
}

/// Opens a clear session of `master` with its factory password.
pub(crate) fn master(node: &Node) -> Session {
    open(node, "master", "12345678").unwrap()
}

/// Options for TLS that trust the cluster's certificate and no other.
pub(crate) fn pinned(cluster: &Cluster) -> Options {
    Options::tls(&ServerTrust::Pinned(cluster.certificate_der().to_vec())).unwrap()
}

/// A name as frames carry it.
pub(crate) fn name(text: &str) -> ObjectName {
    ObjectName::new(text).unwrap()
}

/// A request for a permanent AES-256 key.
pub(crate) fn aes(key_name: &str) -> CreateKey {
    CreateKey { algorithm: key::AES_256, attributes: 0, name: name(key_name) }
}

/// A raw connection that gives up after [`PATIENCE`].
pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// A raw connection after a clear hello.
pub(crate) fn hello(address: SocketAddr) -> TcpStream {
    let mut stream = connect(address);
    stream.write_all(&[0x4F, 0x4C, 0x45, 0x48, 0, 0, 1, 0]).unwrap();
    let mut acknowledgement = [0; 4];
    stream.read_exact(&mut acknowledgement).unwrap();
    assert_eq!(&acknowledgement, b"OLEH");
    stream
}

/// How a connection ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Closed,
    Reset,
    /// Not within [`PATIENCE`].
    Open,
}

/// Reads to the end; gives what came and how it ended.
pub(crate) fn drain(stream: &mut TcpStream) -> (Vec<u8>, Ended) {
    let mut bytes = Vec::new();
    let ended = match stream.read_to_end(&mut bytes) {
        Ok(_) => Ended::Closed,
        Err(error) if matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe) => {
            Ended::Reset
        }
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => Ended::Open,
        Err(error) => panic!("{error}"),
    };
    (bytes, ended)
}

/// Waits until something holds.
pub(crate) fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "not within {PATIENCE:?}: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
