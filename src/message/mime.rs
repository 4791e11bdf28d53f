//! The parts of a letter: one pass over the lines, bounded in depth and number.
//!
//! mail-parser's own tree is not used. Measured with 0.11.9: 80 kB of nested `message/rfc822` inside a base64 part
//! overflow a 2 MiB stack, which aborts the process and cannot be caught, and multiparts whose boundary never comes
//! cost the square of their number (3.9 s for 800 kB). It also hides text among attachments where a boundary is broken.

use std::borrow::Cow;

use super::headers::{Headers, line_end};
use super::params::Value;
use super::transfer::Transfer;
use super::{Oddity, note};

/// Multiparts within multiparts.
const DEEPEST: usize = 20;
/// Parts of one letter.
const MOST_PARTS: usize = 200;
/// Characters of a boundary (RFC 2046 §5.1.1 allows 70).
const LONGEST_BOUNDARY: usize = 200;

/// One part with its header, in the order in which parts stand in the letter; the first is the letter itself.
pub(super) struct Part<'a> {
    pub(super) headers: Headers<'a>,
    /// Content-Type; `text/plain` where there is none.
    pub(super) kind: Value,
    /// Content-Disposition.
    pub(super) disposition: Value,
    pub(super) transfer: Transfer,
    /// Body as it stands. Empty for a multipart with children.
    pub(super) body: &'a [u8],
    /// Children, where this is a multipart that has some.
    pub(super) children: Vec<usize>,
    pub(super) parent: Option<usize>,
}

impl<'a> Part<'a> {
    fn new(headers: Headers<'a>, parent: Option<usize>, in_digest: bool) -> Self {
        let mut kind = headers.all("content-type").next().map(Value::parse).unwrap_or_default();
        if kind.word.is_empty() {
            // RFC 2046 §5.1.5: in a digest the default is a letter.
            kind.word = if in_digest { "message/rfc822" } else { "text/plain" }.to_owned();
        } else if !kind.word.contains('/') {
            // RFC 2045 §5.2: what is no media type is plain text.
            kind.word = "text/plain".to_owned();
        }
        let disposition = headers.all("content-disposition").next().map(Value::parse).unwrap_or_default();
        let transfer = Transfer::of(headers.text("content-transfer-encoding").as_deref());
        Self { headers, kind, disposition, transfer, body: &[], children: Vec::new(), parent }
    }

    pub(super) fn is_multipart(&self) -> bool {
        self.kind.word.starts_with("multipart/")
    }

    /// A letter within the letter.
    pub(super) fn is_letter(&self) -> bool {
        matches!(self.kind.word.as_str(), "message/rfc822" | "message/global")
    }

    /// The body without its transfer encoding; as it stands where it is not what the field says.
    pub(super) fn decoded(&self, oddities: &mut Vec<Oddity>) -> Cow<'a, [u8]> {
        self.transfer.decode(self.body).unwrap_or_else(|| {
            note(oddities, Oddity::BrokenMime);
            Cow::Borrowed(self.body)
        })
    }
}

/// The parts of `bytes`. There is always at least one.
pub(super) fn split<'a>(bytes: &'a [u8], oddities: &mut Vec<Oddity>) -> Vec<Part<'a>> {
    let parts = Splitter::new(bytes).run(None, oddities);
    let root = parts.first();
    if root.is_some_and(|r| r.is_multipart() && r.children.is_empty()) {
        note(oddities, Oddity::BrokenMime);
        if let Some(boundary) = root.and_then(|r| likely_boundary(r.body)) {
            return Splitter::new(bytes).run(Some(boundary), oddities);
        }
    }
    parts
}

/// Where the declared boundary never comes: the first line `--x` that a `Content-` field follows.
fn likely_boundary(body: &[u8]) -> Option<Vec<u8>> {
    let mut at = 0;
    while at < body.len() {
        let end = line_end(body, at);
        let line = body.get(at..end)?.trim_ascii_end();
        let next = body.get(end..line_end(body, end)).unwrap_or_default();
        if line.len() > 2 && line.starts_with(b"--") && next.get(..8).is_some_and(|n| n.eq_ignore_ascii_case(b"content-")) {
            return line.get(2..LONGEST_BOUNDARY.min(line.len())).map(<[u8]>::to_vec);
        }
        at = end;
    }
    None
}

