//! Rust source split into code and comments, well enough to look for words and to measure functions.

/// A source file in which everything but one kind of text is blank; lines and columns stay where they were.
#[derive(Debug)]
pub(crate) struct Split {
    /// The code: comments and the contents of strings and character literals are blank.
    pub(crate) code: String,
    /// The comments, documentation included: everything else is blank.
    pub(crate) comments: String,
}

/// A function with a body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) name: String,
    /// The line of `fn`, counted from 1.
    pub(crate) line: usize,
    /// Lines from `fn` to the closing brace, both included.
    pub(crate) lines: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    Comment,
    Literal,
}

/// Splits a source file.
pub(crate) fn split(source: &str) -> Split {
    let bytes = source.as_bytes();
    let mut kinds = vec![Kind::Code; bytes.len()];
    let mut at = 0;
    while at < bytes.len() {
        let (kind, end) = token(source, at);
        let end = end.min(bytes.len());
        // The delimiters of a string stay visible, so that `x("")` and `x()` remain different.
        let inner =
            if kind == Kind::Literal { at + 1..end.saturating_sub(1).max(at + 1).min(end) } else { at..end };
        kinds[inner].fill(kind);
        at = end.max(at + 1);
    }
    let keep = |kind: Kind| -> String {
        let blank = |(byte, k): (&u8, &Kind)| if *k == kind || *byte == b'\n' { *byte } else { b' ' };
        let kept: Vec<u8> = bytes.iter().zip(&kinds).map(blank).collect();
        String::from_utf8_lossy(&kept).into_owned()
    };
    Split { code: keep(Kind::Code), comments: keep(Kind::Comment) }
}

/// What starts at `at`, and where it ends.
fn token(source: &str, at: usize) -> (Kind, usize) {
    let rest = &source.as_bytes()[at..];
    let previous = at.checked_sub(1).map(|i| source.as_bytes()[i]);
    let starts_word = !previous.is_some_and(is_word);
    if rest.starts_with(b"//") {
        return (Kind::Comment, at + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len()));
    }
    if rest.starts_with(b"/*") {
        return (Kind::Comment, at + block_comment(rest));
    }
    if rest[0] == b'"' {
        return (Kind::Literal, at + string(rest));
    }
    if rest[0] == b'\'' {
        return character(rest).map_or((Kind::Code, at + 1), |length| (Kind::Literal, at + length));
    }
    if starts_word && matches!(rest[0], b'r' | b'b' | b'c') {
        let prefix = rest.iter().position(|b| !matches!(b, b'r' | b'b' | b'c')).unwrap_or(rest.len());
        let hashes = rest[prefix..].iter().take_while(|b| **b == b'#').count();
        let raw = rest[..prefix].contains(&b'r') && prefix <= 2 && rest.get(prefix + hashes) == Some(&b'"');
        if raw {
            return (Kind::Literal, at + raw_string(rest, prefix + hashes + 1, hashes));
        }
    }
    (Kind::Code, at + 1)
}

fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += 1;
        }
    }
    at
}

fn string(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

fn raw_string(rest: &[u8], start: usize, hashes: usize) -> usize {
    let mut close = vec![b'"'];
    close.resize(hashes + 1, b'#');
    let found = rest[start..].windows(close.len()).position(|window| window == close);
    found.map_or(rest.len(), |i| start + i + close.len())
}

/// The length of a character literal, or nothing when the quote begins a lifetime.
fn character(rest: &[u8]) -> Option<usize> {
    let close = match rest.get(1)? {
        b'\\' => 3 + rest.get(3..)?.iter().position(|b| *b == b'\'')?,
        first => 1 + std::str::from_utf8(&rest[1..rest.len().min(1 + utf8_length(*first))]).ok()?.len(),
    };
    (rest.get(close) == Some(&b'\'')).then_some(close + 1)
}

fn utf8_length(first: u8) -> usize {
    match first {
        0xf0.. => 4,
        0xe0.. => 3,
        0xc0.. => 2,
        _ => 1,
    }
}

/// Whether the byte can be part of an identifier.
pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where a word (or a path such as `std::fs`) occurs with no identifier character on either side.
pub(crate) fn occurrences<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let bytes = text.as_bytes();
    let free = move |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_none_or(|byte| !is_word(*byte));
    let first_is_word = word.bytes().next().is_some_and(is_word);
    let last_is_word = word.bytes().last().is_some_and(is_word);
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        (!first_is_word || free(at.checked_sub(1))) && (!last_is_word || free(Some(at + word.len())))
    })
}

