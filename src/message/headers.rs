//! The header of a letter or part: fields as they stand, all instances, by name. mail-parser keeps only the last of
//! several From or Auto-Submitted fields and cannot tell `Return-Path: <>` from none (reliability.md §0.5).

use std::borrow::Cow;

use mail_parser::{Addr, Address as Parsed, HeaderValue, parsers::MessageStream};

use super::words::{self, RawCharset};
use super::{Address, Oddity, charset, clean};

/// Fields that there is room for from the beginning.
const FEW_FIELDS: usize = 16;
/// Fields kept of one header; the rest is passed over.
const MOST_FIELDS: usize = 1000;
/// Bytes of one field that are looked at.
const LONGEST_FIELD: usize = 64 * 1024;
/// Characters of a display name and of an address (RFC 5321 §4.5.3.1 allows 254).
const LONGEST_NAME: usize = 200;
const LONGEST_ADDRESS: usize = 320;

/// One field: name and raw value, folds included.
struct Field<'a> {
    name: &'a [u8],
    value: &'a [u8],
}

/// The fields of one header, in order.
#[derive(Default)]
pub(super) struct Headers<'a> {
    fields: Vec<Field<'a>>,
    /// More fields than are kept, or one that is too long.
    pub(super) cut: bool,
}

impl<'a> Headers<'a> {
    /// Splits `bytes` into its header and the offset of what follows. A line that is neither a field nor a
    /// continuation ends the header, unless another field follows it: then it is a fold that lost its blank.
    pub(super) fn split(bytes: &'a [u8]) -> (Self, usize) {
        let mut headers = Self { fields: Vec::with_capacity(FEW_FIELDS), cut: false };
        let mut at = 0;
        let mut open: Option<(&'a [u8], usize, usize)> = None;
        while at < bytes.len() {
            let end = line_end(bytes, at);
            let line = bytes.get(at..end).unwrap_or_default();
            let text = line.trim_ascii_end();
            if text.is_empty() && !line.first().is_some_and(|b| matches!(b, b' ' | b'\t')) {
                if headers.fields.is_empty() && open.is_none() {
                    at = end;
                    continue; // Blank lines before the first field.
                }
                headers.close(bytes, open.take());
                return (headers, end);
            }
            let folded = matches!(line.first(), Some(b' ' | b'\t'));
            if folded && open.is_some() {
                open = open.map(|(name, from, _)| (name, from, end));
            } else if let Some(colon) = field_name(text) {
                headers.close(bytes, open.take());
                open = Some((text.get(..colon).unwrap_or_default().trim_ascii_end(), at + colon + 1, end));
            } else if headers.fields.is_empty() && open.is_none() {
                if !text.starts_with(b"From ") && !text.starts_with(b">From ") {
                    return (headers, at);
                }
                // The separator line of an mbox file.
            } else {
                let next = bytes.get(end..line_end(bytes, end)).unwrap_or_default();
                if text.starts_with(b"--") || field_name(next.trim_ascii_end()).is_none() {
                    headers.close(bytes, open.take());
                    return (headers, at);
                }
                open = open.map(|(name, from, _)| (name, from, end));
            }
            at = end;
        }
        headers.close(bytes, open.take());
        (headers, bytes.len())
    }

    fn close(&mut self, bytes: &'a [u8], open: Option<(&'a [u8], usize, usize)>) {
        let Some((name, from, to)) = open else { return };
        let mut value = bytes.get(from..to).unwrap_or_default();
        if value.len() > LONGEST_FIELD {
            value = value.get(..LONGEST_FIELD).unwrap_or(value);
            self.cut = true;
        }
        if self.fields.len() < MOST_FIELDS {
            self.fields.push(Field { name, value });
        } else {
            self.cut = true;
        }
    }

    /// All values of a field, raw, from the top.
    pub(super) fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'a [u8]> + 's {
        self.fields.iter().filter(move |f| f.name.eq_ignore_ascii_case(name.as_bytes())).map(|f| f.value)
    }

