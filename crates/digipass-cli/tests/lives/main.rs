//! Whole lives of tokens played with nothing but the command, as a script in another language would.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its scene has failed")]

mod administration;

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const START: u64 = 1_700_000_000;
const STEP: u64 = 36;

/// A HOTP key after RFC 6030 figure 2: the one of RFC 4226 appendix D, `12345678901234567890`.
const PSKC: &str = r#"<?xml version="1.0"?><KeyContainer Version="1.0" xmlns="urn:ietf:params:xml:ns:keyprov:pskc"><KeyPackage>
        <DeviceInfo><Manufacturer>Manufacturer</Manufacturer><SerialNo>987654321</SerialNo></DeviceInfo>
        <Key Id="12345678" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:hotp"><Issuer>Issuer</Issuer>
        <AlgorithmParameters><ResponseFormat Length="6" Encoding="DECIMAL"/></AlgorithmParameters>
        <Data><Secret><PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</PlainValue></Secret><Counter><PlainValue>0</PlainValue></Counter></Data>
        </Key></KeyPackage></KeyContainer>"#;

/// A folder with the files of one life.
struct Life {
    folder: TempDir,
    now: u64,
}

impl Life {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), now: START }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bancada-digipass"));
        command.args(args).args(["--at", &self.now.to_string()]).current_dir(&self.folder);
        command
    }

    /// The exit status and the JSON object of a run.
    fn run(&self, args: &[&str]) -> (i32, Value) {
        let output = self.command(args).arg("--json").output().unwrap();
        assert!(output.stderr.is_empty(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        let report = serde_json::from_slice(&output.stdout);
        (output.status.code().unwrap(), report.unwrap_or_else(|error| panic!("{args:?}: {error}")))
    }

    /// The JSON object of a run that succeeds.
    fn ok(&self, args: &[&str]) -> Value {
        let (status, report) = self.run(args);
        assert_eq!(status, 0, "{args:?}: {report}");
        report
    }

    /// The kernel's code in a run that it refuses.
    fn refused(&self, args: &[&str]) -> i64 {
        let (status, report) = self.run(args);
        assert_eq!(status, 1, "{args:?}: {report}");
        report["code"].as_i64().unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), format!("{text}\n")).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap().trim().to_owned()
    }

    /// Writes the BLOB of each application of a list to `NAME.blob`.
    fn write_blobs(&self, applications: &Value) {
        for application in applications.as_array().unwrap() {
            self.write(&format!("{}.blob", text(application, "name")), text(application, "blob"));
        }
    }

    /// Issues a single-device licence and activates it in `phone`.
    fn single_device(traits: &[&str]) -> Self {
        let life = Self::new();
        let issued = life.ok(&[&["issue", "--serial", "VDS0000001"][..], traits].concat());
        life.write("static", text(&issued, "static_vector"));
        life.write_blobs(&issued["tokens"][0]["applications"]);
        let blobs = ["--blob", "@OTP.blob", "--blob", "@SIGN.blob"];
        let host = ["host", "activation-data", "--static-vector", "@static", "--shared", "1234"];
        life.write("data", text(&life.ok(&[&host[..], &blobs].concat()), "activation_data"));
        let activate = ["activate", "--state", "phone", "--static-vector", "@static", "--data", "@data"];
        assert_eq!(life.refused(&[&activate[..], &["--shared", "1235"]].concat()), 19005);
        let report = life.ok(&[&activate[..], &["--shared", "1234"]].concat());
        assert_eq!(report["applications"], serde_json::json!(["OTP", "SIGN"]));
        life
    }

    fn otp(&self) -> String {
        text(&self.ok(&["otp", "--state", "phone"]), "otp").to_owned()
    }

    fn verify_password(&self, password: &str) -> i64 {
        let args =
            ["verify", "--blob", "@OTP.blob", "--store", "--password", password, "--itime-window", "10"];
        let (status, report) = self.run(&args);
        let code = report["code"].as_i64().unwrap();
        assert_eq!(status, i32::from(code != 0), "{report}");
        assert_eq!(text(&report, "blob"), self.read("OTP.blob"));
        code
    }
}

