//! `cargo xtask fuzz`: throw bytes at the decoders for a while; and the replay of its seeds, for `cargo xtask test`.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, bail};
use serde::Deserialize;

use crate::cli::FuzzArgs;
use crate::report::Outcome;
use crate::workspace::{Workspace, run, works};

/// The targets, a workspace of their own.
const MANIFEST: &str = "fuzz/Cargo.toml";
/// Which versions of other packages the targets are built with; git ignores it.
const LOCK: &str = "fuzz/Cargo.lock";
/// The target that feeds every decoder; the first byte of its inputs is the row of the decoder.
const ALL: &str = "all";
/// Inputs the fuzzer starts from, in the form that `fuzz/seeds.toml` describes.
const SEEDS: &str = "fuzz/seeds.toml";
/// Words the fuzzer puts into its inputs.
const DICTIONARY: &str = "fuzz/dictionary.txt";
/// The named keys behind the functions of the C library that use an HSM.
const KEYS: &str = "fuzz/keys.txt";
/// The time those functions take it to be, so that an input always does the same.
const TIME: &str = "1700000000";
/// Seconds after which one input counts as a hang. The slowest that is right takes well under one.
const TIMEOUT: u32 = 60;

/// Runs one fuzz target with cargo-fuzz.
///
/// The pinned stable toolchain is used; `RUSTC_BOOTSTRAP=1` lets it accept the sanitizer options that are unstable.
///
/// # Errors
/// When the tool or the target is missing, when the target does not compile, and when it found an input that breaks a decoder.
pub(crate) fn run_target(workspace: &Workspace, args: &FuzzArgs) -> anyhow::Result<()> {
    if !workspace.root().join(MANIFEST).is_file() {
        bail!("there is no {MANIFEST}, so there is nothing to fuzz");
    }
    if !works(&mut workspace.cargo(["fuzz", "--version"])) {
        bail!("cargo-fuzz is not installed; `cargo install cargo-fuzz --locked` gets it");
    }
    lock(workspace)?;
    let seconds = args.minutes * 60;
    let planted = plant(workspace, &args.target)?;
    println!("fuzzing target {} for {} min from {planted} seeds", args.target, args.minutes);
    let mut fuzz = workspace.cargo(["fuzz", "run", &args.target, "--"]);
    fuzz.arg(format!("-max_total_time={seconds}")).arg(format!("-timeout={TIMEOUT}"));
    fuzz.arg(format!("-dict={}", workspace.root().join(DICTIONARY).display()));
    run(surroundings(workspace, &mut fuzz).env("RUSTC_BOOTSTRAP", "1")).with_context(|| {
        format!(
            "a found input is in fuzz/artifacts/{0}; `RUSTC_BOOTSTRAP=1 cargo fuzz run {0} FILE` replays it",
            args.target
        )
    })?;
    println!("xtask fuzz: target {}, {} min, no crash", args.target, args.minutes);
    Ok(())
}

/// Builds every target and feeds each decoder its seeds, without a fuzzer and without a sanitizer.
///
/// Nothing else notices when a target no longer compiles, or when a change breaks what a seed stands for. The targets go
/// into the workspace's own target folder: other people's packages are compiled there already.
///
/// # Errors
/// When a target does not compile, and when a seed makes its decoder panic.
pub(crate) fn replay(workspace: &Workspace) -> anyhow::Result<Outcome> {
    if !workspace.root().join(MANIFEST).is_file() {
        return Ok(Outcome::Skipped(format!("there is no {MANIFEST}")));
    }
    if !works(workspace.program("c++").arg("--version")) {
        return Ok(Outcome::Skipped(
            "libfuzzer needs a C++ compiler (Debian: `apt-get install g++`)".to_owned(),
        ));
    }
    lock(workspace)?;
    let mut test = workspace.cargo(["test", "--manifest-path", MANIFEST, "--tests", "--target-dir"]);
    test.arg(workspace.metadata()?.target_directory);
    run(surroundings(workspace, &mut test))?;
    Ok(Outcome::Passed)
}

/// Has the targets built with the versions the workspace is built with, so that what is fuzzed is what is tested.
fn lock(workspace: &Workspace) -> anyhow::Result<()> {
    let (from, to) = (workspace.root().join("Cargo.lock"), workspace.root().join(LOCK));
    let written = |path| fs::metadata(path).and_then(|metadata| metadata.modified());
    let ours = written(&from).context("cannot read Cargo.lock")?;
    if written(&to).is_ok_and(|theirs| theirs >= ours) {
        return Ok(());
    }
    // Read and written, because a copy would not be newer on every system.
    let text = fs::read(&from).context("cannot read Cargo.lock")?;
    fs::write(&to, text).with_context(|| format!("cannot write {LOCK}"))
}

