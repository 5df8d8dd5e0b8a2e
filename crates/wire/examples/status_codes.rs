//! Prints the table of status codes as Markdown; `cargo xtask codegen` keeps the result in the documents.

use std::io::{self, Write as _};

use bancada_wire::status::Status;

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    let mut family = None;
    for status in Status::all() {
        if status.family() != family {
            family = status.family();
            let title = family.map_or_else(|| "Other".to_owned(), |family| words(&format!("{family:?}")));
            writeln!(out, "\n## {title}\n\n| code | name | meaning |\n|---|---|---|")?;
        }
        let name = status.name().unwrap_or("(no name)");
        writeln!(out, "| {} | `{name}` | {} |", status.code(), status.description().replace('|', "\\|"))?;
    }
    Ok(())
}

/// `ClientNetwork` as `Client network`.
fn words(name: &str) -> String {
    let mut text = String::new();
    for (index, letter) in name.char_indices() {
        if index > 0 && letter.is_uppercase() {
            text.push(' ');
            text.extend(letter.to_lowercase());
        } else {
            text.push(letter);
        }
    }
    text
}
