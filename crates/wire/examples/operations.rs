//! Prints the table of operations as Markdown; `cargo xtask codegen` keeps the result in the documents.

use std::io::{self, Write as _};

use bancada_wire::frame::OperatingMode;
use bancada_wire::op::{Auth, Effect, Modes, Origin, Retry, SPECS, Spec};

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "| opcode | operation | defined by | session | permission | modes | effect | repeat | source |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|---|---|")?;
    for spec in SPECS {
        writeln!(out, "{}", row(spec))?;
    }
    Ok(())
}

fn row(spec: &Spec) -> String {
    let origin = match spec.origin {
        Origin::Vendor => "vendor",
        Origin::Ours => "Bancada",
    };
    let auth = match spec.auth {
        Auth::Login => "login",
        Auth::Anonymous => "any",
        Auth::ExpiredPassword => "user, password may have expired",
        Auth::User => "user",
    };
    let effect = match spec.effect {
        Effect::Read => "reads",
        Effect::Write => "writes",
    };
    let retry = match spec.retry {
        Retry::Safe => "safe",
        Retry::Unsafe => "unsafe",
    };
    let permission =
        if spec.permission == 0 { "none".to_owned() } else { format!("{:#010x}", spec.permission) };
    let code = format!("{:#010x}", spec.code);
    let modes = modes(spec.modes);
    let (name, clause) = (spec.name, spec.clause);
    format!(
        "| {code} | {name} | {origin} | {auth} | {permission} | {modes} | {effect} | {retry} | {clause} |"
    )
}

fn modes(modes: Modes) -> String {
    let all = [(OperatingMode::Nrm, "NRM"), (OperatingMode::Rm1, "RM1"), (OperatingMode::Rm2, "RM2")];
    let names: Vec<&str> =
        all.into_iter().filter(|(mode, _)| modes.contains(*mode)).map(|(_, name)| name).collect();
    if names.len() == all.len() { "all".to_owned() } else { names.join(", ") }
}
