//! The fact files as typed values: `facts/*.toml`, compiled in.
//!
//! Unknown keys are refused, so that no claim can be written that nothing reads. Prose (`note`, `meaning`,
//! `text`) is for people and compared with nothing.

use std::collections::BTreeMap;

use serde::Deserialize;

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
        fn read<T: serde::de::DeserializeOwned>(
            name: &'static str,
            text: &str,
        ) -> Result<T, (&'static str, String)> {
            toml::from_str(text).map_err(|error| (name, error.to_string()))
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
    #[serde(rename = "source")]
    _source: String,
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
    #[serde(rename = "note")]
    _note: Option<String>,
    #[serde(rename = "source")]
    _source: String,
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
    #[serde(rename = "note")]
    _note: Option<String>,
    #[serde(rename = "source")]
    _source: String,
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
    #[serde(rename = "source")]
    _source: String,
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
    #[serde(rename = "meaning")]
    _meaning: String,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Number {
    pub(super) name: String,
    pub(super) value: u32,
    #[serde(rename = "word")]
    _word: Option<String>,
    #[serde(rename = "meaning")]
    _meaning: String,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Marker {
    pub(super) name: String,
    pub(super) value: Value,
    #[serde(rename = "meaning")]
    _meaning: String,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Size {
    pub(super) name: String,
    pub(super) bytes: usize,
    #[serde(rename = "meaning")]
    _meaning: Option<String>,
    #[serde(rename = "source")]
    _source: String,
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
    #[serde(rename = "note")]
    _note: Option<String>,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireRule {
    pub(super) id: String,
    pub(super) status: Option<i32>,
    pub(super) opcode: Option<u32>,
    #[serde(rename = "clause")]
    _clause: String,
    #[serde(rename = "text")]
    _text: String,
    #[serde(rename = "source")]
    _source: String,
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
    #[serde(rename = "meaning")]
    _meaning: Option<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
    #[serde(rename = "source")]
    _source: String,
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
    #[serde(rename = "note")]
    _note: Option<String>,
    #[serde(rename = "source")]
    _source: String,
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
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Capture {
    pub(super) operation: String,
    pub(super) call: String,
    pub(super) request: String,
    #[serde(rename = "source")]
    _source: String,
}
