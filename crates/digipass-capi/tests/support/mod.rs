//! What the tests of the library share: where it is, how programs are compiled against it, and the device they talk to.

pub(crate) mod device;

use std::io::{BufRead as _, BufReader, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use device::Device;

/// The folder of this package.
pub(crate) fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The shared library that cargo built beside this test.
pub(crate) fn library() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().unwrap();
    let places = [folder.join("libaal2sdk.so"), folder.parent().unwrap().join("libaal2sdk.so")];
    places.into_iter().find(|place| place.is_file()).expect("cargo builds libaal2sdk.so with this test")
}

/// The folder of the library.
pub(crate) fn library_folder() -> PathBuf {
    library().parent().unwrap().to_owned()
}

/// Compiles a C program against header and library.
pub(crate) fn compile(source: &str, folder: &Path) -> PathBuf {
    let program = folder.join(Path::new(source).file_stem().unwrap());
    let mut cc = Command::new("cc");
    cc.args(["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-g", "-pthread", "-o"]).arg(&program);
    cc.arg("-I").arg(package()).arg(package().join("tests/c").join(source));
    cc.arg("-L").arg(library_folder()).arg("-laal2sdk");
    succeed(&mut cc);
    program
}

/// Compiles a COBOL program that finds the library when it runs; says so and gives `None` when there is no compiler.
pub(crate) fn compile_cobol(source: &str, folder: &Path) -> Option<Command> {
    if !installed("cobc", "gnucobol") {
        return None;
    }
    let program = folder.join("cobol");
    let mut cobc = Command::new("cobc");
    cobc.args(["-x", "-free", "-Wall", "-o"]).arg(&program);
    succeed(cobc.arg(package().join("tests/cobol").join(source)));
    let mut command = Command::new(program);
    command.env("COB_PRE_LOAD", "libaal2sdk").env("COB_LIBRARY_PATH", library_folder());
    Some(command)
}

/// Whether a program is installed; says so when it is not, and fails where tests must not be skipped.
pub(crate) fn installed(program: &str, package: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok();
    assert!(found || std::env::var_os("CI").is_none(), "{program} is missing: `apt-get install {package}`");
    if !found {
        eprintln!("skipped: there is no {program}; `apt-get install {package}` brings it");
    }
    found
}

/// Runs a command that must succeed, and gives its standard output.
pub(crate) fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a program that asks the device for what it needs: one line each way, until it ends. It must succeed.
pub(crate) fn converse(command: &mut Command, device: &mut Device) {
    command.env("LD_LIBRARY_PATH", library_folder()).env("BANCADA_DIGIPASS_KEYS", device.key_file());
    // A file, because nobody reads a pipe before the program ends.
    let mut errors = tempfile::tempfile().unwrap();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(errors.try_clone().unwrap());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut conversation = String::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let answer = device.answer(line.trim());
        conversation += &format!("{line} -> {answer}\n");
        if writeln!(input, "{answer}").is_err() {
            break;
        }
    }
    drop(input);
    let status = child.wait().unwrap();
    let mut said = Vec::new();
    errors.rewind().unwrap();
    errors.read_to_end(&mut said).unwrap();
    let said = String::from_utf8_lossy(&said);
    assert!(status.success(), "{command:?}: {status}\n{said}\nconversation:\n{conversation}");
}
