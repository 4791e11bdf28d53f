//! The text of a letter: HTML to text, quotes and signatures folded for reading only. Nothing is ever cut from the record.

use super::mime::Part;
use super::{Oddity, charset, clean, html, note};

/// Text in four views of the same letter. `whole` is the record; the others are folds of it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Body {
    /// Everything, as text with `\n` line ends (quoted text, signature and all).
    pub whole: String,
    /// What the author wrote, answers between quoted lines included.
    pub own: String,
    /// The signature block below the author's words ("С уважением, …", "-- ", "Отправлено с iPhone"), empty if none.
    pub signature: String,
    /// The quoted letter, unprefixed, empty if none.
    pub quoted: String,
    /// The text part came as HTML only.
    pub html_only: bool,
}

/// Bytes of HTML that are read, and of text that is kept.
pub(super) const LONGEST: usize = 1 << 20;

/// One stretch of text from one part.
struct Piece {
    text: String,
    html: bool,
}

/// The text of a letter and whether it came as HTML only.
pub(super) fn text(parts: &[Part<'_>], is_body: &[bool], oddities: &mut Vec<Oddity>) -> (String, bool) {
    let mut pieces = gather(parts, is_body, 0, 0, oddities);
    if pieces.iter().all(|p| p.text.is_empty()) {
        // Text that only stands as an attachment, or in a part that never became one (crates.md M4).
        let found = parts.iter().position(|p| p.children.is_empty() && (p.kind.word.starts_with("text/") || p.is_multipart()) && !is_calendar_type(p));
        pieces = found.and_then(|i| parts.get(i)).map(|p| vec![leaf(p, oddities)]).unwrap_or_default();
    }
    pieces.retain(|p| !p.text.is_empty());
    let html_only = !pieces.is_empty() && pieces.iter().all(|p| p.html);
    // A text of one piece is clean already.
    if let [piece] = pieces.as_mut_slice()
        && piece.text.len() < LONGEST
    {
        return (std::mem::take(&mut piece.text), html_only);
    }
    let mut whole = String::new();
    for piece in pieces {
        if !whole.is_empty() {
            whole.push('\n');
        }
        whole.push_str(&piece.text);
    }
    let (whole, cut) = clean::text(&whole, LONGEST);
    if cut {
        note(oddities, Oddity::Cut);
    }
    (whole, html_only)
}

fn is_calendar_type(part: &Part<'_>) -> bool {
    part.kind.word == "text/calendar"
}

/// The pieces of text under one part. Depth is bounded by the splitter; the check here is for the reader.
fn gather(parts: &[Part<'_>], is_body: &[bool], index: usize, depth: usize, oddities: &mut Vec<Oddity>) -> Vec<Piece> {
    let Some(part) = parts.get(index) else { return Vec::new() };
    if depth > 30 {
        note(oddities, Oddity::Cut);
        return Vec::new();
    }
    if part.children.is_empty() {
        return if is_body.get(index) == Some(&true) { vec![leaf(part, oddities)] } else { Vec::new() };
    }
    if part.kind.word != "multipart/alternative" {
        return part.children.iter().flat_map(|child| gather(parts, is_body, *child, depth + 1, oddities)).collect();
    }
    // The same text in several forms, the plainest first (RFC 2046 §5.1.4): plain text is what people typed.
    let mut rich = Vec::new();
    for child in &part.children {
        let pieces = gather(parts, is_body, *child, depth + 1, oddities);
        if pieces.iter().any(|p| !p.html && !p.text.is_empty() && !is_stub(&p.text)) {
            return pieces;
        }
        if pieces.iter().any(|p| !p.text.is_empty() && (p.html || rich.is_empty())) {
            rich = pieces;
        }
    }
    rich
}

/// Plain text that only says that there is HTML.
fn is_stub(text: &str) -> bool {
    text.len() < 400 && text.to_lowercase().contains("html")
}

/// The text of one part.
fn leaf(part: &Part<'_>, oddities: &mut Vec<Oddity>) -> Piece {
    let bytes = part.decoded(oddities);
    let is_html = part.kind.word == "text/html";
    let declared = part.kind.ascii("charset").filter(|c| !c.is_empty()).or_else(|| is_html.then(|| meta_charset(&bytes)).flatten());
    let bytes = bytes.get(..4 * LONGEST).unwrap_or(&bytes);
    let decoded = charset::decode(bytes, declared.as_deref());
    if decoded.guessed {
        note(oddities, Oddity::GuessedCharset);
    }
    let mut text = decoded.text;
    if text.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|i| text.is_char_boundary(*i)).unwrap_or_default();
        text.truncate(end);
        note(oddities, Oddity::Cut);
    }
    let text = if is_html {
        html::to_text(&text)
    } else if part.kind.ascii("format").is_some_and(|f| f.eq_ignore_ascii_case("flowed")) {
        let joined = part.kind.ascii("delsp").is_some_and(|d| d.eq_ignore_ascii_case("yes"));
        unflowed(&text, joined)
    } else {
        text
    };
    Piece { text: clean::text(&text, LONGEST).0, html: is_html }
}

/// The charset that an HTML page declares within itself, where the part does not.
fn meta_charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..2048).unwrap_or(bytes)).to_ascii_lowercase();
    let (_, after) = head.split_once("charset=")?;
    let label: String = after.trim_start_matches(['"', '\'']).chars().take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c)).collect();
    (!label.is_empty()).then_some(label)
}

/// format=flowed (RFC 3676) unwrapped: a line that ends with a blank goes on in the next one of the same quote depth.
fn unflowed(text: &str, delete_space: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let depth = line.bytes().take_while(|b| *b == b'>').count();
        let content = line.get(depth..).unwrap_or_default();
        // A blank after the marks was stuffed in (§4.4).
        let content = content.strip_prefix(' ').unwrap_or(content);
        let is_signature = content == "-- ";
        match open {
            Some(before) if before == depth && !is_signature => {}
            other => {
                if other.is_some() || !out.is_empty() {
                    out.push('\n');
                }
                if depth > 0 {
                    out.push_str(&">".repeat(depth.min(20)));
                    out.push(' ');
                }
            }
        }
        let flows = content.ends_with(' ') && !is_signature;
        out.push_str(if flows && delete_space { content.strip_suffix(' ').unwrap_or(content) } else { content });
        open = flows.then_some(depth);
        if out.is_empty() {
            out.push('\n');
        }
    }
    out
}
