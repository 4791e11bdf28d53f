//! Values that are safe to write into a content line. The `icalendar` writer puts CR, LF and `"` of a parameter and of a
//! non-text value on the wire as they are, so that a name could become a property; nothing reaches it except through here.
//!
//! Not here: escaping and quoting, which that writer does soundly, and folding (`build`).

/// Longest text we write: a longer one comes from a broken template, and that writer's folding costs its square.
const MAX_TEXT: usize = 4_000;
/// Longest UID or address kept of what others wrote, in characters. Ours are far shorter, so a cut one cannot match.
pub(super) const MAX_NAME: usize = 1_000;
/// Longest name, title or address.
const MAX_SHORT: usize = 250;

/// Characters that never carry meaning in a calendar but can hide or turn round what a person sees.
pub(super) fn is_deceptive(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A TEXT value (RFC 5545 §3.3.11): line feeds are the only control characters left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IcsText(String);

impl IcsText {
    /// Several lines are allowed.
    pub(super) fn lines(text: &str) -> IcsText {
        let unified = text.replace("\r\n", "\n");
        let kept = unified.chars().map(|c| match c {
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            '\t' => ' ',
            c => c,
        });
        IcsText(kept.filter(|c| *c == '\n' || !(c.is_control() || is_deceptive(*c))).take(MAX_TEXT).collect())
    }

    /// One line: breaks and tabs become blanks.
    pub(super) fn line(text: &str) -> IcsText {
        IcsText(one_line(text).chars().take(MAX_SHORT).collect())
    }

    /// One line, as long as what is read of others: their UIDs.
    pub(super) fn name(text: &str) -> IcsText {
        IcsText(one_line(text).chars().take(MAX_NAME).collect())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A link that may stand in a URI value: http(s), printable ASCII, nothing that could end the value or the line.
pub(super) fn web_link(link: &str) -> Option<&str> {
    let link = link.trim();
    let host = ["https://", "http://"].iter().find_map(|s| link.get(..s.len()).filter(|l| l.eq_ignore_ascii_case(s)).and_then(|_| link.get(s.len()..)))?;
    let clean = link.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}'));
    (clean && link.len() <= MAX_SHORT && host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[')).then_some(link)
}

/// A CN parameter (RFC 5545 §3.2.2). A double quote cannot be written there at all and becomes «»; `^` would start an
/// escape for readers of RFC 6868, and is dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CnValue(String);

impl CnValue {
    pub(super) fn new(name: &str) -> CnValue {
        let mut open = false;
        let name = one_line(name);
        let quoted = name.chars().filter(|c| *c != '^').take(MAX_SHORT).map(|c| {
            if c != '"' {
                return c;
            }
            open = !open;
            if open { '«' } else { '»' }
        });
        CnValue(quoted.collect())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A CAL-ADDRESS (RFC 5545 §3.3.3), always with `mailto:` (RFC 6047 §2.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CalAddress(String);

impl CalAddress {
    pub(super) fn new(address: &str) -> CalAddress {
        let address = strip_mailto(address.trim());
        let kept = address.chars().filter(|c| !(c.is_control() || c.is_whitespace() || is_deceptive(*c) || matches!(c, '"' | '<' | '>' | '\\')));
        CalAddress(format!("mailto:{}", kept.take(MAX_SHORT).collect::<String>()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The address without `mailto:` in any case.
pub(super) fn strip_mailto(text: &str) -> &str {
    match text.split_once(':') {
        Some((scheme, rest)) if scheme.trim().eq_ignore_ascii_case("mailto") => rest,
        _ => text,
    }
}

/// Controls become blanks, blanks become one, none at the ends.
pub(super) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_deceptive(*c)) {
        if c.is_whitespace() || c.is_control() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}
