//! The ICSF functions with their keys in a simulated HSM, which is stopped and started again half-way.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bancada_dinamo_blocking::{Credentials, Options, Session};
use bancada_simulator::admin::client::request;
use bancada_simulator::{Cluster, Faults};
use bancada_wire::algorithm::key;
use bancada_wire::codec::SecretTail;
use bancada_wire::op::{BlockObject, CreateKey, KeyImp, RemoveObject};
use bancada_wire::text::ObjectName;

use crate::support::device::{Device, STORAGE_KEY};
use crate::support::{compile, compile_cobol, converse};

const PASSWORD: &str = "12345678";

fn cluster() -> Cluster {
    Cluster::builder().nodes(1).user("aal", PASSWORD, 0).admin(0).start_blocking().unwrap()
}

fn session(cluster: &Cluster) -> Session {
    let user = Credentials::user("aal", PASSWORD).unwrap();
    Session::open(&cluster.nodes()[0].address().to_string(), &user, &Options::clear()).unwrap()
}

/// The name of the object for an ICSF label.
fn name(text: &str) -> ObjectName {
    ObjectName::new(&text.replace('.', "_")).unwrap()
}

fn import(session: &mut Session, label: &str, algorithm: u32, hex: &str) {
    let material = SecretTail::from(bancada_digipass::encoding::from_hex(hex.as_bytes()).unwrap());
    session.call(KeyImp { algorithm, attributes: 0, name: name(label), material }).unwrap();
}

/// A program that finds its keys in the cluster.
fn with_hsm(command: &mut Command, cluster: &Cluster, certificate: &str) {
    command.env("BANCADA_DIGIPASS_HSM", cluster.nodes()[0].address().to_string());
    command.env("BANCADA_DIGIPASS_HSM_USER", "aal").env("BANCADA_DIGIPASS_HSM_PASSWORD", PASSWORD);
    command.env("BANCADA_DIGIPASS_HSM_CERTIFICATE", certificate);
}

/// Runs a program whose storage keys are in an HSM, over TLS with its certificate pinned. The program stops and starts the HSM.
fn run(mut program: Command, folder: &Path) {
    let cluster = Arc::new(cluster());
    let mut keys = session(&cluster);
    import(&mut keys, "STORAGE.KEY", key::DES3_168, STORAGE_KEY);
    import(&mut keys, "OTHER.KEY", key::AES_192, &STORAGE_KEY.replace('0', "A"));
    keys.close().unwrap();
    let certificate = folder.join("hsm.pem");
    std::fs::write(&certificate, cluster.certificate_pem()).unwrap();
    let mut device = Device::new(folder);
    let bench = Arc::clone(&cluster);
    device.serve(Box::new(move |action| {
        let path = format!("/nodes/hsm-1/{action}");
        let answer = request(&bench.admin_url().unwrap(), "POST", &path, Some("{}"));
        assert_eq!(answer.unwrap().status, 200, "{action}");
    }));
    with_hsm(&mut program, &cluster, certificate.to_str().unwrap());
    converse(&mut program, &mut device);
}

#[test]
fn a_c_program_with_its_key_in_an_hsm_that_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Command::new(compile("life_cycle.c", folder.path()));
    program.arg("icsf");
    run(program, folder.path());
}

#[test]
fn a_cobol_program_with_its_key_in_an_hsm_that_restarts() {
    let folder = tempfile::tempdir().unwrap();
    if let Some(program) = compile_cobol("LIFE.cob", folder.path()) {
        run(program, folder.path());
    }
}

/// Every code of the key service, from a device that means it.
#[test]
fn codes_of_the_key_service_come_from_the_device() {
    let folder = tempfile::tempdir().unwrap();
    let cluster = Arc::new(cluster());
    let mut keys = session(&cluster);
    for (label, algorithm) in
        [("STORAGE.KEY", key::AES_256), ("SINGLE.KEY", key::DES), ("BLOCKED.KEY", key::AES_256)]
    {
        keys.call(CreateKey { algorithm, attributes: 0, name: name(label) }).unwrap();
    }
    keys.call(CreateKey { algorithm: key::RSA_2048, attributes: 0, name: name("RSA.KEY") }).unwrap();
    keys.call(BlockObject { name: name("BLOCKED.KEY"), blocked: 1 }).unwrap();
    let mut device = Device::new(folder.path());
    device.serve(Box::new(move |action| match action {
        // The key is replaced by one of another length and kind under the running program.
        "replace" => {
            keys.call(RemoveObject { name: name("STORAGE.KEY") }).unwrap();
            import(&mut keys, "STORAGE.KEY", key::DES3_168, STORAGE_KEY);
        }
        _ => panic!("{action}"),
    }));
    let mut program = Command::new(compile("key_service.c", folder.path()));
    with_hsm(&mut program, &cluster, "none");
    converse(&mut program, &mut device);
}

