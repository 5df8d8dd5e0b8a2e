//! TLS of the simulator against clients that are not ours: Node's OpenSSL with the suites of the vendor's npm client
//! (npm @dinamonetworks/hsm-dinamo 4.9.1), the `openssl` command line, and rustls with its defaults.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bancada_simulator::tls::{Identity, TlsOptions, negotiated_cipher_name, server_config};
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ProtocolVersion, RootCertStore};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// The suites the vendor's client offers, by their OpenSSL names.
const VENDOR_SUITES: &str = "ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:AES128-SHA256";
const ECDSA_CBC: &str = "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256";
const RSA_CBC: &str = "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256";
const TIMEOUT: Duration = Duration::from_secs(30);

/// A server that sends back what it reads and remembers the suite of each connection it could shake hands with.
struct EchoServer {
    address: SocketAddr,
    suites: Arc<Mutex<Vec<&'static str>>>,
}

impl EchoServer {
    async fn start(identity: &Identity, legacy_cbc: bool) -> Self {
        let acceptor = TlsAcceptor::from(server_config(identity, &TlsOptions { legacy_cbc }).unwrap());
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let suites = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&suites);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (acceptor, seen) = (acceptor.clone(), Arc::clone(&seen));
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(socket).await else { return };
                    seen.lock().unwrap().push(negotiated_cipher_name(stream.get_ref().1).unwrap());
                    let mut buffer = vec![0; 70_000];
                    while let Ok(len @ 1..) = stream.read(&mut buffer).await {
                        if stream.write_all(&buffer[..len]).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
        Self { address, suites }
    }

    fn suites(&self) -> Vec<&'static str> {
        self.suites.lock().unwrap().clone()
    }
}

/// Whether `program` can be run. Without it a test passes with a remark, except where `CI` says that it must be there.
async fn available(program: &str, version: &str) -> bool {
    let found =
        Command::new(program).arg(version).stdout(Stdio::null()).stderr(Stdio::null()).status().await.is_ok();
    if !found {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{program} is not installed");
        eprintln!("skipped: {program} is not installed");
    }
    found
}

async fn node(server: &EchoServer, options: Value) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls_echo_client.js");
    let run = Command::new("node")
        .arg(script)
        .arg(server.address.port().to_string())
        .arg(options.to_string())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(TIMEOUT, run).await.expect("node does not finish").unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What the vendor's client passes to `tls.connect`.
fn vendor_options() -> Value {
    json!({
        "ciphers": VENDOR_SUITES,
        "minVersion": "TLSv1.2",
        "maxVersion": "TLSv1.2",
        "rejectUnauthorized": false,
    })
}

#[tokio::test]
async fn vendor_client_talks_cbc() {
    if !available("node", "--version").await {
        return;
    }
    let server = EchoServer::start(&Identity::generate().unwrap(), true).await;
    let outcome = node(&server, vendor_options()).await;
    assert_eq!(outcome, json!({"cipher": ECDSA_CBC, "protocol": "TLSv1.2", "resumed": false, "echoed": 10}));
    assert_eq!(server.suites(), [ECDSA_CBC]);
}