fn text<'a>(report: &'a Value, name: &str) -> &'a str {
    report[name].as_str().unwrap_or_else(|| panic!("no text `{name}` in {report}"))
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_single_device_licence_from_issue_to_a_later_login() {
    let mut life = Life::single_device(&[]);
    assert_eq!(mode(&life.folder.path().join("phone")), 0o600);
    let otp = life.otp();
    assert_eq!(life.verify_password(&otp), 0);
    assert_eq!(life.verify_password(&otp), 201, "a replay");
    life.now += 2 * STEP;
    let later = life.otp();
    assert_ne!(later, otp);
    assert_eq!(life.verify_password(&later), 0);
    life.now += 100 * STEP;
    assert_eq!(life.verify_password(&later), 1, "far outside the window");
    let inspected = life.ok(&["inspect", "@OTP.blob"]);
    assert_eq!((inspected["use_count"].as_i64(), inspected["error_count"].as_i64()), (Some(2), Some(1)));
    assert_eq!(life.ok(&["host", "reset", "--blob", "@OTP.blob", "--store"])["code"], 0);
    assert_eq!(life.ok(&["inspect", "@OTP.blob"])["error_count"], 0);
}

#[test]
fn signatures_cover_every_field_and_their_order() {
    let life = Life::single_device(&["--host-code", "6"]);
    let signed = life.ok(&["sign", "--state", "phone", "00123456", "150000"]);
    let signature = text(&signed, "signature");
    let verify = ["verify", "--blob", "@SIGN.blob", "--signature", signature];
    let good = life.ok(&[&verify[..], &["--field", "00123456", "--field", "150000"]].concat());
    assert_eq!(text(&good, "host_code"), text(&signed, "host_code"));
    assert_eq!(text(&good, "host_code").len(), 6);
    assert_ne!(text(&good, "blob"), life.read("SIGN.blob"), "without --store the file stays");
    assert_eq!(life.refused(&[&verify[..], &["--field", "150000", "--field", "00123456"]].concat()), 1);
    assert_eq!(life.refused(&["sign", "--state", "phone", "--app", "OTP", "1"]), 132);
}

#[test]
fn a_derivation_binds_all_applications_and_the_unbound_device_stops() {
    let mut life = Life::single_device(&["--trait", "derivation"]);
    std::fs::copy(life.folder.path().join("phone"), life.folder.path().join("thief")).unwrap();
    let otp = life.otp();
    assert_eq!(life.verify_password(&otp), 0, "before the derivation");
    life.now += STEP;
    let derived = life.ok(&["derive", "--state", "phone", "--fingerprint", "my phone"]);
    let verify = ["verify", "--blob", "@OTP.blob", "--blob", "@SIGN.blob", "--derivation-code"];
    let code = text(&derived, "derivation_code");
    let last = if code.ends_with('0') { "1" } else { "0" };
    let mistyped = format!("{}{last}", &code[..code.len() - 1]);
    assert_eq!(life.refused(&[&verify[..], &[&mistyped]].concat()), 1113);
    let bound = life.ok(&[&verify[..], &[code, "--store"]].concat());
    assert_eq!(bound["blobs"].as_array().unwrap().len(), 2);
    for blob in ["@OTP.blob", "@SIGN.blob"] {
        assert_eq!(life.ok(&["inspect", blob])["derived"], true);
    }
    life.now += STEP;
    let thief = text(&life.ok(&["otp", "--state", "thief"]), "otp").to_owned();
    assert_eq!(life.verify_password(&thief), 1);
    assert_eq!(life.verify_password(&life.otp()), 0);
}

/// Issues a multi-device licence and activates its first instance in `phone`.
fn multi_device() -> Life {
    let life = Life::new();
    let issue = ["issue", "--serial", "VDM0000001", "--licence", "mdl", "--post-activation", "sign"];
    let issued = life.ok(&issue);
    let token = &issued["tokens"][0];
    life.write("static", text(&issued, "static_vector"));
    life.write("mv", text(&issued, "message_vector"));
    life.write("av", text(token, "activation_vector"));
    life.write("pk", text(token, "payload_key"));
    life.write_blobs(&token["applications"]);
    let vectors = ["--static-vector", "@static", "--message-vector", "@mv"];
    let blob = ["--blob", "@ACTIVATION.blob"];
    let bound = life.ok(&[&["host", "challenge", "--store"][..], &blob].concat());
    let challenge = ["--challenge", text(&bound, "challenge")];
    let message1 =
        [&["host", "message1", "--activation-vector", "@av"][..], &blob, &vectors, &challenge].concat();
    life.write("m1", text(&life.ok(&message1), "message"));
    let begun = life.ok(&[
        "activate",
        "--state",
        "phone",
        "--static-vector",
        "@static",
        "--message1",
        "@m1",
        "--device-type",
        "9",
    ]);
    assert_eq!(text(&begun, "post_activation"), "SIGN");
    let (status, early) = life.run(&["otp", "--state", "phone"]);
    assert!(status == 2 && text(&early, "error").contains("--message2"), "{early}");
    let code = ["host", "device-code", "--store", "--code", text(&begun, "device_code")];
    let device = life.ok(&[&code[..], &blob, &challenge].concat());
    let id = ["--device-id", text(&device, "device_id"), "--payload-key", "@pk"];
    let made = life.ok(&[&["host", "message2", "--store"][..], &blob, &vectors, &id].concat());
    assert_eq!(text(&made, "token_type"), "TYP09");
    life.write("m2", text(&made, "message"));
    life.write_blobs(&made["applications"]);
    assert_eq!(life.ok(&["activate", "--state", "phone", "--message2", "@m2"])["instance"], 1);
    assert_eq!(mode(&life.folder.path().join("phone")), 0o600);
    life
}