/// What the functions of the C library that use an HSM look for outside their input.
fn surroundings<'a>(workspace: &Workspace, command: &'a mut Command) -> &'a mut Command {
    command.env("BANCADA_DIGIPASS_KEYS", workspace.root().join(KEYS)).env("BANCADA_DIGIPASS_TIME", TIME)
}

/// Writes the seeds of a target into its corpus, where cargo-fuzz keeps what it finds; says how many.
fn plant(workspace: &Workspace, target: &str) -> anyhow::Result<usize> {
    let path = workspace.root().join(SEEDS);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {SEEDS}"))?;
    let inputs = inputs(&text, target).with_context(|| format!("in {SEEDS}"))?;
    let corpus = workspace.root().join("fuzz/corpus").join(target);
    fs::create_dir_all(&corpus).with_context(|| format!("cannot create {}", corpus.display()))?;
    for (number, input) in inputs.iter().enumerate() {
        let path = corpus.join(format!("seed-{number:03}"));
        fs::write(&path, input).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(inputs.len())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seeds {
    /// The targets that `all` chooses from, in its order.
    targets: Vec<String>,
    seed: Vec<Seed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seed {
    target: String,
    #[serde(default)]
    bytes: String,
    #[serde(default)]
    text: String,
}

/// The seeds of one target; of all of them, each behind its target's row, for [`ALL`].
fn inputs(text: &str, target: &str) -> anyhow::Result<Vec<Vec<u8>>> {
    let seeds: Seeds = toml::from_str(text)?;
    let row = |name: &str| seeds.targets.iter().position(|target| target == name);
    if target != ALL && row(target).is_none() {
        bail!("there is no target {target:?}; there are {ALL}, {}", seeds.targets.join(", "));
    }
    let mut inputs = Vec::new();
    for seed in &seeds.seed {
        let row = row(&seed.target).with_context(|| format!("a seed is for {:?}, no target", seed.target))?;
        let mut input = if target == ALL { vec![u8::try_from(row)?] } else { Vec::new() };
        for word in seed.bytes.split_whitespace() {
            input.extend(repeated(word).with_context(|| format!("{word:?} is not hexadecimal bytes"))?);
        }
        input.extend_from_slice(seed.text.as_bytes());
        if target == ALL || seed.target == target {
            inputs.push(input);
        }
    }
    Ok(inputs)
}

/// The bytes of a word: `0aff` two bytes, `00*50` fifty.
fn repeated(word: &str) -> Option<Vec<u8>> {
    let (digits, count) = word.split_once('*').unwrap_or((word, "1"));
    let nibbles: Vec<u32> = digits.chars().map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    let (pairs, []) = nibbles.as_chunks::<2>() else { return None };
    let bytes: Vec<u8> =
        pairs.iter().map(|[high, low]| u8::try_from(high << 4 | low)).collect::<Result<_, _>>().ok()?;
    Some(bytes.repeat(count.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEEDS: &str = "targets = ['one', 'two']\n\
                         [[seed]]\ntarget = 'two'\nbytes = '0aFF 00*3'\ntext = 'x'\n\
                         [[seed]]\ntarget = 'one'\ntext = 'y'\n";

    #[test]
    fn seeds_are_bytes_then_text() {
        assert_eq!(inputs(SEEDS, "two").unwrap(), [b"\x0a\xff\0\0\0x"]);
        assert_eq!(inputs(SEEDS, "one").unwrap(), [b"y"]);
        assert_eq!(inputs(SEEDS, ALL).unwrap(), [&b"\x01\x0a\xff\0\0\0x"[..], b"\0y"]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = |text: &str, target| format!("{:#}", inputs(text, target).unwrap_err());
        assert!(error(SEEDS, "three").contains("one, two"));
        assert!(error(&SEEDS.replace("'two'\nb", "'2'\nb"), "one").contains("\"2\""));
        for bad in ["0", "0g", "00*x", "é0"] {
            assert!(error(&SEEDS.replace("0aFF", bad), "two").contains(bad), "{bad}");
        }
    }
}
