//! The report as one self-contained HTML page.

use std::path::Path;

use anyhow::Context as _;

use super::table::summary;
use super::verdict::{Outcome, Verdict, Verdicts};

const STYLE: &str = "\
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#222;background:#fff}\
table{border-collapse:collapse;width:100%;margin:1rem 0}\
th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}\
td.number{text-align:right}.passed{color:#176f2c}.failed{color:#b3261e;font-weight:600}.other{color:#6b5d00}\
pre{background:#f5f5f5;padding:.6rem;overflow-x:auto}small{color:#666}\
@media(prefers-color-scheme:dark){body{color:#ddd;background:#1b1b1b}pre{background:#2a2a2a}\
th,td{border-color:#444}.passed{color:#7fd18b}.failed{color:#ff8a80}.other{color:#d9c45b}small{color:#aaa}}";

/// Writes the page.
///
/// # Errors
/// When it cannot be written.
pub fn write(verdicts: &Verdicts, file: &Path) -> anyhow::Result<()> {
    std::fs::write(file, page(verdicts)).with_context(|| format!("cannot write {}", file.display()))
}

/// The page.
#[must_use]
pub fn page(verdicts: &Verdicts) -> String {
    let mut page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Conformance</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head><body>\
         <h1>Conformance</h1><p>{}</p>",
        escape(&summary(verdicts))
    );
    for complaint in &verdicts.complaints {
        page += &format!("<p class=\"failed\">{}</p>", escape(complaint));
    }
    page += "<table><thead><tr><th>Client</th><th>Area</th><th>Passed</th><th>Failed</th>\
             <th>Cannot express</th><th>Known</th></tr></thead><tbody>";
    for (client, area, count) in verdicts.counts() {
        page += &format!(
            "<tr><td>{client}</td><td>{area}</td><td class=\"number\">{}</td><td class=\"number {}\">{}</td>\
             <td class=\"number\">{}</td><td class=\"number\">{}</td></tr>",
            count.passed,
            if count.failed > 0 { "failed" } else { "" },
            count.failed,
            count.cannot,
            count.known
        );
    }
    page += "</tbody></table>";
    page += &methods(verdicts);
    page += "<h2>Every case</h2><table><thead><tr><th>Client</th><th>Case</th><th>Outcome</th></tr></thead><tbody>";
    for verdict in &verdicts.all {
        page += &row(verdict);
    }
    page += "</tbody></table></body></html>\n";
    page
}

fn row(verdict: &Verdict) -> String {
    let outcome = match &verdict.result {
        Outcome::Passed => "<span class=\"passed\">passed</span>".to_owned(),
        Outcome::CannotExpress(reason) => {
            format!("<span class=\"other\">cannot express</span><br><small>{}</small>", escape(reason))
        }
        Outcome::Known(reason) => {
            format!("<span class=\"other\">known to differ</span><br><small>{}</small>", escape(reason))
        }
        Outcome::Failed(failure) => format!(
            "<span class=\"failed\">failed</span><br>{}<pre>{}</pre><pre>{}</pre>",
            escape(&failure.difference.text),
            escape(&serde_json::to_string_pretty(&failure.steps).unwrap_or_default()),
            escape(&failure.replay.join("\n"))
        ),
    };
    format!(
        "<tr><td>{}</td><td>{} / {}<br><small>{}</small></td><td>{outcome}</td></tr>",
        verdict.client,
        escape(&verdict.about),
        escape(&verdict.name),
        escape(&verdict.clause)
    )
}

fn methods(verdicts: &Verdicts) -> String {
    let Some(methods) = &verdicts.methods else { return String::new() };
    let mut text = "<h2>Methods of the vendor's npm client</h2><table><tbody>".to_owned();
    for method in &methods.all {
        let (class, word) = match methods.called.contains(method) {
            true => ("passed", "covered"),
            false => ("other", "not covered"),
        };
        text += &format!("<tr><td>{}</td><td class=\"{class}\">{word}</td></tr>", escape(method));
    }
    text + "</tbody></table>"
}

/// Text as HTML shows it.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(escape("<b a=\"1\">&"), "&lt;b a=&quot;1&quot;&gt;&amp;");
    }
}
