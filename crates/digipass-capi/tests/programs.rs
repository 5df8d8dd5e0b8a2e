//! C programs, ours, against header and library: sizes, a server's whole work with a single-device licence, and what is exported.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod hsm;
mod support;

use std::collections::BTreeSet;
use std::process::Command;

use bancada_digipass::ReturnCode;

use support::device::Device;
use support::{compile, converse, library, package, succeed};

#[test]
fn the_header_has_every_size_and_offset_and_is_plain_c_and_cpp() {
    let folder = tempfile::tempdir().unwrap();
    succeed(&mut Command::new(compile("layout.c", folder.path())));
    for (compiler, standard, language) in [("cc", "-std=c99", "c"), ("c++", "-std=c++11", "c++")] {
        let mut command = Command::new(compiler);
        command.args([
            "-fsyntax-only",
            "-Wall",
            "-Wextra",
            "-Wpedantic",
            "-Werror",
            standard,
            "-x",
            language,
        ]);
        succeed(command.arg(package().join("aal2sdk.h")));
    }
}

#[test]
fn a_c_program_does_the_work_of_a_single_device_licence() {
    let folder = tempfile::tempdir().unwrap();
    let program = compile("single_device.c", folder.path());
    converse(&mut Command::new(program), &mut Device::new(folder.path()));
}

/// A trace has one line per call of the programs, and on it nothing but time, a function of the header, and a code of the kernel: so no
/// secret of a BLOB, no key, no PIN and no response.
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
            let [time, function, code] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
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
        for secret in secrets {
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