#[test]
fn a_multi_device_licence_from_issue_to_deactivation() {
    let mut life = multi_device();
    let signature = text(&life.ok(&["sign", "--state", "phone", "--message", "@m2"]), "signature").to_owned();
    let verify = ["verify", "--blob", "@SIGN.blob", "--store", "--online-sg", "1"];
    let over = |life: &Life, file: &str, signature: &str| {
        life.run(
            &[&verify[..], &["--signature", signature, "--message", file, "--expiration", "300"]].concat(),
        )
        .1["code"]
            .as_i64()
    };
    assert_eq!(over(&life, "@m2", &signature), Some(0));
    life.now += STEP;
    let channel = ["--payload-key", "@pk", "--message-vector", "@mv"];
    let request = [&["host", "request", "--application", "2", "--text", "Pay 15?"][..], &channel].concat();
    life.write("request", text(&life.ok(&request), "message"));
    let answered = life.ok(&["message", "--state", "phone", "@request", "--sign", "--answer", "yes"]);
    assert_eq!((text(&answered, "request"), text(&answered, "application")), ("Pay 15?", "SIGN"));
    assert_eq!(over(&life, "@m2", text(&answered, "signature")), Some(1), "another message");
    assert_eq!(over(&life, "@request", text(&answered, "signature")), Some(0));
    assert_eq!(over(&life, "@request", text(&answered, "signature")), Some(204), "a duplicate");
    life.write("response", text(&answered, "response"));
    let read = life.ok(&["host", "response", "@response", "--request", "@request", "--payload-key", "@pk"]);
    assert_eq!(text(&read, "body_text"), "yes");
    let refused = life.ok(&["message", "--state", "phone", "@request", "--refuse", "9"]);
    life.write("refused", text(&refused, "response"));
    let read = ["host", "response", "@refused", "--request", "@request", "--payload-key", "@pk"];
    assert_eq!(life.refused(&read), 5009);
    life.now += 301;
    assert_eq!(over(&life, "@request", text(&answered, "signature")), Some(1364), "an old message");

    let informed =
        text(&life.ok(&["message", "--state", "phone", "--inform", "low battery"]), "message").to_owned();
    let read = life.ok(&["host", "response", &informed, "--payload-key", "@pk"]);
    assert_eq!(text(&read, "body_text"), "low battery");
    let end = [&["host", "deactivate", "--instance", "1"][..], &channel].concat();
    life.write("end", text(&life.ok(&end), "message"));
    assert_eq!(life.ok(&["message", "--state", "phone", "@end"])["deactivated"], true);
    assert_eq!(life.refused(&["otp", "--state", "phone"]), 518);
}

