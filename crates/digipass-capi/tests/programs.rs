//! C programs, ours, against header and library: sizes, a server's whole work with a single-device licence, and what is exported.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod hsm;
mod support;

use std::collections::BTreeSet;
use std::process::Command;

use bancada_digipass::ReturnCode;

use support::device::Device;
use support::{compile, converse, installed, library, library_folder, package, succeed};

#[test]
fn the_header_has_every_size_and_offset() {
    let folder = tempfile::tempdir().unwrap();
    succeed(&mut Command::new(compile("layout.c", folder.path())));
}

/// From the oldest standard to the newest, included twice, with cc and, where it is installed, clang.
#[test]
fn the_header_is_plain_c_and_cpp_of_every_age() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("twice.c");
    std::fs::write(&source, "#include \"aal2sdk.h\"\n#include \"aal2sdk.h\"\n").unwrap();
    let standards = [
        ("c", &["c89", "c99", "c11", "c17", "c2x"][..], ["cc", "clang"]),
        ("c++", &["c++98", "c++11", "c++17", "c++20"][..], ["c++", "clang++"]),
    ];
    for (language, standards, [everywhere, sometimes]) in standards {
        for compiler in [everywhere, sometimes] {
            if compiler == sometimes && Command::new(compiler).arg("--version").output().is_err() {
                eprintln!("{compiler} is not installed; {everywhere} has to do");
                continue;
            }
            for standard in standards {
                let mut command = Command::new(compiler);
                command.args(["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-x", language]);
                command.arg(format!("-std={standard}")).arg("-I").arg(package());
                succeed(command.arg(&source));
            }
        }
    }
}

#[test]
fn a_c_program_does_the_work_of_a_single_device_licence() {
    let folder = tempfile::tempdir().unwrap();
    let program = compile("single_device.c", folder.path());
    converse(&mut Command::new(program), &mut Device::new(folder.path()));
}

/// The places and widths of LinOTP, privacyIDEA and the Ruby gem vacman_controller.
#[test]
fn public_callers_pass_their_arguments_as_they_do() {
    let folder = tempfile::tempdir().unwrap();
    let program = compile("callers.c", folder.path());
    converse(&mut Command::new(program), &mut Device::new(folder.path()));
}

#[test]
fn threads_share_the_library() {
    let folder = tempfile::tempdir().unwrap();
    let program = compile("threads.c", folder.path());
    converse(&mut Command::new(program), &mut Device::new(folder.path()));
}

/// No program reads or writes what is not its own, and nothing is lost, as valgrind sees it. (Its tools for races do not know the
/// locks of Rust's standard library.)
#[test]
fn programs_are_clean_under_valgrind() {
    let folder = tempfile::tempdir().unwrap();
    if !installed("valgrind", "valgrind") {
        return;
    }
    let options = ["--leak-check=full", "--errors-for-leak-kinds=definite,indirect,possible"];
    for (source, argument) in [
        ("callers.c", ""),
        ("single_device.c", ""),
        ("life_cycle.c", "software"),
        ("life_cycle.c", "icsf"),
        ("threads.c", "1"),
    ] {
        let program = compile(source, folder.path());
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--quiet", "--error-exitcode=9"]).args(options).arg(program).arg(argument);
        converse(&mut valgrind, &mut Device::new(folder.path()));
    }
}

