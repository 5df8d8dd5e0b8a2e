//! TLS of the simulator against clients that are not ours: Node's OpenSSL with the suites of the vendor's npm client
//! (npm @dinamonetworks/hsm-dinamo 4.9.1), the `openssl` command line, and rustls with its defaults.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

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

#[tokio::test]
async fn vendor_client_resumes() {
    if !available("node", "--version").await {
        return;
    }
    let server = EchoServer::start(&Identity::generate().unwrap(), true).await;
    let mut options = vendor_options();
    options["resume"] = json!(true);
    let outcome = node(&server, options).await;
    assert_eq!(outcome, json!({"cipher": ECDSA_CBC, "protocol": "TLSv1.2", "resumed": true, "echoed": 10}));
    assert_eq!(server.suites(), [ECDSA_CBC, ECDSA_CBC]);
}

#[tokio::test]
async fn vendor_client_pins_the_kept_certificate() {
    if !available("node", "--version").await {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let identity = Identity::load_or_create(dir.path()).unwrap();
    let server = EchoServer::start(&identity, true).await;
    let mut options = vendor_options();
    options["rejectUnauthorized"] = json!(true);
    let stranger = node(&server, options.clone()).await;
    assert_eq!(stranger["error"], "DEPTH_ZERO_SELF_SIGNED_CERT");
    options["caFile"] = json!(identity.certificate_path());
    assert_eq!(node(&server, options).await["cipher"], ECDSA_CBC);
}

#[tokio::test]
async fn vendor_client_talks_cbc_under_an_rsa_certificate() {
    if !available("node", "--version").await {
        return;
    }
    let key = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
    let certificate = CertificateParams::new(vec!["localhost".into()]).unwrap().self_signed(&key).unwrap();
    let identity = Identity::from_pem(&certificate.pem(), &key.serialize_pem()).unwrap();
    let server = EchoServer::start(&identity, true).await;
    assert_eq!(node(&server, vendor_options()).await["cipher"], RSA_CBC);
    assert_eq!(server.suites(), [RSA_CBC]);
}

#[tokio::test]
async fn vendor_client_is_turned_away_when_cbc_is_off() {
    if !available("node", "--version").await {
        return;
    }
    let server = EchoServer::start(&Identity::generate().unwrap(), false).await;
    let outcome = node(&server, vendor_options()).await;
    assert_eq!(outcome["error"], "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE");
    assert!(server.suites().is_empty());
}

#[tokio::test]
async fn node_takes_something_better_wherever_it_can() {
    if !available("node", "--version").await {
        return;
    }
    let server = EchoServer::start(&Identity::generate().unwrap(), true).await;
    let modern = node(&server, json!({"rejectUnauthorized": false})).await;
    assert_eq!((&modern["protocol"], &modern["echoed"]), (&json!("TLSv1.3"), &json!(10)));
    // CBC first in the client's list and GCM last: the server's order decides.
    let mut options = vendor_options();
    options["ciphers"] = json!(format!("{VENDOR_SUITES}:ECDHE-ECDSA-AES128-GCM-SHA256"));
    assert_eq!(node(&server, options).await["cipher"], "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
}

/// OpenSSL of the system, told to write 32 KiB at once: another version than the one inside Node.
#[tokio::test]
async fn openssl_command_line_talks_cbc() {
    if !available("openssl", "version").await {
        return;
    }
    let server = EchoServer::start(&Identity::generate().unwrap(), true).await;
    let mut client = Command::new("openssl")
        .args(["s_client", "-quiet", "-tls1_2", "-cipher", VENDOR_SUITES, "-connect"])
        .arg(server.address.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let sent = (0..32_768).map(|i| b'a' + (i % 26) as u8).collect::<Vec<_>>();
    let (mut stdin, mut stdout) = (client.stdin.take().unwrap(), client.stdout.take().unwrap());
    let mut received = vec![0; sent.len()];
    let exchange = async {
        stdin.write_all(&sent).await.unwrap();
        stdin.flush().await.unwrap();
        stdout.read_exact(&mut received).await.unwrap();
    };
    tokio::time::timeout(TIMEOUT, exchange).await.expect("openssl does not echo");
    assert!(received == sent);
    assert_eq!(server.suites(), [ECDSA_CBC]);
}

async fn rustls_echo(server: &EchoServer, identity: &Identity, version: ProtocolVersion) {
    let versions: &[_] = match version {
        ProtocolVersion::TLSv1_2 => &[&rustls::version::TLS12],
        _ => &[&rustls::version::TLS13, &rustls::version::TLS12],
    };
    let mut roots = RootCertStore::empty();
    roots.add(identity.certificate_der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let socket = TcpStream::connect(server.address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, socket).await.unwrap();
    assert_eq!(stream.get_ref().1.protocol_version(), Some(version));
    stream.write_all(b"modern").await.unwrap();
    let mut echo = [0; 6];
    stream.read_exact(&mut echo).await.unwrap();
    assert_eq!(&echo, b"modern");
}

#[tokio::test]
async fn modern_client_never_gets_cbc() {
    let identity = Identity::generate().unwrap();
    let server = EchoServer::start(&identity, true).await;
    rustls_echo(&server, &identity, ProtocolVersion::TLSv1_3).await;
    rustls_echo(&server, &identity, ProtocolVersion::TLSv1_2).await;
    assert_eq!(server.suites(), ["TLS_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"]);
}
