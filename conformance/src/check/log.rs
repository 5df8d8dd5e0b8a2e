//! The documented form of an audit log line (vendor docs, Log).

/// Checks every line, and that the event counters rise by one up to `next`.
pub(super) fn check(text: &str, next: u32, least: usize, most: usize) -> Result<(), String> {
    if !text.is_empty() && !text.ends_with('\n') {
        return Err("the last line has no end".to_owned());
    }
    let mut counters = Vec::new();
    for line in text.lines() {
        counters.push(counter(line).ok_or_else(|| format!("not in the documented form: {line:?}"))?);
    }
    if counters.len() < least || counters.len() > most {
        return Err(format!("{} lines instead of {least} to {most}", counters.len()));
    }
    if counters.windows(2).any(|pair| pair[1] != pair[0].wrapping_add(1)) {
        return Err(format!("the event counters do not rise by one: {counters:x?}"));
    }
    match counters.last() {
        Some(last) if last.wrapping_add(1) != next => {
            Err(format!("the log goes on at {next:#x} after line {last:#x}"))
        }
        _ => Ok(()),
    }
}

/// The event counter of a line `yyyy/mm/dd HH:MM:SS tttttttt cccccccc iiiiiiii|text`.
fn counter(line: &str) -> Option<u32> {
    let (head, text) = line.split_once('|')?;
    let [date, time, thread, counter, id] =
        <[&str; 5]>::try_from(head.split(' ').collect::<Vec<_>>()).ok()?;
    let shaped = |value: &str, separator: char, widths: &[usize]| {
        let parts: Vec<&str> = value.split(separator).collect();
        parts.len() == widths.len()
            && parts
                .iter()
                .zip(widths)
                .all(|(part, width)| part.len() == *width && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let hexadecimal = |value: &str| (value.len() == 8).then(|| u32::from_str_radix(value, 16).ok()).flatten();
    let good = shaped(date, '/', &[4, 2, 2])
        && shaped(time, ':', &[2, 2, 2])
        && hexadecimal(thread).is_some()
        && hexadecimal(id).is_some()
        && !text.is_empty();
    hexadecimal(counter).filter(|_| good)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "2026/11/21 18:00:05 0000abcd 00000007 00000001|login of alice\n";

    #[test]
    fn lines_must_have_the_documented_form() {
        assert_eq!(check(LINE, 8, 1, 1), Ok(()));
        assert_eq!(check("", 8, 0, 1), Ok(()));
        assert!(check(LINE, 9, 1, 1).is_err());
        assert!(check(LINE, 8, 2, 3).is_err());
        assert!(check(LINE.trim_end(), 8, 1, 1).is_err());
        assert!(check(&LINE.replace("0000abcd", "abcd"), 8, 1, 1).is_err());
        assert!(check(&LINE.replace("11/21", "11-21"), 8, 1, 1).is_err());
        assert!(check(&format!("{LINE}{LINE}"), 8, 1, 2).is_err());
    }
}