/// A multipart whose end has not been seen yet.
struct Open {
    part: usize,
    boundary: Vec<u8>,
    /// Where its body begins: it is text after all, should no part follow.
    from: usize,
}

struct Splitter<'a> {
    bytes: &'a [u8],
    parts: Vec<Part<'a>>,
    stack: Vec<Open>,
    /// The part whose body is being read, and where it began.
    leaf: Option<(usize, usize)>,
}

impl<'a> Splitter<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, parts: Vec::new(), stack: Vec::new(), leaf: None }
    }

    fn run(mut self, root_boundary: Option<Vec<u8>>, oddities: &mut Vec<Oddity>) -> Vec<Part<'a>> {
        let mut at = self.open(0, None, root_boundary, oddities);
        while at < self.bytes.len() && !self.stack.is_empty() {
            let end = line_end(self.bytes, at);
            let line = self.bytes.get(at..end).unwrap_or_default();
            let Some((level, last)) = self.boundary(line) else {
                at = end;
                continue;
            };
            self.close_leaf(at);
            while self.stack.len() > level + 1 {
                note(oddities, Oddity::BrokenMime);
                self.close_multipart(at);
            }
            if last {
                self.close_multipart(at);
                at = end;
            } else if self.parts.len() >= MOST_PARTS {
                note(oddities, Oddity::Cut);
                self.stack.clear();
            } else {
                let parent = self.stack.last().map(|o| o.part);
                at = self.open(end, parent, None, oddities);
            }
        }
        let end = self.bytes.len();
        self.close_leaf(end);
        while !self.stack.is_empty() {
            note(oddities, Oddity::BrokenMime);
            self.close_multipart(end);
        }
        self.parts
    }

    /// Starts the part whose header begins at `at`; returns where its body begins.
    fn open(&mut self, at: usize, parent: Option<usize>, boundary: Option<Vec<u8>>, oddities: &mut Vec<Oddity>) -> usize {
        let (headers, length) = Headers::split(self.bytes.get(at..).unwrap_or_default());
        if headers.cut {
            note(oddities, Oddity::Cut);
        }
        let body = at + length;
        let index = self.parts.len();
        let in_digest = parent.and_then(|p| self.parts.get(p)).is_some_and(|p| p.kind.word == "multipart/digest");
        let part = Part::new(headers, parent, in_digest);
        let boundary = boundary.or_else(|| part.kind.bytes("boundary").map(|b| b.trim_ascii_end().to_vec()));
        let boundary = boundary.filter(|b| part.is_multipart() && !b.is_empty() && b.len() <= LONGEST_BOUNDARY);
        if let Some(siblings) = parent.and_then(|p| self.parts.get_mut(p)) {
            siblings.children.push(index);
        }
        self.parts.push(part);
        match boundary {
            Some(boundary) if self.stack.len() < DEEPEST => self.stack.push(Open { part: index, boundary, from: body }),
            Some(_) => {
                note(oddities, Oddity::Cut);
                self.leaf = Some((index, body));
            }
            None => self.leaf = Some((index, body)),
        }
        body
    }

    /// Which open multipart this line delimits, the innermost first, and whether it is its end.
    fn boundary(&self, line: &[u8]) -> Option<(usize, bool)> {
        let rest = line.strip_prefix(b"--")?;
        self.stack.iter().enumerate().rev().find_map(|(level, open)| {
            let tail = rest.strip_prefix(open.boundary.as_slice())?.trim_ascii_end();
            (tail.is_empty() || tail == b"--").then_some((level, !tail.is_empty()))
        })
    }

    fn close_leaf(&mut self, end: usize) {
        if let Some((part, from)) = self.leaf.take() {
            let body = self.bytes.get(from..end).unwrap_or_default();
            // The line end before a delimiter belongs to the delimiter (RFC 2046 §5.1.1).
            let body = if end < self.bytes.len() { without_line_end(body) } else { body };
            if let Some(part) = self.parts.get_mut(part) {
                part.body = body;
            }
        }
    }

    fn close_multipart(&mut self, end: usize) {
        let Some(open) = self.stack.pop() else { return };
        if let Some(part) = self.parts.get_mut(open.part).filter(|p| p.children.is_empty()) {
            part.body = self.bytes.get(open.from..end).unwrap_or_default();
        }
    }
}

fn without_line_end(body: &[u8]) -> &[u8] {
    let body = body.strip_suffix(b"\n").unwrap_or(body);
    body.strip_suffix(b"\r").unwrap_or(body)
}