#[test]
fn an_import_file_makes_host_and_token() {
    let life = Life::new();
    let key = "00112233445566778899AABBCCDDEEFF";
    let issue = [
        "issue",
        "--serial",
        "VDS0000009",
        "--count",
        "2",
        "--app",
        "login:CR:OCRA-1:HOTP-SHA256-8:QN08-T30S",
    ];
    let more = ["--trait", "score", "--pin", "1234", "--dpx", "tokens.dpx", "--transport-key", key];
    let written = life.ok(&[&issue[..], &more].concat());
    assert_eq!((written["token_count"].as_i64(), written.get("transport_key")), (Some(2), None));
    let (status, again) = life.run(&[&issue[..], &more].concat());
    assert!(status == 2 && text(&again, "error").contains("--force"), "{again}");
    life.write("key", key);
    let imported = life.ok(&["import", "tokens.dpx", "--transport-key", "@key", "--derive-vector", "7"]);
    let second = &imported["tokens"][1];
    assert_eq!(text(second, "serial_number"), "VDS0000010");
    life.write_blobs(&second["applications"]);
    let from = ["activate", "--state", "token", "--from", "tokens.dpx", "--transport-key", "@key"];
    assert_eq!(
        text(&life.ok(&[&from[..], &["--serial", "VDS0000010"]].concat()), "serial_number"),
        "VDS0000010"
    );
    let (status, wrong) = life.run(&["import", "tokens.dpx", "--transport-key", &key.replace('0', "1")]);
    assert!(status == 2 && text(&wrong, "error").contains("ask its sender"), "{wrong}");

    let challenge =
        life.ok(&["host", "challenge", "--blob", "@LOGIN.blob", "--store", "--derive-vector", "7"]);
    let challenge = text(&challenge, "challenge");
    let answered = life.ok(&["otp", "--state", "token", "--challenge", challenge, "--score", "3"]);
    let password = format!("1234{}", text(&answered, "otp"));
    let verify = ["verify", "--blob", "@LOGIN.blob", "--challenge", challenge, "--password", &password];
    assert_eq!(life.refused(&verify), 412, "another derive vector");
    let verified = life.ok(&[&verify[..], &["--derive-vector", "7"]].concat());
    assert_eq!((verified["code"].as_i64(), verified["score"].as_i64()), (Some(10_003), Some(3)));
}

/// A device with a Secure Channel from the factory: payload key and message vector come with the import file.
#[test]
fn a_connected_device_of_a_single_device_licence_answers_messages() {
    let life = Life::new();
    let key = "00112233445566778899AABBCCDDEEFF";
    let issue = ["issue", "--serial", "VDS0000003", "--trait", "secure-channel", "--app"];
    let more = ["SIGN:SG:OCRA-1:HOTP-SHA256-8:QH64-T36S", "--dpx", "tokens.dpx", "--transport-key", key];
    life.ok(&[&issue[..], &more].concat());
    let imported = life.ok(&["import", "tokens.dpx", "--transport-key", key]);
    let token = &imported["tokens"][0];
    life.write("pk", text(token, "payload_key"));
    life.write("mv", text(&imported, "message_vector"));
    life.write_blobs(&token["applications"]);
    life.ok(&["activate", "--state", "token", "--from", "tokens.dpx", "--transport-key", key]);
    let channel = ["--payload-key", "@pk", "--message-vector", "@mv"];
    let request = [&["host", "request", "--application", "1", "--text", "Pay 15?"][..], &channel].concat();
    life.write("request", text(&life.ok(&request), "message"));
    let answered = life.ok(&["message", "--state", "token", "@request", "--sign"]);
    let verify = ["verify", "--blob", "@SIGN.blob", "--message", "@request", "--signature"];
    let verified = life.ok(&[&verify[..], &[text(&answered, "signature")]].concat());
    assert_eq!(verified["code"].as_i64(), Some(0));
}

/// RFC 4226 appendix D: the first passwords of the key `12345678901234567890`.
#[test]
fn a_pskc_key_answers_as_the_rfc_says() {
    let life = Life::new();
    life.write("keys.xml", PSKC);
    life.ok(&["activate", "--state", "token", "--from", "keys.xml"]);
    for otp in ["755224", "287082", "359152"] {
        let output = life.command(&["otp", "--state", "token"]).output().unwrap();
        assert_eq!(
            String::from_utf8(output.stdout).unwrap(),
            format!("{otp}\n"),
            "for people and shells: nothing else"
        );
    }
    let imported = life.ok(&["import", "keys.xml"]);
    let blob = text(&imported["tokens"][0]["applications"][0], "blob").to_owned();
    let verified = life.ok(&["verify", "--blob", &blob, "--password", "359152"]);
    assert_eq!(life.refused(&["verify", "--blob", text(&verified, "blob"), "--password", "287082"]), 1);
    assert_eq!(life.ok(&["inspect", text(&verified, "blob")])["event_value"], 3);
}

#[test]
fn secrets_show_only_where_they_are_asked_for() {
    const KEY: &str = "12345678901234567890";
    let hex: String = KEY.bytes().map(|byte| format!("{byte:02X}")).collect();
    let life = Life::new();
    life.write("keys.xml", PSKC);
    let imported = life.ok(&["import", "keys.xml"]);
    let blob = text(&imported["tokens"][0]["applications"][0], "blob");
    let shown = [
        imported.to_string(),
        life.ok(&["activate", "--state", "phone", "--from", "keys.xml"]).to_string(),
        life.ok(&["otp", "--state", "phone"]).to_string(),
        life.ok(&["inspect", blob]).to_string(),
        life.ok(&["verify", "--blob", blob, "--password", "755224"]).to_string(),
        life.run(&["verify", "--blob", blob, "--password", "000000"]).1.to_string(),
    ];
    assert!(life.read("phone").contains(&hex), "the file is where the key is, and the test would see it");
    for shown in shown {
        assert!(!shown.contains(KEY) && !shown.to_ascii_uppercase().contains(&hex), "{shown}");
    }
    let path = life.folder.path().join("phone");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (status, open) = life.run(&["otp", "--state", "phone"]);
    assert!(status == 2 && text(&open, "error").contains("chmod 600"), "{open}");
}

