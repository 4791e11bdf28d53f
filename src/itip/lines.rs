//! From bytes to whole content lines: size and number guarded, unfolded before decoding, components followed without
//! recursion.
//!
//! Not here: what the properties mean (`read`).

use super::Refusal;
use std::borrow::Cow;

/// How much is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    bytes: usize,
    /// Physical lines.
    lines: usize,
    /// Several calendars one after another.
    pub(super) many: bool,
}

/// A calendar part of a letter; real answers have one to six KB.
pub(super) const LETTER: Limits = Limits { bytes: 256 * 1024, lines: 5_000, many: false };
/// A file with somebody's busy times.
pub(super) const FILE: Limits = Limits { bytes: 2 * 1024 * 1024, lines: 100_000, many: true };
/// Deepest nesting; VCALENDAR, VEVENT, VALARM are three. The parser of `icalendar` would overflow the stack, which ends
/// the process, some thousand levels down; it never gets to see a component here.
const MAX_DEPTH: usize = 6;

/// The logical lines of an object.
///
/// RFC 5545 §3.1 lets simple senders fold inside a character, so the folds are undone on bytes and only then decoded.
/// CRLF, LF, CR and CRCRLF all end a line; blank lines do not count as content.
pub(super) fn logical_lines(bytes: &[u8], limits: Limits) -> Result<Vec<String>, Refusal> {
    if bytes.len() > limits.bytes {
        return Err(Refusal::TooLarge(bytes.len()));
    }
    let bytes = without_bom(bytes);
    let mut lines: Vec<Vec<u8>> = Vec::new();
    let mut count = 0;
    let mut rest: &[u8] = &bytes;
    while !rest.is_empty() {
        count += 1;
        if count > limits.lines {
            return Err(Refusal::TooLong(limits.lines));
        }
        let length = rest.iter().position(|b| matches!(b, b'\r' | b'\n')).unwrap_or(rest.len());
        let (line, tail) = rest.split_at(length);
        rest = after_break(tail);
        match (line.split_first(), lines.last_mut()) {
            (None, _) => {}
            (Some((b' ' | b'\t', more)), Some(open)) => open.extend_from_slice(more),
            (Some(_), _) => lines.push(line.to_vec()),
        }
    }
    let fallback = single_byte_charset(&bytes);
    Ok(lines.into_iter().map(|line| decoded(line, fallback)).collect())
}

/// UTF-8 without its mark; UTF-16 (from files saved by hand) as UTF-8.
fn without_bom(bytes: &[u8]) -> Cow<'_, [u8]> {
    match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) if encoding != encoding_rs::UTF_8 => Cow::Owned(encoding.decode(bytes).0.into_owned().into_bytes()),
        Some((_, length)) => Cow::Borrowed(bytes.get(length..).unwrap_or_default()),
        None => Cow::Borrowed(bytes),
    }
}

/// Past one line break, several CR before it included.
fn after_break(tail: &[u8]) -> &[u8] {
    let carriage_returns = tail.iter().take_while(|b| **b == b'\r').count();
    let rest = tail.get(carriage_returns..).unwrap_or_default();
    rest.strip_prefix(b"\n").unwrap_or(rest)
}

/// Which of the two Russian single-byte charsets the bytes look like: lower-case letters, the many, lie at E0–FF in
/// windows-1251 and at C0–DF in KOI8-R.
fn single_byte_charset(bytes: &[u8]) -> &'static encoding_rs::Encoding {
    let upper_half = bytes.iter().filter(|b| **b >= 0xE0).count();
    let lower_half = bytes.iter().filter(|b| (0xC0..0xE0).contains(*b)).count();
    if lower_half > upper_half { encoding_rs::KOI8_R } else { encoding_rs::WINDOWS_1251 }
}

/// UTF-8, or the fallback unless most of the line is UTF-8 with a broken byte in it.
fn decoded(line: Vec<u8>, fallback: &'static encoding_rs::Encoding) -> String {
    match String::from_utf8(line) {
        Ok(text) => text,
        Err(error) => {
            let lossy = String::from_utf8_lossy(error.as_bytes());
            let broken = lossy.chars().filter(|c| *c == '\u{fffd}').count();
            let whole = lossy.chars().filter(|c| !c.is_ascii() && *c != '\u{fffd}').count();
            if whole > broken { lossy.into_owned() } else { fallback.decode_without_bom_handling(error.as_bytes()).0.into_owned() }
        }
    }
}

