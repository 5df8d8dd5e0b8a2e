//! What a command says: lines for people, or one JSON object for scripts. The layout is our choice.

use bancada_digipass::ReturnCode;
use serde::ser::{Serialize, SerializeMap as _, Serializer};

use crate::advice;

/// Rows of names and values, in order.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
    refused: bool,
}

struct Row {
    name: String,
    value: Item,
    /// For people the value stands alone on its line, so that a shell can take it as it is.
    bare: bool,
}

/// A value.
#[derive(serde::Serialize)]
#[serde(untagged)]
pub(crate) enum Item {
    /// A text.
    Text(String),
    /// A number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// Several texts.
    Texts(Vec<String>),
    /// Several groups of rows.
    Groups(Vec<Report>),
}

impl Report {
    /// Adds a row.
    pub(crate) fn put(&mut self, name: &str, value: impl Into<Item>) {
        self.rows.push(Row { name: name.to_owned(), value: value.into(), bare: false });
    }

    /// Adds a row if there is something to say.
    pub(crate) fn put_some(&mut self, name: &str, value: Option<impl Into<Item>>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    /// Adds the row that is the answer of the command: people see the value alone.
    pub(crate) fn answer(&mut self, name: &str, value: impl Into<Item>) {
        self.rows.push(Row { name: name.to_owned(), value: value.into(), bare: true });
    }

    /// Adds the kernel's verdict, and advice where there is some. Anything but a success makes the command end with 1.
    pub(crate) fn verdict(&mut self, code: ReturnCode) {
        self.put("code", i64::from(code.0));
        let text = if code.is_success() && code.0 != 0 {
            "Accepted; the authenticator reported a score other than 0."
        } else {
            code.text()
        };
        self.put("text", text.to_owned());
        self.put_some("advice", advice::of(code).map(str::to_owned));
        self.refused |= !code.is_success();
    }

    /// Adds what the user should know beside the answer.
    pub(crate) fn warn(&mut self, warnings: Vec<String>) {
        self.put_some("warnings", Some(warnings).filter(|warnings| !warnings.is_empty()));
    }

    /// Whether the kernel refused what the command asked.
    pub(crate) fn is_refusal(&self) -> bool {
        self.refused
    }

    /// One JSON object.
    pub(crate) fn json(&self) -> String {
        // Maps with text keys, texts, whole numbers and booleans always serialise.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Lines for people.
    pub(crate) fn lines(&self) -> String {
        let mut out = String::new();
        self.write("", &mut out);
        out
    }

    fn write(&self, indent: &str, out: &mut String) {
        let deeper = format!("{indent}  ");
        for row in &self.rows {
            let name = row.name.replace('_', " ");
            match &row.value {
                Item::Groups(groups) => {
                    for group in groups {
                        out.push_str(&format!("{indent}{name}:\n"));
                        group.write(&deeper, out);
                    }
                }
                Item::Texts(texts) => {
                    out.push_str(&format!("{indent}{name}:\n"));
                    texts.iter().for_each(|text| out.push_str(&format!("{deeper}{}\n", printable(text))));
                }
                value if row.bare => out.push_str(&format!("{indent}{}\n", value.line())),
                value => out.push_str(&format!("{indent}{name}: {}\n", value.line())),
            }
        }
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.rows.len()))?;
        for row in &self.rows {
            map.serialize_entry(&row.name, &row.value)?;
        }
        map.end()
    }
}

impl Item {
    fn line(&self) -> String {
        match self {
            Self::Text(text) => printable(text),
            Self::Number(number) => number.to_string(),
            Self::Flag(true) => "yes".to_owned(),
            Self::Flag(false) => "no".to_owned(),
            Self::Texts(texts) => printable(&texts.join(" ")),
            Self::Groups(_) => String::new(),
        }
    }
}

impl From<String> for Item {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Item {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Item {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Item {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Vec<String>> for Item {
    fn from(texts: Vec<String>) -> Self {
        Self::Texts(texts)
    }
}

impl From<Vec<Report>> for Item {
    fn from(groups: Vec<Report>) -> Self {
        Self::Groups(groups)
    }
}

/// A text that cannot play tricks on a terminal: texts of messages come from others.
fn printable(text: &str) -> String {
    let write = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(write).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_keep_the_order_and_say_the_same() {
        let mut inner = Report::default();
        inner.put("serial_number", "VDS0000001");
        let mut report = Report::default();
        report.answer("otp", "0123");
        report.put("zeta", 7);
        report.put("alpha", true);
        report.put("tokens", vec![inner]);
        report.put("text", "a\x1b[2Jb");
        assert_eq!(
            report.json(),
            r#"{"otp":"0123","zeta":7,"alpha":true,"tokens":[{"serial_number":"VDS0000001"}],"text":"a\u001b[2Jb"}"#
        );
        assert_eq!(
            report.lines(),
            "0123\nzeta: 7\nalpha: yes\ntokens:\n  serial number: VDS0000001\ntext: a\\u{1b}[2Jb\n"
        );
    }

    #[test]
    fn scores_are_successes_and_codes_are_refusals() {
        for (code, refused) in [(0, false), (10_003, false), (1, true), (201, true)] {
            let mut report = Report::default();
            report.verdict(ReturnCode(code));
            assert_eq!(report.is_refusal(), refused, "{code}");
        }
    }
}