#[test]
fn mistakes_are_told_with_what_to_do_next() {
    let life = Life::single_device(&[]);
    for (args, words) in [
        (&["issue", "--serial", "short"][..], "VDS0000001"),
        (&["issue", "--serial", "VDS9999999", "--count", "2"], "run over"),
        (&["issue", "--serial", "VDS0000001", "--app", "A:RO:HOTP-MD5-6"], "RFC 6287"),
        (&["issue", "--serial", "VDS0000001", "--app", "A:XX:HOTP-SHA1-6"], "RO (password)"),
        (&["issue", "--serial", "VDS0000001", "--app", "A:RO:HOTP-SHA1-6", "--trait", "score"], "1039"),
        (
            &[
                "issue",
                "--serial",
                "VDS0000001",
                "--app",
                "A:MM:OCRA-1:HOTP-SHA1-6:QN08",
                "--host-code",
                "11",
            ],
            "1040",
        ),
        (&["issue", "--serial", "VDS0000001", "--app", "A:CR:OCRA-1:HOTP-SHA1-6:QN08-S064"], "session data"),
        (&["issue", "--serial", "vds0000001"], "VDS0000001"),
        (&["otp", "--state", "."], "no file"),
        (&["otp", "--state", "nowhere"], "activate --state nowhere"),
        (&["otp", "--state", "phone", "--at", "yesterday"], "RFC 3339"),
        (&["verify", "--blob", "@OTP.blob"], "--password"),
        (&["verify", "--blob", "@missing", "--password", "1"], "missing"),
        (&["verify", "--blob", "00", "--password", "1", "--store"], "496"),
        (
            &[
                "activate",
                "--state",
                "phone",
                "--static-vector",
                "@static",
                "--data",
                "@data",
                "--shared",
                "1234",
            ],
            "--force",
        ),
        (&["message", "--state", "phone", "@data"], "activate"),
        (&["host", "request", "--payload-key", "x", "--message-vector", "x", "--text", "x"], "88 characters"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bancada-digipass"));
        let output = command.args(args).arg("--json").current_dir(&life.folder).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(!output.status.success() && text(&report, "error").contains(words), "{args:?}: {report}");
        let output = Command::new(env!("CARGO_BIN_EXE_bancada-digipass"))
            .args(args)
            .current_dir(&life.folder)
            .output()
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(
            output.stdout.is_empty() && told.starts_with("error: ") && told.contains(words),
            "{args:?}: {told}"
        );
    }
}

#[test]
fn two_runs_at_once_never_give_the_same_event() {
    let life = Life::new();
    let issue = ["issue", "--serial", "VDS0000001", "--app", "OTP:RO:HOTP-SHA1-6", "--dpx", "t"];
    let key = life.ok(&issue);
    let key = text(&key, "transport_key");
    life.ok(&["activate", "--state", "token", "--from", "t", "--transport-key", key]);
    let spawn = |_| life.command(&["otp", "--state", "token"]).stdout(Stdio::piped()).spawn().unwrap();
    let runs: Vec<_> = (0..8).map(spawn).collect();
    let mut given: Vec<String> = runs
        .into_iter()
        .map(|run| String::from_utf8(run.wait_with_output().unwrap().stdout).unwrap())
        .collect();
    let fresh = Life::new();
    std::fs::copy(life.folder.path().join("t"), fresh.folder.path().join("t")).unwrap();
    fresh.ok(&["activate", "--state", "token", "--from", "t", "--transport-key", key]);
    let mut expected: Vec<String> =
        (0..8).map(|_| format!("{}\n", text(&fresh.ok(&["otp", "--state", "token"]), "otp"))).collect();
    given.sort();
    expected.sort();
    assert_eq!(given, expected);
}

#[test]
fn texts_come_from_standard_input_too() {
    let life = Life::single_device(&[]);
    let mut child = life
        .command(&["inspect", "@-", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(life.read("OTP.blob").as_bytes()).unwrap();
    let report: Value = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(text(&report, "ocra_suite"), "TOTP-SHA256-8-T36S");
}
