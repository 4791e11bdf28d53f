//! Content-Type and Content-Disposition with their parameters, RFC 2231 included. The pieces of a continued file name are
//! joined as bytes before they are decoded: mail-parser decodes each piece and loses letters at the seams.

use std::borrow::Cow;

use super::transfer::hex_pair;
use super::words::{self, RawCharset};
use super::{charset, headers};

/// Parameters read of one field.
const MOST: usize = 60;

/// A value such as `text/plain; charset=koi8-r`, the main word lower case.
#[derive(Debug, Clone, Default)]
pub(super) struct Value {
    /// `text/plain`, `attachment`.
    pub(super) word: String,
    params: Vec<Param>,
}

#[derive(Debug, Clone)]
struct Param {
    name: String,
    bytes: Vec<u8>,
    charset: Option<String>,
}

struct Section {
    name: String,
    number: u32,
    escaped: bool,
    bytes: Vec<u8>,
}

impl Value {
    /// Reads an unfolded field value.
    pub(super) fn parse(raw: &[u8]) -> Self {
        let raw = headers::unfolded(raw);
        let mut items = split(&raw).into_iter();
        let head = items.next().unwrap_or_default();
        let head = String::from_utf8_lossy(&head).trim().to_ascii_lowercase();
        // `text/plain charset=x`, the semicolon forgotten.
        let (word, rest) = head.split_once(char::is_whitespace).unwrap_or((&head, ""));
        // A media type is short: room for all of it at once.
        let mut kept = String::with_capacity(word.len());
        kept.extend(word.chars().filter(|c| !super::clean::is_unwelcome(*c)).take(120));
        let mut sections: Vec<Section> = Vec::new();
        if rest.contains('=') {
            sections.extend(section(rest.trim().as_bytes()));
        }
        sections.extend(items.take(MOST).filter_map(|item| section(&item)));
        Self { word: kept, params: joined(sections) }
    }

    /// The bytes of a parameter.
    pub(super) fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.params.iter().find(|p| p.name == name).map(|p| p.bytes.as_slice())
    }

    /// A parameter that is ASCII by its nature.
    pub(super) fn ascii(&self, name: &str) -> Option<String> {
        self.bytes(name).map(|b| String::from_utf8_lossy(b).trim().to_owned())
    }

    /// A parameter for people: RFC 2231 charset, encoded words or raw bytes, whichever there is.
    pub(super) fn text(&self, name: &str, raw: RawCharset) -> Option<String> {
        let param = self.params.iter().find(|p| p.name == name)?;
        Some(match &param.charset {
            Some(label) => charset::decode(&param.bytes, Some(label)).text,
            None => words::decode(&param.bytes, raw).0,
        })
    }
}

/// Splits at semicolons outside quotes and drops comments (RFC 2045 §5.1). What holds no comment is not copied.
fn split(raw: &[u8]) -> Vec<Cow<'_, [u8]>> {
    let mut items = Vec::with_capacity(4);
    // Where the item began, and what is kept of it once a comment was dropped.
    let (mut from, mut kept) = (0, None::<Vec<u8>>);
    let (mut quoted, mut escaped, mut comment) = (false, false, 0_u32);
    for (at, b) in raw.iter().enumerate() {
        let said = |kept: &Option<Vec<u8>>| kept.as_deref().unwrap_or(raw.get(from..at).unwrap_or_default()).contains(&b'=');
        match b {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' if comment == 0 => quoted = !quoted,
            // In a value, parentheses are taken as a name written without quotes: `filename=doc (1).pdf`.
            b'(' if !quoted && !said(&kept) => {
                comment += 1;
                kept.get_or_insert_with(|| raw.get(from..at).unwrap_or_default().to_vec());
                continue;
            }
            b')' if !quoted && comment > 0 => {
                comment -= 1;
                continue;
            }
            _ if comment > 0 => continue,
            b';' if !quoted => {
                items.push(kept.take().map_or_else(|| Cow::Borrowed(raw.get(from..at).unwrap_or_default()), Cow::Owned));
                from = at + 1;
                if items.len() > MOST {
                    return items;
                }
                continue;
            }
            _ => {}
        }
        if let Some(kept) = &mut kept {
            kept.push(*b);
        }
    }
    items.push(kept.map_or_else(|| Cow::Borrowed(raw.get(from..).unwrap_or_default()), Cow::Owned));
    items
}

fn section(item: &[u8]) -> Option<Section> {
    let eq = item.iter().position(|b| *b == b'=')?;
    let name = String::from_utf8_lossy(item.get(..eq)?);
    let value = item.get(eq + 1..)?.trim_ascii();
    let bytes = match value.strip_prefix(b"\"") {
        Some(inner) => unescaped(inner.strip_suffix(b"\"").unwrap_or(inner)),
        None => value.to_vec(),
    };
    let name = name.trim();
    let (name, escaped) = name.strip_suffix('*').map_or((name, false), |n| (n, true));
    let (name, number) = match name.split_once('*') {
        Some((name, number)) => (name, number.parse().ok()?),
        None => (name, 0),
    };
    (!name.is_empty()).then(|| Section { name: name.to_ascii_lowercase(), number, escaped, bytes })
}

/// Quoted pairs of a quoted string; a backslash before anything else is a path of Windows and stays.
fn unescaped(inner: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter().peekable();
    while let Some(b) = bytes.next() {
        match (b, bytes.peek()) {
            (b'\\', Some(next @ (b'"' | b'\\'))) => {
                out.push(**next);
                bytes.next();
            }
            _ => out.push(*b),
        }
    }
    out
}

fn joined(mut sections: Vec<Section>) -> Vec<Param> {
    sections.sort_by_key(|s| s.number);
    let mut params: Vec<Param> = Vec::new();
    for section in sections {
        let found = params.iter().position(|p| p.name == section.name);
        let mut charset = None;
        let mut bytes = section.bytes;
        if section.escaped {
            // charset'language'text, in the first section only (RFC 2231 §4.1).
            if section.number == 0 && bytes.iter().filter(|b| **b == b'\'').count() >= 2 {
                let mut fields = bytes.splitn(3, |b| *b == b'\'');
                charset = fields.next().map(|c| String::from_utf8_lossy(c).to_ascii_lowercase()).filter(|c| !c.is_empty());
                bytes = fields.nth(1).unwrap_or_default().to_vec();
            }
            bytes = percent_decoded(&bytes);
        }
        match found.and_then(|i| params.get_mut(i)) {
            Some(param) if section.number > 0 => param.bytes.extend_from_slice(&bytes),
            // The same parameter twice: the extended form (RFC 2231) wins over the plain one, otherwise the first.
            Some(param) if section.escaped && param.charset.is_none() => (param.bytes, param.charset) = (bytes, Some(charset.unwrap_or_default())),
            Some(_) => {}
            None => params.push(Param { name: section.name, bytes, charset }),
        }
    }
    params
}

fn percent_decoded(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, tail)) = rest.split_first() {
        match (first, hex_pair(tail)) {
            (b'%', Some(byte)) => {
                out.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            (other, _) => {
                out.push(*other);
                rest = tail;
            }
        }
    }
    out
}