    /// All values of two fields as they stand among each other, raw, from the top; true with the first's.
    pub(super) fn both<'s>(&'s self, one: &'s str, other: &'s str) -> impl Iterator<Item = (bool, &'a [u8])> + 's {
        self.fields.iter().filter_map(move |f| {
            let is_one = f.name.eq_ignore_ascii_case(one.as_bytes());
            (is_one || f.name.eq_ignore_ascii_case(other.as_bytes())).then_some((is_one, f.value))
        })
    }

    /// The first value of a field, unfolded.
    pub(super) fn first(&self, name: &str) -> Option<Cow<'a, [u8]>> {
        self.all(name).next().map(unfolded)
    }

    /// The first value as trimmed text, for fields that are ASCII by their definition.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.first(name).map(|v| String::from_utf8_lossy(&v).trim().to_owned())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// Is this the header of a letter, not text that happens to hold a colon?
    pub(super) fn is_letter(&self) -> bool {
        const KNOWN: [&str; 16] = [
            "from",
            "to",
            "cc",
            "bcc",
            "subject",
            "date",
            "message-id",
            "received",
            "return-path",
            "sender",
            "reply-to",
            "mime-version",
            "content-type",
            "delivered-to",
            "in-reply-to",
            "auto-submitted", //
        ];
        KNOWN.iter().any(|name| self.has(name))
    }

    /// Are there 8-bit bytes in a field?
    pub(super) fn has_raw(&self) -> bool {
        self.fields.iter().any(|f| !f.value.is_ascii())
    }

    /// The charset of raw 8-bit bytes that are not UTF-8, judged by all such fields together: one subject may be too short to tell.
    pub(super) fn raw_charset(&self) -> RawCharset {
        let mut sample = Vec::new();
        for field in &self.fields {
            if sample.len() < 4096 && !field.value.is_ascii() && std::str::from_utf8(field.value).is_err() {
                sample.extend_from_slice(field.value.get(..1024).unwrap_or(field.value));
                sample.push(b'\n');
            }
        }
        if sample.is_empty() { RawCharset::default() } else { RawCharset(charset::guess(&sample)) }
    }

    /// Addresses of all fields of this name, at most `most`. Structure is read by mail-parser after the words are repaired.
    pub(super) fn addresses(&self, name: &str, raw: RawCharset, most: usize, oddities: &mut Vec<Oddity>) -> Vec<Address> {
        let mut list = Vec::new();
        for value in self.all(name) {
            let (value, guessed) = words::repaired(&unfolded(value), raw);
            if guessed {
                super::note(oddities, Oddity::GuessedCharset);
            }
            let HeaderValue::Address(parsed) = MessageStream::new(&value).parse_address() else { continue };
            let mut take = |addr: &Addr<'_>| {
                let Some(address) = address(addr, oddities) else { return };
                if list.len() < most {
                    list.push(address);
                } else {
                    super::note(oddities, Oddity::Cut);
                }
            };
            match parsed {
                Parsed::List(addrs) => addrs.iter().for_each(&mut take),
                Parsed::Group(groups) => groups.iter().flat_map(|g| &g.addresses).for_each(&mut take),
            }
        }
        list
    }
}

/// One cleaned address; `None` where there is a name only.
fn address(addr: &Addr<'_>, oddities: &mut Vec<Oddity>) -> Option<Address> {
    let mut cleaned = |raw: &str, max| {
        let c = clean::line(raw, max);
        if c.controls {
            super::note(oddities, Oddity::Controls);
        }
        if c.cut {
            super::note(oddities, Oddity::Cut);
        }
        c.text
    };
    let email = cleaned(addr.address.as_deref()?, LONGEST_ADDRESS);
    // RFC 5322 §4.4: an obsolete route stands before the address.
    let email = if email.starts_with('@') { email.rsplit(':').next().unwrap_or_default() } else { &email };
    let email = email.trim_matches(|c: char| c == '<' || c == '>' || c.is_whitespace()).to_lowercase();
    let name = addr.name.as_deref().map(|n| cleaned(n, LONGEST_NAME)).filter(|n| !n.is_empty());
    (!email.is_empty()).then_some(Address { name, email })
}

/// The value without folds: line ends go, the blank after them stays.
pub(super) fn unfolded(value: &[u8]) -> Cow<'_, [u8]> {
    let value = value.trim_ascii();
    // Most fields stand on one line.
    if !value.iter().any(|b| matches!(b, b'\r' | b'\n' | b'\t')) {
        return Cow::Borrowed(value);
    }
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.iter().position(|b| matches!(b, b'\r' | b'\n' | b'\t')) {
        let (run, behind) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        out.extend_from_slice(run);
        let breaks = behind.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        // A tab is a blank; a fold that lost its blank would glue two words.
        let tab = behind.get(breaks) == Some(&b'\t');
        if tab || behind.get(breaks) != Some(&b' ') {
            out.push(b' ');
        }
        rest = behind.get(breaks + usize::from(tab)..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    Cow::Owned(out)
}

/// Where the line that begins at `from` ends, its line end included.
pub(super) fn line_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter().position(|b| *b == b'\n').map_or(bytes.len(), |i| from + i + 1)
}

/// The offset of the colon where the line begins a field (RFC 5322 §2.2; a blank before the colon is obsolete but met).
fn field_name(line: &[u8]) -> Option<usize> {
    let colon = line.iter().take(200).position(|b| *b == b':')?;
    let name = line.get(..colon)?.trim_ascii_end();
    (!name.is_empty() && name.iter().all(|b| b.is_ascii_graphic())).then_some(colon)
}