/// Upper-cased name of a content line and what follows it (`;…:…` or `:…`); none if there is no property in it.
pub(super) fn split_name(line: &str) -> Option<(String, &str)> {
    let end = line.find([':', ';'])?;
    let (name, rest) = line.split_at(end);
    let name = name.trim();
    let legal = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    legal.then(|| (name.to_ascii_uppercase(), rest))
}

/// Where in the tree of components a line stands. Missing ENDs are supplied, unfitting ones passed over.
#[derive(Default)]
pub(super) struct Nesting {
    open: Vec<String>,
    finished: bool,
}

impl Nesting {
    /// Takes BEGIN.
    pub(super) fn begin(&mut self, component: &str) -> Result<(), Refusal> {
        let component = component.trim().to_ascii_uppercase();
        match component.as_str() {
            // A second object in one part is not ours to read; and none begins inside another.
            "VCALENDAR" if !self.open.is_empty() => self.finished = true,
            "VCALENDAR" => self.open.push(component),
            // Nothing counts before the object; text of the letter may stand there.
            _ if self.open.is_empty() => {}
            // These are children of VCALENDAR only, so what still stands open has lost its END.
            "VEVENT" | "VTIMEZONE" | "VFREEBUSY" => {
                self.open.truncate(1);
                self.open.push(component);
            }
            _ => self.open.push(component),
        }
        if self.open.len() > MAX_DEPTH { Err(Refusal::TooDeep) } else { Ok(()) }
    }

    /// Takes END.
    pub(super) fn end(&mut self, component: &str) {
        let component = component.trim();
        if let Some(at) = self.open.iter().rposition(|name| name.eq_ignore_ascii_case(component)) {
            self.open.truncate(at);
            self.finished |= at == 0;
        }
    }

    /// Whether the object is over.
    pub(super) fn finished(&self) -> bool {
        self.finished
    }

    /// Names from VCALENDAR inwards.
    pub(super) fn path(&self) -> impl Iterator<Item = &str> {
        self.open.iter().map(String::as_str)
    }

    /// The component a property belongs to, where we read it: VCALENDAR, VEVENT, VFREEBUSY, VTIMEZONE and its STANDARD and
    /// DAYLIGHT.
    pub(super) fn place(&self) -> Place {
        let mut path = self.path();
        match (path.next(), path.next(), path.next(), path.next()) {
            (Some(_), None, None, None) => Place::Calendar,
            (Some(_), Some("VEVENT"), None, None) => Place::Event,
            (Some(_), Some("VFREEBUSY"), None, None) => Place::FreeBusy,
            (Some(_), Some("VTIMEZONE"), None, None) => Place::Zone,
            (Some(_), Some("VTIMEZONE"), Some("STANDARD" | "DAYLIGHT"), None) => Place::Observance,
            _ => Place::Elsewhere,
        }
    }
}

/// See [`Nesting::place`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Calendar,
    Event,
    FreeBusy,
    Zone,
    Observance,
    Elsewhere,
}

/// Takes stray double quotes out of the parameters, so that a CN like `"Анна "Аня" Белова"` does not cost us the whole
/// line: an opening quote follows `=` or `,`, a closing one stands before `;`, `:` or `,`.
pub(super) fn mended_quotes(rest: &str) -> Cow<'_, str> {
    if !rest.starts_with(';') || !rest.contains('"') {
        return Cow::Borrowed(rest);
    }
    let mut out = String::with_capacity(rest.len());
    let mut quoted = false;
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        match c {
            '"' if quoted && matches!(next, Some(';' | ':' | ',')) => {
                quoted = false;
                out.push(c);
            }
            '"' if !quoted && (out.ends_with('=') || out.ends_with(',')) => {
                quoted = true;
                out.push(c);
            }
            '"' => {}
            ':' if !quoted => {
                out.push_str(rest.get(at..).unwrap_or_default());
                return Cow::Owned(out);
            }
            _ => out.push(c),
        }
    }
    // A quote that never closes swallowed the value: better no quotes at all.
    Cow::Owned(rest.replace('"', ""))
}
