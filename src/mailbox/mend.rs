//! Mending of single lines from a server, so that the parser understands what was meant. Pure; letters themselves never pass here.

/// The literal that a line announces at its end: `{n}`, `{n+}` or `~{n}`. A number too large to read is `u64::MAX`.
pub(super) fn announced(line: &[u8]) -> Option<u64> {
    let inside = line.strip_suffix(b"}")?;
    let inside = inside.strip_suffix(b"+").unwrap_or(inside);
    let open = inside.iter().rposition(|b| *b == b'{')?;
    let digits = inside.get(open + 1..)?;
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(std::str::from_utf8(digits).ok()?.parse().unwrap_or(u64::MAX))
}

/// Brackets nested deeper than any answer to our commands; the parser recurses.
pub(super) fn too_deep(line: &[u8]) -> bool {
    let mut depth = 0_i32;
    line.iter().any(|b| {
        depth += match b {
            b'(' => 1,
            b')' => -1,
            _ => 0,
        };
        depth > 64
    })
}

/// A status line, a continuation, CAPABILITY: 8-bit and control characters become `?` (they make imap-proto slice inside a character),
/// a CAPABILITY line is rebuilt from the words that are atoms.
pub(super) fn plain(line: &[u8], out: &mut Vec<u8>) {
    const NAME: &[u8] = b"* CAPABILITY";
    if line.get(..NAME.len()).is_some_and(|start| start.eq_ignore_ascii_case(NAME)) {
        out.extend_from_slice(b"* CAPABILITY IMAP4rev1");
        let words = line.get(NAME.len()..).unwrap_or_default().split(|b| *b == b' ');
        for word in words.filter(|w| !w.is_empty() && !w.eq_ignore_ascii_case(b"IMAP4rev1") && w.iter().all(|b| is_atom(*b))) {
            out.push(b' ');
            out.extend_from_slice(word);
        }
        return;
    }
    out.extend(line.iter().map(|b| if matches!(b, b' '..=b'~') { *b } else { b'?' }));
}

fn is_atom(b: u8) -> bool {
    b.is_ascii_graphic() && !b"(){%*\"\\]".contains(&b)
}

/// A LIST line: runs of spaces become one. Extended data after the name (OLDNAME, CHILDINFO) is no part of what we asked and is cut.
pub(super) fn list(line: &[u8], out: &mut Vec<u8>) -> bool {
    let mut quote = Quote::default();
    for b in line {
        if !quote.inside && *b == b' ' && out.last() == Some(&b' ') {
            continue;
        }
        quote.step(*b);
        out.push(*b);
    }
    if let (Some(b')'), Some(at)) = (out.last(), extended_at(out)) {
        out.truncate(at);
    }
    true
}

/// Where ` (` stands after the attributes of a LIST line, outside quotes.
fn extended_at(line: &[u8]) -> Option<usize> {
    let mut quote = Quote::default();
    let mut words = 0;
    for (at, b) in line.iter().enumerate() {
        let space = !quote.inside && *b == b' ';
        quote.step(*b);
        words += usize::from(space);
        if space && words > 4 && line.get(at + 1) == Some(&b'(') {
            return Some(at);
        }
    }
    None
}

#[derive(Default)]
struct Quote {
    inside: bool,
    escaped: bool,
}

impl Quote {
    fn step(&mut self, b: u8) {
        if self.escaped {
            self.escaped = false;
        } else if self.inside && b == b'\\' {
            self.escaped = true;
        } else if b == b'"' {
            self.inside = !self.inside;
        }
    }
}

/// A piece of a FETCH line: spaces, an INTERNALDATE that is no string, an RFC822.SIZE that is no number, a BODY[] without a value.
/// Tells whether the piece names a UID.
pub(super) fn fetch(line: &[u8], out: &mut Vec<u8>) -> bool {
    let mut quote = Quote::default();
    let mut has_uid = false;
    let mut at = 0;
    while let Some(b) = line.get(at).copied() {
        if quote.inside || b == b'"' {
            quote.step(b);
            out.push(b);
            at += 1;
            continue;
        }
        match b {
            b' ' => {
                at += 1;
                if matches!(out.last(), Some(b' ' | b'(')) || line.get(at) == Some(&b' ') {
                    continue;
                }
                let word = last_word(out).to_ascii_uppercase();
                if line.get(at) == Some(&b')') && !is_body(&word) {
                    continue;
                }
                out.push(b' ');
                let value = line.get(at..).unwrap_or_default();
                let end = value.iter().position(|b| matches!(b, b' ' | b')')).unwrap_or(value.len());
                let token = value.get(..end).unwrap_or_default();
                match word.as_slice() {
                    b"UID" => has_uid = true,
                    b"INTERNALDATE" if !matches!(token.first(), Some(b'"' | b'{')) => {
                        out.extend_from_slice(b"\"\"");
                        at += end;
                    }
                    b"RFC822.SIZE" if !token.is_empty() => {
                        out.extend_from_slice(size(token).to_string().as_bytes());
                        at += end;
                    }
                    word if is_body(word) && !has_value(value) => {
                        out.extend_from_slice(if value.starts_with(b")") { b"NIL" } else { b"NIL " });
                    }
                    _ => {}
                }
            }
            b')' => {
                if is_body(&last_word(out).to_ascii_uppercase()) {
                    out.extend_from_slice(b" NIL");
                }
                out.push(b);
                at += 1;
            }
            _ => {
                out.push(b);
                at += 1;
            }
        }
    }
    has_uid
}

fn has_value(value: &[u8]) -> bool {
    value.is_empty() || matches!(value.first(), Some(b'"' | b'{' | b'~')) || value.get(..3).is_some_and(|v| v.eq_ignore_ascii_case(b"NIL"))
}

fn last_word(out: &[u8]) -> &[u8] {
    let start = out.iter().rposition(|b| matches!(b, b' ' | b'(')).map_or(0, |at| at + 1);
    out.get(start..).unwrap_or_default()
}

fn is_body(word: &[u8]) -> bool {
    word == b"BODY[]" || (word.starts_with(b"BODY[]<") && word.ends_with(b">"))
}

/// A size that is no number is unknown: 0; one beyond 32 bits is the largest that the parser knows.
fn size(token: &[u8]) -> u32 {
    if !token.iter().all(u8::is_ascii_digit) {
        return 0;
    }
    std::str::from_utf8(token).ok().and_then(|t| t.parse().ok()).unwrap_or(u32::MAX)
}
