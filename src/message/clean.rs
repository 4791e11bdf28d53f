//! Cleaning of foreign strings before anyone shows, logs or compares them. Not here: decoding.

/// A string made safe for one line, and what had to be done to it.
pub(super) struct Cleaned {
    pub(super) text: String,
    /// A control, bidi or invisible character was taken out.
    pub(super) controls: bool,
    /// The string was longer than allowed.
    pub(super) cut: bool,
}

/// Characters that change how the text around them is shown, or that cannot be seen at all.
/// Joiners (U+200C, U+200D) stay: emoji are written with them.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}'
        | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}' | '\u{00AD}')
}

/// A control, bidi or otherwise invisible character: none of them belongs in a name, subject, id or file name.
pub(super) fn is_unwelcome(c: char) -> bool {
    c.is_control() || is_invisible(c)
}

/// One line of at most `max` characters, white space folded. What mail-parser and encoded words decode
/// may hold CR, LF and NUL, which would be header injection or a panic further on (lessons 2).
pub(super) fn line(raw: &str, max: usize) -> Cleaned {
    let mut text = String::with_capacity(raw.len().min(max.saturating_mul(4)));
    let (mut controls, mut cut, mut gap, mut count) = (false, false, false, 0_usize);
    for c in raw.chars() {
        if c.is_whitespace() || matches!(c, '\u{2028}' | '\u{2029}') {
            controls |= c.is_control() && c != '\t';
            gap = true;
        } else if is_unwelcome(c) {
            controls = true;
        } else {
            let width = if gap && count > 0 { 2 } else { 1 };
            if count + width > max {
                cut = true;
                break;
            }
            if width == 2 {
                text.push(' ');
            }
            text.push(c);
            count += width;
            gap = false;
        }
    }
    Cleaned { text, controls, cut }
}

/// Text of several lines with `\n` line ends, at most `max` bytes. The second value tells that it was cut.
/// No-break spaces become plain ones, so that «5 А» is matched whatever the author's keyboard did.
pub(super) fn text(raw: &str, max: usize) -> (String, bool) {
    let mut out = String::with_capacity(raw.len().min(max));
    let mut rest = raw;
    loop {
        // Nearly all there is: nothing to ask about it. No further than there is room, or what is cut would be looked through again for each sign.
        let room = rest.len().min(max.saturating_sub(out.len()));
        let plain = plain_until(rest.as_bytes().get(..room).unwrap_or_default());
        if let Some((run, behind)) = rest.split_at_checked(plain).filter(|_| plain > 0) {
            out.push_str(run);
            rest = behind;
        }
        let mut chars = rest.chars();
        let Some(c) = chars.next() else { break };
        if out.len() >= max {
            return (trimmed(out), true);
        }
        rest = chars.as_str();
        match c {
            '\r' => {
                if !rest.starts_with('\n') {
                    end_line(&mut out);
                }
            }
            '\n' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => end_line(&mut out),
            '\t' => out.push('\t'),
            '\u{A0}' | '\u{2007}' | '\u{202F}' => out.push(' '),
            c if is_unwelcome(c) => {}
            c => out.push(c),
        }
    }
    (trimmed(out), false)
}

/// How many bytes at the head of a text are signs of ASCII or Cyrillic letters: they stay as they are.
fn plain_until(bytes: &[u8]) -> usize {
    let mut at = 0;
    loop {
        at += match bytes.get(at..) {
            Some([b' '..=b'~', ..]) => 1,
            Some([0xD0..=0xD3, _, ..]) => 2,
            _ => return at,
        };
    }
}

/// Ends a line without the blanks before its end, except for the signature mark "-- " (RFC 3676 §4.3).
fn end_line(out: &mut String) {
    if !(out.ends_with("\n-- ") || out == "-- ") {
        out.truncate(out.trim_end_matches([' ', '\t']).len());
    }
    out.push('\n');
}

fn trimmed(mut out: String) -> String {
    out.truncate(out.trim_end().len());
    let lead = out.len() - out.trim_start_matches(['\n', '\r']).len();
    if lead > 0 {
        out.drain(..lead);
    }
    out
}

/// White space folded to single blanks: the form in which two copies of a text are compared.
pub(super) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut add = |word: &str| {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    };
    for word in text.split_ascii_whitespace() {
        // White space beyond ASCII begins with one of these bytes; so do guillemets and dashes.
        if word.bytes().any(|b| matches!(b, 0x0B | 0xC2 | 0xE1..=0xE3)) {
            word.split_whitespace().for_each(&mut add);
        } else {
            add(word);
        }
    }
    out
}
