//! What a newcomer pastes from help and documentation works, and two runs at once on one file do no harm.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its scene has failed")]

use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_bancada-digipass");

/// Runs lines in a shell that ends at the first failure, in an empty folder.
fn paste(lines: &str) {
    let folder = TempDir::new().unwrap();
    let programs = Path::new(PROGRAM).parent().unwrap().display();
    let path = format!("{programs}:{}", std::env::var("PATH").unwrap());
    let script = format!("set -eux\n{lines}");
    let output =
        Command::new("sh").arg("-c").arg(script).env("PATH", path).current_dir(&folder).output().unwrap();
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(output.status.success(), "{lines}\n{}\n{}", said[0], said[1]);
    assert!(
        lines.lines().count() > 5 && said[0].ends_with("\n") && said[0].contains("\ncode: 0\n"),
        "{}",
        said[0]
    );
}

/// Whether jq is there, which the examples use; says so when it is not, and fails where tests must not be skipped.
fn jq() -> bool {
    let found = Command::new("jq").arg("--version").output().is_ok();
    assert!(found || std::env::var_os("CI").is_none(), "jq is missing: `apt-get install jq`");
    if !found {
        eprintln!("skipped: there is no jq; `apt-get install jq` brings it");
    }
    found
}

/// The examples of a command's help: lines that are indented, behind the options.
fn examples(command: &[&str]) -> String {
    let output = Command::new(PROGRAM).args(command).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let first = help.find("\n  bancada-digipass ").unwrap();
    let lines = help[first..].lines().filter(|line| line.starts_with("  "));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_lives_in_the_help_can_be_pasted() {
    if jq() {
        paste(&examples(&[]));
        paste(&examples(&["host"]));
    }
}

#[test]
fn every_shell_example_of_the_documentation_can_be_pasted() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/digipass-cli.md");
    let page = std::fs::read_to_string(page).unwrap();
    let blocks: Vec<_> =
        page.split("```sh\n").skip(1).filter_map(|rest| Some(rest.split_once("```")?.0)).collect();
    assert!(!blocks.is_empty());
    if jq() {
        blocks.into_iter().for_each(paste);
    }
}

/// A folder with an authenticator that counts events, and its BLOB.
fn counting() -> TempDir {
    let folder = TempDir::new().unwrap();
    let json = |args: &[&str]| -> serde_json::Value {
        let output = Command::new(PROGRAM).args(args).arg("--json").current_dir(&folder).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stdout));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let issued = json(&["issue", "--serial", "VDS0000001", "--app", "OTP:RO:HOTP-SHA1-6"]);
    let (vector, blob) = (&issued["static_vector"], &issued["tokens"][0]["applications"][0]["blob"]);
    let (vector, blob) = (vector.as_str().unwrap(), blob.as_str().unwrap());
    std::fs::write(folder.path().join("otp.blob"), blob).unwrap();
    let data = json(&["host", "activation-data", "--blob", blob, "--static-vector", vector]);
    let data = data["activation_data"].as_str().unwrap();
    json(&["activate", "--state", "phone", "--static-vector", vector, "--data", data]);
    folder
}

fn start(folder: &TempDir, args: &[&str]) -> Child {
    let mut command = Command::new(PROGRAM);
    command.args(args).current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn otp(folder: &TempDir) -> String {
    let output = start(folder, &["otp", "--state", "phone"]).wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_result_that_cannot_be_written_and_a_file_that_is_no_import_file_are_told() {
    let folder = counting();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = Command::new(PROGRAM);
    command.args(["otp", "--state", "phone"]).current_dir(&folder).stdout(full).stderr(Stdio::piped());
    let output = command.spawn().unwrap().wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("No space left"));
    let output = start(&folder, &["import", "otp.blob"]).wait_with_output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("otp.blob is no import file"));
}

/// Hosts that verify at once from one file: a password counts once, and no wrong one is forgotten.
#[test]
fn a_password_is_accepted_by_one_of_many_runs_at_once() {
    let folder = counting();
    std::os::unix::fs::symlink("otp.blob", folder.path().join("link")).unwrap();
    let password = otp(&folder);
    let wrong = if password == "000000" { "000001" } else { "000000" };
    let run = |blob: &str, password: &str| {
        start(&folder, &["verify", "--store", "--blob", &format!("@{blob}"), "--password", password])
    };
    let runs: Vec<_> = (0..12).map(|i| run(["otp.blob", "link"][i % 2], &password)).collect();
    let ends: Vec<_> = runs.into_iter().map(|run| run.wait_with_output().unwrap().status.code()).collect();
    assert_eq!(ends.iter().filter(|end| **end == Some(0)).count(), 1, "{ends:?}");
    let runs: Vec<_> = (0..12).map(|_| run("otp.blob", wrong)).collect();
    runs.into_iter().for_each(|run| assert_eq!(run.wait_with_output().unwrap().status.code(), Some(1)));
    assert!(folder.path().join("link").is_symlink());
    let inspected = start(&folder, &["inspect", "@otp.blob", "--json"]).wait_with_output().unwrap();
    let inspected: serde_json::Value = serde_json::from_slice(&inspected.stdout).unwrap();
    // The eleven repetitions are wrong codes, too.
    assert_eq!((&inspected["use_count"], &inspected["error_count"]), (&1.into(), &23.into()));
}

/// Runs killed at any moment leave a whole file, and the next run takes away what they left beside it.
#[test]
fn killed_runs_leave_a_whole_authenticator_and_nothing_beside_it() {
    let folder = counting();
    for delay in 0..40 {
        let mut run = start(&folder, &["otp", "--state", "phone"]);
        std::thread::sleep(std::time::Duration::from_micros(delay * 150));
        run.kill().unwrap();
        run.wait().unwrap();
    }
    std::fs::write(folder.path().join(".phone.locked.new"), "what a killed run left").unwrap();
    assert_eq!(otp(&folder).len(), 6);
    let names = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = names.collect();
    names.sort();
    assert_eq!(names, ["otp.blob", "phone"]);
}