/// Threads wait for the device at the same time, but no process has more than 16 sessions.
#[test]
fn threads_have_sessions_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let cluster = cluster();
    let mut keys = session(&cluster);
    import(&mut keys, "STORAGE.KEY", key::AES_256, &STORAGE_KEY.repeat(2)[..64]);
    keys.close().unwrap();
    let node = &cluster.nodes()[0];
    cluster.block_on(node.set_faults(Faults { latency_ms: 50, ..Faults::default() })).unwrap();
    let mut program = Command::new(compile("key_threads.c", folder.path()));
    with_hsm(&mut program, &cluster, "none");
    let over = AtomicBool::new(false);
    let most = std::thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut most = 0;
            while !over.load(Ordering::Relaxed) {
                most = most.max(node.connections());
                std::thread::sleep(Duration::from_millis(2));
            }
            most
        });
        converse(&mut program, &mut Device::new(folder.path()));
        over.store(true, Ordering::Relaxed);
        watch.join().unwrap()
    });
    assert!((4..=16).contains(&most), "{most} sessions at once");
}

/// A code cannot say which variable, address or key is wrong; the trace does, and tells no secret.
#[test]
fn a_trace_says_why_the_key_service_failed() {
    let folder = tempfile::tempdir().unwrap();
    let cluster = cluster();
    let trace = folder.path().join("trace");
    let why = |change: fn(&mut Command) -> &mut Command| {
        let mut program = Command::new(compile("one_call.c", folder.path()));
        with_hsm(&mut program, &cluster, "none");
        change(program.env("BANCADA_DIGIPASS_TRACE", &trace));
        let mut device = Device::new(folder.path());
        let _gone = std::fs::remove_file(&trace);
        converse(&mut program, &mut device);
        let text = std::fs::read_to_string(&trace).unwrap();
        assert!(!text.contains(PASSWORD) && !text.contains("Wr0ngPassword"), "{text}");
        let line = text.lines().last().unwrap_or_default();
        line.strip_prefix("1700000000 AAL2MigrateBlobICSF ").unwrap_or_else(|| panic!("{text}")).to_owned()
    };
    type Change = fn(&mut Command) -> &mut Command;
    let nothing: Change = |program| program;
    let password: Change = |program| program.env("BANCADA_DIGIPASS_HSM_PASSWORD", "Wr0ngPassword");
    let no_user: Change = |program| program.env_remove("BANCADA_DIGIPASS_HSM_USER");
    let nobody: Change = |program| program.env("BANCADA_DIGIPASS_HSM", "127.0.0.1:1");
    let no_file: Change = |program| program.env("BANCADA_DIGIPASS_HSM_CERTIFICATE", "/nowhere.pem");
    // The system accepts for a program that never reads: a device that hangs.
    let silent: Change = |program| {
        let listener = Box::leak(Box::new(std::net::TcpListener::bind("127.0.0.1:0").unwrap()));
        let address = listener.local_addr().unwrap().to_string();
        program.env("BANCADA_DIGIPASS_HSM", address).env("HSM_RECV_TIMEOUT", "100")
    };
    for (change, code, words) in [
        (silent, "900: ", "timeout"),
        (nothing, "908: ", "refused"),
        (password, "900: ", "LOGIN"),
        (no_user, "900: ", "BANCADA_DIGIPASS_HSM_USER is not set"),
        (nobody, "900: ", "127.0.0.1:1"),
        (no_file, "900: ", "/nowhere.pem"),
    ] {
        let line = why(change);
        assert!(line.starts_with(code) && line.contains(words), "{line}");
    }
}