/// The line of a byte offset, counted from 1.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// The code without modules that exist only for tests: a `mod` block behind a `cfg` that names `test`.
pub(crate) fn without_tests(code: &str) -> String {
    let mut bytes = code.as_bytes().to_vec();
    for at in occurrences(code, "#[cfg(test)]") {
        let Some(open) = code[at..].find('{').map(|i| at + i) else { continue };
        if code[at..open].contains(';') || occurrences(&code[at..open], "mod").next().is_none() {
            continue;
        }
        let end = block_end(code, open);
        bytes[at..end].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The functions with a body, in the order of their first line; nested ones count for themselves and for the outer one.
pub(crate) fn functions(code: &str) -> Vec<Function> {
    let mut found = Vec::new();
    for at in occurrences(code, "fn") {
        let after = code[at + 2..].trim_start();
        let name: String = after.bytes().take_while(|byte| is_word(*byte)).map(char::from).collect();
        if name.is_empty() {
            continue;
        }
        let Some(open) = body_start(code, at) else { continue };
        let end = block_end(code, open);
        let line = line_of(code, at);
        found.push(Function { name, line, lines: line_of(code, end.saturating_sub(1)) - line + 1 });
    }
    found
}

/// The opening brace of the function's body; nothing when it is only declared.
fn body_start(code: &str, at: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for (i, byte) in code.bytes().enumerate().skip(at) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b';' if depth == 0 => return None,
            b'{' if depth == 0 => return Some(i),
            _ => {}
        }
    }
    None
}

/// The offset just past the brace that closes the one at `open`.
pub(crate) fn block_end(code: &str, open: usize) -> usize {
    let mut depth = 0_i32;
    for (i, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return i + 1;
        }
    }
    code.len()
}

#[test]
fn strings_and_comments_are_not_code() {
    let source = r####"let a = "x // y"; // "z"
let b = r#"{"q"}"#; /* { /* n */ } */ let c = '{'; let d: &'static str = "\"}";
let e = b'\''; let f = '\u{7b}'; let g = 'é'; let h = br"\"; call();"####;
    let split = split(source);
    assert_eq!(split.code.lines().count(), source.lines().count());
    assert!(!split.code.contains(['{', '}']), "{}", split.code);
    assert!(split.code.contains("'static"), "{}", split.code);
    assert!(split.code.contains("call();"), "{}", split.code);
    assert!(split.comments.contains("// \"z\""), "{}", split.comments);
    assert!(!split.comments.contains("x //"), "{}", split.comments);
}

#[test]
fn functions_are_measured() {
    let code =
        "fn a() {}\ntrait T { fn b(&self); fn c(&self) -> [u8; 2] {\n    [0; 2]\n} }\nlet f: fn(u8) = a;\n";
    let expected =
        [("a", 1, 1), ("c", 2, 3)].map(|(name, line, lines)| Function { name: name.to_owned(), line, lines });
    assert_eq!(functions(code), expected);
}

#[test]
fn words_are_whole() {
    assert_eq!(occurrences("std::fs::x std::fsx my_std::fs", "std::fs").collect::<Vec<_>>(), [0]);
    assert_eq!(occurrences("unsafe_code unsafe {", "unsafe").collect::<Vec<_>>(), [12]);
}

#[test]
fn test_modules_are_left_out() {
    let code = "use a;\n#[cfg(test)]\nmod tests {\n    use b; { }\n}\nuse c;\n#[cfg(test)]\nmod x;\nmod y { use d; }\n";
    let left = without_tests(code);
    assert!(left.contains("use a") && left.contains("use c") && left.contains("use d"), "{left}");
    assert!(!left.contains("use b"), "{left}");
}
