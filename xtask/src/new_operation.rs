//! `cargo xtask new-operation`: the three files of a protocol operation, and the list lines that join them.
//!
//! What is written does not compile until it is filled in: an operation cannot be added by accident with nothing in it.

use std::fs;

use anyhow::{Context as _, bail};

use crate::cli::NewOperationArgs;
use crate::workspace::Workspace;

/// A file to write: its folder, and the template of its content.
struct Template {
    folder: &'static str,
    text: &'static str,
}

const TEMPLATES: [Template; 3] = [
    Template { folder: "crates/wire/src/op", text: include_str!("../templates/op.rs.txt") },
    Template { folder: "crates/engine/src/handler", text: include_str!("../templates/handler.rs.txt") },
    Template { folder: "conformance/src/case", text: include_str!("../templates/case.rs.txt") },
];

/// Writes the files and prints what is left to do by hand.
///
/// # Errors
/// When the name or the code is not one, or a file exists already; then nothing is written.
pub(crate) fn run(workspace: &Workspace, args: &NewOperationArgs) -> anyhow::Result<()> {
    let operation = Operation::parse(&args.name, &args.code)?;
    let paths: Vec<_> = TEMPLATES.iter().map(|t| format!("{}/{}.rs", t.folder, operation.name)).collect();
    if let Some(present) = paths.iter().find(|path| workspace.root().join(path).exists()) {
        bail!("{present} exists already; choose another name, or edit that file");
    }
    for (template, path) in TEMPLATES.iter().zip(&paths) {
        let file = workspace.root().join(path);
        fs::create_dir_all(workspace.root().join(template.folder))
            .with_context(|| format!("cannot create {}", template.folder))?;
        fs::write(&file, operation.fill(template.text)).with_context(|| format!("cannot write {path}"))?;
        println!("written  {path}");
    }
    println!("{}", operation.fill(BY_HAND));
    Ok(())
}

/// The lines that stay with the author.
const BY_HAND: &str = "
Add by hand:
  crates/wire/src/op.rs          mod {{name}};  pub use {{name}}::*;
  crates/wire/src/op/list.rs     {{name}} {{Name}},          (in order of opcode)
  crates/engine/src/handler.rs   mod {{name}};
  conformance/src/case/mod.rs    mod {{name}};
  conformance/facts/operations.toml, from the document and not from the code:
      [[operation]]
      name = \"{{NAME}}\"
      opcode = {{CODE}}
      source = \"the document and its page\"
Then `cargo xtask codegen` and `cargo xtask test`.";

/// The first opcode that is ours, as `bancada_wire::op::PRIVATE_RANGE` has it; this program links none of our crates.
const PRIVATE_RANGE: u32 = 0x00b4_0000;

/// A valid name and code.
#[derive(Debug, PartialEq, Eq)]
struct Operation {
    name: String,
    code: u32,
}

impl Operation {
    fn parse(name: &str, code: &str) -> anyhow::Result<Self> {
        let words: Vec<&str> = name.split('_').collect();
        let letters = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        let starts = name.starts_with(|c: char| c.is_ascii_lowercase());
        if !letters || !starts || words.iter().any(|word| word.is_empty()) {
            bail!("`{name}` is no operation name: write it in snake_case, for example create_key");
        }
        let parsed = match code.strip_prefix("0x") {
            Some(digits) => u32::from_str_radix(&digits.replace('_', ""), 16),
            None => code.parse(),
        };
        let code = parsed.with_context(|| {
            format!("`{code}` is no operation code: a 32-bit number, for example 31 or 0x1f")
        })?;
        Ok(Self { name: name.to_owned(), code })
    }

    fn fill(&self, template: &str) -> String {
        let type_name: String = self.name.split('_').map(capitalised).collect();
        let spec = match self.code.checked_sub(PRIVATE_RANGE) {
            Some(offset) => format!("ours(0x{offset:02x}"),
            None => format!("vendor({}", self.code),
        };
        template
            .replace("{{SPEC}}", &spec)
            .replace("{{name}}", &self.name)
            .replace("{{NAME}}", &self.name.to_ascii_uppercase())
            .replace("{{Name}}", &type_name)
            .replace("{{CODE}}", &format!("0x{:08x}", self.code))
    }
}

fn capitalised(word: &str) -> String {
    let (first, rest) = word.split_at(word.len().min(1));
    format!("{}{rest}", first.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_are_checked() {
        let parsed = Operation::parse("create_key", "0x00B4_0002").unwrap();
        assert_eq!(parsed, Operation { name: "create_key".to_owned(), code: 0x00b4_0002 });
        assert_eq!(Operation::parse("ping2", "31").unwrap().code, 31);
        for name in ["", "CreateKey", "create-key", "_key", "key_", "2key", "a__b"] {
            assert!(Operation::parse(name, "1").is_err(), "{name}");
        }
        for code in ["", "x1", "0x", "-1", "4294967296"] {
            assert!(Operation::parse("ping", code).is_err(), "{code}");
        }
    }

    #[test]
    fn no_placeholder_survives() {
        let operation = Operation::parse("create_key", "2").unwrap();
        for text in TEMPLATES.iter().map(|t| t.text).chain([BY_HAND]) {
            let filled = operation.fill(text);
            assert!(!filled.contains("{{"), "{filled}");
            assert!(filled.contains("CreateKey") || filled.contains("create_key"), "{filled}");
        }
        assert!(operation.fill(TEMPLATES[0].text).contains("Spec::vendor(2, \"CREATE_KEY\""));
        let ours = Operation::parse("ping", "0x00B4_0001").unwrap().fill(TEMPLATES[0].text);
        assert!(ours.contains("Spec::ours(0x01, \"PING\""), "{ours}");
    }
}
