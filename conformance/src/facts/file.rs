//! The fact files as typed values: `facts/*.toml`, compiled in.
//!
//! Unknown keys are refused, so that no claim can be written that nothing reads. Prose is for people and compared with
//! nothing; what follows here leaves it out.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Error as _};
use toml::de::{DeTable, DeValue, Deserializer, Error};

/// Where a claim is from. Every entry says so.
const SOURCE: &str = "source";
/// What any table may say to people besides.
const PROSE: [&str; 4] = [SOURCE, "note", "meaning", "text"];

/// Everything the fact files say.
pub(super) struct Files {
    pub(super) statuses: Statuses,
    pub(super) constants: Constants,
    pub(super) operations: Operations,
    pub(super) wire: Wire,
    pub(super) environment: Environment,
    pub(super) rules: Rules,
    pub(super) captures: Captures,
}

impl Files {
    /// Reads the files; an error names the file and the place in it.
    pub(super) fn read() -> Result<Self, (&'static str, String)> {
        fn read<T: DeserializeOwned>(name: &'static str, text: &str) -> Result<T, (&'static str, String)> {
            claims(text).map_err(|mut error| {
                error.set_input(Some(text));
                (name, error.to_string())
            })
        }
        Ok(Self {
            statuses: read("status.toml", include_str!("../../facts/status.toml"))?,
            constants: read("constants.toml", include_str!("../../facts/constants.toml"))?,
            operations: read("operations.toml", include_str!("../../facts/operations.toml"))?,
            wire: read("wire.toml", include_str!("../../facts/wire.toml"))?,
            environment: read("env.toml", include_str!("../../facts/env.toml"))?,
            rules: read("rules.toml", include_str!("../../facts/rules.toml"))?,
            captures: read("captures.toml", include_str!("../../facts/captures.toml"))?,
        })
    }
}

/// Reads the claims of a file, once every entry of its lists was seen to name its source.
fn claims<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let mut file = DeTable::parse(text)?;
    for (name, list) in file.get_ref() {
        let DeValue::Array(entries) = list.get_ref() else { continue };
        for entry in entries.iter().filter_map(|entry| entry.get_ref().as_table()) {
            let source = entry.get(SOURCE).and_then(|source| source.get_ref().as_str());
            if source.is_none_or(str::is_empty) {
                let told = entry.values().filter_map(|value| value.get_ref().as_str()).next().unwrap_or("?");
                return Err(Error::custom(format!(
                    "an entry of `{}` names no source: {told}",
                    name.get_ref()
                )));
            }
        }
    }
    leave_prose_out(file.get_mut())?;
    T::deserialize(Deserializer::from(file))
}