/// A trace has one line per call of the programs, and on it nothing but time, a function of the header, a code of the kernel, and why the key
/// service failed: no secret of a BLOB, no key, no PIN and no response.
#[test]
fn a_trace_tells_calls_and_no_arguments() {
    let folder = tempfile::tempdir().unwrap();
    let header = std::fs::read_to_string(package().join("aal2sdk.h")).unwrap();
    let functions = declared(&header);
    let (single, both) = (compile("single_device.c", folder.path()), compile("life_cycle.c", folder.path()));
    for (number, (program, edition)) in
        [(&single, None), (&both, Some("software")), (&both, Some("icsf"))].into_iter().enumerate()
    {
        let trace = folder.path().join(format!("trace{number}"));
        let mut command = Command::new(program);
        command.args(edition).env("BANCADA_DIGIPASS_TRACE", &trace);
        let mut device = Device::new(folder.path());
        converse(&mut command, &mut device);
        let text = std::fs::read_to_string(trace).unwrap();
        for line in text.lines() {
            // Why it failed may stand behind it.
            let call = line.split(": ").next().unwrap();
            let [time, function, code] = call.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let code: i32 = code.parse().unwrap();
            // A count of bytes or applications is a result too.
            let known = ReturnCode(code).text() != ReturnCode(i32::MIN).text() || (0..300).contains(&code);
            // 0 stands for a clock that cannot be read.
            let time: u64 = time.parse().unwrap();
            assert!((time == 0 || (1_500_000_000..2_000_000_000).contains(&time)) && known, "{line}");
            assert!(functions.contains(function), "{line}");
        }
        assert!(text.lines().count() > 20 && text.contains(" 0\n"), "{text}");
        let secrets = device.secrets();
        assert!(secrets.len() > 12, "{}", secrets.len());
        // A host code of four digits may be a return code by chance.
        for secret in secrets.into_iter().filter(|secret| secret.len() > 5) {
            let lower = secret.to_ascii_lowercase();
            assert!(!text.contains(&secret) && !text.contains(&lower), "{secret} stands in the trace");
        }
    }
}

/// The whole life of both kinds of licence, in software and with every BLOB under a named key of a key service, which stops half-way.
#[test]
fn a_c_program_lives_the_life_of_both_licences() {
    let folder = tempfile::tempdir().unwrap();
    let program = compile("life_cycle.c", folder.path());
    for edition in ["software", "icsf"] {
        converse(Command::new(&program).arg(edition), &mut Device::new(folder.path()));
    }
}

/// The program of the page docs/digipass-c.md, as it stands there.
#[test]
fn the_python_program_of_the_documentation_verifies_and_keeps_the_blob() {
    if !installed("python3", "python3") {
        return;
    }
    let page = std::fs::read_to_string(package().join("../../docs/digipass-c.md")).unwrap();
    let (_, rest) = page.split_once("```python\n").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut device = Device::new(folder.path());
    let [program, file] = ["verify.py", "otp.blob"].map(|name| folder.path().join(name));
    std::fs::write(&program, rest.split_once("```").unwrap().0).unwrap();
    std::fs::write(&file, device.answer("blob AUTH")).unwrap();
    device.answer("time 1700000000");
    let password = device.answer("password AUTH");
    let verify = |password: &str| {
        let mut python = Command::new("python3");
        python.env("LD_LIBRARY_PATH", library_folder()).env("BANCADA_DIGIPASS_TIME", "1700000000");
        succeed(python.arg(&program).arg(&file).arg(password))
    };
    assert!(verify("1").starts_with("-202 "));
    assert_eq!(verify(&password), "0 The operation succeeded.\n");
    assert!(verify(&password).starts_with("201 "));
}

/// AA2VMSIC with the vendor's documented CALL, and everything before and after it, from GnuCOBOL.
#[test]
fn a_cobol_program_lives_the_life_of_both_licences() {
    let folder = tempfile::tempdir().unwrap();
    let Some(mut program) = support::compile_cobol("LIFE.cob", folder.path()) else { return };
    converse(&mut program, &mut Device::new(folder.path()));
}

/// Nothing else is exported, and the header tells all.
#[test]
fn exported_are_the_functions_of_the_header_and_nothing_else() {
    let listing = succeed(Command::new("nm").args(["-D", "--defined-only", "--format=posix"]).arg(library()));
    let exported: BTreeSet<&str> = listing.lines().filter_map(|line| line.split(' ').next()).collect();
    let header = std::fs::read_to_string(package().join("aal2sdk.h")).unwrap();
    let declared = declared(&header);
    assert!(exported.len() > 15 && exported == declared, "exported {exported:?}\ndeclared {declared:?}");
}

/// The functions of the header.
fn declared(header: &str) -> BTreeSet<&str> {
    let names = header.match_indices("AA").filter_map(|(at, _)| header[at..].split_once('('));
    names.map(|(name, _)| name).filter(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric())).collect()
}

#[test]
fn the_library_is_found_by_its_name() {
    let dynamic = succeed(Command::new("readelf").arg("-d").arg(library()));
    assert!(dynamic.contains("Library soname: [libaal2sdk.so]"), "{dynamic}");
}