fn leave_prose_out(table: &mut DeTable<'_>) -> Result<(), Error> {
    for key in PROSE {
        if table.remove(key).is_some_and(|prose| !prose.get_ref().is_str()) {
            return Err(Error::custom(format!("a `{key}` is no text")));
        }
    }
    for (_, value) in table.iter_mut() {
        match value.get_mut() {
            DeValue::Table(table) => leave_prose_out(table)?,
            DeValue::Array(items) => {
                for item in items.iter_mut() {
                    if let DeValue::Table(table) = item.get_mut() {
                        leave_prose_out(table)?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Statuses {
    pub(super) status: Vec<StatusFact>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatusFact {
    pub(super) name: String,
    pub(super) code: i32,
    pub(super) alias_of: Option<String>,
    #[serde(rename = "npm_name")]
    _npm_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Constants {
    pub(super) group: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) constants: Vec<Constant>,
    #[serde(rename = "enum")]
    _enum: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Constant {
    pub(super) name: String,
    pub(super) value: Value,
    #[serde(rename = "npm")]
    _npm: Option<bool>,
}

/// A number, or a text where the documents have a text.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Value {
    Number(i64),
    Text(String),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Operations {
    pub(super) operation: Vec<OperationFact>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OperationFact {
    pub(super) name: String,
    pub(super) constant: String,
    pub(super) opcode: u32,
    pub(super) layout_known: bool,
    pub(super) fqn_flag: Option<String>,
    pub(super) payload: Option<Vec<Field>>,
    pub(super) reply: Option<Vec<Field>>,
    #[serde(rename = "exposed")]
    _exposed: Option<bool>,
    #[serde(rename = "clause")]
    _clause: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Field {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: FieldType,
    pub(super) width: Option<usize>,
    pub(super) max: Option<usize>,
    pub(super) value: Option<u64>,
    pub(super) values: Option<Vec<u64>>,
    pub(super) encoding: Option<String>,
    #[serde(default)]
    pub(super) optional: bool,
    #[serde(default)]
    pub(super) trailing_zeros: bool,
    #[serde(rename = "only_when")]
    _only_when: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum FieldType {
    U8,
    U16,
    U32,
    U64,
    Text,
    Bytes,
    Rest,
    Repeat,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wire {
    pub(super) transport: Transport,
    pub(super) magic: Vec<Magic>,
    pub(super) notify: Vec<Number>,
    pub(super) flag: Vec<Number>,
    pub(super) marker: Vec<Marker>,
    pub(super) size: Vec<Size>,
    pub(super) layout: Vec<Layout>,
    pub(super) rule: Vec<WireRule>,
    #[serde(rename = "unknown")]
    _unknown: Unknown,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Transport {
    pub(super) port: u16,
    pub(super) byte_order: String,
    pub(super) tls_versions: Vec<String>,
    pub(super) tls_position: String,
    pub(super) server_certificate_checked: bool,
    pub(super) cipher_suites: Vec<CipherSuite>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CipherSuite {
    pub(super) name: String,
    pub(super) code: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Magic {
    pub(super) name: String,
    pub(super) value: u32,
    pub(super) wire: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Number {
    pub(super) name: String,
    pub(super) value: u32,
    #[serde(rename = "word")]
    _word: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Marker {
    pub(super) name: String,
    pub(super) value: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Size {
    pub(super) name: String,
    pub(super) bytes: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Layout {
    pub(super) name: String,
    pub(super) fields: Vec<Field>,
    pub(super) example: Option<String>,
    pub(super) example_status: Option<i32>,
    #[serde(rename = "direction")]
    _direction: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireRule {
    pub(super) id: String,
    pub(super) status: Option<i32>,
    pub(super) opcode: Option<u32>,
    #[serde(rename = "clause")]
    _clause: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unknown {
    #[serde(rename = "items")]
    _items: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Environment {
    pub(super) variable: Vec<Variable>,
    #[serde(rename = "list_file")]
    _list_file: toml::Table,
    #[serde(rename = "log_file")]
    _log_file: toml::Table,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
    pub(super) default: Option<Value>,
    pub(super) unit: Option<String>,
    #[serde(rename = "type")]
    _type: String,
    #[serde(rename = "legacy_name")]
    _legacy_name: Option<String>,
    #[serde(rename = "separator_unix")]
    _separator_unix: Option<String>,
    #[serde(rename = "separator_windows")]
    _separator_windows: Option<String>,
    #[serde(rename = "max_paths")]
    _max_paths: Option<i64>,
    #[serde(rename = "default_known")]
    _default_known: Option<bool>,
    #[serde(rename = "values")]
    _values: Option<BTreeMap<String, String>>,
    #[serde(rename = "since_library")]
    _since_library: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    pub(super) rule: Vec<Rule>,
    pub(super) mode: Vec<Mode>,
    #[serde(rename = "unknown")]
    _unknown: Unknown,
}

/// A rule. Its numbers stand under keys of their own, which differ from rule to rule.
#[derive(Deserialize)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) clause: String,
    pub(super) status: Option<String>,
    #[serde(flatten)]
    pub(super) values: toml::Table,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mode {
    pub(super) name: String,
    #[serde(rename = "standard")]
    _standard: Vec<String>,
    #[serde(rename = "everything")]
    _everything: bool,
    pub(super) allows: Option<Vec<toml::Table>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Captures {
    pub(super) login: Vec<LoginCapture>,
    pub(super) capture: Vec<Capture>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LoginCapture {
    pub(super) kind: String,
    pub(super) user: String,
    pub(super) password: Option<String>,
    pub(super) token_key: Option<String>,
    pub(super) challenge: String,
    pub(super) answer: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Capture {
    pub(super) operation: String,
    pub(super) call: String,
    pub(super) request: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUS: &str = "[[status]]\nname = 'A'\ncode = 1\nsource = 'a page'\nnote = 'for people'\n";

    fn read(text: &str) -> Result<Statuses, String> {
        claims(text).map_err(|mut error: Error| {
            error.set_input(Some(text));
            error.to_string()
        })
    }

    #[test]
    fn prose_is_left_out_and_no_claim_is() {
        assert_eq!(read(STATUS).map(|file| file.status.len()), Ok(1));
        let error = |text: &str| read(text).map(|file| file.status.len()).unwrap_err();
        let unread = error(&format!("{STATUS}size = 3\n"));
        assert!(unread.contains("line 6") && unread.contains("size"), "{unread}");
        let unsourced = error(&STATUS.replace("'a page'", "''"));
        assert!(unsourced.contains("status") && unsourced.contains("source: A"), "{unsourced}");
        assert!(error(&STATUS.replace("source", "# source")).contains("no source"));
        assert!(error(&STATUS.replace("'for people'", "7")).contains("`note`"));
    }
}
